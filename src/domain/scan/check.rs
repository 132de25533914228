//! The visual check (Sichtprüfung): which pages must be looked at, how far that has come, and who may. Which pages, follows
//! from what is recorded and from nothing else, so that anybody can draw them again (`schema/formats/transfer-note.md`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{PageVerdict, PaperScan, ProtectionNeed, SCAN_TEXT_CHARS_MAX, ScanProduct};
use crate::base::digest::Sha256;
use crate::domain::actor::Actor;
use crate::domain::document::{Document, TextState};
use crate::domain::event::DocumentEvent;
use crate::domain::refusal::Refusal;

/// Of a scan of normal need at least so many pages of a hundred are looked at.
pub const SAMPLE_PER_CENT: u32 = 10;
/// And at least so many, or all.
pub const SAMPLE_PAGES_MIN: u32 = 3;
/// Most pages of a scan that can be looked at: those a document may have.
pub const SCAN_PAGES_MAX: u32 = 100_000;

/// How many of so many pages must be looked at.
#[must_use]
pub fn sample_size(need: ProtectionNeed, pages: u32) -> u32 {
    match need {
        ProtectionNeed::Normal => {
            let share = u64::from(pages) * u64::from(SAMPLE_PER_CENT);
            let share = u32::try_from(share.div_ceil(100)).unwrap_or(pages);
            share.max(SAMPLE_PAGES_MIN).min(pages)
        }
        ProtectionNeed::High | ProtectionNeed::VeryHigh => pages,
    }
}

/// The number that decides by chance: the pages with the smallest are looked at.
#[must_use]
pub fn page_lot(seed: &str, scan: &Sha256, page: u32) -> Sha256 {
    let (scan, page) = (scan.to_string(), page.to_string());
    Sha256::of(&[seed.as_bytes(), b"\n", scan.as_bytes(), b"\n", page.as_bytes()])
}

/// The pages that must be looked at, ascending.
#[must_use]
pub fn sample(need: ProtectionNeed, seed: &str, scan: &Sha256, pages: u32) -> BTreeSet<u32> {
    let pages = pages.min(SCAN_PAGES_MAX);
    let wanted = sample_size(need, pages) as usize;
    if wanted == pages as usize {
        return (1..=pages).collect();
    }
    let mut by_lot: Vec<_> = (1..=pages).map(|page| (page_lot(seed, scan, page), page)).collect();
    by_lot.sort_unstable();
    by_lot.into_iter().take(wanted).map(|(_, page)| page).collect()
}

/// How far the visual check of a scan has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckState {
    /// Nobody knows yet how many pages it has: it is still to be read.
    Unread,
    /// It cannot be looked at: it was not read, or not all its pages can be shown.
    Unreadable {
        /// Why, in words for users.
        why: String,
    },
    /// These pages must still be looked at.
    Open {
        /// Ascending.
        left: BTreeSet<u32>,
    },
    /// These pages must be scanned again, and why.
    Rescan {
        /// By page.
        pages: BTreeMap<u32, String>,
    },
    /// All pages that must be looked at were accepted.
    Passed,
}

impl Document {
    /// How many pages it has; none as long as nobody could count them.
    #[must_use]
    pub fn page_count(&self) -> Option<u32> {
        match &self.text {
            TextState::Read(text) => Some(text.pages_declared.unwrap_or(text.pages_read)),
            TextState::Unread | TextState::GivenUp { .. } => None,
        }
    }

    /// The pages that must be looked at; none if it is no scan that stands for paper, or its pages are not counted.
    #[must_use]
    pub fn pages_to_check(&self) -> Option<BTreeSet<u32>> {
        let scan = &self.scan.as_ref()?.scan;
        Some(sample(scan.need, &scan.seed, &self.original.sha256, self.page_count()?))
    }

    /// How far its visual check has come; none if it is no scan that stands for paper.
    #[must_use]
    pub fn check_state(&self) -> Option<CheckState> {
        let product = self.scan.as_ref()?;
        let text = match &self.text {
            TextState::Unread => return Some(CheckState::Unread),
            TextState::GivenUp { reason } => return Some(CheckState::Unreadable { why: reason.clone() }),
            TextState::Read(text) => text,
        };
        if !self.format.media.has_pictures() {
            let why = "es ist kein Scan: es hat keine Seiten, die sich als Bild zeigen lassen".to_owned();
            return Some(CheckState::Unreadable { why });
        }
        let pages = self.page_count().unwrap_or_default();
        if pages == 0 || pages != text.pages_read || pages > SCAN_PAGES_MAX {
            let why = match text.shortfalls.first() {
                Some(why) => why.clone(),
                None => format!("von {pages} Seiten wurden {} gelesen", text.pages_read),
            };
            return Some(CheckState::Unreadable { why });
        }
        let pages: BTreeMap<_, _> = rescans(product).collect();
        if !pages.is_empty() {
            return Some(CheckState::Rescan { pages });
        }
        let mut left = self.pages_to_check().unwrap_or_default();
        left.retain(|page| !product.looks.contains_key(page));
        Some(if left.is_empty() { CheckState::Passed } else { CheckState::Open { left } })
    }

    /// Somebody has something to do with it: look at it, scan it again, or write its transfer note.
    #[must_use]
    pub fn has_open_scan(&self) -> bool {
        self.withdrawn.is_none() && self.scan.as_ref().is_some_and(|product| product.note.is_none())
    }
}

/// The pages that must be scanned again, and why.
pub(super) fn rescans(product: &ScanProduct) -> impl Iterator<Item = (u32, String)> + '_ {
    product.looks.iter().filter_map(|(page, look)| match &look.verdict {
        PageVerdict::Rescan { reason } => Some((*page, reason.clone())),
        PageVerdict::Accepted => None,
    })
}

fn refused(document: &Document, why: impl Into<String>, way_out: &str) -> Refusal {
    Refusal::new(format!("Der Scan „{}“ wird nicht geprüft", document.file_name), why, way_out)
}

/// Says that a document came from paper and is to stand for it, or says it otherwise.
///
/// # Errors
/// A [`Refusal`] for a document out of use, a count of pages that is none, or a need that is too low for its secrecy.
pub fn state_scan(document: &Document, scan: PaperScan) -> Result<DocumentEvent, Refusal> {
    let refuse = |why: String, way_out: &str| {
        let what = format!("„{}“ wird nicht als ersetzender Scan geführt", document.file_name);
        Err(Refusal::new(what, why, way_out))
    };
    if document.withdrawn.is_some() {
        return refuse("es ist zurückgezogen".to_owned(), "nennen Sie das Dokument, das dafür gilt");
    }
    let least = ProtectionNeed::least(document.domain);
    if scan.need < least {
        let why = format!(
            "im Schutzbereich {} ist der Schutzbedarf mindestens {}",
            document.domain.label(),
            least.label()
        );
        return refuse(why, "nennen Sie einen höheren Schutzbedarf oder keinen");
    }
    if scan.pages_on_paper.is_some_and(|pages| pages == 0 || pages > SCAN_PAGES_MAX) {
        let why = format!("die Zahl der Papierseiten liegt nicht zwischen 1 und {SCAN_PAGES_MAX}");
        return refuse(why, "zählen Sie die beschriebenen Seiten, nicht die Blätter");
    }
    Ok(DocumentEvent::Scanned { scan: Box::new(scan) })
}

/// Notes what somebody saw on pages of a scan.
///
/// # Errors
/// A [`Refusal`] for a document that is no such scan or out of use, a page it does not have, a reason that is missing, or, where
/// the need is very high, for the person who scanned.
pub fn look_at_pages(
    document: &Document,
    by: &Actor,
    pages: Vec<(u32, PageVerdict)>,
    on: Date,
) -> Result<DocumentEvent, Refusal> {
    let refuse = |why: String, way_out: &str| Err(refused(document, why, way_out));
    let Some(product) = &document.scan else {
        let way_out = "`schriftgut scan state` sagt, dass es vom Papier kommt";
        return refuse("es ist nicht als ersetzender Scan geführt".to_owned(), way_out);
    };
    if document.withdrawn.is_some() {
        return refuse("er ist zurückgezogen".to_owned(), "prüfen Sie den Scan, der dafür gilt");
    }
    if product.scan.need == ProtectionNeed::VeryHigh && has_scanned(by, &product.scan) {
        let why =
            "bei sehr hohem Schutzbedarf prüft niemand, was er selbst gescannt hat (Vier-Augen-Prinzip)";
        return refuse(why.to_owned(), "lassen Sie eine andere Person prüfen");
    }
    let count = match document.check_state() {
        Some(CheckState::Unread) => {
            return refuse("er ist noch nicht gelesen".to_owned(), "`schriftgut work` liest ihn");
        }
        Some(CheckState::Unreadable { why }) => {
            return refuse(why, "scannen Sie neu: jede Seite muss sich zeigen lassen");
        }
        _ => document.page_count().unwrap_or_default(),
    };
    if pages.is_empty() {
        return refuse(
            "es ist keine Seite genannt".to_owned(),
            "nennen Sie Seiten mit --accept oder --rescan",
        );
    }
    let mut seen = BTreeSet::new();
    for (page, verdict) in &pages {
        if !(1..=count).contains(page) || !seen.insert(*page) {
            let why =
                format!("Seite {page} gibt es nicht, oder sie ist zweimal genannt; er hat {count} Seiten");
            return refuse(why, "nennen Sie jede Seite einmal");
        }
        if let PageVerdict::Rescan { reason } = verdict
            && !(1..=SCAN_TEXT_CHARS_MAX).contains(&reason.trim().chars().count())
        {
            let why = format!(
                "für Seite {page} fehlt der Grund, oder er ist länger als {SCAN_TEXT_CHARS_MAX} Zeichen"
            );
            return refuse(why, "sagen Sie, was an der Seite nicht stimmt");
        }
    }
    let version = u32::try_from(document.version()).unwrap_or(u32::MAX);
    Ok(DocumentEvent::PagesChecked { version, pages, by: by.id, on })
}

/// This person answers for the scan, or stood at the scanner.
fn has_scanned(person: &Actor, scan: &PaperScan) -> bool {
    let fold = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let operator = scan.operator.as_deref().map(fold);
    person.id == scan.by
        || operator.is_some_and(|name| name == fold(&person.name) || name == fold(&person.login))
}

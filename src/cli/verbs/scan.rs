//! `scan …`: scans that are to stand for their paper; and what becomes of it: `paper scanned`, `paper fate`.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use super::refile::document_id;
use crate::cli::args::{ScanVerb, ScannedArgs};
use crate::cli::batch::PageCounts;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::scan as json;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::german;
use crate::domain::retention::PaperFate;
use crate::domain::scan::check::SCAN_PAGES_MAX;
use crate::domain::scan::note::NoteOrder;
use crate::domain::scan::{PageVerdict, Procedure};
use crate::format::wording::{self, count};
use crate::format::{scan_procedure, transfer_note};
use crate::registry::{Answer, Error, NotedScan, OpenScan, PaperView, SCANS_AT_ONCE_MAX, ScanOrder};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &ScanVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    match verb {
        ScanVerb::State { documents, procedure, operator, captured, pages, need, irreplaceable } => {
            let ids = documents.iter().map(|id| document_id(id)).collect::<Answer<Vec<_>>>()?;
            let order = ScanOrder {
                procedure: procedure.as_deref().map(read_procedure).transpose()?,
                operator: operator.clone(),
                captured: *captured,
                pages: *pages,
                need: *need,
                irreplaceable: *irreplaceable,
            };
            let stated = desk.registry.state_scans(actor.as_clerk()?, &ids, &order)?;
            say_each(desk, &stated)?;
        }
        ScanVerb::Check { document, accept, rescan, reason } => {
            check(desk, document, (accept, rescan), reason.as_deref().unwrap_or_default())?;
        }
        ScanVerb::Note { document, anomalies, seal } => {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let order = NoteOrder { anomalies: text(anomalies), seal: text(seal) };
            let noted =
                desk.registry.write_transfer_note(actor.as_clerk()?, document_id(document)?, &order)?;
            desk.result(&json::noted(&noted), || note_lines(&noted).join("\n"))?;
        }
        ScanVerb::Show { document, out } => {
            let noted = desk.registry.transfer_note(actor.as_reader()?, document_id(document)?)?;
            if let Some(out) = out {
                write_xml(desk, &noted, out)?;
            }
            desk.result(&json::noted(&noted), || note_lines(&noted).join("\n"))?;
        }
        ScanVerb::List => {
            let scans = desk.registry.open_scans(actor.as_reader()?)?;
            desk.result(&json::open(&scans), || {
                if scans.is_empty() {
                    return "bei keinem Scan ist etwas zu tun".to_owned();
                }
                scans.iter().map(open_line).collect::<Vec<_>>().join("\n")
            })?;
        }
        ScanVerb::Replace { document, by, reason } => {
            let (old, new) = (document_id(document)?, document_id(by)?);
            let (old, new) = desk.registry.replace_scan(actor.as_clerk()?, old, new, reason)?;
            desk.result(&json::replaced(&old, &new), || {
                format!("{} gilt nicht mehr; an seiner Stelle gilt {}", old.file_name, new.file_name)
            })?;
        }
    }
    Ok(0)
}

/// The file that describes how it was scanned.
fn read_procedure(path: &Path) -> Answer<Procedure> {
    scan_procedure::read(&disk::read(path)?).map_err(|why| {
        let what = format!("Das Verfahren in {} ist nicht zu lesen", path.display());
        Error::mistake(what, why, "berichtigen Sie die Datei; es wurde noch nichts eingetragen")
    })
}

/// What `ingest` is told of scans; none if they are no scans that stand for paper.
pub(super) fn order(asked: &ScannedArgs, folder: &Path) -> Answer<Option<ScanOrder>> {
    let Some(path) = &asked.scanned else { return Ok(None) };
    Ok(Some(ScanOrder {
        procedure: Some(read_procedure(&folder.join(path))?),
        operator: asked.operator.clone(),
        captured: asked.captured,
        need: asked.need,
        ..ScanOrder::default()
    }))
}

/// Says of documents that were just taken in that they came from paper, of each with the pages that were counted. In parts, one
/// behind the other: of what nobody got to say it, the paper stays where it is.
pub(in crate::cli) fn state(
    desk: &mut Desk<'_>,
    documents: &[DocumentId],
    page_counts: &PageCounts,
    order: &ScanOrder,
) -> Answer<()> {
    if documents.is_empty() {
        return Ok(());
    }
    let mut by_pages: BTreeMap<Option<u32>, Vec<DocumentId>> = BTreeMap::new();
    for id in documents {
        by_pages.entry(page_counts.get(id).copied()).or_default().push(*id);
    }
    let actor = desk.actor.clone();
    for (pages, ids) in by_pages {
        let order = ScanOrder { pages, ..order.clone() };
        for part in ids.chunks(SCANS_AT_ONCE_MAX) {
            desk.registry.state_scans(actor.as_clerk()?, part, &order)?;
        }
    }
    let scans = count(documents.len() as u64, "Dokument ist", "Dokumente sind");
    desk.remark(format!("{scans} als ersetzender Scan eingetragen; zu prüfen mit `schriftgut scan list`"))
}

fn say_each(desk: &mut Desk<'_>, documents: &[Document]) -> Answer<()> {
    for document in documents {
        desk.result(&json::product(document), || line(document))?;
    }
    Ok(())
}

fn line(document: &Document) -> String {
    format!("{}  {}: {}", document.id, document.file_name, wording::scan(document).unwrap_or_default())
}

fn open_line(scan: &OpenScan) -> String {
    let file = scan.file.as_ref().map_or_else(|| "Posteingang".to_owned(), |file| format!("Akte {file}"));
    format!("{file}  {}", line(&scan.document))
}

fn check(
    desk: &mut Desk<'_>,
    document: &str,
    (accept, rescan): (&[String], &[String]),
    reason: &str,
) -> Answer<()> {
    let (actor, id) = (desk.actor.clone(), document_id(document)?);
    let mut pages = Vec::new();
    for page in parse_pages(accept)? {
        pages.push((page, PageVerdict::Accepted));
    }
    for page in parse_pages(rescan)? {
        pages.push((page, PageVerdict::Rescan { reason: reason.trim().to_owned() }));
    }
    let document = match pages.is_empty() {
        true => desk.registry.show_document(actor.as_reader()?, id)?.document,
        false => desk.registry.look_at_scan(actor.as_clerk()?, id, pages)?,
    };
    desk.result(&json::product(&document), || match document.scan {
        Some(_) => line(&document),
        None => format!("{}  {}: kein ersetzender Scan", document.id, document.file_name),
    })
}

/// `1-3` and `7` as pages.
fn parse_pages(named: &[String]) -> Answer<Vec<u32>> {
    let mut pages = Vec::new();
    for text in named {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let range = first.trim().parse::<u32>().ok().zip(last.trim().parse::<u32>().ok());
        let range = range.filter(|(first, last)| *first >= 1 && first <= last && *last <= SCAN_PAGES_MAX);
        let Some((first, last)) = range else {
            let why = format!("„{text}“ ist keine Seite und kein Bereich von Seiten");
            return Err(Error::mistake("Es wird nichts eingetragen", why, "nennen Sie Seiten so: 1-3,7"));
        };
        pages.extend(first..=last);
        if pages.len() > SCAN_PAGES_MAX as usize {
            let why = "es sind zu viele Seiten genannt";
            return Err(Error::mistake("Es wird nichts eingetragen", why, "nennen Sie jede einmal"));
        }
    }
    Ok(pages)
}

fn note_lines(noted: &NotedScan) -> Vec<String> {
    let file = noted.file.as_ref().map_or_else(|| "Posteingang".to_owned(), |file| format!("Akte {file}"));
    let mut lines = vec![format!("Transfervermerk zu {} ({file})", noted.document.file_name)];
    for (name, said) in transfer_note::in_words(&noted.note) {
        lines.push(format!("{name}:"));
        lines.extend(said.iter().map(|line| format!("  {line}")));
    }
    lines
}

fn write_xml(desk: &mut Desk<'_>, noted: &NotedScan, out: &Path) -> Answer<()> {
    let (id, file) = (noted.document.id.to_string(), noted.file.as_ref().map(ToString::to_string));
    let about = transfer_note::About {
        registry: desk.registry.name(),
        file: file.as_deref(),
        document: &id,
        file_name: &noted.document.file_name,
    };
    disk::write_new(out, transfer_note::xml(&noted.note, about))?;
    desk.remark(format!("Transfervermerk nach {} geschrieben", out.display()))
}

/// `paper scanned`
pub(super) fn paper_scanned(desk: &mut Desk<'_>, references: &[String]) -> Answer<()> {
    let actor = desk.actor.clone();
    for file in desk.registry.state_paper_scanned(actor.as_clerk()?, references)? {
        desk.result(&json::paper_scanned(&file), || {
            let on = file.paper_scanned.map(german).unwrap_or_default();
            format!("{}: am {on} ist das ganze Papier gescannt", file.reference)
        })?;
    }
    Ok(())
}

/// `paper fate`
pub(super) fn fate(desk: &mut Desk<'_>, reference: Option<&str>, may_go_only: bool, on: Date) -> Answer<()> {
    let actor = desk.actor.clone();
    if let Some(reference) = reference {
        let view = desk.registry.paper_fate(actor.as_reader()?, reference, on)?;
        return desk.result(&json::fate(&view), || fate_line(&view));
    }
    let (mut may_go, mut keep) = (0, 0);
    let registry = desk.registry;
    registry.paper_fates(actor.as_reader()?, on, &mut |view| {
        let goes = matches!(view.fate, PaperFate::MayGo { .. });
        *(if goes { &mut may_go } else { &mut keep }) += 1;
        if may_go_only && !goes {
            return Ok(());
        }
        desk.result(&json::fate(&view), || fate_line(&view))
    })?;
    desk.result(&json::fates(may_go, keep), || {
        let files = |number: u64| count(number, "Papierakte", "Papierakten");
        format!("{}: das Papier darf gehen; {}: es bleibt", files(may_go), files(keep))
    })
}

fn fate_line(view: &PaperView) -> String {
    let mut line = format!("{}: {}", view.file.reference, wording::paper(&view.fate));
    let stays: Vec<_> = view.stays.iter().map(|(name, kind)| format!("{name} ({})", kind.label())).collect();
    if !stays.is_empty() {
        line.push_str(&format!("; im Papier bleibt in jedem Fall: {}", stays.join(", ")));
    }
    line
}

//! The message, written as the schemas of xdomea 3.1.0 demand it.

use jiff::Timestamp;
use uuid::Uuid;

use super::{DOMAIN, EXTENSION, PATTERN, ROOT, VERSION};
use crate::domain::case_file::{ClassNumber, FactKind};
use crate::domain::file_plan::{FilePlan, FilePlanClass};
use crate::domain::retention::{Disposition, Period, Retention, Rule, Term};
use crate::format::xdomea::page::Page;

/// What stands on the envelope of a message.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// The id of what the message belongs to.
    pub process: Uuid,
    /// When it was made.
    pub at: Timestamp,
    /// Who sends it: the name of the registry.
    pub sender: &'a str,
    /// Version of this program.
    pub program: &'a str,
}

/// What becomes of the files of a class, as far as xdomea can say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// What is to happen.
    pub disposition: Disposition,
    /// Years that files are kept after closing; none: without an end.
    pub years: Option<u16>,
    /// The rule says just this. Otherwise it says more than xdomea can, or there is no rule; then files are said to be kept
    /// without an end and to be appraised, because less would let somebody destroy too early.
    pub is_exact: bool,
}

impl Fate {
    /// By the rule that governs a class, if one does.
    #[must_use]
    pub fn of(rule: Option<&Rule>) -> Self {
        let Some(rule) = rule else {
            return Self { disposition: Disposition::Appraise, years: None, is_exact: false };
        };
        let Retention::Terms(terms) = &rule.retention else {
            return Self { disposition: rule.disposition, years: None, is_exact: true };
        };
        let years: Option<Vec<u16>> = terms.iter().map(years_after_closing).collect();
        let years = years.and_then(|years| years.into_iter().max());
        Self { disposition: rule.disposition, years, is_exact: years.is_some() }
    }
}

/// A period of years that begins with closing and with nothing else.
fn years_after_closing(term: &Term) -> Option<u16> {
    let is_closing = |fact: &FactKind| fact.as_str() == FactKind::CLOSED;
    let plain = term.start.iter().all(is_closing) && term.not_before.is_none() && term.suspended.is_empty();
    match term.period {
        Period::Years(years) if plain => Some(years),
        _ => None,
    }
}

/// The message.
#[must_use]
pub fn write(plan: &FilePlan, envelope: Envelope<'_>, fate: &dyn Fn(&ClassNumber) -> Fate) -> String {
    let mut page = Page::begin(ROOT, VERSION, &[]);
    head(&mut page, envelope);
    page.open("Aktenplan");
    page.text("Bezeichnung", plan.title());
    page.text("Version", plan.edition().map_or("", |edition| edition.as_str()));
    let mut above: Vec<&FilePlanClass> = Vec::new();
    for class in plan.classes() {
        while let Some(last) = above.pop_if(|last| !class.number.is_within(&last.number)) {
            end_class(&mut page, last);
        }
        begin_class(&mut page, class, fate(&class.number));
        above.push(class);
    }
    while let Some(last) = above.pop() {
        end_class(&mut page, last);
    }
    page.close("Aktenplan");
    page.end(ROOT)
}

fn head(page: &mut Page, envelope: Envelope<'_>) {
    page.open("Kopf");
    page.text("ProzessID", &envelope.process.to_string());
    page.code("Nachrichtentyp", "nachrichtentyp", "2.0", "0301");
    page.text("Erstellungszeitpunkt", &envelope.at.to_string());
    page.open("Absender");
    page.open("Institution");
    page.text("Name", envelope.sender);
    page.close("Institution");
    page.close("Absender");
    // Whoever takes it: a plan is given to more than one.
    page.empty("Empfaenger");
    page.open("SendendesSystem");
    page.text("Produktname", "schriftgut");
    page.text("Version", envelope.program);
    page.close("SendendesSystem");
    page.text("Empfangsbestaetigung", "false");
    page.close("Kopf");
}

fn begin_class(page: &mut Page, class: &FilePlanClass, fate: Fate) {
    page.open("Einheit");
    page.text("Kennzeichen", class.number.as_str());
    page.text("Inhaltsangabe", &class.title);
    page.text("BetreffKurz", &class.title);
    page.open("Aussonderungsart");
    page.code("Aussonderungsart", "aussonderungsart", "1.0", fate.disposition.code());
    page.close("Aussonderungsart");
    page.text("Stillgelegt", if class.closed { "true" } else { "false" });
    page.open("Aufbewahrungsdauer");
    match fate.years {
        Some(years) => page.text("AnzahlJahre", &years.to_string()),
        // The schema knows no other way to say yes.
        None => page.text("Unbefristet", "1"),
    }
    page.close("Aufbewahrungsdauer");
}

/// The classes below stand before what the class says beside.
fn end_class(page: &mut Page, class: &FilePlanClass) {
    let domain = class.domain.map(|domain| (DOMAIN, domain.code()));
    let pattern = class.reference.as_ref().map(|pattern| (PATTERN, pattern.as_str()));
    let fields: Vec<_> = domain.into_iter().chain(pattern).collect();
    if !fields.is_empty() {
        page.open("AnwendungsspezifischeErweiterung");
        page.text("Kennung", EXTENSION);
        page.text("Name", "schriftgut");
        for (name, value) in fields {
            page.open("Feld");
            page.text("Name", name);
            page.text("Wert", value);
            page.close("Feld");
        }
        page.close("AnwendungsspezifischeErweiterung");
    }
    page.close("Einheit");
}

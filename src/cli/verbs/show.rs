//! `show`: a file with its documents, or a document with its completeness.

use jiff::civil::Date;

use crate::answers::{DocumentAnswer, FileAnswer};
use crate::cli::desk::Desk;
use crate::domain::case_file::Fact;
use crate::domain::document::{Document, PagesOf, StaysInside, TextState};
use crate::domain::ids::{CaseId, DocumentId};
use crate::domain::life_cycle::german;
use crate::domain::register::{RegisterNumber, by_register};
use crate::domain::retention::RuleBook;
use crate::domain::text::pages_read;
use crate::format::wording;
use crate::registry::{Answer, FileView};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, what: &str) -> Answer<u8> {
    let actor = desk.actor.clone();
    if let Ok(id) = what.parse::<DocumentId>()
        && let Ok(view) = desk.registry.show_document(actor.as_reader()?, id)
    {
        desk.result(&DocumentAnswer::from(&view.document), || {
            let file = view.file.as_ref().map_or_else(
                || "im Posteingang".to_owned(),
                |file| format!("in der Akte {}", file.reference),
            );
            let number = view.document.register.as_ref().map(RegisterNumber::as_str);
            let register = number.map(|number| {
                format!(", {}", wording::register(Some(number), view.register_title.as_deref()))
            });
            format!(
                "{} ({file}{}){}",
                document_line(&view.document),
                register.unwrap_or_default(),
                kind(&view.document)
            )
        })?;
        return Ok(0);
    }
    let view = desk.registry.show_file(actor.as_reader()?, what, desk.today())?;
    let (rules, today) = (desk.registry.rules()?, desk.today());
    desk.result(&FileAnswer::of(&view, today), || file_lines(&view, &rules.book, today).join("\n"))?;
    Ok(0)
}

fn file_lines(view: &FileView, book: &RuleBook, today: Date) -> Vec<String> {
    let file = &view.file;
    let mut lines = vec![
        format!("Akte {}  {}", file.reference, file.title),
        format!("Aktenplaneinheit {}  {}", file.class, view.class_title),
    ];
    lines.extend(view.type_label.iter().map(|label| format!("Aktenart {label}")));
    lines.push(format!("Schutzbereich {}, {}", file.domain.label(), wording::phase(&file.phase)));
    lines.extend(view.labelled.iter().map(|(name, value)| format!("  {name}: {value}")));
    let fact =
        |fact: &Fact| format!("  {} am {} ({})", book.fact_label(&fact.kind), german(fact.on), fact.source);
    lines.extend(file.facts.iter().map(fact));
    lines.extend(wording::restriction(file.restriction).map(|told| format!("  {told}")));
    lines.extend(file.holds.iter().map(|hold| {
        format!("  Vernichtungssperre {} seit {}: {}", hold.id, german(hold.since), hold.reason)
    }));
    lines.extend(file.notes.iter().map(|note| format!("  Vermerk vom {}: {}", german(note.on), note.text)));
    lines.extend(file.reminders.iter().map(|reminder| {
        format!("  Wiedervorlage {} am {}: {}", reminder.id, german(reminder.on), reminder.text)
    }));
    lines.extend(paper_lines(view, today));
    lines.extend(
        view.related
            .iter()
            .map(|(relation, other)| format!("  {}: {}  {}", relation.label(), other.reference, other.title)),
    );
    lines.push(format!("Ergebnis: {}", wording::outcome(&view.finding.outcome, book)));
    let of_case = |case: Option<CaseId>| {
        document_lines(view, view.documents.iter().filter(move |document| document.case == case))
    };
    for case in &file.cases {
        lines.push(format!("Vorgang „{}“ seit {}", case.title, german(case.opened)));
        lines.extend(of_case(Some(case.id)));
    }
    lines.extend(of_case(None));
    lines
}

/// Documents line by line; by their register, where the file has any.
fn document_lines<'a>(view: &'a FileView, documents: impl Iterator<Item = &'a Document>) -> Vec<String> {
    let line = |document: &Document| format!("  {}", document_line(document));
    if !view.has_registers() {
        return documents.map(line).collect();
    }
    let mut lines = Vec::new();
    for group in by_register(documents, &view.registers) {
        lines.push(format!("  {}", wording::register(group.number, group.title)));
        lines.extend(group.documents.into_iter().map(|document| format!("  {}", line(document))));
    }
    lines
}

/// Where the paper stands, who has it, and who had it.
fn paper_lines(view: &FileView, today: Date) -> Vec<String> {
    let place = view.file.carriers.paper.as_ref();
    let mut lines: Vec<_> =
        place.map(|place| format!("  Papierakte: {}", wording::place(place))).into_iter().collect();
    lines.extend(view.paper_fate.as_ref().map(|fate| format!("  {}", wording::paper(fate))));
    let loan = view.loan.as_ref();
    lines.extend(loan.map(|view| format!("  Papierakte {}", wording::loan(&view.loan, &view.to, today))));
    lines.extend(view.past_loans.iter().filter_map(|view| {
        let (since, returned) = (german(view.loan.since), german(view.returned?));
        Some(format!("  Papierakte war vom {since} bis {returned} ausgeliehen an {}", view.to))
    }));
    lines
}

fn document_line(document: &Document) -> String {
    let text = completeness(&document.text);
    let version = match document.version() {
        1 => String::new(),
        version => format!(" (Fassung {version})"),
    };
    let withdrawn = document
        .withdrawn
        .as_ref()
        .map(|(on, reason)| format!("; zurückgezogen am {}: {reason}", german(*on)));
    let (withdrawn, origin) = (withdrawn.unwrap_or_default(), origin(document));
    let scan = wording::scan(document).map(|told| format!("; {told}")).unwrap_or_default();
    let readings = wording::readings(document).map(|told| format!("; {told}")).unwrap_or_default();
    format!("{}  {}{version}  {text}{readings}{withdrawn}{origin}{scan}", document.id, document.file_name)
}

/// What it was made of, and what was made of it.
fn origin(document: &Document) -> String {
    let pages =
        |pages: &PagesOf| format!("{} von {}", wording::page_range(pages.first, pages.last), pages.document);
    let made_of: Vec<_> = document.made_of.iter().map(pages).collect();
    let became: Vec<_> = document.became.iter().map(ToString::to_string).collect();
    let outer: Vec<_> = document.contained_in.iter().map(|(outer, _)| outer.to_string()).collect();
    let contents: Vec<_> = document.contents.iter().map(ToString::to_string).collect();
    let inside: Vec<_> = document.stays_inside.iter().map(stays).collect();
    let said = [
        ("gemacht aus", made_of),
        ("daraus gemacht:", became),
        ("enthalten in", outer),
        ("daraus herausgelöst:", contents),
        ("nur darin:", inside),
    ];
    let said = said.iter().filter(|(_, what)| !what.is_empty());
    said.map(|(words, what)| format!("; {words} {}", what.join(", "))).collect()
}

/// What stayed in a document, and why.
pub(super) fn stays(inside: &StaysInside) -> String {
    match inside.path.as_str() {
        "" => inside.reason.clone(),
        path => format!("„{path}“ ({})", inside.reason),
    }
}

/// What it was found to be; nothing as long as nobody has looked.
fn kind(document: &Document) -> String {
    match document.text {
        TextState::Unread => String::new(),
        _ => format!("; {}", wording::kind(document.format)),
    }
}

/// What was read of a document, and what is missing.
pub(super) fn completeness(text: &TextState) -> String {
    match text {
        TextState::Unread => "noch ungelesen".to_owned(),
        TextState::GivenUp { reason } => format!("nicht lesbar: {reason}"),
        TextState::Read(text) => {
            let mut line = match text.pages_declared {
                Some(declared) => pages_read(text.pages_read, declared),
                None => format!("{} von ? Seiten gelesen", text.pages_read),
            };
            text.shortfalls_besides_the_count()
                .for_each(|shortfall| line.push_str(&format!("; {shortfall}")));
            line
        }
    }
}

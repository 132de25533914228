//! A file (Akte): what it is, what follows for it and why, its documents; and the forms its phase allows.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;

use super::OK;
use crate::domain::case_file::{CaseFile, FactKind, Note, Phase, Reminder};
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, PersonId};
use crate::domain::life_cycle::german;
use crate::domain::paper::{BARCODE_CHARS_MAX, BORROWER_CHARS_MAX, PLACE_CHARS_MAX};
use crate::domain::record_type::Register;
use crate::domain::register::RegisterGroup;
use crate::domain::relation::Relation;
use crate::format::wording;
use crate::registry::{Answer, FileView, HoldOrder, LoanView};
use crate::web::Office;
use crate::web::answer::{Outcome, download, page, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::{OrNotFound as _, Trouble};
use crate::web::words;

#[derive(Template)]
#[template(path = "web/file.html")]
struct FilePage {
    frame: Frame,
    id: String,
    reference: String,
    title: String,
    class: String,
    class_title: String,
    type_label: Option<String>,
    domain: &'static str,
    phase: String,
    /// Who reads it, if not everyone does any more.
    restriction: Option<String>,
    opened: String,
    fields: Vec<(String, String)>,
    paper: PaperView,
    outcome: String,
    edition: String,
    reasons: Vec<String>,
    facts: Vec<FactView>,
    holds: Vec<HoldView>,
    notes: Vec<NoteView>,
    reminders: Vec<ReminderView>,
    responsible: Option<String>,
    related: Vec<RelatedView>,
    document_count: usize,
    groups: Vec<GroupView>,
    forms: Forms,
}

/// Where the paper stands, in words and by its parts; who has it, and who had it.
#[derive(Default)]
struct PaperView {
    place: Option<String>,
    building: String,
    room: String,
    shelf: String,
    carton: String,
    barcode: String,
    loan: Option<String>,
    is_overdue: bool,
    past: Vec<String>,
    /// What becomes of it; none if nothing of it was scanned to stand for it.
    fate: Option<String>,
}

struct FactView {
    label: String,
    on: String,
    source: String,
}

struct HoldView {
    id: String,
    reason: String,
    since: String,
    review: Option<String>,
}

struct NoteView {
    by: String,
    on: String,
    text: String,
}

struct RelatedView {
    id: String,
    what: &'static str,
    reference: String,
    title: String,
}

struct ReminderView {
    id: String,
    whom: String,
    on: String,
    text: String,
}

/// Documents in one register of the file, or in none; without a head where the file is not parted.
struct GroupView {
    head: Option<String>,
    documents: Vec<DocumentLine>,
}

struct DocumentLine {
    id: String,
    name: String,
    received: String,
    size: String,
    completeness: Vec<String>,
    falls_short: bool,
}

/// Which forms stand on the page; the registry has the last word on each.
struct Forms {
    close: bool,
    reopen: bool,
    /// Notes and reminders.
    writes: bool,
    change: bool,
    /// Two documents at least could become one.
    merges: bool,
    lends: bool,
    returns: bool,
    facts: Vec<(String, String)>,
    /// The registers documents may be put into: number and words; none if there is nothing to sort.
    registers: Vec<(String, String)>,
    holds: bool,
    today: String,
    /// What another file may be to this one: code and words.
    relations: Vec<(&'static str, &'static str)>,
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let view = named(office, visitor, asked)?;
    let groups = groups(&view);
    let forms = forms(office, visitor, &view)?;
    let FileView {
        file,
        class_title,
        type_label,
        labelled,
        loan,
        past_loans,
        paper_fate,
        related,
        finding,
        ..
    } = view;
    let rules = office.registry.rules()?;
    let book = &rules.book;
    let facts = file.facts.iter().map(|fact| FactView {
        label: book.fact_label(&fact.kind).to_owned(),
        on: german(fact.on),
        source: fact.source.clone(),
    });
    let holds = file.holds.iter().map(|hold| HoldView {
        id: hold.id.to_string(),
        reason: hold.reason.clone(),
        since: german(hold.since),
        review: hold.review.map(german),
    });
    let name = |id: PersonId| office.registry.person_by_id(id).map(|person| person.name);
    let note =
        |note: &Note| Ok(NoteView { by: name(note.by)?, on: german(note.on), text: note.text.clone() });
    let reminder = |Reminder { id, whom, on, text }: &Reminder| {
        Ok(ReminderView { id: id.to_string(), whom: name(*whom)?, on: german(*on), text: text.clone() })
    };
    page(
        OK,
        &FilePage {
            frame: Frame::of(office, visitor, "").noting(asked),
            id: file.id.to_string(),
            reference: file.reference.to_string(),
            title: file.title.clone(),
            class: file.class.to_string(),
            class_title,
            type_label,
            domain: file.domain.label(),
            phase: words::phase(&file.phase),
            restriction: wording::restriction(file.restriction),
            opened: german(file.opened),
            fields: labelled,
            paper: PaperView {
                fate: paper_fate.as_ref().map(wording::paper),
                ..paper_view(&file, loan.as_ref(), &past_loans, office.registry.today())
            },
            outcome: wording::outcome(&finding.outcome, book),
            edition: finding.edition.to_string(),
            reasons: finding.reasons.iter().map(|reason| wording::reason(reason, book)).collect(),
            facts: facts.collect(),
            holds: holds.collect(),
            notes: file.notes.iter().map(note).collect::<Answer<_>>()?,
            reminders: file.reminders.iter().map(reminder).collect::<Answer<_>>()?,
            responsible: file.responsible.map(name).transpose()?,
            related: related.iter().map(|(relation, other)| related_view(*relation, other)).collect(),
            document_count: groups.iter().map(|group| group.documents.len()).sum(),
            groups,
            forms,
        },
    )
}

/// The file that the address names, by id or by reference number in any spelling, if this person may read it.
pub(super) fn named(office: &Office, visitor: &Visitor, asked: &Asked) -> Result<FileView, Trouble> {
    let (reader, today) = (visitor.reader()?, office.registry.today());
    let name: String = asked.param("akte")?;
    match name.parse() {
        Ok(id) => office.registry.show_file_by_id(reader, id, today).or_not_found(),
        Err(_) => office.registry.show_file(reader, &name, today).or_not_found(),
    }
}

fn paper_view(file: &CaseFile, loan: Option<&LoanView>, past: &[LoanView], today: Date) -> PaperView {
    let past = past.iter().filter_map(|view| {
        let (since, returned) = (german(view.loan.since), german(view.returned?));
        Some(format!("vom {since} bis {returned}: {}", view.to))
    });
    let view = PaperView {
        loan: loan.map(|view| wording::loan(&view.loan, &view.to, today)),
        is_overdue: loan.is_some_and(|view| view.loan.is_overdue(today)),
        past: past.collect(),
        ..PaperView::default()
    };
    let Some(place) = &file.carriers.paper else { return view };
    PaperView {
        place: Some(wording::place(place)),
        building: place.building.clone().unwrap_or_default(),
        room: place.room.clone().unwrap_or_default(),
        shelf: place.shelf.clone(),
        carton: place.r#box.clone(),
        barcode: place.barcode.as_ref().map(ToString::to_string).unwrap_or_default(),
        ..view
    }
}

fn related_view(relation: Relation, other: &CaseFile) -> RelatedView {
    RelatedView {
        id: other.id.to_string(),
        what: relation.label(),
        reference: other.reference.to_string(),
        title: other.title.clone(),
    }
}

fn groups(view: &FileView) -> Vec<GroupView> {
    let has_registers = view.has_registers();
    let group = |group: RegisterGroup<'_>| GroupView {
        head: has_registers.then(|| wording::register(group.number, group.title)),
        documents: group.documents.into_iter().map(document_line).collect(),
    };
    view.by_register().into_iter().map(group).collect()
}

fn document_line(document: &Document) -> DocumentLine {
    DocumentLine {
        id: document.id.to_string(),
        name: document.file_name.clone(),
        received: german(document.received),
        size: words::size(document.original.size_bytes),
        completeness: words::completeness(document),
        falls_short: words::falls_short(document),
    }
}

fn forms(office: &Office, visitor: &Visitor, view: &FileView) -> Answer<Forms> {
    let (file, rules, today) = (&view.file, office.registry.rules()?, office.registry.today());
    let alive = !file.phase.is_gone();
    let writes = alive && visitor.clerk().is_ok();
    let change = writes && matches!(file.phase, Phase::Open | Phase::Closed { .. });
    let known = rules.book.pack().facts.iter().filter(|(kind, _)| kind.as_str() != FactKind::CLOSED);
    let facts = known.map(|(kind, label)| (kind.to_string(), label.clone()));
    let sorts = change && !view.documents.is_empty();
    let register = |register: &Register| {
        let words = wording::register(Some(&register.number), Some(&register.title));
        (register.number.clone(), words)
    };
    Ok(Forms {
        close: writes && file.phase == Phase::Open,
        reopen: writes && matches!(file.phase, Phase::Closed { .. }),
        writes,
        change,
        merges: change && super::merge::mergeable(view).nth(1).is_some(),
        lends: change && file.carriers.paper.is_some() && file.loan.is_none(),
        returns: writes && file.loan.is_some(),
        facts: if writes { facts.collect() } else { Vec::new() },
        registers: view.registers.iter().filter(|_| sorts).map(register).collect(),
        holds: alive && visitor.records_manager().is_ok(),
        today: today.to_string(),
        relations: Relation::ALL.map(|relation| (relation.code(), relation.label())).to_vec(),
    })
}

/// Puts the documents that were ticked into a register, or into none.
pub fn sort(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let view = named(office, visitor, asked)?;
    let documents: Vec<DocumentId> = asked.ticked("dokument")?;
    if documents.is_empty() {
        return Err(mistake(
            "Es wurde nichts eingeordnet",
            "kein Dokument ist angekreuzt",
            "gehen Sie zurück und kreuzen Sie die Dokumente an, die zusammen in ein Register gehören",
        ));
    }
    if !documents.iter().all(|id| view.file.documents.contains(id)) {
        return Err(Trouble::NotFound);
    }
    let register = Some(asked.field("register")?).filter(|number| !number.is_empty());
    office.registry.sort(clerk, &documents, register, asked.field("grund")?)?;
    Ok(back_to(&view.file, "eingeordnet"))
}

/// Its cover sheet, to be printed and laid on paper that belongs in it.
pub fn cover_sheet(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    let (pdf, reference) = office.registry.cover_sheet_of(clerk, file.id)?;
    Ok(download(&format!("Deckblatt {reference}.pdf"), "application/pdf", pdf))
}

/// Closes it (z.d.A.).
pub fn close(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    let on = asked.day("am", office.registry.today())?;
    office.registry.close(clerk, file.reference.as_str(), on)?;
    Ok(back_to(&file, "geschlossen"))
}

/// Opens it again.
pub fn reopen(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    let on = asked.day("am", office.registry.today())?;
    office.registry.reopen(clerk, file.reference.as_str(), on)?;
    Ok(back_to(&file, "geoeffnet"))
}

/// Records a fact.
pub fn record_fact(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    let kind = asked.filled("tatsache", "Tatsache")?;
    let source = asked.filled("quelle", "Woher bekannt")?.to_owned();
    let on = asked.day("am", office.registry.today())?;
    office.registry.record_fact(clerk, file.reference.as_str(), kind, on, source)?;
    Ok(back_to(&file, "tatsache"))
}

/// Places a hold.
pub fn place_hold(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let manager = visitor.records_manager()?;
    let file = named(office, visitor, asked)?.file;
    let reason = asked.filled("grund", "Grund")?.to_owned();
    let since = asked.day("seit", office.registry.today())?;
    let review = asked.day_if_any("pruefen")?;
    let order = HoldOrder { review, ..HoldOrder::of(file.reference.as_str(), reason, since) };
    office.registry.place_hold(manager, &order, true)?;
    Ok(back_to(&file, "gesperrt"))
}

/// Releases a hold from this file; others it holds stay held.
pub fn release_hold(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let manager = visitor.records_manager()?;
    let file = named(office, visitor, asked)?.file;
    let id = asked.param("sperre")?;
    office.registry.release_hold(manager, id, &[file.reference.to_string()])?;
    Ok(back_to(&file, "entsperrt"))
}

pub(super) fn back_to(file: &CaseFile, done: &str) -> Response {
    see_other(&format!("/akte/{}?getan={done}", file.id))
}

//! One disposal list with its sides: still to be appraised, archive copies, cleared for destruction, spared;
//! and its way from draft to certificate, each step with a form of its own.

use askama::Template;
use axum::response::Response;

use super::{OK, Paging};
use crate::domain::actor::Role;
use crate::domain::appraisal::thinning::Thinned;
use crate::domain::disposal::{Cause, Decision, LineState, SignedAs, Stage};
use crate::domain::ids::{CaseFileId, DisposalListId};
use crate::domain::life_cycle::german;
use crate::domain::retention::RuleBook;
use crate::format::wording;
use crate::registry::{Answer, LeaveOut, ListView, ListedLine, RulesInForce, Signer};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::{self, Visitor};
use crate::web::trouble::{OrNotFound as _, Trouble};

/// Lines on one page.
const LINES_PER_PAGE: usize = 100;
/// Characters of a list's id that are typed back before it is executed.
const CONFIRM_CHARS: usize = 8;

#[derive(Template)]
#[template(path = "web/list.html")]
struct ListPage {
    frame: Frame,
    id: String,
    short: String,
    created: String,
    edition: String,
    stage: String,
    digest: String,
    counts: [(&'static str, usize); 4],
    sides: Vec<Side>,
    paging: Paging,
    signatures: Vec<String>,
    grace_days: u16,
    steps: Steps,
}

/// One side of the list, as far as this page shows it.
struct Side {
    title: &'static str,
    lines: Vec<LineView>,
}

struct LineView {
    id: String,
    /// Reference number and title, if this person may read the file and it still exists.
    file: Option<(String, String)>,
    rule: String,
    rule_title: String,
    /// On which ground it goes before its time.
    early: Option<&'static str>,
    since: String,
    proposal: &'static str,
    criteria: Vec<String>,
    documents: usize,
    /// Since when its paper is lent, if it is.
    lent: Option<String>,
    /// A hold stands on the file.
    held: bool,
    state: String,
    appraises: bool,
    /// The registers a document of the file may lie in, if the archive decides: number and words.
    registers: Vec<(String, String)>,
    /// What the rules propose to leave out.
    thinning: Option<String>,
}

/// The forms that stand on the page; the registry has the last word on each.
#[derive(Default)]
struct Steps {
    offer: bool,
    follow: bool,
    /// Archive-worthy lines whose copy is still to be made.
    to_transfer: usize,
    propose: bool,
    /// Why it cannot be proposed yet.
    not_yet: Option<String>,
    approve: bool,
    execute: bool,
    withdraw: bool,
    certificate: bool,
}

/// The sides of a list, undecided first.
fn side_titles(stage: &Stage) -> [&'static str; 4] {
    let gone = if matches!(stage, Stage::Executed { .. }) { "Vernichtet" } else { "Zur Vernichtung" };
    ["Noch nicht bewertet", "Archivexemplare", gone, "Verschont"]
}

fn side_of(state: &LineState) -> usize {
    match state {
        LineState::Undecided => 0,
        LineState::Decided(Decision::Archive) | LineState::Transferred(_) => 1,
        LineState::Decided(Decision::Destroy) => 2,
        LineState::Obstructed(_) => 3,
    }
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let auditor = visitor.auditor()?;
    let id: DisposalListId = asked.param("liste")?;
    let view = office.registry.show_list(auditor, id).or_not_found()?;
    let rules = office.registry.rules()?;
    let list = &view.list;
    let paging = Paging::of(asked.number("seite")?, list.lines.len(), LINES_PER_PAGE)?;
    let mut counts = side_titles(&list.stage).map(|title| (title, 0));
    list.lines.values().for_each(|(_, state)| counts[side_of(state)].1 += 1);
    let steps = steps(office, visitor, &view)?;
    let signatures: Result<Vec<_>, Trouble> = list
        .signatures()
        .into_iter()
        .map(|(signed_as, signature)| {
            let name = office.registry.person_by_id(signature.by)?.name;
            Ok(match signed_as {
                SignedAs::Proposer => format!("vorgeschlagen von {name}"),
                SignedAs::Approver(role) => format!("freigegeben von {name} ({})", role.label()),
            })
        })
        .collect();
    let id = id.to_string();
    page(
        OK,
        &ListPage {
            frame: Frame::of(office, visitor, "listen").noting(asked),
            short: id[..CONFIRM_CHARS].to_owned(),
            id,
            created: german(list.created),
            edition: list.edition.clone(),
            stage: list.stage_in_words(),
            digest: list.digest().to_string(),
            counts,
            sides: sides(&view, &paging, &rules, visitor),
            paging,
            signatures: signatures?,
            grace_days: rules.grace_days,
            steps,
        },
    )
}

/// The lines of one page, undecided first, side by side.
fn sides(view: &ListView, paging: &Paging, rules: &RulesInForce, visitor: &Visitor) -> Vec<Side> {
    let appraises = visitor.archivist().is_ok() && matches!(view.list.stage, Stage::Offered { .. });
    let mut lines = view.by_reference();
    lines.sort_by_key(|listed| side_of(listed.state));
    let on_page = lines.into_iter().skip((paging.page - 1) * LINES_PER_PAGE).take(LINES_PER_PAGE);
    let mut sides: Vec<_> =
        side_titles(&view.list.stage).map(|title| Side { title, lines: Vec::new() }).into();
    for listed in on_page {
        let ListedLine { line, state, file } = listed;
        let thinned = view.list.thinned.get(&line.file);
        let mut shown = line_view(listed, thinned, &rules.book);
        if let Some((said, named)) = view.catalogue_of(line) {
            let source = wording::by_catalogue(&named.archive, named.on, &named.by);
            let is_settled = view.list.settled.contains(&line.file);
            shown.state.push_str("; ");
            shown.state.push_str(&wording::line_by_catalogue(said, is_settled, &source));
        }
        if let Some(file) = file.filter(|_| appraises && !matches!(state, LineState::Transferred(_))) {
            shown.appraises = true;
            let registers = rules.registers(file.record_type.as_ref());
            shown.registers = registers
                .iter()
                .map(|one| (one.number.clone(), wording::register(Some(&one.number), Some(&one.title))))
                .collect();
            shown.thinning =
                rules.book.thinning_for(file).map(|rule| format!("{} ({})", rule.title, rule.reason));
        }
        sides[side_of(state)].lines.push(shown);
    }
    sides.retain(|side| !side.lines.is_empty());
    sides
}

fn line_view(listed: ListedLine<'_>, thinned: Option<&Thinned>, book: &RuleBook) -> LineView {
    let ListedLine { line, state, file } = listed;
    let thinned = thinned.map(|thinned| format!("; {}", wording::thinned(thinned.left_out(), thinned.of)));
    let title_of = |id: &str| book.title_of(id).map(str::to_owned);
    LineView {
        id: line.file.to_string(),
        file: file.map(|file| (file.reference.to_string(), file.title.clone())),
        rule: line.cause.to_string(),
        rule_title: title_of(&line.cause.to_string()).unwrap_or_default(),
        early: match line.cause {
            Cause::Early(ground) => Some(ground.label()),
            Cause::Rule(_) => None,
        },
        since: german(line.since),
        proposal: line.proposal.map_or("offen: das Archiv sieht hinein", Decision::label),
        criteria: line.criteria.iter().map(|id| title_of(id).unwrap_or_else(|| id.clone())).collect(),
        documents: line.documents.len(),
        held: file.is_some_and(|file| !file.holds.is_empty()),
        lent: file.and_then(|file| file.loan.as_ref()).map(|loan| german(loan.since)),
        state: state_in_words(state) + &thinned.unwrap_or_default(),
        appraises: false,
        registers: Vec::new(),
        thinning: None,
    }
}

fn state_in_words(state: &LineState) -> String {
    match state {
        LineState::Undecided => "noch nicht bewertet".to_owned(),
        LineState::Decided(decision) => format!("entschieden: {}", decision.label()),
        LineState::Transferred(copy) => format!("Archivexemplar {copy} übernommen"),
        LineState::Obstructed(obstacle) => format!("verschont: {obstacle}"),
    }
}

fn steps(office: &Office, visitor: &Visitor, view: &ListView) -> Answer<Steps> {
    let list = &view.list;
    let (manages, archives) = (visitor.records_manager().is_ok(), visitor.archivist().is_ok());
    let mut steps = Steps { withdraw: manages && list.is_running(), ..Steps::default() };
    match &list.stage {
        Stage::Draft => {
            steps.offer = manages;
            // What the archive's catalogue has decided needs no offer.
            steps.to_transfer = if archives { list.to_archive().count() } else { 0 };
            steps.propose = manages && list.require_proposable().is_ok();
        }
        Stage::Offered { .. } => {
            steps.follow = archives && list.undecided().any(|line| line.proposal.is_some());
            steps.to_transfer = if archives { list.to_archive().count() } else { 0 };
            match list.require_proposable() {
                Ok(()) => steps.propose = manages,
                Err(refusal) => steps.not_yet = manages.then_some(refusal.why),
            }
        }
        Stage::Proposed { .. } => {
            let signed = list.signatures().iter().any(|(_, signature)| signature.by == visitor.actor().id);
            steps.approve = visitor.approver().is_ok() && !signed;
            let has_archive = list
                .signatures()
                .iter()
                .any(|(signed_as, _)| *signed_as == SignedAs::Approver(Role::Archivist));
            steps.execute = manages && has_archive;
        }
        Stage::Executed { .. } => {
            steps.certificate = super::certificate::is_there(office, list.id)?;
        }
        Stage::Withdrawn { .. } => {}
    }
    Ok(steps)
}

/// Offers it to the archive.
pub fn offer(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let manager = visitor.records_manager()?;
    let id = existing(office, visitor, asked)?;
    office.registry.offer_list(manager, id, office.registry.today())?;
    Ok(back_to(id, "angeboten"))
}

/// Decides one line.
pub fn appraise(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let archivist = visitor.archivist()?;
    let id = existing(office, visitor, asked)?;
    let file: CaseFileId = asked.field("akte")?.parse().map_err(|_| Trouble::NotFound)?;
    let decision = match asked.field("entscheidung")? {
        "A" => Decision::Archive,
        "V" => Decision::Destroy,
        _ => {
            return Err(mistake(
                "Die Entscheidung wurde nicht eingetragen",
                "weder „archivwürdig“ noch „vernichten“ ist gewählt",
                "gehen Sie zurück und wählen Sie eines von beiden",
            ));
        }
    };
    let reason = asked.filled("grund", "Begründung")?;
    let leave_out = LeaveOut {
        registers: asked.ticked("auslassen")?,
        documents: Vec::new(),
        by_rule: asked.field("ausduennen")? == "regelwerk",
    };
    if leave_out.is_silent() {
        office.registry.appraise(archivist, id, file, decision, reason)?;
    } else if decision == Decision::Archive {
        office.registry.appraise_thinned(archivist, id, file, &leave_out, reason)?;
    } else {
        return Err(mistake(
            "Die Entscheidung wurde nicht eingetragen",
            "„vernichten“ ist gewählt, und zugleich, was beim Übernehmen ausgelassen wird",
            "gehen Sie zurück und wählen Sie „archivwürdig“, oder lassen Sie das Ausdünnen weg",
        ));
    }
    Ok(back_to(id, "bewertet"))
}

/// Follows the proposals.
pub fn follow_proposals(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let archivist = visitor.archivist()?;
    let id = existing(office, visitor, asked)?;
    office.registry.follow_proposals(archivist, id)?;
    Ok(back_to(id, "uebernommen"))
}

/// Proposes it for destruction, signed.
pub fn propose(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    visitor.records_manager()?;
    let id = existing(office, visitor, asked)?;
    let signer = signer(office, visitor, asked)?;
    office.registry.propose_list(&signer, id, office.registry.today())?;
    Ok(back_to(id, "vorgeschlagen"))
}

/// Approves the proposal, signed.
pub fn approve(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    visitor.approver()?;
    let id = existing(office, visitor, asked)?;
    let signer = signer(office, visitor, asked)?;
    office.registry.approve_list(&signer, id, office.registry.today())?;
    Ok(back_to(id, "freigegeben"))
}

/// Takes it back.
pub fn withdraw(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let manager = visitor.records_manager()?;
    let id = existing(office, visitor, asked)?;
    office.registry.withdraw_list(manager, id, office.registry.today())?;
    Ok(back_to(id, "zurueckgezogen"))
}

/// Carries it out, once the beginning of its id was typed back.
pub fn execute(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let manager = visitor.records_manager()?;
    let id = existing(office, visitor, asked)?;
    let wanted = &id.to_string()[..CONFIRM_CHARS];
    if !asked.field("bestaetigung")?.eq_ignore_ascii_case(wanted) {
        return Err(mistake(
            "Es wurde nichts vernichtet",
            "die Bestätigung stimmt nicht mit der Kennung der Liste überein",
            "gehen Sie zurück und geben Sie die ersten acht Zeichen der Kennung ein",
        ));
    }
    office.registry.execute_list(manager, id, office.registry.today())?;
    Ok(back_to(id, "ausgefuehrt"))
}

/// The list the address names.
fn existing(office: &Office, visitor: &Visitor, asked: &Asked) -> Result<DisposalListId, Trouble> {
    let id = asked.param("liste")?;
    office.registry.show_list(visitor.auditor()?, id).or_not_found()?;
    Ok(id)
}

/// Unlocks the signing key of whoever is signed in, for this one act.
fn signer(office: &Office, visitor: &Visitor, asked: &Asked) -> Result<Signer, Trouble> {
    gate::prove(office, asked, &visitor.actor().login, asked.secret("kennwort"))
}

fn back_to(id: DisposalListId, done: &str) -> Response {
    see_other(&format!("/listen/{id}?getan={done}"))
}

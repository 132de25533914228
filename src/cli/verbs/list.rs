//! `list …`: the disposal list from what is due to what is destroyed.

use std::path::Path;

use super::{message, sample};
use crate::cli::args::{ListVerb, ThinningArgs};
use crate::cli::desk::{Desk, list_id};
use crate::cli::disk;
use crate::cli::json::list as json;
use crate::domain::disposal::{Cause, Decision, DisposalList, LineState};
use crate::domain::ids::DisposalListId;
use crate::domain::life_cycle::german;
use crate::domain::retention::RuleBook;
use crate::format::wording::{self, count};
use crate::registry::{Answer, Error, Executed, LeaveOut, ListView, ListedLine};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &ListVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    let registry = desk.registry;
    let today = desk.today();
    match verb {
        ListVerb::Create { class, on } => {
            let manager = actor.as_records_manager()?;
            let id = registry.create_list(manager, class.as_ref(), on.unwrap_or(today))?;
            say_list(desk, &registry.show_list(actor.as_auditor()?, id)?)?;
        }
        ListVerb::Early { references, ground, reason } => {
            let manager = actor.as_records_manager()?;
            let id = registry.create_early_list(manager, references, *ground, reason)?;
            say_list(desk, &registry.show_list(actor.as_auditor()?, id)?)?;
        }
        ListVerb::Show { list: Some(list) } => {
            say_list(desk, &registry.show_list(actor.as_auditor()?, list_id(list)?)?)?;
        }
        ListVerb::Show { list: None } => {
            let lists = registry.lists(actor.as_auditor()?)?;
            desk.result(&json::lists(&lists), || lists.iter().map(overview).collect::<Vec<_>>().join("\n"))?;
        }
        ListVerb::Offer { list } => {
            let (manager, id) = (actor.as_records_manager()?, list_id(list)?);
            registry.offer_list(manager, id, today)?;
            desk.result(&json::step(id, "offered", today), || "dem Archiv angeboten")?;
        }
        ListVerb::Export { list, message } => message::offer(desk, list_id(list)?, message)?,
        ListVerb::Import { list, file, receipt } => {
            message::take(desk, list_id(list)?, (file, &message::OF_A_LIST), receipt.as_deref())?;
        }
        ListVerb::Appraise { list, follow_proposals: true, .. } => {
            let (archivist, id) = (actor.as_archivist()?, list_id(list)?);
            let decided = registry.follow_proposals(archivist, id)?;
            let words = || format!("{} nach Vorschlag entschieden", count(decided, "Zeile", "Zeilen"));
            desk.result(&json::followed(id, decided), words)?;
        }
        ListVerb::Appraise { list, file, decision, reason, thinning, .. } => {
            let (file, decision) = appraisal(file.as_deref(), decision.as_deref())?;
            let leave_out = leave_out(thinning, decision)?;
            appraise(desk, list_id(list)?, (file, decision), &leave_out, reason)?;
        }
        ListVerb::Sample(asked) => sample::draw(desk, &actor, asked)?,
        ListVerb::Samples { list, out } => sample::show(desk, &actor, list_id(list)?, out.as_deref())?,
        ListVerb::Certificate { list, out } => certificate(desk, list_id(list)?, out)?,
        ListVerb::Propose { list } => {
            let (signer, id) = (desk.signer()?, list_id(list)?);
            registry.propose_list(signer, id, today)?;
            let words = || "zur Vernichtung vorgeschlagen und unterschrieben";
            desk.result(&json::step(id, "proposed", today), words)?;
        }
        ListVerb::Approve { list } => {
            let (signer, id) = (desk.signer()?, list_id(list)?);
            registry.approve_list(signer, id, today)?;
            desk.result(&json::step(id, "approved", today), || "freigegeben und unterschrieben")?;
        }
        ListVerb::Withdraw { list } => {
            let (manager, id) = (actor.as_records_manager()?, list_id(list)?);
            registry.withdraw_list(manager, id, today)?;
            desk.result(&json::step(id, "withdrawn", today), || "zurückgezogen")?;
        }
        ListVerb::Execute { list, confirm } => {
            require_typed(list, confirm)?;
            let done = registry.execute_list(actor.as_records_manager()?, list_id(list)?, today)?;
            desk.result(&json::executed(&done), || executed(&done).join("\n"))?;
        }
    }
    Ok(0)
}

fn overview(list: &DisposalList) -> String {
    let (created, lines) = (german(list.created), list.lines.len());
    format!("{}  {created}  {lines} Zeilen, {}", list.id, list.stage_in_words())
}

/// Clap has seen to it that both are there.
fn appraisal<'a>(file: Option<&'a str>, decision: Option<&str>) -> Answer<(&'a str, Decision)> {
    match (file, decision.and_then(Decision::of_letter)) {
        (Some(file), Some(decision)) => Ok((file, decision)),
        _ => Err(Error::mistake(
            "Die Zeile ist nicht benannt",
            "es fehlt --file oder --decision",
            "nennen Sie beides",
        )),
    }
}

/// What is named to be left out, which is possible of a file alone that is kept.
fn leave_out(thinning: &ThinningArgs, decision: Decision) -> Answer<LeaveOut> {
    let document = |id: &String| id.parse().map_err(|_| Error::unknown("Dokument", id));
    let leave_out = LeaveOut {
        registers: thinning.leave_out_register.clone(),
        documents: thinning.leave_out.iter().map(document).collect::<Answer<_>>()?,
        by_rule: thinning.thin,
    };
    if decision == Decision::Destroy && !leave_out.is_silent() {
        return Err(Error::mistake(
            "Es ist nicht klar, was mit der Akte werden soll",
            "ausgedünnt wird nur, was archivwürdig ist",
            "entscheiden Sie mit --decision A, oder lassen Sie --thin, --leave-out und --leave-out-register weg",
        ));
    }
    Ok(leave_out)
}

/// Decides one line; what is left out is named, each document by itself.
fn appraise(
    desk: &mut Desk<'_>,
    list: DisposalListId,
    (file, decision): (&str, Decision),
    leave_out: &LeaveOut,
    reason: &str,
) -> Answer<()> {
    let (actor, registry) = (desk.actor.clone(), desk.registry);
    let archivist = actor.as_archivist()?;
    let file = registry.show_file(actor.as_reader()?, file, desk.today())?.file;
    let said = format!("Akte {}: {}", file.reference, decision.label());
    if leave_out.is_silent() {
        registry.appraise(archivist, list, file.id, decision, reason)?;
        return desk.result(&json::appraised(list, file.reference.as_str(), decision), || said);
    }
    let done = registry.appraise_thinned(archivist, list, file.id, leave_out, reason)?;
    desk.result(&json::thinned(list, file.reference.as_str(), &done), || {
        let rule = done.rule.as_ref().map(|rule| format!(" nach {rule}")).unwrap_or_default();
        let head = format!("{said}, {}{rule}", wording::thinned(done.thinned.left_out(), done.thinned.of));
        let named = done.left_out.iter().map(|document| {
            let register = document.register.as_ref().map(|number| format!("  Register {number}"));
            format!("  ohne {}  {}{}", document.id, document.file_name, register.unwrap_or_default())
        });
        std::iter::once(head).chain(named).collect::<Vec<_>>().join("\n")
    })
}

fn require_typed(list: &str, confirm: &str) -> Answer<()> {
    if confirm.len() >= 8 && list.starts_with(confirm) {
        return Ok(());
    }
    Err(Error::mistake(
        "Die Vernichtung ist nicht bestätigt",
        "die mit --confirm getippten Zeichen sind nicht der Anfang der Kennung",
        "tippen Sie die ersten acht Zeichen der Kennung ab",
    ))
}

fn say_list(desk: &mut Desk<'_>, view: &ListView) -> Answer<()> {
    let rules = desk.registry.rules()?;
    let book = &rules.book;
    desk.result(&json::list(view), || {
        let list = &view.list;
        let mut lines = vec![
            format!("Aussonderungsliste {}", list.id),
            format!("angelegt {}, {}, {}", german(list.created), list.edition, list.stage_in_words()),
        ];
        lines.extend(list.messages.iter().map(|message| {
            format!("{}  {} in xdomea {}", german(message.on), message.kind, message.version)
        }));
        let archive = |state: &LineState| {
            matches!(state, LineState::Decided(Decision::Archive) | LineState::Transferred(_))
        };
        let destroy = |state: &LineState| matches!(state, LineState::Decided(Decision::Destroy));
        let listed = view.by_reference();
        let mut side = |title: &str, on_side: &dyn Fn(&LineState) -> bool| {
            let on_it: Vec<_> = listed.iter().filter(|it| on_side(it.state)).collect();
            if !on_it.is_empty() {
                lines.push(format!("\n{title} ({})", on_it.len()));
                lines.extend(on_it.into_iter().map(|it| due_line(view, it, book)));
            }
        };
        side("Archivexemplare", &archive);
        side("Zur Vernichtung", &destroy);
        side("Noch nicht bewertet", &|state| *state == LineState::Undecided);
        side("Verschont", &|state| matches!(state, LineState::Obstructed(_)));
        lines.join("\n")
    })
}

fn due_line(view: &ListView, listed: &ListedLine<'_>, book: &RuleBook) -> String {
    let line = listed.line;
    let mut told = format!(", Vorschlag {}", line.proposal.map_or("offen", Decision::letter));
    if !line.criteria.is_empty() {
        let titles: Vec<_> = line.criteria.iter().map(|id| book.title_of(id).unwrap_or(id)).collect();
        told.push_str(&format!(", weil: {}", titles.join("; ")));
    }
    if let Some((said, named)) = view.catalogue_of(line) {
        let source = wording::by_catalogue(&named.archive, named.on, &named.by);
        let is_settled = view.list.settled.contains(&line.file);
        told.push_str(&format!("; {}", wording::line_by_catalogue(said, is_settled, &source)));
    }
    if let Some(thinned) = view.list.thinned.get(&line.file) {
        told.push_str(&format!("; {}", wording::thinned(thinned.left_out(), thinned.of)));
    }
    if view.list.confirmed.contains(&line.file) {
        told.push_str("; Übernahme vom Archiv bestätigt");
    }
    if listed.file.is_some_and(|file| !file.holds.is_empty()) {
        told.push_str("; gesperrt (Vernichtungssperre)");
    }
    if let Some(loan) = listed.file.and_then(|file| file.loan.as_ref()) {
        told.push_str(&format!("; Achtung: das Papier ist seit {} ausgeliehen", german(loan.since)));
    }
    let reference = listed.reference();
    match &line.cause {
        Cause::Rule(rule) => format!("  {reference:<18} {rule:<7} fällig seit {}{told}", german(line.since)),
        Cause::Early(ground) => format!("  {reference:<18} vorzeitig, {}{told}", ground.label()),
    }
}

fn executed(done: &Executed) -> Vec<String> {
    let counts = &done.counts;
    let mut lines = vec![format!(
        "{} mit {} vernichtet; {} entfernt, {} in anderen Akten fort",
        count(done.files, "Akte", "Akten"),
        count(counts.documents, "Dokument", "Dokumenten"),
        count(counts.objects, "gespeicherte Datei", "gespeicherte Dateien"),
        count(counts.objects_held_elsewhere, "besteht", "bestehen")
    )];
    lines.extend(done.spared.iter().map(|spared| {
        let name = spared.reference.clone().unwrap_or_else(|| spared.file.to_string());
        format!("verschont: {name} – {}", spared.obstacle)
    }));
    lines.push(format!("Vernichtungsprotokoll: {}", done.certificate.display()));
    lines
}

fn certificate(desk: &mut Desk<'_>, list: DisposalListId, out: &Path) -> Answer<()> {
    desk.actor.as_auditor()?;
    let pdf = desk.registry.certificate_pdf(list)?.ok_or_else(|| {
        let why = "zu dieser Liste gibt es keines: sie ist nicht ausgeführt";
        Error::mistake(
            "Kein Vernichtungsprotokoll",
            why,
            "nennen Sie eine ausgeführte Liste (schriftgut list show)",
        )
    })?;
    disk::write_new(out, &pdf)?;
    desk.result(&json::certificate(list, out, pdf.len()), || {
        format!("Vernichtungsprotokoll als PDF/A nach {} geschrieben", out.display())
    })
}

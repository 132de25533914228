//! `list …`: the disposal list from what is due to what is destroyed.

use crate::cli::args::ListVerb;
use crate::cli::desk::{Desk, list_id};
use crate::domain::disposal::{Decision, DisposalList, Line, LineState};
use crate::domain::life_cycle::german;
use crate::format::wording::count;
use crate::registry::{Answer, Error, Executed, ListView};

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
        ListVerb::Show { list: Some(list) } => {
            say_list(desk, &registry.show_list(actor.as_auditor()?, list_id(list)?)?)?;
        }
        ListVerb::Show { list: None } => {
            for list in registry.lists(actor.as_auditor()?)? {
                desk.say(format!(
                    "{}  {}  {}, {}",
                    list.id,
                    german(list.created),
                    count(list.lines.len(), "Zeile", "Zeilen"),
                    list.stage_in_words()
                ))?;
            }
        }
        ListVerb::Offer { list } => {
            registry.offer_list(actor.as_records_manager()?, list_id(list)?, today)?;
            desk.say("dem Archiv angeboten")?;
        }
        ListVerb::Appraise { list, file, decision, reason, follow_proposals } => {
            let archivist = actor.as_archivist()?;
            let id = list_id(list)?;
            if *follow_proposals {
                let decided = registry.follow_proposals(archivist, id)?;
                desk.say(format!("{} nach Vorschlag entschieden", count(decided, "Zeile", "Zeilen")))?;
            } else {
                let (file, decision) = appraisal(file.as_deref(), decision.as_deref())?;
                let view = registry.show_file(actor.as_reader()?, file, today)?;
                registry.appraise(archivist, id, view.file.id, decision, reason)?;
                desk.say(format!("Akte {}: {}", view.file.reference, decision.label()))?;
            }
        }
        ListVerb::Propose { list } => {
            registry.propose_list(desk.signer()?, list_id(list)?, today)?;
            desk.say("zur Vernichtung vorgeschlagen und unterschrieben")?;
        }
        ListVerb::Approve { list } => {
            registry.approve_list(desk.signer()?, list_id(list)?, today)?;
            desk.say("freigegeben und unterschrieben")?;
        }
        ListVerb::Withdraw { list } => {
            registry.withdraw_list(actor.as_records_manager()?, list_id(list)?, today)?;
            desk.say("zurückgezogen")?;
        }
        ListVerb::Execute { list, confirm } => {
            require_typed(list, confirm)?;
            let executed = registry.execute_list(actor.as_records_manager()?, list_id(list)?, today)?;
            say_executed(desk, &executed)?;
        }
    }
    Ok(0)
}

/// Clap has seen to it that both are there.
fn appraisal<'a>(file: Option<&'a str>, decision: Option<&str>) -> Answer<(&'a str, Decision)> {
    match (file, decision) {
        (Some(file), Some("A")) => Ok((file, Decision::Archive)),
        (Some(file), Some("V")) => Ok((file, Decision::Destroy)),
        _ => Err(Error::mistake(
            "Die Zeile ist nicht benannt",
            "es fehlt --file oder --decision",
            "nennen Sie beides",
        )),
    }
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
    let list = &view.list;
    if desk.json {
        return desk.tell(&serde_json::json!({
            "list": list.id.to_string(),
            "created": list.created.to_string(),
            "stage": list.stage_in_words(),
            "lines": list.lines.values().map(|(line, state)| serde_json::json!({
                "id": line.file.to_string(),
                "file": reference(view, line),
                "rule": line.rule,
                "since": line.since.to_string(),
                "proposal": line.proposal.map(Decision::letter),
                "criteria": line.criteria,
                "state": state_code(state),
            })).collect::<Vec<_>>(),
        }));
    }
    desk.say(format!("Aussonderungsliste {}", list.id))?;
    desk.say(format!("angelegt {}, {}, {}", german(list.created), list.edition, list.stage_in_words()))?;
    let archive = |state: &LineState| {
        matches!(state, LineState::Decided(Decision::Archive) | LineState::Transferred(_))
    };
    let destroy = |state: &LineState| matches!(state, LineState::Decided(Decision::Destroy));
    say_side(desk, view, list, "Archivexemplare", &archive)?;
    say_side(desk, view, list, "Zur Vernichtung", &destroy)?;
    say_side(desk, view, list, "Noch nicht bewertet", &|state| *state == LineState::Undecided)?;
    say_side(desk, view, list, "Verschont", &|state| matches!(state, LineState::Obstructed(_)))
}

fn say_side(
    desk: &mut Desk<'_>,
    view: &ListView,
    list: &DisposalList,
    title: &str,
    on_side: &dyn Fn(&LineState) -> bool,
) -> Answer<()> {
    let lines: Vec<_> = list.lines.values().filter(|(_, state)| on_side(state)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    desk.say(format!("\n{title} ({})", lines.len()))?;
    for (line, _) in lines {
        let proposal = line.proposal.map_or("offen", Decision::letter);
        let criteria = if line.criteria.is_empty() {
            String::new()
        } else {
            format!(" wegen {}", line.criteria.join(", "))
        };
        desk.say(format!(
            "  {:<18} {:<7} fällig seit {}, Vorschlag {proposal}{criteria}",
            reference(view, line),
            line.rule,
            german(line.since)
        ))?;
    }
    Ok(())
}

fn reference(view: &ListView, line: &Line) -> String {
    let found = view.files.iter().find(|(id, _)| *id == line.file).and_then(|(_, file)| file.as_ref());
    found.map_or_else(|| line.file.to_string(), |file| file.reference.to_string())
}

fn state_code(state: &LineState) -> &'static str {
    match state {
        LineState::Undecided => "undecided",
        LineState::Decided(Decision::Archive) => "archive",
        LineState::Decided(Decision::Destroy) => "destroy",
        LineState::Transferred(_) => "transferred",
        LineState::Obstructed(_) => "obstructed",
    }
}

fn say_executed(desk: &mut Desk<'_>, executed: &Executed) -> Answer<()> {
    let counts = &executed.counts;
    if desk.json {
        return desk.tell(&serde_json::json!({
            "list": executed.list.to_string(),
            "files": executed.files,
            "documents": counts.documents,
            "objects": counts.objects,
            "bytes": counts.bytes,
            "objects_held_elsewhere": counts.objects_held_elsewhere,
            "spared": executed.spared.iter().map(|s| serde_json::json!({
                "file": s.reference, "obstacle": s.obstacle.code(),
            })).collect::<Vec<_>>(),
            "certificate": executed.certificate.display().to_string(),
        }));
    }
    desk.say(format!(
        "{} mit {} vernichtet; {} entfernt, {} in anderen Akten fort",
        count(executed.files, "Akte", "Akten"),
        count(counts.documents, "Dokument", "Dokumenten"),
        count(counts.objects, "gespeicherte Datei", "gespeicherte Dateien"),
        count(counts.objects_held_elsewhere, "besteht", "bestehen")
    ))?;
    for spared in &executed.spared {
        let name = spared.reference.clone().unwrap_or_else(|| spared.file.to_string());
        desk.say(format!("verschont: {name} – {}", spared.obstacle))?;
    }
    desk.say(format!("Vernichtungsprotokoll: {}", executed.certificate.display()))
}

//! `change`, `note`, `reminder …`, `assign`: keeping files.

use crate::cli::args::{Assign, ChangeArgs, Relate, ReminderVerb};
use crate::cli::desk::Desk;
use crate::cli::json::keep as json;
use crate::domain::case_file::{CaseFile, Reminder};
use crate::domain::life_cycle::german;
use crate::format::wording::{self, count};
use crate::registry::{Answer, Change, Deputed, Error};

pub(in crate::cli) fn change(desk: &mut Desk<'_>, asked: &ChangeArgs) -> Answer<u8> {
    let change = Change {
        title: asked.title.clone(),
        class: asked.class.clone(),
        record_type: asked.record_type.clone(),
        fields: asked.fields.iter().cloned().collect(),
        reason: asked.reason.clone(),
    };
    let clerk = desk.actor.as_clerk()?;
    let changed = desk.registry.change_files(clerk, &asked.references, &change, !asked.preview)?;
    for one in &changed {
        desk.result(&json::changed(one), || {
            let parts = wording::change(&one.file.description(), &one.after);
            format!("{}: {}", one.file.reference, parts.join("; "))
        })?;
    }
    desk.result(&json::changed_all(changed.len(), asked.preview), || {
        let files = count(changed.len() as u64, "Akte", "Akten");
        if asked.preview {
            format!("{files} zu ändern; geändert wurde nichts")
        } else {
            format!("{files} geändert")
        }
    })?;
    Ok(0)
}

pub(in crate::cli) fn note(desk: &mut Desk<'_>, reference: &str, text: &str) -> Answer<u8> {
    let file = desk.registry.note(desk.actor.as_clerk()?, reference, text)?;
    desk.result(&json::noted(&file), || format!("Vermerk an der Akte {} geschrieben", file.reference))?;
    Ok(0)
}

pub(in crate::cli) fn assign(desk: &mut Desk<'_>, asked: &Assign) -> Answer<u8> {
    let done = desk.registry.assign(desk.actor.as_clerk()?, &asked.references, asked.to.as_deref())?;
    desk.result(&json::assigned(done, asked.to.as_deref()), || {
        let files = count(done, "Akte", "Akten");
        match &asked.to {
            Some(login) => format!("{login} ist jetzt für {files} zuständig"),
            None => format!("für {files} ist niemand mehr persönlich zuständig"),
        }
    })?;
    Ok(0)
}

pub(in crate::cli) fn reminder(desk: &mut Desk<'_>, verb: &ReminderVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    match verb {
        ReminderVerb::Add { reference, on, text, whom } => {
            let id = desk.registry.remind(actor.as_clerk()?, reference, *on, whom.as_deref(), text)?;
            desk.result(&json::reminder(id, reference, *on), || {
                format!("Wiedervorlage {id} am {} eingetragen", german(*on))
            })?;
        }
        ReminderVerb::List { until } => {
            let until = until.unwrap_or_else(|| desk.today());
            let due = desk.registry.reminders(actor.as_reader()?, until)?;
            let deputed = desk.registry.deputed(actor.as_reader()?, until)?;
            desk.result(&json::reminders(&due, &deputed), || {
                let mut lines: Vec<_> = due.iter().map(reminder_line).collect();
                deputed.iter().for_each(|deputed| lines.extend(deputed_lines(deputed)));
                if lines.is_empty() { "nichts zur Wiedervorlage".to_owned() } else { lines.join("\n") }
            })?;
        }
        ReminderVerb::Done { reference, reminder } => {
            let id = reminder.parse().map_err(|_| Error::unknown("Wiedervorlage", reminder))?;
            let file = desk.registry.finish_reminder(actor.as_clerk()?, reference, id)?;
            desk.result(&json::reminder_done(id, &file), || "erledigt".to_owned())?;
        }
    }
    Ok(0)
}

fn reminder_line((file, one): &(CaseFile, Reminder)) -> String {
    format!("{}  {:<20} {}  ({})", german(one.on), file.reference.as_str(), one.text, one.id)
}

/// What somebody looks after for another.
fn deputed_lines(deputed: &Deputed) -> Vec<String> {
    let Deputed { absent, reminders, files, more_files } = deputed;
    let mut lines = vec![format!("in Vertretung für {} ({}):", absent.name, absent.login)];
    lines.extend(reminders.iter().map(|due| format!("  {}", reminder_line(due))));
    lines.extend(files.iter().map(|file| format!("  zuständig für {}  {}", file.reference, file.title)));
    if *more_files > 0 {
        lines.push(format!("  und für {} weitere", count(*more_files as u64, "Akte", "Akten")));
    }
    lines
}

pub(in crate::cli) fn relate(desk: &mut Desk<'_>, asked: &Relate) -> Answer<u8> {
    let (actor, registry) = (desk.actor.clone(), desk.registry);
    let Relate { reference, other, relation, .. } = asked;
    match relation {
        Some(relation) => registry.relate(actor.as_clerk()?, reference, other, *relation)?,
        None => registry.unrelate(actor.as_clerk()?, reference, other)?,
    }
    desk.result(&json::related(reference, other, *relation), || match relation {
        Some(relation) => format!("Akte {reference}: {} {other}", relation.label()),
        None => format!("zwischen {reference} und {other} besteht kein Bezug mehr"),
    })?;
    Ok(0)
}

//! `verify` and `rebuild`: is the truth whole, and make the views anew from it.

use crate::cli::desk::Desk;
use crate::cli::json::VerifyAnswer;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, read_data: bool) -> Answer<u8> {
    let actor = desk.actor.clone();
    let found = desk.registry.verify(actor.as_caretaker()?, read_data)?;
    let code = u8::from(!found.is_clean());
    if desk.json {
        desk.tell(&VerifyAnswer {
            objects: found.objects,
            entries: found.entries,
            unclaimed: found.unclaimed,
            changed: found.changed,
            missing: found.missing,
            untracked: found.untracked,
            lost: found.lost,
        })?;
        return Ok(code);
    }
    for (word, lines) in
        [("verändert", &found.changed), ("fehlt", &found.missing), ("unbekannt", &found.untracked)]
    {
        for line in lines {
            desk.say(format!("{word}: {line}"))?;
        }
    }
    for line in &found.lost {
        desk.say(format!("verloren: {line}"))?;
    }
    let verdict = if code == 0 { "alles unversehrt" } else { "NICHT unversehrt" };
    desk.say(format!(
        "{} gespeicherte Dateien und {} Einträge geprüft, {} noch ohne Eintrag: {verdict}",
        found.objects, found.entries, found.unclaimed
    ))?;
    Ok(code)
}

pub(in crate::cli) fn rebuild(desk: &mut Desk<'_>) -> Answer<u8> {
    let actor = desk.actor.clone();
    desk.registry.rebuild(actor.as_caretaker()?)?;
    desk.say("Katalog und Suchindex sind neu aufgebaut")?;
    Ok(0)
}

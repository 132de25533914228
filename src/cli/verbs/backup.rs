//! `backup …` and `checkpoint`: copies of contents and keys, their check and their drill; the checkpoint to keep
//! outside.

use std::path::Path;

use crate::cli::args::{Backup, BackupVerb, Checkpoint};
use crate::cli::desk::{Desk, Voice};
use crate::cli::disk;
use crate::cli::json::backup as json;
use crate::domain::life_cycle::german;
use crate::format::wording::{count, moment};
use crate::registry::{
    Answer, Continuity, Drilled, Error, KEY_COPIES_KEPT_DAYS, check_backup, require_places_apart,
};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, backup: &Backup) -> Answer<u8> {
    match &backup.verb {
        Some(BackupVerb::Drill { from, keys, master, seed }) => drill(desk, from, keys, master, *seed),
        Some(BackupVerb::Check { .. }) => Err(Error::mistake(
            "Eine Sicherung wird ohne Registratur geprüft",
            "ein Server braucht dafür nichts zu tun",
            "rufen Sie `schriftgut backup check ORDNER` auf",
        )),
        None if backup.to.is_none() && backup.keys.is_none() => Err(Error::mistake(
            "Es ist nicht klar, was wohin gesichert werden soll",
            "weder --to noch --keys ist angegeben",
            "nennen Sie mit --to den Ordner für die Inhalte oder mit --keys den für die Schlüssel",
        )),
        None => {
            let mut code = 0;
            // Before anything is written, to either of them.
            if let (Some(to), Some(keys)) = (&backup.to, &backup.keys) {
                require_places_apart(to, keys)?;
            }
            if let Some(to) = &backup.to {
                if backup.repair {
                    take_out_damaged(desk, to)?;
                }
                code = back_up(desk, to)?;
            }
            // After the contents, so that no record of theirs lacks its key.
            if let Some(keys) = &backup.keys {
                back_up_keys(desk, keys)?;
            }
            Ok(code)
        }
    }
}

fn back_up(desk: &mut Desk<'_>, to: &Path) -> Answer<u8> {
    let actor = desk.actor.clone();
    let done = desk.registry.back_up(actor.as_administrator()?, to)?;
    desk.result(&json::backed_up(to, &done), || {
        let mut lines: Vec<_> = done.short.iter().map(|line| format!("nicht gesichert: {line}")).collect();
        lines.push(format!(
            "Gesichert nach {}: Stand {}, {}, davon {} neu ({} Byte), {} entfernt",
            to.display(),
            entries(done.state.size),
            objects(done.objects),
            done.copied,
            done.copied_bytes,
            done.removed
        ));
        lines.join("\n")
    })?;
    remark_unrecorded(desk, done.unrecorded.as_deref())?;
    Ok(u8::from(!done.short.is_empty()))
}

/// The backup is whole, but paper waits for the word that it is.
fn remark_unrecorded(desk: &mut Desk<'_>, why: Option<&str>) -> Answer<()> {
    let Some(why) = why else { return Ok(()) };
    desk.remark(format!(
        "Die Sicherung ist fertig, steht aber nicht im Nachweisbuch ({why}); Papier, das auf sie wartet, bleibt bis zur \
         nächsten"
    ))
}

fn take_out_damaged(desk: &mut Desk<'_>, to: &Path) -> Answer<()> {
    let actor = desk.actor.clone();
    let damaged = desk.registry.take_out_damaged(actor.as_administrator()?, to)?;
    desk.remark(match damaged {
        1 => "1 beschädigte Datei der Sicherung wird neu kopiert".to_owned(),
        more => format!("{more} beschädigte Dateien der Sicherung werden neu kopiert"),
    })
}

fn back_up_keys(desk: &mut Desk<'_>, to: &Path) -> Answer<()> {
    let actor = desk.actor.clone();
    let done = desk.registry.back_up_keyrings(actor.as_administrator()?, to)?;
    desk.result(&json::keys_backed_up(&done), || {
        format!(
            "Schlüsselbund gesichert nach {} ({} Schlüssel); {} aufbewahrt, {} über {KEY_COPIES_KEPT_DAYS} Tage alte oder unfertige vernichtet",
            done.copy.display(),
            done.keys,
            count(done.kept, "Kopie", "Kopien"),
            done.destroyed
        )
    })?;
    remark_unrecorded(desk, done.unrecorded.as_deref())
}

fn drill(desk: &mut Desk<'_>, from: &Path, keys: &Path, master: &Path, seed: u64) -> Answer<u8> {
    let actor = desk.actor.clone();
    let done = desk.registry.drill(actor.as_administrator()?, from, keys, master, seed)?;
    desk.result(&json::drilled(&done), || {
        let Drilled { state, files, documents, pages, compared, differences, named } = &done;
        let verdict =
            if *differences == 0 { "die Probe ist bestanden" } else { "die Probe ist NICHT bestanden" };
        let mut lines: Vec<_> = named.iter().map(|line| format!("Abweichung: {line}")).collect();
        lines.push(format!(
            "Sicherung mit Stand {} zur Probe wiederhergestellt: {}, {}, {}; {}, {}: {verdict}",
            entries(state.size),
            count(*files, "Akte", "Akten"),
            count(*documents, "Dokument", "Dokumente"),
            count(*pages, "Seite", "Seiten"),
            count(*compared, "Vergleich", "Vergleiche"),
            count(*differences, "Abweichung", "Abweichungen")
        ));
        lines.join("\n")
    })?;
    Ok(u8::from(done.differences > 0))
}

/// `backup check`: needs no registry.
pub(in crate::cli) fn check(dir: &Path, voice: &mut Voice<'_>) -> Answer<u8> {
    let found = check_backup(dir)?;
    voice.result(&json::checked(&found), || {
        let lists =
            [("verändert", &found.changed), ("fehlt", &found.missing), ("unbekannt", &found.untracked)];
        let named = lists.into_iter().flat_map(|(word, lines)| lines.iter().map(move |line| (word, line)));
        let mut lines: Vec<_> = named.map(|(word, line)| format!("{word}: {line}")).collect();
        let verdict = if found.is_clean() { "alles unversehrt" } else { "NICHT unversehrt" };
        lines.push(format!(
            "Sicherung vom {}, Stand {}, {} geprüft: {verdict}",
            moment(found.at),
            entries(found.state.size),
            objects(found.objects)
        ));
        if found.short > 0 {
            let short = count(found.short, "Datei", "Dateien");
            lines.push(format!("{short} konnte die Registratur selbst nicht geben; prüfen Sie sie"));
        }
        lines.join("\n")
    })?;
    Ok(u8::from(!found.is_clean()))
}

/// How far a ledger goes.
pub(super) fn entries(size: u64) -> String {
    count(size, "Eintrag", "Einträge")
}

/// Objects, as users call them.
pub(super) fn objects(number: u64) -> String {
    count(number, "gespeicherte Datei", "gespeicherte Dateien")
}

pub(in crate::cli) fn checkpoint(desk: &mut Desk<'_>, verb: &Checkpoint) -> Answer<u8> {
    let actor = desk.actor.clone();
    if let Some(to) = &verb.to {
        let head = desk.registry.write_checkpoint(actor.as_caretaker()?, to)?;
        desk.result(&json::checkpoint(to, head.size, &head.root), || {
            format!("Prüfpunkt nach {} geschrieben; verwahren Sie ihn außerhalb", to.display())
        })?;
        return Ok(0);
    }
    let Some(against) = &verb.against else { return Ok(0) };
    let text = std::fs::read_to_string(against).map_err(|cause| {
        let why = disk::in_german(&cause);
        Error::mistake(format!("{} ist nicht lesbar", against.display()), why, "prüfen Sie den Pfad")
    })?;
    let (code, words) = match desk.registry.compare_checkpoint(actor.as_caretaker()?, &text)? {
        Continuity::Continues(more) => {
            (0, format!("Das Nachweisbuch setzt diesen Prüfpunkt fort, um {}.", entries(more)))
        }
        Continuity::Lost(known) => (
            1,
            format!(
                "Das Nachweisbuch setzt diesen Prüfpunkt NICHT fort: mit der Wiederherstellung am {} ging verloren, \
                 was ab Eintrag {} eingetragen war.",
                german(known.on),
                known.backup.size
            ),
        ),
        Continuity::Broken => (
            1,
            "Das Nachweisbuch setzt diesen Prüfpunkt NICHT fort, und keine Wiederherstellung erklärt es."
                .to_owned(),
        ),
    };
    desk.result(&json::compared(code == 0, &words), || words.as_str())?;
    Ok(code)
}

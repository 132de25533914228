//! `restore` and `quarantine …`: a registry out of backups, and its release where no checkpoint from outside was
//! there. Neither goes through a server: there is no registry yet that could be open.

use std::io::Write;

use super::backup::{entries, moment, objects};
use crate::cli::args::{Args, QuarantineVerb, Restore};
use crate::cli::secret;
use crate::domain::life_cycle::german;
use crate::format::wording::count;
use crate::registry::{self, Answer, Error, Quarantined, Restored};

pub(in crate::cli) fn run(args: &Args, order: &Restore, out: &mut dyn Write) -> Answer<u8> {
    let Restore { from, keys, master, to, checkpoint, verify } = order;
    let order =
        registry::Restore { from, keys, master, to, checkpoint: checkpoint.as_deref(), read_data: *verify };
    let done = registry::restore(&order)?;
    let code = u8::from(!done.verified.is_clean());
    if args.json {
        let value = serde_json::json!({
            "registry": to,
            "entries": done.state.size,
            "objects": done.objects,
            "lost_entries": done.lost(),
            "destroyed_again": done.destroyed_again,
            "quarantine": done.witness.is_none(),
            "changed": done.verified.changed,
            "missing": done.verified.missing,
            "untracked": done.verified.untracked,
            "lost": done.verified.lost,
        });
        writeln!(out, "{value}")?;
        return Ok(code);
    }
    say(&done, order.to, out)?;
    Ok(code)
}

fn say(done: &Restored, to: &std::path::Path, out: &mut dyn Write) -> Answer<()> {
    let found = &done.verified;
    for (word, lines) in [
        ("verändert", &found.changed),
        ("fehlt", &found.missing),
        ("unbekannt", &found.untracked),
        ("verloren", &found.lost),
    ] {
        for line in lines {
            writeln!(out, "{word}: {line}")?;
        }
    }
    writeln!(
        out,
        "Wiederhergestellt nach {}: Sicherung vom {}, Stand {}, {}, {} erneut vernichtet: {}",
        to.display(),
        moment(done.at),
        entries(done.state.size),
        objects(done.objects),
        count(done.destroyed_again, "Akte", "Akten"),
        if found.is_clean() { "alles unversehrt" } else { "NICHT unversehrt" }
    )?;
    if done.witness.is_none() {
        writeln!(
            out,
            "Die Registratur ist in Quarantäne: zwei Personen geben sie frei (`schriftgut quarantine release`)."
        )?;
    }
    Ok(())
}

pub(in crate::cli) fn quarantine(args: &Args, verb: QuarantineVerb, out: &mut dyn Write) -> Answer<u8> {
    let quarantined = Quarantined::open(&args.registry()?)?;
    let restoration = quarantined.restoration()?;
    match verb {
        QuarantineVerb::Show => writeln!(
            out,
            "In Quarantäne seit der Wiederherstellung am {} (Stand {}, kein Prüfpunkt von außerhalb); Freigaben: {}",
            german(restoration.on),
            entries(restoration.backup.size),
            restoration.releases.len()
        )?,
        QuarantineVerb::Release => {
            let secrets = secret::for_args(args)?;
            let (Some(login), Some(secret)) = (&args.acting_as, &secrets.acting) else {
                return Err(Error::mistake(
                    "Ohne Anmeldung kann nicht freigegeben werden",
                    "die Freigabe ist eine Unterschrift der Person",
                    "nennen Sie mit --as, wer freigibt",
                ));
            };
            let left = quarantined.release(&quarantined.sign_in(login, secret)?)?;
            match left {
                0 => writeln!(out, "Freigegeben; die Registratur ist nicht mehr in Quarantäne")?,
                left => writeln!(out, "Freigegeben; es braucht noch {left} andere Person")?,
            }
        }
    }
    Ok(0)
}

//! `restore` and `quarantine …`: a registry out of backups, and its release where no checkpoint from outside was
//! there. Neither goes through a server: there is no registry yet that could be open.

use std::path::Path;

use super::backup::{entries, objects};
use crate::cli::args::{Args, QuarantineVerb, Restore};
use crate::cli::desk::Voice;
use crate::cli::json::backup as json;
use crate::cli::secret;
use crate::domain::life_cycle::german;
use crate::format::wording::{count, moment};
use crate::registry::{self, Answer, Error, Quarantined, Restored};

pub(in crate::cli) fn run(order: &Restore, voice: &mut Voice<'_>) -> Answer<u8> {
    let Restore { from, keys, master, to, checkpoint, verify } = order;
    let order =
        registry::Restore { from, keys, master, to, checkpoint: checkpoint.as_deref(), read_data: *verify };
    let done = registry::restore(&order)?;
    voice.result(&json::restored(to, &done), || lines(&done, to).join("\n"))?;
    Ok(u8::from(!done.verified.is_clean()))
}

fn lines(done: &Restored, to: &Path) -> Vec<String> {
    let mut lines: Vec<_> = super::verify::lines(&done.verified).collect();
    lines.push(format!(
        "Wiederhergestellt nach {}: Sicherung vom {}, Stand {}, {}, {} erneut vernichtet: {}",
        to.display(),
        moment(done.at),
        entries(done.state.size),
        objects(done.objects),
        count(done.destroyed_again, "Akte", "Akten"),
        if done.verified.is_clean() { "alles unversehrt" } else { "NICHT unversehrt" }
    ));
    if done.witness.is_none() {
        lines.push(
            "Die Registratur ist in Quarantäne: zwei Personen geben sie frei (`schriftgut quarantine release`)."
                .to_owned(),
        );
    }
    lines
}

pub(in crate::cli) fn quarantine(args: &Args, verb: QuarantineVerb, voice: &mut Voice<'_>) -> Answer<u8> {
    let quarantined = Quarantined::open(&args.registry()?)?;
    let restoration = quarantined.restoration()?;
    match verb {
        QuarantineVerb::Show => voice.result(&json::quarantine(&restoration), || {
            format!(
                "In Quarantäne seit der Wiederherstellung am {} (Stand {}, kein Prüfpunkt von außerhalb); \
                 Freigaben: {}",
                german(restoration.on),
                entries(restoration.backup.size),
                restoration.releases.len()
            )
        })?,
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
            voice.result(&json::released(left), || match left {
                0 => "Freigegeben; die Registratur ist nicht mehr in Quarantäne".to_owned(),
                left => format!("Freigegeben; es braucht noch {left} andere Person"),
            })?;
        }
    }
    Ok(0)
}

//! `init`: founds a registry, asks nothing, prints the set-up link and the recovery sheets once.

use crate::cli::args::{Args, Init};
use crate::cli::desk::Voice;
use crate::cli::json::office as json;
use crate::cli::secret::operator;
use crate::registry::{Answer, Founding, found};

pub(in crate::cli) fn run(args: &Args, init: &Init, voice: &mut Voice<'_>) -> Answer<u8> {
    let root = match &init.dir {
        Some(dir) => dir.clone(),
        None => args.registry()?,
    };
    let (name, demo) = (init.name.clone(), init.demo);
    let founding = Founding { name, demo, login: operator(), rules: init.rules };
    let initial = found(&root, &founding)?;
    let rules = initial.registry.rules()?;
    let (key, token) = (initial.registry.verifier_key(), &initial.setup_token);
    voice.result(&json::founded(&root, &founding, &rules, &key, token), || {
        [
            format!("Registratur „{}“ angelegt in {}", founding.name, root.display()),
            format!("Regelwerk: {}, {} Regeln", rules.book.edition(), rules.book.rules().len()),
            format!("Öffentlicher Schlüssel des Nachweisbuchs: {key}"),
            format!("Sie ({}) haben die Rollen Administration und Sachbearbeitung.", founding.login),
            format!(
                "Anmeldung im Browser einmalig einrichten, während `schriftgut serve` läuft: \
                 http://127.0.0.1:8080{}",
                json::setup_path(token)
            ),
        ]
        .join("\n")
    })?;
    voice.remark("\nDrucken Sie die drei Wiederherstellungsblätter und verwahren Sie sie getrennt.")?;
    for sheet in &initial.recovery_sheets {
        voice.remark(format!("\n{sheet}"))?;
    }
    Ok(0)
}

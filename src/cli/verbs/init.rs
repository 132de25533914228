//! `init`: founds a registry, asks nothing, prints the set-up link and the recovery sheets once.

use std::io::Write;

use crate::cli::args::{Args, Init};
use crate::cli::secret::operator;
use crate::registry::{Answer, Founding, found};

pub(in crate::cli) fn run(args: &Args, init: &Init, out: &mut dyn Write, err: &mut dyn Write) -> Answer<u8> {
    let root = match &init.dir {
        Some(dir) => dir.clone(),
        None => args.registry()?,
    };
    let founding = Founding { name: init.name.clone(), demo: init.demo, login: operator() };
    let initial = found(&root, &founding)?;
    let rules = initial.registry.rules()?;
    writeln!(out, "Registratur „{}“ angelegt in {}", founding.name, root.display())?;
    writeln!(out, "Regelwerk: {}, {} Regeln", rules.book.edition(), rules.book.rules().len())?;
    writeln!(out, "Öffentlicher Schlüssel des Nachweisbuchs: {}", initial.registry.verifier_key())?;
    writeln!(out, "Sie ({}) haben die Rollen Administration und Sachbearbeitung.", founding.login)?;
    writeln!(
        out,
        "Anmeldung im Browser einmalig einrichten, während `schriftgut serve` läuft: http://127.0.0.1:8080/einrichten?token={}",
        initial.setup_token
    )?;
    writeln!(err, "\nDrucken Sie die drei Wiederherstellungsblätter und verwahren Sie sie getrennt.")?;
    for sheet in &initial.recovery_sheets {
        writeln!(err, "\n{sheet}")?;
    }
    Ok(0)
}

//! `keys …`: the sealed keyrings apart from everything else, and the master secret out of recovery sheets.

use std::io::BufRead;
use std::path::Path;

use crate::cli::args::{Args, KeysVerb};
use crate::cli::desk::{Desk, Voice};
use crate::cli::json::backup as json;
use crate::registry::{Answer, Error, recover_master_key};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &KeysVerb) -> Answer<u8> {
    desk.actor.as_administrator()?;
    let KeysVerb::Backup { out } = verb else {
        return Err(Error::mistake(
            "Der Hauptschlüssel wird ohne geöffnete Registratur hergestellt",
            "eine geöffnete Registratur hat ihn ja",
            "rufen Sie den Befehl auf, wenn die Schlüsseldatei fehlt",
        ));
    };
    if out.exists() {
        return Err(Error::mistake(
            format!("Der Schlüsselbund kann nicht nach {} gesichert werden", out.display()),
            "der Ordner besteht schon",
            "nennen Sie einen neuen Ordner",
        ));
    }
    desk.registry.back_up_keys(out)?;
    desk.result(&json::keyring(out), || {
        format!(
            "Schlüsselbund gesichert nach {}; bewahren Sie ihn getrennt und höchstens 30 Tage auf",
            out.display()
        )
    })?;
    Ok(0)
}

/// `keys recover`: two sheets, a line each, make the key file again.
pub(in crate::cli) fn recover(
    args: &Args,
    file: &Path,
    input: &mut dyn BufRead,
    voice: &mut Voice<'_>,
) -> Answer<u8> {
    let mut sheets = Vec::new();
    for line in input.lines() {
        let line = line?;
        if !line.trim().is_empty() {
            sheets.push(line);
        }
    }
    recover_master_key(&args.registry()?, &sheets, file)?;
    voice.result(&json::recovered(file), || format!("Hauptschlüssel nach {} geschrieben", file.display()))?;
    Ok(0)
}

//! `keys backup`: the sealed keyrings, apart from everything else.

use crate::cli::args::KeysVerb;
use crate::cli::desk::Desk;
use crate::registry::{Answer, Error};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &KeysVerb) -> Answer<u8> {
    desk.actor.as_administrator()?;
    let KeysVerb::Backup { out } = verb;
    if out.exists() {
        return Err(Error::mistake(
            format!("Der Schlüsselbund kann nicht nach {} gesichert werden", out.display()),
            "der Ordner besteht schon",
            "nennen Sie einen neuen Ordner",
        ));
    }
    desk.registry.back_up_keys(out)?;
    desk.say(format!(
        "Schlüsselbund gesichert nach {}; bewahren Sie ihn getrennt und höchstens 30 Tage auf",
        out.display()
    ))?;
    Ok(0)
}

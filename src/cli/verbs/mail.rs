//! `mail fetch`: takes in what lies in a mailbox, a line per mail at the moment it is durable.

use std::path::{Path, PathBuf};

use super::ingest::say;
use crate::cli::args::{MailFetch, MailVerb};
use crate::cli::desk::{Desk, Voice};
use crate::cli::disk;
use crate::cli::json::office::watched;
use crate::domain::actor::Clerk;
use crate::format::mail_profile::{self, MailProfile};
use crate::jobs::mail::{Mailbox, Order};
use crate::jobs::watch::{Said, Tally};
use crate::registry::{Answer, Error, Target};

/// Carries it out at this desk.
pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &MailVerb) -> Answer<u8> {
    let MailVerb::Fetch(asked) = verb;
    let mut mailbox = mailbox(desk.actor.as_clerk()?, &asked.profile)?;
    let registry = desk.registry;
    let mut failed = None;
    let voice: &mut Voice<'_> = desk;
    let (tally, is_clear) = mailbox.empty(
        registry,
        &mut |said| {
            let spoken = match said {
                Said::Taken(taken) => say(voice, taken).and_then(|()| Ok(voice.out.flush()?)),
                Said::Trouble(words) => voice.remark(words),
            };
            if let Err(error) = spoken {
                failed.get_or_insert(error);
            }
        },
        &mut || false,
    );
    if let Some(error) = failed {
        return Err(error); // what was taken in stays
    }
    finish(desk, asked, mailbox.profile(), tally, !is_clear)
}

fn finish(
    desk: &mut Desk<'_>,
    asked: &MailFetch,
    profile: &MailProfile,
    tally: Tally,
    is_troubled: bool,
) -> Answer<u8> {
    if !asked.no_read {
        super::work::read(desk)?;
    }
    if desk.json {
        desk.tell(&watched(&tally))?;
    } else {
        desk.say(super::watch::in_words(tally, &profile.done, &profile.failed))?;
    }
    Ok(if is_troubled {
        1
    } else if tally.refused > 0 {
        2
    } else {
        0
    })
}

/// The mailbox of a profile, emptied as this person.
pub(super) fn mailbox(clerk: Clerk<'_>, path: &Path) -> Answer<Mailbox> {
    let profile = mail_profile::read(&disk::read(path)?).map_err(|why| unfit(path, why))?;
    let beside = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let beside = if beside.as_os_str().is_empty() { PathBuf::from(".") } else { beside };
    let target = target(&profile).map_err(|why| unfit(path, why))?;
    let ca = profile.ca.as_ref().map(|ca| beside.join(ca));
    let profile = MailProfile { ca, ..profile };
    Ok(Mailbox::of(Order { profile, beside, target, person: clerk.actor().id }))
}

fn target(profile: &MailProfile) -> Result<Option<Target>, String> {
    let Some(file) = &profile.file else { return Ok(None) };
    let reference = file.parse().map_err(|_| "`file` ist kein Aktenzeichen".to_owned())?;
    let class = profile.class.as_deref().map(str::parse).transpose();
    let class = class.map_err(|_| "`class` ist keine Aktenplaneinheit".to_owned())?;
    Ok(Some(Target { class, ..Target::of(reference) }))
}

fn unfit(path: &Path, why: String) -> Error {
    Error::mistake(
        format!("Das Profil {} ist nicht brauchbar", path.display()),
        why,
        "berichtigen Sie die Datei; was darin stehen kann, sagt schema/formats/mail-profile.md",
    )
}

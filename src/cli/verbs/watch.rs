//! `watch`: takes in what is put into a folder, a line per document at the moment it is durable. A running server does it
//! for as long as somebody listens; without one the verb is the office itself, takes commands and reads.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::ingest::say;
use crate::cli::args::{Args, WatchArgs};
use crate::cli::desk::{Desk, Voice};
use crate::cli::json::office::watched;
use crate::cli::relay;
use crate::cli::secret::{self, Secrets};
use crate::domain::case_file::Phase;
use crate::jobs;
use crate::jobs::watch::{Order, Said, Tally, Watch};
use crate::registry::{Answer, Description, Error, Registry, Target};

/// Carries it out at this desk. `--once` ends by itself; else it goes on until nobody listens any more.
pub(in crate::cli) fn run(desk: &mut Desk<'_>, asked: &WatchArgs) -> Answer<u8> {
    let registry = desk.registry;
    let mut watch = Watch::over(registry, order(desk, asked)?)?;
    let json = desk.json;
    let voice: &mut Voice<'_> = desk;
    let mut failed = None;
    let tally = {
        let heard = std::cell::RefCell::new((voice, &mut failed));
        let mut tell = |said: Said<'_>| {
            let (voice, failed) = &mut *heard.borrow_mut();
            if let Err(error) = said_at(voice, &said) {
                failed.get_or_insert(error);
            }
        };
        let mut wait = |pause: Duration| {
            std::thread::sleep(pause);
            let (voice, failed) = &mut *heard.borrow_mut();
            failed.is_some() || !voice.is_heard()
        };
        if asked.once {
            watch.once(registry, &mut tell, &mut wait)
        } else {
            watch.until(registry, &mut tell, &mut wait);
            return Ok(0); // nobody hears a word
        }
    };
    if let Some(error) = failed {
        return Err(error); // what was taken in stays
    }
    if !asked.no_read {
        super::work::read(desk)?;
    }
    if json {
        desk.tell(&watched(&tally))?;
    } else {
        desk.say(in_words(tally, "erledigt", "fehlgeschlagen"))?;
    }
    Ok(if tally.refused > 0 { 2 } else { 0 })
}

/// Without a server: opens the registry, takes commands, reads, and watches until the process is ended or nothing can
/// be written any more.
pub(in crate::cli) fn alone(
    args: &Args,
    asked: &WatchArgs,
    secrets: Secrets,
    voice: &mut Voice<'_>,
) -> Answer<u8> {
    let registry = Arc::new(Registry::open(&args.registry()?)?);
    registry.remarks().iter().try_for_each(|remark| voice.remark(remark))?;
    let order = {
        let operator = secret::operator();
        order(&Desk::new(&registry, args, &operator, secrets, voice.out, voice.err)?, asked)?
    };
    let mut watch = Watch::over(&registry, order)?;
    let _commands = relay::listen(&registry)?;
    let reading = (!asked.no_read).then(|| jobs::read_in_background(Arc::clone(&registry)));
    let (tell, told) = channel();
    let of_thread = Arc::clone(&registry);
    // A thread of its own, which ends with the process.
    std::thread::spawn(move || tell.send(of_thread.broken_off()));
    voice.remark(format!("{} wird beobachtet (beenden mit Strg+C)", asked.folder.display()))?;
    let (mut failed, mut broken) = (None, None);
    watch.until(
        &registry,
        &mut |said| {
            if let Err(error) = said_at(voice, &said) {
                failed.get_or_insert(error);
            }
        },
        &mut |pause| match told.recv_timeout(pause) {
            Ok(reason) => {
                broken = Some(reason);
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(pause);
                false
            }
        },
    );
    if let Some(reading) = reading {
        reading.stop();
    }
    let _ = std::fs::remove_file(registry.layout().socket());
    broken.or(failed).map_or(Ok(0), Err)
}

/// Says what the watcher has to say: of documents as `ingest` does, the rest as talk.
fn said_at(voice: &mut Voice<'_>, said: &Said<'_>) -> Answer<()> {
    match said {
        Said::Taken(taken) => {
            say(voice, taken)?;
            Ok(voice.out.flush()?)
        }
        Said::Trouble(words) => voice.remark(words),
    }
}

fn order(desk: &Desk<'_>, asked: &WatchArgs) -> Answer<Order> {
    Ok(Order {
        folder: asked.folder.clone(),
        target: target(desk, asked)?,
        settle: Duration::from_secs(asked.settle),
        person: desk.actor.as_clerk()?.actor().id,
    })
}

/// Where the files go. What would have every file refused is refused now.
fn target(desk: &Desk<'_>, asked: &WatchArgs) -> Answer<Option<Target>> {
    let Some(target) = super::ingest::target(&asked.target)? else { return Ok(None) };
    let refuse = |why: String, way_out: &str| {
        Error::mistake(format!("{} wird nicht beobachtet", asked.folder.display()), why, way_out)
    };
    let shown = desk.registry.show_file(desk.actor.as_reader()?, target.reference.as_str(), desk.today());
    match (shown, &target.class) {
        (Ok(view), _) if view.file.phase == Phase::Open => {}
        (Ok(_), _) => {
            let why = format!("Akte {} kann kein Dokument mehr aufnehmen", target.reference);
            return Err(refuse(why, "öffnen Sie die Akte wieder, oder nennen Sie eine andere"));
        }
        (Err(error), None) => return Err(error),
        (Err(_), Some(class)) => {
            let record_type = target.record_type.as_deref();
            let said = Description { class, record_type, fields: &target.fields };
            if let Some((why, way_out)) = desk.registry.unplanned(&target.reference, said)? {
                return Err(refuse(why, &way_out));
            }
        }
    }
    Ok(Some(target))
}

/// What came of it; the folders are where files or mails went.
pub(super) fn in_words(tally: Tally, done: &str, failed: &str) -> String {
    let Tally { taken, known, refused, finished, left } = tally;
    let if_any = |count: u64, words: &str| match count {
        0 => String::new(),
        _ => format!(", {count} {words}"),
    };
    format!(
        "{taken} erfasst, {known} bekannt, {refused} nach „{failed}“{}{}",
        if_any(finished, &format!("von früher nach „{done}“")),
        if_any(left, "liegen noch")
    )
}

//! `serve`: opens the registry, takes commands and pages, reads what is unread, watches folders and empties mailboxes.

use std::sync::Arc;

use crate::cli::args::{Args, Serve};
use crate::cli::desk::{Desk, Voice};
use crate::cli::json::office::listening;
use crate::cli::{relay, secret};
use crate::jobs::mail::Mailbox;
use crate::jobs::watch::{Order, SETTLE, Watch};
use crate::registry::{Answer, Registry};
use crate::{jobs, web};

pub(in crate::cli) fn run(args: &Args, serve: &Serve, voice: &mut Voice<'_>) -> Answer<u8> {
    let registry = Arc::new(Registry::open(&args.registry()?)?);
    registry.remarks().iter().try_for_each(|remark| voice.remark(remark))?;
    let inlets = inlets(&registry, args, serve, voice)?;
    up(&registry, serve.listen, inlets, voice)
}

/// Where documents come from by themselves.
#[derive(Default)]
pub(super) struct Inlets {
    watches: Vec<Watch>,
    mailboxes: Vec<Mailbox>,
}

/// The folders it watches and the mailboxes it empties, as the person who starts it.
fn inlets(registry: &Registry, args: &Args, serve: &Serve, voice: &mut Voice<'_>) -> Answer<Inlets> {
    if serve.watch.is_empty() && serve.mail.is_empty() {
        return Ok(Inlets::default());
    }
    let (operator, secrets) = (secret::operator(), secret::for_args(args)?);
    let desk = Desk::new(registry, args, &operator, secrets, voice.out, voice.err)?;
    let clerk = desk.actor.as_clerk()?;
    let person = clerk.actor().id;
    let over = |folder: &std::path::PathBuf| {
        Watch::over(registry, Order { folder: folder.clone(), target: None, settle: SETTLE, person })
    };
    let mailbox = |profile: &std::path::PathBuf| super::mail::mailbox(clerk, profile);
    Ok(Inlets {
        watches: serve.watch.iter().map(over).collect::<Answer<_>>()?,
        mailboxes: serve.mail.iter().map(mailbox).collect::<Answer<_>>()?,
    })
}

/// Runs the server until it is told to stop.
pub(super) fn up(
    registry: &Arc<Registry>,
    listen: std::net::SocketAddr,
    inlets: Inlets,
    voice: &mut Voice<'_>,
) -> Answer<u8> {
    let commands = relay::listen(registry)?;
    let reading = jobs::read_in_background(Arc::clone(registry));
    let restricting = jobs::restrict_in_background(Arc::clone(registry));
    let tending = jobs::tend_uploads_in_background(Arc::clone(registry));
    let in_background = |watch| jobs::watch_in_background(Arc::clone(registry), watch);
    let watching: Vec<_> = inlets.watches.into_iter().map(in_background).collect();
    let in_background = |mailbox| jobs::empty_in_background(Arc::clone(registry), mailbox);
    let emptying: Vec<_> = inlets.mailboxes.into_iter().map(in_background).collect();
    let served = web::serve(Arc::clone(registry), listen, |address| {
        // Nobody may be reading; the server runs all the same.
        let words = format!("Die Registratur ist erreichbar unter http://{address}/ (beenden mit Strg+C)");
        let _ = voice.remark(words);
        let _ = voice.result(&listening(address), String::new); // words about it are talk
    });
    watching.into_iter().chain(emptying).for_each(jobs::Background::stop);
    tending.stop();
    restricting.stop();
    reading.stop();
    commands.farewell();
    let _ = std::fs::remove_file(registry.layout().socket());
    served.map(|()| 0)
}

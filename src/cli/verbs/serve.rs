//! `serve`: opens the registry, takes commands and pages, reads what is unread, and watches folders.

use std::sync::Arc;

use crate::cli::args::{Args, Serve};
use crate::cli::desk::{Desk, Voice};
use crate::cli::json::office::listening;
use crate::cli::{relay, secret};
use crate::jobs::watch::{Order, SETTLE, Watch};
use crate::registry::{Answer, Registry};
use crate::{jobs, web};

pub(in crate::cli) fn run(args: &Args, serve: &Serve, voice: &mut Voice<'_>) -> Answer<u8> {
    let registry = Arc::new(Registry::open(&args.registry()?)?);
    registry.remarks().iter().try_for_each(|remark| voice.remark(remark))?;
    let watches = watches(&registry, args, serve, voice)?;
    up(&registry, serve.listen, watches, voice)
}

/// The folders it watches, as the person who starts it.
fn watches(registry: &Registry, args: &Args, serve: &Serve, voice: &mut Voice<'_>) -> Answer<Vec<Watch>> {
    if serve.watch.is_empty() {
        return Ok(Vec::new());
    }
    let (operator, secrets) = (secret::operator(), secret::for_args(args)?);
    let desk = Desk::new(registry, args, &operator, secrets, voice.out, voice.err)?;
    let person = desk.actor.as_clerk()?.actor().id;
    let over = |folder: &std::path::PathBuf| {
        Watch::over(registry, Order { folder: folder.clone(), target: None, settle: SETTLE, person })
    };
    serve.watch.iter().map(over).collect()
}

/// Runs the server until it is told to stop.
pub(super) fn up(
    registry: &Arc<Registry>,
    listen: std::net::SocketAddr,
    watches: Vec<Watch>,
    voice: &mut Voice<'_>,
) -> Answer<u8> {
    let commands = relay::listen(registry)?;
    let reading = jobs::read_in_background(Arc::clone(registry));
    let restricting = jobs::restrict_in_background(Arc::clone(registry));
    let tending = jobs::tend_uploads_in_background(Arc::clone(registry));
    let in_background = |watch| jobs::watch_in_background(Arc::clone(registry), watch);
    let watching: Vec<_> = watches.into_iter().map(in_background).collect();
    let served = web::serve(Arc::clone(registry), listen, |address| {
        // Nobody may be reading; the server runs all the same.
        let words = format!("Die Registratur ist erreichbar unter http://{address}/ (beenden mit Strg+C)");
        let _ = voice.remark(words);
        let _ = voice.result(&listening(address), String::new); // words about it are talk
    });
    watching.into_iter().for_each(jobs::Background::stop);
    tending.stop();
    restricting.stop();
    reading.stop();
    commands.farewell();
    let _ = std::fs::remove_file(registry.layout().socket());
    served.map(|()| 0)
}

//! `serve`: opens the registry, takes commands and pages, reads what is unread.

use std::sync::Arc;

use crate::cli::args::{Args, Serve};
use crate::cli::desk::Voice;
use crate::cli::json::office::listening;
use crate::cli::relay;
use crate::registry::{Answer, Registry};
use crate::{jobs, web};

pub(in crate::cli) fn run(args: &Args, serve: &Serve, voice: &mut Voice<'_>) -> Answer<u8> {
    let registry = Arc::new(Registry::open(&args.registry()?)?);
    registry.remarks().iter().try_for_each(|remark| voice.remark(remark))?;
    up(&registry, serve.listen, voice)
}

/// Runs the server until it is told to stop.
pub(super) fn up(
    registry: &Arc<Registry>,
    listen: std::net::SocketAddr,
    voice: &mut Voice<'_>,
) -> Answer<u8> {
    let commands = relay::listen(registry)?;
    let reading = jobs::read_in_background(Arc::clone(registry));
    let served = web::serve(Arc::clone(registry), listen, |address| {
        // Nobody may be reading; the server runs all the same.
        let words = format!("Die Registratur ist erreichbar unter http://{address}/ (beenden mit Strg+C)");
        let _ = voice.remark(words);
        let _ = voice.result(&listening(address), String::new); // words about it are talk
    });
    reading.stop();
    commands.farewell();
    let _ = std::fs::remove_file(registry.layout().socket());
    served.map(|()| 0)
}

//! `serve`: opens the registry, takes commands and pages, reads what is unread.

use std::io::Write;
use std::sync::Arc;

use crate::cli::args::{Args, Serve};
use crate::cli::relay;
use crate::registry::{Answer, Registry};
use crate::{jobs, web};

pub(in crate::cli) fn run(args: &Args, serve: &Serve, err: &mut dyn Write) -> Answer<u8> {
    let registry = Arc::new(Registry::open(&args.registry()?)?);
    for notice in registry.notices() {
        writeln!(err, "Achtung: {notice}")?;
    }
    up(&registry, serve.listen, err)
}

/// Runs the server until it is told to stop.
pub(super) fn up(registry: &Arc<Registry>, listen: std::net::SocketAddr, err: &mut dyn Write) -> Answer<u8> {
    relay::listen(registry)?;
    let reading = jobs::read_in_background(Arc::clone(registry));
    let served = web::serve(Arc::clone(registry), listen, |address| {
        // Nobody may be reading; the server runs all the same.
        let _ = writeln!(err, "Die Registratur ist erreichbar unter http://{address}/ (beenden mit Strg+C)");
    });
    reading.stop();
    let _ = std::fs::remove_file(registry.layout().socket());
    served.map(|()| 0)
}

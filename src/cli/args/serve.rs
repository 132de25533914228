//! `serve`: the server, and what it takes in by itself.

use std::path::PathBuf;

use clap::Args;

/// `serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Adresse
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADRESSE")]
    pub listen: std::net::SocketAddr,
    /// Diesen Ordner beobachten und in den Posteingang erfassen, was hineingelegt wird; mehrmals für mehrere
    #[arg(long, value_name = "ORDNER")]
    pub watch: Vec<PathBuf>,
    /// Das Postfach aus diesem Profil leeren; mehrmals für mehrere
    #[arg(long, value_name = "PROFIL")]
    pub mail: Vec<PathBuf>,
}

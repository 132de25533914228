//! Where everything lies below the registry's folder, and its manifest `schriftgut.toml`.

use std::path::{Path, PathBuf};

use super::error::{Answer, Error};
use crate::disk::Disk;
use crate::domain::protection::ProtectionDomain;
use crate::format::manifest::Manifest;

/// The paths of one registry.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

macro_rules! paths {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> PathBuf {
            self.root.join($path)
        }
    )*};
}

impl Layout {
    /// The registry in this folder.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    paths! {
        /// The manifest: format, id, name, the ledger's public key.
        manifest = "schriftgut.toml";
        /// Held with an advisory lock by the one process that owns the registry.
        lock = "lock";
        /// Where a running server takes commands.
        socket = "server.sock";
        /// The master secret (key file). Belongs on another medium in a real installation.
        master_key = "keys/master.key";
        /// Record keys of the office.
        keyring = "keyring";
        /// Keys of the archive wing.
        archive_keyring = "archive-keyring";
        /// Objects of the office.
        vault = "vault";
        /// Objects of the archive wing.
        archive = "archive";
        /// What happened.
        ledger = "ledger";
        /// The ledger's head, in its second place.
        head = "head";
        /// Views: may be deleted at any time.
        views = "views";
        /// The catalogues, numbered; the newest is in use.
        catalog = "views/catalogue";
        /// The indexes, numbered; in use are the newest that are whole.
        indexes = "views/index";
        /// Room kept for destruction; holds nothing.
        reserve = "reserve";
        /// What people are sending in pieces, sealed, until it is a document.
        uploads = "uploads";
        /// What is remembered of delivered batches, sealed.
        deliveries = "deliveries";
        /// What was begun with the mails of a mailbox and is not finished, a folder for each.
        mailboxes = "mailboxes";
        /// Digest of the one-time token of the web set-up link.
        setup = "setup";
        /// Certificates of destruction.
        certificates = "certificates";
        /// The newest checkpoint with the register of destructions; a copy of it belongs outside.
        tombstones = "certificates/tombstones.note";
    }

    /// One catalogue; each rebuild makes the next.
    #[must_use]
    pub fn catalogue(&self, number: u64) -> PathBuf {
        self.catalog().join(number.to_string())
    }

    /// The indexes of all protection domains; each rebuild makes the next.
    #[must_use]
    pub fn indexes_numbered(&self, number: u64) -> PathBuf {
        self.indexes().join(number.to_string())
    }

    /// Says that these indexes had once followed to the end; holds nothing.
    #[must_use]
    pub fn indexes_whole(&self, number: u64) -> PathBuf {
        self.indexes_numbered(number).join("whole")
    }

    /// The index of one protection domain.
    #[must_use]
    pub fn index(&self, number: u64, domain: ProtectionDomain) -> PathBuf {
        self.indexes_numbered(number).join(domain.code())
    }

    /// Reads the manifest.
    ///
    /// # Errors
    /// A mistake if there is no registry here, or one of a newer version.
    pub fn read_manifest(&self, disk: &Disk) -> Answer<Manifest> {
        let path = self.manifest();
        let Some(bytes) = disk.read(&path)? else {
            return Err(Error::mistake(
                format!("In {} liegt keine Registratur", self.root.display()),
                "die Datei schriftgut.toml fehlt",
                "legen Sie mit `schriftgut init` eine an oder nennen Sie mit --registry den richtigen Ordner",
            ));
        };
        let text = String::from_utf8_lossy(&bytes);
        Manifest::read(&text).map_err(|cause| match cause {
            crate::format::FormatError::Newer { version, .. } => Error::mistake(
                format!("Die Registratur in {} kann nicht geöffnet werden", self.root.display()),
                format!("sie hat Format {version}, dieses Programm kennt nur Format {}", Manifest::FORMAT),
                "verwenden Sie die neuere Programmversion",
            ),
            other => Error::fault(
                format!("{} ist nicht lesbar", path.display()),
                "stellen Sie die Datei aus einer Sicherung der Inhalte wieder her; dort liegt sie unter demselben Namen",
                other,
            ),
        })
    }
}

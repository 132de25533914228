//! Open a registry: one process at a time, views caught up, begun destructions finished.

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use ed25519_dalek::SigningKey;

use super::backup::refuse_if_in_quarantine;
use super::error::{Answer, Error};
use super::layout::Layout;
use super::rebuild::{open_catalog, open_indexes};
use super::{Registry, RulesInForce, rules};
use crate::disk::{Disk, DiskError, Lock};
use crate::domain::event::OfficeEvent;
use crate::domain::ids::KeyId;
use crate::format::manifest::Manifest;
use crate::format::{file_plan, rule_pack};
use crate::intake::Workshop;
use crate::keyring::recovery::{RecoverySheet, Share};
use crate::keyring::{Keyring, MasterSecret};
use crate::ledger::{Ledger as _, LocalLedger, Recovery};
use crate::vault::{DisposableVault, LocalVault, ManifestState, Vault};

impl Registry {
    /// Opens the registry in this folder.
    ///
    /// # Errors
    /// A mistake if there is none or it is of a newer version, a refusal if another process owns it, a fault
    /// if its truth is damaged: then nothing is touched.
    pub fn open(root: &Path) -> Answer<Self> {
        Self::open_on(&Disk::real(), root)
    }

    /// As [`Self::open`], with the truth on this disk; the views lie on the real one.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(disk: &Disk, root: &Path) -> Answer<Self> {
        Self::open_ready(disk, root).map_err(Error::while_opening)
    }

    fn open_ready(disk: &Disk, root: &Path) -> Answer<Self> {
        let registry = Self::open_unready(disk, root)?;
        registry.settle_views()?;
        registry.reload_rules()?;
        refuse_if_in_quarantine(&registry)?;
        registry.remove_drills()?;
        registry.resume_destructions()?;
        Ok(registry)
    }

    /// Opens it without catching up; for founding, where there is nothing yet to catch up with.
    pub(super) fn open_unready(disk: &Disk, root: &Path) -> Answer<Self> {
        let layout = Layout::at(root);
        let manifest = layout.read_manifest(disk)?;
        let lock = own(disk, &layout)?;
        let master = MasterSecret::read_key_file(disk, &layout.master_key()).map_err(Error::no_master)?;
        Self::put_together(disk, layout, manifest, &master, lock)
    }

    /// The registry in a folder that has everything but its manifest and its master secret; for restoring.
    pub(super) fn assemble(
        disk: &Disk,
        layout: Layout,
        manifest: Manifest,
        master: &MasterSecret,
    ) -> Answer<Self> {
        let lock = own(disk, &layout)?;
        Self::put_together(disk, layout, manifest, master, lock)
    }

    fn put_together(
        disk: &Disk,
        layout: Layout,
        manifest: Manifest,
        master: &MasterSecret,
        lock: Lock,
    ) -> Answer<Self> {
        let keyring = Keyring::open_on(disk, &layout.keyring(), master)?;
        let archive_keyring = Keyring::open_on(disk, &layout.archive_keyring(), master)?;
        let signing = signing_key(&keyring)?;
        let ledger =
            LocalLedger::open_on(disk, &layout.ledger(), &layout.head(), signing, &manifest.origin())?;
        if ledger.head().size > 0 {
            require_stores(disk, &layout)?;
        }
        let vault = LocalVault::open_on(disk, &layout.vault())?;
        let archive = LocalVault::open_on(disk, &layout.archive())?;
        let put_right = put_right(ledger.recovery(), &vault, &archive);
        let (vault, archive): (Arc<dyn DisposableVault>, Arc<dyn Vault>) =
            (Arc::new(vault), Arc::new(archive));
        std::fs::create_dir_all(layout.views())?;
        let mut remarks = Vec::new();
        let catalog = open_catalog(&layout, &mut remarks)?;
        let indexes = open_indexes(&layout, &mut remarks)?;
        if ledger.head().size == 0 {
            // Being founded: there was no view to lose.
            remarks.clear();
        }
        remarks.extend(put_right);
        let workshop = Workshop::new()?;
        Ok(Self {
            disk: disk.clone(),
            manifest,
            vault,
            archive,
            ledger: Arc::new(ledger),
            keyring,
            archive_keyring,
            catalog: RwLock::new(catalog),
            indexes: RwLock::new(indexes),
            rules: RwLock::new(Arc::new(built_in_rules()?)),
            workshop,
            writing: Mutex::new(()),
            reading: Mutex::new(()),
            reading_desk: super::reading_queue::ReadingDesk::default(),
            renditions: super::rendition::Renditions::default(),
            uploads: super::uploads::Uploads::default(),
            deliveries_in_hand: super::deliveries::DeliveriesInHand::default(),
            building: Mutex::new(()),
            following: Mutex::new(()),
            broken: super::broken::Broken::default(),
            remarks: Mutex::new(remarks),
            layout,
            _lock: lock,
        })
    }

    /// The same registry with other workers; for tests, whose program is not this one.
    #[must_use]
    pub fn with_workshop(mut self, workshop: Workshop) -> Self {
        self.workshop = workshop;
        self
    }

    /// Copies the sealed keyrings to a place of their own; never the master secret.
    ///
    /// # Errors
    /// A fault if a copy cannot be written or does not open.
    pub fn back_up_keys(&self, to: &Path) -> Answer<()> {
        self.keyring.backup(&to.join("keyring"))?;
        self.archive_keyring.backup(&to.join("archive-keyring"))?;
        Ok(())
    }
}

/// What opening put right and a crash alone does not explain.
fn put_right(ledger: &Recovery, vault: &LocalVault, archive: &LocalVault) -> Vec<String> {
    let mut found = Vec::new();
    if ledger.slot_renewed {
        found.push(
            "Achtung: ein Stand des Nachweisbuchs war unlesbar und wurde aus den Einträgen erneuert"
                .to_owned(),
        );
    }
    for (name, vault) in [("Datenspeichers", vault), ("Archivs", archive)] {
        let state = match vault.opening().manifest {
            ManifestState::New | ManifestState::Sound => continue,
            ManifestState::Lost => "fehlte",
            ManifestState::Damaged => "war beschädigt",
        };
        found.push(format!(
            "Achtung: das Verzeichnis des {name} {state} und wurde aus den Dateien neu gemacht; prüfen Sie mit `schriftgut verify`"
        ));
    }
    found
}

/// What governs before the first event is read.
fn built_in_rules() -> Answer<RulesInForce> {
    let events = [
        OfficeEvent::FilePlanSet { edition: None, source: file_plan::MODEL.to_owned() },
        OfficeEvent::RulesEnacted {
            edition: String::new(),
            source: rule_pack::NRW_KOMMUNAL.rules.to_owned(),
        },
    ];
    rules::in_force(events.iter())
}

/// Makes this process the registry's owner.
fn own(disk: &Disk, layout: &Layout) -> Answer<Lock> {
    match disk.lock(&layout.lock()) {
        Ok(lock) => Ok(lock),
        Err(DiskError::Held { .. }) => Err(Error::Refusal(crate::domain::refusal::Refusal::new(
            format!("Die Registratur in {} ist schon geöffnet", layout.root().display()),
            "ein anderes Programm (vielleicht der Server) arbeitet damit",
            "beenden Sie es zuerst; bei laufendem Server gehen alle Befehle durch ihn",
        ))),
        Err(cause) => Err(cause.into()),
    }
}

/// The key the ledger's checkpoints are signed with.
pub(super) fn signing_key(keyring: &Keyring) -> Answer<SigningKey> {
    let seed = keyring.key(&KeyId::LEDGER_SIGNING)?.ok_or_else(|| {
        Error::fault(
            "Der Schlüssel des Nachweisbuchs fehlt",
            "stellen Sie den Schlüsselbund aus der Sicherung wieder her",
            "im Schlüsselbund ist keiner, mit dem es unterschrieben wird",
        )
    })?;
    Ok(SigningKey::from_bytes(seed.expose()))
}

/// The recovery sheets of a master secret, as text to print.
pub(super) fn recovery_sheets(master: &MasterSecret, name: &str) -> Vec<String> {
    RecoverySheet::shares(master, name).iter().map(Share::sheet_text).collect()
}

/// A registry with a history has both vaults. One that is not there (a disk that is not mounted, a folder somebody
/// moved) is never made anew: what is taken in then would lie beside what is lost.
fn require_stores(disk: &Disk, layout: &Layout) -> Answer<()> {
    for folder in [layout.vault(), layout.archive()] {
        if !disk.is_folder(&folder)? {
            return Err(Error::fault(
                format!("Der Speicher {} fehlt", folder.display()),
                "binden Sie den Datenträger ein oder legen Sie den Ordner zurück; ist er verloren, so legen Sie ihn leer \
                 an und holen die Inhalte mit `schriftgut repair --from` aus einer Sicherung",
                "das Nachweisbuch hat Einträge, aber der Ordner des Speichers ist nicht da",
            ));
        }
    }
    Ok(())
}

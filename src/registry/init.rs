//! Found a registry (Anlegen): keyring, vault, ledger and the first events. Asks nothing.

use std::collections::BTreeSet;
use std::path::Path;

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::layout::Layout;
use super::people::{NewPerson, registration};
use crate::base::digest::Blake3;
use crate::base::seal::random_bytes;
use crate::disk::Disk;
use crate::domain::actor::Role;
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::ids::{KeyId, PersonId};
use crate::domain::protection::ProtectionDomain;
use crate::format::manifest::Manifest;
use crate::format::rule_pack::BuiltIn;
use crate::format::{file_plan, record_type};
use crate::keyring::recovery::{RecoverySheet, Share};
use crate::keyring::{Keyring, MasterSecret};
use crate::ledger::LocalLedger;

/// Days an approved list waits, unless the registry is for showing.
pub const GRACE_DAYS: u16 = 30;

/// What a registry is founded with.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Its name, as certificates print it.
    pub name: String,
    /// For showing: zero days of grace, stamped certificates.
    pub demo: bool,
    /// Login of the operating-system user, who becomes administrator and clerk.
    pub login: String,
    /// The rules it begins with.
    pub rules: BuiltIn,
}

/// What founding yields once and never again.
pub struct Initial {
    /// The registry.
    pub registry: Registry,
    /// The one-time token of the web set-up link.
    pub setup_token: String,
    /// The three recovery sheets, text to print; any two restore the master secret.
    pub recovery_sheets: Vec<String>,
}

/// Founds a registry in a folder that is empty or does not exist.
///
/// # Errors
/// A mistake if something is there already.
pub fn found(root: &Path, founding: &Founding) -> Answer<Initial> {
    found_on(&Disk::real(), root, founding)
}

/// As [`found`], with the truth on this disk; the views lie on the real one.
///
/// # Errors
/// As [`found`].
pub fn found_on(disk: &Disk, root: &Path, founding: &Founding) -> Answer<Initial> {
    let layout = Layout::at(root);
    if !disk.names(root)?.is_empty() {
        return Err(Error::mistake(
            format!("In {} kann keine Registratur angelegt werden", root.display()),
            "der Ordner ist nicht leer",
            "nennen Sie einen leeren oder neuen Ordner",
        ));
    }
    if root.is_dir() {
        private(root)?;
    }
    disk.make_folder(&layout.root().join("keys"))?;
    let master = MasterSecret::random();
    master.write_key_file(disk, &layout.master_key())?;
    let keyring = Keyring::create_on(disk, &layout.keyring(), &master)?;
    let archive_keyring = Keyring::create_on(disk, &layout.archive_keyring(), &master)?;
    let domains = ProtectionDomain::ALL.map(KeyId::address);
    let person = PersonId(Uuid::new_v4());
    let mut office = vec![KeyId::OFFICE, KeyId::LOOKUP, KeyId::LEDGER_SIGNING, person.into()];
    office.extend(domains);
    keyring.add(&office)?;
    archive_keyring.add(&domains)?;

    let signing = super::open::signing_key(&keyring)?;
    let manifest = Manifest {
        id: Uuid::new_v4(),
        name: founding.name.clone(),
        ledger_key: signing.verifying_key().to_bytes(),
        demo: founding.demo,
    };
    let ledger = LocalLedger::create_on(disk, &layout.ledger(), &layout.head(), signing, &manifest.origin())?;
    drop((ledger, keyring, archive_keyring));
    disk.put_durably(&layout.manifest(), manifest.write().as_bytes())?;

    let registry = Registry::open_unready(disk, root)?;
    registry.first_events(founding, person)?;
    registry.reload_rules()?;
    let setup_token = registry.new_setup_token()?;
    let recovery_sheets = super::open::recovery_sheets(&master, &founding.name);
    Ok(Initial { registry, setup_token, recovery_sheets })
}

/// Writes a key file with the master secret out of two recovery sheets. Needs no open registry: it is what one
/// does when the key file is lost.
///
/// # Errors
/// A mistake that says which sheet or group is wrong, or that the file exists.
pub fn recover_master_key(root: &Path, sheets: &[String], out: &Path) -> Answer<()> {
    let refuse = |why: String, way_out: &str| {
        Err(Error::mistake("Der Hauptschlüssel kann nicht hergestellt werden", why, way_out))
    };
    if out.exists() {
        return refuse(format!("{} besteht schon", out.display()), "nennen Sie eine neue Datei");
    }
    let name = Layout::at(root).read_manifest(&Disk::real())?.name;
    let mut shares = Vec::with_capacity(sheets.len());
    for (number, sheet) in (1..).zip(sheets) {
        match Share::parse(&name, sheet) {
            Ok(share) => shares.push(share),
            Err(cause) => {
                return refuse(
                    format!("Blatt {number}: {}", cause.german()),
                    "vergleichen Sie jede Gruppe mit dem Blatt und geben Sie sie erneut ein",
                );
            }
        }
    }
    match RecoverySheet::recover(&shares) {
        Ok(master) => Ok(master.write_key_file(&Disk::real(), out)?),
        Err(cause) => refuse(cause.german(), "nehmen Sie zwei verschiedene Blätter derselben Registratur"),
    }
}

impl Registry {
    fn first_events(&self, founding: &Founding, person: PersonId) -> Answer<()> {
        let writing = self.writing()?;
        let plan = file_plan::MODEL.to_owned();
        let pack = founding.rules.rules.to_owned();
        let file_plan = super::file_plan::read_plan("Aktenplan", &plan)?;
        let book = super::rules::read_book("Regelwerk", &pack, &file_plan)?;
        let plan_edition = file_plan.edition().cloned();
        let grace_days = if founding.demo { 0 } else { GRACE_DAYS };
        let (name, demo) = (founding.name.clone(), founding.demo);
        let mut events = vec![
            Event::Office(OfficeEvent::Founded { name, grace_days, demo }),
            Event::Office(OfficeEvent::FilePlanSet { edition: plan_edition, source: plan }),
            Event::Office(OfficeEvent::RulesEnacted { edition: book.edition().to_string(), source: pack }),
            Event::Office(OfficeEvent::RecordTypesEnacted { sources: record_type::models() }),
        ];
        let operator = NewPerson {
            login: founding.login.clone(),
            name: founding.login.clone(),
            roles: BTreeSet::from([Role::Administrator, Role::Clerk]),
            clearances: BTreeSet::from([ProtectionDomain::General]),
        };
        events.extend(registration(person, &operator));
        self.record(&writing, person, &events)?;
        Ok(())
    }

    /// A new one-time token for the web set-up link; only its digest is kept.
    ///
    /// # Errors
    /// A fault if it cannot be written.
    pub fn new_setup_token(&self) -> Answer<String> {
        let token = crate::base::digest::hex(&random_bytes::<16>());
        let digest = Blake3::of(token.as_bytes()).to_string();
        self.disk.put_durably(&self.layout.setup(), digest.as_bytes())?;
        Ok(token)
    }

    /// Uses the token up: true once, for the right one.
    ///
    /// # Errors
    /// A fault if it cannot be read or removed.
    pub fn use_setup_token(&self, token: &str) -> Answer<bool> {
        if !self.setup_token_fits(token)? {
            return Ok(false);
        }
        self.disk.remove(&self.layout.setup())?;
        self.disk.sync_folder(self.layout.root())?;
        Ok(true)
    }

    /// The token is the one that was given out, and unused. Digests are compared, so the time tells nothing.
    ///
    /// # Errors
    /// A fault if it cannot be read.
    pub fn setup_token_fits(&self, token: &str) -> Answer<bool> {
        let kept = self.disk.read(&self.layout.setup())?;
        Ok(kept.is_some_and(|kept| kept == Blake3::of(token.as_bytes()).to_string().as_bytes()))
    }
}

/// For the owner alone: `rwx------`.
fn private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

//! A room with a content backup, a place for keys and a drawer outside.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use schriftgut::domain::event::{Event, OfficeEvent};
use schriftgut::domain::ids::DocumentId;
use schriftgut::format::event::decode;
use schriftgut::registry::{Answer, BackedUp, Restore, Restored, Subject, restore};

use crate::common::{OPERATOR, TestOffice};

/// See the module documentation.
pub struct Room {
    dir: TempDir,
}

impl Room {
    pub fn new() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    pub fn place(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn content(&self) -> PathBuf {
        self.place("inhalte")
    }

    pub fn keys(&self) -> PathBuf {
        self.place("schluessel")
    }

    /// The master secret, as it lies in an office's folder.
    pub fn master(&self, office: &TestOffice) -> PathBuf {
        office.root().join("keys/master.key")
    }

    /// Contents only.
    pub fn back_up_content(&self, office: &TestOffice) -> Answer<BackedUp> {
        let administrator = office.registry().person(OPERATOR).unwrap();
        office.registry().back_up(administrator.as_administrator()?, &self.content())
    }

    pub fn back_up_keys(&self, office: &TestOffice) -> Answer<schriftgut::registry::KeysBackedUp> {
        let administrator = office.registry().person(OPERATOR).unwrap();
        office.registry().back_up_keyrings(administrator.as_administrator()?, &self.keys())
    }

    /// Contents and keys.
    pub fn back_up(&self, office: &TestOffice) -> BackedUp {
        let done = self.back_up_content(office).unwrap();
        self.back_up_keys(office).unwrap();
        done
    }

    /// The current checkpoint with the register of destructions, kept outside.
    pub fn outside(&self, office: &TestOffice) -> PathBuf {
        let caretaker = crate::common::caretaker();
        let text = office.registry().checkpoint(caretaker.as_caretaker().unwrap()).unwrap();
        let path = self.place("pruefpunkt.note");
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Restores into a folder of its own, verified with data; not opened.
    pub fn restore_closed(&self, master: &Path, to: &Path, checkpoint: Option<&Path>) -> Answer<Restored> {
        let (from, keys) = (self.content(), self.keys());
        restore(&Restore { from: &from, keys: &keys, master, to, checkpoint, read_data: true })
    }

    /// Restores and opens.
    pub fn restore(&self, office: &TestOffice, checkpoint: Option<&Path>) -> Answer<(TestOffice, Restored)> {
        let to = TempDir::new().unwrap();
        let place = to.path().join("amt");
        let report = self.restore_closed(&self.master(office), &place, checkpoint)?;
        Ok((TestOffice::copy_of(&place), report))
    }
}

/// Both say the same of every document, file, list, certificate and search.
pub fn same(one: &TestOffice, other: &TestOffice, documents: &[DocumentId], words: &[&str]) {
    for id in documents {
        assert_eq!(one.get(*id).unwrap(), other.get(*id).unwrap(), "{id}");
        let view = |office: &TestOffice| {
            let shown = office.registry().show_document(office.manager.as_reader().unwrap(), *id).unwrap();
            let file = shown.file.as_ref().map(|file| {
                let reader = office.manager.as_reader().unwrap();
                let view = office.registry().show_file_by_id(reader, file.id, office.today()).unwrap();
                format!("{view:#?}")
            });
            (format!("{shown:#?}"), file)
        };
        assert_eq!(view(one), view(other), "{id}");
    }
    let lists = |office: &TestOffice| {
        let lists = office.registry().lists(office.manager.as_auditor().unwrap()).unwrap();
        let certificates: Vec<_> = crate::common::files_below(&office.registry().layout().certificates())
            .into_iter()
            .filter(|path| path.extension().is_some_and(|end| end != "note"))
            .map(|path| (path.file_name().unwrap().to_owned(), std::fs::read(path).unwrap()))
            .collect();
        (lists, certificates)
    };
    if !words.is_empty() {
        assert_eq!(lists(one), lists(other));
    }
    for word in words {
        let found = |office: &TestOffice| {
            let reader = office.manager.as_reader().unwrap();
            let page = office.registry().search(reader, word, 0, 100).unwrap();
            let hits: Vec<_> = page
                .hits
                .iter()
                .map(|hit| (hit.document.as_ref().map(|d| d.id), hit.page, hit.snippet.text.clone()))
                .collect();
            (page.total, hits)
        };
        assert_eq!(found(one), found(other), "{word}");
    }
}

/// Events of backups in an office's ledger: restored, released, drilled.
pub fn office_events(office: &TestOffice) -> Vec<Event> {
    let auditor = office.archivist.as_auditor().unwrap();
    let mut events = Vec::new();
    for number in 0.. {
        let Ok(proof) = office.registry().prove(auditor, &Subject::Entry(number)) else { break };
        let entry = schriftgut::ledger::Entry::from_leaf(&proof.entries[0].leaf).unwrap();
        if let (105..=107, Some(plain)) = (entry.header.kind.0, &proof.entries[0].plain) {
            events.push(decode(entry.header.kind.0, entry.header.subject, &plain[32..]).unwrap());
        }
    }
    events
}

/// The restorations among them.
pub fn restorations(office: &TestOffice) -> Vec<OfficeEvent> {
    let office_event = |event| match event {
        Event::Office(event @ OfficeEvent::Restored { .. }) => Some(event),
        _ => None,
    };
    office_events(office).into_iter().filter_map(office_event).collect()
}

//! Hand over (Abgabe): what is worth keeping is sealed anew in the archive wing and read back. The archive wing has no `destroy`.
//! How it is given out: [`super::package`], [`super::dialogue`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Write};

use jiff::civil::Date;
use sha2::{Digest as _, Sha256 as Hasher};
use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::seals::{unwrap_object_key, wrap_object_key};
use crate::base::digest::Sha256;
use crate::catalog::Kind;
use crate::domain::actor::Archivist;
use crate::domain::appraisal::thinning::{LeftOut, Thinned, require_not_held};
use crate::domain::case_file::CaseFile;
use crate::domain::disposal::{DisposalList, LineState};
use crate::domain::document::{Document, HeldObject};
use crate::domain::event::{ArchiveEvent, Event, FileEvent};
use crate::domain::ids::{ArchiveCopyId, CaseFileId, DisposalListId, DocumentId, KeyId};
use crate::domain::refusal::Refusal;
use crate::format::package::bag::{BaggedDocument, BaggedRegister, BaggedThinning};
use crate::format::package::safe_name;
use crate::vault::VaultError;

/// Largest object handed over.
const OBJECT_BYTES_MAX: u64 = super::ingest::ORIGINAL_BYTES_MAX;

/// A file that is to be taken over, and what of it.
struct Taken {
    file: CaseFile,
    kept: Vec<DocumentId>,
    thinned: Option<Thinned>,
}

/// A file that was taken over into the archive wing.
pub(super) struct Copy {
    pub(super) id: ArchiveCopyId,
    pub(super) file: CaseFile,
    pub(super) objects: Vec<(String, HeldObject)>,
    pub(super) documents: Vec<BaggedDocument>,
    pub(super) thinned: Option<BaggedThinning>,
}

impl Registry {
    /// Takes every archive-worthy line of a list over into the archive wing that is not there yet; all copies made of the list.
    pub(super) fn take_over_list(
        &self,
        archivist: Archivist<'_>,
        list: DisposalListId,
        on: Date,
    ) -> Answer<Vec<Copy>> {
        let list = self.take_over_lines(archivist, list, on)?;
        let copies = list.lines.keys().map(|file| self.copy_of(&list, *file));
        let copies: Vec<_> = copies.filter_map(Answer::transpose).collect::<Answer<_>>()?;
        if copies.is_empty() { Err(nothing_to_hand_over()) } else { Ok(copies) }
    }

    /// The same; the list as it is then.
    pub(super) fn take_over_lines(
        &self,
        archivist: Archivist<'_>,
        list: DisposalListId,
        on: Date,
    ) -> Answer<DisposalList> {
        drop(self.writing()?); // what an interrupted hand-over has recorded is seen from here on
        let taken = self.to_take_over(list)?;
        let kept = taken.iter().flat_map(|taken| taken.kept.iter().copied());
        let mut documents = self.documents_from_chains(kept)?;
        for taken in taken {
            self.take_over(archivist, list, taken, &mut documents, on)?;
        }
        self.list_named(list)
    }

    /// The files that are still to be taken over, each with the documents that are kept of it: all but those the archive
    /// has named. Everything out of the files' own chains, and checked before the first is taken over.
    fn to_take_over(&self, id: DisposalListId) -> Answer<Vec<Taken>> {
        let list = self.list_named(id)?;
        let chains = self.chains(&list.to_archive().map(|line| line.file.0).collect())?;
        let mut taken = Vec::new();
        for line in list.to_archive() {
            let events = chains.get(&line.file.0).map(Vec::as_slice).unwrap_or_default();
            let events: Vec<_> = events.iter().filter_map(Event::of_file).collect();
            let file = CaseFile::replay(line.file, events.iter().copied().cloned());
            let file = file.ok_or_else(|| Error::unknown("Akte", &line.file.to_string()))?;
            let thinned = list.thinned.get(&file.id).copied();
            let left_out = last_left_out(events.iter().copied(), id);
            if left_out.map(|left_out| left_out.seal(file.id)) != thinned.map(|thinned| thinned.seal) {
                return Err(other_documents(&file));
            }
            if thinned.is_some() {
                require_not_held(&file)?;
            }
            let left_out: BTreeSet<_> = left_out.iter().flat_map(|left_out| &left_out.documents).collect();
            let kept: Vec<_> =
                file.documents.iter().copied().filter(|document| !left_out.contains(document)).collect();
            if thinned.is_some() && kept.is_empty() {
                return Err(other_documents(&file));
            }
            taken.push(Taken { kept, thinned, file });
        }
        Ok(taken)
    }

    /// One file into the archive wing: keys, objects, read back, then the entries.
    fn take_over(
        &self,
        archivist: Archivist<'_>,
        list: DisposalListId,
        Taken { file, kept, thinned }: Taken,
        documents: &mut HashMap<DocumentId, Document>,
        on: Date,
    ) -> Answer<()> {
        self.require_room(0)?;
        let id = ArchiveCopyId(Uuid::new_v4());
        let copy_key = self.written(self.archive_keyring.add(&[id.into()]))?.remove(0);
        let address_key = self.archive_key(KeyId::address(file.domain))?;
        let stager = self.archive.stager(&address_key.derive(&format!("schriftgut archive copy {id}")));
        let (mut objects, mut staged) = (Vec::new(), Vec::new());
        for document in &kept {
            let document = documents.remove(document);
            let document = document.ok_or_else(|| Error::unknown("Dokument", "der Akte"))?;
            for (name, held) in named_objects(&document) {
                let mut plain = self.open_object(document.id, held)?;
                let object = match stager.stage(&mut plain, OBJECT_BYTES_MAX) {
                    Err(cause @ VaultError::Source(_)) => return Err(cause.into()), // the office's copy, not the disk
                    staged => self.staged(staged.map_err(Error::from))?,
                };
                if object.sha256 != held.sha256 {
                    return Err(differs(&name));
                }
                let wrapped_key = wrap_object_key(id.into(), &copy_key, &object.id, &object.object_key);
                let (sha256, size_bytes) = (object.sha256, object.size_bytes);
                objects.push((name, HeldObject { id: object.id, sha256, size_bytes, wrapped_key }));
                staged.push(object);
            }
        }
        // Equal documents of one file are one object: the later ones take the first one's key.
        let keys: BTreeMap<_, _> = staged.iter().rev().map(|s| (s.id, s.object_key.clone())).collect();
        for (_, held) in &mut objects {
            held.wrapped_key = wrap_object_key(id.into(), &copy_key, &held.id, &keys[&held.id]);
        }
        self.written(self.archive.deposit(staged))?;
        for (name, held) in &objects {
            let read_back = hash(&mut self.open_archived(id, held)?)?;
            if read_back != held.sha256 {
                return Err(differs(name));
            }
        }
        let writing = self.writing()?;
        let decided = self.decided_so(list, &file, thinned)?;
        let taken_over = ArchiveEvent::TakenOver {
            file: file.id,
            reference: file.reference.clone(),
            title: file.title.clone(),
            class: file.class.clone(),
            on,
            objects,
        };
        let handed = decided.transfer(file.id, id)?;
        let events = [
            Event::Archive(id, taken_over),
            Event::File(file.id, FileEvent::Transferred { list, copy: id, on }),
            Event::List(list, handed),
        ];
        self.record(&writing, archivist.actor().id, &events)?;
        Ok(())
    }

    /// The list, if it still says that this and no other part of a file is kept, and no hold came over it meanwhile.
    fn decided_so(
        &self,
        list: DisposalListId,
        file: &CaseFile,
        thinned: Option<Thinned>,
    ) -> Answer<DisposalList> {
        let decided = self.list_named(list)?;
        if decided.thinned.get(&file.id).copied() != thinned {
            return Err(Error::Refusal(Refusal::new(
                format!("Die Akte {} wurde nicht abgegeben", file.reference),
                "das Archiv hat während der Abgabe anders entschieden, was von ihr übernommen wird",
                "geben Sie noch einmal ab",
            )));
        }
        if let Some(now) = thinned.and(self.cover(file.id)?) {
            require_not_held(&now)?;
        }
        Ok(decided)
    }

    pub(super) fn archive_key(&self, id: KeyId) -> Answer<crate::base::seal::SealKey> {
        self.archive_keyring.key(&id)?.ok_or_else(|| {
            Error::fault(
                "Ein Schlüssel des Archivs fehlt",
                "prüfen Sie mit `schriftgut verify`",
                format!("im Schlüsselbund des Archivs fehlt der Schlüssel {id}"),
            )
        })
    }

    pub(super) fn open_archived(
        &self,
        copy: ArchiveCopyId,
        held: &HeldObject,
    ) -> Answer<Box<dyn Read + Send>> {
        let key = unwrap_object_key(copy.into(), &self.archive_key(copy.into())?, held)?;
        Ok(Box::new(self.archive.open(&held.id, &key)?))
    }

    /// The archive copy that was made of a file on this list; none if there is none.
    pub(super) fn copy_of(&self, list: &DisposalList, file: CaseFileId) -> Answer<Option<Copy>> {
        let Some((_, LineState::Transferred(id))) = list.lines.get(&file) else { return Ok(None) };
        let lived = self.lived(Kind::Archive, id.0)?.unwrap_or_default();
        let Some(ArchiveEvent::TakenOver { objects, .. }) = lived.archive_events().next() else {
            return Ok(None);
        };
        let Some(file) = self.file(file)? else { return Ok(None) };
        let documents = self.bagged(&file, objects)?;
        let thinned = self.bagged_thinning(list, file.id)?;
        Ok(Some(Copy { id: *id, file, objects: objects.clone(), documents, thinned }))
    }

    /// The documents of a file of which the copy holds something.
    fn bagged(&self, file: &CaseFile, objects: &[(String, HeldObject)]) -> Answer<Vec<BaggedDocument>> {
        let rules = self.rules()?;
        let registers = rules.registers(file.record_type.as_ref());
        let mut bagged = Vec::new();
        for id in &file.documents {
            let Some(document) = self.document(*id)? else { continue };
            let Some((datei, _)) = named_objects(&document).pop() else { continue };
            if objects.iter().all(|(name, _)| *name != datei) {
                continue;
            }
            let register = document.register.as_ref().map(|number| BaggedRegister {
                nummer: number.to_string(),
                titel: number.among(registers).map(|register| register.title.clone()),
            });
            bagged.push(BaggedDocument { datei, dokument: id.to_string(), register });
        }
        Ok(bagged)
    }

    /// That a file is in the bag in part, by which rule and why.
    fn bagged_thinning(&self, list: &DisposalList, file: CaseFileId) -> Answer<Option<BaggedThinning>> {
        let Some(thinned) = list.thinned.get(&file) else { return Ok(None) };
        let lived = self.lived(Kind::File, file.0)?.unwrap_or_default();
        let noted = lived.file_events().filter_map(|event| match event {
            FileEvent::AppraisalNoted { list: of, reason, left_out: Some(left_out), .. }
                if *of == list.id =>
            {
                Some((reason.clone(), left_out.rule.clone()))
            }
            _ => None,
        });
        let (begruendung, regel) = noted.last().unwrap_or_default();
        let (von, nicht_uebernommen) = (thinned.of, thinned.left_out());
        Ok(Some(BaggedThinning { nicht_uebernommen, von, regel, begruendung }))
    }
}

/// What of a document is handed over, with its name in the bag: the original and the text of every version.
pub(super) fn named_objects(document: &Document) -> Vec<(String, &HeldObject)> {
    let name = |version, file_name: &str| name_in_copy(document, version, file_name);
    let mut named = Vec::new();
    for (version, earlier) in (1..).zip(&document.earlier) {
        let original = name(version, &earlier.file_name);
        named.extend(earlier.text.object().map(|text| (format!("{original}.text.json"), text)));
        named.push((original, &earlier.original));
    }
    let original = name(document.version(), &document.file_name);
    named.extend(document.text.object().map(|text| (format!("{original}.text.json"), text)));
    named.push((original, &document.original));
    named
}

/// What an archive copy calls the original of a version.
pub(super) fn name_in_copy(document: &Document, version: usize, file_name: &str) -> String {
    let short = &document.id.to_string()[..8];
    match document.version() {
        1 => format!("{short}_{}", safe_name(file_name)),
        _ => format!("{short}_v{version}_{}", safe_name(file_name)),
    }
}

/// The documents the archive copy does without by the last decision on this list.
fn last_left_out<'a>(events: impl Iterator<Item = &'a FileEvent>, id: DisposalListId) -> Option<&'a LeftOut> {
    let noted = events.filter_map(|event| match event {
        FileEvent::AppraisalNoted { list, left_out, .. } if *list == id => Some(left_out.as_ref()),
        _ => None,
    });
    noted.last().flatten()
}

pub(super) fn nothing_to_hand_over() -> Error {
    Error::mistake(
        "Es gibt nichts abzugeben",
        "auf dieser Liste ist keine Zeile als archivwürdig entschieden",
        "das Archiv bewertet die Zeilen zuerst (`schriftgut list appraise`)",
    )
}

fn other_documents(file: &CaseFile) -> Error {
    Error::fault(
        format!("Die Abgabe der Akte {} ist abgebrochen", file.reference),
        "lassen Sie das Archiv die Zeile noch einmal bewerten; die Akte gilt nicht als abgegeben",
        "die Dokumente, die nicht übernommen werden, sind nicht die, über die auf der Liste entschieden ist",
    )
}

pub(super) fn differs(name: &str) -> Error {
    Error::fault(
        "Die Abgabe ist abgebrochen: eine Datei weicht ab",
        "prüfen Sie mit `schriftgut verify --read-data`; die Akte gilt nicht als abgegeben",
        format!("„{name}“ ist beim Nachlesen nicht, wie es vermerkt ist"),
    )
}

/// SHA-256 of everything a source yields.
pub(super) fn hash(source: &mut dyn Read) -> Answer<Sha256> {
    copy_hashed(source, &mut std::io::sink())
}

pub(super) fn copy_hashed(source: &mut dyn Read, target: &mut dyn Write) -> Answer<Sha256> {
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 128 << 10];
    loop {
        let read = source.read(&mut buffer)?;
        if read == 0 {
            return Ok(Sha256(hasher.finalize().into()));
        }
        hasher.update(&buffer[..read]);
        target.write_all(&buffer[..read])?;
    }
}

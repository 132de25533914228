//! The register of places: everywhere a registry keeps anything, each with how it is decoded. The checker walks
//! all of them looking for marker words: with keys, through compression and encodings, and raw. A new place must
//! be entered here ([`PlaceKind::ALL`] is matched without a catch-all) or the checker cannot say "gone".

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization as _;

use super::Registry;
use super::error::Answer;
use super::indexes::Indexes;
use crate::catalog::Kind;
use crate::domain::event::{ArchiveEvent, Event};
use crate::domain::protection::ProtectionDomain;
use crate::format::event::encode;
use crate::ledger::EntryNo;

/// Bytes read at a time where files are searched raw.
const CHUNK_BYTES: usize = 1 << 20;

/// A kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// Originals and text layers that any key in the keyring opens.
    Vault,
    /// The same in the archive wing.
    Archive,
    /// Entries of the ledger that any key opens.
    Ledger,
    /// Rows and keys of the catalogue.
    Catalog,
    /// Words, deleted ones too, of every index.
    Index,
    /// Every file below the registry's folder, as raw bytes: certificates, manifest, staging, locks, keyrings,
    /// heads, whatever else lies there.
    Files,
}

impl PlaceKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Vault, Self::Archive, Self::Ledger, Self::Catalog, Self::Index, Self::Files];
}

/// A marker was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarkerFound {
    /// The kind of place.
    pub place: PlaceKind,
    /// Where exactly.
    pub at: String,
    /// Which marker, by its position in the question.
    pub marker: usize,
}

/// The markers, ready to be looked for.
struct Markers {
    /// Of each its spellings: ASCII in lower case, other letters in both cases, accents composed and apart.
    spellings: Vec<BTreeSet<Vec<u8>>>,
}

impl Markers {
    fn of(markers: &[String]) -> Self {
        let spellings = |marker: &String| {
            let cases = [marker.clone(), marker.to_lowercase(), marker.to_uppercase()];
            let forms = cases.iter().flat_map(|case| [case.nfc().collect::<String>(), case.nfd().collect()]);
            forms.map(|form| form.to_ascii_lowercase().into_bytes()).collect()
        };
        Self { spellings: markers.iter().map(spellings).collect() }
    }

    /// Which markers are in these bytes, in upper or lower case.
    fn within(&self, bytes: &[u8]) -> Vec<usize> {
        let folded = bytes.to_ascii_lowercase();
        let holds =
            |marker: &Vec<u8>| folded.windows(marker.len().max(1)).any(|window| window == marker.as_slice());
        (0..self.spellings.len()).filter(|n| self.spellings[*n].iter().any(holds)).collect()
    }

    fn longest(&self) -> usize {
        self.spellings.iter().flatten().map(Vec::len).max().unwrap_or(0)
    }
}

impl Registry {
    /// Looks for marker words (letters and digits) in every place. Finds them where they are; where they are
    /// not found, they are in no place this program knows of.
    ///
    /// # Errors
    /// A fault if a place cannot be read: then nothing is said about it.
    pub fn look_for(&self, markers: &[String]) -> Answer<Vec<MarkerFound>> {
        let wanted = Markers::of(markers);
        let mut found = Vec::new();
        for place in PlaceKind::ALL {
            match place {
                PlaceKind::Vault => self.look_in_vault(&wanted, &mut found)?,
                PlaceKind::Archive => self.look_in_archive(&wanted, &mut found)?,
                PlaceKind::Ledger => self.look_in_ledger(&wanted, &mut found)?,
                PlaceKind::Catalog => self.look_in_catalog(&wanted, &mut found)?,
                PlaceKind::Index => self.look_in_indexes(markers, &mut found)?,
                PlaceKind::Files => look_in_files(self.layout.root(), &wanted, &mut found)?,
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn look_in_vault(&self, wanted: &Markers, found: &mut Vec<MarkerFound>) -> Answer<()> {
        self.each_event(&mut |_, event| {
            let Event::Document(document, event) = event else { return Ok(()) };
            let Some(held) = event.held() else { return Ok(()) };
            if self.vault.contains(&held.id)? {
                let bytes = self.read_object(document, held)?;
                note(PlaceKind::Vault, &format!("{} ({document})", held.id), wanted, &bytes, found);
            }
            Ok(())
        })
    }

    fn look_in_archive(&self, wanted: &Markers, found: &mut Vec<MarkerFound>) -> Answer<()> {
        self.each_event(&mut |_, event| {
            let Event::Archive(copy, ArchiveEvent::TakenOver { objects, .. }) = event else { return Ok(()) };
            for (name, held) in &objects {
                let mut bytes = Vec::new();
                self.open_archived(copy, held)?.read_to_end(&mut bytes)?;
                note(PlaceKind::Archive, &format!("{copy} {name}"), wanted, &bytes, found);
            }
            Ok(())
        })
    }

    fn look_in_ledger(&self, wanted: &Markers, found: &mut Vec<MarkerFound>) -> Answer<()> {
        self.each_event(&mut |number, event| {
            note(PlaceKind::Ledger, &format!("Eintrag {}", number.0), wanted, &encode(&event), found);
            Ok(())
        })
    }

    /// Every event that any key opens.
    fn each_event(&self, each: &mut dyn FnMut(EntryNo, Event) -> Answer<()>) -> Answer<()> {
        self.each_entry_from(0, &mut |entry| match self.open_body(entry)? {
            Some(event) => each(entry.header.number, event),
            None => Ok(()),
        })
    }

    fn look_in_catalog(&self, wanted: &Markers, found: &mut Vec<MarkerFound>) -> Answer<()> {
        let catalog = self.catalog()?;
        for item in catalog.everything()? {
            let (key, value) = item?;
            let at = crate::base::digest::hex(&key);
            note(PlaceKind::Catalog, &at, wanted, &key, found);
            note(PlaceKind::Catalog, &at, wanted, &value, found);
        }
        for kind in [Kind::Office, Kind::Person, Kind::File, Kind::Document, Kind::List, Kind::Archive] {
            for (id, row) in catalog.rows(kind, None, usize::MAX)? {
                for event in self.open_row(kind, id, &row)?.events() {
                    note(PlaceKind::Catalog, &id.to_string(), wanted, &encode(event), found);
                }
            }
        }
        Ok(())
    }

    /// Those in use, and those a rebuild has begun.
    fn look_in_indexes(&self, markers: &[String], found: &mut Vec<MarkerFound>) -> Answer<()> {
        let _nobody_builds = self.building()?;
        let _nobody_follows = self.following()?;
        let indexes = self.indexes()?;
        let begun = indexes.number() + 1;
        look_in_index_of_each(&indexes, markers, found)?;
        if self.layout.indexes_numbered(begun).exists() {
            look_in_index_of_each(&Indexes::open(&self.layout, begun)?, markers, found)?;
        }
        Ok(())
    }
}

fn look_in_index_of_each(indexes: &Indexes, markers: &[String], found: &mut Vec<MarkerFound>) -> Answer<()> {
    let wanted = Markers::of(markers);
    for domain in ProtectionDomain::ALL {
        let index = indexes.of_domain(domain)?;
        let at = format!("{}/{}", indexes.number(), domain.code());
        // Words may be kept folded or stemmed: each marker is asked for as the index would keep it, too.
        for (marker, word) in markers.iter().enumerate() {
            if index.contains_word(word)? {
                found.push(MarkerFound { place: PlaceKind::Index, at: at.clone(), marker });
            }
        }
        index.for_each_term(&mut |term| {
            note(PlaceKind::Index, &at, &wanted, term, found);
            ControlFlow::Continue(())
        })?;
    }
    Ok(())
}

fn note(place: PlaceKind, at: &str, wanted: &Markers, bytes: &[u8], found: &mut Vec<MarkerFound>) {
    found.extend(wanted.within(bytes).into_iter().map(|marker| MarkerFound {
        place,
        at: at.to_owned(),
        marker,
    }));
}

fn look_in_files(root: &Path, wanted: &Markers, found: &mut Vec<MarkerFound>) -> Answer<()> {
    let mut waiting: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(path) = waiting.pop() {
        note(
            PlaceKind::Files,
            &path.display().to_string(),
            wanted,
            path.as_os_str().as_encoded_bytes(),
            found,
        );
        let kind = std::fs::symlink_metadata(&path)?.file_type();
        if kind.is_dir() {
            for entry in std::fs::read_dir(&path)? {
                waiting.push(entry?.path());
            }
        } else if kind.is_file() {
            look_in_file(&path, wanted, found)?;
        }
    }
    Ok(())
}

/// Reads in chunks that overlap by the longest marker, so that none is cut in two.
fn look_in_file(path: &Path, wanted: &Markers, found: &mut Vec<MarkerFound>) -> Answer<()> {
    let mut file = File::open(path)?;
    let mut window: Vec<u8> = Vec::new();
    loop {
        let keep = window.len().min(wanted.longest());
        window.drain(..window.len() - keep);
        let read = file.by_ref().take(CHUNK_BYTES as u64).read_to_end(&mut window)?;
        note(PlaceKind::Files, &path.display().to_string(), wanted, &window, found);
        if read == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Markers;

    #[test]
    fn a_marker_is_seen_in_either_case_and_however_its_accents_are_written() {
        let markers = Markers::of(&["Mühle".to_owned()]);
        for text in ["die Mühle", "DIE MÜHLE", "mühle", "Mu\u{308}hle", "MU\u{308}HLE"] {
            assert_eq!(markers.within(text.as_bytes()), [0], "{text}");
        }
        assert!(markers.within("Muhle".as_bytes()).is_empty());
    }
}

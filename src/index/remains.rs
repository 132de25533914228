//! What words are still there, by decoding everything the index keeps.
//!
//! A byte search finds nothing: terms are automata, stores are compressed. Here every segment whose files lie
//! in the directory is opened, whether `meta.json` still names it or not, with its deleted entries.

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::time::Duration;

use tantivy::index::{SegmentId, SegmentMeta, SegmentReader};

use super::analysis::{chunks, fold_whole, stem};
use super::schema::{CLASS, PAGE, STREET_NAME};
use super::{Index, IndexError, guarded};

/// What was merged in passing goes away, and what is being merged is not whole yet: both are over soon.
const LOOKS_MAX: usize = 40;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

impl Index {
    /// Whether a word, or a word that contains it, is kept anywhere: as folded word or as its stem.
    ///
    /// # Errors
    /// [`IndexError::NotAWord`] if `word` is not one word after analysis (at most 80 letters, no blanks);
    /// an error means *not known*, never *gone*.
    pub fn contains_word(&self, word: &str) -> Result<bool, IndexError> {
        let all = chunks(word);
        let whole = match all.as_slice() {
            [chunk] if chunk.pieces.len() == 1 || chunk.joined().is_some() => fold_whole(word),
            _ => return Err(IndexError::NotAWord),
        };
        let whole = whole.as_bytes();
        let stem = stem(&all[0].folded).into_owned();
        let mut found = false;
        self.for_each_term(&mut |term| {
            found = term == stem.as_bytes() || term.windows(whole.len()).any(|part| part == whole);
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(found)
    }

    /// Shows `visit` everything that is kept: every term of every field of every segment, and every stored
    /// entry, and every word of every column, until it breaks off. Ids are raw bytes, words UTF-8. Other columns hold
    /// numbers and ids only, and each of these ids is a term as well.
    ///
    /// # Errors
    /// Damage; and segments that are just being written cannot be read, so ask while nobody indexes. What is merged in
    /// passing is waited for; then `visit` sees everything once more.
    pub fn for_each_term(&self, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), IndexError> {
        let _still = self.writer();
        let _reading = self.reading();
        let mut looks = 0;
        loop {
            looks += 1;
            match self.walk_all(visit) {
                Err(IndexError::Damaged(_)) if looks < LOOKS_MAX => std::thread::sleep(BETWEEN_LOOKS),
                done => return done,
            }
        }
    }

    fn walk_all(&self, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<(), IndexError> {
        guarded(|| {
            for meta in self.segments_on_disk()? {
                let segment = SegmentReader::open(&self.engine.segment(meta))?;
                let walks = [walk_terms, walk_store, walk_columns];
                if walks.iter().map(|walk| walk(&segment, visit)).find_map(broken).transpose()?.is_some() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// The segments that `meta.json` names, and those whose files lie about.
    fn segments_on_disk(&self) -> Result<Vec<SegmentMeta>, IndexError> {
        let mut metas = self.engine.searchable_segment_metas()?;
        let known: BTreeSet<SegmentId> = metas.iter().map(SegmentMeta::id).collect();
        let mut others = BTreeSet::new();
        for entry in fs::read_dir(&self.dir).map_err(IndexError::Directory)? {
            let name = entry.map_err(IndexError::Directory)?.file_name();
            let name = name.to_string_lossy();
            let id = name.split('.').next().and_then(|id| SegmentId::from_uuid_string(id).ok());
            others.extend(id.filter(|id| !known.contains(id)));
        }
        // How many entries they have is unknown; `walk_store` counts a column instead.
        metas.extend(others.into_iter().map(|id| self.engine.new_segment_meta(id, 0)));
        Ok(metas)
    }
}

type Walk = Result<ControlFlow<()>, IndexError>;

/// The walk went wrong or was broken off.
fn broken(walk: Walk) -> Option<Result<(), IndexError>> {
    match walk {
        Ok(ControlFlow::Continue(())) => None,
        Ok(ControlFlow::Break(())) => Some(Ok(())),
        Err(error) => Some(Err(error)),
    }
}

fn walk_columns(segment: &SegmentReader, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Walk {
    for name in [CLASS, STREET_NAME] {
        let Some(column) = segment.fast_fields().str(name)? else { continue };
        let mut stream = column.dictionary().stream().map_err(tantivy::TantivyError::from)?;
        while stream.advance() {
            if visit(stream.key()).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn walk_terms(segment: &SegmentReader, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Walk {
    for (field, entry) in segment.schema().fields() {
        if !entry.is_indexed() {
            continue;
        }
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().stream().map_err(tantivy::TantivyError::from)?;
        while stream.advance() {
            if visit(stream.key()).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn walk_store(segment: &SegmentReader, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Walk {
    let store = segment.get_store_reader(1).map_err(tantivy::TantivyError::from)?;
    for doc in 0..segment.fast_fields().u64(PAGE)?.num_docs() {
        if visit(&store.get_document_bytes(doc)?).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

//! How German text becomes words that meet: the same for pages, queries, marks and the search for remains.
//!
//! A *chunk* is a run of letters and digits, signs inside it included (`02091-C-71`, `112/24`, `12a`).
//! It falls into *pieces*, runs of letters or of digits, each with a position of its own; if there are
//! several, the chunk joined (`02091c71`) is a word too, at the position of its first piece. So numbers are
//! found joined and in parts.
//!
//! Every piece is folded (see [`fold`]): lower case, compatibility forms (NFKD), accents and umlauts
//! dropped, `ae`, `oe`, `ue` read as umlauts as the Snowball stemmer reads them, `ß` as `ss`, long s as s;
//! `…str` is the abbreviation of `…strasse`. The *stem* (Snowball German) of the folded word finds inflected
//! forms, the folded word itself finds names and ranks literal matches first.
//!
//! A hyphen before a line break joins `Bau-⏎genehmigung` to one word, unless the next line begins with a
//! conjunction (`Bau-⏎und Gartenamt`) or in upper case (then it is a hyphen like any other).
//!
//! A compound has the stems of its parts besides its own (see [`compounds`]): `Genehmigung` and
//! `Genehmigungsverfahren` both find `Baugenehmigungsverfahren`, which is found by itself first.
//!
//! A date is a word of its own, too, one for all its spellings (see [`dates`]). A sum of money is
//! found by its number, with points between the thousands and without (see [`amounts`]).
//!
//! Known limits: Snowball takes some words too far (`Bauer` and `Bau` share a stem; the folded word then
//! ranks the right one first). A run of more than [`PIECE_CHARS_MAX`] letters is cut into pieces of that
//! length, in text and query alike; chunks of more than [`JOINED_PIECES_MAX`] pieces or
//! [`JOINED_BYTES_MAX`] bytes are found by their pieces only.

mod amounts;
mod compounds;
mod dates;
mod fold;
mod kin;
mod lexicon;
mod scan;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use frostem::{Algorithm, Stemmer};

pub(super) use amounts::amounts;
pub use dates::years_of;
pub(super) use dates::{Dated, Reading, date_of, dates, years};
pub(super) use fold::fold_whole;
pub(super) use kin::kin;
pub(super) use lexicon::{Lexicon, WORD_LIST, name_of_list, of_this_machine as lexicon};
pub(super) use scan::Scanner;

/// Changes whenever the same text may yield other words; indexes of another analysis are stale.
pub(super) const ANALYSIS_VERSION: u32 = 4;
/// Longest piece, in characters of the text.
pub(super) const PIECE_CHARS_MAX: usize = 80;
/// Most pieces of a chunk that is also a joined word.
pub(super) const JOINED_PIECES_MAX: usize = 16;
/// Longest joined word, in bytes.
pub(super) const JOINED_BYTES_MAX: usize = 128;

/// A run of letters or of digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its folded form inside [`Chunk::folded`].
    pub folded: Range<usize>,
    /// Where it stands in the text.
    pub source: Range<usize>,
}

/// What stands between two blanks, more or less.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chunk {
    /// The folded pieces, one after the other: the joined word.
    pub folded: String,
    /// The pieces, in order; at least one.
    pub pieces: Vec<Piece>,
}

impl Chunk {
    /// The folded form of a piece.
    pub(super) fn word(&self, piece: &Piece) -> &str {
        &self.folded[piece.folded.clone()]
    }

    /// The folded forms of all pieces.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().map(|piece| self.word(piece))
    }

    /// The joined word and where it stands; none if there is one piece only, or too many.
    pub(super) fn joined(&self) -> Option<(&str, Range<usize>)> {
        let (first, last) = (self.pieces.first()?, self.pieces.last()?);
        let fits =
            (2..=JOINED_PIECES_MAX).contains(&self.pieces.len()) && self.folded.len() <= JOINED_BYTES_MAX;
        fits.then_some((self.folded.as_str(), first.source.start..last.source.end))
    }
}

/// All chunks of `text`.
pub(super) fn chunks(text: &str) -> Vec<Chunk> {
    let (mut scanner, mut chunk, mut all) = (Scanner::new(text), Chunk::default(), Vec::new());
    while scanner.next_into(&mut chunk) {
        all.push(chunk.clone());
    }
    all
}

/// Endings that Snowball leaves alone or cuts amiss, and that hardly a building file is without.
const IRREGULAR_ENDINGS: [(&str, &str); 3] = [("herrn", "herr"), ("baus", "bau"), ("bauten", "bau")];

/// The stem of a folded word; a word with digits is its own stem.
pub(super) fn stem(folded: &str) -> Cow<'_, str> {
    if folded.bytes().any(|b| b.is_ascii_digit()) {
        return Cow::Borrowed(folded);
    }
    let regular = IRREGULAR_ENDINGS.iter().find_map(|(ending, regular)| {
        // The regular form begins the irregular one, so nothing has to be copied.
        folded.ends_with(ending).then(|| &folded[..folded.len() - ending.len() + regular.len()])
    });
    Stemmer::new(Algorithm::German).stem(regular.unwrap_or(folded))
}

/// The stem of a folded word; then, if it is a compound, the stems of every part and of every run of parts.
pub(super) fn stems(lexicon: &Lexicon, folded: &str) -> Vec<String> {
    let mut all = vec![stem(folded).into_owned()];
    let parts = compounds::parts(lexicon, folded).unwrap_or_default();
    for from in 0..parts.len() {
        for to in from..parts.len() {
            if to - from + 1 == parts.len() {
                continue;
            }
            let run = &folded[parts[from].span.start..parts[to].word_end()];
            let run = stem(run).into_owned();
            if !all.contains(&run) {
                all.push(run);
            }
        }
    }
    all
}

/// The parts of a folded compound as words of their own; empty if it is none.
pub(super) fn parts_of<'a>(lexicon: &Lexicon, folded: &'a str) -> Vec<&'a str> {
    compounds::parts(lexicon, folded).unwrap_or_default().iter().map(|part| part.word(folded)).collect()
}

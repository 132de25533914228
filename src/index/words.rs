//! The words of a text, read once for all the fields that want them, and written in the shape the engine takes: each
//! word behind a sign that says whether it stands at a place of its own. The engine's side of it only cuts at the signs.
//!
//! Stemming and cutting compounds are the costliest steps, and most words of a town are the same few: what came of a
//! word is remembered.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::analysis::{Chunk, Dated, Reading, Scanner, dates, lexicon, stems, years};

/// Name of the tokenizer that takes words as they are written here.
pub(super) const WRITTEN: &str = "written";
/// Before a word at the place behind the one before it. Neither sign is a letter or a digit, so no word has one.
const NEXT_PLACE: char = '\n';
/// Before a word at the place of the one before it.
const SAME_PLACE: char = '\t';
/// How many words are remembered; with one more, all are forgotten and remembering begins anew.
const WORDS_REMEMBERED_MAX: usize = 50_000;

/// Reads texts and remembers the stems of their words.
#[derive(Default)]
pub(super) struct Reader {
    known: HashMap<Box<str>, Stems>,
}

/// What a word is found by, besides itself; written.
struct Stems {
    whole: Box<str>,
    /// Those of its parts, if it is a compound.
    parts: Box<str>,
}

/// The words of a text, written.
pub(super) struct Words<'t> {
    text: &'t str,
    /// Folded, with the joined word of a number before its parts and at the place of the first.
    pub exact: String,
    /// The stem of each. No places: nobody asks for phrases of stems.
    pub stems: String,
    /// The stems of the parts of compounds.
    pub parts: String,
    /// Where each piece stands in `exact` and in the text.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl Reader {
    /// Reads a text once.
    pub(super) fn read<'t>(&mut self, text: &'t str) -> Words<'t> {
        let (exact, stems) =
            (String::with_capacity(text.len() + text.len() / 4), String::with_capacity(text.len()));
        let mut words = Words { text, exact, stems, parts: String::new(), pieces: Vec::new() };
        let (mut scanner, mut chunk) = (Scanner::new(text), Chunk::default());
        while scanner.next_into(&mut chunk) {
            let mut sign = NEXT_PLACE;
            if let Some((joined, _)) = chunk.joined() {
                self.put(sign, joined, &mut words);
                sign = SAME_PLACE;
            }
            for piece in &chunk.pieces {
                let word = self.put(sign, chunk.word(piece), &mut words);
                words.pieces.push((word, piece.source.clone()));
                sign = NEXT_PLACE;
            }
        }
        words
    }

    /// Where the word is written now.
    fn put(&mut self, sign: char, word: &str, words: &mut Words<'_>) -> Range<usize> {
        words.exact.push(sign);
        let from = words.exact.len();
        words.exact.push_str(word);
        let stems = self.stems(word);
        words.stems.push_str(&stems.whole);
        words.parts.push_str(&stems.parts);
        from..words.exact.len()
    }

    fn stems(&mut self, word: &str) -> &Stems {
        if !self.known.contains_key(word) {
            if self.known.len() >= WORDS_REMEMBERED_MAX {
                self.known.clear();
            }
            let written = |stems: &[String]| -> Box<str> {
                stems.iter().map(|stem| format!("{NEXT_PLACE}{stem}")).collect::<String>().into()
            };
            let all = stems(lexicon(), word);
            let (whole, parts) = all.split_at(1.min(all.len()));
            self.known.insert(word.into(), Stems { whole: written(whole), parts: written(parts) });
        }
        &self.known[word]
    }
}

impl Words<'_> {
    /// Stems of words and of their parts, for fields that hold both.
    pub(super) fn all_stems(&self) -> String {
        [self.stems.as_str(), &self.parts].concat()
    }

    /// Its dates, and every year in it.
    pub(super) fn dates_and_years(&self) -> (Vec<Dated>, BTreeSet<u16>) {
        let pieces = self.pieces.iter().map(|(word, source)| (&self.exact[word.clone()], source));
        let reading = Reading::new(self.text, pieces);
        let dates = dates(&reading);
        let years = years(&reading, &dates);
        (dates, years)
    }
}

/// The tokenizers this index knows: ours, and those the engine wants for fields that are no text.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(WRITTEN, TextAnalyzer::from(Written));
    manager
}

/// Takes words as [`Reader`] writes them.
#[derive(Clone)]
struct Written;

impl Tokenizer for Written {
    type TokenStream<'a> = Cut<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cut<'a> {
        Cut { rest: text, next_place: 0, token: Token::default() }
    }
}

/// Cuts at the signs.
struct Cut<'a> {
    rest: &'a str,
    next_place: usize,
    token: Token,
}

impl TokenStream for Cut<'_> {
    fn advance(&mut self) -> bool {
        let (word, is_next) = match self.rest.strip_prefix(NEXT_PLACE) {
            Some(word) => (word, true),
            None => match self.rest.strip_prefix(SAME_PLACE) {
                Some(word) => (word, false),
                None => return false,
            },
        };
        let end = word.bytes().position(|byte| byte < b' ').unwrap_or(word.len());
        let (word, rest) = word.split_at(end);
        self.rest = rest;
        self.next_place += usize::from(is_next);
        self.token.position = self.next_place.saturating_sub(1);
        self.token.text.clear();
        self.token.text.push_str(word);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(written: &str) -> Vec<(usize, String)> {
        let (mut tokenizer, mut all) = (Written, Vec::new());
        let mut stream = tokenizer.token_stream(written);
        stream.process(&mut |token| all.push((token.position, token.text.clone())));
        all
    }

    #[test]
    fn what_was_written_is_taken_at_its_places() {
        let words = Reader::default().read("Az. 63-12b, Bauzaun\n\tAnbau");
        let expected =
            [(0, "az"), (1, "6312b"), (1, "63"), (2, "12"), (3, "b"), (4, "bauzaun"), (5, "anbau")];
        assert_eq!(taken(&words.exact), expected.map(|(place, word)| (place, word.to_owned())));
        assert!(taken(&words.stems).iter().any(|(_, stem)| stem == "bauzaun"));
        assert_eq!(taken(&words.stems).len(), expected.len());
        assert_eq!(taken(""), []);
    }

    #[test]
    fn dates_are_read_in_the_same_pass() {
        let (dates, years) = Reader::default().read("Bj. 1911, am 12. März 1958").dates_and_years();
        assert_eq!(dates.into_iter().flat_map(|dated| dated.terms).collect::<Vec<_>>(), ["1958-03-12"]);
        assert_eq!(years.into_iter().collect::<Vec<_>>(), [1911, 1958]);
    }

    #[test]
    fn what_is_forgotten_is_read_again_alike() {
        let mut reader = Reader::default();
        let once = reader.read("Baugenehmigungen").stems;
        for number in 0..=WORDS_REMEMBERED_MAX {
            reader.read(&number.to_string());
        }
        assert!(reader.known.len() <= WORDS_REMEMBERED_MAX);
        assert_eq!(reader.read("Baugenehmigungen").stems, once);
    }
}

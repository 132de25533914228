//! The analysis in the shape tantivy asks for: a tokenizer for folded words, one for their stems, one for the stems of
//! the parts of compounds, and one for both kinds of stems.
//!
//! Stemming is the costliest step, and most words of a town are the same few: stems are remembered.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::analysis::{Chunk, Scanner, lexicon, stem, stems};

/// Name of the tokenizer that yields folded words.
pub(super) const EXACT: &str = "german_exact";
/// Name of the tokenizer that yields the stems of whole words.
pub(super) const STEM: &str = "german_stem";
/// Name of the tokenizer that yields the stems of the parts of compounds.
pub(super) const PARTS: &str = "german_parts";
/// Name of the tokenizer that yields both.
pub(super) const STEM_AND_PARTS: &str = "german_stem_and_parts";
/// How many stems are remembered; with one more, all are forgotten and remembering begins anew.
const STEMS_REMEMBERED_MAX: usize = 50_000;

/// The tokenizers this index knows: ours, and those the engine wants for fields that are no text.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(EXACT, TextAnalyzer::from(German { stems: None }));
    for (name, of) in [(STEM, Of::Whole), (PARTS, Of::Parts), (STEM_AND_PARTS, Of::Both)] {
        manager.register(name, TextAnalyzer::from(German { stems: Some(Stems::new(of)) }));
    }
    manager
}

/// Folded words, or their stems.
#[derive(Clone)]
struct German {
    stems: Option<Stems>,
}

/// Of what stems are wanted.
#[derive(Clone, Copy)]
enum Of {
    Whole,
    Parts,
    Both,
}

/// The stems of words seen before.
#[derive(Clone)]
struct Stems {
    of: Of,
    seen: HashMap<Box<str>, Arc<[String]>>,
}

impl Stems {
    fn new(of: Of) -> Self {
        Self { of, seen: HashMap::new() }
    }

    fn of(&mut self, word: &str) -> Arc<[String]> {
        if let Some(known) = self.seen.get(word) {
            return Arc::clone(known);
        }
        let stems: Arc<[String]> = match self.of {
            Of::Whole => [stem(word).into_owned()].into(),
            Of::Parts => stems(lexicon(), word).into_iter().skip(1).collect(),
            Of::Both => stems(lexicon(), word).into(),
        };
        if self.seen.len() >= STEMS_REMEMBERED_MAX {
            self.seen.clear();
        }
        self.seen.insert(word.into(), Arc::clone(&stems));
        stems
    }
}

impl Tokenizer for German {
    type TokenStream<'a> = Words<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Words<'a> {
        Words {
            scanner: Scanner::new(text),
            stems: self.stems.as_mut(),
            chunk: Chunk::default(),
            next: Next::Chunk,
            position: 0,
            token: Token::default(),
            more: (Arc::default(), 0),
        }
    }
}

/// Which word of the chunk comes next.
enum Next {
    Chunk,
    Joined,
    Piece(usize),
}

struct Words<'a> {
    scanner: Scanner<'a>,
    stems: Option<&'a mut Stems>,
    chunk: Chunk,
    next: Next,
    /// Position of the next piece.
    position: usize,
    token: Token,
    /// Further stems at the place of the token, and how many of them came already.
    more: (Arc<[String]>, usize),
}

impl Words<'_> {
    /// Puts a word of the chunk into the token, or its first stem, with its further stems behind it; false if it has
    /// none.
    fn put(&mut self, folded: Range<usize>, source: Range<usize>) -> bool {
        let word = &self.chunk.folded[folded];
        self.token.offset_from = source.start;
        self.token.offset_to = source.end;
        self.token.position = self.position;
        if let Some(stems) = &mut self.stems {
            self.more = (stems.of(word), 0);
            return self.put_more();
        }
        self.token.text.clear();
        self.token.text.push_str(word);
        true
    }

    /// The next of the further stems at this place, if there is one.
    fn put_more(&mut self) -> bool {
        let (stems, next) = &mut self.more;
        let Some(stem) = stems.get(*next) else { return false };
        self.token.text.clear();
        self.token.text.push_str(stem);
        *next += 1;
        true
    }
}

impl TokenStream for Words<'_> {
    fn advance(&mut self) -> bool {
        if self.put_more() {
            return true;
        }
        loop {
            match self.next {
                Next::Chunk => {
                    if !self.scanner.next_into(&mut self.chunk) {
                        return false;
                    }
                    self.next = Next::Joined;
                }
                Next::Joined => {
                    self.next = Next::Piece(0);
                    let joined = self.chunk.joined().map(|(word, source)| (0..word.len(), source));
                    if joined.is_some_and(|(word, source)| self.put(word, source)) {
                        return true;
                    }
                }
                Next::Piece(n) => {
                    let Some(piece) = self.chunk.pieces.get(n).cloned() else {
                        self.next = Next::Chunk;
                        continue;
                    };
                    let has_words = self.put(piece.folded, piece.source);
                    self.position += 1;
                    self.next = Next::Piece(n + 1);
                    if has_words {
                        return true;
                    }
                }
            }
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

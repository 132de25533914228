//! The analysis in the shape tantivy asks for: one tokenizer for folded words, one for their stems and those of
//! the parts of compounds.
//!
//! Stemming is the costliest step, and most words of a town are the same few: stems are remembered.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::analysis::{Chunk, Scanner, lexicon, stems};

/// Name of the tokenizer that yields folded words.
pub(super) const EXACT: &str = "german_exact";
/// Name of the tokenizer that yields stems.
pub(super) const STEM: &str = "german_stem";
/// How many stems are remembered; with one more, all are forgotten and remembering begins anew.
const STEMS_REMEMBERED_MAX: usize = 50_000;

/// The tokenizers this index knows: ours, and those the engine wants for fields that are no text.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(EXACT, TextAnalyzer::from(German { stems: None }));
    manager.register(STEM, TextAnalyzer::from(German { stems: Some(Stems::default()) }));
    manager
}

/// Folded words, or their stems.
#[derive(Clone)]
struct German {
    stems: Option<Stems>,
}

/// The stems of words seen before, those of their parts included.
#[derive(Clone, Default)]
struct Stems(HashMap<Box<str>, Arc<[String]>>);

impl Stems {
    fn of(&mut self, word: &str) -> Arc<[String]> {
        if let Some(known) = self.0.get(word) {
            return Arc::clone(known);
        }
        let stems: Arc<[String]> = stems(lexicon(), word).into();
        if self.0.len() >= STEMS_REMEMBERED_MAX {
            self.0.clear();
        }
        self.0.insert(word.into(), Arc::clone(&stems));
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
    /// Puts a word of the chunk into the token, and its further stems behind it.
    fn put(&mut self, folded: Range<usize>, source: Range<usize>) {
        let word = &self.chunk.folded[folded];
        self.token.text.clear();
        match &mut self.stems {
            Some(stems) => {
                let all = stems.of(word);
                self.token.text.push_str(all.first().map_or("", String::as_str));
                self.more = (all, 1);
            }
            None => self.token.text.push_str(word),
        }
        self.token.offset_from = source.start;
        self.token.offset_to = source.end;
        self.token.position = self.position;
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
                    if let Some((word, source)) = self.chunk.joined() {
                        self.put(0..word.len(), source);
                        return true;
                    }
                }
                Next::Piece(n) => {
                    let Some(piece) = self.chunk.pieces.get(n).cloned() else {
                        self.next = Next::Chunk;
                        continue;
                    };
                    self.put(piece.folded, piece.source);
                    self.position += 1;
                    self.next = Next::Piece(n + 1);
                    return true;
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

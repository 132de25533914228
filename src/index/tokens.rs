//! The analysis in the shape tantivy asks for: one tokenizer for folded words, one for their stems.
//!
//! Stemming is the costliest step, and most words of a town are the same few: stems are remembered.

use std::collections::HashMap;
use std::ops::Range;

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::analysis::{Chunk, Scanner, stem};

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

/// The stems of words seen before.
#[derive(Clone, Default)]
struct Stems(HashMap<Box<str>, Box<str>>);

impl Stems {
    fn put(&mut self, word: &str, out: &mut String) {
        if let Some(known) = self.0.get(word) {
            out.push_str(known);
            return;
        }
        let stem = stem(word);
        out.push_str(&stem);
        if self.0.len() >= STEMS_REMEMBERED_MAX {
            self.0.clear();
        }
        self.0.insert(word.into(), stem.into());
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
}

/// Puts a word of the chunk into the token.
fn put(token: &mut Token, stems: &mut Option<&mut Stems>, word: &str, source: Range<usize>, position: usize) {
    token.text.clear();
    match stems {
        Some(stems) => stems.put(word, &mut token.text),
        None => token.text.push_str(word),
    }
    token.offset_from = source.start;
    token.offset_to = source.end;
    token.position = position;
}

impl TokenStream for Words<'_> {
    fn advance(&mut self) -> bool {
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
                        put(&mut self.token, &mut self.stems, word, source, self.position);
                        return true;
                    }
                }
                Next::Piece(n) => {
                    let Some(piece) = self.chunk.pieces.get(n) else {
                        self.next = Next::Chunk;
                        continue;
                    };
                    let word = self.chunk.word(piece);
                    put(&mut self.token, &mut self.stems, word, piece.source.clone(), self.position);
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

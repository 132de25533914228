//! The analysis in the shape tantivy asks for: one tokenizer for folded words, one for their stems.

use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::analysis::{Chunk, Scanner, stem};

/// Name of the tokenizer that yields folded words.
pub(super) const EXACT: &str = "german_exact";
/// Name of the tokenizer that yields stems.
pub(super) const STEM: &str = "german_stem";

/// The tokenizers this index knows: ours, and those the engine wants for fields that are no text.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(EXACT, TextAnalyzer::from(German { stems: false }));
    manager.register(STEM, TextAnalyzer::from(German { stems: true }));
    manager
}

#[derive(Clone)]
struct German {
    stems: bool,
}

impl Tokenizer for German {
    type TokenStream<'a> = Words<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Words<'a> {
        Words {
            scanner: Scanner::new(text),
            stems: self.stems,
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
    stems: bool,
    chunk: Chunk,
    next: Next,
    /// Position of the next piece.
    position: usize,
    token: Token,
}

impl Words<'_> {
    fn put(token: &mut Token, stems: bool, word: &str, source: std::ops::Range<usize>, position: usize) {
        token.text.clear();
        if stems {
            token.text.push_str(&stem(word))
        } else {
            token.text.push_str(word)
        }
        token.offset_from = source.start;
        token.offset_to = source.end;
        token.position = position;
    }
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
                        Self::put(&mut self.token, self.stems, word, source, self.position);
                        return true;
                    }
                }
                Next::Piece(n) => {
                    let Some(piece) = self.chunk.pieces.get(n) else {
                        self.next = Next::Chunk;
                        continue;
                    };
                    let word = self.chunk.word(piece);
                    Self::put(&mut self.token, self.stems, word, piece.source.clone(), self.position);
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

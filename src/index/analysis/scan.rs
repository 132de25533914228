//! The scanner: walks a text once and hands out chunks.

use unicode_normalization::char::is_combining_mark;

use super::fold::{Folder, complete_street};
use super::{Chunk, PIECE_CHARS_MAX, Piece};

/// Words that continue a suspended hyphen: `Bau-⏎und Gartenamt`.
const CONJUNCTIONS: [&str; 6] = ["und", "oder", "bzw", "sowie", "noch", "bis"];
const SOFT_HYPHEN: char = '\u{ad}';

/// Walks a text.
pub(in crate::index) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    abbreviations: bool,
}

/// What comes after a character inside a chunk.
enum Next {
    /// The chunk goes on at this byte with a new piece.
    NewPiece(usize),
    /// The piece itself goes on at this byte.
    SamePiece(usize),
    /// The chunk ends.
    End,
}

/// The piece being read.
struct Open {
    folded_from: usize,
    source_from: usize,
    source_to: usize,
    numeric: bool,
    chars: usize,
    folder: Folder,
}

impl<'a> Scanner<'a> {
    pub(in crate::index) fn new(text: &'a str) -> Self {
        Self { text, at: 0, abbreviations: true }
    }

    /// For the beginnings of words: `hauptstr` may go on as `hauptstreit`, so nothing is completed.
    pub(in crate::index) fn of_beginnings(text: &'a str) -> Self {
        Self { text, at: 0, abbreviations: false }
    }

    /// Puts the next chunk into `chunk`; false at the end of the text.
    pub(in crate::index) fn next_into(&mut self, chunk: &mut Chunk) -> bool {
        chunk.folded.clear();
        chunk.pieces.clear();
        while let Some(offset) = self.text[self.at..].find(char::is_alphanumeric) {
            self.at += offset;
            self.read(chunk);
            if !chunk.pieces.is_empty() {
                return true;
            }
        }
        self.at = self.text.len();
        false
    }

    fn read(&mut self, chunk: &mut Chunk) {
        let mut open: Option<Open> = None;
        while let Some(c) = self.text[self.at..].chars().next() {
            let end = self.at + c.len_utf8();
            if c.is_alphanumeric() {
                let piece = self.piece_for(c, open.take(), chunk);
                open = Some(self.put(c, end, piece, chunk));
            } else if is_combining_mark(c) {
                if let Some(piece) = &mut open {
                    piece.folder.push(c, &mut chunk.folded);
                    piece.source_to = end;
                }
                self.at = end;
            } else {
                match self.after_sign(c, end, open.as_ref().is_some_and(|piece| !piece.numeric)) {
                    Next::SamePiece(at) => self.at = at,
                    Next::NewPiece(at) => {
                        self.close(open.take(), chunk);
                        self.at = at;
                    }
                    Next::End => break,
                }
            }
        }
        self.close(open, chunk);
    }

    /// The open piece if `c` still belongs to it, otherwise a new one.
    fn piece_for(&self, c: char, open: Option<Open>, chunk: &mut Chunk) -> Open {
        let numeric = c.is_numeric();
        match open {
            Some(piece) if piece.numeric == numeric && piece.chars < PIECE_CHARS_MAX => piece,
            other => {
                self.close(other, chunk);
                Open {
                    folded_from: chunk.folded.len(),
                    source_from: self.at,
                    source_to: self.at,
                    numeric,
                    chars: 0,
                    folder: Folder::default(),
                }
            }
        }
    }

    /// Takes `c` and the plain letters or digits behind it (most of a text) into the piece.
    fn put(&mut self, c: char, end: usize, mut piece: Open, chunk: &mut Chunk) -> Open {
        piece.folder.push(c, &mut chunk.folded);
        piece.chars += 1;
        self.at = end;
        let fits = |byte: &u8| byte.is_ascii_alphanumeric() && byte.is_ascii_digit() == piece.numeric;
        let plain = self.text.as_bytes()[end..].iter().take(PIECE_CHARS_MAX - piece.chars);
        for byte in plain.take_while(|byte| fits(byte)) {
            piece.folder.push(char::from(*byte), &mut chunk.folded);
            piece.chars += 1;
            self.at += 1;
        }
        piece.source_to = self.at;
        piece
    }

    fn close(&self, open: Option<Open>, chunk: &mut Chunk) {
        let Some(piece) = open else { return };
        if chunk.folded.len() == piece.folded_from {
            return;
        }
        if self.abbreviations && !piece.numeric {
            complete_street(&mut chunk.folded, piece.folded_from);
        }
        chunk.pieces.push(Piece {
            folded: piece.folded_from..chunk.folded.len(),
            source: piece.source_from..piece.source_to,
        });
    }

    /// Whether the chunk goes on behind the sign `c`, which ends at byte `end`.
    fn after_sign(&self, c: char, end: usize, in_letters: bool) -> Next {
        let behind = &self.text[end..];
        let next = behind.chars().next();
        match c {
            '-' | '\u{2010}' | '\u{2011}' | SOFT_HYPHEN | '¬' => {
                if let Some(offset) = line_break(behind) {
                    return after_line_break(behind, offset, end, in_letters);
                }
                match next {
                    Some(n) if c == SOFT_HYPHEN && n.is_alphanumeric() => Next::SamePiece(end),
                    Some(n) if c != SOFT_HYPHEN && c != '¬' && n.is_alphanumeric() => Next::NewPiece(end),
                    _ => Next::End,
                }
            }
            '\u{200b}'..='\u{200d}' | '\u{feff}' => Next::SamePiece(end),
            '/' | '.' | '_' | '\'' | '’' | '&' | '@' if next.is_some_and(char::is_alphanumeric) => {
                Next::NewPiece(end)
            }
            _ => Next::End,
        }
    }
}

/// The length of blanks with exactly one line feed among them; none if there is another number of them.
fn line_break(text: &str) -> Option<usize> {
    let blank = text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len();
    (text[..blank].bytes().filter(|b| *b == b'\n').count() == 1).then_some(blank)
}

fn after_line_break(behind: &str, offset: usize, end: usize, in_letters: bool) -> Next {
    let line = &behind[offset..];
    let word = &line[..line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len())];
    match line.chars().next() {
        Some(c) if c.is_lowercase() && CONJUNCTIONS.contains(&word) => Next::End,
        Some(c) if c.is_lowercase() && in_letters => Next::SamePiece(end + offset),
        Some(c) if c.is_alphanumeric() => Next::NewPiece(end + offset),
        _ => Next::End,
    }
}

//! Which words of a text a query means, by the same analysis that finds them; and the snippet around them.
//! Plain text and byte ranges only: how a mark looks is the business of the doors.

use std::collections::HashSet;
use std::ops::Range;

use super::analysis::{
    Chunk, Dated, Reading, Scanner, amounts, chunks, date_of, dates, fold_whole, kin, lexicon, parts_of,
    stem, stems,
};
use super::dated::{Item, items};
use super::reach::{Reach, distance, misreadings};
use super::why::How;
use crate::domain::query::{Node, Place, Query, Text};

const ELLIPSIS: char = '…';
/// Bytes of a stem that are looked for before the whole of it; few stems are shorter.
const HEAD_BYTES: usize = 3;
/// The share of a snippet that stands before its first mark, at most.
const LEAD_SHARE: usize = 4;

/// A piece of a text with its marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The text on one line; an ellipsis stands where it was cut.
    pub text: String,
    /// Byte ranges of `text` that match.
    pub marks: Vec<Range<usize>>,
}

/// What of a query can be seen in a text: words it wants, not those it excludes or looks for elsewhere.
#[derive(Default)]
pub(super) struct Wanted {
    reach: Reach,
    /// Words as they were typed.
    typed: HashSet<String>,
    stems: HashSet<String>,
    /// What the stems begin with, each once.
    heads: Vec<[u8; HEAD_BYTES]>,
    /// What words may have been misread as.
    misread: HashSet<String>,
    /// Words in no form but this.
    literal: HashSet<String>,
    /// Words that others may be similar to, and how far.
    similar: Vec<(String, usize)>,
    sequences: Vec<(How, Vec<String>)>,
    beginnings: Vec<String>,
    dates: HashSet<String>,
}

impl Wanted {
    pub(super) fn within(reach: Reach) -> Self {
        Self { reach, ..Self::default() }
    }

    pub(super) fn gather(&mut self, node: &Node) {
        match node {
            Node::All(nodes) => self.gather_all(nodes),
            Node::Recognised(found) => {
                self.gather_all(&found.words);
                found.also.iter().for_each(|node| self.gather(node));
            }
            Node::Any(nodes) => nodes.iter().for_each(|node| self.gather(node)),
            Node::Text(Place::Content, text) => self.add(text),
            Node::Text(..) | Node::Class(_) | Node::Years(_) | Node::Trait(_) | Node::Not(_) => {}
        }
    }

    pub(super) fn gather_all(&mut self, nodes: &[Node]) {
        items(nodes).into_iter().for_each(|item| match item {
            Item::One(node) => self.gather(node),
            Item::Date(words, terms) => {
                self.dates.extend(terms);
                words.iter().for_each(|word| self.gather(word));
            }
        });
    }

    fn add(&mut self, text: &Text) {
        match text {
            Text::Word(word) => {
                let all = chunks(word);
                for words in amounts(word) {
                    match &words[..] {
                        [number] => self.add_form(number),
                        _ => self.sequences.push((How::Form, words)),
                    }
                }
                self.dates.extend(date_of(word).unwrap_or_default());
                match all.as_slice() {
                    [chunk] if chunk.pieces.len() == 1 => {
                        self.add_form(&chunk.folded);
                        return;
                    }
                    [chunk] => chunk.joined().into_iter().for_each(|(word, _)| self.add_form(word)),
                    _ => {}
                }
                self.add_sequence(&all);
            }
            Text::Phrase(text) => self.add_sequence(&chunks(text)),
            Text::Near(text, _) => {
                chunks(text).iter().flat_map(Chunk::words).for_each(|word| {
                    self.literal.insert(word.to_owned());
                });
            }
            Text::Similar(word) => {
                let folded = fold_whole(word);
                self.add_form(&folded);
                self.similar.extend(distance(&folded).map(|far| (folded, far.into())));
            }
            Text::Prefix(text) => {
                let (mut scanner, mut chunk) = (Scanner::of_beginnings(text), Chunk::default());
                let mut all = Vec::new();
                while scanner.next_into(&mut chunk) {
                    all.push(chunk.clone());
                }
                self.beginnings.extend(all.pop().map(|chunk| chunk.folded));
                self.add_sequence(&all);
            }
        }
    }

    fn add_form(&mut self, folded: &str) {
        self.typed.insert(folded.to_owned());
        self.stems.insert(stem(folded).into_owned());
        self.stems.extend(kin(folded));
        // Of a shorter one zeros, which no word has: see `may_have_a_stem`.
        let head = |stem: &String| stem.as_bytes().first_chunk().copied().unwrap_or_default();
        self.heads = self.stems.iter().map(head).collect();
        self.heads.sort_unstable();
        self.heads.dedup();
        let parts: Vec<_> = parts_of(lexicon(), folded).into_iter().map(str::to_owned).collect();
        if !parts.is_empty() {
            self.sequences.push((How::Apart, parts));
        }
        if self.reach >= Reach::Misread {
            self.misread.extend(misreadings(folded));
        }
        if let Some(distance) = distance(folded).filter(|_| self.reach >= Reach::Similar) {
            self.similar.push((folded.to_owned(), distance.into()));
        }
    }

    fn add_sequence(&mut self, chunks: &[Chunk]) {
        let words: Vec<_> = chunks.iter().flat_map(Chunk::words).map(str::to_owned).collect();
        if !words.is_empty() {
            self.sequences.push((How::AsTyped, words));
        }
    }

    /// A stem stands in the word, as far as its first bytes tell. Every word of a page is asked this.
    fn may_have_a_stem(&self, folded: &str) -> bool {
        match self.heads.first() {
            None => false,
            Some(head) if *head == [0; HEAD_BYTES] => true,
            Some(_) => {
                folded.as_bytes().windows(HEAD_BYTES).any(|bytes| self.heads.iter().any(|head| head == bytes))
            }
        }
    }

    /// A form of a word, or a compound with one in it. A stem begins its word: where none stands in the word, the
    /// costly look at its parts is spared.
    fn form(&self, folded: &str) -> Option<How> {
        let stands = |stem: &String| folded.contains(stem.as_str());
        if !self.may_have_a_stem(folded) || !self.stems.iter().any(stands) {
            return None;
        }
        let all = stems(lexicon(), folded);
        let (own, parts) = all.split_first()?;
        if self.stems.contains(own) {
            return Some(How::Form);
        }
        parts.iter().any(|stem| self.stems.contains(stem)).then_some(How::InCompound)
    }

    /// In which way a word of a text is meant, if it is.
    fn how(&self, folded: &str) -> Option<How> {
        let is_similar = |(word, far): &(String, usize)| strsim::osa_distance(word, folded) <= *far;
        if self.typed.contains(folded) || self.literal.contains(folded) {
            Some(How::AsTyped)
        } else if self.beginnings.iter().any(|beginning| folded.starts_with(beginning)) {
            Some(How::Beginning)
        } else if let Some(form) = self.form(folded) {
            Some(form)
        } else if self.misread.contains(folded) {
            Some(How::Misread)
        } else {
            self.similar.iter().any(is_similar).then_some(How::Similar)
        }
    }

    /// Everything that is meant in a text, and in which way; by kind, and overlapping.
    pub(super) fn matches(&self, text: &str) -> Vec<(How, Range<usize>)> {
        let mut marks = Vec::new();
        let (mut scanner, mut chunk) = (Scanner::new(text), Chunk::default());
        while scanner.next_into(&mut chunk) {
            marks.extend(chunk.joined().and_then(|(word, source)| Some((self.how(word)?, source))));
            let pieces = chunk.pieces.iter();
            marks.extend(
                pieces.filter_map(|piece| Some((self.how(chunk.word(piece))?, piece.source.clone()))),
            );
        }
        if !self.sequences.is_empty() || !self.dates.is_empty() {
            self.add_longer(text, &mut marks);
        }
        marks
    }

    /// What is more than one word: most queries have no such thing, and the chunks need not be kept.
    fn add_longer(&self, text: &str, marks: &mut Vec<(How, Range<usize>)>) {
        let all = chunks(text);
        let pieces: Vec<(&str, &Range<usize>)> = all
            .iter()
            .flat_map(|chunk| chunk.pieces.iter().map(|piece| (chunk.word(piece), &piece.source)))
            .collect();
        for (how, sequence) in &self.sequences {
            for window in pieces.windows(sequence.len()) {
                if window.iter().map(|(word, _)| *word).eq(sequence.iter().map(String::as_str)) {
                    marks.extend(window.iter().map(|(_, source)| (*how, (*source).clone())));
                }
            }
        }
        if !self.dates.is_empty() {
            let wanted = |dated: &Dated| dated.terms.iter().any(|term| self.dates.contains(term));
            let dated = dates(&Reading::of(text, &all)).into_iter().filter(wanted);
            marks.extend(dated.map(|dated| (How::Date, dated.source)));
        }
    }
}

/// Marks the words that a query means, in one text after the other.
pub struct Marker(Wanted);

impl Marker {
    /// For this query, as far from its words as it was looked for.
    #[must_use]
    pub fn new(query: &Query, reach: Reach) -> Self {
        let mut wanted = Wanted::within(reach);
        wanted.gather(query.root());
        Self(wanted)
    }

    /// See [`highlight`].
    #[must_use]
    pub fn highlight(&self, text: &str) -> Vec<Range<usize>> {
        without_overlaps(self.0.matches(text).into_iter().map(|(_, mark)| mark).collect())
    }

    /// The stretch of `text` with the most different marked words, at most `chars_max` characters with its
    /// ellipses, cut at blanks where possible; the beginning of the text if nothing matches.
    #[must_use]
    pub fn snippet(&self, text: &str, chars_max: usize) -> Snippet {
        cut(text, &self.highlight(text), chars_max)
    }
}

/// The words of `text` that `query` means, as byte ranges in order, without overlaps. Words joined over a line
/// end (`Bau-⏎genehmigung`) are one range.
#[must_use]
pub fn highlight(query: &Query, reach: Reach, text: &str) -> Vec<Range<usize>> {
    Marker::new(query, reach).highlight(text)
}

fn without_overlaps(mut marks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    marks.sort_unstable_by_key(|mark| (mark.start, mark.end));
    let mut clean: Vec<Range<usize>> = Vec::with_capacity(marks.len());
    for mark in marks {
        match clean.last_mut() {
            Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
            _ => clean.push(mark),
        }
    }
    clean
}

/// See [`Marker::snippet`].
#[must_use]
pub fn snippet(query: &Query, reach: Reach, text: &str, chars_max: usize) -> Snippet {
    Marker::new(query, reach).snippet(text, chars_max)
}

fn cut(text: &str, marks: &[Range<usize>], chars_max: usize) -> Snippet {
    let room = chars_max.saturating_sub(2);
    let window = window_around(text, best_start(text, marks, room), room);
    let mut out = String::with_capacity(window.len() + 2 * ELLIPSIS.len_utf8());
    let has_room = chars_max >= 2;
    if window.start > 0 && has_room {
        out.push(ELLIPSIS);
    }
    let shift = out.len();
    out.extend(text[window.clone()].chars().map(|c| if c.is_ascii_control() { ' ' } else { c }));
    if window.end < text.len() && has_room {
        out.push(ELLIPSIS);
    }
    let inside = |mark: &Range<usize>| {
        let (start, end) = (mark.start.max(window.start), mark.end.min(window.end));
        (start < end).then(|| start - window.start + shift..end - window.start + shift)
    };
    let marks = marks.iter().filter_map(inside).collect();
    Snippet { text: out, marks }
}

/// The start of the first mark of the best stretch.
fn best_start(text: &str, marks: &[Range<usize>], room: usize) -> usize {
    let reach = room - room / LEAD_SHARE;
    let worth = |first: usize| {
        let from = marks[first].start;
        // Bytes bound characters from above, so a stretch is rather judged too short than too long.
        let near = marks[first..].iter().take_while(|mark| mark.end - from <= reach);
        let (different, all) = near.fold((HashSet::new(), 0usize), |(mut words, count), mark| {
            words.insert(&text[mark.clone()]);
            (words, count + 1)
        });
        (different.len(), all)
    };
    // The first of the best: `max_by_key` alone would take the last.
    (0..marks.len()).rev().max_by_key(|first| worth(*first)).map_or(0, |first| marks[first].start)
}

/// At most `room` characters that begin shortly before `focus`.
fn window_around(text: &str, focus: usize, room: usize) -> Range<usize> {
    let lead = text[..focus].char_indices().rev().take(room / LEAD_SHARE).last().map_or(focus, |(at, _)| at);
    let start = if lead == 0 {
        0
    } else {
        // Behind the first blank, so that no word is cut; if there is none, at the match itself.
        text[lead..focus].find(char::is_whitespace).map_or(focus, |blank| {
            lead + blank + text[lead + blank..].chars().next().map_or(0, char::len_utf8)
        })
    };
    let end = text[start..].char_indices().nth(room).map_or(text.len(), |(at, _)| start + at);
    if end == text.len() || text[end..].starts_with(char::is_whitespace) {
        return start..end;
    }
    let last_blank = text[start..end].rfind(char::is_whitespace).map(|blank| start + blank);
    start..last_blank.filter(|blank| *blank > focus).unwrap_or(end)
}

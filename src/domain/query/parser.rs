//! Builds the tree from tokens, by recursive descent bounded by [`QUERY_DEPTH_MAX`].

use std::ops::Range;

use super::lexer::{Kind, Token, mistake, tokens};
use super::recognise::{ONLY_A_WORD, Seen, Sought, groups, recognised};
use super::{Node, Place, QUERY_BYTES_MAX, QUERY_DEPTH_MAX, QUERY_TERMS_MAX, Query, QueryMistake, Text};
use crate::domain::streets::Streets;

/// Reads what was typed, in a town that has no street register.
///
/// # Errors
/// As [`parse_in`].
pub fn parse(input: &str) -> Result<Query, QueryMistake> {
    parse_in(input, &Streets::default())
}

/// Reads what was typed, in a town that has these streets.
///
/// # Errors
/// [`QueryMistake`] if it cannot be read, asks for nothing, or exceeds a limit.
pub fn parse_in(input: &str, streets: &Streets) -> Result<Query, QueryMistake> {
    if input.len() > QUERY_BYTES_MAX {
        let at = input.floor_char_boundary(QUERY_BYTES_MAX);
        let reason = format!("Die Suche ist länger als {QUERY_BYTES_MAX} Zeichen (Umlaute zählen doppelt).");
        return Err(mistake(at, reason));
    }
    let tokens = tokens(input)?;
    bound_terms(&tokens)?;
    let mut parser = Parser { input, tokens: &tokens, next: 0 };
    let root = parser.either(0)?;
    if let Some(token) = parser.peek() {
        return Err(mistake(token.at, "Zu dieser schließenden Klammer fehlt die öffnende."));
    }
    let root = root.ok_or_else(|| mistake(0, "Die Suche enthält kein Wort."))?;
    let recognise = |nodes| {
        let seen: Vec<_> = atoms(input, &tokens).iter().map(|atom| (atom.seen, atom.asks)).collect();
        one_or(recognised(nodes, &seen, streets), Node::All)
    };
    let root = match root {
        Node::All(nodes) if is_plain(&tokens) => recognise(nodes),
        Node::Text(..) if is_plain(&tokens) => recognise(vec![root]),
        other => Some(other),
    };
    root.map(|root| Query { root }).ok_or_else(|| mistake(0, "Die Suche enthält kein Wort."))
}

/// Parts are simply asked for together: no brackets, no ODER.
fn is_plain(tokens: &[Token]) -> bool {
    !tokens.iter().any(|token| matches!(token.kind, Kind::Open | Kind::Close | Kind::Or))
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// As it was typed, with the `NICHT` before it.
    pub typed: &'a str,
    /// What its words were recognised as.
    pub sought: Option<Sought>,
}

impl Part<'_> {
    /// The part so that its words are nothing but words.
    #[must_use]
    pub fn only_words(&self) -> String {
        let is_word = |word: &&str| !matches!(*word, "UND" | "AND") && word.contains(char::is_alphanumeric);
        let words = self.typed.split_whitespace().filter(is_word);
        words.map(|word| format!("{ONLY_A_WORD}{word}")).collect::<Vec<_>>().join(" ")
    }
}

/// The parts of a query that was read, as typed: whoever takes one away has a query that asks for less. What was
/// recognised together is one part. None where parts are not simply asked for together (brackets, ODER).
#[must_use]
pub fn parts_in<'a>(input: &'a str, streets: &Streets) -> Option<Vec<Part<'a>>> {
    let tokens = tokens(input).ok().filter(|tokens| is_plain(tokens))?;
    let atoms = atoms(input, &tokens);
    let mut groups =
        groups(&atoms.iter().map(|atom| atom.seen).collect::<Vec<_>>(), streets).into_iter().peekable();
    let (mut parts, mut at) = (Vec::new(), 0);
    while let Some(atom) = atoms.get(at) {
        let group = groups.next_if(|(group, _)| group.start == at);
        let next = group.as_ref().map_or(at + 1, |(group, _)| group.end);
        let typed = input[atom.place.start..atoms[next - 1].place.end].trim_end();
        parts.push(Part { typed, sought: group.map(|(_, sought)| sought) });
        at = next;
    }
    Some(parts)
}

/// As [`parts_in`], in a town that has no street register.
#[must_use]
pub fn parts(input: &str) -> Option<Vec<Part<'_>>> {
    parts_in(input, &Streets::default())
}

/// One of the things that stand side by side in a plain query.
struct Atom<'t> {
    /// Where it stands, with the `NICHT` before it.
    place: Range<usize>,
    seen: Seen<'t>,
    /// It has a node in the tree.
    asks: bool,
}

/// What stands side by side, in order.
fn atoms<'t>(input: &'t str, tokens: &'t [Token]) -> Vec<Atom<'t>> {
    let (mut atoms, mut from) = (Vec::new(), None);
    for (token, next) in tokens.iter().zip(tokens.iter().skip(1).map(Some).chain([None])) {
        let end = next.map_or(input.len(), |next| next.at);
        let is_bare = from.is_none();
        let (seen, asks) = match &token.kind {
            Kind::And | Kind::Open | Kind::Close | Kind::Or => continue,
            Kind::Not => {
                from = from.or(Some(token.at));
                continue;
            }
            Kind::Text(Place::Content, Text::Word(word)) if is_bare => (Seen::Word(word), true),
            Kind::Noise if is_bare => (Seen::Sign(input[token.at..end].trim_end()), false),
            Kind::Noise => (Seen::Other, false),
            Kind::Text(..) | Kind::Class(_) | Kind::Years(_) | Kind::Trait(_) => (Seen::Other, true),
        };
        atoms.push(Atom { place: from.take().unwrap_or(token.at)..end, seen, asks });
    }
    atoms
}

fn bound_terms(tokens: &[Token]) -> Result<(), QueryMistake> {
    let mut terms = 0;
    for token in tokens {
        terms += match &token.kind {
            Kind::Text(_, text) => runs(text.as_str()),
            Kind::Class(_) | Kind::Years(_) | Kind::Trait(_) => 1,
            _ => 0,
        };
        if terms > QUERY_TERMS_MAX {
            return Err(mistake(token.at, format!("Die Suche hat mehr als {QUERY_TERMS_MAX} Wörter.")));
        }
    }
    Ok(())
}

/// How many runs of letters or of digits: never fewer than analysis will make of it.
fn runs(text: &str) -> usize {
    let class = |c: char| (c.is_alphanumeric(), c.is_numeric());
    let classes = || text.chars().map(class);
    let starts = |(before, here): &((bool, bool), (bool, bool))| here.0 && before != here;
    std::iter::once((false, false)).chain(classes()).zip(classes()).filter(starts).count()
}

struct Parser<'a> {
    input: &'a str,
    tokens: &'a [Token],
    next: usize,
}

/// A node, or nothing if only signs without letters stood there.
type Parsed = Result<Option<Node>, QueryMistake>;

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    fn take_if(&mut self, kind: &Kind) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == *kind);
        self.next += usize::from(found);
        found
    }

    fn either(&mut self, depth: usize) -> Parsed {
        let mut nodes = Vec::new();
        nodes.extend(self.both(depth)?);
        while self.take_if(&Kind::Or) {
            nodes.extend(self.both(depth)?);
        }
        Ok(one_or(nodes, Node::Any))
    }

    fn both(&mut self, depth: usize) -> Parsed {
        let mut nodes = Vec::new();
        nodes.extend(self.inverse(depth)?);
        loop {
            let joined = self.take_if(&Kind::And);
            let ends = self.peek().is_none_or(|token| matches!(token.kind, Kind::Or | Kind::Close));
            if ends && !joined {
                return Ok(one_or(nodes, Node::All));
            }
            nodes.extend(self.inverse(depth)?);
        }
    }

    fn inverse(&mut self, depth: usize) -> Parsed {
        if depth > QUERY_DEPTH_MAX {
            let at = self.peek().map_or(self.input.len(), |token| token.at);
            let reason =
                format!("Klammern und NICHT sind mehr als {QUERY_DEPTH_MAX}-mal ineinander geschachtelt.");
            return Err(mistake(at, reason));
        }
        if self.take_if(&Kind::Not) {
            return Ok(self.inverse(depth + 1)?.map(|node| Node::Not(Box::new(node))));
        }
        self.atom(depth)
    }

    fn atom(&mut self, depth: usize) -> Parsed {
        let Some(token) = self.peek() else { return Err(self.missing()) };
        match &token.kind {
            Kind::Open => {
                self.next += 1;
                let inner = self.either(depth + 1)?;
                if self.take_if(&Kind::Close) {
                    Ok(inner)
                } else {
                    Err(mistake(token.at, "Zu dieser öffnenden Klammer fehlt die schließende."))
                }
            }
            Kind::Text(place, text) => self.take(Some(Node::Text(*place, text.clone()))),
            Kind::Class(class) => self.take(Some(Node::Class(class.clone()))),
            Kind::Years(years) => self.take(Some(Node::Years(years.clone()))),
            Kind::Trait(sought) => self.take(Some(Node::Trait(sought.clone()))),
            Kind::Noise => self.take(None),
            Kind::Close | Kind::And | Kind::Or | Kind::Not => Err(self.missing()),
        }
    }

    fn take(&mut self, node: Option<Node>) -> Parsed {
        self.next += 1;
        Ok(node)
    }

    /// A word was expected here: blames the operator or bracket beside the gap.
    fn missing(&self) -> QueryMistake {
        let before = self.next.checked_sub(1).and_then(|i| self.tokens.get(i));
        match (before, self.peek()) {
            (Some(Token { kind: Kind::Open, at }), Some(Token { kind: Kind::Close, .. })) => {
                mistake(*at, "In der Klammer steht nichts.")
            }
            (Some(operator), _) if !matches!(operator.kind, Kind::Open) => {
                mistake(operator.at, format!("Hinter „{}“ fehlt ein Wort.", self.typed(operator)))
            }
            (_, Some(operator)) if matches!(operator.kind, Kind::And | Kind::Or) => {
                mistake(operator.at, format!("Vor „{}“ fehlt ein Wort.", self.typed(operator)))
            }
            (None, Some(close)) => mistake(close.at, "Zu dieser schließenden Klammer fehlt die öffnende."),
            (Some(open), _) => mistake(open.at, "Zu dieser öffnenden Klammer fehlt die schließende."),
            (None, None) => mistake(0, "Die Suche enthält kein Wort."),
        }
    }

    /// An operator as it was typed.
    fn typed(&self, token: &Token) -> &'a str {
        let rest = &self.input[token.at..];
        let len = rest.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(rest.len());
        if len == 0 { "-" } else { &rest[..len] }
    }
}

fn one_or(mut nodes: Vec<Node>, many: impl FnOnce(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 | 1 => nodes.pop(),
        _ => Some(many(nodes)),
    }
}

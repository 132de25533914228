//! Access tokens (Zugangsschlüssel): with one a program acts for a person. It acts with the rights that person has at the
//! moment and never more, within its scopes, and not after its last day. What stands here of a token opens nothing: the
//! token itself is shown once, and only its digest is kept.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use super::event::PersonEvent;
use super::ids::{PersonId, TokenId};
use super::refusal::Refusal;
use crate::base::digest::{Blake3, bytes_from_hex, hex};

/// Most tokens of one person that are valid at once.
pub const TOKENS_MAX: usize = 20;
/// Longest name of a token, in characters.
pub const TOKEN_NAME_CHARS_MAX: usize = 80;
/// Years a token is valid at the most.
pub const YEARS_MAX: i32 = 1;

/// What a token is good for. There is none to propose, approve, destroy or administer: that takes a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenScope {
    /// Look at files and documents whose name is known.
    Read,
    /// Search.
    Search,
    /// Record facts.
    Facts,
    /// Put documents into files.
    File,
}

impl TokenScope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Search, Self::Facts, Self::File];

    /// The code used in formats and commands; people type it when they issue a token.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "lesen",
            Self::Search => "suchen",
            Self::Facts => "tatsachen",
            Self::File => "ablegen",
        }
    }

    /// The German words users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Read => "Akten und Dokumente lesen",
            Self::Search => "suchen",
            Self::Facts => "Tatsachen eintragen",
            Self::File => "Dokumente ablegen",
        }
    }
}

impl fmt::Display for TokenScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Not the code of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected lesen, suchen, tatsachen or ablegen")]
pub struct NotAScope;

impl FromStr for TokenScope {
    type Err = NotAScope;
    fn from_str(text: &str) -> Result<Self, NotAScope> {
        Self::ALL.into_iter().find(|scope| scope.code() == text).ok_or(NotAScope)
    }
}

/// What a person calls a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenName(String);

/// Not a name of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name of a token has 1 to {TOKEN_NAME_CHARS_MAX} visible characters")]
pub struct NotATokenName;

impl FromStr for TokenName {
    type Err = NotATokenName;
    fn from_str(text: &str) -> Result<Self, NotATokenName> {
        let text = text.trim();
        let fits = (1..=TOKEN_NAME_CHARS_MAX).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotATokenName)
        }
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A token, as its person's events tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The id that never changes.
    pub id: TokenId,
    /// What the person calls it.
    pub name: TokenName,
    /// What it is good for.
    pub scopes: BTreeSet<TokenScope>,
    /// The day it was issued.
    pub issued: Date,
    /// The last day it is valid.
    pub until: Date,
    /// The digest of the token as it is presented.
    pub digest: Blake3,
}

impl Token {
    /// It is valid on this day, as far as the calendar goes.
    #[must_use]
    pub fn runs_on(&self, day: Date) -> bool {
        (self.issued..=self.until).contains(&day)
    }

    /// The furthest last day of a token that is issued on this day.
    #[must_use]
    pub fn latest(issued: Date) -> Date {
        issued.checked_add(YEARS_MAX.years()).unwrap_or(Date::MAX)
    }
}

/// The tokens of one person that were not revoked, in the order they were issued.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens(Vec<Token>);

impl Tokens {
    /// As the person's events tell it.
    pub fn replay<'a>(events: impl Iterator<Item = &'a PersonEvent>) -> Self {
        let mut all = Self::default();
        events.for_each(|event| all.apply(event));
        all
    }

    fn apply(&mut self, event: &PersonEvent) {
        match event {
            PersonEvent::TokenIssued { token } => self.0.push(token.clone()),
            PersonEvent::TokenRevoked { id, .. } => self.0.retain(|token| token.id != *id),
            _ => {}
        }
    }

    /// All of them; also those whose last day is over.
    #[must_use]
    pub fn all(&self) -> &[Token] {
        &self.0
    }

    /// The one with this id; or with this name, if only one is called so.
    #[must_use]
    pub fn find(&self, which: &str) -> Option<&Token> {
        let which = which.trim();
        let mut called = self.0.iter().filter(|token| token.name.0 == which);
        let by_name = called.next().filter(|_| called.next().is_none());
        self.0.iter().find(|token| token.id.to_string() == which).or(by_name)
    }

    /// The valid one with this digest.
    #[must_use]
    pub fn valid(&self, digest: &Blake3, day: Date) -> Option<&Token> {
        self.0.iter().find(|token| token.digest == *digest && token.runs_on(day))
    }

    /// One more may be issued on this day.
    ///
    /// # Errors
    /// A [`Refusal`] if there are too many.
    pub fn require_room(&self, day: Date) -> Result<(), Refusal> {
        if self.0.iter().filter(|token| token.runs_on(day)).count() < TOKENS_MAX {
            return Ok(());
        }
        Err(Refusal::new(
            "Es wird kein Zugangsschlüssel ausgestellt",
            format!("es gelten schon {TOKENS_MAX}, und mehr sind nicht vorgesehen"),
            "widerrufen Sie einen, den Sie nicht mehr brauchen",
        ))
    }
}

/// What every presented token begins with: whoever finds one somewhere knows what it is.
const MARK: &str = "schriftgut";

/// A token as it is presented: whose it claims to be, and a secret. Never printed, but by [`Self::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Presented {
    /// Whose it claims to be.
    pub person: PersonId,
    secret: [u8; 32],
}

/// Not the text of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token")]
pub struct NotAToken;

impl Presented {
    /// A person's token with this secret.
    #[must_use]
    pub fn new(person: PersonId, secret: [u8; 32]) -> Self {
        Self { person, secret }
    }

    /// The text that opens: shown once, to whom it was issued.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{MARK}_{}_{}", hex(self.person.0.as_bytes()), hex(&self.secret))
    }

    /// What is kept of it. The secret is random and as long as the digest: it needs no stretching.
    #[must_use]
    pub fn digest(&self) -> Blake3 {
        Blake3::of(self.reveal().as_bytes())
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Presented(…)")
    }
}

impl FromStr for Presented {
    type Err = NotAToken;
    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let mut parts = text.split('_');
        let (Some(MARK), Some(person), Some(secret), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAToken);
        };
        let person = bytes_from_hex::<16>(person).map_err(|_| NotAToken)?;
        let secret = bytes_from_hex::<32>(secret).map_err(|_| NotAToken)?;
        Ok(Self { person: PersonId(Uuid::from_bytes(person)), secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const ISSUED: Date = date(2026, 3, 1);
    const UNTIL: Date = date(2026, 6, 30);

    fn token(id: u128, name: &str) -> Token {
        Token {
            id: TokenId(Uuid::from_u128(id)),
            name: name.parse().unwrap(),
            scopes: [TokenScope::Read].into(),
            issued: ISSUED,
            until: UNTIL,
            digest: Blake3([id as u8; 32]),
        }
    }

    fn issued(id: u128, name: &str) -> PersonEvent {
        PersonEvent::TokenIssued { token: token(id, name) }
    }

    #[test]
    fn a_token_is_valid_from_its_first_to_its_last_day_and_not_once_it_is_revoked() {
        let revoked = PersonEvent::TokenRevoked { id: TokenId(Uuid::from_u128(1)), on: ISSUED };
        let events = [issued(1, "Fachverfahren"), issued(2, "Abgleich")];
        let all = Tokens::replay(events.iter());
        let valid = |tokens: &Tokens, n: u8, day| tokens.valid(&Blake3([n; 32]), day).is_some();
        assert!(valid(&all, 1, ISSUED) && valid(&all, 1, UNTIL) && valid(&all, 2, UNTIL));
        assert!(!valid(&all, 1, date(2026, 7, 1)) && !valid(&all, 1, date(2026, 2, 28)));
        assert!(!valid(&all, 3, ISSUED), "nobody issued that one");
        let left = Tokens::replay(events.iter().chain([&revoked]));
        assert!(!valid(&left, 1, ISSUED) && valid(&left, 2, ISSUED));
        assert!(revoked.outdates(&events[0]) && revoked.outdates(&revoked) && !revoked.outdates(&events[1]));
        assert_eq!(Token::latest(ISSUED), date(2027, 3, 1));
        assert_eq!(Token::latest(Date::MAX), Date::MAX);
    }

    #[test]
    fn a_token_is_named_by_its_id_or_by_a_name_that_is_its_alone() {
        let all = Tokens::replay([issued(1, "Abgleich"), issued(2, "Bau"), issued(3, "Bau")].iter());
        let id = |n| TokenId(Uuid::from_u128(n));
        assert_eq!(all.find(" Abgleich ").map(|token| token.id), Some(id(1)));
        assert_eq!(all.find("Bau"), None, "two are called so");
        assert_eq!(all.find(&id(3).to_string()).map(|token| token.id), Some(id(3)));
    }

    #[test]
    fn there_is_an_end_to_how_many_are_valid() {
        let events: Vec<_> = (1..=TOKENS_MAX).map(|n| issued(n as u128, &format!("Nr. {n}"))).collect();
        let all = Tokens::replay(events.iter());
        assert!(all.require_room(ISSUED).unwrap_err().why.contains("20"));
        assert!(all.require_room(date(2026, 7, 1)).is_ok(), "those that have ended do not count");
        assert!(Tokens::replay(events[1..].iter()).require_room(ISSUED).is_ok());
    }

    #[test]
    fn what_is_presented_reads_as_it_was_issued_and_shows_itself_to_nobody_else() {
        let presented = Presented::new(PersonId(Uuid::from_u128(7)), [0xab; 32]);
        let text = presented.reveal();
        assert_eq!(text.parse(), Ok(presented.clone()));
        assert!(!format!("{presented:?}").contains("abab"));
        for wrong in ["", "schriftgut", "schriftgut__", &text[1..], &format!("{text}_"), &format!("{text}0")]
        {
            assert_eq!(wrong.parse::<Presented>(), Err(NotAToken), "{wrong}");
        }
        assert_eq!(text.to_uppercase().parse::<Presented>(), Err(NotAToken), "one token has one text");
    }

    #[test]
    fn scopes_have_one_code_each() {
        for scope in TokenScope::ALL {
            assert_eq!(scope.code().parse(), Ok(scope));
        }
        assert_eq!("approve".parse::<TokenScope>(), Err(NotAScope));
    }
}

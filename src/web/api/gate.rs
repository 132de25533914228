//! The gate of the interface. A [`Bearer`] is the person a valid token acts for, with the rights of this moment and within
//! the token's scopes; only the gate makes one. It has no right to propose, approve, destroy or administer, so no endpoint
//! can hand one on.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::domain::actor::{Actor, Clerk, Reader};
use crate::domain::refusal::Refusal;
use crate::domain::token::{Presented, TokenScope};
use crate::registry;
use crate::web::Office;
use crate::web::asked::Asked;
use crate::web::trouble::Trouble;

/// Longest text that is looked at as a token.
const TOKEN_CHARS_MAX: usize = 200;

/// The person a token acts for, and what it is good for.
pub struct Bearer {
    actor: Actor,
    scopes: BTreeSet<TokenScope>,
}

impl Bearer {
    /// The right to look at what is named.
    pub fn reader(&self) -> Result<Reader<'_>, Trouble> {
        self.require(TokenScope::Read)?;
        self.actor.as_reader().map_err(Trouble::Forbidden)
    }

    /// The right to search.
    pub fn searcher(&self) -> Result<Reader<'_>, Trouble> {
        self.require(TokenScope::Search)?;
        self.actor.as_reader().map_err(Trouble::Forbidden)
    }

    /// The right to record facts.
    pub fn recorder(&self) -> Result<Clerk<'_>, Trouble> {
        self.require(TokenScope::Facts)?;
        self.actor.as_clerk().map_err(Trouble::Forbidden)
    }

    /// The right to put documents into files.
    pub fn filer(&self) -> Result<Clerk<'_>, Trouble> {
        self.require(TokenScope::File)?;
        self.actor.as_clerk().map_err(Trouble::Forbidden)
    }

    /// The right to ask how far a document is: of whoever looks at it, or has put it there.
    pub fn follower(&self) -> Result<Reader<'_>, Trouble> {
        if !self.scopes.contains(&TokenScope::File) {
            self.require(TokenScope::Read)?;
        }
        self.actor.as_reader().map_err(Trouble::Forbidden)
    }

    fn require(&self, scope: TokenScope) -> Result<(), Trouble> {
        if self.scopes.contains(&scope) {
            return Ok(());
        }
        Err(Trouble::Forbidden(Refusal::new(
            "Der Zugangsschlüssel reicht dafür nicht",
            format!("er ist nicht zum Umfang „{scope}“ ausgestellt"),
            "lassen Sie sich einen ausstellen, der diesen Umfang hat",
        )))
    }
}

/// Lets in whoever brings a valid token, behind the brake. What is wrong with another, nobody is told.
pub fn admit(office: &Office, asked: &Asked) -> Result<Bearer, Trouble> {
    let text = brought(asked).ok_or(Trouble::NoToken)?;
    let presented = text.parse::<Presented>().ok();
    // Counted for whom it claims to be: nobody can slow down others by it.
    let whose = presented.as_ref().map_or_else(|| "token".to_owned(), |one| format!("token {}", one.person));
    let now = Instant::now();
    if let Some(wait) = office.brake.wait(&whose, asked.peer, now) {
        return Err(Trouble::Later {
            seconds: wait.as_secs() + 1,
            why: "es wurden zu viele Zugangsschlüssel vorgelegt, die nicht gelten",
        });
    }
    let known = presented.map(|presented| office.registry.bearer(&presented)).transpose()?.flatten();
    match known {
        Some(registry::Bearer { actor, scopes }) => {
            office.brake.succeeded(&whose, asked.peer);
            Ok(Bearer { actor, scopes })
        }
        None => {
            office.brake.failed(&whose, asked.peer, now);
            Err(Trouble::NoToken)
        }
    }
}

/// What stands behind `Authorization: Bearer`.
fn brought(asked: &Asked) -> Option<&str> {
    let (scheme, text) = asked.header("authorization")?.trim().split_once(' ')?;
    let text = text.trim();
    (scheme.eq_ignore_ascii_case("bearer") && (1..=TOKEN_CHARS_MAX).contains(&text.len())).then_some(text)
}

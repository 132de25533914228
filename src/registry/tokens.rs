//! Access tokens (Zugangsschlüssel) of people: issued by oneself alone, revoked by oneself or by administration, and asked
//! about with every question a program brings. Whoever brings one acts with the rights its person has at that moment.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::people::actor_of;
use crate::base::seal::random_bytes;
use crate::catalog::Kind;
use crate::domain::actor::{Actor, Role};
use crate::domain::event::{Event, PersonEvent};
use crate::domain::ids::{PersonId, TokenId};
use crate::domain::life_cycle::german;
use crate::domain::refusal::Refusal;
use crate::domain::token::{Presented, TOKEN_NAME_CHARS_MAX, Token, TokenName, TokenScope, Tokens};

/// A token to be issued.
#[derive(Debug, Clone)]
pub struct NewToken<'n> {
    /// What the person calls it.
    pub name: &'n str,
    /// What it is to be good for.
    pub scopes: BTreeSet<TokenScope>,
    /// The last day it is to be valid.
    pub until: Date,
}

/// A token that was just issued, with the text that opens. It is nowhere else.
pub struct IssuedToken {
    /// What is kept of it.
    pub token: Token,
    /// What a program presents. For its person's eyes, once.
    pub text: String,
}

impl fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedToken").field("token", &self.token).finish_non_exhaustive()
    }
}

/// Whoever brought a valid token: the person it acts for, with the rights of this moment, and what it is good for.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The person.
    pub actor: Actor,
    /// What the token is good for.
    pub scopes: BTreeSet<TokenScope>,
}

impl Registry {
    /// Issues a token for oneself. Nobody can issue one for somebody else: it would be a key to another's rights.
    ///
    /// # Errors
    /// A mistake for a name, a last day or scopes that do not fit; a refusal if there are too many.
    pub fn issue_token(&self, by: &Actor, new: &NewToken<'_>) -> Answer<IssuedToken> {
        let wrong = |why: String, way_out: String| {
            Err(Error::mistake("Es wird kein Zugangsschlüssel ausgestellt", why, way_out))
        };
        let Ok(name) = new.name.parse::<TokenName>() else {
            let why = format!("der Name ist leer oder länger als {TOKEN_NAME_CHARS_MAX} Zeichen");
            return wrong(
                why,
                "nennen Sie das Programm, das ihn benutzt, etwa „Fachverfahren Bau“".to_owned(),
            );
        };
        if new.scopes.is_empty() {
            let all: Vec<_> = TokenScope::ALL.iter().map(ToString::to_string).collect();
            let way_out = format!("nennen Sie mindestens eins von: {}", all.join(", "));
            return wrong("es ist nicht gesagt, wozu er gut ist".to_owned(), way_out);
        }
        let issued = self.today();
        let latest = Token::latest(issued);
        if !(issued..=latest).contains(&new.until) {
            let why = format!("der {} ist vorbei oder mehr als ein Jahr entfernt", german(new.until));
            return wrong(why, format!("nennen Sie als letzten Tag höchstens den {}", german(latest)));
        }
        let writing = self.writing()?;
        let known = self.tokens_of(by.id)?;
        known.require_room(issued)?;
        if known.all().iter().any(|token| token.name == name && token.runs_on(issued)) {
            let way_out = "wählen Sie einen anderen Namen, oder widerrufen Sie jenen zuerst";
            return wrong(format!("einer mit dem Namen „{name}“ gilt schon"), way_out.to_owned());
        }
        let presented = Presented::new(by.id, random_bytes());
        let (id, scopes, until) = (TokenId(Uuid::new_v4()), new.scopes.clone(), new.until);
        let token = Token { id, name, scopes, issued, until, digest: presented.digest() };
        let event = PersonEvent::TokenIssued { token: token.clone() };
        self.record(&writing, by.id, &[Event::Person(by.id, event)])?;
        Ok(IssuedToken { token, text: presented.reveal() })
    }

    /// A person's tokens that were not revoked, in the order they were issued; also those whose last day is over.
    ///
    /// # Errors
    /// A refusal for somebody who is not concerned; a mistake if there is no such person.
    pub fn tokens(&self, by: &Actor, login: &str) -> Answer<Vec<Token>> {
        let person = self.holder(by, login)?;
        Ok(self.tokens_of(person)?.all().to_vec())
    }

    /// Revokes a token, by its id or its name. From now on it opens nothing.
    ///
    /// # Errors
    /// A refusal for somebody who is not concerned; a mistake if there is none of that name.
    pub fn revoke_token(&self, by: &Actor, login: &str, which: &str) -> Answer<Token> {
        let writing = self.writing()?;
        let person = self.holder(by, login)?;
        let known = self.tokens_of(person)?;
        let token = known.find(which).ok_or_else(|| {
            Error::mistake(
                format!("Der Zugangsschlüssel „{which}“ wird nicht widerrufen"),
                format!("{login} hat keinen dieser Bezeichnung, oder mehrere"),
                "`schriftgut user token list` zeigt Namen und Kennungen",
            )
        })?;
        let event = PersonEvent::TokenRevoked { id: token.id, on: self.today() };
        self.record(&writing, by.id, &[Event::Person(person, event)])?;
        Ok(token.clone())
    }

    /// Who brings this token today. None if it is not one, unknown, revoked or over, or if its person has no role any more:
    /// which of them, nobody is told.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn bearer(&self, presented: &Presented) -> Answer<Option<Bearer>> {
        let Some(lived) = self.lived(Kind::Person, presented.person.0)? else { return Ok(None) };
        let tokens = Tokens::replay(lived.person_events());
        let token = tokens.valid(&presented.digest(), self.today());
        let actor = actor_of(presented.person, &lived).filter(|actor| !actor.roles.is_empty());
        Ok(token.zip(actor).map(|(token, actor)| Bearer { actor, scopes: token.scopes.clone() }))
    }

    fn tokens_of(&self, person: PersonId) -> Answer<Tokens> {
        let lived = self.lived(Kind::Person, person.0)?.unwrap_or_default();
        Ok(Tokens::replay(lived.person_events()))
    }

    /// The person of this login, if it is for the one who asks to look after the tokens.
    fn holder(&self, by: &Actor, login: &str) -> Answer<PersonId> {
        if by.login == login {
            return Ok(by.id);
        }
        if !by.is(Role::Administrator) {
            return Err(Error::Refusal(Refusal::new(
                format!("Die Zugangsschlüssel von {login} sind nicht Ihre Sache"),
                "sie gehören der Person selbst; widerrufen kann sie auch die Administration",
                "wenden Sie sich an eine von beiden",
            )));
        }
        Ok(self.person(login)?.id)
    }
}

//! People (Personen): accounts, roles, clearances, secrets. A secret unlocks the person's own signing key; that
//! it does is how it is checked, so no second copy of it is kept.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Registry;
use super::approve::Signer;
use super::entries::SIGNING_KEY_PUBLISHED;
use super::error::{Answer, Error};
use super::records::Lived;
use crate::catalog::Kind;
use crate::domain::actor::{Actor, Administrator, Role};
use crate::domain::case_file::ClassNumber;
use crate::domain::disposal::Signature;
use crate::domain::event::{Event, PersonEvent};
use crate::domain::ids::PersonId;
use crate::domain::protection::ProtectionDomain;
use crate::domain::refusal::Refusal;
use crate::keyring::person_key::{self, SigningIdentity};

/// Shortest secret, in characters.
pub const SECRET_CHARS_MIN: usize = 8;

/// A person to be registered.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The name used to sign in.
    pub login: String,
    /// The name others read.
    pub name: String,
    /// What the person does.
    pub roles: BTreeSet<Role>,
    /// Which secrecies the person may read.
    pub clearances: BTreeSet<ProtectionDomain>,
}

/// An account as its events tell it.
struct Account {
    actor: Actor,
    sealed_key: Option<Vec<u8>>,
}

impl Registry {
    /// Registers a person.
    ///
    /// # Errors
    /// A mistake if the login is taken or empty.
    pub fn add_person(&self, administrator: Administrator<'_>, person: &NewPerson) -> Answer<PersonId> {
        let writing = self.writing()?;
        let wrong = |why: &str, way_out: &str| {
            Err(Error::mistake(format!("„{}“ kann nicht angelegt werden", person.login), why, way_out))
        };
        if person.login.trim().is_empty() || person.login.chars().any(char::is_whitespace) {
            return wrong("der Anmeldename ist leer oder enthält Leerzeichen", "wählen Sie einen anderen");
        }
        if self.account(&person.login)?.is_some() {
            return wrong("den Anmeldenamen gibt es schon", "wählen Sie einen anderen");
        }
        let id = PersonId(Uuid::new_v4());
        self.written(self.keyring.add(&[id.into()]))?;
        self.record(&writing, administrator.actor().id, &registration(id, person))?;
        Ok(id)
    }

    /// Sets roles and clearances anew; what is not given stays.
    ///
    /// # Errors
    /// A mistake if there is no such person; a refusal if nobody could keep people any more.
    pub fn set_rights(
        &self,
        administrator: Administrator<'_>,
        login: &str,
        roles: Option<BTreeSet<Role>>,
        clearances: Option<BTreeSet<ProtectionDomain>>,
    ) -> Answer<()> {
        // Held until the event is there: of two who take each other's rights away, the second is refused.
        let writing = self.writing()?;
        let accounts = self.accounts()?;
        let account = accounts.iter().find(|account| account.actor.login == login);
        let account = account.ok_or_else(|| Error::unknown("Person", login))?;
        let roles = roles.unwrap_or_else(|| account.actor.roles.clone());
        let clearances = clearances.unwrap_or_else(|| account.actor.clearances.clone());
        if !roles.contains(&Role::Administrator) {
            require_another_administrator(&accounts, account)?;
        }
        let event = Event::Person(account.actor.id, PersonEvent::RightsSet { roles, clearances });
        self.record(&writing, administrator.actor().id, &[event])?;
        Ok(())
    }

    /// Sets what a person is responsible for (Zuständigkeit), which orders what that person finds; none takes it all away.
    ///
    /// # Errors
    /// A mistake if there is no such person, or a branch is not in the file plan.
    pub fn set_duties(
        &self,
        administrator: Administrator<'_>,
        login: &str,
        branches: BTreeSet<ClassNumber>,
    ) -> Answer<()> {
        let writing = self.writing()?;
        let account = self.account(login)?.ok_or_else(|| Error::unknown("Person", login))?;
        let rules = self.rules()?;
        if let Some(unknown) = branches.iter().find(|branch| rules.plan.class(branch).is_none()) {
            return Err(Error::mistake(
                format!("Die Zuständigkeit von {login} bleibt, wie sie ist"),
                format!("die Aktenplaneinheit {unknown} steht nicht im Aktenplan"),
                "`schriftgut plan` zeigt den Aktenplan",
            ));
        }
        let event = Event::Person(account.actor.id, PersonEvent::DutiesSet { branches });
        self.record(&writing, administrator.actor().id, &[event])?;
        Ok(())
    }

    /// Sets a person's secret and with it a new signing key: one's own, or as administrator a first one for
    /// somebody else. A key that somebody else has set signs nothing until its owner sets a secret.
    ///
    /// # Errors
    /// A mistake if the secret is too short or there is no such person; a refusal for another's secret.
    pub fn set_secret(&self, by: &Actor, login: &str, secret: &str) -> Answer<()> {
        if secret.chars().count() < SECRET_CHARS_MIN {
            return Err(Error::mistake(
                "Das Kennwort ist zu kurz",
                format!("es braucht mindestens {SECRET_CHARS_MIN} Zeichen"),
                "wählen Sie ein längeres, zum Beispiel mehrere Wörter",
            ));
        }
        if by.login != login {
            by.as_administrator()?;
        }
        let (public, sealed_key) = SigningIdentity::create(secret).map_err(|cause| {
            Error::fault("Das Kennwort kann nicht gesetzt werden", "versuchen Sie es erneut", cause)
        })?;
        let writing = self.writing()?;
        let account = self.account(login)?.ok_or_else(|| Error::unknown("Person", login))?;
        let id = account.actor.id;
        let events = [
            Event::Person(id, PersonEvent::SecretSet { sealed_key }),
            Event::Person(id, PersonEvent::SigningKeyPublished { public }),
        ];
        self.record(&writing, by.id, &events)?;
        Ok(())
    }

    /// The person behind a login, if the secret is right. Says the same for a wrong name and a wrong secret,
    /// and takes about as long.
    ///
    /// # Errors
    /// A mistake if it is not.
    pub fn sign_in(&self, login: &str, secret: &str) -> Answer<Signer> {
        let refused = || {
            Error::mistake(
                "Die Anmeldung ist nicht möglich",
                "Anmeldename oder Kennwort ist falsch",
                "prüfen Sie beides; ein neues Kennwort vergibt die Administration",
            )
        };
        let account = self.account(login)?;
        let sealed_key = account.as_ref().and_then(|account| account.sealed_key.clone());
        // For an unknown name a key that no secret opens is tried, so that the time tells nothing.
        let Some(sealed_key) = sealed_key else {
            let _ = SigningIdentity::create(secret);
            return Err(refused());
        };
        let identity = SigningIdentity::unlock(&sealed_key, secret).map_err(|_| refused())?;
        let actor = account.map(|account| account.actor).ok_or_else(refused)?;
        Ok(Signer { actor, identity })
    }

    /// The person with this login.
    ///
    /// # Errors
    /// A mistake if there is none.
    pub fn person(&self, login: &str) -> Answer<Actor> {
        let account = self.account(login)?.ok_or_else(|| Error::unknown("Person", login))?;
        Ok(account.actor)
    }

    /// The person with this id, with the rights of this moment.
    ///
    /// # Errors
    /// A mistake if there is none.
    pub fn person_by_id(&self, id: PersonId) -> Answer<Actor> {
        let lived = self.lived(Kind::Person, id.0)?.and_then(|lived| account(id, lived.person_events()));
        Ok(lived.ok_or_else(|| Error::unknown("Person", &id.to_string()))?.actor)
    }

    /// Has a secret been set for this login?
    ///
    /// # Errors
    /// A mistake if there is no such person.
    pub fn has_secret(&self, login: &str) -> Answer<bool> {
        let account = self.account(login)?.ok_or_else(|| Error::unknown("Person", login))?;
        Ok(account.sealed_key.is_some())
    }

    /// Everybody, by login.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn people(&self) -> Answer<Vec<Actor>> {
        let mut people: Vec<_> = self.accounts()?.into_iter().map(|account| account.actor).collect();
        people.sort_by(|a, b| a.login.cmp(&b.login));
        Ok(people)
    }

    /// This public key is or was the person's own, as the ledger says: published by that very person. A key
    /// that came with a secret somebody else gave out signs nothing.
    pub(super) fn owns_key(&self, person: PersonId, public: &[u8; 32]) -> Answer<bool> {
        for number in self.chain_numbers(Kind::Person, person.0)? {
            let entry = self.ledger.entry(number)?;
            if entry.header.actor != person {
                continue;
            }
            let event = self.open_body(&entry)?;
            if matches!(event, Some(Event::Person(_, PersonEvent::SigningKeyPublished { public: own })) if own == *public)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Every key that its owner published, out of the whole ledger: what cannot be taken back asks no view whose
    /// signature holds. A look-up that fails is a fault and never a signature that does not hold.
    pub(super) fn own_keys(&self) -> Answer<OwnKeys> {
        let mut keys = BTreeSet::new();
        self.each_entry_from(0, &mut |entry| {
            let header = &entry.header;
            if header.kind.0 == SIGNING_KEY_PUBLISHED
                && header.actor.0 == header.subject
                && let Some(Event::Person(id, PersonEvent::SigningKeyPublished { public })) =
                    self.open_body(entry)?
            {
                keys.insert((id, public));
            }
            Ok(())
        })?;
        Ok(OwnKeys(keys))
    }

    fn account(&self, login: &str) -> Answer<Option<Account>> {
        Ok(self.accounts()?.into_iter().find(|account| account.actor.login == login))
    }

    /// A town has some hundred people: all of them are read.
    fn accounts(&self) -> Answer<Vec<Account>> {
        let rows = self.catalog()?.rows(Kind::Person, None, usize::MAX)?;
        let mut accounts = Vec::with_capacity(rows.len());
        for (id, row) in rows {
            let lived = self.open_row(Kind::Person, id, &row)?;
            accounts.extend(account(PersonId(id), lived.person_events()));
        }
        Ok(accounts)
    }
}

/// Who can sign in stops being administrator only while somebody else is who can; and the last one never does.
fn require_another_administrator(accounts: &[Account], losing: &Account) -> Result<(), Refusal> {
    let another = |other: &Account| {
        other.actor.id != losing.actor.id
            && other.actor.is(Role::Administrator)
            && (other.sealed_key.is_some() || losing.sealed_key.is_none())
    };
    if !losing.actor.is(Role::Administrator) || accounts.iter().any(another) {
        return Ok(());
    }
    Err(Refusal::new(
        format!("„{}“ behält die Rolle Administration", losing.actor.login),
        "sonst hat niemand mehr diese Rolle, der sich anmelden kann, und Personen könnten nicht mehr verwaltet werden",
        "geben Sie zuerst einer anderen Person diese Rolle und ein Kennwort",
    ))
}

/// The keys that people published for themselves.
pub(super) struct OwnKeys(BTreeSet<(PersonId, [u8; 32])>);

impl OwnKeys {
    /// The signature is good, and made with a key of the person it names.
    pub(super) fn hold(&self, signature: &Signature, text: &[u8]) -> bool {
        self.0.contains(&(signature.by, signature.public))
            && person_key::verify(&signature.public, text, &signature.bytes)
    }
}

/// The events that register a person.
pub(super) fn registration(id: PersonId, person: &NewPerson) -> [Event; 2] {
    let (login, name) = (person.login.trim().to_owned(), person.name.trim().to_owned());
    let (roles, clearances) = (person.roles.clone(), person.clearances.clone());
    [
        Event::Person(id, PersonEvent::Registered { login, name }),
        Event::Person(id, PersonEvent::RightsSet { roles, clearances }),
    ]
}

/// The person whose row this is.
pub(super) fn actor_of(id: PersonId, lived: &Lived) -> Option<Actor> {
    account(id, lived.person_events()).map(|account| account.actor)
}

fn account<'a>(id: PersonId, events: impl Iterator<Item = &'a PersonEvent>) -> Option<Account> {
    let mut account: Option<Account> = None;
    for event in events {
        match (event, account.as_mut()) {
            (PersonEvent::Registered { login, name }, _) => {
                account = Some(Account {
                    actor: Actor {
                        id,
                        login: login.clone(),
                        name: name.clone(),
                        roles: BTreeSet::new(),
                        clearances: BTreeSet::new(),
                        duties: BTreeSet::new(),
                    },
                    sealed_key: None,
                });
            }
            (_, None) => {}
            (PersonEvent::RightsSet { roles, clearances }, Some(account)) => {
                account.actor.roles = roles.clone();
                account.actor.clearances = clearances.clone();
            }
            (PersonEvent::DutiesSet { branches }, Some(account)) => account.actor.duties = branches.clone(),
            (PersonEvent::SecretSet { sealed_key }, Some(account)) => {
                account.sealed_key = Some(sealed_key.clone());
            }
            (
                PersonEvent::SigningKeyPublished { .. }
                | PersonEvent::SearchSaved { .. }
                | PersonEvent::SearchRenamed { .. }
                | PersonEvent::SearchSeen { .. }
                | PersonEvent::SearchForgotten { .. }
                | PersonEvent::DeputyNamed { .. }
                | PersonEvent::DeputyshipEnded { .. }
                | PersonEvent::TokenIssued { .. }
                | PersonEvent::TokenRevoked { .. },
                Some(_),
            ) => {}
        }
    }
    account
}

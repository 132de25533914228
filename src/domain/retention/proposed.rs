//! Rules come into force by two people: one proposes an edition, another one enacts it.

use super::rule::Edition;
use crate::domain::actor::RuleEnactor;
use crate::domain::event::OfficeEvent;
use crate::domain::ids::PersonId;
use crate::domain::refusal::Refusal;

/// A rule pack that one person proposed and nobody has put in force yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedRules {
    /// Its edition.
    pub edition: Edition,
    /// The TOML text.
    pub source: String,
    /// Who proposed it.
    pub by: PersonId,
}

impl ProposedRules {
    /// What puts this in force, if this second person may and means this edition.
    ///
    /// # Errors
    /// A refusal for whoever proposed it, and for another edition than the one that is proposed.
    pub fn enacted_by(&self, enactor: RuleEnactor<'_>, edition: &str) -> Result<OfficeEvent, Refusal> {
        let what = || format!("Das Regelwerk {edition} tritt nicht in Kraft");
        if self.edition.as_str() != edition {
            return Err(Refusal::new(
                what(),
                format!("vorgeschlagen ist {}", self.edition),
                "prüfen Sie, was vorgeschlagen ist (`schriftgut rules diff`), und nennen Sie diese Ausgabe",
            ));
        }
        if self.by == enactor.actor().id {
            return Err(Refusal::new(
                what(),
                "wer ein Regelwerk vorschlägt, setzt es nicht selbst in Kraft",
                "bitten Sie eine zweite Person aus Schriftgutverwaltung oder Archiv",
            ));
        }
        Ok(OfficeEvent::RulesEnacted { edition: edition.to_owned(), source: self.source.clone() })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use uuid::Uuid;

    use super::*;
    use crate::domain::actor::{Actor, Role};

    fn actor(id: u128, role: Role) -> Actor {
        Actor {
            id: PersonId(Uuid::from_u128(id)),
            login: String::new(),
            name: String::new(),
            roles: [role].into(),
            clearances: BTreeSet::new(),
            duties: BTreeSet::new(),
        }
    }

    #[test]
    fn nobody_enacts_what_they_proposed_or_what_was_not_proposed() {
        let proposed = ProposedRules {
            edition: "stadt 2".parse().unwrap(),
            source: "rules".to_owned(),
            by: PersonId(Uuid::from_u128(1)),
        };
        let (first, second) = (actor(1, Role::RecordsManager), actor(2, Role::Archivist));
        let enact = |actor: &Actor, edition| proposed.enacted_by(actor.as_rule_enactor().unwrap(), edition);
        assert!(enact(&first, "stadt 2").is_err());
        assert!(enact(&second, "stadt 1").is_err());
        let enacted = OfficeEvent::RulesEnacted { edition: "stadt 2".into(), source: "rules".into() };
        assert_eq!(enact(&second, "stadt 2"), Ok(enacted));
        assert!(actor(3, Role::Clerk).as_rule_enactor().is_err());
    }
}

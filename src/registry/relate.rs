//! Relations (Bezüge) between files: predecessor and successor, the whole and its parts, and what sheds light on each other.
//! Both files say so. Whoever may not read one of them does not learn of it from the other.

use super::Registry;
use super::error::{Answer, Error};
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::CaseFile;
use crate::domain::event::Event;
use crate::domain::life_cycle::{Command, decide};
use crate::domain::relation::Relation;

impl Registry {
    /// Says what the other file is to this one, and to the other what this one is; in place of what was said before.
    ///
    /// # Errors
    /// A mistake for a file that is unknown, or is the same; a refusal once one of them is being destroyed.
    pub fn relate(&self, clerk: Clerk<'_>, reference: &str, other: &str, relation: Relation) -> Answer<()> {
        self.change_relation(clerk, reference, other, Some(relation))
    }

    /// Takes back that two files belong together.
    ///
    /// # Errors
    /// A mistake for a file that is unknown, or if they do not belong together.
    pub fn unrelate(&self, clerk: Clerk<'_>, reference: &str, other: &str) -> Answer<()> {
        self.change_relation(clerk, reference, other, None)
    }

    fn change_relation(
        &self,
        clerk: Clerk<'_>,
        reference: &str,
        other: &str,
        relation: Option<Relation>,
    ) -> Answer<()> {
        let (writing, actor, on) = (self.writing()?, clerk.actor(), self.today());
        let (file, other) = (self.cover_named(actor, reference)?, self.cover_named(actor, other)?);
        let why = match relation {
            _ if file.id == other.id => Some("es ist dieselbe Akte"),
            None if !file.relations.contains_key(&other.id) => Some("zwischen ihnen besteht kein Bezug"),
            _ => None,
        };
        if let Some(why) = why {
            let what =
                format!("Am Bezug zwischen {} und {} ändert sich nichts", file.reference, other.reference);
            return Err(Error::mistake(what, why, "`schriftgut show` zeigt die Bezüge einer Akte"));
        }
        let command = |to: &CaseFile, relation: Option<Relation>| match relation {
            Some(relation) => Command::Relate { to: to.id, relation, on },
            None => Command::Unrelate { to: to.id, on },
        };
        let here = decide(&file, command(&other, relation))?;
        let there = decide(&other, command(&file, relation.map(Relation::seen_from_the_other)))?;
        self.record(&writing, actor.id, &[Event::File(file.id, here), Event::File(other.id, there)])?;
        Ok(())
    }

    /// The files a file belongs together with that this person may read, by what they are to it.
    pub(super) fn related(&self, actor: &Actor, file: &CaseFile) -> Answer<Vec<(Relation, CaseFile)>> {
        let mut related = Vec::new();
        for (id, relation) in &file.relations {
            related.extend(self.readable_cover(actor, *id)?.map(|other| (*relation, other)));
        }
        related.sort_by(|(a, one), (b, other)| (a, &one.reference).cmp(&(b, &other.reference)));
        Ok(related)
    }
}

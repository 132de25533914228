//! What an archive is told of the files of a list: out of the catalogue, for a person who may read all of them.

use super::super::Registry;
use super::super::error::Answer;
use crate::domain::actor::Actor;
use crate::domain::case_file::CaseFile;
use crate::domain::disposal::dialogue::told::{ToldDocument, ToldFate, ToldFile};
use crate::domain::disposal::{Cause, DisposalList, Line};
use crate::domain::life_cycle::german;
use crate::domain::retention::{Disposition, Rule, RuleBook};
use crate::format::file_plan::xdomea::Fate;
use crate::registry::rules::RulesOfEdition;

impl Registry {
    /// All files of a list that are offered, as they are.
    pub(super) fn told_of_list(&self, actor: &Actor, list: &DisposalList) -> Answer<Vec<ToldFile>> {
        let rules = self.rules_of_edition(Some(&list.edition))?;
        let (mut told, mut hidden) = (Vec::with_capacity(list.lines.len()), 0);
        for line in list.offered() {
            let Some(file) = self.readable_file(actor, line.file)? else {
                hidden += 1;
                continue;
            };
            let mut one = told_of(&file, line, &rules);
            for id in &file.documents {
                let Some(document) = self.document(*id)? else { continue };
                let (versions, history) = (Vec::new(), Vec::new());
                let (name, case) = (document.file_name, document.case);
                one.documents.push(ToldDocument { id: *id, name, case, versions, history });
            }
            told.push(one);
        }
        Self::hidden(list, hidden)?;
        Ok(told)
    }
}

/// What of a file itself is told.
pub(in crate::registry) fn told_of(file: &CaseFile, line: &Line, rules: &RulesOfEdition) -> ToldFile {
    let rule = rule_of(line, &rules.book);
    let fate = Fate::of(rule);
    let fate = ToldFate {
        years: fate.years.filter(|_| fate.is_exact),
        disposition: rule.map_or(Disposition::Appraise, |rule| rule.disposition),
        kept_until: ToldFate::kept_until(line),
        proposal: line.proposal,
        reason: reason(line, rule, &rules.book),
    };
    let class_title = rules.in_force.plan.class(&file.class).map(|class| class.title.clone());
    let kind = file.type_id().and_then(|id| rules.in_force.types.label(id.as_str())).map(str::to_owned);
    ToldFile::of(file, class_title.unwrap_or_default(), kind, fate)
}

fn rule_of<'a>(line: &Line, book: &'a RuleBook) -> Option<&'a Rule> {
    match &line.cause {
        Cause::Rule(id) => book.rules().iter().find(|rule| rule.id.as_str() == id),
        Cause::Early(_) => None,
    }
}

/// Why a file is on the list, and what speaks for keeping it.
fn reason(line: &Line, rule: Option<&Rule>, book: &RuleBook) -> String {
    let due = match (&line.cause, rule) {
        (Cause::Early(ground), _) => format!("Vor Ablauf der Frist: {}", ground.label()),
        (Cause::Rule(_), Some(rule)) => format!(
            "Regel {} „{}“ ({}), fällig seit {}",
            rule.id,
            rule.title,
            book.edition(),
            german(line.since)
        ),
        (Cause::Rule(id), None) => {
            format!("Regel {id} ({}), fällig seit {}", book.edition(), german(line.since))
        }
    };
    let title = |id: &String| {
        let known = book.criteria().iter().find(|criterion| criterion.id.as_str() == id);
        known.map_or_else(|| id.clone(), |criterion| criterion.title.clone())
    };
    let criteria: Vec<_> = line.criteria.iter().map(title).collect();
    if criteria.is_empty() {
        due
    } else {
        format!("{due}; für Archivwürdigkeit spricht: {}", criteria.join(", "))
    }
}

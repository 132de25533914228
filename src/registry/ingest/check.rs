//! A look at where a whole delivery would go, before the first of it is taken in. It goes the way of taking in and stops
//! before anything is written: what it lets through is refused later only if the office changed in between.

use jiff::civil::Date;

use super::plan::{Plan, Refused};
use super::{ORIGINAL_BYTES_MAX, Target};
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::Phase;
use crate::domain::file_plan::NoNewFiles;
use crate::domain::life_cycle::{Command, decide};
use crate::domain::scan::ProtectionNeed;
use crate::format::wording;
use crate::registry::Registry;
use crate::registry::error::{Answer, Error};

/// One document of a delivery.
#[derive(Debug)]
pub struct Proposed<'a> {
    /// Where it is to go.
    pub target: &'a Target,
    /// The day its file is to be closed afterwards.
    pub closed: Option<Date>,
    /// How large it is.
    pub size_bytes: u64,
    /// How much depends on it, if it is a scan that is to stand for paper and somebody says so.
    pub need: Option<ProtectionNeed>,
}

impl Registry {
    /// Why each of these documents could not be taken in, and the way out; none for one that could. They are looked at
    /// together: what one of them would open the others go into.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn unfit<'a>(
        &self,
        clerk: Clerk<'_>,
        delivery: impl Iterator<Item = Proposed<'a>>,
    ) -> Answer<Vec<Option<(String, String)>>> {
        let mut plan = Plan::default();
        delivery.map(|proposed| self.why_unfit(clerk.actor(), &proposed, &mut plan)).collect()
    }

    fn why_unfit(&self, actor: &Actor, proposed: &Proposed<'_>, plan: &mut Plan) -> Answer<Option<Refused>> {
        let Proposed { target, closed, size_bytes, need } = proposed;
        if *size_bytes > ORIGINAL_BYTES_MAX {
            let why = format!("die Datei ist größer als {} GiB", ORIGINAL_BYTES_MAX >> 30);
            return Ok(Some((why, "teilen Sie sie".to_owned())));
        }
        // A class that is not there is a mistake of the list, also where the file is there and it does not count.
        if let Some(class) = &target.class
            && let Err(why @ NoNewFiles::Unknown) = self.rules()?.plan.takes_new_files(class)
        {
            let way_out = "`schriftgut plan` zeigt den Aktenplan".to_owned();
            return Ok(Some((wording::no_new_files(class, why), way_out)));
        }
        let domain = self.domain_at(actor, target)?;
        let least = ProtectionNeed::least(domain);
        if need.is_some_and(|need| need < least) {
            let (domain, least) = (domain.label(), least.label());
            let why = format!("im Schutzbereich {domain} ist der Schutzbedarf mindestens {least}");
            return Ok(Some((why, "nennen Sie einen höheren Schutzbedarf oder keinen (--need)".to_owned())));
        }
        let (_, file) = match self.find_or_plan(actor, domain, target, plan)? {
            Err(refused) => return Ok(Some(refused)),
            Ok(found) => found,
        };
        let closing = file.zip(*closed).filter(|(file, _)| file.phase == Phase::Open);
        let refusal = closing.and_then(|(file, on)| decide(&file, Command::Close { on }).err());
        Ok(refusal.map(|refusal| {
            let words = Error::from(refusal).words();
            (words.why, words.way_out)
        }))
    }
}

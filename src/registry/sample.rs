//! Samples (Stichproben) from the undecided lines of a disposal list: drawn for the archive, recorded with everything needed
//! to draw them again, and the archive's decision on what was drawn.

use std::collections::{BTreeMap, BTreeSet};

use super::Registry;
use super::error::{Answer, Error};
use crate::base::digest::hex;
use crate::base::seal::random_bytes;
use crate::domain::actor::Archivist;
use crate::domain::appraisal::sample::{self, Method, Sample};
use crate::domain::case_file::{CaseFile, ClassNumber};
use crate::domain::disposal::{Decision, LineState};
use crate::domain::event::{Event, FileEvent};
use crate::domain::ids::{CaseFileId, DisposalListId};
use crate::format::wording;

/// How a sample is to be drawn, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleAsked {
    /// Only lines of this branch of the file plan.
    pub branch: Option<ClassNumber>,
    /// How. A random one without seed gets one.
    pub method: Method,
    /// What the archive decides on the lines that are not drawn; none leaves them undecided. Those that are drawn are worth
    /// keeping.
    pub others: Option<Decision>,
}

/// A sample, and the files it was drawn from.
#[derive(Debug, Clone)]
pub struct DrawnSample {
    /// What was drawn.
    pub sample: Sample,
    /// The files of its population, as far as this person may read them.
    pub files: BTreeMap<CaseFileId, CaseFile>,
}

impl Registry {
    /// Draws a sample from the undecided lines of a list that this person may read, and decides: what is drawn is worth
    /// keeping. Without `record` it is only shown.
    ///
    /// # Errors
    /// A mistake for a method that makes no sense, or where there is nothing to draw from; a refusal unless the list is
    /// offered.
    pub fn draw_sample(
        &self,
        archivist: Archivist<'_>,
        id: DisposalListId,
        asked: &SampleAsked,
        record: bool,
    ) -> Answer<DrawnSample> {
        let writing = self.writing()?;
        let list = self.list_named(id)?;
        let mut files = BTreeMap::new();
        for (line, state) in list.lines.values() {
            if *state != LineState::Undecided {
                continue;
            }
            let Some(file) = self.readable_cover(archivist.actor(), line.file)? else { continue };
            if asked.branch.as_ref().is_none_or(|branch| file.class.is_within(branch)) {
                files.insert(file.id, file);
            }
        }
        if files.is_empty() {
            return Err(refused(
                "keine Zeile ist unbewertet, die Sie lesen dürfen und die in diesem Zweig liegt",
            ));
        }
        let method = seeded(asked.method.clone());
        let population: Vec<_> = files.values().collect();
        let sample =
            sample::draw(&method, &population).map_err(|flaw| refused(wording::sample_flaw(flaw)))?;
        let drawn = list.sample(self.today(), sample.clone())?;
        let how = wording::sample_method(&method);
        let chosen: BTreeSet<_> = sample.chosen.iter().collect();
        let mut events = vec![Event::List(id, drawn)];
        for file in &sample.population {
            let (decision, reason) = match (chosen.contains(file), asked.others) {
                (true, _) => (Decision::Archive, format!("Stichprobe: {how}")),
                (false, Some(others)) => (others, format!("nicht in der Stichprobe: {how}")),
                (false, None) => continue,
            };
            events.push(Event::List(id, list.appraise(*file, decision)?));
            events.push(Event::File(
                *file,
                FileEvent::AppraisalNoted { list: id, decision, reason, left_out: None },
            ));
        }
        if record {
            self.record(&writing, archivist.actor().id, &events)?;
        }
        Ok(DrawnSample { sample, files })
    }
}

/// With a seed, if it needs one and has none.
fn seeded(method: Method) -> Method {
    match method {
        Method::Random { per_thousand, seed } if seed.trim().is_empty() => {
            Method::Random { per_thousand, seed: hex(&random_bytes::<8>()) }
        }
        other => other,
    }
}

fn refused(why: &str) -> Error {
    Error::mistake(
        "Es wird keine Stichprobe gezogen",
        why,
        "`schriftgut list show` zeigt die Zeilen, `schriftgut list sample --help` die Verfahren",
    )
}

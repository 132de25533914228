//! Holds (Vernichtungssperren): while one stands, nothing of the file is destroyed. A hold that is ordered
//! before destruction begins always wins. One order may hold many files, by name or by what a search finds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::fact::EVENTS_AT_A_TIME;
use super::find::{self, Asked};
use super::keep::require_text;
use crate::domain::actor::{Actor, Reader, RecordsManager};
use crate::domain::case_file::{CaseFile, Hold};
use crate::domain::event::Event;
use crate::domain::ids::{CaseFileId, HoldId};
use crate::domain::life_cycle::{Command, decide, german};
use crate::domain::refusal::Refusal;
use crate::format::wording;

/// What is to be held, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldOrder {
    /// The reference numbers of files.
    pub references: Vec<String>,
    /// Also every file that this search finds now: by itself, or by one of its pages. Files that come later are not
    /// held.
    pub query: Option<String>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Date,
    /// On which day somebody is to look whether it is still needed.
    pub review: Option<Date>,
}

impl HoldOrder {
    /// One that holds a single file, without a day of review.
    #[must_use]
    pub fn of(reference: &str, reason: String, since: Date) -> Self {
        Self { references: vec![reference.to_owned()], query: None, reason, since, review: None }
    }
}

/// What became of an order.
#[derive(Debug, Clone)]
pub struct HoldPlaced {
    /// Its id.
    pub id: HoldId,
    /// The files it holds, or would.
    pub files: Vec<CaseFile>,
    /// For which files it came too late.
    pub refused: Vec<Refusal>,
}

/// An order that stands, and the files it holds.
#[derive(Debug, Clone)]
pub struct StandingHold {
    /// The hold.
    pub hold: Hold,
    /// The files, in the order of their reference numbers; those this person may read.
    pub files: Vec<CaseFile>,
}

impl Registry {
    /// Holds every file the order names. Those whose destruction has begun are told, the others are held. Without
    /// `record` it is only looked which they are.
    ///
    /// # Errors
    /// A mistake that names every file that is unknown to this person, a query that cannot be read or answered
    /// wholly, a day of review that has passed; a refusal if it comes too late for all. Then nothing was held.
    pub fn place_hold(
        &self,
        manager: RecordsManager<'_>,
        order: &HoldOrder,
        record: bool,
    ) -> Answer<HoldPlaced> {
        require_text("Der Grund der Vernichtungssperre", &order.reason)?;
        self.require_days(order)?;
        let writing = self.writing()?;
        let hold = Hold {
            id: HoldId(Uuid::new_v4()),
            reason: order.reason.trim().to_owned(),
            since: order.since,
            review: order.review,
        };
        let (mut files, mut events, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for file in self.files_of_order(manager.actor(), order)? {
            match decide(&file, Command::PlaceHold(hold.clone())) {
                Ok(event) => {
                    events.push(Event::File(file.id, event));
                    files.push(file);
                }
                Err(refusal) => refused.push(refusal),
            }
        }
        if events.is_empty() {
            return Err(refused.into_iter().next().map_or_else(nothing_found, Error::from));
        }
        if record {
            for some in events.chunks(EVENTS_AT_A_TIME) {
                self.record(&writing, manager.actor().id, some)?;
            }
        }
        Ok(HoldPlaced { id: hold.id, files, refused })
    }

    fn require_days(&self, order: &HoldOrder) -> Answer<()> {
        let refuse = |why: String, way_out: &str| {
            Err(Error::mistake("Die Vernichtungssperre wird nicht gesetzt", why, way_out))
        };
        if order.since > self.today() {
            let why = format!("der {} liegt in der Zukunft", german(order.since));
            return refuse(why, "eine Sperre gilt ab heute oder einem früheren Tag");
        }
        match order.review {
            Some(day) if day < self.today() => refuse(
                format!("der Tag der Prüfung, {}, ist vorbei", german(day)),
                "nennen Sie einen späteren",
            ),
            _ => Ok(()),
        }
    }

    /// Every file an order names, each once, without documents.
    fn files_of_order(&self, actor: &Actor, order: &HoldOrder) -> Answer<Vec<CaseFile>> {
        let (mut files, mut unknown) = (BTreeMap::new(), Vec::new());
        for reference in &order.references {
            match self.cover_named(actor, reference) {
                Ok(file) => {
                    files.insert(file.id, file);
                }
                Err(fault @ Error::Fault { .. }) => return Err(fault),
                Err(_) => unknown.push(reference.clone()),
            }
        }
        if !unknown.is_empty() {
            let told = wording::first_of(&unknown, "eine weitere", "weitere").join(", ");
            return Err(Error::mistake(
                "Die Vernichtungssperre wird nicht gesetzt",
                format!("diese Akten sind unbekannt: {told}"),
                "berichtigen Sie die Aktenzeichen; es wurde noch keine Akte gesperrt",
            ));
        }
        if let Some(query) = &order.query {
            for id in self.every_file_with(actor, query)? {
                if let Some(file) = self.readable_cover(actor, id)? {
                    files.insert(id, file);
                }
            }
        }
        Ok(files.into_values().collect())
    }

    /// Every file that a search finds, as its words were typed, also where they stand on different pages. It waits until
    /// it is the whole answer.
    fn every_file_with(&self, actor: &Actor, query: &str) -> Answer<BTreeSet<CaseFileId>> {
        let (query, _) = self.parse(query)?;
        if let Some(behind) = self.follow_for_a_search()? {
            return Err(Error::mistake(
                "Die Suche kann jetzt nicht alle Akten nennen",
                behind.note(),
                "versuchen Sie es später noch einmal, oder nennen Sie die Aktenzeichen",
            ));
        }
        self.healing(&mut || {
            let asked = Asked { actor, query: &query, scope: find::scope_of(None, None) };
            let indexes = self.whole_indexes()?;
            find::every_file(&indexes, &asked)
        })
    }

    /// Releases a hold from these files, or from all it holds that this person may read; answers which they were.
    ///
    /// # Errors
    /// A refusal if one of the files has no such hold; a mistake if there is none.
    pub fn release_hold(
        &self,
        manager: RecordsManager<'_>,
        id: HoldId,
        references: &[String],
    ) -> Answer<Vec<CaseFile>> {
        let (writing, actor) = (self.writing()?, manager.actor());
        let mut files = BTreeMap::new();
        for reference in references {
            let file = self.cover_named(actor, reference)?;
            files.insert(file.id, file);
        }
        if references.is_empty() {
            for file in self.catalog()?.files_held_by(id)? {
                files.extend(self.readable_cover(actor, file)?.map(|found| (file, found)));
            }
        }
        let release = |file: &CaseFile| {
            let event = decide(file, Command::ReleaseHold { id, on: self.today() })?;
            Ok(Event::File(file.id, event))
        };
        let events = files.values().map(release).collect::<Result<Vec<_>, Refusal>>()?;
        if events.is_empty() {
            return Err(Error::unknown("Vernichtungssperre", &id.to_string()));
        }
        for some in events.chunks(EVENTS_AT_A_TIME) {
            self.record(&writing, actor.id, some)?;
        }
        Ok(files.into_values().collect())
    }

    /// The holds that stand, the eldest first, with their files among those this person may read; with a day those
    /// that are to be reviewed by then, the most urgent first.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn holds(&self, reader: Reader<'_>, review_by: Option<Date>) -> Answer<Vec<StandingHold>> {
        let mut orders: BTreeMap<HoldId, StandingHold> = BTreeMap::new();
        let held = self.catalog()?.held_files(review_by)?;
        for id in held {
            let Some(file) = self.readable_cover(reader.actor(), id)? else { continue };
            for hold in &file.holds {
                let is_asked = review_by.is_none_or(|by| hold.review.is_some_and(|day| day <= by));
                if is_asked {
                    let new = || StandingHold { hold: hold.clone(), files: Vec::new() };
                    orders.entry(hold.id).or_insert_with(new).files.push(file.clone());
                }
            }
        }
        let mut orders: Vec<_> = orders.into_values().collect();
        orders.iter_mut().for_each(|order| order.files.sort_by(|a, b| a.reference.cmp(&b.reference)));
        orders.sort_by_key(|StandingHold { hold, .. }| {
            let day = review_by.and(hold.review).unwrap_or(hold.since);
            (day, hold.id)
        });
        Ok(orders)
    }
}

fn nothing_found() -> Error {
    Error::mistake(
        "Die Vernichtungssperre wird nicht gesetzt",
        "es ist keine Akte genannt, und die Suche findet keine",
        "nennen Sie Aktenzeichen oder eine Suche",
    )
}

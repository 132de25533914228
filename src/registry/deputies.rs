//! Deputies (Vertretung): who looks after a person's reminders and files while that person is away. Grants nothing: what a deputy
//! may not read is not there for the deputy, and nobody approves in somebody's name.

use jiff::civil::Date;
use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::keep::require_text;
use super::people::actor_of;
use crate::catalog::Kind;
use crate::domain::actor::{Actor, Reader, Role};
use crate::domain::case_file::{CaseFile, Phase, Reminder};
use crate::domain::deputy::{DEPUTYSHIPS_MAX, Deputyship, Deputyships};
use crate::domain::event::{Event, PersonEvent};
use crate::domain::ids::{DeputyshipId, PersonId};
use crate::domain::life_cycle::german;
use crate::domain::refusal::Refusal;

/// Files of an absent person that are shown; that there are more is said.
pub const FILES_SHOWN_MAX: usize = 100;

/// Who is to stand in, and when.
#[derive(Debug, Clone)]
pub struct DeputyOrder {
    /// The deputy's login.
    pub deputy: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Why; may be empty.
    pub reason: String,
}

/// A deputyship, with the name of who stands in.
#[derive(Debug, Clone)]
pub struct DeputyView {
    /// Who stands in.
    pub deputy: Actor,
    /// When.
    pub deputyship: Deputyship,
}

/// What somebody looks after for another today.
#[derive(Debug, Clone)]
pub struct Deputed {
    /// Who is away.
    pub absent: Actor,
    /// What the absent person is to look at again.
    pub reminders: Vec<(CaseFile, Reminder)>,
    /// Open files the absent person is responsible for, by reference number.
    pub files: Vec<CaseFile>,
    /// So many more of these there are than are shown.
    pub more_files: usize,
}

impl Registry {
    /// Names a deputy for a person and some days: by that person, or by administration or records management.
    ///
    /// # Errors
    /// A refusal for somebody else; a mistake for days that do not fit, a person that is unknown, cannot read, or is the same,
    /// and if another stands in on one of these days.
    pub fn name_deputy(&self, by: &Actor, login: &str, order: &DeputyOrder) -> Answer<Vec<DeputyView>> {
        let wrong = |why: String, way_out: &str| {
            Err(Error::mistake(format!("Die Vertretung für {login} wird nicht eingetragen"), why, way_out))
        };
        if !order.reason.trim().is_empty() {
            require_text("Der Grund", &order.reason)?;
        }
        let (from, until, today) = (order.from, order.until, self.today());
        if until < from || until < today {
            let why =
                if until < from { "der letzte Tag liegt vor dem ersten" } else { "die Tage sind vorbei" };
            return wrong(why.to_owned(), "prüfen Sie die Tage");
        }
        let writing = self.writing()?;
        let (absent, known) = self.absent(by, login)?;
        let deputy = self.person(&order.deputy)?;
        if deputy.id == absent.id {
            return wrong("niemand vertritt sich selbst".to_owned(), "nennen Sie eine andere Person");
        }
        if deputy.as_reader().is_err() {
            let why = format!("{} ist gesperrt, ausgeschieden oder liest keine Akten", order.deputy);
            return wrong(why, "nennen Sie eine Person mit einer Rolle, die Akten liest");
        }
        let coming = known.from(today);
        if coming.len() >= DEPUTYSHIPS_MAX {
            let why = format!("es sind schon {DEPUTYSHIPS_MAX} Vertretungen eingetragen");
            return wrong(why, "beenden Sie zuerst andere");
        }
        if coming.iter().any(|one| (one.deputy, one.from, one.until) == (deputy.id, from, until)) {
            return wrong("sie ist schon eingetragen".to_owned(), "es ist nichts mehr zu tun");
        }
        if let Some(other) = coming.iter().find(|one| one.deputy != deputy.id && one.meets(from, until)) {
            let name = self.person_by_id(other.deputy)?.login;
            let days = format!("vom {} bis zum {}", german(other.from), german(other.until));
            return wrong(
                format!("{days} vertritt schon {name}"),
                "beenden Sie diese, oder nennen Sie andere Tage",
            );
        }
        let deputyship = Deputyship {
            id: DeputyshipId(Uuid::new_v4()),
            deputy: deputy.id,
            from,
            until,
            reason: order.reason.trim().to_owned(),
        };
        let event = Event::Person(absent.id, PersonEvent::DeputyNamed { deputyship });
        self.record(&writing, by.id, &[event])?;
        drop(writing);
        self.deputies(by, login)
    }

    /// Ends whatever deputyship runs or is to come, from today on. Answers how many ended.
    ///
    /// # Errors
    /// A refusal for somebody who is not concerned; a mistake if there is none.
    pub fn end_deputies(&self, by: &Actor, login: &str) -> Answer<u64> {
        let writing = self.writing()?;
        let (absent, known) = self.absent(by, login)?;
        let on = self.today();
        let end =
            |one: &&Deputyship| Event::Person(absent.id, PersonEvent::DeputyshipEnded { id: one.id, on });
        let events: Vec<_> = known.from(on).iter().map(end).collect();
        if events.is_empty() {
            return Err(Error::mistake(
                format!("Für {login} endet keine Vertretung"),
                "es ist keine eingetragen, die läuft oder noch kommt",
                "`schriftgut user deputy` zeigt, wer wann vertritt",
            ));
        }
        self.record(&writing, by.id, &events)?;
        Ok(events.len() as u64)
    }

    /// Who stands in for a person from today on, the earliest first.
    ///
    /// # Errors
    /// A refusal for somebody who is not concerned; a mistake if there is no such person.
    pub fn deputies(&self, by: &Actor, login: &str) -> Answer<Vec<DeputyView>> {
        let (_, known) = self.absent(by, login)?;
        let view = |one: &Deputyship| {
            Ok(DeputyView { deputy: self.person_by_id(one.deputy)?, deputyship: one.clone() })
        };
        known.from(self.today()).into_iter().map(view).collect()
    }

    /// What this person looks after today for others who are away: their reminders up to a day and their open files, of those
    /// this person may read. What an absent person looks after for a third is not among it.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn deputed(&self, reader: Reader<'_>, until: Date) -> Answer<Vec<Deputed>> {
        let me = reader.actor();
        let mut all = Vec::new();
        for absent in self.absent_whom(me.id)? {
            let reminders = self.reminders_of(me, absent.id, until)?;
            let mut files = Vec::new();
            for id in self.catalog()?.files_of(absent.id)? {
                files.extend(self.readable_cover(me, id)?.filter(|file| file.phase == Phase::Open));
            }
            files.sort_by(|one, other| one.reference.cmp(&other.reference));
            let more_files = files.len().saturating_sub(FILES_SHOWN_MAX);
            files.truncate(FILES_SHOWN_MAX);
            all.push(Deputed { absent, reminders, files, more_files });
        }
        all.sort_by(|one, other| one.absent.login.cmp(&other.absent.login));
        Ok(all)
    }

    /// Everybody for whom this person stands in today.
    fn absent_whom(&self, deputy: PersonId) -> Answer<Vec<Actor>> {
        let today = self.today();
        let rows = self.catalog()?.rows(Kind::Person, None, usize::MAX)?;
        let mut absent = Vec::new();
        for (id, row) in rows {
            let lived = self.open_row(Kind::Person, id, &row)?;
            if Deputyships::replay(lived.person_events()).is_deputy(deputy, today) {
                absent.extend(actor_of(PersonId(id), &lived));
            }
        }
        Ok(absent)
    }

    /// The person of this login, if it is for the one who asks to say who stands in.
    fn absent(&self, by: &Actor, login: &str) -> Answer<(Actor, Deputyships)> {
        if by.login != login && !by.is(Role::Administrator) && !by.is(Role::RecordsManager) {
            return Err(Error::Refusal(Refusal::new(
                format!("Die Vertretung für {login} ist nicht Ihre Sache"),
                "sie bestimmt die Person selbst, die Administration oder die Schriftgutverwaltung",
                "wenden Sie sich an eine von ihnen",
            )));
        }
        let absent = self.person(login)?;
        let lived = self.lived(Kind::Person, absent.id.0)?.unwrap_or_default();
        let known = Deputyships::replay(lived.person_events());
        Ok((absent, known))
    }
}

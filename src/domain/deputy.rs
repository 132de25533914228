//! Deputies (Vertretung): who looks after the reminders and files of somebody who is away, and on which days. It grants nothing: a
//! deputy sees what a deputy may read anyway, approves nothing in somebody's name, and is not followed by a deputy's deputy.

use jiff::civil::Date;

use super::event::PersonEvent;
use super::ids::{DeputyshipId, PersonId};

/// Most deputyships of one person that run or are to come.
pub const DEPUTYSHIPS_MAX: usize = 50;

/// Days on which one person stands in for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deputyship {
    /// The id that never changes.
    pub id: DeputyshipId,
    /// Who stands in.
    pub deputy: PersonId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Why; may be empty.
    pub reason: String,
}

impl Deputyship {
    /// It runs on this day.
    #[must_use]
    pub fn runs_on(&self, day: Date) -> bool {
        (self.from..=self.until).contains(&day)
    }

    /// They have a day in common.
    #[must_use]
    pub fn meets(&self, from: Date, until: Date) -> bool {
        self.from <= until && from <= self.until
    }
}

/// Everybody who stood, stands or is to stand in for one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deputyships(Vec<Deputyship>);

impl Deputyships {
    /// As the person's events tell it.
    pub fn replay<'a>(events: impl Iterator<Item = &'a PersonEvent>) -> Self {
        let mut all = Self::default();
        events.for_each(|event| all.apply(event));
        all
    }

    fn apply(&mut self, event: &PersonEvent) {
        match event {
            PersonEvent::DeputyNamed { deputyship } => self.0.push(deputyship.clone()),
            PersonEvent::DeputyshipEnded { id, on } => {
                // Its last day is the one before; what had not begun never was.
                self.0.retain(|one| one.id != *id || one.from < *on);
                let before = on.yesterday().unwrap_or(*on);
                let ended = self.0.iter_mut().filter(|one| one.id == *id);
                ended.for_each(|one| one.until = one.until.min(before));
            }
            _ => {}
        }
    }

    /// Those that run on this day or later, the earliest first.
    #[must_use]
    pub fn from(&self, day: Date) -> Vec<&Deputyship> {
        let mut all: Vec<_> = self.0.iter().filter(|one| one.until >= day).collect();
        all.sort_by_key(|one| (one.from, one.until));
        all
    }

    /// This person stands in on this day.
    #[must_use]
    pub fn is_deputy(&self, person: PersonId, day: Date) -> bool {
        self.0.iter().any(|one| one.deputy == person && one.runs_on(day))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn named(id: u128, deputy: u128, from: Date, until: Date) -> PersonEvent {
        let (id, deputy) = (DeputyshipId(Uuid::from_u128(id)), PersonId(Uuid::from_u128(deputy)));
        PersonEvent::DeputyNamed { deputyship: Deputyship { id, deputy, from, until, reason: String::new() } }
    }

    fn ended(id: u128, on: Date) -> PersonEvent {
        PersonEvent::DeputyshipEnded { id: DeputyshipId(Uuid::from_u128(id)), on }
    }

    #[test]
    fn somebody_stands_in_from_the_first_to_the_last_day_and_no_longer_once_it_is_ended() {
        let [first, last] = [date(2026, 12, 1), date(2026, 12, 20)];
        let person = PersonId(Uuid::from_u128(9));
        let on = |events: &[PersonEvent], day| Deputyships::replay(events.iter()).is_deputy(person, day);
        let whole = [named(1, 9, first, last), named(2, 8, date(2026, 12, 21), date(2026, 12, 24))];
        assert!(on(&whole, first) && on(&whole, last));
        assert!(!on(&whole, date(2026, 11, 30)) && !on(&whole, date(2026, 12, 21)));
        let early = [whole[0].clone(), ended(1, date(2026, 12, 10)), ended(1, date(2026, 12, 15))];
        assert!(on(&early, date(2026, 12, 9)) && !on(&early, date(2026, 12, 10)), "it is never longer again");
        let never = [whole[0].clone(), ended(1, first)];
        assert!(Deputyships::replay(never.iter()).from(date(2000, 1, 1)).is_empty());
        let all = Deputyships::replay(whole.iter().rev());
        assert_eq!(
            all.from(last).iter().map(|one| one.from).collect::<Vec<_>>(),
            [first, date(2026, 12, 21)]
        );
        assert_eq!(all.from(date(2026, 12, 21)).len(), 1);
    }

    #[test]
    fn periods_meet_when_they_share_a_day() {
        let PersonEvent::DeputyNamed { deputyship } = named(1, 9, date(2026, 12, 1), date(2026, 12, 5))
        else {
            unreachable!("it was just named")
        };
        let day = |day| date(2026, 12, day);
        assert!(deputyship.meets(day(5), day(9)) && deputyship.meets(date(2026, 11, 1), day(1)));
        assert!(deputyship.meets(day(2), day(3)) && deputyship.meets(date(2026, 1, 1), date(2027, 1, 1)));
        assert!(
            !deputyship.meets(day(6), day(9)) && !deputyship.meets(date(2026, 11, 1), date(2026, 11, 30))
        );
    }
}

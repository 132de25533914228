//! The street register (Straßenverzeichnis): which streets there are, which was called what before, and since when it
//! is not. Letters have the name of their day; who looks for one name must find the others. Knows names only, no files.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Most renamings of a town.
pub const RENAMINGS_MAX: usize = 10_000;
/// Most streets that are named without a renaming.
pub const STREETS_MAX: usize = 20_000;
/// Longest name, in characters.
pub const STREET_CHARS_MAX: usize = 100;
/// Most other names one street may have had: each is looked for with every search.
pub const OTHER_NAMES_MAX: usize = 20;

/// A street was given another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming {
    /// The name before.
    pub old: String,
    /// The name after.
    pub new: String,
    /// The year of the new name, if it is known.
    pub from: Option<u16>,
}

impl Renaming {
    /// What is wrong with it by itself.
    ///
    /// # Errors
    /// Its first flaw.
    pub fn check(&self) -> Result<(), StreetsFlaw> {
        check_name(&self.old)?;
        check_name(&self.new)?;
        let is_same = spelling(&self.old) == spelling(&self.new);
        if is_same { Err(StreetsFlaw::SameName(self.new.clone())) } else { Ok(()) }
    }
}

/// Whether a street may be called so.
///
/// # Errors
/// [`StreetsFlaw::NoName`].
pub fn check_name(name: &str) -> Result<(), StreetsFlaw> {
    let is_name = name.chars().any(char::is_alphanumeric) && name.chars().count() <= STREET_CHARS_MAX;
    if is_name { Ok(()) } else { Err(StreetsFlaw::NoName(name.to_owned())) }
}

/// What is wrong with a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreetsFlaw {
    /// More renamings than [`RENAMINGS_MAX`].
    TooMany,
    /// More streets than [`STREETS_MAX`].
    TooManyStreets,
    /// No letter or digit, or longer than [`STREET_CHARS_MAX`].
    NoName(String),
    /// Both names are one.
    SameName(String),
    /// A street with more other names than [`OTHER_NAMES_MAX`].
    TooManyNames(String),
}

/// A street by one of its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreetNames {
    /// The name that was looked for, as the register writes it.
    pub name: String,
    /// What it is called today, if that is another name; several if the street was divided.
    pub now: Vec<String>,
    /// All its other names, those it had later first.
    pub others: Vec<String>,
}

impl StreetNames {
    /// What to tell somebody who looked for it, German.
    #[must_use]
    pub fn note(&self) -> String {
        let (name, others) = (&self.name, self.others.join(", "));
        if !self.now.is_empty() {
            format!("{name}, heute {}", self.now.join(" und "))
        } else if self.others.is_empty() {
            name.clone()
        } else {
            format!("{name}, früher {others}")
        }
    }
}

/// The register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Streets {
    /// Those that are named by themselves.
    named: Vec<String>,
    renamings: Vec<Renaming>,
    /// By the names' common spelling.
    names: BTreeMap<String, Street>,
}

/// A name, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Street {
    name: String,
    later: Vec<(Option<u16>, String)>,
    earlier: Vec<String>,
}

impl Street {
    fn called(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

impl Streets {
    /// A register of these renamings.
    ///
    /// # Errors
    /// Its first flaw.
    pub fn new(renamings: Vec<Renaming>) -> Result<Self, StreetsFlaw> {
        Self::of(Vec::new(), renamings)
    }

    /// A register of these streets and renamings. A street may be named more than once.
    ///
    /// # Errors
    /// Its first flaw.
    pub fn of(named: Vec<String>, renamings: Vec<Renaming>) -> Result<Self, StreetsFlaw> {
        if renamings.len() > RENAMINGS_MAX {
            return Err(StreetsFlaw::TooMany);
        }
        if named.len() > STREETS_MAX {
            return Err(StreetsFlaw::TooManyStreets);
        }
        let mut names = BTreeMap::<String, Street>::new();
        for name in &named {
            check_name(name)?;
            names.entry(spelling(name)).or_insert_with(|| Street::called(name));
        }
        for renaming in &renamings {
            renaming.check()?;
            let Renaming { old, new, from } = renaming;
            let (before, after) = (spelling(old), spelling(new));
            let entry = names.entry(before.clone()).or_insert_with(|| Street::called(old));
            entry.later.push((*from, after.clone()));
            names.entry(after).or_insert_with(|| Street::called(new)).earlier.push(before);
        }
        let streets = Self { named, renamings, names };
        for (key, street) in &streets.names {
            if streets.others(key).len() > OTHER_NAMES_MAX {
                return Err(StreetsFlaw::TooManyNames(street.name.clone()));
            }
        }
        Ok(streets)
    }

    /// The streets that are named by themselves, in the order of the register.
    #[must_use]
    pub fn named(&self) -> &[String] {
        &self.named
    }

    /// The renamings, in the order of the register.
    #[must_use]
    pub fn renamings(&self) -> &[Renaming] {
        &self.renamings
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// There is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// A street is or was called so, in any spelling.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(&spelling(name))
    }

    /// A street by any of its names, in any spelling; none if it never had another.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<StreetNames> {
        let (key, street) = self.names.get_key_value(&spelling(name))?;
        Some(self.names_of(key, street)).filter(|names| !names.others.is_empty())
    }

    /// Every name in which this text occurs, in any spelling, in the order of the alphabet; all of them if it is empty.
    #[must_use]
    pub fn with(&self, text: &str) -> Vec<StreetNames> {
        let wanted = spelling(text);
        let matching = self.names.iter().filter(|(key, _)| key.contains(&wanted));
        matching.map(|(key, street)| self.names_of(key, street)).collect()
    }

    fn names_of(&self, key: &str, street: &Street) -> StreetNames {
        let written = |key: &String| self.names.get(key).map(|street| street.name.clone());
        StreetNames {
            name: street.name.clone(),
            now: self.today(key).iter().filter_map(written).collect(),
            others: self.others(key).iter().filter_map(written).collect(),
        }
    }

    /// All names that came of this one, and all that led to it. Never those that only led to the same later name: two
    /// streets that became one were two.
    fn others(&self, key: &str) -> Vec<String> {
        let later = |street: &Street| street.later.iter().map(|(_, name)| name.clone()).collect();
        let earlier = |street: &Street| street.earlier.clone();
        let mut others = self.reached(key, &later);
        for name in self.reached(key, &earlier) {
            if !others.contains(&name) {
                others.push(name);
            }
        }
        others
    }

    /// Every name but `key` that is reached from it step by step, nearest first; each once, however they are joined.
    fn reached(&self, key: &str, step: &dyn Fn(&Street) -> Vec<String>) -> Vec<String> {
        let (mut reached, mut open) = (Vec::new(), VecDeque::from([key.to_owned()]));
        while let Some(name) = open.pop_front() {
            for next in self.names.get(&name).map(step).unwrap_or_default() {
                if next != key && !reached.contains(&next) {
                    reached.push(next.clone());
                    open.push_back(next);
                }
            }
        }
        reached
    }

    /// Where the name leads, one renaming after the other in time; without the name itself.
    fn today(&self, key: &str) -> BTreeSet<String> {
        let (mut seen, mut ends) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![(key.to_owned(), 0)];
        while let Some((name, year)) = open.pop() {
            let later = self.names.get(&name).map_or(&[][..], |street| &street.later);
            // What has no year may have been at any time.
            let follows = later.iter().filter(|(from, _)| from.is_none_or(|from| from >= year));
            let next: Vec<_> = follows.map(|(from, name)| (name.clone(), from.unwrap_or(year))).collect();
            let first = next.iter().map(|(_, year)| *year).min();
            if next.is_empty() {
                ends.insert(name);
            } else if seen.insert((name, year)) {
                open.extend(next.into_iter().filter(|(_, year)| Some(*year) == first));
            }
        }
        ends.remove(key);
        ends
    }
}

/// What all spellings of a name share: `Kaiser-Wilhelm-Str.` and `Kaiser Wilhelm Straße`.
fn spelling(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let finish = |out: &mut String| {
        if out.ends_with("str") {
            out.push_str("asse");
        }
    };
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            c if c.is_alphanumeric() => out.push(c),
            _ if out.is_empty() || out.ends_with(' ') => {}
            _ => {
                finish(&mut out);
                out.push(' ');
            }
        }
    }
    out.truncate(out.trim_end().len());
    finish(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(renamings: &[(&str, &str, u16)]) -> Streets {
        let renaming = |(old, new, from): &(&str, &str, u16)| Renaming {
            old: (*old).to_owned(),
            new: (*new).to_owned(),
            from: (*from > 0).then_some(*from),
        };
        Streets::new(renamings.iter().map(renaming).collect()).unwrap()
    }

    fn note(streets: &Streets, name: &str) -> String {
        streets.find(name).map(|street| street.note()).unwrap_or_default()
    }

    #[test]
    fn a_street_is_known_by_each_name_of_a_chain_in_any_spelling() {
        let streets = register(&[
            ("Kaiserstraße", "Rathausstraße", 1919),
            ("Rathausstraße", "Straße der Einheit", 1946),
            ("Schulgasse", "Straße der Einheit", 1946),
        ]);
        for name in ["Kaiserstraße", "kaiserstr.", "KAISERSTRASSE", "Kaiserstr"] {
            assert_eq!(note(&streets, name), "Kaiserstraße, heute Straße der Einheit", "{name}");
        }
        let others = |name: &str| streets.find(name).unwrap().others;
        assert_eq!(others("Kaiserstraße"), ["Rathausstraße", "Straße der Einheit"]);
        assert_eq!(others("Rathausstraße"), ["Straße der Einheit", "Kaiserstraße"]);
        assert_eq!(others("Schulgasse"), ["Straße der Einheit"], "two streets that became one were two");
        assert_eq!(
            note(&streets, "Straße der Einheit"),
            "Straße der Einheit, früher Rathausstraße, Schulgasse, Kaiserstraße"
        );
        assert_eq!(streets.find("Ring"), None);
    }

    #[test]
    fn names_that_go_in_circles_do_no_harm_and_years_say_where_they_end() {
        let streets = register(&[
            ("Markt", "Hindenburgplatz", 1933),
            ("Hindenburgplatz", "Markt", 1945),
            ("A-Weg", "B-Weg", 0),
            ("B-Weg", "A-Weg", 0),
        ]);
        assert_eq!(note(&streets, "Markt"), "Markt, früher Hindenburgplatz");
        assert_eq!(note(&streets, "Hindenburgplatz"), "Hindenburgplatz, heute Markt");
        assert_eq!(streets.find("A Weg").unwrap().others, ["B-Weg"]);
        assert_eq!(streets.find("B-Weg").unwrap().others, ["A-Weg"]);
    }

    #[test]
    fn a_divided_street_has_two_names_today() {
        let streets = register(&[("Lange Str.", "Oststraße", 1960), ("Lange Str.", "Weststraße", 1960)]);
        assert_eq!(note(&streets, "Lange Straße"), "Lange Str., heute Oststraße und Weststraße");
    }

    #[test]
    fn a_street_that_is_only_named_is_known_and_has_no_other_name() {
        let named = ["Am Markt", "Kamp", "Alter Weg"].map(str::to_owned).to_vec();
        let renamings = vec![Renaming { old: "Alter Weg".into(), new: "Kamp".into(), from: None }];
        let streets = Streets::of(named.clone(), renamings).unwrap();
        assert_eq!(streets.named(), named);
        for name in ["am markt", "AM MARKT", "Kamp", "Alter-Weg"] {
            assert!(streets.has(name), "{name}");
        }
        assert!(!streets.has("Markt") && !streets.has(""));
        assert_eq!(streets.find("Am Markt"), None);
        assert_eq!(note(&streets, "Kamp"), "Kamp, früher Alter Weg");
        let notes = |text| streets.with(text).iter().map(StreetNames::note).collect::<Vec<_>>();
        assert_eq!(notes(""), ["Alter Weg, heute Kamp", "Am Markt", "Kamp, früher Alter Weg"]);
        assert_eq!(notes("AM "), ["Am Markt", "Kamp, früher Alter Weg"]);
        assert_eq!(notes("ring"), [""; 0]);
    }

    #[test]
    fn flaws_are_named() {
        let renaming = |old: &str, new: &str| Renaming { old: old.into(), new: new.into(), from: None };
        assert_eq!(
            Streets::new(vec![renaming("Ringstr.", "Ringstraße")]),
            Err(StreetsFlaw::SameName("Ringstraße".into()))
        );
        assert_eq!(Streets::new(vec![renaming("–", "Ring")]), Err(StreetsFlaw::NoName("–".into())));
        let many = (0..=OTHER_NAMES_MAX).map(|n| renaming(&format!("Weg {n}"), "Ring")).collect();
        assert_eq!(Streets::new(many), Err(StreetsFlaw::TooManyNames("Ring".into())));
        assert_eq!(Streets::of(vec!["§".into()], Vec::new()), Err(StreetsFlaw::NoName("§".into())));
        let many = vec!["Ring".to_owned(); STREETS_MAX + 1];
        assert_eq!(Streets::of(many, Vec::new()), Err(StreetsFlaw::TooManyStreets));
    }

    #[test]
    fn a_register_has_room_for_so_much_and_says_what_it_holds() {
        let renaming = |n: usize| Renaming { old: format!("Weg {n}"), new: format!("Pfad {n}"), from: None };
        let renamings = |count: usize| (0..count).map(renaming).collect::<Vec<_>>();
        assert_eq!(
            Streets::new(renamings(RENAMINGS_MAX)).map(|streets| streets.len()),
            Ok(2 * RENAMINGS_MAX)
        );
        assert_eq!(Streets::new(renamings(RENAMINGS_MAX + 1)), Err(StreetsFlaw::TooMany));
        let ring = vec!["Ring".to_owned(); STREETS_MAX];
        assert_eq!(Streets::of(ring, Vec::new()).map(|streets| streets.len()), Ok(1));
        let to_ring = |n: usize| Renaming { old: format!("Weg {n}"), new: "Ring".into(), from: None };
        let most = Streets::new((0..OTHER_NAMES_MAX).map(to_ring).collect()).unwrap();
        assert_eq!(most.find("ring").map(|street| street.others.len()), Some(OTHER_NAMES_MAX));
        assert_eq!(most.renamings().len(), OTHER_NAMES_MAX);
        assert_eq!((most.renamings()[0].clone(), most.is_empty()), (to_ring(0), false));
        assert!(Streets::default().is_empty() && Streets::default().named().is_empty());
        let longest = "Ä".repeat(STREET_CHARS_MAX);
        assert_eq!(check_name(&longest), Ok(()));
        let longer = format!("{longest}x");
        assert_eq!(check_name(&longer), Err(StreetsFlaw::NoName(longer.clone())));
    }

    #[test]
    fn spellings_of_one_street_are_one_and_other_streets_are_not() {
        let streets = register(&[("Große Ölmühlenstr.", "Am Überfall", 1919)]);
        let spellings = [
            "Große Ölmühlenstraße",
            "GROSSE ÖLMÜHLENSTR",
            "Grosse Oelmuehlenstrasse",
            "große-ölmühlenstr.",
            " (Große) Ölmühlenstraße! ",
        ];
        for name in spellings {
            assert!(streets.has(name), "{name}");
        }
        for name in ["Große Olmuhlenstr.", "GroßeÖlmühlenstr", "Ölmühlenstraße", "Große Ölmühlen"] {
            assert!(!streets.has(name), "{name}");
        }
        let march = register(&[("Märzstr. Ost", "Weg", 0)]);
        assert!(march.has("Märzstraße Ost") && march.has("MAERZSTR OST"), "inside a name, too");
    }

    #[test]
    fn of_several_renamings_those_count_that_came_after_and_the_next_one_first() {
        let streets = register(&[
            ("Markt", "Adolf-Platz", 1933),
            ("Adolf-Platz", "Markt", 1945),
            ("Markt", "Neumarkt", 1970),
        ]);
        assert_eq!(note(&streets, "Adolf-Platz"), "Adolf-Platz, heute Neumarkt");
        let early = register(&[("A-Weg", "B-Weg", 1950), ("B-Weg", "C-Weg", 1940)]);
        assert_eq!(
            note(&early, "A-Weg"),
            "A-Weg, heute B-Weg",
            "B-Weg was called C-Weg before there was this one"
        );
        let same_year = register(&[("A-Weg", "B-Weg", 1950), ("B-Weg", "C-Weg", 1950)]);
        assert_eq!(note(&same_year, "A-Weg"), "A-Weg, heute C-Weg");
    }
}

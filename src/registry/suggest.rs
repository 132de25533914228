//! Suggest (Vorschlagen): how a query that is being typed could go on, and what somebody meant whose words are nowhere.
//! Writes nothing, decides nothing.
//!
//! Only what this person may read is asked, and each word is shown as it is written in a page or on a cover that this
//! person may read; a word that is found in none is not suggested.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::Registry;
use super::error::{Answer, Error};
use super::find::readable;
use crate::domain::actor::{Actor, Reader};
use crate::domain::case_file::CaseFile;
use crate::domain::ids::CaseFileId;
use crate::domain::query::{self, Begun, Place};
use crate::index::{self, Candidate, Index, IndexError, Reach, Scope};

/// Most suggestions for one beginning.
pub const SUGGESTIONS_MAX: usize = 8;
/// Most of them that name files in one way, where nobody asked for that way.
const OF_ONE_KIND_MAX: usize = 2;
/// Most other queries that somebody may have meant.
pub const CORRECTIONS_MAX: usize = 3;
/// Words that are looked at in each index, the best of it.
const CANDIDATES_MAX: usize = 24;
/// Files that are looked at in each index, for each way to name them.
const FILES_MAX: usize = 30;
/// Entries that are read for how a word is written there.
const ENTRIES_READ_MAX: usize = 3;
/// More words that are nowhere than these: it was not mistyped.
const MISSING_WORDS_MAX: usize = 3;

/// What a suggestion names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionKind {
    /// A word of a page or cover.
    Word,
    /// The reference number of a file.
    Reference,
    /// The title of a file.
    Title,
    /// The address of a file.
    Street,
}

impl SuggestionKind {
    /// Its name in `--json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Reference => "reference",
            Self::Title => "title",
            Self::Street => "street",
        }
    }

    /// The German name users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Word => "Wort",
            Self::Reference => "Aktenzeichen",
            Self::Title => "Titel",
            Self::Street => "Adresse",
        }
    }

    fn place(self) -> Place {
        match self {
            Self::Word => Place::Content,
            Self::Reference => Place::Reference,
            Self::Title => Place::Title,
            Self::Street => Place::Street,
        }
    }

    fn text_of(self, file: &CaseFile) -> String {
        match self {
            Self::Word => String::new(),
            Self::Reference => file.reference.to_string(),
            Self::Title => file.title.clone(),
            Self::Street => file.address(),
        }
    }
}

/// How a query could go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it names.
    pub kind: SuggestionKind,
    /// As it is written.
    pub text: String,
    /// The whole query with it.
    pub query: String,
}

impl Registry {
    /// How a query that is being typed could go on, best first.
    ///
    /// # Errors
    /// A fault if a view fails.
    pub fn suggest(&self, reader: Reader<'_>, typed: &str) -> Answer<Vec<Suggestion>> {
        let Some(begun) = query::begun(typed) else { return Ok(Vec::new()) };
        if begun.text.chars().filter(|c| c.is_alphanumeric()).count() < index::BEGINNING_CHARS_MIN {
            return Ok(Vec::new());
        }
        self.follow_for_a_search()?;
        let mut all = self.healing(&mut || self.suggestions(reader.actor(), begun))?;
        all.retain(|suggestion| suggestion.query != typed);
        Ok(all)
    }

    fn suggestions(&self, actor: &Actor, begun: Begun<'_>) -> Answer<Vec<Suggestion>> {
        use SuggestionKind::{Reference, Street, Title};
        let mut files = Vec::new();
        for kind in [Reference, Title, Street] {
            let most = match begun.place {
                None => OF_ONE_KIND_MAX,
                Some(place) if place == kind.place() => SUGGESTIONS_MAX,
                Some(_) => continue,
            };
            files.extend(self.naming_files(actor, kind, begun, most)?);
        }
        let mut all = Vec::new();
        if begun.place.is_none() {
            let scope = Scope::EVERYTHING;
            let ask = |index: &Index| index.completions(begun.text, &scope, CANDIDATES_MAX);
            let words = self.best_words(actor, &ask)?;
            let room = SUGGESTIONS_MAX - files.len();
            all.extend(self.as_written(actor, &words, &scope, room)?.into_iter().map(|text| {
                let query = format!("{}{}", begun.before, query::typeable(&text));
                Suggestion { kind: SuggestionKind::Word, text, query }
            }));
        }
        all.append(&mut files);
        Ok(all)
    }

    /// Files that are called so: those first whose name begins as it was typed.
    fn naming_files(
        &self,
        actor: &Actor,
        kind: SuggestionKind,
        begun: Begun<'_>,
        most: usize,
    ) -> Answer<Vec<Suggestion>> {
        let ask = |index: &Index| index.files_from(kind.place(), begun.text, &Scope::EVERYTHING, FILES_MAX);
        let mut texts = Vec::new();
        for id in self.ask_each(actor, &ask)?.into_iter().flatten() {
            texts.extend(self.readable_cover(actor, id)?.map(|file| kind.text_of(&file)));
        }
        let typed = begun.text.to_lowercase();
        texts.sort_by_cached_key(|text| (!text.to_lowercase().starts_with(&typed), text.clone()));
        texts.dedup();
        let suggestions = texts.into_iter().map(|text| {
            let query = format!("{}{}", begun.before, query::naming(kind.place(), &text));
            Suggestion { kind, text, query }
        });
        Ok(suggestions.filter(|made| query::parse(&made.query).is_ok()).take(most).collect())
    }

    /// Queries that find something, with a similar word for each that is nowhere as it was typed.
    pub(super) fn corrections(
        &self,
        actor: &Actor,
        typed: &str,
        only_file: Option<CaseFileId>,
    ) -> Answer<Vec<String>> {
        let scope = Scope { only_file, ..Scope::EVERYTHING };
        let finds = |text: &str, reach| -> Answer<bool> {
            let Ok(query) = query::parse(text) else { return Ok(false) };
            let found = self.ask_each(actor, &|index| index.search(&query, reach, &scope, 0, 0))?;
            Ok(found.iter().any(|found| found.total + found.files_total > 0))
        };
        let mut missing: Vec<(Range<usize>, Vec<String>)> = Vec::new();
        for at in query::words(typed) {
            let word = &typed[at.clone()];
            if finds(word, Reach::AsWritten)? {
                continue;
            }
            let ask = |index: &Index| index.similar_words(word, &scope, CANDIDATES_MAX);
            let similar = self.best_words(actor, &ask)?;
            let similar = self.as_written(actor, &similar, &scope, CORRECTIONS_MAX)?;
            if !similar.is_empty() {
                missing.push((at, similar));
            }
            if missing.len() > MISSING_WORDS_MAX {
                return Ok(Vec::new());
            }
        }
        let mut corrections = Vec::new();
        for made in combinations(typed, &missing) {
            if corrections.len() == CORRECTIONS_MAX {
                break;
            }
            if finds(&made, Reach::AsWritten)? || finds(&made, Reach::AcrossPages)? {
                corrections.push(made);
            }
        }
        Ok(corrections)
    }

    /// The best words of all indexes this person may read.
    fn best_words(
        &self,
        actor: &Actor,
        ask: &dyn Fn(&Index) -> Result<Vec<Candidate>, IndexError>,
    ) -> Answer<Vec<String>> {
        let mut all: BTreeMap<String, Candidate> = BTreeMap::new();
        for candidate in self.ask_each(actor, ask)?.into_iter().flatten() {
            match all.get_mut(&candidate.word) {
                Some(known) => known.entries.0 += candidate.entries.0,
                None => drop(all.insert(candidate.word.clone(), candidate)),
            }
        }
        let mut all: Vec<Candidate> = all.into_values().collect();
        all.sort_unstable();
        Ok(all.into_iter().take(CANDIDATES_MAX).map(|candidate| candidate.word).collect())
    }

    /// What the index of every protection domain this person may read answers; none from one that has too much.
    fn ask_each<T>(&self, actor: &Actor, ask: &dyn Fn(&Index) -> Result<T, IndexError>) -> Answer<Vec<T>> {
        let indexes = self.whole_indexes()?;
        let mut answers = Vec::new();
        for domain in readable(actor) {
            let index = indexes.of_domain(domain)?;
            match ask(index) {
                Ok(answer) => answers.push(answer),
                // Whoever types on gets suggestions; there is nothing to correct.
                Err(error) if error.advice().is_some() => {}
                Err(error) => return Err(Error::from(error)),
            }
        }
        Ok(answers)
    }

    /// The first `most` of these folded words, as they are written in an entry that this person may read.
    fn as_written(&self, actor: &Actor, words: &[String], scope: &Scope, most: usize) -> Answer<Vec<String>> {
        let mut ways: HashMap<&str, String> = HashMap::new();
        let mut found = Vec::new();
        for word in words {
            if found.len() == most {
                break;
            }
            if !ways.contains_key(word.as_str()) {
                let ask = |index: &Index| index.entries_with(word, scope, ENTRIES_READ_MAX);
                for hit in self.ask_each(actor, &ask)?.into_iter().flatten() {
                    let texts = self.texts_of(actor, hit)?;
                    // What was opened for one word often has others, and opening is what takes time.
                    for other in
                        words.iter().filter(|other| !ways.contains_key(other.as_str())).collect::<Vec<_>>()
                    {
                        let way = texts.iter().find_map(|text| index::written(text, other));
                        ways.extend(way.map(|way| (other.as_str(), way)));
                    }
                    if ways.contains_key(word.as_str()) {
                        break;
                    }
                }
            }
            found.extend(ways.get(word.as_str()).filter(|way| !found.contains(*way)).cloned());
        }
        Ok(found)
    }

    /// The texts of an entry: of a page, or of what stands on a file's cover; none if this person may not read it.
    fn texts_of(&self, actor: &Actor, hit: index::Hit) -> Answer<Vec<String>> {
        let Some((document, file)) = self.readable_place(actor, hit)? else { return Ok(Vec::new()) };
        Ok(match (document, hit.page, file) {
            (Some(document), Some(page), _) => {
                self.page_text(&document, page)?.into_iter().map(|page| page.text).collect()
            }
            (None, _, Some(file)) => {
                let fields = file.fields.into_values();
                [file.title, file.reference.to_string()].into_iter().chain(fields).collect()
            }
            _ => Vec::new(),
        })
    }
}

/// The query with every missing word replaced; first those with the best words.
fn combinations(typed: &str, missing: &[(Range<usize>, Vec<String>)]) -> Vec<String> {
    if missing.is_empty() {
        return Vec::new();
    }
    let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
    for (_, words) in missing {
        let longer = |choice: &Vec<usize>| {
            let choice = choice.clone();
            (0..words.len()).map(move |next| choice.iter().copied().chain([next]).collect())
        };
        choices = choices.iter().flat_map(longer).collect();
    }
    choices.sort_by_key(|choice| choice.iter().sum::<usize>());
    let made = |choice: &Vec<usize>| {
        let mut text = typed.to_owned();
        for ((at, words), word) in missing.iter().zip(choice).rev() {
            text.replace_range(at.clone(), &query::typeable(&words[*word]));
        }
        text
    };
    choices.iter().map(made).collect()
}

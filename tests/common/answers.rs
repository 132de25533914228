//! Everything an office answers, as text: an office is the same before and after if this is.

use std::collections::BTreeMap;
use std::fmt::Debug;

use jiff::civil::{Date, date};

use schriftgut::domain::actor::Actor;
use schriftgut::domain::ids::DocumentId;
use schriftgut::registry::{Answer, Error, Registry, Subject};

/// What was asked, and what was answered.
pub type Answers = BTreeMap<String, String>;

/// A day on which more is due than today.
const LATER: Date = date(2041, 1, 1);
/// Barcodes are numbers below this.
pub const BARCODES: usize = 12;
/// How questions begin whose answers hang on what the index counted: also entries that were replaced meanwhile.
const SCORES: &str = "scores ";

/// What is asked for by name, beside what the office lists by itself.
#[derive(Default)]
pub struct Asked<'a> {
    pub queries: &'a [String],
    /// Reference numbers, of files that are gone too.
    pub files: &'a [String],
    /// Documents, also those that are gone.
    pub documents: &'a [DocumentId],
}

/// Asks for everything. What fails is an answer as well.
pub fn answers(registry: &Registry, asked: &Asked<'_>) -> Answers {
    let mut answers = Answers::new();
    let person = match registry.person("voss") {
        Ok(person) => person,
        Err(error) => return Answers::from([("person".to_owned(), format!("{error:?}"))]),
    };
    asked.queries.iter().for_each(|query| search(registry, &person, query, &mut answers));
    files(registry, &person, asked.files, &mut answers);
    asked.documents.iter().for_each(|id| document(registry, &person, *id, &mut answers));
    lists(registry, &person, &mut answers);
    answers.insert("unread".to_owned(), said(&registry.unread()));
    answers.insert("open scans".to_owned(), said(&registry.open_scans(person.as_reader().unwrap())));
    let mut fates = Vec::new();
    let told = registry.paper_fates(person.as_reader().unwrap(), LATER, &mut |view| {
        fates.push(view);
        Ok(())
    });
    answers.insert("paper".to_owned(), said(&told.map(|()| fates)));
    answers.insert("holds".to_owned(), said(&registry.holds(person.as_reader().unwrap(), None)));
    answers.insert("reminders".to_owned(), said(&registry.reminders(person.as_reader().unwrap(), LATER)));
    let restricted = registry.restricted_files(person.as_reader().unwrap());
    answers.insert("restricted".to_owned(), said(&restricted));
    answers.insert("deputed".to_owned(), said(&registry.deputed(person.as_reader().unwrap(), LATER)));
    let loans = registry.loans(person.as_reader().unwrap());
    answers.insert("loans".to_owned(), said(&loans));
    for barcode in (0..BARCODES).map(|number| number.to_string()) {
        let found = match registry.find_paper(person.as_reader().unwrap(), &barcode) {
            Err(Error::Mistake(_)) => Ok(None), // on no folder
            found => found.map(Some),
        };
        answers.insert(format!("barcode {barcode}"), said(&found));
    }
    answers.insert("coverage".to_owned(), said(&registry.coverage()));
    answers.insert("people".to_owned(), said(&registry.people()));
    for someone in registry.people().unwrap_or_default() {
        answers.insert(format!("secret of {}", someone.login), said(&registry.has_secret(&someone.login)));
        answers.insert(format!("person {}", someone.id), said(&registry.person_by_id(someone.id)));
        let tokens = registry.tokens(&someone, &someone.login);
        answers.insert(format!("tokens of {}", someone.login), said(&tokens));
    }
    answers
}

fn said<T: Debug>(answer: &Answer<T>) -> String {
    format!("{answer:?}")
}

fn search(registry: &Registry, person: &Actor, query: &str, answers: &mut Answers) {
    let page = match registry.search(person.as_reader().unwrap(), query, 0, 200) {
        Ok(page) => page,
        Err(error) => {
            answers.insert(format!("search {query}"), format!("Err({error:?})"));
            return;
        }
    };
    let (mut hits, mut scores) = (Vec::new(), Vec::new());
    for hit in &page.hits {
        let file = hit.file.as_ref().map(|file| file.reference.to_string());
        let document = hit.document.as_ref().map(|document| document.id);
        scores.push(format!("{:.4} {file:?} {document:?} {:?}", hit.score, hit.page));
        hits.push(format!("{file:?} {document:?} {:?} {:?}", hit.page, hit.snippet));
    }
    // Which of equals comes first is nobody's promise.
    hits.sort();
    scores.sort();
    let counted = format!("{} {} {:?}", page.total, page.files_total, page.reach);
    answers.insert(format!("search {query}"), format!("{counted} {hits:#?}"));
    answers.insert(format!("{SCORES}{query}"), format!("{scores:#?}"));
}

fn files(registry: &Registry, person: &Actor, named: &[String], answers: &mut Answers) {
    let (reader, today) = (person.as_reader().unwrap(), registry.today());
    let mut found = Vec::new();
    for on in [today, LATER] {
        let tally = registry.evaluate_all(reader, on, &mut |evaluated| {
            let reference = evaluated.file.reference.to_string();
            answers.insert(format!("evaluate {reference} {on}"), format!("{:?}", evaluated.finding));
            if on == today {
                found.push((reference, evaluated.file.id));
            }
            Ok(())
        });
        answers.insert(format!("tally {on}"), said(&tally));
    }
    for reference in named.iter().chain(found.iter().map(|(reference, _)| reference)) {
        let question = format!("show {reference}");
        if answers.contains_key(&question) {
            continue;
        }
        let view = registry.show_file(reader, reference, today);
        for shown in view.iter().flat_map(|view| &view.documents) {
            document(registry, person, shown.id, answers);
        }
        answers.insert(question, said(&view));
    }
    for (_, id) in &found {
        proof(registry, person, &Subject::File(*id), answers);
    }
}

/// A document, the bytes of each version, and its text.
fn document(registry: &Registry, person: &Actor, id: DocumentId, answers: &mut Answers) {
    let question = format!("document {id}");
    if answers.contains_key(&question) {
        return;
    }
    let reader = person.as_reader().unwrap();
    let shown = registry.show_document(reader, id);
    let versions = shown.as_ref().map_or(1, |view| view.document.version());
    for version in 1..=versions {
        let mut bytes = Vec::new();
        let got = registry.get_version(reader, id, Some(version), &mut bytes);
        let got = got.map(|_| (bytes.len(), blake3::hash(&bytes).to_string()));
        answers.insert(format!("get {id} {version}"), said(&got));
    }
    answers.insert(format!("text {id}"), said(&registry.marks(reader, id, 1, "")));
    answers.insert(question, said(&shown));
}

fn lists(registry: &Registry, person: &Actor, answers: &mut Answers) {
    let auditor = person.as_auditor().unwrap();
    let lists = registry.lists(auditor);
    for list in lists.iter().flatten() {
        answers.insert(format!("list {}", list.id), said(&registry.show_list(auditor, list.id)));
        proof(registry, person, &Subject::List(list.id), answers);
    }
    answers.insert("lists".to_owned(), said(&lists.map(|lists| lists.len())));
}

/// Which entries prove something of a subject: its chain, as the catalogue finds its end.
fn proof(registry: &Registry, person: &Actor, subject: &Subject, answers: &mut Answers) {
    let proof = registry.prove(person.as_auditor().unwrap(), subject);
    let numbers = proof.map(|proof| proof.entries.iter().map(|entry| entry.number).collect::<Vec<_>>());
    answers.insert(format!("proof {subject:?}"), said(&numbers));
}

/// The same without scores. An index that followed has counted entries that were replaced since, one built anew has
/// not: who is found is the same, how well is only about so.
pub fn without_scores(answers: &Answers) -> Answers {
    let kept = answers.iter().filter(|(question, _)| !question.starts_with(SCORES));
    kept.map(|(question, answer)| (question.clone(), answer.clone())).collect()
}

/// The questions that are answered otherwise, with both answers.
pub fn differences(before: &Answers, after: &Answers) -> Vec<String> {
    let mut asked: Vec<_> = before.keys().chain(after.keys()).collect();
    asked.sort();
    asked.dedup();
    asked.retain(|question| before.get(*question) != after.get(*question));
    let both = |question: &&String| {
        format!("{question}\n  before {:?}\n  after  {:?}", before.get(*question), after.get(*question))
    };
    asked.iter().map(both).collect()
}

pub fn assert_same(before: &Answers, after: &Answers, what: &str) {
    let differs = differences(before, after);
    assert!(differs.is_empty(), "{what}: {} answers differ, first: {}", differs.len(), differs[0]);
}

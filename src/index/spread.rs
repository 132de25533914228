//! Words that stand in one file, but on no single page of it: the address on its cover, the name in one letter, the
//! word in another or in what a document is called. Each word is asked for by itself within the scope; what is in a
//! file that has all of them, or in a document of the in-tray that has them all, matches with any of them.

use std::collections::BTreeSet;

use tantivy::query::{BooleanQuery, Occur, Query as Engine, TermSetQuery};

use super::IndexError;
use super::compile::{Clause, Compiler, all_of, silent};
use super::dated::{Item, items};
use super::rank::{Record, RecordsOf};
use super::recognised;
use crate::domain::query::{Node, Place, Query};

/// Most words that are looked for so.
const WORDS_MAX: usize = 10;
/// Most files and documents one word may stand in; a more frequent word is no help and is not asked for alone.
const RECORDS_MAX: usize = 50_000;

/// The query, its words spread over a file; none if it has not several words, or they meet in no file.
pub(super) fn spread(compiler: &Compiler<'_>, query: &Query) -> Result<Option<Box<dyn Engine>>, IndexError> {
    let nodes = match query.root() {
        Node::All(nodes) => nodes.as_slice(),
        one @ Node::Recognised(_) => std::slice::from_ref(one),
        _ => return Ok(None),
    };
    let (mut words, mut rest): (Vec<Vec<Clause>>, Vec<Clause>) = (Vec::new(), Vec::new());
    for item in items(nodes) {
        match &item {
            Item::One(Node::Recognised(found)) => {
                let otherwise = recognised::otherwise(compiler, found)?;
                for word in items(&found.words) {
                    words.push(word_clauses(compiler, &word, &otherwise)?);
                }
            }
            Item::Date(..) | Item::One(Node::Text(Place::Content, _)) => {
                words.push(word_clauses(compiler, &item, &[])?);
            }
            Item::One(_) => rest.extend(compiler.item(&item)?),
        }
    }
    rest.extend(compiler.wanted_clause());
    if !(2..=WORDS_MAX).contains(&words.len()) {
        return Ok(None);
    }
    let Some(records) = records_with_all(compiler, &words, &rest)? else { return Ok(None) };
    let terms = records.into_iter().map(|record| match record {
        Record::File(file) => compiler.fields.file_term(file),
        Record::Document(document) => compiler.fields.document_term(document),
    });
    let inside = silent(Box::new(TermSetQuery::new(terms)));
    let any: Vec<_> = words.into_iter().map(all_of).collect();
    rest.push((Occur::Must, inside));
    rest.push((Occur::Must, Box::new(BooleanQuery::union(any))));
    Ok(Some(all_of(rest)))
}

/// What a word, or a date, asks for; `otherwise` has ways to match without it.
fn word_clauses(
    compiler: &Compiler<'_>,
    item: &Item<'_>,
    otherwise: &[Box<dyn Engine>],
) -> Result<Vec<Clause>, IndexError> {
    let clauses = compiler.item(item)?;
    let mut ways: Vec<_> = otherwise.iter().map(|way| way.box_clone()).collect();
    if let Item::One(Node::Text(Place::Content, text)) = item {
        // What a document is called says what it is: `Baugenehmigung_1958.tif`.
        ways.push(compiler.node(&Node::Text(Place::FileName, text.clone()))?);
    }
    if ways.is_empty() {
        return Ok(clauses);
    }
    ways.push(all_of(clauses));
    Ok(vec![(Occur::Must, Box::new(BooleanQuery::union(ways)))])
}

/// Files and documents that have every word somewhere; none if there are none, or a word is everywhere.
fn records_with_all(
    compiler: &Compiler<'_>,
    words: &[Vec<Clause>],
    rest: &[Clause],
) -> Result<Option<BTreeSet<Record>>, IndexError> {
    let copied = |clauses: &[Clause]| -> Vec<Clause> {
        clauses.iter().map(|(occur, query)| (*occur, query.box_clone())).collect()
    };
    let mut common: Option<BTreeSet<Record>> = None;
    for clauses in words {
        let asked = all_of([copied(clauses), copied(rest)].into_iter().flatten().collect());
        let found = compiler.collect(asked, &RecordsOf { max: RECORDS_MAX }, None)?;
        if found.len() > RECORDS_MAX {
            return Ok(None);
        }
        let both = match common {
            Some(before) => before.intersection(&found).copied().collect(),
            None => found,
        };
        if both.is_empty() {
            return Ok(None);
        }
        common = Some(both);
    }
    Ok(common)
}

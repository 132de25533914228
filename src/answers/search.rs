//! The answer to a search.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::is_zero;
use crate::domain::streets::StreetNames;
use crate::index::{Facets, How, Reason};
use crate::registry::{Hit, SearchPage};

/// A hit.
#[derive(Debug, Serialize, ToSchema)]
pub struct HitLine {
    /// The reference number of its file; none in the in-tray.
    file: Option<String>,
    /// The title of its file.
    title: Option<String>,
    /// The id of the document; none if the file's own description matched.
    document: Option<String>,
    /// The name of the document.
    file_name: Option<String>,
    /// The page, from 1.
    page: Option<u32>,
    /// The words around the match.
    snippet: String,
    /// Higher is better; to be compared within one answer only.
    score: f32,
    /// What became of each word that was typed, if that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why: Vec<ReasonLine>,
}

impl From<&Hit> for HitLine {
    fn from(hit: &Hit) -> Self {
        Self {
            file: hit.file.as_ref().map(|file| file.reference.to_string()),
            title: hit.file.as_ref().map(|file| file.title.clone()),
            document: hit.document.as_ref().map(|document| document.id.to_string()),
            file_name: hit.document.as_ref().map(|document| document.file_name.clone()),
            page: hit.page,
            snippet: hit.snippet.text.clone(),
            score: hit.score,
            why: hit.why.iter().map(ReasonLine::from).collect(),
        }
    }
}

/// What became of a word that was typed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonLine {
    /// The word.
    typed: String,
    /// Where it was found.
    found: Vec<PlaceLine>,
}

/// In which way a word stands in a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceLine {
    /// In which way, as a code.
    how: String,
    /// How often.
    times: usize,
    /// As it stands there.
    word: String,
}

impl From<&Reason> for ReasonLine {
    fn from(reason: &Reason) -> Self {
        let places = reason.found.iter();
        let place = |(how, times, word): &(How, usize, String)| PlaceLine {
            how: how.name().to_owned(),
            times: *times,
            word: word.clone(),
        };
        Self { typed: reason.typed.clone(), found: places.map(place).collect() }
    }
}

/// The answer to a search.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// Pages that match.
    total: usize,
    /// The disk is full: what was taken in last is not found yet. Absent if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    behind: bool,
    /// It took too long: there may be more, and better. Absent if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    partial: bool,
    /// How long it took, in milliseconds.
    took_ms: f64,
    /// Where matches are not as typed, how far it had to look: `across_pages`, `misread`, `similar`, `any_word`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reach: Option<String>,
    /// Streets that have other names, under which they were looked for too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    streets: Vec<StreetLine>,
    /// Where little was found: queries that find something.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    did_you_mean: Vec<String>,
    /// How many matches have what in common, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<FacetsAnswer>,
    /// The hits of this page of the answer, the best first.
    hits: Vec<HitLine>,
    /// How many of the hits, at the end, have only some of the words; they are not counted in `total`.
    #[serde(skip_serializing_if = "is_zero")]
    partly: u64,
}

/// A street of the query.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreetLine {
    /// As it was typed.
    name: String,
    /// What it is called today.
    now: Vec<String>,
    /// Its other names.
    others: Vec<String>,
}

impl From<&StreetNames> for StreetLine {
    fn from(street: &StreetNames) -> Self {
        let StreetNames { name, now, others } = street.clone();
        Self { name, now, others }
    }
}

impl From<&SearchPage> for SearchAnswer {
    fn from(page: &SearchPage) -> Self {
        Self {
            total: page.total,
            behind: page.behind.is_some(),
            partial: page.is_partial,
            took_ms: page.took_ms,
            reach: page.reach.name().map(str::to_owned),
            streets: page.streets.iter().map(StreetLine::from).collect(),
            did_you_mean: page.did_you_mean.clone(),
            facets: page.facets.as_ref().map(FacetsAnswer::from),
            hits: page.hits.iter().map(HitLine::from).collect(),
            partly: page.partly as u64,
        }
    }
}

/// How many matches have what in common.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetsAnswer {
    /// By class of the file plan.
    classes: Vec<Counted>,
    /// By what they are.
    kinds: Vec<Counted>,
    /// Not all were counted: it took too long.
    partial: bool,
    /// By where the file is in its life.
    phases: Vec<Counted>,
    /// By record type.
    record_types: Vec<Counted>,
    /// Pages by the register their document lies in.
    registers: Vec<Counted>,
    /// By street.
    streets: Vec<Counted>,
    /// By year.
    years: Vec<CountedYear>,
}

/// A value, and how many matches have it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counted {
    /// How many.
    count: usize,
    /// The value.
    value: String,
}

/// A year, and how many matches have it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountedYear {
    /// How many.
    count: usize,
    /// The year.
    value: u16,
}

impl From<&Facets> for FacetsAnswer {
    fn from(facets: &Facets) -> Self {
        Self {
            classes: counted(&facets.classes),
            kinds: counted(&facets.kinds),
            partial: facets.is_partial,
            phases: counted(&facets.phases),
            record_types: counted(&facets.record_types),
            registers: counted(&facets.registers),
            streets: counted(&facets.streets),
            years: facets
                .years
                .iter()
                .map(|(value, count)| CountedYear { count: *count, value: *value })
                .collect(),
        }
    }
}

/// Values are no names of fields.
fn counted(values: &BTreeMap<String, usize>) -> Vec<Counted> {
    values.iter().map(|(value, count)| Counted { count: *count, value: value.clone() }).collect()
}

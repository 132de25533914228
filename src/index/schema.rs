//! What an entry of the index holds: words and ids, never text.
//!
//! One entry per page and one per file. Nothing is stored; ids come back from columns (fast fields).
//!
//! | field | on | what |
//! |---|---|---|
//! | `key` | all | names the entry, so that putting it again replaces it |
//! | `document`, `document_high`, `document_low` | pages | id of the document: 16 bytes indexed, two columns |
//! | `file`, `file_high`, `file_low` | all with a file | id of the file: 16 bytes indexed, two columns |
//! | `page` | all | page number from 1, a column; 0 for a file |
//! | `place` | all | the class and those above it; [`IN_TRAY`] for a page without file |
//! | `body_stem`, `body_parts`, `body_exact` | all | page text; of files title, reference number, fields |
//! | `title_stem`, `title_exact` | files | the title |
//! | `name_stem`, `name_exact` | pages | name of the document's file on disk |
//! | `reference`, `reference_whole` | files | reference number in parts, and folded into one word |
//! | `street_stem`, `street_exact` | files | street and house number |
//! | `parcel_stem`, `parcel_exact` | files | Gemarkung, Flur, Flurstück |
//! | `date` | all | dates in the text, `1958-03-12` and `1958-03` |
//! | `year` | all | years in the text; of files also the years of its time; a column |
//! | `position` | all | number of the ledger entry it was put in for, a column |
//! | `class` | all with a file | the class alone, a column |
//! | `street_name` | all with a file | its street without number, a column |
//! | `phase` | all with a file | where the file is in its life; a column |
//! | `record_type` | all with a file | name of the file's record type, or [`RecordTypeId::NONE`]; a column |
//! | `register` | pages with a file | word of the document's register, or [`RegisterNumber::NONE`]; a column |
//! | `kind` | all | what it is: a file, a page of a scan …; a column |
//!
//! Exact fields keep positions, for phrases; stem fields do not need them. The stems of the parts of compounds are in a
//! field of their own in the body, because a part counts less than a word; elsewhere they are among the stems.

use std::collections::BTreeSet;

use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};
use uuid::Uuid;

use super::analysis::{ANALYSIS_VERSION, Dated, fold_whole, name_of_list};
use super::words::{Reader, WRITTEN, Words};
use super::{FileEntry, PageEntry};
use crate::domain::case_file::ClassNumber;
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::query::{HitKind, PhaseName, Trait};
use crate::domain::record_type::RecordTypeId;
use crate::domain::register::RegisterNumber;

/// Changes whenever fields or their meaning change; indexes of another schema are stale.
const SCHEMA_VERSION: u32 = 8;
/// The stemmer whose stems are in the index, as pinned in Cargo.toml.
pub(super) const FROSTEM_VERSION: &str = "1.20260821.8";
/// Characters of `1958-03`.
const MONTH_CHARS: usize = 7;
/// Years of one file that are found; no file is kept open longer.
const FILE_YEARS_MAX: usize = 300;
/// In `place`: a page of the in-tray (no class number reads so).
pub(super) const IN_TRAY: &str = "in-tray";

/// The words of one thing, stemmed and exact.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub stem: Field,
    /// The stems of the parts of compounds; none if they are among the stems.
    pub parts: Option<Field>,
    pub exact: Field,
}

/// All fields.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub key: Field,
    pub document: Field,
    pub document_id: [Field; 2],
    pub file: Field,
    pub file_id: [Field; 2],
    pub page: Field,
    pub place: Field,
    pub body: Pair,
    pub title: Pair,
    pub name: Pair,
    pub reference: Field,
    pub reference_whole: Field,
    pub street: Pair,
    pub parcel: Pair,
    pub date: Field,
    pub year: Field,
    pub class: Field,
    pub street_name: Field,
    pub phase: Field,
    pub record_type: Field,
    pub register: Field,
    pub kind: Field,
    pub position: Field,
}

/// Column names, as the readers of columns want them.
pub(super) const DOCUMENT_ID: [&str; 2] = ["document_high", "document_low"];
pub(super) const FILE_ID: [&str; 2] = ["file_high", "file_low"];
pub(super) const PAGE: &str = "page";
pub(super) const YEAR: &str = "year";
pub(super) const POSITION: &str = "position";
pub(super) const CLASS: &str = "class";
pub(super) const STREET_NAME: &str = "street_name";
pub(super) const PHASE: &str = "phase";
pub(super) const RECORD_TYPE: &str = "record_type";
pub(super) const REGISTER: &str = "register";
pub(super) const KIND: &str = "kind";

fn words(tokenizer: &str, record: IndexRecordOption, norms: bool) -> TextOptions {
    let indexing =
        TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record).set_fieldnorms(norms);
    TextOptions::default().set_indexing_options(indexing)
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let (id, column) = (BytesOptions::default().set_indexed(), NumericOptions::default().set_fast());
    let word = || words("raw", IndexRecordOption::Basic, false).set_fast("raw");
    let fields = Fields {
        key: builder.add_bytes_field("key", id.clone()),
        document: builder.add_bytes_field("document", id.clone()),
        document_id: DOCUMENT_ID.map(|name| builder.add_u64_field(name, column.clone())),
        file: builder.add_bytes_field("file", id),
        file_id: FILE_ID.map(|name| builder.add_u64_field(name, column.clone())),
        page: builder.add_u64_field(PAGE, column),
        place: builder.add_text_field("place", words("raw", IndexRecordOption::Basic, false)),
        body: Pair {
            stem: builder.add_text_field("body_stem", words(WRITTEN, IndexRecordOption::WithFreqs, true)),
            parts: Some(
                builder.add_text_field("body_parts", words(WRITTEN, IndexRecordOption::WithFreqs, true)),
            ),
            exact: builder
                .add_text_field("body_exact", words(WRITTEN, IndexRecordOption::WithFreqsAndPositions, true)),
        },
        title: filter_pair(&mut builder, "title_stem", "title_exact"),
        name: filter_pair(&mut builder, "name_stem", "name_exact"),
        reference: builder
            .add_text_field("reference", words(WRITTEN, IndexRecordOption::WithFreqsAndPositions, false)),
        reference_whole: builder
            .add_text_field("reference_whole", words("raw", IndexRecordOption::Basic, false)),
        street: filter_pair(&mut builder, "street_stem", "street_exact"),
        parcel: filter_pair(&mut builder, "parcel_stem", "parcel_exact"),
        date: builder.add_text_field("date", words("raw", IndexRecordOption::Basic, false)),
        year: builder.add_u64_field(YEAR, NumericOptions::default().set_indexed().set_fast()),
        class: builder.add_text_field(CLASS, TextOptions::default().set_fast("raw")),
        street_name: builder.add_text_field(STREET_NAME, TextOptions::default().set_fast("raw")),
        phase: builder.add_text_field(PHASE, word()),
        record_type: builder.add_text_field(RECORD_TYPE, word()),
        register: builder.add_text_field(REGISTER, word()),
        kind: builder.add_text_field(KIND, word()),
        position: builder.add_u64_field(POSITION, NumericOptions::default().set_fast()),
    };
    (builder.build(), fields)
}

/// Fields that find files: no lengths. The counts are for [`super::compile`], whose flat lists want them everywhere.
fn filter_pair(builder: &mut tantivy::schema::SchemaBuilder, stem: &str, exact: &str) -> Pair {
    Pair {
        stem: builder.add_text_field(stem, words(WRITTEN, IndexRecordOption::WithFreqs, false)),
        parts: None,
        exact: builder.add_text_field(exact, words(WRITTEN, IndexRecordOption::WithFreqsAndPositions, false)),
    }
}

/// What the words in an index depend on; kept with each commit.
pub(super) fn versions() -> String {
    let tantivy = tantivy::version_string();
    let words = name_of_list().unwrap_or("none");
    format!(
        "schema {SCHEMA_VERSION}, analysis {ANALYSIS_VERSION}, words {words}, frostem {FROSTEM_VERSION}, {tantivy}"
    )
}

fn add_id(doc: &mut TantivyDocument, term: Field, [high, low]: [Field; 2], id: Uuid) {
    doc.add_bytes(term, id.as_bytes());
    let (high_bits, low_bits) = id.as_u64_pair();
    doc.add_u64(high, high_bits);
    doc.add_u64(low, low_bits);
}

impl Fields {
    pub(super) fn page_key(&self, document: DocumentId, page: u32) -> Term {
        let mut key = document.0.as_bytes().to_vec();
        key.extend_from_slice(&page.to_be_bytes());
        Term::from_field_bytes(self.key, &key)
    }

    /// Sixteen bytes, so never the key of a page.
    pub(super) fn file_key(&self, file: CaseFileId) -> Term {
        Term::from_field_bytes(self.key, file.0.as_bytes())
    }

    pub(super) fn document_term(&self, document: DocumentId) -> Term {
        Term::from_field_bytes(self.document, document.0.as_bytes())
    }

    pub(super) fn file_term(&self, file: CaseFileId) -> Term {
        Term::from_field_bytes(self.file, file.0.as_bytes())
    }

    pub(super) fn trait_term(&self, sought: &Trait) -> Term {
        match sought {
            Trait::Phase(phase) => Term::from_field_text(self.phase, phase.word()),
            Trait::Kind(kind) => Term::from_field_text(self.kind, kind.word()),
            Trait::Type(name) => Term::from_field_text(self.record_type, type_word(name.as_ref())),
            Trait::Register(number) => {
                Term::from_field_text(self.register, number.as_deref().unwrap_or(RegisterNumber::NONE))
            }
        }
    }

    pub(super) fn page_entry(&self, entry: &PageEntry<'_>, reader: &mut Reader) -> TantivyDocument {
        let mut doc = TantivyDocument::new();
        doc.add_bytes(self.key, self.page_key(entry.document, entry.page).serialized_value_bytes());
        add_id(&mut doc, self.document, self.document_id, entry.document.0);
        doc.add_u64(self.page, u64::from(entry.page));
        doc.add_u64(self.position, entry.position);
        match entry.file {
            Some(file) => add_id(&mut doc, self.file, self.file_id, file.0),
            None => doc.add_text(self.place, IN_TRAY),
        }
        self.add_lineage(&mut doc, entry.class);
        self.add_traits(&mut doc, entry.phase, entry.kind);
        if entry.file.is_some() {
            doc.add_text(self.record_type, type_word(entry.record_type));
            match entry.register.map(RegisterNumber::word) {
                Some(Some(word)) => doc.add_text(self.register, word),
                // It lies in a register that nobody can ask for.
                Some(None) => {}
                None => doc.add_text(self.register, RegisterNumber::NONE),
            }
        }
        self.add_street_name(&mut doc, entry.street);
        let text = reader.read(entry.text);
        let (dates, mut years) = text.dates_and_years();
        self.add_dates(&mut doc, &dates);
        years.extend(entry.letter_years);
        self.add_years(&mut doc, years);
        add_words(&mut doc, self.body, text);
        add_words(&mut doc, self.name, reader.read(entry.file_name));
        doc
    }

    pub(super) fn file_entry(&self, entry: &FileEntry<'_>, reader: &mut Reader) -> TantivyDocument {
        let mut doc = TantivyDocument::new();
        doc.add_bytes(self.key, self.file_key(entry.file).serialized_value_bytes());
        add_id(&mut doc, self.file, self.file_id, entry.file.0);
        doc.add_u64(self.page, 0);
        doc.add_u64(self.position, entry.position);
        self.add_lineage(&mut doc, Some(entry.class));
        self.add_traits(&mut doc, entry.phase, HitKind::File);
        doc.add_text(self.record_type, type_word(entry.record_type));
        let reference = entry.reference.as_str();
        // Each year once: a year is counted by entries.
        let mut all: BTreeSet<u16> = BTreeSet::new();
        for text in [entry.title, reference].into_iter().chain(entry.texts.iter().map(String::as_str)) {
            let words = reader.read(text);
            let (dates, years) = words.dates_and_years();
            // A reference number is no date, whatever it looks like.
            if text != reference {
                self.add_dates(&mut doc, &dates);
            }
            all.extend(years);
            add_words(&mut doc, self.body, words);
        }
        all.extend(entry.years.clone().take(FILE_YEARS_MAX).map(i16::unsigned_abs));
        self.add_years(&mut doc, all);
        add_words(&mut doc, self.title, reader.read(entry.title));
        add_words(&mut doc, self.street, reader.read(entry.street));
        self.add_street_name(&mut doc, entry.street);
        add_words(&mut doc, self.parcel, reader.read(entry.parcel));
        doc.add_text(self.reference, reader.read(reference).exact);
        doc.add_text(self.reference_whole, fold_whole(reference));
        doc
    }

    fn add_lineage(&self, doc: &mut TantivyDocument, class: Option<&ClassNumber>) {
        for class in class.into_iter().flat_map(ClassNumber::lineage) {
            doc.add_text(self.place, class.as_str());
        }
        class.into_iter().for_each(|class| doc.add_text(self.class, class.as_str()));
    }

    fn add_traits(&self, doc: &mut TantivyDocument, phase: Option<PhaseName>, kind: HitKind) {
        phase.into_iter().for_each(|phase| doc.add_text(self.phase, phase.word()));
        doc.add_text(self.kind, kind.word());
    }

    /// What stands before the house number.
    fn add_street_name(&self, doc: &mut TantivyDocument, street: &str) {
        let name = street.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
        let name = name.trim().trim_end_matches(',');
        if !name.is_empty() {
            doc.add_text(self.street_name, name);
        }
    }

    fn add_dates(&self, doc: &mut TantivyDocument, dates: &[Dated]) {
        for term in dates.iter().flat_map(|dated| &dated.terms) {
            // The month of a day is found as the month alone is.
            doc.add_text(self.date, &term[..MONTH_CHARS.min(term.len())]);
            doc.add_text(self.date, term);
        }
    }

    fn add_years(&self, doc: &mut TantivyDocument, all: BTreeSet<u16>) {
        all.into_iter().for_each(|year| doc.add_u64(self.year, u64::from(year)));
    }
}

fn type_word(record_type: Option<&RecordTypeId>) -> &str {
    record_type.map_or(RecordTypeId::NONE, RecordTypeId::as_str)
}

fn add_words(doc: &mut TantivyDocument, pair: Pair, words: Words<'_>) {
    let stems = match pair.parts {
        Some(parts) => {
            doc.add_text(parts, words.parts);
            words.stems
        }
        None => words.all_stems(),
    };
    doc.add_text(pair.stem, stems);
    doc.add_text(pair.exact, words.exact);
}

//! A delivered batch with its manifest: checked as a whole before the first record is made, taken in once however often it
//! is interrupted, and reported line by line.
//!
//! **Once, and not twice.** Before anything is taken in, a note (`note.rs`) beside the list says under which id each document
//! will be. Whoever runs the batch again asks the registry which of these it has, and takes in the rest.

mod check;
mod folder;
mod kept;
mod note;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use check::{Checked, Line, Order, check};
use note::Note;

use super::args::{BatchArgs, Ingest};
use super::desk::Desk;
use super::disk;
use super::json::{IngestCounts, TakenLine};
use super::verbs::ingest::{finish, read_now, say, source};
use super::verbs::scan;
use crate::domain::actor::Clerk;
use crate::domain::case_file::ReferenceNumber;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::format::batch_manifest::Flaw;
use crate::format::batch_report::{Entry, Fate, Report, is_report};
use crate::format::delivery::Stage;
use crate::format::wording::{self, count};
use crate::registry::{Answer, Error, Outcome, PlannedId, Registry, ScanOrder, Source, Words};

/// Files to be closed, with the day.
pub(super) type Closing = Vec<(ReferenceNumber, jiff::civil::Date)>;

/// How many pages were counted, by document.
pub(super) type PageCounts = BTreeMap<DocumentId, u32>;

/// Flaws that are told at the terminal; how many more there are is said, and all of them stand in the report.
const FLAWS_TOLD: usize = 20;
/// Between several reasons, so that they stand below each other.
const NEXT_LINE: &str = "\n         ";

/// Takes in a delivery.
pub(super) fn run(
    desk: &mut Desk<'_>,
    ingest: &Ingest,
    manifest: &Path,
    scans: Option<&ScanOrder>,
) -> Answer<u8> {
    let batch = &ingest.batch;
    let place = batch.note.clone().unwrap_or_else(|| note::place_of(manifest));
    let note = place.exists().then(|| Note::of(&place)).transpose()?;
    may_report(batch.report.as_deref())?;
    let order = Order {
        manifest,
        batch,
        beside: ingest.scanned.scanned.as_ref().map(|path| ingest.folder.join(path)),
        need: scans.and_then(|order| order.need),
        note: note.as_ref(),
    };
    let checked = check(desk.registry, desk.actor.as_clerk()?, &order)?;
    if !checked.flaws.is_empty() {
        let flaws = count(checked.flaws.len() as u64, "Fehler", "Fehler");
        let said = format!("{flaws}; es wurde nichts erfasst");
        let entries = flawed_entries(&checked);
        kept::checked(desk, manifest, &checked, Stage::Flawed, &entries)?;
        report(desk, ingest, manifest, said, entries)?;
        return Err(refused(manifest, &checked.flaws, batch.report.is_some()));
    }
    desk.remark(in_words(&checked))?;
    if batch.check {
        let entries: Vec<_> = checked.lines.iter().map(|line| entry(line, sound_or_taken(line))).collect();
        kept::checked(desk, manifest, &checked, Stage::Checked, &entries)?;
        report(desk, ingest, manifest, "geprüft, ohne Fehler; es wurde nichts erfasst".to_owned(), entries)?;
        return Ok(0);
    }
    let note = match note {
        Some(note) => note,
        None => new_note(&place)?,
    };
    Delivery::of(checked, note).take_in(desk, ingest, manifest, scans)
}

/// What a list of the demo names, if nothing is wrong with it, and the files to be closed afterwards.
pub(super) fn read(registry: &Registry, clerk: Clerk<'_>, manifest: &Path) -> Answer<(Vec<Source>, Closing)> {
    let batch = BatchArgs { allow_surplus: true, ..BatchArgs::default() };
    let order = Order { manifest, batch: &batch, beside: None, need: None, note: None };
    let checked = check(registry, clerk, &order)?;
    if !checked.flaws.is_empty() {
        return Err(refused(manifest, &checked.flaws, false));
    }
    let closing = checked.closing();
    let sources =
        checked.lines.into_iter().map(|line| source(checked.folder.join(&line.row.path), Some(line.target)));
    Ok((sources.collect(), closing))
}

/// A note for a delivery that had none when it was checked.
fn new_note(place: &Path) -> Answer<Note> {
    let note = Note::of(place)?;
    if note.is_blank() {
        return Ok(note);
    }
    Err(Error::mistake(
        "Die Lieferung wird nicht erfasst",
        "jemand anderes hat sie inzwischen erfasst",
        "geben Sie den Befehl noch einmal, wenn etwas fehlt: was erfasst ist, wird nicht doppelt erfasst",
    ))
}

/// What was looked at, in numbers.
fn in_words(checked: &Checked) -> String {
    let files: BTreeSet<_> = checked.lines.iter().map(|line| line.row.reference.fold()).collect();
    let pages: u64 = checked.lines.iter().filter_map(|line| line.row.page_count).map(u64::from).sum();
    let before = checked.lines.iter().filter(|line| line.taken.is_some()).count() as u64;
    let if_any = |number: u64, words: String| if number == 0 { String::new() } else { words };
    format!(
        "geprüft: {} in {}{}{}{}; ohne Fehler",
        count(checked.lines.len() as u64, "Dokument", "Dokumente"),
        count(files.len() as u64, "Akte", "Akten"),
        if_any(pages, format!(", {}", count(pages, "Seite", "Seiten"))),
        if_any(
            checked.checksums as u64,
            format!(", {}", count(checked.checksums as u64, "Prüfsumme", "Prüfsummen"))
        ),
        if_any(before, format!(", {} davon schon erfasst", before)),
    )
}

/// What is wrong, all of it or as much as can be read at a terminal.
fn refused(manifest: &Path, flaws: &[Flaw], is_reported: bool) -> Error {
    let what = format!("Die Begleitliste {} wird nicht erfasst", manifest.display());
    if let [one] = flaws {
        return Error::mistake(
            what,
            one.to_string(),
            format!("{}; es wurde noch nichts erfasst", one.way_out),
        );
    }
    let mut lines = vec![format!("{} Fehler", flaws.len())];
    lines.extend(flaws.iter().take(FLAWS_TOLD).map(|flaw| format!("{flaw} – {}", flaw.way_out)));
    if flaws.len() > FLAWS_TOLD {
        let more = flaws.len() - FLAWS_TOLD;
        let all = if is_reported { "alle stehen im Bericht" } else { "--report DATEI schreibt alle auf" };
        lines.push(format!("und {more} weitere; {all}"));
    }
    let way_out =
        "berichtigen Sie die Lieferung und geben Sie den Befehl noch einmal; es wurde noch nichts erfasst";
    Error::mistake(what, lines.join(NEXT_LINE), way_out)
}

fn sound_or_taken(line: &Line) -> Fate {
    if line.taken.is_some() { Fate::TakenBefore } else { Fate::Sound }
}

fn entry(line: &Line, fate: Fate) -> Entry {
    Entry {
        line: Some(line.row.line),
        path: line.row.path.clone(),
        reference: line.row.reference.to_string(),
        fate,
        document: line.taken.map_or_else(String::new, |id| id.to_string()),
        pages_expected: line.row.page_count,
        pages_found: None,
        why: String::new(),
        way_out: String::new(),
    }
}

impl Checked {
    /// The files that the list says are closed.
    fn closing(&self) -> Closing {
        let rows = self.lines.iter().map(|line| &line.row);
        let closing: BTreeMap<_, _> =
            rows.filter_map(|row| Some((row.reference.clone(), row.closed?))).collect();
        closing.into_iter().collect()
    }
}

/// Every flaw, and every line that has none.
fn flawed_entries(checked: &Checked) -> Vec<Entry> {
    let lines: BTreeMap<u64, &Line> = checked.lines.iter().map(|line| (line.row.line, line)).collect();
    let flawed: BTreeSet<u64> = checked.flaws.iter().filter_map(|flaw| flaw.line).collect();
    let of_flaw = |flaw: &Flaw| {
        let line = flaw.line.and_then(|line| lines.get(&line));
        let blank = Entry {
            line: flaw.line,
            path: flaw.path.clone().unwrap_or_default(),
            reference: String::new(),
            fate: Fate::Flawed,
            document: String::new(),
            pages_expected: None,
            pages_found: None,
            why: String::new(),
            way_out: String::new(),
        };
        let known = line.map_or(blank, |line| entry(line, Fate::Flawed));
        Entry { why: flaw.why.clone(), way_out: flaw.way_out.clone(), ..known }
    };
    let sound = checked.lines.iter().filter(|line| !flawed.contains(&line.row.line));
    let sound = sound.map(|line| entry(line, sound_or_taken(line)));
    let mut entries: Vec<_> = checked.flaws.iter().map(of_flaw).chain(sound).collect();
    entries.sort_by_key(|entry| entry.line.unwrap_or(0));
    entries
}

/// Whether a report can be written there is asked before anything is taken in. A newer report takes the place of an older.
fn may_report(path: Option<&Path>) -> Answer<()> {
    let Some(path) = path else { return Ok(()) };
    let refuse = |why: &str, way_out: &str| {
        Err(Error::mistake(format!("Der Bericht {} wird nicht geschrieben", path.display()), why, way_out))
    };
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if !matches!(ending.as_deref(), Some("csv" | "html")) {
        return refuse(
            "er wird eine Tabelle oder eine Seite",
            "lassen Sie den Namen auf .csv oder .html enden",
        );
    }
    if path.exists() && !std::fs::read_to_string(path).is_ok_and(|text| is_report(&text)) {
        return refuse("die Datei gibt es, und sie ist kein solcher Bericht", "nennen Sie eine andere Datei");
    }
    Ok(())
}

fn report(
    desk: &mut Desk<'_>,
    ingest: &Ingest,
    manifest: &Path,
    outcome: String,
    entries: Vec<Entry>,
) -> Answer<()> {
    let Some(path) = &ingest.batch.report else { return Ok(()) };
    let registry = desk.registry.name().to_owned();
    let report = Report { list: disk::name_of(manifest), registry, on: desk.today(), outcome, entries };
    let is_page = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("html"));
    let text = if is_page { report.page().map_err(std::io::Error::other)? } else { report.csv() };
    disk::write(path, &text)?;
    desk.remark(format!("Bericht nach {} geschrieben", path.display()))
}

/// A delivery without flaws, on its way in.
struct Delivery {
    checked: Checked,
    note: Note,
    fates: Vec<Fate>,
    refusals: BTreeMap<usize, Words>,
}

impl Delivery {
    fn of(checked: Checked, note: Note) -> Self {
        let fates = checked.lines.iter().map(sound_or_taken).collect();
        Self { checked, note, fates, refusals: BTreeMap::new() }
    }

    fn take_in(
        mut self,
        desk: &mut Desk<'_>,
        ingest: &Ingest,
        manifest: &Path,
        scans: Option<&ScanOrder>,
    ) -> Answer<u8> {
        self.say_taken_before(desk)?;
        let (mut counts, failed) = self.take_new(desk, manifest)?;
        self.remember_ended(desk, manifest)?;
        self.state_scans(desk, scans)?;
        self.close_files(desk)?;
        if let Some(error) = failed {
            return Err(error); // nobody hears the acknowledgements; what was taken in stays
        }
        let mine = if ingest.no_read { Vec::new() } else { self.documents(desk)? };
        let read: Vec<_> = mine.iter().map(|(at, document)| (document.id, self.name(*at))).collect();
        read_now(desk, ingest, &read, &mut counts)?;
        let entries = self.entries(desk)?;
        let differ = entries.iter().filter(|entry| !entry.why.is_empty()).count() as u64;
        let said = format!(
            "{} erfasst, {} bekannt, {} früher erfasst, {} abgewiesen; zu {} ist etwas zu sagen",
            counts.taken,
            counts.known,
            counts.taken_before,
            counts.refused,
            count(differ, "Dokument", "Dokumenten")
        );
        report(desk, ingest, manifest, said, entries)?;
        finish(desk, counts)
    }

    fn name(&self, at: usize) -> String {
        self.checked.folder.join(&self.checked.lines[at].row.path).display().to_string()
    }

    fn say_taken_before(&self, desk: &mut Desk<'_>) -> Answer<()> {
        for (at, line) in self.checked.lines.iter().enumerate() {
            let Some(id) = line.taken else { continue };
            let (name, file) = (self.name(at), line.row.reference.to_string());
            desk.result(&TakenLine::taken_before(id, &file, &name), || {
                format!("schon da   {name}  Akte {file}  {id}")
            })?;
        }
        Ok(())
    }

    /// Takes in what no earlier run took in; with it, why nobody could be told.
    fn take_new(&mut self, desk: &mut Desk<'_>, manifest: &Path) -> Answer<(IngestCounts, Option<Error>)> {
        let (registry, actor) = (desk.registry, desk.actor.clone());
        let new = self.checked.lines.iter().enumerate().filter(|(_, line)| line.taken.is_none());
        let planned: Vec<_> = new.map(|(at, _)| (at, PlannedId::draw())).collect();
        self.note.begin(planned.iter().map(|(at, id)| (id.id(), self.checked.lines[*at].digest)))?;
        let ids = planned.iter().map(|(at, id)| (*at, id.id())).collect();
        let _in_hand = self.remember_begun(registry, desk, manifest, &ids)?;
        let by_name: HashMap<String, usize> = planned.iter().map(|(at, _)| (self.name(*at), *at)).collect();
        let (folder, lines) = (&self.checked.folder, &self.checked.lines);
        let sources = planned.into_iter().map(|(at, id)| {
            let line = &lines[at];
            (id, source(folder.join(&line.row.path), Some(line.target.clone())))
        });
        let (fates, refusals) = (&mut self.fates, &mut self.refusals);
        let (mut ids, mut failed) = (Vec::new(), None);
        let summary = registry.ingest_planned(actor.as_clerk()?, sources, &mut |taken| {
            if let Some(at) = by_name.get(&taken.source).copied() {
                match &taken.outcome {
                    Outcome::Taken(id) => ids.push((at, *id, Fate::Taken)),
                    Outcome::Known(id) => ids.push((at, *id, Fate::Known)),
                    Outcome::Refused(words) => {
                        fates[at] = Fate::Refused;
                        refusals.insert(at, words.clone());
                    }
                }
            }
            failed = failed.take().or(say(desk, &taken).err());
        })?;
        for (at, id, fate) in ids {
            self.fates[at] = fate;
            self.checked.lines[at].taken = Some(id);
        }
        let counts = IngestCounts {
            taken: summary.taken,
            known: summary.known,
            refused: summary.refused,
            bytes: summary.bytes,
            taken_before: self.fates.iter().filter(|fate| **fate == Fate::TakenBefore).count() as u64,
            ..IngestCounts::default()
        };
        Ok((counts, failed))
    }

    /// The documents of this delivery as they are now, of those this person may read.
    fn documents(&self, desk: &Desk<'_>) -> Answer<Vec<(usize, Document)>> {
        let mut documents = Vec::new();
        for (at, line) in self.checked.lines.iter().enumerate() {
            let Some(id) = line.taken else { continue };
            match desk.registry.show_document(desk.actor.as_reader()?, id) {
                Ok(view) => documents.push((at, view.document)),
                // Gone since, or moved to where this person does not read.
                Err(Error::Mistake(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(documents)
    }

    /// Says of those that came from paper what was not said yet.
    fn state_scans(&self, desk: &mut Desk<'_>, scans: Option<&ScanOrder>) -> Answer<()> {
        let Some(order) = scans else { return Ok(()) };
        let (mut unsaid, mut pages) = (Vec::new(), PageCounts::new());
        for (at, document) in self.documents(desk)? {
            if document.scan.is_none() && document.withdrawn.is_none() {
                unsaid.push(document.id);
                pages.extend(self.checked.lines[at].row.page_count.map(|count| (document.id, count)));
            }
        }
        scan::state(desk, &unsaid, &pages, order)
    }

    /// Closes the files the list says are closed, unless they are.
    fn close_files(&self, desk: &Desk<'_>) -> Answer<()> {
        desk.registry.close_all(desk.actor.as_clerk()?, &self.checked.closing())
    }

    /// What became of each line.
    fn entries(&self, desk: &Desk<'_>) -> Answer<Vec<Entry>> {
        let documents: BTreeMap<usize, Document> = self.documents(desk)?.into_iter().collect();
        let entry = |(at, line): (usize, &Line)| {
            let mut entry = entry(line, self.fates[at]);
            if let Some(words) = self.refusals.get(&at) {
                entry.why.clone_from(&words.why);
                entry.way_out.clone_from(&words.way_out);
            }
            let Some(document) = documents.get(&at) else { return entry };
            entry.pages_found = document.page_count();
            let differ = entry.pages_expected.zip(entry.pages_found);
            if document.version() == 1 && document.original.sha256 != line.content {
                entry.why = "der Inhalt hat sich zwischen Prüfung und Erfassen geändert".to_owned();
                entry.way_out =
                    "sehen Sie das Dokument an, und liefern Sie die richtige Datei nach".to_owned();
            } else if let Some(why) = differ.and_then(|(said, found)| wording::pages_differ(said, found)) {
                entry.why = why;
                entry.way_out = "sehen Sie im Papier nach, und lassen Sie neu scannen, was fehlt".to_owned();
            }
            entry
        };
        Ok(self.checked.lines.iter().enumerate().map(entry).collect())
    }
}

//! `ingest`: a line per document at the moment it is durable, then the reading.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::scan;
use super::show::completeness;
use crate::cli::args::{Ingest, TargetArgs};
use crate::cli::batch::{self, Closing, PageCounts};
use crate::cli::desk::{Desk, Voice, one_line};
use crate::cli::gather::{NotTaken, gather};
use crate::cli::json::{IngestCounts, IngestSummary, TakenLine};
use crate::domain::case_file::Carriers;
use crate::domain::document::TextState;
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::german;
use crate::domain::register::RegisterNumber;
use crate::format::wording::{self, count};
use crate::registry::{Answer, Error, Outcome, Source, Taken, Target, Words};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, ingest: &Ingest) -> Answer<u8> {
    let carriers = carriers(ingest)?;
    let scans = scan::order(&ingest.scanned, &ingest.folder)?;
    if let Some(document) = &ingest.version_of {
        return add_version(desk, ingest, document);
    }
    if let Some(manifest) = &ingest.batch.manifest {
        return batch::run(desk, ingest, manifest, scans.as_ref());
    }
    let Named { sources, refused } = from_paths(ingest, carriers, desk.today())?;
    let closing = closing(desk, ingest)?;
    let registry = desk.registry;
    let actor = desk.actor.clone();
    let mut failed = refused.iter().find_map(|taken| say(desk, taken).err());
    let (mut taken_in, mut to_read) = (Vec::new(), Vec::new());
    let summary = registry.ingest(actor.as_clerk()?, sources, &mut |taken| {
        if let Outcome::Taken(id) | Outcome::Known(id) = taken.outcome {
            taken_in.push(id);
            if !ingest.no_read {
                to_read.push((id, taken.source.clone()));
            }
        }
        failed = failed.take().or(say(desk, &taken).err());
    })?;
    let any = !taken_in.is_empty();
    if let Some(order) = &scans {
        scan::state(desk, &taken_in, &PageCounts::new(), order)?;
    }
    if summary.refused == 0 && refused.is_empty() && any {
        registry.close_all(actor.as_clerk()?, &closing)?;
    } else if let Some((reference, day)) = closing.first().filter(|_| any) {
        // What is missing could not be added any more.
        desk.remark(format!(
            "Akte {reference} bleibt offen, weil nicht alles erfasst wurde; danach schließt sie \
             `schriftgut close \"{reference}\" --on {day}`"
        ))?;
    }
    if let Some(error) = failed {
        return Err(error); // nobody hears the acknowledgements; what was taken in stays
    }
    let mut counts = IngestCounts {
        taken: summary.taken,
        known: summary.known,
        refused: summary.refused + refused.len() as u64,
        bytes: summary.bytes,
        ..IngestCounts::default()
    };
    read_now(desk, ingest, &to_read, &mut counts)?;
    finish(desk, counts)
}

/// Reads what was taken in, unless it is to wait.
pub(in crate::cli) fn read_now(
    desk: &mut Desk<'_>,
    ingest: &Ingest,
    documents: &[(DocumentId, String)],
    counts: &mut IngestCounts,
) -> Answer<()> {
    if ingest.no_read {
        counts.unread = counts.taken + counts.known;
        return Ok(());
    }
    super::work::read(desk)?;
    count_read(desk, documents, counts)
}

/// Counts what is read by now, whoever has read it: a server reads by itself, too. What is not, or not wholly, is
/// named with the reason.
fn count_read(
    desk: &mut Desk<'_>,
    documents: &[(DocumentId, String)],
    counts: &mut IngestCounts,
) -> Answer<()> {
    let actor = desk.actor.clone();
    for (id, source) in documents {
        let view = desk.registry.show_document(actor.as_reader()?, *id)?;
        if !view.contents.is_empty() {
            let names: Vec<_> = view.contents.iter().map(|inner| inner.file_name.as_str()).collect();
            desk.remark(format!("{source}: darin kamen, jetzt eigene Dokumente: {}", names.join(", ")))?;
        }
        let text = view.document.text;
        match &text {
            TextState::Unread => {
                counts.unread += 1;
                continue;
            }
            TextState::Read(read) if read.pages_read > 0 => {
                counts.read += 1;
                counts.pages += u64::from(read.pages_read);
                if read.is_complete() {
                    continue;
                }
                counts.incomplete += 1;
            }
            TextState::Read(_) | TextState::GivenUp { .. } => counts.unreadable += 1,
        }
        desk.remark(format!("{source}: {}", completeness(&text)))?;
    }
    Ok(())
}

/// `--version-of`: one file, a newer version of a document.
fn add_version(desk: &mut Desk<'_>, ingest: &Ingest, document: &str) -> Answer<u8> {
    let [path] = ingest.paths.as_slice() else {
        return Err(Error::mistake(
            "Es ist nicht klar, was die neue Fassung ist",
            format!("{} Dateien sind genannt", ingest.paths.len()),
            "nennen Sie genau eine Datei",
        ));
    };
    let id = document.parse().map_err(|_| Error::unknown("Dokument", document))?;
    let actor = desk.actor.clone();
    let document =
        desk.registry.add_version(actor.as_clerk()?, id, source(ingest.folder.join(path), None))?;
    let file = desk.registry.show_document(actor.as_reader()?, id)?.file;
    let line = TakenLine::version(&document, file.map(|file| file.reference.to_string()), path);
    desk.result(&line, || {
        format!("erfasst    {}  als Fassung {} von {id}", path.display(), document.version())
    })?;
    let bytes = document.original.size_bytes;
    let mut summary = IngestCounts { taken: 1, bytes, ..IngestCounts::default() };
    read_now(desk, ingest, &[(id, path.display().to_string())], &mut summary)?;
    desk.result(&IngestSummary { summary }, String::new)?; // the line has told people all there is
    Ok(0)
}

pub(in crate::cli) fn finish(desk: &mut Desk<'_>, counts: IngestCounts) -> Answer<u8> {
    let code = if counts.refused > 0 { 2 } else { 0 };
    let others = others_unread(desk, counts.unread)?;
    if others > 0 {
        desk.remark(format!(
            "Außerdem noch ungelesen: {others} andere Dokumente (`schriftgut work` liest sie)"
        ))?;
    }
    if desk.json {
        desk.tell(&IngestSummary { summary: counts })?;
        return Ok(code);
    }
    let if_any = |count: u64, word: &str| match count {
        0 => String::new(),
        _ => format!(", {count} {word}"),
    };
    desk.say(format!(
        "{} erfasst, {} bekannt{}, {} abgewiesen; {} in {} gelesen{}{}, {} noch ungelesen",
        counts.taken,
        counts.known,
        if_any(counts.taken_before, "schon da"),
        counts.refused,
        count(counts.pages, "Seite", "Seiten"),
        count(counts.read, "Dokument", "Dokumenten"),
        if_any(counts.incomplete, "unvollständig"),
        if_any(counts.unreadable, "nicht lesbar"),
        counts.unread
    ))?;
    Ok(code)
}

/// How many other documents are unread that this person may read.
fn others_unread(desk: &Desk<'_>, own: u64) -> Answer<u64> {
    // The cheap number of all says whether there are any.
    if desk.registry.unread()? as u64 <= own {
        return Ok(0);
    }
    let waiting = desk.registry.reading_queue(desk.actor.as_reader()?)?.waiting as u64;
    Ok(waiting.saturating_sub(own))
}

/// Says what became of one source, at the moment it is certain.
pub(in crate::cli) fn say(desk: &mut Voice<'_>, taken: &Taken) -> Answer<()> {
    if desk.json {
        return desk.tell(&TakenLine::from(taken));
    }
    let file = taken.file.as_ref().map_or_else(|| "Posteingang".to_owned(), |file| format!("Akte {file}"));
    let source = one_line(&taken.source);
    match &taken.outcome {
        Outcome::Taken(id) => desk.say(format!("erfasst    {source}  {file}  {id}")),
        Outcome::Known(id) => desk.say(format!("bekannt    {source}  {file}  {id}")),
        Outcome::Refused(words) => {
            desk.say(format!("abgewiesen {source}: {} – {}", words.why, words.way_out))
        }
    }
}

/// What paths name.
struct Named {
    /// Each is made when its turn comes: there may be very many.
    sources: Box<dyn Iterator<Item = Source> + Send>,
    /// Places that are not taken.
    refused: Vec<Taken>,
}

fn from_paths(ingest: &Ingest, carriers: Carriers, today: Date) -> Answer<Named> {
    if ingest.paths.is_empty() {
        return Err(Error::mistake(
            "Es gibt nichts zu erfassen",
            "es ist weder eine Datei noch eine Begleitliste genannt",
            "nennen Sie Dateien, Ordner oder --manifest DATEI",
        ));
    }
    let target = match target(&ingest.target)? {
        None => None,
        Some(target) => Some(Target { carriers, opened: opening(ingest, today)?, ..target }),
    };
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    for given in &ingest.paths {
        let place = ingest.folder.join(given);
        let gathered = gather(&place);
        refused.extend(gathered.refused.into_iter().map(|NotTaken { path, why, way_out }| {
            let source = named_as_given(given, &place, &path);
            let (what, way_out) = (format!("{source} wurde nicht erfasst"), way_out.to_owned());
            Taken { source, file: None, outcome: Outcome::Refused(Words { what, why, way_out }) }
        }));
        found.push((given.clone(), place, gathered.files));
    }
    let sources = found.into_iter().flat_map(move |(given, place, files)| {
        let target = target.clone();
        files.into_iter().map(move |path| {
            let name = named_as_given(&given, &place, &path);
            Source { name, ..source(path, target.clone()) }
        })
    });
    Ok(Named { sources: Box::new(sources), refused })
}

/// The file that is named, and what is said of it if it is new; none for the in-tray.
pub(super) fn target(asked: &TargetArgs) -> Answer<Option<Target>> {
    let Some(reference) = &asked.file else { return Ok(None) };
    let wrong = |_| {
        let what = "Das Aktenzeichen ist nicht gültig";
        Error::mistake(what, "es ist leer oder zu lang", "prüfen Sie es")
    };
    Ok(Some(Target {
        reference: reference.parse().map_err(wrong)?,
        class: asked.class.clone(),
        title: asked.title.clone(),
        domain: asked.domain,
        record_type: asked.record_type.clone(),
        fields: asked.fields.iter().cloned().collect(),
        carriers: Carriers::default(),
        opened: None,
        case: asked.case.clone(),
        register: register(asked.register.as_deref())?,
        page_count: None,
    }))
}

/// The register that is named; whether the file has it the registry says.
fn register(number: Option<&str>) -> Answer<Option<RegisterNumber>> {
    let wrong = |_| {
        let what = "Das Register ist nicht gültig";
        Error::mistake(what, "die Angabe ist leer oder zu lang", "`schriftgut types show` zeigt die Register")
    };
    number.map(|number| number.parse().map_err(wrong)).transpose()
}

/// Where the paper of a new file stands, if that is said.
fn carriers(ingest: &Ingest) -> Answer<Carriers> {
    let placing = ingest.place.placing();
    if placing.is_silent() {
        return Ok(Carriers::default());
    }
    let refuse = |why: String, way_out: &str| {
        Err(Error::mistake("Der Standort der Papierakte ist nicht klar", why, way_out))
    };
    if ingest.target.file.is_none() {
        let why = "es ist keine Akte genannt, deren Papier dort steht".to_owned();
        return refuse(
            why,
            "nennen Sie die Akte mit --file; in einer Begleitliste steht der Standort in den Spalten",
        );
    }
    match placing.applied_to(None) {
        Ok(place) => Ok(Carriers { paper: Some(place) }),
        Err(flaw) => {
            refuse(wording::place_flaw(&flaw), "berichtigen Sie die Angabe; es wurde noch nichts erfasst")
        }
    }
}

/// The day a new file is opened on, if one is given: that it was closed long ago says that it was opened before.
fn opening(ingest: &Ingest, today: Date) -> Answer<Option<Date>> {
    let wrong = |why: String| {
        let what = "Die Akte kann mit diesen Tagen nicht angelegt werden";
        Error::mistake(what, why, "prüfen Sie --opened und --closed")
    };
    let opened = ingest.opened.or(ingest.closed);
    if let Some(day) = [opened, ingest.closed].into_iter().flatten().find(|day| *day > today) {
        return Err(wrong(format!("der {} liegt in der Zukunft", german(day))));
    }
    match (opened, ingest.closed) {
        (Some(opened), Some(closed)) if closed < opened => Err(wrong(format!(
            "die Schlussverfügung ({}) läge vor der Anlage ({})",
            german(closed),
            german(opened)
        ))),
        _ => Ok(opened),
    }
}

/// The file to close, if it is new and to be closed. One that is there keeps its days.
fn closing(desk: &mut Desk<'_>, ingest: &Ingest) -> Answer<Closing> {
    let (Some(reference), Some(_)) = (&ingest.target.file, ingest.opened.or(ingest.closed)) else {
        return Ok(Vec::new());
    };
    let actor = desk.actor.clone();
    if let Ok(view) = desk.registry.show_file(actor.as_reader()?, reference, desk.today()) {
        let reference = &view.file.reference;
        desk.remark(format!(
            "Akte {reference} gibt es schon; --opened und --closed gelten nur für neue Akten"
        ))?;
        return Ok(Vec::new());
    }
    let reference = reference.parse().ok();
    Ok(reference.zip(ingest.closed).into_iter().collect())
}

/// A file is called as the command line called it or its folder.
fn named_as_given(given: &Path, place: &Path, path: &Path) -> String {
    match path.strip_prefix(place) {
        Ok(below) if !below.as_os_str().is_empty() => given.join(below),
        _ => given.to_owned(),
    }
    .display()
    .to_string()
}

/// A file on disk, opened when its turn comes.
pub(in crate::cli) fn source(path: PathBuf, target: Option<Target>) -> Source {
    let file_name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Source {
        name: path.display().to_string(),
        file_name,
        target,
        open: Box::new(move || {
            // Looked at before it is opened: opening a pipe waits for somebody who writes.
            let kind = std::fs::metadata(&path)?.file_type();
            if !kind.is_file() {
                let directory = kind.is_dir();
                return Err(if directory { ErrorKind::IsADirectory } else { ErrorKind::Unsupported }.into());
            }
            Ok(Box::new(std::fs::File::open(&path)?))
        }),
    }
}

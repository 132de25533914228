//! A delivery, checked as a whole before the first record is made: the list, the files it names and their checksums, what
//! lies beside them, and where each would go. Every flaw is told in one go, and nothing is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::note::{self, Note};
use crate::base::checksum::{Checksum, measure};
use crate::base::digest::Sha256;
use crate::cli::args::BatchArgs;
use crate::cli::disk;
use crate::domain::actor::Clerk;
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::german;
use crate::domain::scan::ProtectionNeed;
use crate::format::batch_manifest::{self, Flaw, List, Profile, Row};
use crate::registry::{Answer, Error, Proposed, Registry, Target};

/// A document of a delivery.
pub(super) struct Line {
    pub(super) row: Row,
    pub(super) target: Target,
    /// Its content, when it was checked.
    pub(super) content: Sha256,
    /// What the note calls it.
    pub(super) digest: Sha256,
    /// The document it is, if an earlier run took it in.
    pub(super) taken: Option<DocumentId>,
}

/// A delivery that was looked at.
pub(super) struct Checked {
    pub(super) folder: PathBuf,
    /// The list, as it was read.
    pub(super) list: Sha256,
    /// Every line that could be read and whose file is there.
    pub(super) lines: Vec<Line>,
    /// How many checksums were compared.
    pub(super) checksums: usize,
    /// Everything that is wrong.
    pub(super) flaws: Vec<Flaw>,
}

/// The profile, or that of a list of our own.
fn profile(path: Option<&Path>) -> Answer<Profile> {
    let Some(path) = path else { return Ok(Profile::default()) };
    Profile::read(&disk::read(path)?).map_err(|mistakes| {
        let why: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        Error::mistake(
            format!("Das Profil {} ist nicht zu lesen", path.display()),
            why.join(super::NEXT_LINE),
            "berichtigen Sie das Profil; es wurde noch nichts erfasst",
        )
    })
}

/// What to look at.
pub(super) struct Order<'a> {
    pub(super) manifest: &'a Path,
    pub(super) batch: &'a BatchArgs,
    /// What may lie beside the documents and is none.
    pub(super) beside: Option<PathBuf>,
    /// How much depends on the scans, if they are to stand for paper.
    pub(super) need: Option<ProtectionNeed>,
    /// What earlier runs noted.
    pub(super) note: Option<&'a Note>,
}

/// Looks at a delivery.
pub(super) fn check(registry: &Registry, clerk: Clerk<'_>, order: &Order<'_>) -> Answer<Checked> {
    let Order { manifest, batch, note, .. } = *order;
    let profile = profile(batch.profile.as_deref())?;
    let bytes = std::fs::read(manifest).map_err(|cause| {
        let what = format!("Die Begleitliste {} wird nicht erfasst", manifest.display());
        Error::mistake(what, disk::in_german(&cause), "prüfen Sie den Pfad")
    })?;
    let list = batch_manifest::read(&bytes, &profile);
    let folder = match manifest.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let digest = Sha256::of(&[&bytes]);
    let mut checked =
        Checked { folder, list: digest, lines: Vec::new(), checksums: 0, flaws: list.flaws.clone() };
    // Of a list that cannot be read nothing is known, neither what is missing nor what is too much.
    if list.row_count == 0 && !list.flaws.is_empty() {
        return Ok(checked);
    }
    if let Some(count) = batch.count.filter(|count| *count != list.row_count as u64) {
        let why =
            format!("die Lieferung soll {count} Dokumente haben, in der Liste sind es {}", list.row_count);
        checked.flaws.push(Flaw::whole(why, "prüfen Sie Lieferschein und Liste"));
    }
    let surplus =
        if batch.allow_surplus { BTreeSet::new() } else { checked.surplus(registry, order, &profile, &list) };
    checked.files(list.rows, &surplus);
    checked.find_taken(registry, clerk, note)?;
    checked.places(registry, clerk, order.need)?;
    checked.flaws.sort_by_key(|flaw| flaw.line.unwrap_or(0));
    Ok(checked)
}

impl Checked {
    /// Files that are in the folder and not in the list.
    fn surplus(
        &mut self,
        registry: &Registry,
        order: &Order<'_>,
        profile: &Profile,
        list: &List,
    ) -> BTreeSet<String> {
        let batch = order.batch;
        let mut others = vec![order.manifest.to_owned(), registry.layout().root().to_owned()];
        others.extend(
            [&batch.profile, &batch.report, &batch.note, &order.beside].into_iter().flatten().cloned(),
        );
        let known = |path: &str| list.paths.contains_key(path) || profile.accompanies(path);
        let (found, flaws) = super::folder::surplus(&self.folder, known, &others);
        self.flaws.extend(flaws);
        for path in &found {
            let why = format!("„{path}“ liegt im Ordner und steht nicht in der Liste");
            let way_out = "nehmen Sie die Datei in die Liste auf oder aus dem Ordner, oder lassen Sie sie mit --allow-surplus liegen";
            self.flaws.push(Flaw::whole(why, way_out).of(path));
        }
        found
    }

    /// Reads every file once: it is there, and is what was sent.
    fn files(&mut self, rows: Vec<Row>, surplus: &BTreeSet<String>) {
        let like: BTreeMap<String, &String> =
            surplus.iter().map(|path| (path.to_lowercase(), path)).collect();
        for row in rows {
            let wanted = row.checksum.as_ref().map(Checksum::algorithm);
            let (content, found) =
                match open(&self.folder.join(&row.path)).and_then(|mut file| measure(&mut file, wanted)) {
                    Ok(measured) => measured,
                    Err(cause) => {
                        let other = like.get(&row.path.to_lowercase());
                        self.flaws.push(absent(&row, &cause, other.map(|path| path.as_str())));
                        continue;
                    }
                };
            if let Some(said) = &row.checksum {
                self.checksums += 1;
                if found.as_ref() != Some(said) {
                    let why = format!("„{}“ hat eine andere Prüfsumme als in der Liste", row.path);
                    let way_out = "lassen Sie sich die Datei neu liefern, oder die Liste berichtigen";
                    self.flaws.push(Flaw::at(row.line, why, way_out).of(&row.path));
                }
            }
            let digest = note::digest(&row.path, &row.reference.fold(), &content);
            self.lines.push(Line { target: target(&row), row, content, digest, taken: None });
        }
    }

    /// Asks the registry what earlier runs took in.
    fn find_taken(&mut self, registry: &Registry, clerk: Clerk<'_>, note: Option<&Note>) -> Answer<()> {
        let Some(note) = note else { return Ok(()) };
        for line in &mut self.lines {
            for id in note.begun(&line.digest) {
                if registry.is_taken_in(clerk, *id)? {
                    line.taken = Some(*id);
                }
            }
        }
        Ok(())
    }

    /// Asks the registry where each would go.
    fn places(&mut self, registry: &Registry, clerk: Clerk<'_>, need: Option<ProtectionNeed>) -> Answer<()> {
        let today = registry.today();
        let open = || self.lines.iter().filter(|line| line.taken.is_none());
        let proposed = open().map(|line| Proposed {
            target: &line.target,
            closed: line.row.closed,
            size_bytes: std::fs::metadata(self.folder.join(&line.row.path)).map_or(0, |file| file.len()),
            need,
        });
        let unfit = registry.unfit(clerk, proposed)?;
        let mut flaws = Vec::new();
        for (line, unfit) in open().zip(unfit) {
            let flaw = |why: String, way_out: &str| Flaw::at(line.row.line, why, way_out).of(&line.row.path);
            if let Some((why, way_out)) = unfit {
                flaws.push(flaw(why, &way_out));
            }
            if let Some(day) = line.row.closed.filter(|day| *day > today) {
                let why = format!("der {} liegt in der Zukunft", german(day));
                flaws.push(flaw(why, "berichtigen Sie die Liste"));
            }
        }
        self.flaws.extend(flaws);
        Ok(())
    }
}

/// A file to read. Opening a pipe would wait for somebody who writes.
fn open(path: &Path) -> io::Result<std::fs::File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    std::fs::File::open(path)
}

fn absent(row: &Row, cause: &io::Error, other: Option<&str>) -> Flaw {
    let flaw = |why: String, way_out: &str| Flaw::at(row.line, why, way_out).of(&row.path);
    match (cause.kind(), other) {
        (io::ErrorKind::NotFound, Some(other)) => flaw(
            format!("die Datei „{}“ fehlt, es liegt aber „{other}“ da", row.path),
            "Groß- und Kleinschreibung zählt: berichtigen Sie die Liste, oder benennen Sie die Datei um",
        ),
        (io::ErrorKind::NotFound, None) => {
            flaw(format!("die Datei „{}“ fehlt", row.path), "liefern Sie sie nach")
        }
        (io::ErrorKind::Unsupported, _) => flaw(
            format!("„{}“ ist keine Datei mit Inhalt, sondern Ordner, Pipe, Socket oder Gerät", row.path),
            "legen Sie die Datei selbst in den Ordner",
        ),
        _ => flaw(
            format!("„{}“ ist nicht lesbar: {}", row.path, disk::in_german(cause)),
            "prüfen Sie die Rechte und den Datenträger",
        ),
    }
}

/// Where a row goes.
fn target(row: &Row) -> Target {
    Target {
        reference: row.reference.clone(),
        class: Some(row.class.clone()),
        title: Some(row.title.clone()),
        domain: row.domain,
        record_type: row.record_type.clone(),
        fields: row.fields.clone(),
        carriers: row.carriers.clone(),
        // A file that was closed long ago was opened before that.
        opened: row.closed,
        case: row.case.clone(),
        register: row.register.clone(),
        page_count: row.page_count,
    }
}

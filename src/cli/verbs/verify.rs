//! `verify`, `repair` and `rebuild`: is the truth whole, what puts it right, and the views made anew from it.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::cli::args::{Args, Repair, Verify};
use crate::cli::desk::{Desk, Voice};
use crate::cli::disk;
use crate::cli::json::fixity::{self as json, CoverageAnswer, KeylessAnswer, PartAnswer, VerifyAnswer};
use crate::domain::fixity::Part;
use crate::format::wording::count;
use crate::registry::{
    Answer, Error, Looking, Rebuilding, Repair as Repaired, Scope, Verified, VerifyOutcome, coverage_words,
    verify_without_keys,
};

/// Time between two words about progress.
const BETWEEN_WORDS: Duration = Duration::from_secs(1);

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verify: &Verify) -> Answer<u8> {
    let actor = desk.actor.clone();
    let scope = Scope {
        part: verify.subset,
        read_data: verify.read_data,
        until: verify.max_time.and_then(|time| Instant::now().checked_add(time)),
        against: verify.against.as_deref().map(read_checkpoint).transpose()?,
    };
    let registry = desk.registry;
    let (shown, mut word) = (desk.shows_progress(), Words::default());
    let outcome = registry.verify_scope(actor.as_caretaker()?, &scope, &mut |looking| {
        if shown {
            word.say(|| looked(looking), &mut |line| desk.mention(line));
        }
    })?;
    if shown {
        word.end(&mut |line| desk.mention(line));
    }
    say(desk, &scope, outcome)
}

fn say(desk: &mut Desk<'_>, scope: &Scope, outcome: VerifyOutcome) -> Answer<u8> {
    let code = u8::from(!outcome.found.is_clean());
    if !outcome.recorded {
        desk.remark(
            "Diese Prüfung ist nicht im Nachweisbuch vermerkt: es oder der Schlüsselbund ist beschädigt, oder der Datenträger ist voll",
        )?;
    }
    let part = scope.in_parts().then(|| PartAnswer {
        part: scope.part().to_string(),
        complete: outcome.complete,
        resumed: outcome.resumed,
        stopped_at: (!outcome.complete).then(|| outcome.stopped_at.clone()),
        covered: CoverageAnswer::from(&outcome.coverage),
    });
    desk.result(&VerifyAnswer::new(&outcome.found, part), || {
        let mut words: Vec<_> = lines(&outcome.found).collect();
        if let Some(since) = outcome.resumed {
            words.push(format!("fortgesetzt wurde die Prüfung vom {}", crate::format::wording::day(since)));
        }
        words.push(format!("{}{}", of_part(scope.part()), verdict(&outcome.found, true)));
        if !outcome.complete {
            let at = &outcome.stopped_at;
            words.push(format!("die Zeit ist um ({at}); der nächste gleiche Aufruf macht hier weiter"));
        }
        words.push(coverage_words(&outcome.coverage));
        words.join("\n")
    })?;
    Ok(code)
}

fn of_part(part: Part) -> String {
    if part.is_whole() { String::new() } else { format!("Teil {part}: ") }
}

/// `verify --without-keys`: needs the folder only, and touches nothing.
pub(in crate::cli) fn without_keys(args: &Args, verify: &Verify, voice: &mut Voice<'_>) -> Answer<u8> {
    let against = verify.against.as_deref().map(read_checkpoint).transpose()?;
    let part = verify.subset.unwrap_or(Part::WHOLE);
    let (shown, mut word) = (voice.shows_progress(), Words::default());
    let view = verify_without_keys(&args.registry()?, part, against.as_deref(), &mut |looking| {
        if shown {
            word.say(|| looked(looking), &mut |line| voice.mention(line));
        }
    })?;
    if shown {
        word.end(&mut |line| voice.mention(line));
    }
    voice.result(&KeylessAnswer::new(&view, part), || {
        let mut words: Vec<_> = lines(&view.found).collect();
        words.push(format!("{}{}", of_part(part), verdict(&view.found, false)));
        words.push(
            "ohne Schlüssel geprüft: versiegelte Dateien, Unterschrift, Baum und Ketten des Nachweisbuchs; nicht: \
             Schlüsselbund, Inhalte und ob jede im Nachweisbuch genannte Datei da ist"
                .to_owned(),
        );
        words.join("\n")
    })?;
    Ok(u8::from(!view.found.is_clean()))
}

/// What was found, a line each.
pub(super) fn lines(found: &Verified) -> impl Iterator<Item = String> {
    let lists = [
        ("verändert", &found.changed),
        ("fehlt", &found.missing),
        ("unbekannt", &found.untracked),
        ("verloren", &found.lost),
    ];
    lists.into_iter().flat_map(|(word, lines)| lines.iter().map(move |line| format!("{word}: {line}")))
}

fn verdict(found: &Verified, with_keys: bool) -> String {
    let verdict = if found.is_clean() { "alles unversehrt" } else { "NICHT unversehrt" };
    let unclaimed =
        if with_keys { format!(", {} noch ohne Eintrag", found.unclaimed) } else { String::new() };
    format!(
        "{} und {} geprüft{unclaimed}: {verdict}",
        count(found.objects, "gespeicherte Datei", "gespeicherte Dateien"),
        count(found.entries, "Eintrag", "Einträge")
    )
}

fn read_checkpoint(path: &Path) -> Answer<String> {
    std::fs::read_to_string(path).map_err(|cause| {
        Error::mistake(
            format!("Der Prüfpunkt {} ist nicht lesbar", path.display()),
            disk::in_german(&cause),
            "prüfen Sie den Pfad",
        )
    })
}

fn looked(looking: Looking) -> String {
    let percent = looking.percent.map_or_else(String::new, |percent| format!(" ({percent} %)"));
    format!("Prüfen: {}, {}{percent}", looking.at, looking.done)
}

/// Says how far it has come, not too often, over and over in one line.
#[derive(Default)]
struct Words {
    last: Option<Instant>,
    spoken: bool,
}

impl Words {
    fn say(&mut self, words: impl FnOnce() -> String, mention: &mut dyn FnMut(&str)) {
        if self.last.is_some_and(|last| last.elapsed() < BETWEEN_WORDS) {
            return;
        }
        self.last = Some(Instant::now());
        self.spoken = true;
        mention(&format!("\r{}   ", words()));
    }

    fn end(&self, mention: &mut dyn FnMut(&str)) {
        if self.spoken {
            mention("\n");
        }
    }
}

/// `repair`: what is damaged or missing is put back from a copy.
pub(in crate::cli) fn repair(desk: &mut Desk<'_>, repair: &Repair) -> Answer<u8> {
    let actor = desk.actor.clone();
    let done = desk.registry.repair(actor.as_administrator()?, &repair.from)?;
    desk.result(&json::RepairAnswer::from(&done), || repaired(&done).join("\n"))?;
    Ok(u8::from(!done.left.is_empty()))
}

fn repaired(done: &Repaired) -> Vec<String> {
    let mut words = Vec::new();
    for (store, ids) in [("Datenspeicher", &done.objects), ("Archiv", &done.archived)] {
        words.extend(ids.iter().map(|id| format!("wiederhergestellt: {store}: {id}")));
    }
    words.extend(done.left.iter().map(|(id, reason)| format!("offen: {id}: {reason}")));
    let back = done.objects.len() + done.archived.len();
    let files = count(back, "gespeicherte Datei", "gespeicherte Dateien");
    words.push(match (back, done.left.len()) {
        (0, 0) => "es war nichts wiederherzustellen".to_owned(),
        (_, 0) => format!("{files} wiederhergestellt; prüfen Sie mit `schriftgut verify`"),
        (_, left) => format!("{files} wiederhergestellt, {left} NICHT"),
    });
    words
}

pub(in crate::cli) fn rebuild(desk: &mut Desk<'_>) -> Answer<u8> {
    let actor = desk.actor.clone();
    let registry = desk.registry;
    let (shown, mut word) = (desk.shows_progress(), Words::default());
    registry.rebuild(actor.as_caretaker()?, &mut |rebuilding| {
        if shown {
            word.say(|| built(rebuilding), &mut |line| desk.mention(line));
        }
    })?;
    if shown {
        word.end(&mut |line| desk.mention(line));
    }
    desk.result(&json::rebuilt(), || "Katalog und Suchindex sind neu aufgebaut")?;
    Ok(0)
}

fn built(rebuilding: Rebuilding) -> String {
    match rebuilding {
        Rebuilding::Catalog => "Neu aufbauen: Katalog".to_owned(),
        Rebuilding::Indexes { documents, pages, followed, entries } => {
            let percent = followed * 100 / entries.max(1);
            let documents = count(documents, "Dokument", "Dokumente");
            format!("Neu aufbauen: Suchindex, {documents}, {} ({percent} %)", count(pages, "Seite", "Seiten"))
        }
    }
}

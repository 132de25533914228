//! `plan …`: the file plan in force and its editions, what another would change, and its other forms.

use std::path::Path;

use super::message;
use crate::cli::args::{PlanForm, PlanVerb};
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::plan as json;
use crate::domain::file_plan::{FilePlan, FilePlanClass};
use crate::format::file_plan::{self, table, xdomea};
use crate::format::wording;
use crate::registry::{Answer, Error, PlanPreview};

/// Largest file that is read as a plan in another form.
const FORM_BYTES_MAX: u64 = 32 << 20;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: Option<&PlanVerb>) -> Answer<u8> {
    match verb {
        None => show(desk, None, false),
        Some(PlanVerb::Show { edition, csv }) => show(desk, edition.as_deref(), *csv),
        Some(PlanVerb::Check { file }) => {
            let actor = desk.actor.clone();
            let preview = desk.registry.check_plan(&actor, &disk::name_of(file), &read(file)?)?;
            desk.result(&json::preview(&preview, false), || told(&preview, "nichts in Kraft gesetzt"))?;
            Ok(0)
        }
        Some(PlanVerb::Enact { file }) => {
            let actor = desk.actor.clone();
            let manager = actor.as_records_manager()?;
            let preview = desk.registry.enact_plan(manager, &disk::name_of(file), read(file)?)?;
            desk.result(&json::preview(&preview, true), || told(&preview, "in Kraft"))?;
            Ok(0)
        }
        Some(PlanVerb::Export { form, out }) => export(desk, *form, out),
        Some(PlanVerb::Import { file, out, edition, title }) => {
            import(desk, file, out.as_deref(), edition.as_deref(), title.as_deref())
        }
        Some(PlanVerb::Offer { message }) => message::offer_plan(desk, message),
        Some(PlanVerb::Appraise { file, receipt }) => message::take_of_plan(desk, file, receipt.as_deref()),
    }
}

fn show(desk: &mut Desk<'_>, edition: Option<&str>, csv: bool) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    let earlier = edition.map(|edition| desk.registry.plan_of_edition(edition)).transpose()?;
    let plan = earlier.as_ref().unwrap_or(&rules.plan);
    if csv && !desk.json {
        desk.out.write_all(table::write(plan).as_bytes())?;
        return Ok(0);
    }
    let said =
        |class: &FilePlanClass| rules.catalogue.as_ref().and_then(|in_force| in_force.of(&class.number));
    desk.result(&json::show(plan, &said, rules.catalogues.last()), || {
        let line = |class: &FilePlanClass| {
            let closed = if class.closed { "  (geschlossen)" } else { "" };
            let said = said(class).map(|(_, said)| format!("  [{said}]")).unwrap_or_default();
            format!("{:<12} {}{closed}{said}", class.number.as_str(), class.title)
        };
        let lines = plan.classes().map(line);
        let catalogue = rules.catalogues.last().map(|one| {
            let source = wording::by_catalogue(&one.archive, one.on, "");
            format!("[A, B, V]: {source}, für den Aktenplan {}", one.edition)
        });
        lines.chain(catalogue).collect::<Vec<_>>().join("\n")
    })?;
    Ok(0)
}

/// What another plan changes, and what came of it.
fn told(preview: &PlanPreview, done: &str) -> String {
    if preview.is_in_force {
        return "dieser Aktenplan gilt schon".to_owned();
    }
    let mut lines: Vec<_> = preview
        .changes
        .iter()
        .map(|one| wording::plan_change(one, json::files(preview, one)))
        .chain(preview.ungoverned.iter().map(|class| format!("{class}: keine Aufbewahrungsregel gilt dafür")))
        .collect();
    let changes = wording::count(preview.changes.len(), "Änderung", "Änderungen");
    let named = preview.plan.edition().map_or_else(|| "ohne Ausgabe".to_owned(), ToString::to_string);
    lines.push(format!("Aktenplan {named}: {changes}, {done}"));
    lines.join("\n")
}

fn export(desk: &mut Desk<'_>, form: PlanForm, out: &Path) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    let (text, lost) = match form {
        PlanForm::Csv => (table::write(&rules.plan), Vec::new()),
        PlanForm::Xdomea => desk.registry.plan_as_xdomea()?,
    };
    disk::write_new(out, &text)?;
    lost.iter().try_for_each(|one| desk.remark(one))?;
    desk.result(&json::exported(form.code(), out, &rules.plan, &lost), || {
        format!("{} nach {} geschrieben", classes(&rules.plan), out.display())
    })?;
    Ok(0)
}

fn import(
    desk: &mut Desk<'_>,
    file: &Path,
    out: Option<&Path>,
    edition: Option<&str>,
    title: Option<&str>,
) -> Answer<u8> {
    let (actor, name) = (desk.actor.clone(), disk::name_of(file));
    let (plan, lost) = read_form(&name, &read(file)?)?;
    let edition = edition.map(|edition| {
        edition.parse().map_err(|_| {
            let why = "erwartet werden 1 bis 60 sichtbare Zeichen";
            Error::mistake("Die Ausgabe ist nicht gültig", why, "schreiben Sie sie etwa so: --edition 2026-1")
        })
    });
    let edition = edition.transpose()?.or_else(|| plan.edition().cloned());
    let in_force = desk.registry.rules()?.plan.title().to_owned();
    let title =
        title.map(str::to_owned).or_else(|| Some(plan.title().to_owned()).filter(|own| !own.is_empty()));
    let plan = plan.called(title.unwrap_or(in_force), edition);
    let source = file_plan::write(&plan);
    let tried = match desk.registry.check_plan(&actor, &name, &source) {
        Ok(preview) => Ok(preview),
        Err(Error::Mistake(words)) => Err(words),
        Err(other) => return Err(other),
    };
    if let Some(out) = out {
        disk::write_new(out, &source)?;
    }
    let mut talk = lost.clone();
    talk.push(match &tried {
        Ok(preview) => told(preview, "noch nicht in Kraft (`schriftgut plan enact`)"),
        Err(words) => format!("So kann er nicht in Kraft treten: {}; {}", words.why, words.way_out),
    });
    if plan.edition().is_none() {
        talk.push("Die Ausgabe fehlt noch: schreiben Sie an den Anfang etwa edition = \"2026-1\"".to_owned());
    }
    // The plan itself is the result, wherever it goes.
    talk.iter().try_for_each(|line| desk.remark(line))?;
    desk.result(&json::imported(&plan, &source, out, &lost, &tried), || match out {
        Some(out) => format!("{} nach {} geschrieben", classes(&plan), out.display()),
        None => source.trim_end().to_owned(),
    })?;
    Ok(0)
}

fn classes(plan: &FilePlan) -> String {
    wording::count(plan.classes().count(), "Klasse", "Klassen")
}

/// A plan out of one of its other forms, and what of it was lost.
fn read_form(file: &str, text: &str) -> Answer<(FilePlan, Vec<String>)> {
    let refuse = |told: Vec<String>, way_out: &str| {
        Error::mistake(format!("{file} ist nicht als Aktenplan lesbar"), told.join("; "), way_out)
    };
    let shown = text.trim_start_matches('\u{feff}').trim_start();
    if shown.starts_with('<') {
        let message = xdomea::read(file, text).map_err(|mistakes| {
            let told = wording::first_of(&mistakes, "ein weiterer Fehler", "weitere Fehler");
            refuse(
                told,
                "lassen Sie sich eine Nachricht Aktenplan.Aktenplan.0301 geben, die diese Fehler nicht hat",
            )
        })?;
        return Ok((message.plan, message.lost));
    }
    if shown.lines().any(|line| line.starts_with("classes")) {
        let why = "er ist schon in der Form, in der er in Kraft tritt".to_owned();
        return Err(refuse(
            vec![why],
            "`schriftgut plan check` prüft ihn, `schriftgut plan enact` setzt ihn in Kraft",
        ));
    }
    let plan = table::read(file, text).map_err(|mistakes| {
        let told = wording::first_of(&mistakes, "ein weiterer Fehler", "weitere Fehler");
        refuse(told, "berichtigen Sie die Tabelle; sie hat die Spalten nummer;titel;geschlossen;schutzbereich;aktenzeichen")
    })?;
    Ok((plan, Vec::new()))
}

/// The text of a file, which must be UTF-8.
fn read(file: &Path) -> Answer<String> {
    let refuse = |why: String, way_out: &str| {
        Error::mistake(format!("{} ist nicht lesbar", file.display()), why, way_out)
    };
    let unreadable = |cause: std::io::Error| refuse(disk::in_german(&cause), "prüfen Sie den Pfad");
    if std::fs::metadata(file).map_err(unreadable)?.len() > FORM_BYTES_MAX {
        let why = format!("die Datei ist größer als {} MiB", FORM_BYTES_MAX >> 20);
        return Err(refuse(why, "teilen Sie den Aktenplan"));
    }
    let bytes = std::fs::read(file).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|error| {
        let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = sound.iter().filter(|byte| **byte == b'\n').count() + 1;
        let why =
            if error.as_bytes().starts_with(&[0xff, 0xfe]) || error.as_bytes().starts_with(&[0xfe, 0xff]) {
                "sie ist in UTF-16 geschrieben".to_owned()
            } else {
                format!("ab Zeile {line} ist sie nicht in UTF-8 geschrieben")
            };
        refuse(why, "speichern Sie sie als UTF-8 (in Excel: „CSV UTF-8“)")
    })
}

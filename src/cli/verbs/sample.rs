//! `list sample`, `list samples`: samples from a disposal list, and their protocols.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::args::ListSample;
use crate::cli::desk::{Desk, list_id};
use crate::cli::disk;
use crate::cli::json::sample as json;
use crate::domain::actor::Actor;
use crate::domain::appraisal::sample::{Method, Sample};
use crate::domain::case_file::CaseFile;
use crate::domain::disposal::Decision;
use crate::domain::ids::{CaseFileId, DisposalListId};
use crate::domain::life_cycle::german;
use crate::format::sample::protocol;
use crate::format::wording::{self, count};
use crate::registry::{Answer, DrawnSample, Error, SampleAsked};

pub(super) fn draw(desk: &mut Desk<'_>, actor: &Actor, asked: &ListSample) -> Answer<()> {
    let (archivist, list) = (actor.as_archivist()?, list_id(&asked.list)?);
    let wanted = SampleAsked {
        branch: asked.class.clone(),
        method: method(asked),
        others: asked.others.as_deref().and_then(Decision::of_letter),
    };
    let DrawnSample { sample, files } =
        desk.registry.draw_sample(archivist, list, &wanted, !asked.preview)?;
    desk.result(&json::drawn(list, &sample, &files, asked.preview), || {
        let mut lines = told(&sample, &files);
        lines.push(match asked.preview {
            true => "nur gezeigt; entschieden wurde nichts".to_owned(),
            false => decided(wanted.others).to_owned(),
        });
        lines.join("\n")
    })
}

/// What became of the lines, in words.
fn decided(others: Option<Decision>) -> &'static str {
    match others {
        None => "die gezogenen Akten sind als archivwürdig bewertet, die übrigen noch nicht",
        Some(Decision::Archive) => "alle Akten sind als archivwürdig bewertet",
        Some(Decision::Destroy) => {
            "die gezogenen Akten sind als archivwürdig bewertet, die übrigen als zu vernichten"
        }
    }
}

/// Clap has seen to it that one is there.
fn method(asked: &ListSample) -> Method {
    let field = asked.field.clone().unwrap_or_default();
    match (asked.every, asked.share) {
        (Some(n), _) => Method::EveryNth { n, first: asked.first.unwrap_or(1) },
        (None, Some(per_thousand)) => {
            Method::Random { per_thousand, seed: asked.seed.clone().unwrap_or_default() }
        }
        (None, None) if !asked.values.is_empty() => Method::ByValue { field, values: asked.values.clone() },
        (None, None) if !asked.letters.is_empty() => {
            Method::ByInitial { field, letters: asked.letters.clone() }
        }
        (None, None) => Method::ByYear { years: asked.years.clone() },
    }
}

fn told(sample: &Sample, files: &BTreeMap<CaseFileId, CaseFile>) -> Vec<String> {
    let (drawn, of) = (sample.chosen.len() as u64, sample.population.len() as u64);
    let mut lines = vec![
        format!("Stichprobe: {}", wording::sample_method(&sample.method)),
        format!("{} aus {of} gezogen", count(drawn, "Akte", "Akten")),
    ];
    lines.extend(sample.chosen.iter().map(|id| match files.get(id) {
        Some(file) => format!("  {}  {}", file.reference, file.title),
        None => format!("  {id}"),
    }));
    lines.push(wording::sample_represents(&sample.method).to_owned());
    lines
}

pub(super) fn show(
    desk: &mut Desk<'_>,
    actor: &Actor,
    list: DisposalListId,
    out: Option<&Path>,
) -> Answer<()> {
    let view = desk.registry.show_list(actor.as_auditor()?, list)?;
    let files: BTreeMap<_, _> =
        view.files.iter().filter_map(|(id, file)| Some((*id, file.clone()?))).collect();
    if let Some(folder) = out {
        std::fs::create_dir_all(folder).map_err(|cause| {
            let what = format!("{} kann nicht angelegt werden", folder.display());
            Error::mistake(what, disk::in_german(&cause), "nennen Sie einen anderen Ordner")
        })?;
    }
    for (number, (on, sample)) in (1..).zip(&view.list.samples) {
        if let Some(folder) = out {
            let text = protocol(list, *on, sample, &|id| files.get(&id).cloned());
            disk::write(&folder.join(format!("stichprobe-{number}.json")), &text)?;
        }
        desk.result(&json::recorded(list, *on, sample, &files), || {
            let mut lines = vec![format!("{number}. vom {}", german(*on))];
            lines.extend(told(sample, &files));
            lines.push(
                match sample.drawn_again() {
                    Some(true) => "nachgezogen: dieselben Akten",
                    Some(false) => "nachgezogen: ANDERE Akten; unterrichten Sie die Revision",
                    None => {
                        "nachziehen lässt sie sich mit den Feldern der Akten (--out schreibt das Protokoll)"
                    }
                }
                .to_owned(),
            );
            lines.join("\n")
        })?;
    }
    if view.list.samples.is_empty() {
        desk.remark("aus dieser Liste wurde keine Stichprobe gezogen")?;
    }
    Ok(())
}

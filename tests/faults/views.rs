//! Views that follow the truth through writes that fail: in the end they answer as views that are made anew from it.
//! Here the truth is ahead of both views, or a destruction has to be carried out in them.

use std::path::Path;
use std::process::Command;

use schriftgut::domain::ids::DocumentId;
use schriftgut::registry::Registry;
use tempfile::TempDir;

use crate::common::condemned::{Condemned, WORD, program};
use crate::common::{OPERATOR, TestOffice, WITHDRAWN, copy_folder, open_patiently, rebuild};
use crate::machine::{HANGS, cannot_trace, full_size, not_run, traced};

/// What the views are written with, and of how many calls every first one fails in an ordinary run.
const CALLS: [(&str, u32); 4] =
    [("write", 8), ("pwrite64", 3), ("fsync,fdatasync", 3), ("rename,unlink,ftruncate,mkdir", 3)];

/// An office whose views know nothing of its newest documents.
struct Behind {
    office: Condemned,
    place: TempDir,
}

impl Behind {
    fn new() -> Self {
        let (office, place) = (Condemned::with_lists(1), TempDir::new().unwrap());
        let before = place.path().join("before");
        office.copy_to(&before);
        {
            let ahead = TestOffice::copy_of(&before);
            for number in 0..4 {
                let text = format!("Dachausbau, Blatt Nummer {number}");
                ahead.ingest_text("N-1", WITHDRAWN, &format!("{number}.txt"), &text);
            }
            ahead.read_texts();
            ahead.close("N-1", crate::common::LONG_AGO);
            copy_folder(ahead.root(), &place.path().join("amt"));
        }
        let views = place.path().join("amt/views");
        std::fs::remove_dir_all(&views).unwrap();
        copy_folder(&before.join("views"), &views);
        Self { office, place }
    }

    fn copy_to(&self, root: &Path) {
        copy_folder(&self.place.path().join("amt"), root);
    }

    /// Lets one call after the other fail; after each the office starts again and is compared.
    fn sweep(&self, what: &str, command: &dyn Fn(&Path) -> Command, calls: (&str, u32), error: &str) {
        let (calls, step) = calls;
        let (mut number, mut runs, mut hits) = (1, 0, 0);
        loop {
            let scratch = TempDir::new().unwrap();
            let root = scratch.path().join("amt");
            self.copy_to(&root);
            let traced =
                traced(&command(&root), calls, &format!("{calls}:error={error}:when={number}"), None);
            let at = format!("{what}, {error} at {calls} {number}");
            assert_ne!(traced.code, HANGS, "{at}: it hangs");
            // The catalogue's engine may panic in its own drop; it is caught there.
            assert!(matches!(traced.code, 0 | 1), "{at}: {} {}", traced.code, traced.err);
            let failed: Vec<_> = traced.calls.iter().filter(|call| call.contains("(INJECTED)")).collect();
            if failed.is_empty() {
                break;
            }
            runs += 1;
            hits += usize::from(failed.iter().any(|call| call.contains("/views/")));
            let registry = open_patiently(&root).unwrap_or_else(|error| panic!("{at}: {error}"));
            let followed = answers(&registry);
            rebuild(&registry).unwrap();
            assert_eq!(followed, answers(&registry), "{at}: {failed:#?}");
            number += if full_size() { 1 } else { step };
        }
        println!("{what}, {error} at {calls}: {runs} runs, {hits} of them hit a view");
    }
}

/// What both views say: searches, and the rows of the files they lead to.
fn answers(registry: &Registry) -> Vec<(usize, Vec<Option<DocumentId>>, Vec<String>)> {
    let by = registry.person(OPERATOR).unwrap();
    let reader = by.as_reader().unwrap();
    let ask = |words: &str| {
        let page = registry.search(reader, words, 0, 100).unwrap();
        let mut hits: Vec<_> = page.hits.iter().map(|hit| hit.document.as_ref().map(|d| d.id)).collect();
        hits.sort();
        let files = page.hits.iter().filter_map(|hit| hit.file.as_ref());
        let mut files: Vec<_> = files
            .map(|file| format!("{:?}", registry.show_file_by_id(reader, file.id, registry.today()).unwrap()))
            .collect();
        files.sort();
        (page.total + page.files_total, hits, files)
    };
    ["Dachausbau", "Blatt", "Anlage", WORD, "az:N-1", "az:B-1"].map(ask).into()
}

fn sweep_all(what: &str, command: impl Fn(&Behind, &Path) -> Command) {
    if let Some(why) = cannot_trace() {
        return not_run(&why);
    }
    let behind = Behind::new();
    for (turn, calls) in CALLS.into_iter().enumerate() {
        let errors = ["EIO", "ENOSPC"];
        let errors = if full_size() { &errors[..] } else { &errors[turn % 2..][..1] };
        for error in errors {
            behind.sweep(what, &|root| command(&behind, root), calls, error);
        }
    }
}

#[test]
fn views_whose_writes_fail_follow_in_the_end_as_if_they_were_rebuilt() {
    sweep_all("following", |_, root| program(root, ["search", "Dachausbau"]));
}

#[test]
fn views_whose_writes_fail_forget_in_the_end_as_if_they_were_rebuilt() {
    sweep_all("destroying", |behind, root| program(root, behind.office.lists[0].execute()));
}

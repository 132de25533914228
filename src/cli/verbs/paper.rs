//! `paper …`: where the paper of files stands, and who has it on loan.

use std::path::Path;

use jiff::civil::Date;

use super::scan;
use crate::cli::args::PaperVerb;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::paper as json;
use crate::domain::case_file::CaseFile;
use crate::format::paper_list;
use crate::format::wording::{self, count, first_of};
use crate::registry::{Answer, Error, LoanView, PlacedFile};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &PaperVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    match verb {
        PaperVerb::Place { references, place, reason } => {
            let (clerk, reason) = (actor.as_clerk()?, reason.as_deref().unwrap_or_default());
            let placed = desk.registry.place_paper(clerk, references, &place.placing(), reason)?;
            say_each(desk, &placed)?;
            say_all(desk, placed.len(), references.len().saturating_sub(placed.len()), false)?;
        }
        PaperVerb::Import { file, reason, preview } => {
            import(desk, file, reason.as_deref().unwrap_or_default(), *preview)?;
        }
        PaperVerb::Lend { references, to, until } => {
            let lent = desk.registry.lend_paper(actor.as_clerk()?, references, to, *until)?;
            for (file, view) in &lent {
                desk.result(&json::lent(file, view), || loan_line(view.loan.since, file, view))?;
            }
        }
        PaperVerb::Return { references } => {
            let returned = desk.registry.return_paper(actor.as_clerk()?, references)?;
            for (file, loan) in &returned {
                desk.result(&json::returned(file, loan), || {
                    let place = place_of(file);
                    format!(
                        "Papierakte {} ist zurück von {}; sie gehört hierher: {place}",
                        file.reference, loan.to
                    )
                })?;
            }
        }
        PaperVerb::Loans { overdue } => loans(desk, *overdue)?,
        PaperVerb::Scanned { references } => scan::paper_scanned(desk, references)?,
        PaperVerb::Fate { reference, may_go, on } => {
            let on = on.unwrap_or(desk.today());
            scan::fate(desk, reference.as_deref(), *may_go, on)?;
        }
        PaperVerb::Find { barcode } => {
            let reference = desk.registry.find_paper(actor.as_reader()?, barcode)?.reference;
            let view = desk.registry.show_file(actor.as_reader()?, reference.as_str(), desk.today())?;
            let today = desk.today();
            desk.result(&json::found(&view, today), || {
                let file = &view.file;
                let head =
                    format!("Akte {}  {}\n  Papierakte: {}", file.reference, file.title, place_of(file));
                let loan = view.loan.as_ref();
                let loan = loan.map(|view| format!("\n  {}", wording::loan(&view.loan, &view.to, today)));
                head + &loan.unwrap_or_default()
            })?;
        }
    }
    Ok(0)
}

fn import(desk: &mut Desk<'_>, file: &Path, reason: &str, preview: bool) -> Answer<()> {
    let rows = paper_list::read(&disk::read(file)?).map_err(|mistakes| {
        let told = first_of(&mistakes, "eine weitere Zeile", "weitere Zeilen");
        let what = format!("Die Standorte aus {} werden nicht geändert", file.display());
        Error::mistake(what, told.join("; "), "berichtigen Sie die Liste; es wurde noch nichts geändert")
    })?;
    let placed = desk.registry.place_papers(desk.actor.as_clerk()?, &rows, reason, !preview)?;
    if preview {
        say_each(desk, &placed)?;
    }
    say_all(desk, placed.len(), rows.len() - placed.len(), preview)
}

fn say_each(desk: &mut Desk<'_>, placed: &[PlacedFile]) -> Answer<()> {
    for one in placed {
        desk.result(&json::placed(one), || {
            let change = wording::place_change(one.file.carriers.paper.as_ref(), &one.after);
            format!("{}: {change}", one.file.reference)
        })?;
    }
    Ok(())
}

fn say_all(desk: &mut Desk<'_>, placed: usize, known: usize, preview: bool) -> Answer<()> {
    desk.result(&json::placed_all(placed, known, preview), || {
        let places = count(placed as u64, "Standort", "Standorte");
        let verb = if preview { "zu ändern" } else { "geändert" };
        let nothing = if preview { "; geändert wurde nichts" } else { "" };
        format!("{places} {verb}, {known} wie verzeichnet{nothing}")
    })
}

fn loans(desk: &mut Desk<'_>, overdue: bool) -> Answer<()> {
    let today = desk.today();
    let mut loans = desk.registry.loans(desk.actor.as_reader()?)?;
    loans.retain(|(_, view)| !overdue || view.loan.is_overdue(today));
    desk.result(&json::loans(&loans, today), || {
        let lines: Vec<_> = loans.iter().map(|(file, view)| loan_line(today, file, view)).collect();
        match (lines.is_empty(), overdue) {
            (false, _) => lines.join("\n"),
            (true, true) => "nichts überfällig".to_owned(),
            (true, false) => "nichts ausgeliehen".to_owned(),
        }
    })
}

fn loan_line(today: Date, file: &CaseFile, view: &LoanView) -> String {
    format!("{:<18} {}", file.reference.as_str(), wording::loan(&view.loan, &view.to, today))
}

fn place_of(file: &CaseFile) -> String {
    file.carriers.paper.as_ref().map_or_else(|| "nirgends verzeichnet".to_owned(), wording::place)
}

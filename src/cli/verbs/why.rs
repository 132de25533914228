//! `why`: what holds for a file, and why.

use jiff::civil::Date;

use crate::cli::desk::Desk;
use crate::cli::json::record as json;
use crate::format::wording;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, reference: &str, on: Option<Date>) -> Answer<u8> {
    let on = on.unwrap_or_else(|| desk.today());
    let view = desk.registry.show_file(desk.actor.as_reader()?, reference, on)?;
    let rules = desk.registry.rules()?;
    let mut text = wording::explain(&view.file, &view.finding, &rules.book);
    if let Some(view) = &view.loan {
        let loan = wording::loan(&view.loan, &view.to, desk.today());
        text.push_str(&format!("Hinweis: Die Papierakte ist {loan}\n"));
    }
    desk.result(&json::why(&view.file, on, &view.finding, &text), || text.trim_end())?;
    Ok(0)
}

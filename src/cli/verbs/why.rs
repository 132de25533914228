//! `why`: what holds for a file, and why.

use jiff::civil::Date;

use crate::answers::WhyAnswer;
use crate::cli::desk::Desk;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, reference: &str, on: Option<Date>) -> Answer<u8> {
    let on = on.unwrap_or_else(|| desk.today());
    let view = desk.registry.show_file(desk.actor.as_reader()?, reference, on)?;
    let rules = desk.registry.rules()?;
    let why = WhyAnswer::of(&view, &rules.book, desk.today());
    desk.result(&why, || why.text().trim_end())?;
    Ok(0)
}

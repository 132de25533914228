//! `dividers`: sheets that divide a stack of paper, as PDF.

use crate::cli::args::DividersArgs;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::record as json;
use crate::format::wording::count;
use crate::registry::{Answer, DividerOrder};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, asked: &DividersArgs) -> Answer<u8> {
    let actor = desk.actor.clone();
    let order =
        DividerOrder { files: asked.files.clone(), plain: asked.plain, register: asked.register.clone() };
    let pdf = desk.registry.dividers(actor.as_clerk()?, &order)?;
    disk::write_new(&asked.to, &pdf)?;
    let sheets = asked.files.len() + asked.plain;
    desk.result(&json::dividers(sheets, &asked.to), || {
        format!("{} geschrieben: {}", count(sheets as u64, "Blatt", "Blätter"), asked.to.display())
    })?;
    Ok(0)
}

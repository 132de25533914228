//! `archive …`: which archives take over, and what each takes.

use crate::cli::args::ArchiveVerb;
use crate::cli::desk::Desk;
use crate::cli::json::office as json;
use crate::domain::disposal::{HandoverForm, PackageForm, Receiver, Receivers, Takes};
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &ArchiveVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    match verb {
        ArchiveVerb::Show => {}
        ArchiveVerb::Set { name, xdomea, form, naming, default } => {
            let bag = HandoverForm::Package(PackageForm::Bag);
            let form = form.unwrap_or(if xdomea.is_some() { HandoverForm::Message } else { bag });
            let takes = Takes { form, version: *xdomea, naming: naming.map(Into::into) };
            desk.registry.set_archive(actor.as_records_manager()?, name, takes, *default)?;
        }
        ArchiveVerb::Forget { name } => desk.registry.forget_archive(actor.as_records_manager()?, name)?,
    }
    let rules = desk.registry.rules()?;
    desk.result(&json::archives(&rules.receivers), || told(&rules.receivers))?;
    Ok(0)
}

fn told(receivers: &Receivers) -> String {
    let line = |receiver: &Receiver| {
        let Takes { form, version, naming } = receiver.takes;
        let handed = match form {
            HandoverForm::Package(form) => form.label(),
            HandoverForm::Message => "xdomea-Nachricht",
        };
        let version = version.map(|version| format!(", xdomea {version}")).unwrap_or_default();
        let naming = naming.map(|naming| format!(", Dateinamen: {}", naming.code())).unwrap_or_default();
        let meant =
            if receivers.usual() == Some(receiver) { " (gemeint, wenn keines genannt ist)" } else { "" };
        format!("{}: Abgabe als {handed}{version}{naming}{meant}", receiver.name)
    };
    let lines: Vec<_> = receivers.all().iter().map(line).collect();
    if lines.is_empty() { "kein Archiv ist gemerkt".to_owned() } else { lines.join("\n") }
}

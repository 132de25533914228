//! The dialogue with an archive in messages of xdomea (`schema/formats/xdomea.md`): what we write (0501, 0503, 0505, 0511,
//! 0514, 0515) in the versions 3.0.0, 3.1.0 and 4.0.0, what we read (0502, 0504, 0506, 0507, 0512, 0513) in every version that
//! has it since 2.3.0. What is written and what an answer means is decided in [`crate::domain::disposal::dialogue`].

mod container;
mod head;
pub(in crate::format) mod nodes;
mod objects;
pub(in crate::format) mod page;
mod plan;
mod read;
#[cfg(test)]
mod tests;

pub use container::Container;
pub use head::Envelope;
pub use objects::{offer, transfer};
pub use plan::{catalogue_imported, plan_offer, plan_table};
pub use read::{Answer, Content, read};

use crate::domain::disposal::{MessageKind, MessageVersion, Naming};
use uuid::Uuid;

/// What namespaces begin with; the version follows.
pub(in crate::format) const NAMESPACE: &str = "urn:xoev-de:xdomea:schema:";

/// What the standard calls a message.
fn name(kind: MessageKind, version: MessageVersion) -> &'static str {
    match kind {
        MessageKind::Offer => "Aussonderung.Anbieteverzeichnis",
        MessageKind::Appraisal => "Aussonderung.Bewertungsverzeichnis",
        MessageKind::Transfer => "Aussonderung.Aussonderung",
        MessageKind::OfferReceived => "Aussonderung.AnbietungEmpfangBestaetigen",
        MessageKind::AppraisalReceived => "Aussonderung.BewertungEmpfangBestaetigen",
        MessageKind::ImportConfirmed => "Aussonderung.AussonderungImportBestaetigen",
        MessageKind::TransferReceived => "Aussonderung.AussonderungEmpfangBestaetigen",
        MessageKind::PlanOffer => "Aussonderung.AktenplanZurBewertung",
        MessageKind::PlanReceived => "Aussonderung.AktenplanZurBewertungEmpfangBestaetigen",
        MessageKind::Catalogue => "Aussonderung.Bewertungskatalog",
        MessageKind::CatalogueImported => "Aussonderung.BewertungskatalogImportBestaetigen",
        MessageKind::CatalogueReceived => match version {
            MessageVersion::V4_0 => "Aussonderung.BewertungskatalogEmpfangBestaetigen",
            _ => "Aussonderung.BewerteterAktenplanEmpfangBestaetigen",
        },
    }
}

/// The root of a message.
fn root(kind: MessageKind, version: MessageVersion) -> String {
    format!("{}.{}", name(kind, version), kind.code())
}

/// What a message and its container are called, without the ending.
#[must_use]
pub fn stem(process: Uuid, kind: MessageKind, version: MessageVersion, naming: Naming) -> String {
    match naming {
        Naming::Short => format!("{process}_{}_1", kind.code()),
        Naming::Long => format!("{process}_{}", root(kind, version)),
    }
}

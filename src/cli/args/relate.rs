//! `relate`: how files belong together.

use clap::Args;

use crate::domain::relation::Relation;

/// `relate`
#[derive(Debug, Args)]
pub struct Relate {
    /// Aktenzeichen
    #[arg(value_name = "AKTENZEICHEN")]
    pub reference: String,
    /// Aktenzeichen der anderen Akte
    #[arg(value_name = "ANDERES")]
    pub other: String,
    /// Was die andere Akte für diese ist: see_also, predecessor, successor, whole (Gesamtakte), part (Teilakte)
    #[arg(long = "as", value_name = "BEZUG", required_unless_present = "remove")]
    pub relation: Option<Relation>,
    /// Nimmt den Bezug zurück
    #[arg(long, conflicts_with = "relation")]
    pub remove: bool,
}

//! `restrict …`: files that only those read who still need them.

use clap::Subcommand;
use jiff::civil::Date;

/// `restrict …`
#[derive(Debug, Subcommand)]
pub enum RestrictVerb {
    /// Schränkt alle Akten ein, deren zweite Phase nach ihrer Regel begonnen hat
    Apply {
        /// Stichtag (heute); ein späterer nur mit --preview
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Option<Date>,
        /// Zeigt nur, welche Akten es wären
        #[arg(long)]
        preview: bool,
    },
    /// Zeigt die eingeschränkten Akten
    List,
    /// Hebt die Einschränkung einzelner Akten auf
    Lift {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN", required = true)]
        references: Vec<String>,
        /// Grund
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

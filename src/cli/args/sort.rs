//! `sort`: in which register of its file a document lies.

use clap::Args;

/// `sort`
#[derive(Debug, Args)]
pub struct Sort {
    /// Kennungen der Dokumente
    #[arg(value_name = "DOKUMENT", required = true)]
    pub documents: Vec<String>,
    /// In dieses Register ihrer Akte
    #[arg(long, value_name = "NR", required_unless_present = "none")]
    pub register: Option<String>,
    /// Aus ihrem Register heraus, in keines
    #[arg(long, conflicts_with = "register")]
    pub none: bool,
    /// Warum
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub reason: String,
}

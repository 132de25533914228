//! `refile`, `withdraw`, `split`, `merge`: repairing what went wrong with documents.

use clap::Args;

/// `refile`
#[derive(Debug, Args)]
pub struct Refile {
    /// Kennungen der Dokumente
    #[arg(value_name = "DOKUMENT", required_unless_present = "all_of")]
    pub documents: Vec<String>,
    /// Alle Dokumente dieser Akte
    #[arg(long, value_name = "AKTENZEICHEN", conflicts_with = "documents")]
    pub all_of: Option<String>,
    /// In diese Akte
    #[arg(long, value_name = "AKTENZEICHEN")]
    pub to: String,
    /// Warum
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `withdraw`
#[derive(Debug, Args)]
pub struct Withdraw {
    /// Kennung des Dokuments
    #[arg(value_name = "DOKUMENT")]
    pub document: String,
    /// Warum
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Macht es rückgängig
    #[arg(long)]
    pub undo: bool,
}

/// `split`
#[derive(Debug, Args)]
pub struct Split {
    /// Kennung des Dokuments
    #[arg(value_name = "DOKUMENT")]
    pub document: String,
    /// Seiten, mit denen ein neues Dokument beginnt: 4,9 macht aus zwölf Seiten die Teile 1–3, 4–8 und 9–12
    #[arg(long, value_name = "SEITEN", value_delimiter = ',', required = true)]
    pub at: Vec<u32>,
    /// Für jeden Teil das Aktenzeichen, in der Reihenfolge der Seiten (mehrfach nötig); ohne Angabe bleiben alle in der Akte
    #[arg(long, value_name = "AKTENZEICHEN")]
    pub into: Vec<String>,
    /// Warum
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub reason: String,
    /// Auch wenn es elektronisch signiert ist: Die Teile sind es nicht mehr
    #[arg(long)]
    pub although_signed: bool,
    /// Texte jetzt nicht lesen
    #[arg(long)]
    pub no_read: bool,
}

/// `merge`
#[derive(Debug, Args)]
pub struct Merge {
    /// Kennungen der Dokumente, in der Reihenfolge ihrer Seiten; alle in einer Akte
    #[arg(value_name = "DOKUMENT", required = true, num_args = 2..)]
    pub documents: Vec<String>,
    /// Warum
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Auch wenn eines elektronisch signiert ist: Das neue ist es nicht mehr
    #[arg(long)]
    pub although_signed: bool,
    /// Texte jetzt nicht lesen
    #[arg(long)]
    pub no_read: bool,
}

/// `unpack`
#[derive(Debug, Args)]
pub struct Unpack {
    /// Kennung des Dokuments
    #[arg(value_name = "DOKUMENT")]
    pub document: String,
    /// Texte jetzt nicht lesen
    #[arg(long)]
    pub no_read: bool,
}

//! What new bytes do not take over from the old ones: a closed set, so that a worker gone astray cannot put words into the
//! office's mouth. The German words are the parent's.

use serde::{Deserialize, Serialize};

/// Something of a file that stays behind in the original when its pages go into another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// Scripts and whatever else happens by itself.
    Actions,
    /// Files inside the file.
    Attachments,
    /// Fields to fill in; what is filled in is still shown.
    Form,
    /// Bookmarks, and links from page to page.
    Links,
    /// Sound, film, models.
    Media,
    /// Tags for reading aloud.
    Structure,
    /// Title, author and other details of the file as a whole.
    Details,
    /// Electronic signatures: they vouch for the whole file only.
    Signatures,
}

impl LeftOut {
    /// As users read it (German).
    #[must_use]
    pub fn german(self) -> &'static str {
        match self {
            Self::Actions => "Skripte und selbsttätige Aktionen",
            Self::Attachments => "eingebettete Dateien",
            Self::Form => "ausfüllbare Felder (was darin steht, bleibt sichtbar)",
            Self::Links => "Lesezeichen und Verweise innerhalb der Datei",
            Self::Media => "Ton, Film und Modelle",
            Self::Structure => "Vorlesehilfen (Tags)",
            Self::Details => "Angaben zur Datei als Ganzes (Titel, Verfasser)",
            Self::Signatures => "elektronische Signaturen",
        }
    }
}

//! Why something was not read, and what new bytes do not take over from old ones: closed sets, so that a worker gone astray
//! cannot put words into the office's mouth. The German sentences are the parent's.

use serde::{Deserialize, Serialize};

/// Why a document or a page was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No bytes at all.
    Empty,
    /// Needs a password.
    Encrypted,
    /// An encryption nobody here understands.
    EncryptionUnknown,
    /// Cannot be opened as what it claims to be.
    Damaged,
    /// More bytes than [`Limits::input_bytes_max`](super::Limits::input_bytes_max).
    TooLarge,
    /// None of the formats that are understood.
    UnknownFormat,
    /// A document without pages.
    NoPages,
    /// The page cannot be opened.
    PageDamaged,
    /// Part of the page's content is missing.
    PagePartlyDamaged,
    /// An image of the page stops before its end; what had arrived was read.
    ImageCutOff,
    /// The worker died on this page.
    PageCrashed,
    /// The page took too long.
    PageTooSlow,
    /// The page needed too much memory or has too many pixels.
    PageTooLarge,
    /// The page's image is stored in a way nobody here understands.
    ImageUnsupported,
    /// Recognition gave up on this page.
    RecognitionFailed,
    /// The page holds more text than is taken from one page.
    TextTooLong,
    /// More pages than are read.
    TooManyPages,
    /// The file had to be repaired to be read.
    Repaired,
    /// The number of pages could not be checked.
    CountUnknown,
    /// Given up after too many restarts or too much time or output.
    GivenUp,
    /// There is no such page.
    NoSuchPage,
    /// The format is known, but nobody here can read it.
    NotReadHere,
    /// More text than is taken from one document.
    DocumentTooLong,
    /// A package holds more parts than are looked at.
    TooManyParts,
    /// A package is larger inside than is allowed.
    TooLargeInside,
    /// Nested more deeply than is followed.
    TooDeep,
    /// Part of a package cannot be read.
    PartDamaged,
    /// Entities of the file's own were not resolved.
    EntitiesIgnored,
    /// Macros or scripts were neither read nor run.
    ActiveIgnored,
    /// Content from elsewhere was not fetched.
    ExternalIgnored,
    /// Embedded objects were not read.
    EmbeddedIgnored,
    /// Larger pictures in a text were not looked at.
    PicturesIgnored,
    /// Text that was deleted with tracking was left out.
    DeletionsLeftOut,
    /// A mail, or a part of it, is encrypted.
    MailEncrypted,
    /// The order or the extent of the text in an old file is uncertain.
    OldFormat,
    /// Encrypted: what is made of it would not be.
    Protected,
    /// Signed: what is made of it would not be.
    Signed,
    /// Files of different formats do not become one.
    MixedFormats,
    /// Pages of this format are not parted or joined.
    NotDivisible,
    /// Several files with layers do not become one.
    Layers,
    /// What was made does not look or read as before.
    NotAsBefore,
    /// Nothing that other files are in.
    NoContainer,
    /// The file holds several pictures; the first was read.
    OnlyFirstPicture,
    /// The picture was read at a lower resolution than it has.
    ResolutionReduced,
    /// No PDF to be read is made of files of this kind.
    NotConverted,
    /// The office program made nothing of it that could be opened.
    ConversionFailed,
    /// The office program did not come to an end.
    ConversionTooSlow,
    /// Too large to be converted, or made too large by it.
    ConversionTooLarge,
    /// The time did not suffice for all parts of a plan.
    PlanPartlyRead,
}

impl Reason {
    /// The reason as users read it (German, without content of the document).
    #[must_use]
    pub fn german(self) -> &'static str {
        match self {
            Self::Empty => "Die Datei ist leer",
            Self::Encrypted => "Die Datei ist mit einem Kennwort verschlüsselt",
            Self::EncryptionUnknown => "Die Datei ist mit einem unbekannten Verfahren verschlüsselt",
            Self::Damaged => "Die Datei ist so beschädigt, dass sie sich nicht öffnen lässt",
            Self::TooLarge => "Die Datei ist zu groß, um gelesen zu werden",
            Self::UnknownFormat => "Das Dateiformat ist unbekannt",
            Self::NoPages => "Die Datei enthält keine Seiten",
            Self::PageDamaged => "Seite ist beschädigt",
            Self::PagePartlyDamaged => "Seite ist teilweise beschädigt; der Text kann unvollständig sein",
            Self::ImageCutOff => "Bild endet vorzeitig; der Text kann unvollständig sein",
            Self::PageCrashed => "Seite ist beschädigt; das Lesen brach ab",
            Self::PageTooSlow => "Seite ließ sich in der erlaubten Zeit nicht lesen",
            Self::PageTooLarge => "Seite ist zu groß, um gelesen zu werden",
            Self::ImageUnsupported => "Das Bild der Seite ist in einem unbekannten Verfahren gespeichert",
            Self::RecognitionFailed => "Die Texterkennung ist auf dieser Seite gescheitert",
            Self::TextTooLong => "Seite enthält zu viel Text; der Rest wurde nicht gelesen",
            Self::TooManyPages => "Die Datei hat zu viele Seiten; die weiteren wurden nicht gelesen",
            Self::Repaired => "Die Datei ist beschädigt; der Text kann unvollständig sein",
            Self::CountUnknown => "Die Zahl der Seiten ließ sich nicht prüfen",
            Self::GivenUp => "Das Lesen wurde aufgegeben; die weiteren Seiten wurden nicht gelesen",
            Self::NoSuchPage => "Die Datei hat keine solche Seite",
            Self::NotReadHere => "Dieses Dateiformat wird aufbewahrt, aber nicht gelesen",
            Self::DocumentTooLong => "Die Datei enthält zu viel Text; der Rest wurde nicht gelesen",
            Self::TooManyParts => "Die Datei besteht aus zu vielen Teilen; nicht alle wurden gelesen",
            Self::TooLargeInside => "Die Datei ist ausgepackt zu groß; der Rest wurde nicht gelesen",
            Self::TooDeep => "Die Datei ist zu tief geschachtelt; der Rest wurde nicht gelesen",
            Self::PartDamaged => "Ein Teil der Datei ist beschädigt; der Text kann unvollständig sein",
            Self::EntitiesIgnored => {
                "Die Datei enthält eigene Textersetzungen (DTD); sie wurden nicht aufgelöst"
            }
            Self::ActiveIgnored => {
                "Die Datei enthält Makros oder Skripte; sie wurden weder ausgeführt noch gelesen"
            }
            Self::ExternalIgnored => "Die Datei bindet Inhalte von außen ein; sie wurden nicht geholt",
            Self::EmbeddedIgnored => "Die Datei enthält eingebettete Objekte; sie wurden nicht gelesen",
            Self::PicturesIgnored => "Die Datei enthält größere Bilder; Text darin wurde nicht erkannt",
            Self::DeletionsLeftOut => {
                "Die Datei enthält Streichungen aus der Überarbeitung; Gestrichenes wurde nicht gelesen"
            }
            Self::MailEncrypted => "Die Nachricht ist ganz oder teilweise verschlüsselt",
            Self::OldFormat => "Altes Dateiformat; der Text kann unvollständig sein",
            Self::Protected => "Die Datei ist verschlüsselt, und was aus ihr entstünde, wäre es nicht",
            Self::Signed => "Die Datei ist elektronisch signiert, und was aus ihr entstünde, wäre es nicht",
            Self::MixedFormats => "Die Dateien sind von verschiedener Art",
            Self::NotDivisible => "Nur PDF und TIFF lassen sich teilen und zusammenfügen",
            Self::Layers => "Mehrere Dateien mit Ebenen lassen sich nicht zusammenfügen",
            Self::NotAsBefore => "Die Seiten sähen danach nicht aus wie vorher",
            Self::NoContainer => "In dieser Datei stecken keine anderen Dateien",
            Self::OnlyFirstPicture => {
                "Die Datei enthält mehrere Bilder; nur das erste wird gelesen und gezeigt"
            }
            Self::NotConverted => "Aus Dateien dieser Art wird keine Lesefassung gemacht",
            Self::ConversionFailed => "LibreOffice konnte aus der Datei keine Lesefassung machen",
            Self::ConversionTooSlow => "LibreOffice wurde mit der Datei in der erlaubten Zeit nicht fertig",
            Self::ConversionTooLarge => "Die Datei ist zu groß für eine Lesefassung",
            Self::PlanPartlyRead => {
                "Der Plan ist sehr groß; nicht alle Teile davon wurden in der erlaubten Zeit gelesen"
            }
            Self::ResolutionReduced => {
                "Das Bild ist sehr groß und wurde in verringerter Auflösung gelesen; kleine Schrift kann fehlen"
            }
        }
    }
}

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

/// Why a file inside a file does not come out of it: it stays a part of the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StaysInside {
    /// Needs a password.
    Encrypted,
    /// Cannot be taken out whole.
    Damaged,
    /// Larger than what is taken out.
    TooLarge,
    /// A logo or the like, drawn in the text of a mail.
    SmallPicture,
    /// A mail inside an Outlook mail: only in pieces, which are no file.
    InPieces,
    /// The worker died of it.
    Crashed,
    /// More files than come out of one.
    TooMany,
    /// A container in a container in a container, too deep.
    TooDeep,
}

impl StaysInside {
    /// As users read it (German).
    #[must_use]
    pub fn german(self) -> &'static str {
        match self {
            Self::Encrypted => "mit einem Kennwort verschlüsselt",
            Self::Damaged => "beschädigt",
            Self::TooLarge => "zu groß",
            Self::SmallPicture => "kleines Bild im Text der Nachricht",
            Self::InPieces => "eine Outlook-Nachricht in der Nachricht; für sich ist sie keine Datei",
            Self::Crashed => "das Herauslösen brach ab",
            Self::TooMany => "mehr Dateien, als herausgelöst werden",
            Self::TooDeep => "zu tief geschachtelt",
        }
    }
}

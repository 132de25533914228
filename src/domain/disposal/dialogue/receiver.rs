//! The archives that take over from this office, and what each takes: said once, then followed wherever nothing else is said.

use std::fmt;
use std::str::FromStr;

use super::MessageVersion;

/// Longest name of an archive, in characters.
pub const ARCHIVE_CHARS_MAX: usize = 400;

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageForm {
    /// One bag of all files (`BagIt`, RFC 8493).
    Bag,
    /// A submission package for each file (E-ARK SIP 2.1.0).
    Eark,
    /// A storage root with an object for each file (OCFL 1.1).
    Ocfl,
}

impl PackageForm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bag, Self::Eark, Self::Ocfl];

    /// As it is typed and kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Bag => "bagit",
            Self::Eark => "eark",
            Self::Ocfl => "ocfl",
        }
    }

    /// What users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Bag => "BagIt-Paket",
            Self::Eark => "E-ARK-Pakete (SIP 2.1.0)",
            Self::Ocfl => "OCFL-Speicher (1.1)",
        }
    }
}

impl fmt::Display for PackageForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Not a form of package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected bagit, eark, ocfl or (where a message will do) xdomea")]
pub struct NotAForm;

impl FromStr for PackageForm {
    type Err = NotAForm;
    fn from_str(code: &str) -> Result<Self, NotAForm> {
        Self::ALL.into_iter().find(|form| form.code() == code).ok_or(NotAForm)
    }
}

/// How what is kept is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoverForm {
    /// As a package.
    Package(PackageForm),
    /// As a message of xdomea.
    Message,
}

impl HandoverForm {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Package(PackageForm::Bag),
        Self::Package(PackageForm::Eark),
        Self::Package(PackageForm::Ocfl),
        Self::Message,
    ];

    /// As it is typed and kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Package(form) => form.code(),
            Self::Message => "xdomea",
        }
    }
}

impl FromStr for HandoverForm {
    type Err = NotAForm;
    fn from_str(code: &str) -> Result<Self, NotAForm> {
        Self::ALL.into_iter().find(|form| form.code() == code).ok_or(NotAForm)
    }
}

/// How messages and their containers are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// With the name of the message: `…_Aussonderung.Anbieteverzeichnis.0501`.
    Long,
    /// With its code and number: `…_0501_1`.
    Short,
}

impl Naming {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Long, Self::Short];

    /// As it is typed and kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Short => "short",
        }
    }

    /// As the standard wants it in this version.
    #[must_use]
    pub fn of(version: MessageVersion) -> Self {
        if version == MessageVersion::V4_0 { Self::Short } else { Self::Long }
    }
}

/// What an archive takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takes {
    /// How what is kept is handed over to it.
    pub form: HandoverForm,
    /// The version of its messages; none if it takes none.
    pub version: Option<MessageVersion>,
    /// How they are called; none: as the version wants it.
    pub naming: Option<Naming>,
}

/// An archive and what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// What it is called.
    pub name: String,
    /// What it takes.
    pub takes: Takes,
}

/// The archives of an office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receivers {
    all: Vec<Receiver>,
    default: Option<String>,
}

/// The same archive, however it is written.
fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

impl Receivers {
    /// From now on an archive takes this; nothing: it is not known any more. The first there is is the one meant where none is
    /// named, until another is made that.
    pub fn set(&mut self, name: &str, takes: Option<Takes>, is_default: bool) {
        self.all.retain(|known| takes.is_some() || !same(&known.name, name));
        let Some(takes) = takes else {
            self.default.take_if(|default| same(default, name));
            return;
        };
        let receiver = Receiver { name: name.to_owned(), takes };
        match self.all.iter_mut().find(|known| same(&known.name, name)) {
            Some(known) => *known = receiver,
            None => self.all.push(receiver),
        }
        if is_default {
            self.default = Some(name.to_owned());
        }
    }

    /// All of them, in the order in which they came.
    #[must_use]
    pub fn all(&self) -> &[Receiver] {
        &self.all
    }

    /// The archive of this name, in any spelling.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Receiver> {
        self.all.iter().find(|known| same(&known.name, name))
    }

    /// The archive that is meant where none is named.
    #[must_use]
    pub fn usual(&self) -> Option<&Receiver> {
        self.default.as_deref().and_then(|name| self.named(name)).or_else(|| self.all.first())
    }

    /// The one that is meant by this name; by none the default.
    #[must_use]
    pub fn meant(&self, name: &str) -> Option<&Receiver> {
        if name.trim().is_empty() { self.usual() } else { self.named(name) }
    }
}

//! The manifest of a registry, `schriftgut.toml`: what it was made with (`schema/formats/registry.md`).

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::FormatError;

/// What a registry was made with. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its id; the ledger's origin is made of it.
    pub id: Uuid,
    /// Its name, as certificates print it.
    pub name: String,
    /// Public half of the ledger's signing key: what checkpoints are checked with.
    pub ledger_key: [u8; 32],
    /// Made for showing: permits a grace of zero days; certificates are stamped as such.
    pub demo: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireManifest {
    format: u32,
    id: Uuid,
    name: String,
    ledger_key: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    demo: bool,
}

#[derive(Deserialize)]
struct Version {
    format: u32,
}

impl Manifest {
    /// The version of the registry's layout as a whole.
    pub const FORMAT: u32 = 1;

    /// The ledger's name in checkpoints.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("schriftgut/{}", self.id)
    }

    /// The TOML text.
    #[must_use]
    pub fn write(&self) -> String {
        let wire = WireManifest {
            format: Self::FORMAT,
            id: self.id,
            name: self.name.clone(),
            ledger_key: HEXLOWER.encode(&self.ledger_key),
            demo: self.demo,
        };
        toml::to_string(&wire).expect("a manifest is a flat table of texts and numbers")
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// [`FormatError::Newer`] for a newer layout, otherwise what is wrong with it.
    pub fn read(text: &str) -> Result<Self, FormatError> {
        let wrong = |_| FormatError::wrong("registry manifest", "format");
        let Version { format } = toml::from_str(text).map_err(wrong)?;
        if format > Self::FORMAT {
            return Err(FormatError::Newer { what: "registry", version: format });
        }
        let wire: WireManifest = toml::from_str(text).map_err(wrong)?;
        let key = HEXLOWER.decode(wire.ledger_key.as_bytes()).ok().and_then(|key| key.try_into().ok());
        Ok(Self {
            id: wire.id,
            name: wire.name,
            ledger_key: key.ok_or_else(|| FormatError::wrong("registry manifest", "ledger_key"))?,
            demo: wire.demo,
        })
    }
}

//! Pieces that several formats share: bytes as base64, held objects, renditions, signatures, media types.

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::FormatError;
use crate::domain::disposal::Signature;
use crate::domain::document::{HeldObject, TextRendition};
use crate::domain::ids::PersonId;
use crate::domain::text::{Format, MediaType};

/// Bytes, written as base64 with padding (RFC 4648 §4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text.as_bytes()).map(Self).map_err(serde::de::Error::custom)
    }
}

impl Bytes {
    pub(crate) fn fixed<const N: usize>(self, field: &'static str) -> Result<[u8; N], FormatError> {
        self.0.try_into().map_err(|_| FormatError::wrong("event", field))
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct WireHeld {
    id: String,
    sha256: String,
    size_bytes: u64,
    wrapped_key: Bytes,
}

impl From<&HeldObject> for WireHeld {
    fn from(held: &HeldObject) -> Self {
        Self {
            id: held.id.to_string(),
            sha256: held.sha256.to_string(),
            size_bytes: held.size_bytes,
            wrapped_key: Bytes(held.wrapped_key.clone()),
        }
    }
}

impl WireHeld {
    pub(crate) fn into_held(self) -> Result<HeldObject, FormatError> {
        Ok(HeldObject {
            id: self.id.parse().map_err(|_| FormatError::wrong("event", "id"))?,
            sha256: self.sha256.parse().map_err(|_| FormatError::wrong("event", "sha256"))?,
            size_bytes: self.size_bytes,
            wrapped_key: self.wrapped_key.0,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct WireRendition {
    object: WireHeld,
    pages_declared: Option<u32>,
    pages_read: u32,
    pages_recognised: u32,
    shortfalls: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    symbol_coding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    engine: Option<String>,
}

impl From<&TextRendition> for WireRendition {
    fn from(rendition: &TextRendition) -> Self {
        Self {
            object: (&rendition.object).into(),
            pages_declared: rendition.pages_declared,
            pages_read: rendition.pages_read,
            pages_recognised: rendition.pages_recognised,
            shortfalls: rendition.shortfalls.clone(),
            symbol_coding: rendition.symbol_coding.map(|coding| coding.to_string()),
            engine: rendition.engine.clone(),
        }
    }
}

impl WireRendition {
    pub(crate) fn into_rendition(self) -> Result<TextRendition, FormatError> {
        let coding = self.symbol_coding.map(|coding| coding.parse()).transpose();
        Ok(TextRendition {
            object: self.object.into_held()?,
            pages_declared: self.pages_declared,
            pages_read: self.pages_read,
            pages_recognised: self.pages_recognised,
            shortfalls: self.shortfalls,
            symbol_coding: coding.map_err(|_| FormatError::wrong("event", "symbol_coding"))?,
            engine: self.engine,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct WireSignature {
    by: Uuid,
    public: Bytes,
    signature: Bytes,
}

impl From<&Signature> for WireSignature {
    fn from(signature: &Signature) -> Self {
        Self {
            by: signature.by.0,
            public: Bytes(signature.public.to_vec()),
            signature: Bytes(signature.bytes.to_vec()),
        }
    }
}

impl WireSignature {
    pub(crate) fn into_signature(self) -> Result<Signature, FormatError> {
        Ok(Signature {
            by: PersonId(self.by),
            public: self.public.fixed("public")?,
            bytes: self.signature.fixed("signature")?,
        })
    }
}

pub(crate) fn media_code(media: MediaType) -> String {
    media.iana().to_owned()
}

pub(crate) fn format_from(media: &str, pronom: Option<&str>) -> Result<Format, FormatError> {
    let media = MediaType::of_iana(media).ok_or_else(|| FormatError::wrong("event", "media"))?;
    let pronom = pronom.map(str::parse).transpose();
    Ok(Format { media, pronom: pronom.map_err(|_| FormatError::wrong("event", "pronom"))? })
}

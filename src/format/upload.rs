//! What is known of an upload while it is on its way: the head that lies beside its sealed pieces, and the metadata a
//! tus client sends. A head is kept a day at the most and is no format anybody may rely on; one that cannot be read is
//! removed with what it belongs to.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::FormatError;
use super::wire::Bytes;
use crate::base::seal::SealKey;
use crate::domain::case_file::ReferenceNumber;
use crate::domain::ids::{DocumentId, PersonId};

const WHAT: &str = "upload";
const VERSION: u32 = 1;
/// Longest metadata that is read, in bytes.
pub const METADATA_BYTES_MAX: usize = 8 * 1024;

/// What is known of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadHead {
    /// Who began it. It is there for nobody else.
    pub person: PersonId,
    /// Name of the file.
    pub file_name: String,
    /// The file it belongs to; none for the in-tray.
    pub reference: Option<ReferenceNumber>,
    /// How long it will be; none as long as nobody has said.
    pub size_bytes: Option<u64>,
    /// When something of it came last.
    pub touched: Timestamp,
    /// The key of its pieces.
    pub key: SealKey,
    /// The document it is about to become, or has become.
    pub document: Option<DocumentId>,
    /// How it ended, if it has.
    pub end: Option<UploadEnd>,
}

/// How an upload ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadEnd {
    /// It is a document.
    Taken {
        /// A document with this content was there already, as this person may know.
        known: bool,
    },
    /// It was not taken in: what, why, and the way out, for users.
    Refused([String; 3]),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: u32,
    person: Uuid,
    file_name: String,
    reference: Option<String>,
    size_bytes: Option<u64>,
    touched: Timestamp,
    key: Bytes,
    document: Option<Uuid>,
    taken: Option<bool>,
    refused: Option<[String; 3]>,
}

impl UploadHead {
    /// As it is kept, before it is sealed.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let (taken, refused) = match &self.end {
            None => (None, None),
            Some(UploadEnd::Taken { known }) => (Some(*known), None),
            Some(UploadEnd::Refused(words)) => (None, Some(words.clone())),
        };
        let wire = Wire {
            format: VERSION,
            person: self.person.0,
            file_name: self.file_name.clone(),
            reference: self.reference.as_ref().map(ToString::to_string),
            size_bytes: self.size_bytes,
            touched: self.touched,
            key: Bytes(self.key.expose().to_vec()),
            document: self.document.map(|id| id.0),
            taken,
            refused,
        };
        serde_json::to_vec(&wire).expect("texts and numbers become JSON")
    }

    /// Reads it.
    ///
    /// # Errors
    /// If it is none of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let wire: Wire = serde_json::from_slice(bytes).map_err(|cause| FormatError::json(WHAT, cause))?;
        if wire.format != VERSION {
            return Err(FormatError::Newer { what: WHAT, version: wire.format });
        }
        let reference = wire.reference.map(|text| text.parse()).transpose();
        let end = match (wire.taken, wire.refused) {
            (Some(known), _) => Some(UploadEnd::Taken { known }),
            (None, Some(words)) => Some(UploadEnd::Refused(words)),
            (None, None) => None,
        };
        Ok(Self {
            person: PersonId(wire.person),
            file_name: wire.file_name,
            reference: reference.map_err(|_| FormatError::wrong(WHAT, "reference"))?,
            size_bytes: wire.size_bytes,
            touched: wire.touched,
            key: SealKey::from_bytes(wire.key.fixed("key")?),
            document: wire.document.map(DocumentId),
            end,
        })
    }
}

/// Reads `Upload-Metadata` (tus 1.0, *Creation*): keys with values in base64, between commas. None if it is none.
#[must_use]
pub fn read_metadata(text: &str) -> Option<BTreeMap<String, String>> {
    if text.len() > METADATA_BYTES_MAX {
        return None;
    }
    let pair = |part: &str| {
        let (key, value) = part.trim().split_once(' ').unwrap_or((part.trim(), ""));
        let value = String::from_utf8(BASE64.decode(value.trim().as_bytes()).ok()?).ok()?;
        (!key.is_empty()).then(|| (key.to_owned(), value))
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_was_written_and_one_that_is_cut_or_of_another_version_is_none() {
        let head = UploadHead {
            person: PersonId(Uuid::from_u128(7)),
            file_name: "Plan Süd.pdf".into(),
            reference: "63-1".parse().ok(),
            size_bytes: Some(12),
            touched: "2026-11-22T10:00:00Z".parse().unwrap(),
            key: SealKey::from_bytes([7; 32]),
            document: Some(DocumentId(Uuid::from_u128(9))),
            end: Some(UploadEnd::Refused(["a".into(), "b".into(), "c".into()])),
        };
        let whole = head.write();
        assert_eq!(UploadHead::read(&whole).unwrap(), head);
        let taken =
            UploadHead { end: Some(UploadEnd::Taken { known: true }), reference: None, ..head.clone() };
        assert_eq!(UploadHead::read(&taken.write()).unwrap(), taken);
        (0..whole.len()).for_each(|cut| assert!(UploadHead::read(&whole[..cut]).is_err(), "{cut}"));
        let newer = String::from_utf8(whole).unwrap().replace("\"format\":1", "\"format\":2");
        assert!(matches!(UploadHead::read(newer.as_bytes()), Err(FormatError::Newer { version: 2, .. })));
    }

    #[test]
    fn metadata_is_pairs_of_key_and_base64_and_nothing_else() {
        let read = |text| read_metadata(text).map(|pairs| pairs.into_iter().collect::<Vec<_>>());
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            read("filename UGxhbi5wZGY=,akte NjMtMQ==, leer"),
            Some(vec![pair("akte", "63-1"), pair("filename", "Plan.pdf"), pair("leer", "")])
        );
        assert_eq!(read(""), Some(Vec::new()));
        for wrong in ["filename !", "filename /w==", "filename UGxhbi5wZGY", "a b c"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read(&"a".repeat(METADATA_BYTES_MAX + 1)), None);
    }
}

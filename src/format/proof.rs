//! Proof files: entries of the ledger, why they are in it, and (for what holds no content) what they say.
//! A certificate of destruction is a proof file with a statement for people (`schema/formats/proof.md`,
//! `schema/formats/certificate.md`). Verified offline with the ledger's public key alone.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::FormatError;
use super::wire::Bytes;
use super::wording;
use crate::base::digest::Sha256;

/// The version that is written.
pub const PROOF_VERSION: u8 = 1;

/// Entries with their proofs under one checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// The signed checkpoint (C2SP note).
    pub checkpoint: String,
    /// The entries.
    pub entries: Vec<ProvenEntry>,
    /// What a certificate says to people; none for a plain proof.
    pub certificate: Option<Certificate>,
}

/// One entry of a proof file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenEntry {
    /// Its number.
    pub number: u64,
    /// Its canonical bytes.
    pub leaf: Vec<u8>,
    /// The audit path, deepest sibling first.
    pub path: Vec<Sha256>,
    /// The plain body (salt and JSON), where it may be disclosed; its SHA-256 is the commitment in the leaf.
    pub plain: Option<Vec<u8>>,
}

/// What a certificate of destruction (Vernichtungsprotokoll) says. Holds no content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The registry's name.
    pub registry: String,
    /// Made by a registry for showing: proves nothing in law.
    pub demo: bool,
    /// Id of the list.
    pub list: String,
    /// The day it was carried out.
    pub on: Date,
    /// Edition of the rules.
    pub edition: String,
    /// The files, one line each.
    pub lines: Vec<CertifiedLine>,
    /// Files of which the archive took over a part; their own copies are none of those that went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thinned: Vec<CertifiedThinning>,
    /// Who proposed.
    pub proposer: String,
    /// Who approved, with role.
    pub approvers: Vec<String>,
    /// Documents destroyed.
    pub documents: u64,
    /// Objects removed.
    pub objects: u64,
    /// Bytes of content in them.
    pub bytes: u64,
    /// Objects that live on because another record lawfully holds them.
    pub objects_held_elsewhere: u64,
    /// How it was done.
    pub method: String,
    /// The keyring's epochs before and after.
    pub epochs: [u64; 2],
    /// The places that were purged and looked at.
    pub places: Vec<String>,
    /// What remains, honestly.
    pub residual_risks: Vec<String>,
    /// The program.
    pub tool: String,
}

/// A line of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertifiedLine {
    /// Id of the file.
    pub file: String,
    /// The rule that made it due.
    pub rule: String,
    /// What the rule rests on.
    pub basis: String,
    /// Due since.
    pub since: Date,
    /// Documents in it.
    pub documents: u64,
}

/// A file of which the archive took over a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertifiedThinning {
    /// Id of the file.
    pub file: String,
    /// Documents that were not taken over.
    pub left_out: u64,
    /// Documents there were when the archive decided.
    pub of: u64,
}

impl CertifiedThinning {
    /// In words for users.
    #[must_use]
    pub fn words(&self) -> String {
        wording::thinned(self.left_out, self.of)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireProof {
    schriftgut_proof: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Certificate>,
    checkpoint: String,
    entries: Vec<WireEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireEntry {
    number: u64,
    leaf: Bytes,
    path: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plain: Option<Bytes>,
}

impl ProofFile {
    /// The JSON text.
    #[must_use]
    pub fn write(&self) -> String {
        let entries = self.entries.iter().map(|entry| WireEntry {
            number: entry.number,
            leaf: Bytes(entry.leaf.clone()),
            path: entry.path.iter().map(ToString::to_string).collect(),
            plain: entry.plain.clone().map(Bytes),
        });
        let wire = WireProof {
            schriftgut_proof: PROOF_VERSION,
            certificate: self.certificate.clone(),
            checkpoint: self.checkpoint.clone(),
            entries: entries.collect(),
        };
        serde_json::to_string_pretty(&wire).expect("a proof has only texts and whole numbers")
    }

    /// Reads a proof file. Reading proves nothing.
    ///
    /// # Errors
    /// [`FormatError`] if it is not one, or of a newer version.
    pub fn read(json: &str) -> Result<Self, FormatError> {
        let wire: WireProof =
            serde_json::from_str(json).map_err(|cause| FormatError::json("proof", cause))?;
        if wire.schriftgut_proof == 0 {
            return Err(FormatError::wrong("proof", "schriftgut_proof"));
        }
        if wire.schriftgut_proof > PROOF_VERSION {
            return Err(FormatError::Newer { what: "proof", version: u32::from(wire.schriftgut_proof) });
        }
        let entry = |entry: WireEntry| {
            let path = entry.path.iter().map(|hash| hash.parse()).collect::<Result<_, _>>();
            Ok(ProvenEntry {
                number: entry.number,
                leaf: entry.leaf.0,
                path: path.map_err(|_| FormatError::wrong("proof", "path"))?,
                plain: entry.plain.map(|plain| plain.0),
            })
        };
        Ok(Self {
            checkpoint: wire.checkpoint,
            entries: wire.entries.into_iter().map(entry).collect::<Result<_, FormatError>>()?,
            certificate: wire.certificate,
        })
    }
}

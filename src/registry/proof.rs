//! Proofs (Nachweise): show that entries are in the ledger, offline, to anyone who has its public key. What holds
//! no content is disclosed with its salt, so that the verifier can read it and check it against the commitment.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::civil::Date;
use uuid::Uuid;

use super::Registry;
use super::certificate::thinned_of;
use super::error::{Answer, Error, causes};
use super::seals::disclosed;
use crate::base::digest::Sha256;
use crate::catalog::Kind;
use crate::domain::actor::Auditor;
use crate::domain::disposal::{DisposalList, ListPolicy, Signature};
use crate::domain::event::{DestructionCounts, Event, FileEvent, OfficeEvent, PersonEvent};
use crate::domain::ids::{CaseFileId, DisposalListId, PersonId};
use crate::format::proof::{Certificate, CertifiedLine, ProofFile, ProvenEntry};
use crate::keyring::person_key;
use crate::ledger::{Checkpoint, Entry, EntryNo, EntryProof, VerifierKey, checkpoint};

/// What a proof is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// One entry.
    Entry(u64),
    /// Every entry about a list.
    List(DisposalListId),
    /// Every entry about a file (its id, since its number may be forgotten).
    File(CaseFileId),
}

/// A proof that holds.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The ledger it is in.
    pub origin: String,
    /// Entries the checkpoint covers.
    pub size: u64,
    /// The entries, with what they say where it is disclosed.
    pub entries: Vec<(Entry, Option<Event>)>,
    /// For a certificate: files whose destruction it proves.
    pub destroyed: Option<usize>,
}

impl Registry {
    /// The ledger's public key, as `proof verify` takes it.
    #[must_use]
    pub fn verifier_key(&self) -> String {
        verifier_key(&self.manifest.origin(), &self.manifest.ledger_key)
    }

    /// Proofs for everything about a subject.
    ///
    /// # Errors
    /// A mistake if there is no entry about it.
    pub fn prove(&self, _auditor: Auditor<'_>, subject: &Subject) -> Answer<ProofFile> {
        let numbers = match subject {
            Subject::Entry(number) if *number < self.ledger.head().size => vec![EntryNo(*number)],
            Subject::Entry(number) => return Err(Error::unknown("Eintrag", &number.to_string())),
            Subject::List(id) => self.chain_numbers(Kind::List, id.0)?,
            Subject::File(id) => self.chain_numbers(Kind::File, id.0)?,
        };
        if numbers.is_empty() {
            return Err(Error::unknown("Nachweis", "unter dieser Kennung"));
        }
        self.prove_entries(&numbers)
    }

    pub(super) fn prove_entries(&self, numbers: &[EntryNo]) -> Answer<ProofFile> {
        let note = self.ledger.checkpoint()?;
        let Checkpoint { head, .. } = checkpoint::claimed(&note).map_err(|cause| {
            Error::fault("Der Prüfpunkt ist nicht lesbar", "prüfen Sie mit `schriftgut verify`", cause)
        })?;
        let mut entries = Vec::with_capacity(numbers.len());
        for number in numbers {
            let entry = self.ledger.entry(*number)?;
            entries.push(ProvenEntry {
                number: number.0,
                leaf: entry.leaf(),
                path: self.ledger.inclusion(*number, head.size)?,
                plain: self.disclose(&entry)?,
            });
        }
        Ok(ProofFile { checkpoint: note, entries, certificate: None })
    }

    /// Numbers of the entries of a record, oldest first.
    pub(super) fn chain_numbers(&self, kind: Kind, id: Uuid) -> Answer<Vec<EntryNo>> {
        let mut numbers = Vec::new();
        let mut next = self.catalog()?.row(kind, id)?.map(|row| EntryNo(row.head));
        while let Some(number) = next {
            numbers.push(number);
            next = self.ledger.entry(number)?.header.previous;
        }
        numbers.reverse();
        Ok(numbers)
    }
}

/// A ledger's public key as text (C2SP signed note verifier key).
#[must_use]
pub fn verifier_key(origin: &str, public: &[u8; 32]) -> String {
    ed25519_dalek::VerifyingKey::from_bytes(public)
        .ok()
        .and_then(|key| VerifierKey::new(origin, key).ok())
        .map_or_else(String::new, |key| key.to_string())
}

/// Verifies a proof file against a ledger's public key, without any registry.
///
/// # Errors
/// A mistake that says what does not hold; then nothing is proven.
pub fn verify_proof(json: &str, key: &str) -> Answer<Verdict> {
    let refuse = |why: String| {
        Error::mistake(
            "Der Nachweis gilt nicht",
            why,
            "verlangen Sie den Nachweis neu und unterrichten Sie die Revision, wenn er wieder nicht gilt",
        )
    };
    let key: VerifierKey =
        key.trim().parse().map_err(|_| refuse("der öffentliche Schlüssel ist nicht lesbar".into()))?;
    let file = ProofFile::read(json)
        .map_err(|cause| refuse(format!("die Datei ist kein Nachweis: {}", causes::format(&cause))))?;
    let mut entries = Vec::with_capacity(file.entries.len());
    let (mut origin, mut size) = (String::new(), 0);
    for proven in &file.entries {
        let proof = EntryProof {
            leaf: proven.leaf.clone(),
            number: EntryNo(proven.number),
            path: proven.path.clone(),
            checkpoint: file.checkpoint.clone(),
        };
        let verified = proof
            .verify(&key)
            .map_err(|cause| refuse(format!("Eintrag {}: {}", proven.number, causes::proof(&cause))))?;
        let event = match &proven.plain {
            Some(plain) => Some(disclosed(&verified.entry, plain).map_err(|cause| {
                refuse(format!(
                    "Eintrag {}: der offengelegte Inhalt passt nicht zu ihm: {}",
                    proven.number,
                    causes::format(&cause)
                ))
            })?),
            None => None,
        };
        (origin, size) = (verified.origin, verified.head.size);
        entries.push((verified.entry, event));
    }
    if entries.is_empty() {
        return Err(refuse("er enthält keinen Eintrag".into()));
    }
    if !file.entries.is_sorted_by(|one, next| one.number < next.number) {
        return Err(refuse("die Einträge stehen nicht in ihrer Reihenfolge, jeder einmal".into()));
    }
    let destroyed = match &file.certificate {
        Some(certificate) => Some(check_certificate(certificate, &entries).map_err(refuse)?),
        None => None,
    };
    Ok(Verdict { origin, size, entries, destroyed })
}

/// Replays what a certificate rests on: the list, the keys, the signatures, begun and destroyed for each file.
fn check_certificate(certificate: &Certificate, entries: &[(Entry, Option<Event>)]) -> Result<usize, String> {
    let events: Vec<&Event> = entries.iter().filter_map(|(_, event)| event.as_ref()).collect();
    let list_id: DisposalListId = as_written(&certificate.list).ok_or("die Liste hat keine Kennung")?;
    let list = whole_list(list_id, entries)?;
    let founded = events.iter().find_map(|event| match event {
        Event::Office(OfficeEvent::Founded { name, grace_days, demo }) => Some((name, *grace_days, *demo)),
        _ => None,
    });
    let (name, grace_days, demo) = founded.ok_or("die Gründung der Registratur fehlt")?;
    if demo != certificate.demo {
        return Err("der Vorführvermerk stimmt nicht".to_owned());
    }
    if *name != certificate.registry || list.edition != certificate.edition {
        return Err("der Name der Registratur oder die Ausgabe der Regeln stimmt nicht".to_owned());
    }
    let owns = |person: PersonId, public: &[u8; 32]| {
        entries.iter().filter(|(entry, _)| entry.header.actor == person).any(|(_, event)| {
            matches!(event, Some(Event::Person(id, PersonEvent::SigningKeyPublished { public: own }))
                if *id == person && own == public)
        })
    };
    // Whether a third approval was asked for depends on the size of the registry then; offline, two are checked.
    let policy = ListPolicy { grace_days, lines_without_third: usize::MAX };
    let verifies = |signature: &Signature, text: &[u8]| {
        owns(signature.by, &signature.public) && person_key::verify(&signature.public, text, &signature.bytes)
    };
    let mut stated: BTreeSet<CaseFileId> = BTreeSet::new();
    let mut days: BTreeSet<Date> = BTreeSet::new();
    let mut total = [0_u64; 4];
    for line in &certificate.lines {
        let end = certified_end(line, &list, &events)?;
        if !stated.insert(end.file) {
            return Err(format!("Akte {} ist zweimal genannt", end.file));
        }
        // Grace and validity of the approvals count on the day of no return, however late it was completed.
        list.approved(policy, end.begun, &verifies).map_err(|refusal| refusal.why)?;
        days.insert(end.destroyed);
        let counts =
            [end.counts.documents, end.counts.objects, end.counts.bytes, end.counts.objects_held_elsewhere];
        total.iter_mut().zip(counts).for_each(|(sum, count)| *sum = sum.saturating_add(count));
    }
    if stated.is_empty() || !list.to_destroy().map(|line| line.file).eq(stated) {
        return Err("die genannten Akten sind nicht die freigegebenen".to_owned());
    }
    if certificate.thinned != thinned_of(&list) {
        return Err(
            "was nicht ins Archiv übernommen wurde, ist anders angegeben als auf der Liste".to_owned()
        );
    }
    if days.last() != Some(&certificate.on) {
        return Err("der Tag der Vernichtung stimmt nicht".to_owned());
    }
    let sums =
        [certificate.documents, certificate.objects, certificate.bytes, certificate.objects_held_elsewhere];
    if total != sums {
        return Err("die Summen stimmen nicht".to_owned());
    }
    Ok(certificate.lines.len())
}

/// An id in the one way it is written: what is stated can then be compared letter by letter.
fn as_written<Id: FromStr + ToString>(text: &str) -> Option<Id> {
    text.parse().ok().filter(|id: &Id| id.to_string() == text)
}

/// How one file of a certificate ended, as the ledger has it.
struct End {
    file: CaseFileId,
    begun: Date,
    destroyed: Date,
    counts: DestructionCounts,
}

/// Compares a line with the list, and finds beginning and end of the file's destruction.
fn certified_end(line: &CertifiedLine, list: &DisposalList, events: &[&Event]) -> Result<End, String> {
    let file: CaseFileId = as_written(&line.file).ok_or("eine Akte hat keine Kennung")?;
    let (on_list, _) = list.lines.get(&file).ok_or("eine Akte steht nicht auf der Liste")?;
    let documents = on_list.documents.len() as u64;
    if on_list.cause.to_string() != line.rule || on_list.since != line.since || documents != line.documents {
        return Err(format!("die Angaben zu Akte {file} weichen von der Liste ab"));
    }
    let of_file = events.iter().filter_map(|event| match event {
        Event::File(id, event) if *id == file => Some(event),
        _ => None,
    });
    let (mut begun, mut destroyed) = (None, None);
    for event in of_file {
        match event {
            FileEvent::Condemned { list: of, on, counts, .. } if *of == list.id => {
                begun = Some((*on, *counts))
            }
            FileEvent::Destroyed { list: of, on } if *of == list.id => destroyed = Some(*on),
            _ => {}
        }
    }
    let (begun, counts) = begun.ok_or(format!("der Beginn der Vernichtung von Akte {file} fehlt"))?;
    let destroyed = destroyed.ok_or(format!("der Abschluss der Vernichtung von Akte {file} fehlt"))?;
    Ok(End { file, begun, destroyed, counts })
}

/// The list out of its entries in their order, none left out: each names the one before it.
fn whole_list(id: DisposalListId, entries: &[(Entry, Option<Event>)]) -> Result<DisposalList, String> {
    let mut chain: Vec<_> = entries
        .iter()
        .filter_map(|(entry, event)| match event {
            Some(Event::List(of, event)) if *of == id => Some((entry, event)),
            _ => None,
        })
        .collect();
    chain.sort_by_key(|(entry, _)| entry.header.number.0);
    let mut before = None;
    for (entry, _) in &chain {
        if entry.header.previous != before {
            return Err("ein Eintrag zur Aussonderungsliste fehlt".to_owned());
        }
        before = Some(entry.header.number);
    }
    let list = DisposalList::replay(id, chain.into_iter().map(|(_, event)| event));
    list.ok_or("die Aussonderungsliste fehlt".to_owned())
}

/// SHA-256 of a certificate's JSON text, as the list's last entry names it.
pub(super) fn certificate_digest(json: &str) -> Sha256 {
    Sha256::of(&[json.as_bytes()])
}

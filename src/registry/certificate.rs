//! The certificate (Vernichtungsprotokoll): a statement for people, and the proofs it rests on. No content.

use std::path::PathBuf;

use jiff::civil::Date;

use super::Registry;
use super::entries::{CONDEMNED, DESTROYED};
use super::error::{Answer, Error};
use super::proof::certificate_digest;
use crate::base::digest::Sha256;
use crate::catalog::Kind;
use crate::domain::appraisal::thinning::Thinned;
use crate::domain::disposal::{Cause, Condemned, DisposalList, Signature, SignedAs, Stage};
use crate::domain::event::DestructionCounts;
use crate::domain::ids::{CaseFileId, DisposalListId, KeyId, PersonId};
use crate::format::certificate_page;
use crate::format::proof::{Certificate, CertifiedLine, CertifiedThinning};
use crate::keyring::Forgotten;
use crate::ledger::EntryNo;

const METHOD: &str = "kryptographisch vernichtet: Aktenschlüssel vergessen, Epochenschlüssel überschrieben und \
    gelöscht, gespeicherte Dateien entfernt, Suchindex zusammengeführt und bereinigt, Katalog neu aufgebaut";

const PLACES: [&str; 5] = [
    "Schlüsselbund: kein Schlüssel der Akten mehr vorhanden",
    "Datenspeicher: auf dem Datenträger gesucht, nichts übrig",
    "Suchindex: keine gelöschten Einträge mehr enthalten",
    "Katalog: in einem neuen Verzeichnis aufgebaut",
    "Nachweisbuch: Inhalte ohne Schlüssel nicht mehr lesbar",
];

const RISKS: [&str; 3] = [
    "Sicherungen des Schlüsselbunds, die vor diesem Tag gemacht wurden, enthalten die Schlüssel, bis sie ablaufen \
     (höchstens 30 Tage)",
    "auf Datenträgern, die nicht wirklich überschreiben (SSD), ist das Löschen der Schlüsseldatei nach bestem \
     Vermögen geschehen",
    "der Suchindex enthielt Wörter im Klartext; er gehört auf einen verschlüsselten Datenträger",
];

impl Registry {
    /// Writes the certificate of an executed list (JSON, and a page to read beside it).
    pub(super) fn certify(
        &self,
        list_id: DisposalListId,
        condemned: &[Condemned],
        counts: DestructionCounts,
        forgotten: Forgotten,
        on: Date,
    ) -> Answer<(PathBuf, Sha256)> {
        let list = self.list_named(list_id)?;
        let certificate = self.statement(&list, condemned, counts, forgotten, on)?;
        let page = certificate_page::render(&certificate, &self.verifier_key())?;
        let mut proof = self.prove_entries(&self.grounds(&list, condemned)?)?;
        proof.certificate = Some(certificate);
        let json = proof.write();
        let path = self.certificates_folder()?.join(format!("{list_id}.json"));
        self.disk.put_durably(&path, json.as_bytes())?;
        self.disk.put_durably(&path.with_extension("html"), page.as_bytes())?;
        Ok((path, certificate_digest(&json)))
    }

    /// The folder of certificates, made if it is not there. One that is may be of another process that could not sync
    /// its name: nothing is put in before that is durable.
    pub(super) fn certificates_folder(&self) -> Answer<PathBuf> {
        let folder = self.layout.certificates();
        self.disk.make_folder(&folder)?;
        self.disk.sync_folder(self.layout.root())?;
        Ok(folder)
    }

    /// A file of a list's certificate: `json`, the proof, or `html`, the page for people. None if it is not there.
    ///
    /// # Errors
    /// A fault if the disk does not say.
    pub fn certificate_file(&self, list: DisposalListId, kind: &str) -> Answer<Option<Vec<u8>>> {
        Ok(self.disk.read(&self.layout.certificates().join(format!("{list}.{kind}")))?)
    }

    fn statement(
        &self,
        list: &DisposalList,
        condemned: &[Condemned],
        counts: DestructionCounts,
        forgotten: Forgotten,
        on: Date,
    ) -> Answer<Certificate> {
        let Stage::Proposed { proposer, approvals, .. } = &list.stage else {
            return Err(Error::fault(
                "Das Protokoll kann nicht geschrieben werden",
                "starten Sie neu",
                "die Liste ist nicht zur Vernichtung vorgeschlagen",
            ));
        };
        let rules = self.rules()?;
        let basis = |cause: &Cause| match cause {
            Cause::Early(ground) => ground.label().to_owned(),
            Cause::Rule(rule) => {
                let found = rules.book.rules().iter().find(|known| known.id.as_str() == rule);
                found.map_or_else(String::new, |rule| rule.basis.text.clone())
            }
        };
        let lines = condemned.iter().filter_map(|c| list.lines.get(&c.file)).map(|(line, _)| CertifiedLine {
            file: line.file.to_string(),
            rule: line.cause.to_string(),
            basis: basis(&line.cause),
            since: line.since,
            documents: line.documents.len() as u64,
        });
        let approvers: Answer<Vec<_>> = approvals
            .iter()
            .map(|(role, approval)| Ok(format!("{} ({})", self.name_of(approval.by)?, role.label())))
            .collect();
        Ok(Certificate {
            registry: self.manifest.name.clone(),
            demo: self.manifest.demo,
            list: list.id.to_string(),
            on,
            edition: list.edition.clone(),
            lines: lines.collect(),
            thinned: thinned_of(list),
            proposer: self.name_of(proposer.by)?,
            approvers: approvers?,
            documents: counts.documents,
            objects: counts.objects,
            bytes: counts.bytes,
            objects_held_elsewhere: counts.objects_held_elsewhere,
            method: METHOD.to_owned(),
            epochs: [forgotten.epoch_before, forgotten.epoch_after],
            places: PLACES.map(str::to_owned).to_vec(),
            residual_risks: RISKS.map(str::to_owned).to_vec(),
            tool: concat!("schriftgut ", env!("CARGO_PKG_VERSION")).to_owned(),
        })
    }

    fn name_of(&self, person: PersonId) -> Answer<String> {
        Ok(self.person_by_id(person)?.name)
    }

    /// The entries a certificate rests on: founding, list, the signers' keys, begun and destroyed.
    fn grounds(&self, list: &DisposalList, condemned: &[Condemned]) -> Answer<Vec<EntryNo>> {
        let mut numbers = vec![EntryNo(0)];
        numbers.extend(self.office_entries_about(Kind::Office, KeyId::OFFICE.0, &[100])?);
        numbers.extend(self.chain_numbers(Kind::List, list.id.0)?);
        for (_, Signature { by, .. }) in list.signatures() as Vec<(SignedAs, &Signature)> {
            numbers.extend(self.office_entries_about(Kind::Person, by.0, &[203])?);
        }
        for c in condemned {
            numbers.extend(self.office_entries_about(Kind::File, c.file.0, &[CONDEMNED, DESTROYED])?);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// Entries of some kinds about a record.
    fn office_entries_about(&self, kind: Kind, id: uuid::Uuid, codes: &[u16]) -> Answer<Vec<EntryNo>> {
        let mut numbers = Vec::new();
        for number in self.chain_numbers(kind, id)? {
            if codes.contains(&self.ledger.entry(number)?.header.kind.0) {
                numbers.push(number);
            }
        }
        Ok(numbers)
    }
}

/// The files of a list of which the archive took over a part, as a certificate states them.
pub(super) fn thinned_of(list: &DisposalList) -> Vec<CertifiedThinning> {
    let stated = |(file, thinned): (&CaseFileId, &Thinned)| CertifiedThinning {
        file: file.to_string(),
        left_out: thinned.left_out(),
        of: thinned.of,
    };
    list.thinned.iter().map(stated).collect()
}

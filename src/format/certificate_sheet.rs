//! The certificate as a sheet to print and to keep for ever (PDF/A-3a), with the proof inside. It says what the JSON says
//! and nothing else; the JSON is what is verified.

use super::print::{Attachment, Block, Sheet, Table};
use super::proof::{Certificate, CertifiedLine};
use crate::domain::life_cycle::german;

/// The sheet of a certificate; `proof` is the file it is verified with, which goes into it.
pub fn sheet(certificate: &Certificate, proof: &str, verifier_key: &str) -> Sheet {
    let mut blocks = Vec::new();
    if certificate.demo {
        blocks.push(Block::Notice(
            "Vorführung: Diese Registratur ist ein Muster ohne Karenz. Das Protokoll beweist nichts im Rechtssinn."
                .to_owned(),
        ));
    }
    blocks.push(Block::Terms(terms(certificate)));
    blocks.push(Block::Heading("Akten".to_owned()));
    blocks.push(Block::Table(files(&certificate.lines)));
    if !certificate.thinned.is_empty() {
        blocks.push(Block::Heading("In Teilen ins Archiv übernommen".to_owned()));
        let said = certificate.thinned.iter().map(|file| format!("{}: {}", file.file, file.words()));
        blocks.push(Block::List(said.collect()));
    }
    blocks.push(Block::Heading("Nachgesehen".to_owned()));
    blocks.push(Block::List(certificate.places.clone()));
    blocks.push(Block::Heading("Was bleibt".to_owned()));
    blocks.push(Block::List(certificate.residual_risks.clone()));
    blocks.push(Block::Heading("Prüfen".to_owned()));
    let name = format!("{}.json", certificate.list);
    blocks.push(Block::Paragraph(format!(
        "In dieser PDF-Datei steckt der Nachweis {name}. Speichern Sie ihn und prüfen Sie ihn ohne Zugang zur \
         Registratur:\nschriftgut proof verify {name} --key '{verifier_key}'\nDiesen Prüfschlüssel sollten Sie auch auf \
         einem anderen Weg erhalten haben; einem Schlüssel, der nur hier steht, ist nicht zu trauen."
    )));
    Sheet {
        title: format!("Vernichtungsprotokoll {}", certificate.list),
        about: "Was vernichtet wurde, nach welcher Regel, und wer zugestimmt hat".to_owned(),
        on: certificate.on,
        producer: certificate.tool.clone(),
        blocks,
        attachments: vec![Attachment {
            name,
            media_type: "application/json".to_owned(),
            about: "Nachweis zum Prüfen".to_owned(),
            bytes: proof.as_bytes().to_vec(),
        }],
    }
}

fn terms(certificate: &Certificate) -> Vec<(String, String)> {
    let term = |word: &str, said: String| (word.to_owned(), said);
    let extent = format!(
        "{} Akten, {} Dokumente, {} gespeicherte Dateien ({} Bytes Inhalt). {} weitere Dateien bestehen fort, weil andere \
         Akten sie rechtmäßig halten.",
        certificate.lines.len(),
        certificate.documents,
        certificate.objects,
        certificate.bytes,
        certificate.objects_held_elsewhere
    );
    let [before, after] = certificate.epochs;
    vec![
        term("Registratur", certificate.registry.clone()),
        term("Aussonderungsliste", certificate.list.clone()),
        term("Vernichtet am", german(certificate.on)),
        term("Regelwerk", certificate.edition.clone()),
        term("Vorgeschlagen von", certificate.proposer.clone()),
        term("Freigegeben von", certificate.approvers.join(", ")),
        term("Umfang", extent),
        term("Verfahren", format!("{} (Schlüsselepoche {before} → {after})", certificate.method)),
        term("Geschrieben von", certificate.tool.clone()),
    ]
}

fn files(lines: &[CertifiedLine]) -> Table {
    let row = |line: &CertifiedLine| {
        vec![
            line.file.clone(),
            line.rule.clone(),
            line.basis.clone(),
            german(line.since),
            line.documents.to_string(),
        ]
    };
    let head =
        [("Kennung", 3.8), ("Regel", 1.2), ("Grundlage", 2.6), ("Fällig seit", 1.3), ("Dokumente", 1.3)];
    Table {
        head: head.map(|(name, share)| (name.to_owned(), share)).to_vec(),
        rows: lines.iter().map(row).collect(),
    }
}

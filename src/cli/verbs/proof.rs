//! `proof …`: proofs out of the ledger, and their verification with a public key alone.

use std::path::Path;

use crate::cli::args::ProofVerb;
use crate::cli::desk::{Desk, Voice};
use crate::cli::disk;
use crate::cli::json::fixity as json;
use crate::format::wording::count;
use crate::registry::{Answer, Error, Subject, Verdict, verify_proof};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &ProofVerb) -> Answer<u8> {
    let ProofVerb::Show { what, out } = verb else {
        return Err(Error::mistake(
            "Ein Nachweis wird ohne Registratur geprüft",
            "",
            "lassen Sie --registry weg",
        ));
    };
    let actor = desk.actor.clone();
    let subject = subject(desk, what)?;
    let proof = desk.registry.prove(actor.as_auditor()?, &subject)?;
    let (text, key) = (proof.write(), desk.registry.verifier_key());
    match out {
        Some(path) => {
            std::fs::write(path, text)?;
            desk.result(&json::proof_written(path, proof.entries.len(), &key), || {
                format!("Nachweis nach {} geschrieben", path.display())
            })?;
        }
        None => desk.result(&json::proof(&text)?, || text.as_str())?,
    }
    desk.remark(format!("Öffentlicher Schlüssel: {key}"))?;
    Ok(0)
}

fn subject(desk: &Desk<'_>, what: &str) -> Answer<Subject> {
    if let Ok(number) = what.parse() {
        return Ok(Subject::Entry(number));
    }
    if let Ok(list) = what.parse() {
        let known = desk.registry.show_list(desk.actor.as_auditor()?, list).is_ok();
        if known {
            return Ok(Subject::List(list));
        }
        return what.parse().map(Subject::File).map_err(|_| Error::unknown("Nachweis", what));
    }
    let view = desk.registry.show_file(desk.actor.as_reader()?, what, desk.today())?;
    Ok(Subject::File(view.file.id))
}

/// `proof verify`: needs no registry.
pub(in crate::cli) fn verify(file: &Path, key: &str, voice: &mut Voice<'_>) -> Answer<u8> {
    let unreadable = |path: &Path, cause: &std::io::Error| {
        Error::mistake(
            format!("{} ist nicht lesbar", path.display()),
            disk::in_german(cause),
            "prüfen Sie den Pfad",
        )
    };
    let proof = std::fs::read_to_string(file).map_err(|cause| unreadable(file, &cause))?;
    let path = Path::new(key);
    let key = if path.is_file() {
        std::fs::read_to_string(path).map_err(|cause| unreadable(path, &cause))?
    } else {
        key.to_owned()
    };
    let verdict = verify_proof(&proof, &key)?;
    voice.result(&json::proven(&verdict), || words(&verdict))?;
    Ok(0)
}

fn words(verdict: &Verdict) -> String {
    let mut words = format!(
        "Der Nachweis gilt: {} im Nachweisbuch {} (Stand {}).",
        count(verdict.entries.len(), "Eintrag steht", "Einträge stehen"),
        verdict.origin,
        count(verdict.size, "Eintrag", "Einträge")
    );
    if let Some(files) = verdict.destroyed {
        words.push_str(&format!(
            "\nDas Vernichtungsprotokoll gilt: {}, mit Vorschlag, Freigaben, Beginn und Abschluss.",
            count(files, "Akte", "Akten")
        ));
    }
    words
}

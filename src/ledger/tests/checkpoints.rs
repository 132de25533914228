//! Signed notes and checkpoints: the same bytes as everybody else's, and nothing but those.

use super::*;
use crate::ledger::note::{self, NoteError};

/// The example of the C2SP signed-note specification.
const KNOWN_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const KNOWN_NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo \
    Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn checkpoint() -> Checkpoint {
    let head = Head { size: 20, root: Sha256::of(&[b"root"]) };
    Checkpoint { origin: ORIGIN.into(), head, extensions: Vec::new() }
}

#[test]
fn the_example_of_the_specification_verifies() {
    let key: VerifierKey = KNOWN_KEY.parse().unwrap();
    assert_eq!(key.to_string(), KNOWN_KEY);
    assert_eq!(key.open(KNOWN_NOTE), Ok("This is an example message.\n"));
}

#[test]
fn a_checkpoint_is_read_back_and_its_key_has_one_text() {
    let extended = Checkpoint { extensions: vec!["vault 1f2e".into(), "x".into()], ..checkpoint() };
    for checkpoint in [checkpoint(), extended] {
        let note = checkpoint.sign(&signing_key()).unwrap();
        assert_eq!(checkpoint::verify(&note, &verifier_key()), Ok(checkpoint.clone()));
        assert_eq!(checkpoint::claimed(&note), Ok(checkpoint));
    }
    let text = verifier_key().to_string();
    assert!(text.starts_with(&format!("{ORIGIN}+")));
    assert_eq!(text.parse(), Ok(verifier_key()));
}

#[test]
fn every_flipped_bit_of_a_checkpoint_is_refused() {
    let note = checkpoint().sign(&signing_key()).unwrap().into_bytes();
    for bit in 0..note.len() * 8 {
        let mut changed = note.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(changed) = String::from_utf8(changed) {
            assert!(checkpoint::verify(&changed, &verifier_key()).is_err(), "bit {bit}");
        }
    }
    for len in 0..note.len() {
        if let Ok(short) = std::str::from_utf8(&note[..len]) {
            assert!(checkpoint::verify(short, &verifier_key()).is_err(), "{len} bytes");
        }
    }
}

#[test]
fn witnesses_may_sign_too_but_never_instead_and_a_false_signature_of_ours_spoils_the_note() {
    let note = checkpoint().sign(&signing_key()).unwrap();
    let (text, ours) = note::split(&note).unwrap();
    let witness_key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let witnessed = note::sign(text, "archiv.example/witness", &witness_key).unwrap();
    let (_, witness) = note::split(&witnessed).unwrap();
    for both in [format!("{text}\n{ours}{witness}"), format!("{text}\n{witness}{ours}")] {
        assert_eq!(checkpoint::verify(&both, &verifier_key()), Ok(checkpoint()));
    }
    let unsigned = checkpoint::verify(&format!("{text}\n{witness}"), &verifier_key());
    assert_eq!(unsigned, Err(NoteError::Unsigned.into()));
    let other = Checkpoint { head: Head::empty(), ..checkpoint() }.sign(&signing_key()).unwrap();
    let (_, of_another) = note::split(&other).unwrap();
    let spoiled = checkpoint::verify(&format!("{text}\n{ours}{of_another}"), &verifier_key());
    assert_eq!(spoiled, Err(NoteError::Forged.into()));
}

#[test]
fn a_checkpoint_of_another_origin_is_refused_even_if_signed() {
    let note = note::sign(&checkpoint().body().unwrap().replace(ORIGIN, "other"), ORIGIN, &signing_key());
    let refused = checkpoint::verify(&note.unwrap(), &verifier_key());
    assert_eq!(refused, Err(checkpoint::CheckpointError::Origin));
}

#[test]
fn only_one_spelling_of_a_checkpoint_is_read() {
    let root = data_encoding::BASE64.encode(Sha256::of(&[b"root"]).as_bytes());
    let good = format!("o\n5\n{root}\n");
    assert!(Checkpoint::parse(&good).is_ok());
    for size in ["", "05", "00", "+5", "-5", "5 ", " 5", "5.0", "0x5", "18446744073709551616", "0"] {
        let bad = good.replace("\n5\n", &format!("\n{size}\n"));
        assert!(Checkpoint::parse(&bad).is_err(), "size `{size}`");
    }
    for bad in [
        "",
        "\n",
        "o\n5\n",
        &good[..good.len() - 1],
        &good[1..],
        &format!("{good}\n"),
        &good.replace('=', ""),
        &format!("o\n5\n{root}A\n"),
        &format!("o\n5\n{}\n", &root[..40]),
        &format!("o\n5\n{root}\n\nx\n"),
        &format!("\n5\n{root}\n"),
        &good.replace('\n', "\r\n"),
    ] {
        assert!(Checkpoint::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn names_and_texts_that_could_not_be_read_again_are_not_signed() {
    let key = signing_key();
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b", "a\tb"] {
        let origin = name.to_owned();
        assert!(Checkpoint { origin, ..checkpoint() }.sign(&key).is_err(), "{name:?}");
        assert!(MemoryLedger::new(signing_key(), name).is_err(), "{name:?}");
    }
    for extension in ["", "a\nb", "a\u{7}b"] {
        let extensions = vec![extension.to_owned()];
        assert!(Checkpoint { extensions, ..checkpoint() }.sign(&key).is_err(), "{extension:?}");
    }
    for text in ["", "\n", "no end", "a\n\nb\n"] {
        assert!(note::sign(text, "name", &key).is_err(), "{text:?}");
    }
}

#[test]
fn keys_that_are_mistyped_or_weak_are_refused() {
    let text = verifier_key().to_string();
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(changed.parse::<VerifierKey>().is_err(), "{changed}");
    }
    let identity = ed25519_dalek::VerifyingKey::from_bytes(&{
        let mut point = [0; 32];
        point[0] = 1;
        point
    });
    assert_eq!(VerifierKey::new("name", identity.unwrap()), Err(NoteError::Key));
}

#[test]
fn notes_with_too_many_signatures_are_refused() {
    let note = checkpoint().sign(&signing_key()).unwrap();
    let (text, ours) = note::split(&note).unwrap();
    let many = format!("{text}\n{}", ours.repeat(note::SIGNATURES_MAX + 1));
    assert_eq!(note::split(&many), Err(NoteError::TooLarge));
    let long = "x\n".repeat(note::NOTE_BYTES_MAX);
    assert_eq!(note::split(&long), Err(NoteError::TooLarge));
}

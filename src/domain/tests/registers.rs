//! Registers: documents in the order of the paper file.

use super::{document, object};
use crate::domain::document::Document;
use crate::domain::record_type::{LABEL_CHARS_MAX, Register};
use crate::domain::register::{NotARegister, RegisterNumber, by_register};

fn register(number: &str, title: &str) -> Register {
    Register { number: number.to_owned(), title: title.to_owned() }
}

#[test]
fn every_document_stands_in_exactly_one_group_in_the_order_of_the_type() {
    let documents: Vec<_> = [Some("3"), None, Some("1"), Some("9"), Some("3"), Some("7")]
        .into_iter()
        .zip(1..)
        .map(|(number, id)| Document {
            register: number.map(|number| number.parse().unwrap()),
            ..document(id, object(1))
        })
        .collect();
    let registers = [register("3", "Pläne"), register("2", "Leer"), register("1", "Antrag")];
    let groups = by_register(&documents, &registers);
    let told: Vec<_> =
        groups.iter().map(|group| (group.number, group.title, group.documents.len())).collect();
    assert_eq!(
        told,
        [
            (Some("3"), Some("Pläne"), 2),
            (Some("1"), Some("Antrag"), 1),
            (Some("7"), None, 1),
            (Some("9"), None, 1),
            (None, None, 1)
        ]
    );
    assert_eq!(by_register(&documents, &[]).last().map(|group| group.number), Some(None));
    assert_eq!(by_register([], &registers), []);
}

#[test]
fn a_register_has_a_short_visible_number() {
    let read = |text: &str| text.parse::<RegisterNumber>().map(|number| number.to_string());
    assert_eq!(read(" 10a "), Ok("10a".to_owned()));
    for wrong in ["", "  ", "a\u{7}b", &"x".repeat(LABEL_CHARS_MAX + 1)] {
        assert_eq!(read(wrong), Err(NotARegister), "{wrong:?}");
    }
}

//! What a file, its numbers and its documents say of themselves.

use jiff::civil::date;

use super::{DAY, document, file, object, text_layer};
use crate::domain::case_file::{
    ClassNumber, Fact, FactKind, NotAClass, NotAName, NotAReference, Phase, REFERENCE_CHARS_MAX,
    ReferenceNumber,
};
use crate::domain::document::{Document, EarlierVersion, TextRendition, TextState};
use crate::domain::query::{HitKind, PhaseName};
use crate::domain::record_type::{RecordTypeId, TypeEdition};
use crate::domain::text::{Format, MediaType, PageText, Reading, Shortfall, TextSource};

#[test]
fn a_reference_number_is_what_people_can_read_aloud_and_no_longer_than_a_line() {
    let longest = "Ö".repeat(REFERENCE_CHARS_MAX);
    assert_eq!(longest.parse::<ReferenceNumber>().unwrap().as_str(), longest);
    assert_eq!(format!("{longest}9").parse::<ReferenceNumber>(), Err(NotAReference));
    for text in ["", " ", "63\u{7}10", "63\n10"] {
        assert_eq!(text.parse::<ReferenceNumber>(), Err(NotAReference), "{text:?}");
    }
    assert_eq!(" 63/10 ".parse::<ReferenceNumber>().unwrap().as_str(), "63/10");
}

#[test]
fn a_class_number_is_groups_of_digits_parted_by_full_stops() {
    let longest = "1234.1234.1234.1234.1234.1234.1234.12345";
    assert_eq!(longest.len(), 40);
    for number in ["1", "0063", "63.10.01", "1234.1234.1234.1234.1234.1234.1234.1234"] {
        assert_eq!(
            number.parse::<ClassNumber>().map(|class| class.as_str().to_owned()),
            Ok(number.to_owned())
        );
    }
    let too_long = format!("{}.1", "1234.1234.1234.1234.1234.1234.1234.123");
    assert_eq!(too_long.len(), 40);
    assert!(too_long.parse::<ClassNumber>().is_ok());
    for number in ["", ".", "63.", ".63", "63..1", "63.a", "63 10", "12345", longest, &format!("{too_long}2")]
    {
        assert_eq!(number.parse::<ClassNumber>(), Err(NotAClass), "{number:?}");
    }
}

#[test]
fn the_name_of_a_fact_is_lower_case_begins_with_a_letter_and_has_an_end() {
    let longest = "a".repeat(60);
    for name in ["closed", "a", "built_2", longest.as_str()] {
        assert!(name.parse::<FactKind>().is_ok() && name.parse::<RecordTypeId>().is_ok(), "{name}");
    }
    for name in ["", "Closed", "2nd", "_a", "a-b", "a b", "ä", &"a".repeat(61)] {
        assert_eq!(name.parse::<FactKind>(), Err(NotAName), "{name:?}");
        assert_eq!(name.parse::<RecordTypeId>(), Err(NotAName), "{name:?}");
    }
}

#[test]
fn what_is_said_of_a_file_can_be_asked_and_what_was_not_said_is_empty() {
    let mut file = file();
    assert_eq!((file.address(), file.field("street"), file.type_id()), (String::new(), "", None));
    file.fields.insert("street".to_owned(), "Ring".to_owned());
    assert_eq!((file.address().as_str(), file.field("street")), ("Ring", "Ring"));
    file.fields.insert("house_number".to_owned(), "5".to_owned());
    assert_eq!(file.address(), "Ring 5");
    file.record_type =
        Some(TypeEdition { id: "bauakte".parse().unwrap(), edition: "2026-1".parse().unwrap() });
    assert_eq!(file.type_id().map(RecordTypeId::as_str), Some("bauakte"));
    let said = file.description();
    assert_eq!((said.title, said.class, said.fields), (file.title, file.class, file.fields));
}

#[test]
fn the_time_of_a_file_runs_from_its_opening_to_its_closing_or_is_the_year_of_closing_alone() {
    let mut file = file();
    file.opened = date(2009, 6, 1);
    assert_eq!(file.years(), 2009..=2009);
    for (closed, years) in [
        (date(2013, 1, 1), 2009..=2013),
        (date(2009, 6, 1), 2009..=2009),
        (date(2009, 5, 31), 2009..=2009),
        (date(1958, 3, 1), 1958..=1958),
    ] {
        file.phase = Phase::Closed { on: closed };
        assert_eq!(file.years(), years, "closed on {closed}");
    }
    file.phase = Phase::Transferred { on: DAY };
    assert_eq!(file.years(), 2009..=2009);
}

#[test]
fn of_several_days_of_one_fact_the_latest_counts_in_whatever_order_they_became_known() {
    let mut file = file();
    let fact = |kind: &str, year| Fact {
        kind: kind.parse().unwrap(),
        on: date(year, 1, 1),
        source: "Anzeige".to_owned(),
    };
    file.facts = vec![
        fact("demolished", 2011),
        fact("demolished", 2014),
        fact("demolished", 2012),
        fact("sold", 2020),
    ];
    assert_eq!(file.fact("demolished").map(|fact| fact.on.year()), Some(2014));
    assert_eq!(file.fact("burnt"), None);
}

#[test]
fn a_document_holds_every_object_of_every_version_and_finds_the_original_of_each() {
    let mut newest = document(1, object(1));
    assert_eq!(newest.version(), 1);
    newest.text = TextState::Read(text_layer(object(2)));
    let earlier = |original, text| EarlierVersion {
        file_name: "entwurf.pdf".to_owned(),
        received: DAY,
        original: object(original),
        format: Format::of(MediaType::Pdf),
        text,
        earlier_texts: Vec::new(),
    };
    newest.earlier = vec![
        earlier(3, TextState::Read(text_layer(object(4)))),
        earlier(5, TextState::GivenUp { reason: "Kennwort".to_owned() }),
    ];
    let mut held: Vec<_> = newest.objects().map(|object| object.size_bytes).collect();
    held.sort_unstable();
    assert_eq!(held, [1, 2, 3, 4, 5]);
    assert_eq!(newest.version(), 3);
    let of = |version| newest.original_of(version).map(|object| object.size_bytes);
    assert_eq!([0, 1, 2, 3, 4].map(of), [None, Some(3), Some(5), Some(1), None]);
    assert_eq!(newest.earlier[1].text.object(), None);
}

#[test]
fn a_text_is_complete_only_if_every_declared_page_was_read_and_nothing_fell_short() {
    let short = |shortfalls: &[&str]| shortfalls.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let rendition = |declared, read, shortfalls: &[&str]| TextRendition {
        pages_declared: declared,
        pages_read: read,
        shortfalls: short(shortfalls),
        symbol_coding: None,
        ..text_layer(object(1))
    };
    assert!(rendition(Some(3), 3, &[]).is_complete());
    assert!(rendition(None, 3, &[]).is_complete());
    assert!(!rendition(Some(3), 2, &[]).is_complete());
    assert!(!rendition(Some(3), 3, &["Seite 2 ist beschädigt"]).is_complete());
    let told = rendition(Some(15), 14, &["14 von 15 Seiten gelesen", "Seite 9 ist beschädigt"]);
    let besides: Vec<_> = told.shortfalls_besides_the_count().collect();
    assert_eq!(besides, ["Seite 9 ist beschädigt"], "the count is said once, by who shows it");
}

#[test]
fn reading_is_complete_only_if_as_many_pages_came_as_the_document_declares() {
    let page = |number| PageText {
        number,
        text: String::new(),
        words: Vec::new(),
        source: TextSource::Empty,
        confidence: None,
    };
    let reading = |declared, pages: u32, shortfalls| Reading {
        contains_files: false,
        format: Format::of(MediaType::Pdf),
        pages_declared: declared,
        pages: (1..=pages).map(page).collect(),
        looks: Vec::new(),
        shortfalls,
        symbol_coding: None,
        engine: None,
    };
    assert!(reading(Some(2), 2, Vec::new()).is_complete());
    assert!(!reading(Some(2), 1, Vec::new()).is_complete());
    assert!(!reading(None, 2, Vec::new()).is_complete(), "nobody knows how many there are");
    let damaged = Shortfall { page: Some(2), reason: "Seite ist beschädigt".to_owned() };
    assert!(!reading(Some(2), 2, vec![damaged]).is_complete());
}

#[test]
fn a_match_is_called_what_it_looks_like_and_a_file_on_its_way_out_has_no_phase_to_look_for() {
    let of =
        |media, text| HitKind::of(&Document { format: Format::of(media), text, ..document(1, object(1)) });
    let recognised =
        |pages_recognised| TextState::Read(TextRendition { pages_recognised, ..text_layer(object(2)) });
    assert_eq!(of(MediaType::Pdf, recognised(0)), HitKind::Pdf);
    assert_eq!(of(MediaType::Pdf, recognised(1)), HitKind::Scan, "one page of it was a picture");
    assert_eq!(of(MediaType::Pdf, TextState::Unread), HitKind::Pdf);
    assert_eq!(of(MediaType::Tiff, TextState::Unread), HitKind::Scan);
    for media in [MediaType::Jpeg, MediaType::Png, MediaType::Gif, MediaType::Heic] {
        assert_eq!(of(media, recognised(1)), HitKind::Picture);
    }
    for media in [MediaType::PlainText, MediaType::Html, MediaType::Xml] {
        assert_eq!(of(media, recognised(0)), HitKind::PlainText);
    }
    for media in [MediaType::Docx, MediaType::Xls, MediaType::Odp, MediaType::Rtf, MediaType::Csv] {
        assert_eq!(of(media, recognised(0)), HitKind::Office);
    }
    for media in [MediaType::Mail, MediaType::OutlookMail, MediaType::Mbox] {
        assert_eq!(of(media, recognised(0)), HitKind::Mail);
    }
    assert_eq!(of(MediaType::Zip, recognised(0)), HitKind::Other);
    assert_eq!(of(MediaType::Unknown, TextState::Unread), HitKind::Other);
    let on = DAY;
    let phases = [Phase::Open, Phase::Closed { on }, Phase::Transferred { on }, Phase::Condemned { on }];
    let [open, closed, transferred] = PhaseName::ALL.map(Some);
    assert_eq!(phases.each_ref().map(PhaseName::of), [open, closed, transferred, None]);
    assert_eq!(PhaseName::of(&Phase::Destroyed { on }), None);
}

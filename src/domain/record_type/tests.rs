//! A type and several of them are checked whole, and values are kept in one form.

use std::collections::BTreeMap;

use super::*;

fn field(name: &str, kind: FieldKind) -> Field {
    Field {
        name: name.parse().unwrap(),
        label: format!("Feld {name}"),
        help: String::new(),
        is_personal: kind == FieldKind::Person,
        kind,
        is_required: false,
        is_facet: false,
        xdomea: None,
    }
}

fn record_type(id: &str, classes: &[&str], fields: Vec<Field>) -> RecordType {
    RecordType {
        id: id.parse().unwrap(),
        edition: "1".parse().unwrap(),
        label: format!("Art {id}"),
        help: String::new(),
        classes: classes.iter().map(|class| class.parse().unwrap()).collect(),
        is_default: id == "allgemein",
        is_closed: false,
        fields,
        registers: Vec::new(),
    }
}

fn types(all: &[RecordType]) -> RecordTypes {
    RecordTypes::default().with(all.to_vec()).unwrap()
}

#[test]
fn a_value_is_kept_in_one_form_and_what_does_not_fit_is_refused() {
    let options = || FieldKind::Choice(vec!["Neubau".into(), "Abbruch".into()]);
    for (kind, fits) in [
        (FieldKind::Text, vec![("Ring 5", "Ring 5")]),
        (FieldKind::LongText, vec![("eins\r\nzwei", "eins\nzwei")]),
        (FieldKind::Number, vec![("12", "12"), ("-3,25", "-3,25")]),
        (FieldKind::Date, vec![("2014-03-12", "2014-03-12"), ("1.3.2014", "2014-03-01")]),
        (FieldKind::Year, vec![("1480", "1480")]),
        (
            FieldKind::Money,
            vec![
                ("1.234,50 €", "1234,50"),
                ("1234,5", ""),
                ("12 EUR", "12,00"),
                ("-7,05", "-7,05"),
                ("1234567", "1234567,00"),
            ],
        ),
        (FieldKind::YesNo, vec![("Ja", "ja"), ("nein", "nein")]),
        (options(), vec![("abbruch", "Abbruch")]),
        (FieldKind::Person, vec![("Müller, Hans", "Müller, Hans")]),
        (FieldKind::Address, vec![("Ring 5, 59368 Werne", "Ring 5, 59368 Werne")]),
        (FieldKind::Parcel, vec![("Flur 4, 118/2", "Flur 4, 118/2")]),
        (FieldKind::Reference, vec![("63.10.01-7", "63.10.01-7")]),
    ] {
        for (typed, kept) in fits {
            let expected = (!kept.is_empty()).then(|| kept.to_owned());
            assert_eq!(kind.read(typed), expected, "{kind:?}: {typed}");
            if let Some(kept) = kind.read(typed) {
                assert_eq!(kind.read(&kept), Some(kept.clone()), "{kind:?}: {kept} is read as it is kept");
            }
        }
    }
    for (kind, unfit) in [
        (FieldKind::Text, vec!["a\nb", &"x".repeat(TEXT_CHARS_MAX + 1)]),
        (FieldKind::LongText, vec!["a\u{0}b", &"x".repeat(LONG_TEXT_CHARS_MAX + 1)]),
        (FieldKind::Number, vec!["1.200", "zwölf", "1,", ",5", "--1", "1234567890123456"]),
        (FieldKind::Date, vec!["2014-02-30", "31.2.2014", "1.3.14", "gestern", "+02014-03-12"]),
        (FieldKind::Year, vec!["58", "0999", "+195", "um 1900"]),
        (FieldKind::Money, vec!["1.23,00", "12.3456,00", "viel", "€", ",50", "1..000"]),
        (FieldKind::YesNo, vec!["j", "vielleicht"]),
        (options(), vec!["Umbau"]),
        (FieldKind::Person, vec!["4711", "-"]),
        (FieldKind::Address, vec!["12"]),
        (FieldKind::Parcel, vec!["Flur"]),
        (FieldKind::Reference, vec![&"9".repeat(81)]),
    ] {
        for typed in unfit {
            assert_eq!(kind.read(typed), None, "{kind:?}: {typed}");
        }
    }
}

#[test]
fn every_kind_has_a_code_and_is_found_by_it() {
    for code in FieldKind::CODES {
        assert_eq!(FieldKind::of(code, Vec::new()).unwrap().code(), code);
    }
    for element in XdomeaElement::ALL {
        assert_eq!(XdomeaElement::of(element.path()), Some(element));
    }
}

#[test]
fn what_is_said_of_a_file_is_read_as_a_whole_with_every_flaw() {
    let required = Field { is_required: true, ..field("street", FieldKind::Text) };
    let of_files = record_type("bauakte", &[], vec![required.clone(), field("built_year", FieldKind::Year)]);
    let said = |pairs: &[(&str, &str)]| {
        let said = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        of_files.read(&said.collect::<BTreeMap<_, _>>())
    };
    let kept = said(&[("street", " Ring "), ("built_year", "")]).unwrap();
    assert_eq!(kept, BTreeMap::from([("street".to_owned(), "Ring".to_owned())]));
    let flaws = said(&[("street", "  "), ("built_year", "58"), ("farbe", "rot")]).unwrap_err();
    let year = of_files.field("built_year").unwrap().clone();
    assert_eq!(
        flaws,
        [
            ValueFlaw::Unfit { field: year, value: "58".into() },
            ValueFlaw::Unknown { name: "farbe".into() },
            ValueFlaw::Missing { field: required },
        ]
    );
}

#[test]
fn fields_are_read_in_the_order_of_the_type_and_unknown_ones_come_last() {
    let of_files =
        record_type("bauakte", &[], vec![field("z", FieldKind::Text), field("b", FieldKind::Text)]);
    let fields = [("a", "1"), ("b", "2"), ("z", "3")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    assert_eq!(of_files.labelled(&fields), [("Feld z", "3"), ("Feld b", "2"), ("a", "1")]);
}

#[test]
fn a_type_with_flaws_is_told_every_one() {
    let choice = |options: &[&str]| FieldKind::Choice(options.iter().map(|o| (*o).to_owned()).collect());
    let fields = vec![
        Field { is_personal: false, ..field("owner", FieldKind::Person) },
        field("owner", FieldKind::Text),
        Field { label: "feld OWNER".into(), ..field("other", FieldKind::Text) },
        field("empty", choice(&[])),
        field("twice", choice(&["a", "A", " b"])),
        Field { is_facet: true, ..field("who", FieldKind::Person) },
        Field { is_facet: true, ..field("paid", FieldKind::Money) },
        Field { is_required: true, ..field("must", FieldKind::Text) },
        Field { xdomea: Some(XdomeaElement::Kontakt), ..field("day", FieldKind::Date) },
        Field { xdomea: Some(XdomeaElement::Bemerkung), ..field("one", FieldKind::Text) },
        Field { xdomea: Some(XdomeaElement::Bemerkung), ..field("two", FieldKind::Text) },
    ];
    let register = |number: &str| Register { number: number.into(), title: "Anträge".into() };
    let flawed = RecordType {
        label: " ".into(),
        is_default: true,
        is_closed: true,
        registers: vec![register("10"), register("10"), register("")],
        ..record_type("bauakte", &["63.10", "63.10"], fields)
    };
    let of = |name: &str, flaw| TypeFlaw::Field(name.parse().unwrap(), flaw);
    assert_eq!(
        flawed.flaws(),
        [
            TypeFlaw::Label,
            TypeFlaw::ClosedDefault,
            TypeFlaw::ClassTwice("63.10".parse().unwrap()),
            of("owner", FieldFlaw::NotPersonal),
            of("owner", FieldFlaw::NameTwice),
            of("other", FieldFlaw::LabelTwice("feld OWNER".into())),
            of("empty", FieldFlaw::NoOptions),
            of("twice", FieldFlaw::OptionTwice("A".into())),
            of("twice", FieldFlaw::Option(" b".into())),
            of("who", FieldFlaw::PersonalFacet),
            of("paid", FieldFlaw::NoFacet),
            of("must", FieldFlaw::RequiredStays),
            of("day", FieldFlaw::Xdomea(XdomeaElement::Kontakt)),
            of("two", FieldFlaw::XdomeaTwice(XdomeaElement::Bemerkung)),
            TypeFlaw::RegisterTwice("10".into()),
            TypeFlaw::Register(String::new()),
        ]
    );
}

#[test]
fn types_that_do_not_fit_each_other_do_not_come_into_force() {
    let id = |id: &str| id.parse::<RecordTypeId>().unwrap();
    let general = record_type("allgemein", &[], Vec::new());
    let with = |all: Vec<RecordType>| RecordTypes::default().with(all);
    let one = record_type("bauakte", &["63.10"], Vec::new());
    assert_eq!(with(vec![one.clone()]), Err(vec![TypesFlaw::NoDefault]));
    let label = RecordType { label: "ART Bauakte".into(), ..record_type("hausakte", &[], Vec::new()) };
    let taken = record_type("hausakte", &["63.10"], Vec::new());
    let default = RecordType { is_default: true, ..one.clone() };
    assert_eq!(
        with(vec![general.clone(), one.clone(), label]),
        Err(vec![TypesFlaw::LabelTwice("ART Bauakte".into())])
    );
    let class = "63.10".parse().unwrap();
    assert_eq!(
        with(vec![general.clone(), one.clone(), taken]),
        Err(vec![TypesFlaw::ClassTaken { class, types: [id("bauakte"), id("hausakte")] }])
    );
    assert_eq!(
        with(vec![general.clone(), default]),
        Err(vec![TypesFlaw::TwoDefaults([id("allgemein"), id("bauakte")])])
    );
    assert_eq!(with(vec![general, one.clone(), one]), Err(vec![TypesFlaw::Twice(id("bauakte"))]));
}

#[test]
fn an_edition_that_was_in_force_is_never_changed_and_never_forgotten() {
    let first = record_type("bauakte", &[], vec![field("street", FieldKind::Text)]);
    let in_force = types(&[record_type("allgemein", &[], Vec::new()), first.clone()]);
    let changed = RecordType { help: "anders".into(), ..first.clone() };
    assert_eq!(
        in_force.with(vec![changed.clone()]),
        Err(vec![TypesFlaw::EditionKnown(first.named_edition())])
    );
    let second = RecordType { edition: "2".parse().unwrap(), label: "Bauakte neu".into(), ..changed };
    let later = in_force.with(vec![second.clone()]).unwrap();
    assert_eq!(later.named("bauakte"), Some(&second));
    assert_eq!(later.edition(&first.named_edition()), Some(&first));
    assert_eq!(later.label("bauakte"), Some("Bauakte neu"));
    assert_eq!(later.with(vec![first.clone()]).unwrap().named("bauakte"), Some(&first), "back again");
}

#[test]
fn a_file_is_of_the_type_its_class_or_the_nearest_above_names() {
    let closed = RecordType { is_closed: true, ..record_type("alt", &["65"], Vec::new()) };
    let all = types(&[
        record_type("allgemein", &[], Vec::new()),
        record_type("bauakte", &["63"], Vec::new()),
        record_type("denkmal", &["63.60"], Vec::new()),
        closed,
    ]);
    let of = |class: &str| all.of_class(&class.parse().unwrap()).unwrap().id.to_string();
    assert_eq!(of("63.10.01"), "bauakte");
    assert_eq!(of("63.60.01"), "denkmal");
    assert_eq!(of("65.10.01"), "allgemein", "a closed type takes no new files");
    assert_eq!(of("10"), "allgemein");
    assert_eq!(RecordTypes::default().of_class(&"63".parse().unwrap()), None);
    assert_eq!(all.named("ART DENKMAL").unwrap().id.as_str(), "denkmal");
    assert!("ohne".parse::<RecordTypeId>().is_err(), "what files without a type are looked for by");
}

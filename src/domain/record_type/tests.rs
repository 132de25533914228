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

#[test]
fn a_value_may_be_as_long_as_its_kind_takes_and_no_longer() {
    let fits = |kind: FieldKind, text: String| kind.read(&text).is_some();
    for (most, one, kind) in [
        (TEXT_CHARS_MAX, "ä", FieldKind::Text),
        (LONG_TEXT_CHARS_MAX, "ä", FieldKind::LongText),
        (TEXT_CHARS_MAX, "ä", FieldKind::Person),
        (TEXT_CHARS_MAX, "1", FieldKind::Parcel),
        (15, "9", FieldKind::Number),
        (15, "9", FieldKind::Money),
    ] {
        assert!(fits(kind.clone(), one.repeat(most)), "{kind:?}: {most}");
        assert!(!fits(kind.clone(), one.repeat(most + 1)), "{kind:?}: {}", most + 1);
    }
    assert!(fits(FieldKind::Number, "1,123456".to_owned()));
    assert!(!fits(FieldKind::Number, "1,1234567".to_owned()));
    assert_eq!(FieldKind::LongText.read("a\tb\rc\nd").as_deref(), Some("a\tb\rc\nd"));
}

#[test]
fn sums_days_and_years_are_read_only_in_full() {
    for (kind, unfit) in [
        (
            FieldKind::Money,
            vec!["1,5", "1,500", "1234.567", "1.2345", "1.23", "a,00", "1.,00", "1,0x", "--1"],
        ),
        (
            FieldKind::Date,
            vec!["1.3.214", "1.3.20140", "a.3.2014", "1.b.2014", "1.3", "2014-3-12", "1.3.2014.5"],
        ),
        (FieldKind::Year, vec!["999", "3000", "20 4", "19580"]),
    ] {
        for typed in unfit {
            assert_eq!(kind.read(typed), None, "{kind:?}: {typed}");
        }
    }
    let kept = ["1.234.567,00", "12,50€", "999.999"].map(|typed| FieldKind::Money.read(typed));
    assert_eq!(kept.map(Option::unwrap), ["1234567,00", "12,50", "999999,00"]);
    assert_eq!(FieldKind::Year.read("2999").as_deref(), Some("2999"));
    assert_eq!(FieldKind::Year.read("1000").as_deref(), Some("1000"));
}

#[test]
fn a_type_has_room_for_so_much_and_says_when_it_is_full() {
    let fields = |count: usize| (0..count).map(|n| field(&format!("f_{n}"), FieldKind::Text)).collect();
    let register = |n: usize| Register { number: n.to_string(), title: "Pläne".into() };
    let with = |fields, registers: usize, label: String, help: String| RecordType {
        label,
        help,
        registers: (0..registers).map(register).collect(),
        ..record_type("bauakte", &[], fields)
    };
    let (label, help) =
        (|more: usize| "ä".repeat(LABEL_CHARS_MAX + more), |more: usize| "ä".repeat(HELP_CHARS_MAX + more));
    let full = with(fields(FIELDS_MAX), REGISTERS_MAX, label(0), help(0));
    assert_eq!(full.flaws(), []);
    let over = with(fields(FIELDS_MAX + 1), REGISTERS_MAX + 1, label(1), help(1));
    assert_eq!(
        over.flaws(),
        [
            TypeFlaw::Label,
            TypeFlaw::Help,
            TypeFlaw::TooManyFields(FIELDS_MAX + 1),
            TypeFlaw::TooManyRegisters(REGISTERS_MAX + 1)
        ]
    );
    let options = |count: usize| FieldKind::Choice((0..count).map(|n| format!("Wahl {n}")).collect());
    let of_field = |changed: Field| record_type("bauakte", &[], vec![changed]).flaws();
    let flaw = |flaw| [TypeFlaw::Field("use".parse().unwrap(), flaw)];
    assert_eq!(of_field(field("use", options(OPTIONS_MAX))), []);
    assert_eq!(
        of_field(field("use", options(OPTIONS_MAX + 1))),
        flaw(FieldFlaw::TooManyOptions(OPTIONS_MAX + 1))
    );
    assert_eq!(of_field(Field { help: help(0), ..field("use", FieldKind::Text) }), []);
    assert_eq!(of_field(Field { help: help(1), ..field("use", FieldKind::Text) }), flaw(FieldFlaw::Help));
    for label in [String::new(), label(1), "a ".into(), "a\nb".into()] {
        assert_eq!(of_field(Field { label, ..field("use", FieldKind::Text) }), flaw(FieldFlaw::Label));
    }
}

#[test]
fn what_is_no_flaw_is_not_called_one() {
    let single = |name: &str, element| Field { xdomea: Some(element), ..field(name, FieldKind::Text) };
    let fields = vec![
        Field { is_facet: true, ..field("use", FieldKind::YesNo) },
        Field { is_personal: true, ..field("nick", FieldKind::Text) },
        Field { is_required: true, ..single("must", XdomeaElement::Feld) },
        single("more", XdomeaElement::Feld),
        single("remark", XdomeaElement::Bemerkung),
        single("unit", XdomeaElement::Federfuehrung),
    ];
    assert_eq!(record_type("bauakte", &["63.10", "63.20"], fields).flaws(), []);
    let closed = RecordType { is_closed: true, ..record_type("alt", &[], Vec::new()) };
    assert_eq!(closed.flaws(), []);
    let title = |title: &str| RecordType {
        registers: vec![Register { number: "10".into(), title: title.into() }],
        ..record_type("bauakte", &[], Vec::new())
    };
    assert_eq!(title("Pläne").flaws(), []);
    assert_eq!(title(" Pläne").flaws(), [TypeFlaw::Register("10".into())]);
}

#[test]
fn a_registry_has_room_for_so_many_types_and_none_is_in_force_at_first() {
    let all = |count: usize| {
        let rest = (1..count).map(|n| record_type(&format!("t_{n}"), &[], Vec::new()));
        RecordTypes::default()
            .with(std::iter::once(record_type("allgemein", &[], Vec::new())).chain(rest).collect())
    };
    let full = all(TYPES_MAX).unwrap();
    assert!(!full.is_empty() && RecordTypes::default().is_empty());
    assert_eq!(full.in_force().count(), TYPES_MAX);
    assert_eq!(all(TYPES_MAX + 1), Err(vec![TypesFlaw::TooMany(TYPES_MAX + 1)]));
    assert_eq!(
        RecordTypes::default().with(Vec::new()),
        Ok(RecordTypes::default()),
        "nothing changes nothing"
    );
}

#[test]
fn a_type_is_called_by_its_name_or_label_and_nothing_else_has_one() {
    let all = types(&[record_type("allgemein", &[], Vec::new()), record_type("bauakte", &[], Vec::new())]);
    assert_eq!(
        (all.label("bauakte"), all.label("Art bauakte"), all.label("x")),
        (Some("Art bauakte"), None, None)
    );
    assert_eq!(
        all.named("bauakte").map(RecordType::named_edition),
        all.named("art BAUAKTE").map(RecordType::named_edition)
    );
    assert_eq!(all.named("x"), None);
    let edition = all.named("bauakte").unwrap().named_edition();
    assert_eq!((edition.id.as_str(), edition.edition.as_str()), ("bauakte", "1"));
}

#[test]
fn two_flaws_in_two_types_are_told_with_the_type_they_are_in() {
    let flawed = |id: &str| RecordType { label: String::new(), ..record_type(id, &[], Vec::new()) };
    let flaws = RecordTypes::default().with(vec![flawed("allgemein"), flawed("bauakte")]).unwrap_err();
    let of = |id: &str| TypesFlaw::Type(id.parse().unwrap(), TypeFlaw::Label);
    assert_eq!(flaws, [of("allgemein"), of("bauakte"), TypesFlaw::LabelTwice(String::new())]);
    let same_class = record_type("bauakte", &["63", "63"], Vec::new());
    let twice = TypesFlaw::Type("bauakte".parse().unwrap(), TypeFlaw::ClassTwice("63".parse().unwrap()));
    let flaws = RecordTypes::default().with(vec![record_type("allgemein", &[], Vec::new()), same_class]);
    assert_eq!(flaws, Err(vec![twice]), "one type does not take its own class from itself");
}

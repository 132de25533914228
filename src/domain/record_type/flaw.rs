//! What can be wrong with a record type, with several of them, and with what is said of a file. The words users read are
//! in `format`.

use std::collections::BTreeSet;

use super::field::same;
use super::{
    FIELDS_MAX, Field, FieldKind, FieldName, HELP_CHARS_MAX, LABEL_CHARS_MAX, OPTIONS_MAX, REGISTERS_MAX,
    RecordType, RecordTypeId, TypeEdition, XdomeaElement,
};
use crate::domain::case_file::ClassNumber;

/// What is wrong with one record type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeFlaw {
    /// No label, or one that is too long.
    Label,
    /// The help text is too long.
    Help,
    /// A class is named twice.
    ClassTwice(ClassNumber),
    /// It is what files are by default, and takes none.
    ClosedDefault,
    /// More fields than [`FIELDS_MAX`].
    TooManyFields(usize),
    /// More registers than [`REGISTERS_MAX`].
    TooManyRegisters(usize),
    /// A register without number or title, or with one that is too long.
    Register(String),
    /// Two registers have one number.
    RegisterTwice(String),
    /// Something about one field.
    Field(FieldName, FieldFlaw),
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldFlaw {
    /// Another field has this name.
    NameTwice,
    /// No label, or one that is too long.
    Label,
    /// Another field has this label.
    LabelTwice(String),
    /// The help text is too long.
    Help,
    /// A choice of nothing.
    NoOptions,
    /// More options than [`OPTIONS_MAX`].
    TooManyOptions(usize),
    /// An option that cannot be chosen: empty, too long, or with blanks at its ends.
    Option(String),
    /// Two options are one.
    OptionTwice(String),
    /// It takes persons, and does not say that it is personal.
    NotPersonal,
    /// It is personal, and matches would be narrowed by it: a list of persons.
    PersonalFacet,
    /// Matches are not narrowed by such a field.
    NoFacet,
    /// No file is opened without it, and it stays behind when the file is handed over.
    RequiredStays,
    /// The element cannot hold what the field takes.
    Xdomea(XdomeaElement),
    /// Another field goes there too, and there is room for one.
    XdomeaTwice(XdomeaElement),
}

/// What is wrong with several record types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypesFlaw {
    /// Something about one of them.
    Type(RecordTypeId, TypeFlaw),
    /// Two of those that come into force have one name.
    Twice(RecordTypeId),
    /// The edition is known, and reads otherwise.
    EditionKnown(TypeEdition),
    /// Two types have one label.
    LabelTwice(String),
    /// Two types name one class.
    ClassTaken {
        /// The class.
        class: ClassNumber,
        /// Who name it.
        types: [RecordTypeId; 2],
    },
    /// None is what files are by default.
    NoDefault,
    /// Two are.
    TwoDefaults([RecordTypeId; 2]),
    /// More types than a registry has.
    TooMany(usize),
}

/// Why what was said of a file does not fit its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueFlaw {
    /// The type has no such field.
    Unknown {
        /// As it was called.
        name: String,
    },
    /// It must be said.
    Missing {
        /// What.
        field: Field,
    },
    /// The field does not take it.
    Unfit {
        /// Which.
        field: Field,
        /// What was said.
        value: String,
    },
}

impl RecordType {
    /// Everything that is wrong with it by itself.
    #[must_use]
    pub fn flaws(&self) -> Vec<TypeFlaw> {
        let mut flaws = Vec::new();
        if !is_label(&self.label) {
            flaws.push(TypeFlaw::Label);
        }
        if self.help.chars().count() > HELP_CHARS_MAX {
            flaws.push(TypeFlaw::Help);
        }
        if self.is_default && self.is_closed {
            flaws.push(TypeFlaw::ClosedDefault);
        }
        let mut classes = BTreeSet::new();
        flaws.extend(
            self.classes
                .iter()
                .filter(|class| !classes.insert(*class))
                .map(|class| TypeFlaw::ClassTwice(class.clone())),
        );
        if self.fields.len() > FIELDS_MAX {
            flaws.push(TypeFlaw::TooManyFields(self.fields.len()));
        }
        for (at, field) in self.fields.iter().enumerate() {
            let found = field_flaws(field, &self.fields[..at]);
            flaws.extend(found.into_iter().map(|flaw| TypeFlaw::Field(field.name.clone(), flaw)));
        }
        flaws.extend(self.register_flaws());
        flaws
    }

    fn register_flaws(&self) -> Vec<TypeFlaw> {
        let mut flaws = Vec::new();
        if self.registers.len() > REGISTERS_MAX {
            flaws.push(TypeFlaw::TooManyRegisters(self.registers.len()));
        }
        for (at, register) in self.registers.iter().enumerate() {
            if !is_label(&register.number) || !is_label(&register.title) {
                flaws.push(TypeFlaw::Register(register.number.clone()));
            }
            if self.registers[..at].iter().any(|earlier| earlier.number == register.number) {
                flaws.push(TypeFlaw::RegisterTwice(register.number.clone()));
            }
        }
        flaws
    }
}

fn is_label(text: &str) -> bool {
    let fits = (1..=LABEL_CHARS_MAX).contains(&text.chars().count());
    fits && text.trim() == text && !text.chars().any(char::is_control)
}

/// What is wrong with a field behind those.
fn field_flaws(field: &Field, before: &[Field]) -> Vec<FieldFlaw> {
    let mut flaws = Vec::new();
    if before.iter().any(|other| other.name == field.name) {
        flaws.push(FieldFlaw::NameTwice);
    } else if before.iter().any(|other| same(&other.label, &field.label)) {
        flaws.push(FieldFlaw::LabelTwice(field.label.clone()));
    }
    if !is_label(&field.label) {
        flaws.push(FieldFlaw::Label);
    }
    if field.help.chars().count() > HELP_CHARS_MAX {
        flaws.push(FieldFlaw::Help);
    }
    if let FieldKind::Choice(options) = &field.kind {
        flaws.extend(option_flaws(options));
    }
    if field.kind == FieldKind::Person && !field.is_personal {
        flaws.push(FieldFlaw::NotPersonal);
    }
    if field.is_facet && field.is_personal {
        flaws.push(FieldFlaw::PersonalFacet);
    } else if field.is_facet && !field.kind.is_fit_for_facets() {
        flaws.push(FieldFlaw::NoFacet);
    }
    match field.xdomea {
        None if field.is_required => flaws.push(FieldFlaw::RequiredStays),
        Some(element) if !element.holds(&field.kind) => flaws.push(FieldFlaw::Xdomea(element)),
        Some(element) if element.is_single() && before.iter().any(|other| other.xdomea == Some(element)) => {
            flaws.push(FieldFlaw::XdomeaTwice(element));
        }
        None | Some(_) => {}
    }
    flaws
}

fn option_flaws(options: &[String]) -> Vec<FieldFlaw> {
    let mut flaws = Vec::new();
    if options.is_empty() {
        flaws.push(FieldFlaw::NoOptions);
    }
    if options.len() > OPTIONS_MAX {
        flaws.push(FieldFlaw::TooManyOptions(options.len()));
    }
    for (at, option) in options.iter().enumerate() {
        if !is_label(option) {
            flaws.push(FieldFlaw::Option(option.clone()));
        }
        if options[..at].iter().any(|earlier| same(earlier, option)) {
            flaws.push(FieldFlaw::OptionTwice(option.clone()));
        }
    }
    flaws
}

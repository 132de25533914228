//! Record types (Aktenarten) of a registry: kept in the ledger as they were enacted, like the rules. Which type a new file
//! has, and whether what is said of it fits, is found here for whoever opens it.

use std::collections::BTreeMap;

use super::Registry;
use super::error::{Answer, Error};
use super::rules::RulesInForce;
use crate::domain::actor::RecordsManager;
use crate::domain::case_file::ClassNumber;
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::record_type::{RecordType, RecordTypes, Register, TypeEdition};
use crate::domain::register::RegisterNumber;
use crate::format::{record_type, wording};

/// What is said of a file that is to be opened.
#[derive(Debug, Clone, Copy)]
pub struct Description<'a> {
    /// Its class.
    pub class: &'a ClassNumber,
    /// Its record type by name or label; that of its class if nobody says.
    pub record_type: Option<&'a str>,
    /// The fields of its type.
    pub fields: &'a BTreeMap<String, String>,
}

/// A file's type and what is known of it, in the form it is kept in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Described {
    pub(super) record_type: Option<TypeEdition>,
    pub(super) fields: BTreeMap<String, String>,
}

/// Why what is said of a file does not fit, and the way out; German.
pub(super) type Unfit = (String, String);

impl RulesInForce {
    /// The registers of a file of this type, as it was when the file was opened.
    #[must_use]
    pub fn registers(&self, record_type: Option<&TypeEdition>) -> &[Register] {
        let known = record_type.and_then(|edition| self.types.edition(edition));
        known.map_or(&[], |record_type| record_type.registers.as_slice())
    }

    /// The register of this number in files of this type; the error is why there is none, and the way out.
    pub(super) fn register_named(
        &self,
        record_type: Option<&TypeEdition>,
        number: &str,
    ) -> Result<RegisterNumber, Unfit> {
        let registers = self.registers(record_type);
        let known = number.parse::<RegisterNumber>().ok().filter(|number| number.among(registers).is_some());
        known.ok_or_else(|| wording::no_such_register(number, registers))
    }
}

impl Registry {
    /// Record types (file name and TOML text) as they would be in force beside those of other names.
    ///
    /// # Errors
    /// A mistake that names file, line and way out of everything that is wrong.
    pub fn check_types(&self, sources: &BTreeMap<String, String>) -> Answer<Vec<RecordType>> {
        let rules = self.rules()?;
        let next = read_types(sources, &rules.types)?;
        let is_new = |record_type: &&RecordType| {
            rules.types.in_force().all(|known| known.named_edition() != record_type.named_edition())
        };
        Ok(next.in_force().filter(is_new).cloned().collect())
    }

    /// Enacts record types: either all or none. Answers those that were not in force before; files keep the edition they
    /// were opened with.
    ///
    /// # Errors
    /// As [`Self::check_types`].
    pub fn enact_types(
        &self,
        manager: RecordsManager<'_>,
        sources: BTreeMap<String, String>,
    ) -> Answer<Vec<RecordType>> {
        let writing = self.writing()?;
        let new = self.check_types(&sources)?;
        if new.is_empty() {
            return Ok(new);
        }
        let event = Event::Office(OfficeEvent::RecordTypesEnacted { sources });
        self.record(&writing, manager.actor().id, &[event])?;
        self.reload_rules()?;
        Ok(new)
    }

    /// Which type a file has and what is known of it; the inner error is why that does not fit. No file comes to a type that
    /// is closed, but one that has it already (`own`) keeps it.
    pub(super) fn describe(
        &self,
        said: Description<'_>,
        own: Option<&str>,
    ) -> Answer<Result<Described, Unfit>> {
        let rules = self.rules()?;
        Ok(describe(said, &rules.types, own))
    }
}

fn describe(said: Description<'_>, types: &RecordTypes, own: Option<&str>) -> Result<Described, Unfit> {
    let record_type = match said.record_type {
        None => types.of_class(said.class),
        Some(name) => Some(types.named(name).ok_or_else(|| unknown_type(name))?),
    };
    let Some(record_type) = record_type else {
        return Ok(Described { record_type: None, fields: said.fields.clone() });
    };
    if record_type.is_closed && own != Some(record_type.id.as_str()) {
        return Err((
            format!("mit der Aktenart „{}“ werden keine neuen Akten angelegt", record_type.label),
            WAY_OUT.to_owned(),
        ));
    }
    let fields = record_type.read(said.fields).map_err(|flaws| {
        let told: Vec<_> = flaws.iter().map(|flaw| record_type::value_flaw(flaw, record_type)).collect();
        (told.join("; "), format!("`schriftgut types show {}` zeigt die Felder", record_type.id))
    })?;
    Ok(Described { record_type: Some(record_type.named_edition()), fields })
}

const WAY_OUT: &str = "`schriftgut types show` zeigt die Aktenarten";

fn unknown_type(name: &str) -> Unfit {
    (format!("die Aktenart „{name}“ gibt es nicht"), WAY_OUT.to_owned())
}

/// Reads record types and puts them beside those there are.
pub(super) fn read_types(sources: &BTreeMap<String, String>, so_far: &RecordTypes) -> Answer<RecordTypes> {
    record_type::enact(sources, so_far).map_err(|mistakes| {
        let told = wording::first_of(&mistakes, "ein weiterer Fehler", "weitere Fehler");
        let (why, way_out) = (told.join("; "), "berichtigen Sie die Dateien; es gilt, was bisher galt");
        Error::mistake("Die Aktenarten sind nicht gültig", why, way_out)
    })
}

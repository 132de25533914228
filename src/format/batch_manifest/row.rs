//! One row: what its cells mean. Every cell that means nothing is told, not the first alone.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::profile::DatePattern;
use super::{CORRECT, Flaw, Profile, Row};
use crate::base::checksum::Checksum;
use crate::domain::case_file::Carriers;
use crate::domain::paper::Placing;
use crate::domain::scan::check::SCAN_PAGES_MAX;
use crate::format::wording;

/// The cells of one row, as the profile reads them.
pub(super) struct Cells<'a> {
    pub(super) columns: &'a [String],
    pub(super) values: &'a [String],
    pub(super) profile: &'a Profile,
}

impl Cells<'_> {
    /// What a column of ours says; empty if there is none.
    fn get(&self, name: &str) -> &str {
        let profile = self.profile;
        let Some(at) = self.columns.iter().position(|column| column == name) else {
            return profile.fixed.get(name).map_or("", String::as_str);
        };
        let said = self.values.get(at).map_or("", String::as_str);
        profile.values.get(name).and_then(|values| values.get(said)).map_or(said, String::as_str)
    }

    fn said(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Where the file lies, from the manifest's folder; the parts that say nothing are left out.
    pub(super) fn path(&self) -> Result<String, String> {
        let profile = self.profile;
        let said = match profile.has_backslashes {
            true => self.get("path").replace('\\', "/"),
            false => self.get("path").to_owned(),
        };
        let outside = || format!("der Pfad „{said}“ liegt nicht unter dem Ordner der Liste");
        let below = match &profile.strip_prefix {
            None => said.as_str(),
            Some(prefix) => said.strip_prefix(prefix.as_str()).ok_or_else(|| {
                format!("der Pfad „{said}“ beginnt nicht mit „{prefix}“, wie das Profil sagt")
            })?,
        };
        if below.is_empty() || profile.strip_prefix.is_none() && below.starts_with('/') {
            return Err(outside());
        }
        let whole = format!("{}/{below}", profile.path_prefix);
        let parts: Vec<_> = whole.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.is_empty() || parts.contains(&"..") || parts.iter().any(|part| part.contains('\0')) {
            return Err(outside());
        }
        Ok(parts.join("/"))
    }

    fn date(&self, text: &str) -> Result<Date, String> {
        let pattern = &self.profile.date;
        pattern.read(text).ok_or_else(|| format!("„{text}“ ist kein Tag ({pattern})"))
    }

    /// The fields of the record type; dates among them are written as we write them.
    fn fields(&self, wrong: &mut Vec<String>) -> BTreeMap<String, String> {
        let fixed = self.profile.fixed.keys().filter(|name| !self.columns.contains(*name));
        let mut fields = BTreeMap::new();
        for column in self.columns.iter().chain(fixed) {
            let (Some(name), value) = (column.strip_prefix("feld:"), self.get(column)) else { continue };
            if value.is_empty() {
                continue;
            }
            let value = match self.profile.dates.contains(column) {
                true => note(wrong, self.date(value))
                    .map_or_else(String::new, |day| DatePattern::default().write(day)),
                false => value.to_owned(),
            };
            fields.insert(name.to_owned(), value);
        }
        fields
    }

    fn paper(&self) -> Result<Carriers, String> {
        let placing = Placing::of_cells(
            ["gebaeude", "raum", "regal", "karton", "strichcode"].map(|name| self.get(name)),
        );
        if placing.is_silent() {
            return Ok(Carriers { paper: None });
        }
        let paper = placing.applied_to(None).map_err(|flaw| wording::place_flaw(&flaw))?;
        Ok(Carriers { paper: Some(paper) })
    }

    fn checksum(&self) -> Result<Option<Checksum>, String> {
        let text = self.get("pruefsumme");
        if text.is_empty() {
            return match self.profile.checksum {
                Some(_) => Err("die Prüfsumme fehlt".to_owned()),
                None => Ok(None),
            };
        }
        let checksum: Checksum = text.parse().map_err(|_| {
            format!(
                "„{text}“ ist keine Prüfsumme (MD5, SHA-1, SHA-256 oder SHA-512, in hexadezimalen Ziffern)"
            )
        })?;
        match self.profile.checksum {
            Some(algorithm) if checksum.algorithm() != algorithm => {
                Err(format!("„{text}“ ist keine Prüfsumme nach {}, wie das Profil sagt", algorithm.code()))
            }
            _ => Ok(Some(checksum)),
        }
    }

    /// What the row says.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn row(&self, line: u64) -> Result<Row, Vec<String>> {
        let mut wrong = Vec::new();
        let path = note(&mut wrong, self.path());
        let reference = self.get("aktenzeichen").parse();
        let reference =
            note(&mut wrong, reference.map_err(|_| "das Aktenzeichen fehlt oder ist zu lang".to_owned()));
        let class = self.get("klasse");
        let class =
            note(&mut wrong, class.parse().map_err(|_| format!("„{class}“ ist keine Aktenplaneinheit")));
        let register = self.optional("register", &mut wrong, |text| {
            text.parse().map_err(|_| format!("„{text}“ ist kein Register"))
        });
        let domain = self.optional("schutzbereich", &mut wrong, |text| {
            text.parse().map_err(|_| format!("„{text}“ ist kein Schutzbereich"))
        });
        let closed = self.optional("geschlossen_am", &mut wrong, |text| self.date(text));
        let page_count = self.optional("seiten", &mut wrong, |text| {
            let number = text.parse().ok().filter(|pages| (1..=SCAN_PAGES_MAX).contains(pages));
            number.ok_or_else(|| format!("„{text}“ ist keine Zahl von Seiten (1 bis {SCAN_PAGES_MAX})"))
        });
        let fields = self.fields(&mut wrong);
        let carriers = note(&mut wrong, self.paper());
        let checksum = note(&mut wrong, self.checksum());
        match (path, reference, class, carriers, checksum) {
            (Some(path), Some(reference), Some(class), Some(carriers), Some(checksum))
                if wrong.is_empty() =>
            {
                Ok(Row {
                    line,
                    path,
                    reference,
                    class,
                    title: self.get("titel").to_owned(),
                    case: self.said("vorgang"),
                    register,
                    domain,
                    closed,
                    record_type: self.said("aktenart"),
                    fields,
                    carriers,
                    page_count,
                    checksum,
                })
            }
            _ => Err(wrong),
        }
    }

    fn optional<T>(
        &self,
        name: &str,
        wrong: &mut Vec<String>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match self.get(name) {
            "" => None,
            text => note(wrong, parse(text)),
        }
    }
}

fn note<T>(wrong: &mut Vec<String>, result: Result<T, String>) -> Option<T> {
    result.map_err(|why| wrong.push(why)).ok()
}

/// The list says how much there is, and there is more or less.
pub(super) fn counts_differ(said: Option<u64>, found: u64, what: &str) -> Option<Flaw> {
    let said = said.filter(|said| *said != found)?;
    let why = format!("die Lieferung soll {said} {what} haben, in der Liste sind es {found}");
    Some(Flaw::whole(why, CORRECT))
}

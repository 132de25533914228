//! Doctor (Zustand): is everything there that this registry needs, and what should be better?

use super::Registry;
use super::coverage_words;
use super::error::{Answer, causes};
use crate::intake::{Bytes, IntakeError, SandboxStatus};

/// The smallest document of an office program: what is tried is everything but its content.
const TRIAL: &[u8] = b"{\\rtf1 Probe}";
/// Every object should have been looked at within this time.
const VERIFIED_WITHIN_DAYS: i32 = 92;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it is.
    pub health: Health,
    /// What was found, and what to do.
    pub words: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Good,
    /// It works, and should be better.
    Warning,
    /// It does not work.
    Bad,
}

impl Registry {
    /// Looks at everything.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn doctor(&self) -> Answer<Vec<Check>> {
        let unread = self.unread()?;
        let text_gap = if unread == 0 {
            check("Texte", Health::Good, "alle Dokumente sind gelesen".to_owned())
        } else {
            let words = match unread {
                1 => "1 Dokument ist noch ungelesen".to_owned(),
                more => format!("{more} Dokumente sind noch ungelesen"),
            };
            check("Texte", Health::Warning, format!("{words} (`schriftgut work`)"))
        };
        Ok(vec![
            self.check_worker(),
            self.check_renditions(),
            check(
                "Suchindex",
                Health::Warning,
                "er enthält Wörter im Klartext: der Ordner `views` gehört auf einen verschlüsselten Datenträger"
                    .to_owned(),
            ),
            check_words(),
            check(
                "Hauptschlüssel",
                Health::Warning,
                format!(
                    "er liegt in {}; bewahren Sie die Wiederherstellungsblätter getrennt auf und sichern Sie \
                     diesen Ordner nicht zusammen mit der Registratur",
                    self.layout.master_key().display()
                ),
            ),
            check(
                "Nachweisbuch",
                Health::Good,
                format!("{} Einträge, öffentlicher Schlüssel {}", self.ledger.head().size, self.verifier_key()),
            ),
            text_gap,
            self.check_fixity(),
        ])
    }

    fn check_fixity(&self) -> Check {
        const NAME: &str = "Unversehrtheit";
        let Ok(coverage) = self.coverage() else {
            let words = "das Nachweisbuch ist nicht lesbar; prüfen Sie mit `schriftgut verify`".to_owned();
            return check(NAME, Health::Bad, words);
        };
        let recent = coverage.whole.is_some_and(|on| {
            on.checked_add(jiff::Span::new().days(VERIFIED_WITHIN_DAYS)).is_ok_and(|end| end >= self.today())
        });
        let health = match (&coverage.damage, recent) {
            (Some(_), _) => Health::Bad,
            (None, true) => Health::Good,
            (None, false) => Health::Warning,
        };
        let mut words = coverage_words(&coverage);
        if health == Health::Warning {
            words.push_str(" (`schriftgut verify`, bei großen Beständen mit --subset oder --max-time)");
        }
        check(NAME, health, words)
    }

    fn check_renditions(&self) -> Check {
        const NAME: &str = "Lesefassungen";
        let fenced = self.workshop.converting_status();
        match fenced.and_then(|fences| Ok((fences, self.workshop.rendition(&Bytes(TRIAL))?))) {
            Ok((fences, _)) if !fences.holds() => {
                check(NAME, Health::Bad, format!("LibreOffice ist nicht abgeschottet: {}", describe(&fences)))
            }
            Ok(_) => check(
                NAME,
                Health::Good,
                "LibreOffice macht aus Office-Dateien Seiten, die sich im Browser ansehen lassen".to_owned(),
            ),
            Err(IntakeError::ConverterMissing) => check(
                NAME,
                Health::Warning,
                "LibreOffice fehlt: Office-Dateien werden gelesen und gefunden, aber nicht als Seiten gezeigt \
                 (Debian-Pakete `libreoffice-writer-nogui`, `libreoffice-calc-nogui`, \
                 `libreoffice-impress-nogui`)"
                    .to_owned(),
            ),
            Err(error) => check(
                NAME,
                Health::Warning,
                format!("aus Office-Dateien werden keine: {}", causes::intake(&error)),
            ),
        }
    }

    fn check_worker(&self) -> Check {
        match self.workshop.sandbox_status() {
            Ok(status) => {
                let health = if status.is_tight() { Health::Good } else { Health::Warning };
                check("Leseeinheit", health, describe(&status))
            }
            Err(error) => {
                check("Leseeinheit", Health::Bad, format!("sie startet nicht: {}", causes::intake(&error)))
            }
        }
    }
}

fn check_words() -> Check {
    const NAME: &str = "Wörterliste";
    match crate::index::word_list() {
        Some(path) => check(NAME, Health::Good, format!("Zusammensetzungen werden mit {path} zerlegt")),
        None => check(
            NAME,
            Health::Warning,
            "sie fehlt: „Genehmigung“ findet „Baugenehmigung“ nicht (Debian-Paket `wngerman`)".to_owned(),
        ),
    }
}

fn describe(status: &SandboxStatus) -> String {
    let fence = |stands: bool, name: &str| format!("{name}: {}", if stands { "ja" } else { "NEIN" });
    [
        format!("Landlock: {}", status.landlock.as_deref().unwrap_or("fehlt im Kernel")),
        fence(status.reading_denied, "Lesen verwehrt"),
        fence(status.writing_denied, "Schreiben verwehrt"),
        fence(status.network_denied, "Netz verwehrt"),
        fence(status.limits_set, "Grenzen gesetzt"),
        format!("Texterkennung: {}", status.tesseract.as_deref().unwrap_or("tesseract fehlt")),
    ]
    .join(", ")
}

fn check(name: &'static str, health: Health, words: String) -> Check {
    Check { name, health, words }
}

//! How a town scans (Verfahren), as a small TOML file that goes with the scans (`schema/formats/scan-procedure.md`). It is read and
//! never written; what it says stands in each transfer note.

use serde::Deserialize;

use crate::domain::scan::{Procedure, SCAN_TEXT_CHARS_MAX};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireProcedure {
    name: String,
    version: String,
    device: String,
    software: String,
    #[serde(default)]
    site: String,
}

/// Reads a procedure.
///
/// # Errors
/// What is wrong with it, in words for users.
pub fn read(text: &str) -> Result<Procedure, String> {
    let wire: WireProcedure = toml::from_str(text).map_err(|cause| {
        let at = cause.span().map_or(0, |span| span.start.min(text.len()));
        let line = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        format!("Zeile {line}: nötig sind name, version, device und software, möglich ist site, jedes einmal und als Text")
    })?;
    let WireProcedure { name, version, device, software, site } = wire;
    let fields = [
        ("name", &name),
        ("version", &version),
        ("device", &device),
        ("software", &software),
        ("site", &site),
    ];
    for (field, text) in fields {
        let chars = text.trim().chars().count();
        if chars == 0 && field != "site" {
            return Err(format!("`{field}` ist leer"));
        }
        if chars > SCAN_TEXT_CHARS_MAX || text.chars().any(char::is_control) {
            return Err(format!(
                "`{field}` ist länger als {SCAN_TEXT_CHARS_MAX} Zeichen oder enthält Steuerzeichen"
            ));
        }
    }
    let trimmed = |text: String| text.trim().to_owned();
    Ok(Procedure {
        name: trimmed(name),
        version: trimmed(version),
        device: trimmed(device),
        software: trimmed(software),
        site: trimmed(site),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str =
        "name = \"Scannen\"\nversion = \"1\"\ndevice = \"Gerät\"\nsoftware = \"Programm 2\"\n";

    #[test]
    fn a_procedure_says_what_a_transfer_note_needs_or_which_field_is_wrong() {
        let read_from = |text: &str| read(text).map(|procedure| procedure.name);
        assert_eq!(read_from(WHOLE), Ok("Scannen".to_owned()));
        assert!(read_from(&WHOLE.replace("Gerät", " ")).unwrap_err().contains("`device` ist leer"));
        assert!(
            read_from(&WHOLE.replace("Gerät", &"x".repeat(401))).unwrap_err().contains("`device` ist länger")
        );
        assert!(read_from(&format!("{WHOLE}colour = \"rot\"")).unwrap_err().starts_with("Zeile 5"));
        assert!(read_from("name = \"Scannen\"").is_err());
    }
}

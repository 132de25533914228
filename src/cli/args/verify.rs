//! `verify` and `repair` on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args as ClapArgs;

use crate::domain::fixity::Part;

/// `verify`
#[derive(Debug, ClapArgs)]
pub struct Verify {
    /// Auch jeden Inhalt entschlüsseln und vergleichen
    #[arg(long)]
    pub read_data: bool,
    /// Nur diesen Teil der gespeicherten Dateien, z. B. 1/30: dreißig Läufe prüfen jede genau einmal
    #[arg(long, value_name = "N/M")]
    pub subset: Option<Part>,
    /// Nach dieser Zeit aufhören, z. B. 20 (Minuten), 90s, 20m, 2h; der nächste Lauf macht dort weiter
    #[arg(long, value_name = "DAUER", value_parser = time)]
    pub max_time: Option<Duration>,
    /// Auch gegen diesen Prüfpunkt, der außerhalb aufbewahrt wurde
    #[arg(long, value_name = "DATEI")]
    pub against: Option<PathBuf>,
    /// Ohne Schlüssel, ohne zu schreiben: für Revision und Sicherungsrechner
    #[arg(long, conflicts_with_all = ["read_data", "max_time", "acting_as"])]
    pub without_keys: bool,
}

/// `repair`
#[derive(Debug, ClapArgs)]
pub struct Repair {
    /// Ordner einer Sicherung oder einer Kopie der Registratur (mit vault und archive darin)
    #[arg(long, value_name = "ORDNER")]
    pub from: PathBuf,
}

/// A time: minutes, or a number with `s`, `m` or `h`.
fn time(text: &str) -> Result<Duration, &'static str> {
    const NOT_A_TIME: &str = "expected minutes, or a number with s, m or h";
    let (number, seconds) = match text.char_indices().next_back() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3_600),
        _ => (text, 60),
    };
    let number: u32 = number.parse().map_err(|_| NOT_A_TIME)?;
    Ok(Duration::from_secs(u64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_minutes_unless_they_say_otherwise() {
        let seconds = |text| time(text).map(|time| time.as_secs());
        assert_eq!(
            [seconds("20"), seconds("20m"), seconds("90s"), seconds("2h")],
            [Ok(1_200), Ok(1_200), Ok(90), Ok(7_200)]
        );
        for wrong in ["", "m", "-1", "1.5h", "20 m", "5d", "ü"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}

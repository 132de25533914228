//! `doctor`: what is there, and what should be better.

use crate::cli::desk::Desk;
use crate::cli::json::fixity::doctor;
use crate::registry::{Answer, Check, Health};

pub(in crate::cli) fn run(desk: &mut Desk<'_>) -> Answer<u8> {
    let checks = desk.registry.doctor()?;
    desk.result(&doctor(&checks), || checks.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(u8::from(checks.iter().any(|check| check.health == Health::Bad)))
}

fn line(check: &Check) -> String {
    let mark = match check.health {
        Health::Good => "gut    ",
        Health::Warning => "Achtung",
        Health::Bad => "FEHLER ",
    };
    format!("{mark}  {}: {}", check.name, check.words)
}

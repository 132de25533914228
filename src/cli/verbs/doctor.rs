//! `doctor`: what is there, and what should be better.

use crate::cli::desk::Desk;
use crate::registry::{Answer, Health};

pub(in crate::cli) fn run(desk: &mut Desk<'_>) -> Answer<u8> {
    let checks = desk.registry.doctor()?;
    for check in &checks {
        let mark = match check.health {
            Health::Good => "gut    ",
            Health::Warning => "Achtung",
            Health::Bad => "FEHLER ",
        };
        desk.say(format!("{mark}  {}: {}", check.name, check.words))?;
    }
    Ok(u8::from(checks.iter().any(|check| check.health == Health::Bad)))
}

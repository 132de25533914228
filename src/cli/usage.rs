//! A command line that cannot be read, in our own words: what, why, and the way out, in German like all else.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::registry::Error;

/// The mistake behind an error of the argument parser.
pub(super) fn mistake(error: &clap::Error) -> Error {
    let why = why(error).unwrap_or_else(|| "so kann der Befehl nicht gegeben werden".to_owned());
    let similar = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let way_out = match similar.into_iter().find_map(|kind| said(error, kind)) {
        Some(similar) => {
            format!("meinten Sie „{similar}“? `schriftgut BEFEHL --help` zeigt, was möglich ist")
        }
        None => "`schriftgut --help` zeigt die Befehle, `schriftgut BEFEHL --help` ihre Angaben".to_owned(),
    };
    Error::mistake("Der Befehl ist nicht lesbar", why, way_out)
}

fn why(error: &clap::Error) -> Option<String> {
    let arg = || said(error, ContextKind::InvalidArg);
    let value = || said(error, ContextKind::InvalidValue).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("den Befehl „{}“ gibt es nicht", said(error, ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::UnknownArgument => format!("die Angabe „{}“ gibt es hier nicht", arg()?),
        ErrorKind::MissingRequiredArgument => format!("es fehlt: {}", arg()?),
        ErrorKind::MissingSubcommand => "es ist nicht gesagt, was zu tun ist".to_owned(),
        ErrorKind::ArgumentConflict => match said(error, ContextKind::PriorArg) {
            Some(prior) if Some(&prior) == arg().as_ref() => format!("„{prior}“ steht mehrmals da"),
            Some(prior) => format!("„{}“ verträgt sich nicht mit „{prior}“", arg()?),
            None => format!("„{}“ verträgt sich nicht mit anderen Angaben", arg()?),
        },
        ErrorKind::InvalidValue if value().is_empty() => format!("zu „{}“ fehlt der Wert", arg()?),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("„{}“ passt nicht zu „{}“", value(), arg()?)
        }
        ErrorKind::InvalidUtf8 => "eine Angabe ist nicht in UTF-8 geschrieben".to_owned(),
        _ => return None,
    })
}

fn said(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) if !texts.is_empty() => Some(texts.join(", ")),
        _ => None,
    }
}

//! Who sits at the keyboard, and secrets: from the environment or asked for, never echoed, never an argument.

use serde::{Deserialize, Serialize};

use super::args::{Args, User, UserVerb, Verb};
use crate::registry::{Answer, Error};

/// The operating-system user's login.
pub(super) fn operator() -> String {
    ["USER", "LOGNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|login| !login.is_empty()))
        .unwrap_or_else(|| "root".to_owned())
}

/// The secrets a command needs.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// Of the person acting (`--as`).
    pub(super) acting: Option<String>,
    /// The one to be set (`user secret`).
    pub(super) new: Option<String>,
}

/// Takes the secrets from the environment or asks for them.
pub(super) fn for_args(args: &Args) -> Answer<Secrets> {
    let acting = match &args.acting_as {
        Some(login) => Some(ask("SCHRIFTGUT_SECRET", &format!("Kennwort von {login}: "))?),
        None => None,
    };
    let new = match &args.verb {
        Verb::User(User { verb: UserVerb::Secret { login } }) => {
            Some(ask("SCHRIFTGUT_NEW_SECRET", &format!("Neues Kennwort von {login}: "))?)
        }
        _ => None,
    };
    Ok(Secrets { acting, new })
}

fn ask(variable: &str, prompt: &str) -> Answer<String> {
    if let Ok(secret) = std::env::var(variable) {
        return Ok(secret);
    }
    rpassword::prompt_password(prompt).map_err(|_| {
        Error::mistake(
            "Das Kennwort kann nicht gefragt werden",
            "es gibt keinen Bildschirm, an dem es eingegeben werden könnte",
            format!("setzen Sie die Umgebungsvariable {variable}"),
        )
    })
}

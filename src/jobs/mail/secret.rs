//! Where the secret of a mailbox comes from: a file that only its owner may read, or the environment. It is read for each
//! visit, and kept and said nowhere.

use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::format::mail_profile::SecretAt;
use crate::registry::error::causes;

/// Longest secret.
const SECRET_BYTES_MAX: u64 = 4_096;

/// The secret, or in German why there is none. Paths count from the folder `beside`.
pub(super) fn secret(at: &SecretAt, beside: &Path) -> Result<String, String> {
    let text = match at {
        SecretAt::File(path) => of_file(&beside.join(path))?,
        SecretAt::Environment(name) => match std::env::var(name) {
            Ok(text) => text,
            Err(_) => return Err(format!("{name} steht nicht in der Umgebung, oder nicht als Text")),
        },
    };
    if text.is_empty() || text.len() as u64 >= SECRET_BYTES_MAX {
        return Err("das Kennwort ist leer oder zu lang".to_owned());
    }
    Ok(text)
}

fn of_file(path: &Path) -> Result<String, String> {
    let unreadable =
        |cause: io::Error| format!("{} ist nicht lesbar: {}", path.display(), causes::system(&cause));
    let known = std::fs::metadata(path).map_err(unreadable)?;
    if !known.is_file() {
        return Err(format!("{} ist keine Datei", path.display())); // and a pipe would be waited for
    }
    if known.permissions().mode() & 0o077 != 0 {
        return Err(format!("{} dürfen auch andere lesen; nötig sind Rechte wie 0600", path.display()));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    first_line(file).map_err(unreadable)
}

fn first_line(from: impl io::Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.take(SECRET_BYTES_MAX).read_to_end(&mut bytes)?;
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let text = std::str::from_utf8(line).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    Ok(text.trim_end_matches('\r').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_from_a_file_that_its_owner_alone_may_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("geheim");
        std::fs::write(&path, "vier Worte\r\nund mehr").unwrap();
        let of = |name: &str| secret(&SecretAt::File(name.into()), folder.path());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(of("geheim").unwrap_err().contains("dürfen auch andere lesen"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(of("geheim").as_deref(), Ok("vier Worte"));
        assert!(of("fehlt").unwrap_err().contains("nicht lesbar"));
        assert!(of(".").unwrap_err().contains("keine Datei"));
        std::fs::write(&path, "\nvier Worte").unwrap();
        assert!(of("geheim").unwrap_err().contains("leer"));
        std::fs::write(&path, vec![b'x'; 5_000]).unwrap();
        assert!(of("geheim").unwrap_err().contains("zu lang"));
    }
}

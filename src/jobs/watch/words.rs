//! What is said about a watched folder, in German: why a file is not taken in, and what is in the way.

use std::io;
use std::path::Path;

use crate::registry::Words;
use crate::registry::error::causes;

/// Something in the way that is not the fault of one file: it is said once, until it has gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Trouble(pub(super) String);

impl Trouble {
    pub(super) fn of(what: &str, why: &str, way_out: &str) -> Self {
        Self(in_three_parts(&Words { what: what.into(), why: why.into(), way_out: way_out.into() }))
    }

    /// The watched folder itself.
    pub(super) fn folder(root: &Path, cause: &io::Error) -> Self {
        Self::of(
            &format!("In {} wird gerade nichts erfasst", root.display()),
            &match cause.kind() {
                io::ErrorKind::NotFound => {
                    "den Ordner gibt es nicht, oder sein Laufwerk ist nicht da".to_owned()
                }
                _ => format!("der Ordner ist nicht zugänglich: {}", causes::system(cause)),
            },
            "stellen Sie den Ordner wieder bereit; das Beobachten geht dann von selbst weiter, und was darin liegt, \
             wird erfasst",
        )
    }

    pub(super) fn watched_by_another(root: &Path) -> Self {
        Self::of(
            &format!("In {} wird gerade nichts erfasst", root.display()),
            "ein anderes Programm beobachtet denselben Ordner",
            "beenden Sie eines von beiden",
        )
    }

    pub(super) fn unseen(path: &Path, cause: &io::Error) -> Self {
        Self::of(
            &format!("{} wird nicht beobachtet", path.display()),
            &causes::system(cause),
            "prüfen Sie die Rechte; danach geht es von selbst weiter",
        )
    }

    pub(super) fn too_deep(path: &Path, depth: usize) -> Self {
        Self::of(
            &format!("{} wird nicht beobachtet", path.display()),
            &format!("der Ordner liegt tiefer als {depth} Ordner ineinander"),
            "legen Sie ihn weiter oben ab",
        )
    }

    /// It is acknowledged and stays where it is.
    pub(super) fn not_put_away(path: &Path, cause: &io::Error) -> Self {
        Self::of(
            &format!("{} ist erfasst, lässt sich aber nicht nach „erledigt“ verschieben", path.display()),
            &causes::system(cause),
            "schaffen Sie Platz oder Rechte, dann geschieht es von selbst; noch einmal erfasst wird die Datei nicht",
        )
    }

    /// It is not taken in and stays where it is.
    pub(super) fn not_set_aside(path: &Path, refused: &Words, cause: &io::Error) -> Self {
        Self::of(
            &format!("{} wurde nicht erfasst und bleibt liegen", path.display()),
            &format!(
                "{}; nach „fehlgeschlagen“ ließ sie sich nicht verschieben: {}",
                refused.why,
                causes::system(cause)
            ),
            &refused.way_out,
        )
    }

    pub(super) fn will_be_tried_again(path: &Path, cause: &io::Error) -> Self {
        Self::of(
            &format!("{} wurde noch nicht erfasst", path.display()),
            &causes::system(cause),
            "prüfen Sie Laufwerk und Verbindung; die Datei bleibt liegen und wird wieder versucht",
        )
    }
}

/// As users read it everywhere.
pub(super) fn in_three_parts(words: &Words) -> String {
    let Words { what, why, way_out } = words;
    format!("Fehler:  {what}\nGrund:   {why}\nAusweg:  {way_out}")
}

fn refused(path: &Path, why: &str, way_out: &str) -> Words {
    Words {
        what: format!("{} wurde nicht erfasst", path.display()),
        why: why.to_owned(),
        way_out: way_out.to_owned(),
    }
}

pub(super) fn link(path: &Path) -> Words {
    refused(
        path,
        "es ist ein Verweis (Symlink); ihm wird in einem beobachteten Ordner nicht gefolgt",
        "legen Sie die Datei selbst in den Ordner",
    )
}

pub(super) fn no_file(path: &Path) -> Words {
    refused(
        path,
        "es ist keine Datei mit Inhalt, sondern Pipe, Socket oder Gerät",
        "legen Sie eine gewöhnliche Datei in den Ordner",
    )
}

pub(super) fn no_utf8(path: &Path) -> Words {
    refused(
        path,
        "der Name der Datei oder ihres Ordners ist nicht in UTF-8 geschrieben",
        "benennen Sie sie um und legen Sie sie wieder in den Ordner",
    )
}

pub(super) fn empty(path: &Path) -> Words {
    refused(
        path,
        "die Datei ist leer, und es kam lange nichts hinzu",
        "scannen oder kopieren Sie noch einmal; vielleicht war der Datenträger voll",
    )
}

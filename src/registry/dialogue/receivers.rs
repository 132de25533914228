//! The archives that take over from this office: what each takes is said once, and asked wherever a message is written.

use std::path::Path;

use super::super::Registry;
use super::super::error::{Answer, Error};
use super::MessageOrder;
use crate::domain::actor::RecordsManager;
use crate::domain::disposal::{ARCHIVE_CHARS_MAX, HandoverForm, MessageVersion, Naming, PackageForm, Takes};
use crate::domain::event::{Event, OfficeEvent};

/// How somebody wants it written; what is not said follows from what the archive takes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The archive; empty for the one that is meant where none is named.
    pub archive: &'a str,
    /// In which version.
    pub version: Option<MessageVersion>,
}

/// To whom something is written, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// The archive; empty if nobody said.
    pub archive: String,
    /// In which version.
    pub version: MessageVersion,
    /// How it is called.
    pub naming: Naming,
}

impl Addressed {
    /// Written so, into this folder.
    #[must_use]
    pub fn into_folder<'a>(&'a self, out: &'a Path) -> MessageOrder<'a> {
        MessageOrder { version: self.version, receiver: &self.archive, naming: self.naming, out }
    }
}

impl Registry {
    /// From now on an archive takes this; one that is named as the default is meant where none is named.
    ///
    /// # Errors
    /// A mistake for no name or a long one, for a version that is not written, or for messages without a version.
    pub fn set_archive(
        &self,
        manager: RecordsManager<'_>,
        name: &str,
        takes: Takes,
        is_default: bool,
    ) -> Answer<()> {
        let name = name.trim();
        let refuse = |why: String, way_out: &str| {
            Err(Error::mistake("Was das Archiv annimmt, wird so nicht gemerkt", why, way_out))
        };
        if name.is_empty() || name.chars().count() > ARCHIVE_CHARS_MAX || name.chars().any(char::is_control) {
            let why = format!("ein Name hat 1 bis {ARCHIVE_CHARS_MAX} sichtbare Zeichen");
            return refuse(why, "nennen Sie es, wie es sich selbst nennt");
        }
        if takes.version.is_some_and(|version| !MessageVersion::WRITTEN.contains(&version)) {
            let written: Vec<_> = MessageVersion::WRITTEN.iter().map(|version| version.code()).collect();
            let why = format!("geschrieben wird in {}", written.join(", "));
            return refuse(why, "fragen Sie das Archiv, welche dieser Versionen es annimmt");
        }
        if takes.form == HandoverForm::Message && takes.version.is_none() {
            let why = "es soll xdomea bekommen, und die Version fehlt".to_owned();
            return refuse(why, "nennen Sie sie, etwa --xdomea 4.0.0");
        }
        self.remember(manager, name, Some(takes), is_default)
    }

    /// An archive is not known any more.
    ///
    /// # Errors
    /// A mistake if there is none of this name.
    pub fn forget_archive(&self, manager: RecordsManager<'_>, name: &str) -> Answer<()> {
        let rules = self.rules()?;
        let known = rules.receivers.named(name).ok_or_else(|| Error::unknown("Archiv", name.trim()))?;
        self.remember(manager, &known.name, None, false)
    }

    fn remember(
        &self,
        manager: RecordsManager<'_>,
        name: &str,
        takes: Option<Takes>,
        is_default: bool,
    ) -> Answer<()> {
        let writing = self.writing()?;
        let event = OfficeEvent::ArchiveSet { name: name.to_owned(), takes, is_default };
        self.record(&writing, manager.actor().id, &[Event::Office(event)])?;
        self.reload_rules()
    }

    /// To whom a message goes and how it is written: as somebody asks, and where nothing is said as that archive takes it.
    ///
    /// # Errors
    /// A mistake if nobody ever said which version.
    pub fn addressed(&self, asked: Asked<'_>) -> Answer<Addressed> {
        let rules = self.rules()?;
        let known = rules.receivers.meant(asked.archive);
        let name = asked.archive.trim();
        let archive = known.map_or_else(|| name.to_owned(), |known| known.name.clone());
        let remembered = known.and_then(|known| known.takes.version);
        let version = asked.version.or(remembered).ok_or_else(|| {
            let whose = if archive.is_empty() { "das Archiv".to_owned() } else { format!("„{archive}“") };
            Error::mistake(
                "Die Nachricht kann nicht geschrieben werden",
                format!("es ist nicht bekannt, welche Version von xdomea {whose} annimmt"),
                "nennen Sie sie (--xdomea 4.0.0), oder merken Sie sie ein für alle Mal: `schriftgut archive set`",
            )
        })?;
        // How messages are called belongs to the version it was said with.
        let naming = known.filter(|_| remembered == Some(version)).and_then(|known| known.takes.naming);
        Ok(Addressed { archive, version, naming: naming.unwrap_or_else(|| Naming::of(version)) })
    }

    /// In which form an archive gets what it keeps, if nobody says otherwise: as a bag unless it takes messages.
    ///
    /// # Errors
    /// A mistake for an archive that is named and not known.
    pub fn form_for(&self, archive: &str) -> Answer<HandoverForm> {
        let rules = self.rules()?;
        match rules.receivers.meant(archive) {
            Some(known) => Ok(known.takes.form),
            None if archive.trim().is_empty() => Ok(HandoverForm::Package(PackageForm::Bag)),
            None => Err(Error::unknown("Archiv", archive.trim())),
        }
    }
}

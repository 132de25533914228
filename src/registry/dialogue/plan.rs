//! The file plan appraised beforehand: it goes out to an archive (0511), and its catalogue comes in (0513). The catalogue is the
//! archive's decision on whole classes; what it means for a line is asked when a list is made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use uuid::Uuid;

use super::super::Registry;
use super::super::error::{Answer, Error};
use super::take::{not_taken, taken_by};
use super::{MessageOrder, put_message};
use crate::base::digest::Sha256;
use crate::disk::Disk;
use crate::domain::actor::{Archivist, RecordsManager};
use crate::domain::case_file::ClassNumber;
use crate::domain::disposal::dialogue::answer::AnswerHead;
use crate::domain::disposal::dialogue::catalogue::{appraised_classes, offered_plan, table_id};
use crate::domain::disposal::dialogue::message_id;
use crate::domain::disposal::{Catalogue, Line, MessageKind, MessageVersion, PlanMessage};
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::retention::{Disposition, Edition};
use crate::format::file_plan::xdomea::Fate;
use crate::format::xdomea::{self, Content, Envelope};

/// A file plan that was given to an archive to be appraised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedPlan {
    /// Its edition.
    pub edition: Edition,
    /// Of which version the message is.
    pub version: MessageVersion,
    /// Its container.
    pub container: PathBuf,
    /// Classes in it.
    pub classes: usize,
}

/// An answer about the file plan that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenPlanAnswer {
    /// Which message it is.
    pub kind: MessageKind,
    /// Of which version.
    pub version: MessageVersion,
    /// Who sent it; empty if it does not say.
    pub sender: String,
    /// The edition of the plan it is about.
    pub edition: Edition,
    /// What it says of the classes it names.
    pub classes: BTreeMap<ClassNumber, Disposition>,
    /// Classes of the plan in force it says nothing of, and none above them: those that take files.
    pub silent: Vec<ClassNumber>,
    /// Where our receipts of it are (0515, 0514), if some were asked for.
    pub receipts: Vec<PathBuf>,
}

/// A catalogue as people are told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueNamed {
    /// Who sent it; empty if it did not say.
    pub archive: String,
    /// The day it was taken in.
    pub on: Date,
    /// Who took it in; empty if nobody knows any more.
    pub by: String,
}

impl Registry {
    /// Writes the file plan in force as a message to be appraised (0511). Written again, one edition is one process, and names
    /// the same ids.
    ///
    /// # Errors
    /// A refusal for a plan without an edition; a mistake for a version that is not written, or a container that is there
    /// already.
    pub fn offer_plan(&self, manager: RecordsManager<'_>, order: MessageOrder<'_>) -> Answer<OfferedPlan> {
        let kind = MessageKind::PlanOffer;
        let writing = self.writing()?;
        let rules = self.rules()?;
        let Some(edition) = rules.plan.edition().cloned() else {
            return Err(Error::mistake(
                "Der Aktenplan kann nicht zur Bewertung gegeben werden",
                "er hat keine Ausgabe, an der das Archiv ihn erkennt",
                "setzen Sie ihn mit `schriftgut plan enact` unter einer Ausgabe (edition) in Kraft",
            ));
        };
        let before = rules.plan_messages.iter().rev().find(|one| one.edition == edition);
        let process = before.map_or_else(Uuid::new_v4, |before| before.process);
        let path = Self::container_path(process, kind, order)?;
        let (registry, today) = (self.manifest.id, self.today());
        let fate =
            |class: &ClassNumber| Fate::of(rules.book.governing(class, today).ok().map(|(rule, _)| rule));
        let table = (order.version == MessageVersion::V3_0).then(|| format!("{}.csv", table_id(process)));
        let envelope = self.envelope(process, message_id(process, kind), order);
        let xml = xdomea::plan_offer(envelope, registry, &rules.plan, &fate, table.as_deref());
        let content = xdomea::plan_table(&rules.plan, registry);
        put_message(&path, &xml, table.as_deref().map(|name| (name, content.as_bytes())))?;
        let digest = Sha256::of(&[xml.as_bytes()]);
        let version = order.version;
        let message = PlanMessage { on: today, kind, version, process, edition: edition.clone(), digest };
        let event = Event::Office(OfficeEvent::PlanMessaged { message });
        self.record(&writing, manager.actor().id, &[event])?;
        self.reload_rules()?;
        Ok(OfferedPlan { edition, version, container: path, classes: rules.plan.classes().count() })
    }

    /// Takes an answer of the archive about the file plan in: its catalogue (0513), which is in force from now on, or that the
    /// plan has come in (0512). Name and bytes as for [`Self::take_answer`]. A catalogue is confirmed by two messages in
    /// `receipt_to` (0515, 0514), if a folder is named.
    ///
    /// # Errors
    /// A mistake that names every line that does not fit; a refusal if no plan was offered. Then nothing is recorded.
    pub fn take_plan_answer(
        &self,
        archivist: Archivist<'_>,
        (name, bytes): (&str, &[u8]),
        receipt_to: Option<&Path>,
    ) -> Answer<TakenPlanAnswer> {
        let text = self.message_text(name, bytes)?;
        let answer = xdomea::read(&text).map_err(|objections| not_taken(name, &objections))?;
        let head = answer.head;
        taken_by(name, head.kind, &["plan appraise"])?;
        let writing = self.writing()?;
        let rules = self.rules()?;
        let sent = offered_plan(&rules.plan_messages, &head)?;
        sent.fits(&head).map_err(|objection| not_taken(name, &[objection]))?;
        let (on, digest) = (self.today(), Sha256::of(&[text.as_bytes()]));
        let message = PlanMessage { on, kind: head.kind, version: head.version, digest, ..sent.clone() };
        let mut events = vec![OfficeEvent::PlanMessaged { message }];
        let mut classes = BTreeMap::new();
        if let Content::Catalogue(objects) = &answer.content {
            let plan = self.plan_of_edition(sent.edition.as_str())?;
            let said = appraised_classes(&plan, self.manifest.id, objects);
            classes = said.map_err(|objections| not_taken(name, &objections))?;
            let catalogue = Catalogue {
                on,
                version: head.version,
                process: sent.process,
                edition: sent.edition.clone(),
                digest,
                archive: head.sender.clone(),
                by: archivist.actor().id,
                classes: classes.clone(),
            };
            events = vec![OfficeEvent::PlanAppraised { catalogue }];
        }
        let receipts =
            receipt_to.map(|out| self.put_plan_receipts(&sent, &head, &classes, out)).transpose()?;
        let (receipts, confirmed): (Vec<_>, Vec<_>) = receipts.into_iter().flatten().unzip();
        let events: Vec<_> = events.into_iter().chain(confirmed).map(Event::Office).collect();
        let recorded = self.record(&writing, archivist.actor().id, &events);
        if recorded.is_err() {
            for path in &receipts {
                Disk::real().remove(path)?; // they would confirm what does not count
            }
        }
        recorded?;
        self.reload_rules()?;
        let silent = if head.kind == MessageKind::Catalogue { self.silent_classes()? } else { Vec::new() };
        let AnswerHead { kind, version, sender, .. } = head;
        Ok(TakenPlanAnswer { kind, version, sender, edition: sent.edition, classes, silent, receipts })
    }

    /// Classes that take files and of which the catalogue in force says nothing.
    fn silent_classes(&self) -> Answer<Vec<ClassNumber>> {
        let rules = self.rules()?;
        let says_nothing = |class: &ClassNumber| {
            rules.catalogue.as_ref().is_none_or(|catalogue| catalogue.of(class).is_none())
        };
        let leaves = rules.plan.leaves().map(|class| &class.number);
        Ok(leaves.filter(|class| says_nothing(class)).cloned().collect())
    }

    /// Writes that a catalogue has come in (0515) and is taken in (0514), and what is to be recorded of it.
    fn put_plan_receipts(
        &self,
        sent: &PlanMessage,
        head: &AnswerHead,
        classes: &BTreeMap<ClassNumber, Disposition>,
        out: &Path,
    ) -> Answer<Vec<(PathBuf, OfficeEvent)>> {
        if head.kind != MessageKind::Catalogue {
            return Err(Error::mistake(
                "Es wird keine Empfangsbestätigung geschrieben",
                format!("die Nachricht ist: {}; bestätigt wird ein Bewertungskatalog (0513)", head.kind),
                "nehmen Sie sie ohne --receipt an",
            ));
        }
        let order = MessageOrder::answering(head, out);
        let kinds = [MessageKind::CatalogueReceived, MessageKind::CatalogueImported];
        let paths = kinds.map(|kind| Self::container_path(sent.process, kind, order));
        let mut written: Vec<(PathBuf, OfficeEvent)> = Vec::new();
        for (kind, path) in kinds.into_iter().zip(paths.into_iter().collect::<Answer<Vec<_>>>()?) {
            let envelope = self.envelope(sent.process, Uuid::new_v4(), order);
            let envelope = Envelope { answers: head.id, ..envelope };
            let xml = match kind {
                MessageKind::CatalogueImported => {
                    xdomea::catalogue_imported(envelope, self.manifest.id, classes.keys())
                }
                _ => envelope.receipt(kind),
            };
            if let Err(error) = put_message(&path, &xml, None) {
                for (path, _) in &written {
                    Disk::real().remove(path)?; // both or none: nothing is taken in
                }
                return Err(error);
            }
            let (on, digest) = (self.today(), Sha256::of(&[xml.as_bytes()]));
            let message = PlanMessage { on, kind, digest, ..sent.clone() };
            written.push((path, OfficeEvent::PlanMessaged { message }));
        }
        Ok(written)
    }

    /// The catalogues that say something of these lines, by the digest of their message.
    pub(in crate::registry) fn catalogues_named<'a>(
        &self,
        lines: impl Iterator<Item = &'a Line>,
    ) -> Answer<BTreeMap<Sha256, CatalogueNamed>> {
        let (rules, mut named) = (self.rules()?, BTreeMap::new());
        for digest in lines.filter_map(|line| line.catalogue.as_ref()).map(|said| said.digest) {
            if named.contains_key(&digest) {
                continue;
            }
            let known = rules.catalogues.iter().find(|known| known.digest == digest);
            named.extend(known.map(|known| (digest, self.catalogue_named(known))));
        }
        Ok(named)
    }

    /// A catalogue as people are told of it.
    pub(in crate::registry) fn catalogue_named(&self, catalogue: &Catalogue) -> CatalogueNamed {
        let by = self.person_by_id(catalogue.by).map(|person| person.name).unwrap_or_default();
        CatalogueNamed { archive: catalogue.archive.clone(), on: catalogue.on, by }
    }
}

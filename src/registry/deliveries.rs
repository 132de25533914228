//! Delivered batches (Lieferungen), as people look at them: which came, how far each is, and what became of its lines.
//!
//! What is kept of one is written down by the door it comes through, before its first document is taken in and after the last,
//! sealed under the office's key, for ninety days ([`DELIVERY_KEPT`]). It is no truth, and nothing rests on it: what became of a
//! line its document says, every time it is asked.
//!
//! **Everybody hears of his own.** A line that is a document is there for whoever may read that document; one that is none, for
//! whoever delivered it. Nobody else hears of it, not even its number; of a delivery without such a line there is nothing. May not
//! take in: `ingest` does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use crate::base::digest::Sha256;
use crate::base::seal::SealKey;
use crate::catalog::Kind;
use crate::domain::actor::{Actor, Clerk, Reader};
use crate::domain::case_file::ReferenceNumber;
use crate::domain::document::{Document, TextState};
use crate::domain::ids::{CaseFileId, DeliveryId, KeyId};
use crate::format::delivery::{Delivery, DeliveryLine, Stage};
use crate::format::wording;

/// How long a delivery is remembered after it was looked at last.
pub const DELIVERY_KEPT: Duration = Duration::from_secs(90 * 24 * 3600);
const ENDING: &str = ".lieferung";

/// A delivery that is to be remembered.
#[derive(Debug)]
pub struct NewDelivery<'n> {
    /// Where its list lies.
    pub place: &'n Path,
    /// Name of the list.
    pub list: String,
    /// The list itself.
    pub list_sha256: Sha256,
    /// How far it is.
    pub stage: Stage,
    /// How many checksums were compared.
    pub checksums: u64,
    /// Its lines.
    pub lines: Vec<DeliveryLine>,
}

/// Those that are being taken in right now, and by how many hands.
#[derive(Debug, Default)]
pub(super) struct DeliveriesInHand(Mutex<BTreeMap<DeliveryId, usize>>);

/// A delivery while it is being taken in.
#[derive(Debug)]
pub struct DeliveryInHand<'a> {
    registry: &'a Registry,
    /// Which.
    pub id: DeliveryId,
}

impl Drop for DeliveryInHand<'_> {
    fn drop(&mut self) {
        let mut all = self.registry.deliveries_in_hand.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hands) = all.get_mut(&self.id) {
            *hands -= 1;
            if *hands == 0 {
                all.remove(&self.id);
            }
        }
    }
}

/// How far a delivery is, for this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// Something is wrong with it; nothing was taken in.
    Flawed,
    /// It was looked at, and nothing was wrong with it.
    Checked,
    /// It is being taken in.
    Running,
    /// Taking in ended before the last document.
    Interrupted,
    /// All is taken in; something waits to be read.
    Reading,
    /// All is taken in and looked at; something is to be said of it.
    Remarked,
    /// All is taken in and read.
    Done,
}

/// A delivery, as this person sees it.
#[derive(Debug, Clone)]
pub struct DeliveryView {
    /// Its id.
    pub id: DeliveryId,
    /// Name of the list; none for whoever did not deliver it.
    pub list: Option<String>,
    /// Who delivered it.
    pub by: String,
    /// The asking person did.
    pub is_own: bool,
    /// When it was looked at first.
    pub begun: Timestamp,
    /// When it was looked at last.
    pub touched: Timestamp,
    /// How far it is.
    pub state: DeliveryState,
    /// Its lines, in numbers.
    pub tally: DeliveryTally,
}

/// Lines of a delivery in numbers, of those that are there for this person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryTally {
    /// All lines.
    pub lines: usize,
    /// They have a flaw.
    pub flawed: usize,
    /// They were not taken in, although nothing had been wrong with them.
    pub refused: usize,
    /// They are to be taken in.
    pub to_come: usize,
    /// They are documents that wait to be read.
    pub unread: usize,
    /// They are documents that were read, wholly or in part.
    pub read: usize,
    /// They are documents whose reading was given up.
    pub given_up: usize,
    /// Something is to be said of the document.
    pub remarked: usize,
    /// Pages the list counts.
    pub pages_expected: u64,
    /// Pages that were found in those documents.
    pub pages_found: u64,
}

/// What a line is.
#[derive(Debug, Clone)]
pub enum LineFate {
    /// Something is wrong with it: why, and the way out.
    Flawed(String, String),
    /// Nothing is wrong with it; it was not to be taken in yet.
    Sound,
    /// It is to be taken in.
    ToCome,
    /// It was refused: why, and the way out.
    Refused(String, String),
    /// It is a document, here with what is to be said of it.
    Document(Box<Document>, Vec<String>),
}

/// A line, as this person sees it.
#[derive(Debug, Clone)]
pub struct DeliveryLineView {
    /// The line of the list.
    pub line: Option<u64>,
    /// The file in the delivery, or the document's name.
    pub name: String,
    /// Its file.
    pub reference: Option<String>,
    /// Pages the list counts.
    pub page_count: Option<u32>,
    /// What it is.
    pub fate: LineFate,
}

impl Registry {
    /// Remembers a delivery, durable on return. One whose list lay at the same place and was not gone through, or is the same
    /// list, is this one.
    ///
    /// # Errors
    /// A fault if it cannot be written.
    pub fn remember_delivery(&self, clerk: Clerk<'_>, new: NewDelivery<'_>) -> Answer<DeliveryInHand<'_>> {
        let person = clerk.actor().id;
        let place = new.place.to_string_lossy();
        // Folded, no reference number has such a sign.
        let place = Sha256(self.reference_hash(&format!("delivery:{place}"))?);
        let known = self.kept_deliveries()?.into_iter().find(|kept| {
            let goes_on = kept.stage != Stage::Ended || kept.list_sha256 == new.list_sha256;
            kept.person == person && kept.place == place && goes_on
        });
        let now = self.disk.now();
        let (id, begun) = known.map_or((DeliveryId(Uuid::new_v4()), now), |known| (known.id, known.begun));
        let NewDelivery { list, list_sha256, stage, checksums, lines, .. } = new;
        let delivery =
            Delivery { id, person, place, list, list_sha256, begun, touched: now, stage, checksums, lines };
        self.disk.make_folder(&self.layout.deliveries())?;
        let in_hand = self.delivery_in_hand(id);
        self.put_delivery(&delivery)?;
        Ok(in_hand)
    }

    /// What is remembered of deliveries that have something for this person, the newest first, from `first` on; and whether
    /// there are more.
    ///
    /// # Errors
    /// A fault if they cannot be read.
    pub fn deliveries(
        &self,
        reader: Reader<'_>,
        first: usize,
        most: usize,
    ) -> Answer<(Vec<DeliveryView>, bool)> {
        let mut kept = self.kept_deliveries()?;
        kept.sort_by_key(|delivery| (std::cmp::Reverse(delivery.touched), delivery.id));
        let (mut views, mut seen) = (Vec::new(), 0);
        for delivery in kept {
            let Some((view, _)) = self.seen_by(reader.actor(), &delivery)? else { continue };
            seen += 1;
            if seen > first + most {
                return Ok((views, true));
            }
            if seen > first {
                views.push(view);
            }
        }
        Ok((views, false))
    }

    /// A delivery with its lines.
    ///
    /// # Errors
    /// A mistake if there is none of this id for this person.
    pub fn delivery(
        &self,
        reader: Reader<'_>,
        id: DeliveryId,
    ) -> Answer<(DeliveryView, Vec<DeliveryLineView>)> {
        let kept = self.kept_delivery(&self.path_of_delivery(id))?;
        let seen = kept.map(|kept| self.seen_by(reader.actor(), &kept)).transpose()?.flatten();
        seen.ok_or_else(|| Error::unknown("Lieferung", &id.to_string()))
    }

    /// Forgets a delivery of this person. Its documents stay.
    ///
    /// # Errors
    /// A mistake if there is none of this id that this person delivered, or it is being taken in.
    pub fn forget_delivery(&self, clerk: Clerk<'_>, id: DeliveryId) -> Answer<()> {
        let path = self.path_of_delivery(id);
        let kept = self.kept_delivery(&path)?.filter(|kept| kept.person == clerk.actor().id);
        if kept.is_none() {
            return Err(Error::unknown("Lieferung", &id.to_string()));
        }
        if self.is_delivery_in_hand(id) {
            return Err(Error::mistake(
                "Die Lieferung wird nicht entfernt",
                "sie wird gerade erfasst",
                "warten Sie, bis das zu Ende ist",
            ));
        }
        self.disk.remove(&path)?;
        Ok(self.disk.sync_folder(&self.layout.deliveries())?)
    }

    /// Forgets deliveries nobody has looked at for long, and those that cannot be read.
    ///
    /// # Errors
    /// A fault if they cannot be removed.
    pub fn tend_deliveries(&self) -> Answer<()> {
        let now = self.disk.now();
        let mut any = false;
        for path in self.delivery_paths()? {
            let kept = self.kept_delivery(&path)?;
            let ends = kept.and_then(|kept| kept.touched.checked_add(DELIVERY_KEPT).ok());
            if ends.is_none_or(|ends| ends <= now) {
                any |= self.disk.remove(&path)?;
            }
        }
        if any { Ok(self.disk.sync_folder(&self.layout.deliveries())?) } else { Ok(()) }
    }

    fn delivery_in_hand(&self, id: DeliveryId) -> DeliveryInHand<'_> {
        let mut all = self.deliveries_in_hand.0.lock().unwrap_or_else(PoisonError::into_inner);
        *all.entry(id).or_default() += 1;
        DeliveryInHand { registry: self, id }
    }

    fn is_delivery_in_hand(&self, id: DeliveryId) -> bool {
        self.deliveries_in_hand.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&id)
    }

    fn delivery_key(&self) -> Answer<SealKey> {
        Ok(self.record_key(KeyId::OFFICE)?.derive("schriftgut 2026-11-28 what is remembered of a delivery"))
    }

    fn path_of_delivery(&self, id: DeliveryId) -> PathBuf {
        self.layout.deliveries().join(format!("{id}{ENDING}"))
    }

    fn delivery_paths(&self) -> Answer<Vec<PathBuf>> {
        let folder = self.layout.deliveries();
        let names = self.disk.names(&folder)?;
        Ok(names.into_iter().filter(|name| name.ends_with(ENDING)).map(|name| folder.join(name)).collect())
    }

    fn put_delivery(&self, delivery: &Delivery) -> Answer<()> {
        let sealed = self.delivery_key()?.seal(&context(delivery.id), &delivery.write());
        Ok(self.disk.put_durably(&self.path_of_delivery(delivery.id), &sealed)?)
    }

    /// What is kept there; none if nothing is that can be read.
    fn kept_delivery(&self, path: &Path) -> Answer<Option<Delivery>> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let id = name.strip_suffix(ENDING).and_then(|id| id.parse::<DeliveryId>().ok());
        let (Some(id), Some(sealed)) = (id, self.disk.read(path)?) else { return Ok(None) };
        let plain = self.delivery_key()?.open(&context(id), &sealed);
        Ok(plain.ok().and_then(|plain| Delivery::read(&plain).ok()))
    }

    fn kept_deliveries(&self) -> Answer<Vec<Delivery>> {
        let kept = self.delivery_paths()?;
        kept.iter().filter_map(|path| self.kept_delivery(path).transpose()).collect()
    }

    /// What this person sees of a delivery; none if it has nothing for him.
    fn seen_by(
        &self,
        actor: &Actor,
        delivery: &Delivery,
    ) -> Answer<Option<(DeliveryView, Vec<DeliveryLineView>)>> {
        let is_own = delivery.person == actor.id;
        let mut names = BTreeMap::new();
        let (mut lines, mut tally) = (Vec::with_capacity(delivery.lines.len()), DeliveryTally::default());
        for line in &delivery.lines {
            if let Some(line) = self.line_seen_by(actor, is_own, delivery.stage, line, &mut names)? {
                tally.add(&line);
                lines.push(line);
            }
        }
        if lines.is_empty() && !is_own {
            return Ok(None);
        }
        // How far the rest is, only he may know whose delivery it is.
        let (stage, is_running) = match is_own {
            true => (delivery.stage, self.is_delivery_in_hand(delivery.id)),
            false => (Stage::Ended, false),
        };
        let view = DeliveryView {
            id: delivery.id,
            list: is_own.then(|| delivery.list.clone()),
            by: self.person_by_id(delivery.person).map_or_else(|_| String::new(), |person| person.name),
            is_own,
            begun: delivery.begun,
            touched: delivery.touched,
            state: tally.state(stage, is_running),
            tally,
        };
        Ok(Some((view, lines)))
    }

    fn line_seen_by(
        &self,
        actor: &Actor,
        is_own: bool,
        stage: Stage,
        line: &DeliveryLine,
        names: &mut BTreeMap<CaseFileId, Option<ReferenceNumber>>,
    ) -> Answer<Option<DeliveryLineView>> {
        let is_taken = match line.document {
            Some(id) => self.catalog()?.row(Kind::Document, id.0)?.is_some(),
            None => false,
        };
        let is_flawed = is_own && stage == Stage::Flawed && line.why.is_some();
        if is_taken && !is_flawed {
            return self.document_line(actor, line, names);
        }
        if !is_own {
            return Ok(None);
        }
        let way_out = || line.way_out.clone().unwrap_or_default();
        let fate = match (&line.why, stage) {
            (Some(why), Stage::Flawed) => LineFate::Flawed(why.clone(), way_out()),
            (Some(why), _) => LineFate::Refused(why.clone(), way_out()),
            (None, Stage::Flawed | Stage::Checked) => LineFate::Sound,
            (None, Stage::Begun | Stage::Ended) => LineFate::ToCome,
        };
        Ok(Some(DeliveryLineView {
            line: line.line,
            name: line.path.clone().unwrap_or_default(),
            reference: line.reference.clone(),
            page_count: line.page_count,
            fate,
        }))
    }

    /// A line that is a document, if this person may read it. The document is asked, and its file.
    fn document_line(
        &self,
        actor: &Actor,
        line: &DeliveryLine,
        names: &mut BTreeMap<CaseFileId, Option<ReferenceNumber>>,
    ) -> Answer<Option<DeliveryLineView>> {
        let Some(id) = line.document else { return Ok(None) };
        let Some(document) = self.readable_document(actor, id)? else { return Ok(None) };
        let reference = match document.file {
            None => None,
            Some(file) => match names.get(&file) {
                Some(known) => known.clone(),
                None => {
                    let name = self.readable_cover(actor, file)?.map(|file| file.reference);
                    names.entry(file).or_insert(name).clone()
                }
            },
        };
        let mut said = match &document.text {
            TextState::Unread => Vec::new(),
            TextState::GivenUp { reason } => vec![reason.clone()],
            TextState::Read(text) => text.shortfalls.clone(),
        };
        let counted = line.page_count.zip(document.page_count());
        said.extend(counted.and_then(|(expected, found)| wording::pages_differ(expected, found)));
        Ok(Some(DeliveryLineView {
            line: line.line,
            name: document.file_name.clone(),
            reference: reference.map(|reference| reference.to_string()),
            page_count: line.page_count,
            fate: LineFate::Document(Box::new(document), said),
        }))
    }
}

impl DeliveryTally {
    fn add(&mut self, line: &DeliveryLineView) {
        self.lines += 1;
        self.pages_expected += u64::from(line.page_count.unwrap_or(0));
        match &line.fate {
            LineFate::Flawed(..) => self.flawed += 1,
            LineFate::Refused(..) => self.refused += 1,
            LineFate::ToCome | LineFate::Sound => self.to_come += 1,
            LineFate::Document(document, said) => {
                self.pages_found += u64::from(document.page_count().unwrap_or(0));
                self.remarked += usize::from(!said.is_empty());
                match document.text {
                    TextState::Unread => self.unread += usize::from(document.withdrawn.is_none()),
                    TextState::Read(_) => self.read += 1,
                    TextState::GivenUp { .. } => self.given_up += 1,
                }
            }
        }
    }

    fn state(&self, stage: Stage, is_running: bool) -> DeliveryState {
        match stage {
            Stage::Flawed => DeliveryState::Flawed,
            Stage::Checked => DeliveryState::Checked,
            _ if is_running => DeliveryState::Running,
            _ if self.to_come > 0 => DeliveryState::Interrupted,
            _ if self.unread > 0 => DeliveryState::Reading,
            _ if self.refused + self.remarked > 0 => DeliveryState::Remarked,
            _ => DeliveryState::Done,
        }
    }
}

fn context(id: DeliveryId) -> Vec<u8> {
    [b"schriftgut delivery 1", id.0.as_bytes().as_slice()].concat()
}

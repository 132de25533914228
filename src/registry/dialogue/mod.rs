//! The dialogue with an archive outside, in messages of xdomea: the offer (0501) goes out, answers come in ([`take`]), and what
//! was appraised to be kept goes out with its files ([`hand_over`]). What an answer decides goes the way of every decision: the
//! list is asked, with the same rights and refusals, and an answer counts as a whole or not at all. The file plan may be appraised
//! beforehand ([`plan`]).

mod hand_over;
mod history;
mod plan;
mod receivers;
mod take;
mod told;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use crate::base::digest::Sha256;
use crate::disk::{Disk, parent_of};
use crate::domain::actor::RecordsManager;
use crate::domain::disposal::dialogue::answer::AnswerHead;
use crate::domain::disposal::dialogue::message_id;
use crate::domain::disposal::{DisposalList, MessageKind, MessageVersion, Naming};
use crate::domain::ids::DisposalListId;
use crate::domain::refusal::Refusal;
use crate::format::xdomea::{self, Container, Envelope};

pub use plan::{CatalogueNamed, OfferedPlan, TakenPlanAnswer};
pub use receivers::{Addressed, Asked};
pub use take::TakenAnswer;
pub(super) use told::told_of;

/// How a message is to be written.
#[derive(Debug, Clone, Copy)]
pub struct MessageOrder<'a> {
    /// In which version of xdomea.
    pub version: MessageVersion,
    /// To whom: what the archive is called; may be empty.
    pub receiver: &'a str,
    /// How it is called.
    pub naming: Naming,
    /// Into which folder its container goes.
    pub out: &'a Path,
}

impl<'a> MessageOrder<'a> {
    /// The answer to a message, as its version wants it.
    fn answering(head: &'a AnswerHead, out: &'a Path) -> Self {
        Self { version: head.version, receiver: &head.sender, naming: Naming::of(head.version), out }
    }
}

/// A message that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenMessage {
    /// Which.
    pub kind: MessageKind,
    /// Of which version.
    pub version: MessageVersion,
    /// Its container.
    pub container: PathBuf,
    /// Files (Akten) in it, by reference number.
    pub files: Vec<String>,
    /// Documents named in it.
    pub documents: usize,
    /// Files with content in it, beside the message.
    pub primary_files: usize,
}

impl Registry {
    /// Writes the offer of a list (0501). It can be written again, and names the same ids then.
    ///
    /// # Errors
    /// A refusal unless the list is on offer, or if this person may not read all of its files; a mistake for a version that is
    /// not written, or a container that is there already.
    pub fn write_offer(
        &self,
        manager: RecordsManager<'_>,
        id: DisposalListId,
        order: MessageOrder<'_>,
    ) -> Answer<WrittenMessage> {
        let kind = MessageKind::Offer;
        let path = Self::container_path(id.0, kind, order)?;
        let list = self.list_named(id)?;
        list.require_on_offer()?;
        let told = self.told_of_list(manager.actor(), &list)?;
        let xml = xdomea::offer(self.envelope(id.0, message_id(id.0, kind), order), &told);
        put_message(&path, &xml, None)?;
        self.change_list(manager.actor(), id, |list| {
            list.require_on_offer()?;
            let digest = Sha256::of(&[xml.as_bytes()]);
            Ok(DisposalList::exchanged(self.today(), kind, order.version, digest))
        })?;
        let documents = told.iter().map(|file| file.documents.len()).sum();
        let files = told.into_iter().map(|file| file.reference).collect();
        Ok(WrittenMessage {
            kind,
            version: order.version,
            container: path,
            files,
            documents,
            primary_files: 0,
        })
    }

    fn envelope<'a>(&'a self, process: Uuid, id: Uuid, order: MessageOrder<'a>) -> Envelope<'a> {
        Envelope {
            process,
            id,
            version: order.version,
            at: self.now(),
            sender: self.name(),
            receiver: order.receiver,
            program: env!("CARGO_PKG_VERSION"),
            answers: None,
        }
    }

    /// Where the container of a message goes, if it can be written there.
    fn container_path(process: Uuid, kind: MessageKind, order: MessageOrder<'_>) -> Answer<PathBuf> {
        if !MessageVersion::WRITTEN.contains(&order.version) {
            let written: Vec<_> = MessageVersion::WRITTEN.iter().map(|version| version.code()).collect();
            return Err(Error::mistake(
                format!("Die Nachricht kann nicht in xdomea {} geschrieben werden", order.version),
                format!("geschrieben wird in {}", written.join(", ")),
                "fragen Sie das Archiv, welche dieser Versionen es annimmt",
            ));
        }
        let path =
            order.out.join(format!("{}.zip", xdomea::stem(process, kind, order.version, order.naming)));
        if path.exists() {
            return Err(Error::mistake(
                format!("{} kann nicht geschrieben werden", path.display()),
                "die Datei besteht schon",
                "nennen Sie einen anderen Ordner, oder räumen Sie die Datei beiseite",
            ));
        }
        Ok(path)
    }

    /// Files of a list that this person may not read: whoever speaks for the list speaks for all of it.
    fn hidden(list: &DisposalList, hidden: usize) -> Answer<()> {
        if hidden == 0 {
            return Ok(());
        }
        Err(Error::Refusal(Refusal::new(
            format!("Für die Aussonderungsliste {} kann keine Nachricht bearbeitet werden", list.id),
            format!("{hidden} ihrer Akten gibt es nicht mehr, oder Sie dürfen sie nicht lesen"),
            "lassen Sie es eine Person tun, die alle Akten der Liste lesen darf",
        )))
    }
}

/// Writes a message that has at most one small file beside it. Its container has the name of the message.
fn put_message(path: &Path, xml: &str, beside: Option<(&str, &[u8])>) -> Answer<()> {
    let name = path.with_extension("xml");
    let name = name.file_name().unwrap_or_default().to_string_lossy();
    let mut container = Container::new(std::io::Cursor::new(Vec::new()));
    container.message(&name, xml)?;
    if let Some((name, bytes)) = beside {
        container.file(name, bytes.len() as u64)?.write_all(bytes)?;
    }
    let bytes = container.finish()?.into_inner();
    let disk = Disk::real();
    disk.make_folder(parent_of(path))?;
    Ok(disk.put_durably(path, &bytes)?)
}

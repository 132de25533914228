//! What the archive keeps goes out with its files (0503), out of the archive copies: so what is sent was read back, and is
//! exactly what a bag would hold, but for the text layers.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use super::super::Registry;
use super::super::error::{Answer, Error};
use super::super::transfer::{Copy, copy_hashed, differs, name_in_copy};
use super::told::told_of;
use super::{MessageOrder, WrittenMessage};
use crate::base::digest::Sha256;
use crate::catalog::Kind;
use crate::disk::{Disk, TEMPORARY, parent_of};
use crate::domain::actor::Archivist;
use crate::domain::disposal::dialogue::told::{ToldDocument, ToldField, ToldFile, ToldVersion};
use crate::domain::disposal::dialogue::{message_id, primary_file_id};
use crate::domain::disposal::{DisposalList, MessageKind};
use crate::domain::document::{Document, HeldObject};
use crate::domain::ids::{ArchiveCopyId, DisposalListId};
use crate::domain::life_cycle::german;
use crate::domain::record_type::XdomeaElement;
use crate::domain::retention::Disposition;
use crate::format::wording;
use crate::format::xdomea::{self, Container};
use crate::registry::rules::RulesOfEdition;

/// A file of the container.
struct Primary {
    name: String,
    copy: ArchiveCopyId,
    held: HeldObject,
}

impl Registry {
    /// Takes over what is worth keeping, as [`Self::transfer`] does, and writes it as the message 0503 with its files. It can
    /// be written again, and names the same ids then.
    ///
    /// # Errors
    /// As [`Self::transfer`]; a mistake for a version that is not written, or a container that is there already.
    pub fn hand_over(
        &self,
        archivist: Archivist<'_>,
        id: DisposalListId,
        order: MessageOrder<'_>,
    ) -> Answer<WrittenMessage> {
        let kind = MessageKind::Transfer;
        let path = Self::container_path(id.0, kind, order)?;
        let copies = self.take_over_list(archivist, id, self.today())?;
        let list = self.list_named(id)?;
        let rules = self.rules_of_edition(Some(&list.edition))?;
        let (mut told, mut primaries) = (Vec::new(), Vec::new());
        for copy in &copies {
            told.push(self.told_of_copy(&list, copy, &rules, &mut primaries)?);
        }
        let xml = xdomea::transfer(self.envelope(id.0, message_id(id.0, kind), order), &told);
        let name = format!("{}.xml", xdomea::stem(id.0, kind, order.version, order.naming));
        let disk = Disk::real();
        disk.make_folder(order.out)?;
        let temporary = path.with_extension(format!("zip{TEMPORARY}"));
        let written = self.write_container(&temporary, (&name, &xml), &primaries);
        if written.is_err() {
            disk.remove(&temporary)?;
        }
        written?;
        std::fs::rename(&temporary, &path)?;
        disk.sync_folder(parent_of(&path))?;
        self.change_list(archivist.actor(), id, |_| {
            let digest = Sha256::of(&[xml.as_bytes()]);
            Ok(DisposalList::exchanged(self.today(), kind, order.version, digest))
        })?;
        let documents = told.iter().map(|file| file.documents.len()).sum();
        let files = told.into_iter().map(|file| file.reference).collect();
        let primary_files = primaries.len();
        Ok(WrittenMessage { kind, version: order.version, container: path, files, documents, primary_files })
    }

    /// The message and its files. Every file is compared with what was recorded when it was taken in.
    fn write_container(&self, path: &Path, (name, xml): (&str, &str), primaries: &[Primary]) -> Answer<()> {
        let mut container = Container::new(BufWriter::new(File::create(path)?));
        container.message(name, xml)?;
        for Primary { name, copy, held } in primaries {
            let mut source = self.open_archived(*copy, held)?;
            let room = container.file(name, held.size_bytes)?;
            if copy_hashed(&mut source, room)? != held.sha256 {
                return Err(differs(name));
            }
        }
        let file = container.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        Ok(file.sync_all()?)
    }

    /// A file as it is handed over, and the files that go with it.
    fn told_of_copy(
        &self,
        list: &DisposalList,
        copy: &Copy,
        rules: &RulesOfEdition,
        primaries: &mut Vec<Primary>,
    ) -> Answer<ToldFile> {
        let file = &copy.file;
        let (line, _) =
            list.lines.get(&file.id).ok_or_else(|| Error::unknown("Akte", &file.id.to_string()))?;
        let mut told = told_of(file, line, rules);
        told.fate.disposition = Disposition::ArchiveWorthy;
        told.remark = copy.thinned.as_ref().map(|thinned| {
            let words = wording::thinned(thinned.nicht_uebernommen, thinned.von);
            let why = [thinned.regel.as_deref().unwrap_or_default(), &thinned.begruendung];
            let why: Vec<_> = why.into_iter().filter(|why| !why.is_empty()).collect();
            if why.is_empty() { words } else { format!("{words} ({})", why.join("; ")) }
        });
        let types = &rules.in_force.types;
        if let Some(record_type) = file.record_type.as_ref().and_then(|edition| types.edition(edition)) {
            told.tell_fields(file, record_type);
        }
        told.fields.extend(file.facts.iter().map(|fact| ToldField {
            element: XdomeaElement::Feld,
            label: format!("Tatsache: {}", rules.book.fact_label(&fact.kind)),
            value: german(fact.on),
        }));
        told.history = self.happened(Kind::File, file.id.0)?;
        for id in &file.documents {
            let Some(document) = self.document(*id)? else { continue };
            let versions = handed_versions(&document, copy, primaries);
            if versions.is_empty() {
                continue; // left out of what is kept
            }
            let (name, case) = (document.file_name, document.case);
            let history = self.happened(Kind::Document, id.0)?;
            told.documents.push(ToldDocument { id: *id, name, case, versions, history });
        }
        Ok(told)
    }
}

/// The versions of a document that the archive copy holds.
fn handed_versions(document: &Document, copy: &Copy, primaries: &mut Vec<Primary>) -> Vec<ToldVersion> {
    let earlier = document.earlier.iter().map(|version| (&version.file_name, version.format));
    let all = earlier.chain([(&document.file_name, document.format)]);
    let mut versions = Vec::new();
    for (number, (file_name, format)) in (1..).zip(all) {
        let called = name_in_copy(document, number, file_name);
        let Some((_, held)) = copy.objects.iter().find(|(name, _)| *name == called) else { continue };
        let (id, name) = (primary_file_id(document.id, number), file_name.clone());
        let version = ToldVersion { number, file: id, name, format, sha256: held.sha256 };
        primaries.push(Primary { name: version.file_name(), copy: copy.id, held: held.clone() });
        versions.push(version);
    }
    versions
}

//! Give out (Abgabepaket): what was taken over into the archive wing is written as a package, in one of the forms of
//! [`crate::format::package`]. One walk for all forms, a file after the other: nothing but names and digests is held. What is written comes
//! out of the archive copies, is compared with what was recorded when it was taken in, read again from the disk, and stands
//! there whole or not at all.

mod output;
mod plan;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use self::output::Output;
use self::plan::{Plan, Planned};
use super::Registry;
use super::error::{Answer, Error};
use super::transfer::{Copy, differs};
use crate::disk::Disk;
use crate::domain::actor::Archivist;
use crate::domain::ids::DisposalListId;
use crate::format::package::finding_aid::{self, NAMES};
use crate::format::package::{self, Layout, NewText, PackageForm, PackagedFile, Written};

/// What is to be written, and where.
#[derive(Debug, Clone, Copy)]
pub struct PackageOrder<'a> {
    /// In which form.
    pub form: PackageForm,
    /// The folder; it must not exist.
    pub out: &'a Path,
    /// The disk it is on.
    pub disk: &'a Disk,
    /// The day.
    pub on: Date,
}

/// What was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// In which form.
    pub form: PackageForm,
    /// The folder of the export.
    pub bag: PathBuf,
    /// Files handed over, by reference number.
    pub files: Vec<String>,
    /// Objects handed over, the descriptions of the files among them.
    pub objects: usize,
    /// Bytes in them.
    pub bytes: u64,
}

impl Registry {
    /// Hands over as one bag. [`Self::give_out`] says more.
    ///
    /// # Errors
    /// As [`Self::give_out`].
    pub fn transfer(
        &self,
        archivist: Archivist<'_>,
        list: DisposalListId,
        out: &Path,
        on: Date,
    ) -> Answer<Handover> {
        let disk = Disk::real();
        self.give_out(archivist, list, PackageOrder { form: PackageForm::Bag, out, disk: &disk, on })
    }

    /// Takes every archive-worthy line of a list over into the archive wing, reads it back, and writes all of
    /// the list's archive copies into a folder that must not exist.
    ///
    /// # Errors
    /// A mistake if the folder exists or there is nothing to hand over; a fault if anything read back differs (then
    /// nothing is recorded as handed over), or cannot be written (then nothing is left of the folder).
    pub fn give_out(
        &self,
        archivist: Archivist<'_>,
        list: DisposalListId,
        order: PackageOrder<'_>,
    ) -> Answer<Handover> {
        require_new(order)?;
        let list = self.take_over_lines(archivist, list, order.on)?;
        let plan = self.plan_of(list, order)?;
        let mut output = Output::begin(order.disk, order.out)?;
        let written = self.write_package(&plan, order.form, &mut output);
        match written.and_then(|(objects, bytes)| output.finish().map(|()| (objects, bytes))) {
            Ok((objects, bytes)) => {
                let files = plan.export.files.into_iter().map(|(reference, _)| reference).collect();
                Ok(Handover { form: order.form, bag: order.out.to_owned(), files, objects, bytes })
            }
            Err(error) => {
                output.abandon();
                Err(error)
            }
        }
    }

    /// All of it, a file after the other; how many objects and bytes were handed over.
    fn write_package(&self, plan: &Plan, form: PackageForm, output: &mut Output) -> Answer<(usize, u64)> {
        let mut layout = package::layout(form, &plan.export);
        let mut aid = output.create_each(NAMES)?;
        let say = |aid: &mut [output::Writing; 3], texts: [String; 3]| {
            aid.iter_mut().zip(texts).try_for_each(|(file, text)| file.write(text.as_bytes()))
        };
        say(&mut aid, finding_aid::begin(&plan.export))?;
        let (mut objects, mut bytes) = (0, 0);
        for planned in &plan.files {
            let copy = self.copy_of(&plan.list, planned.file)?.ok_or_else(|| gone(planned))?;
            let file = self.packaged(plan, planned, &copy)?;
            let placed = self.write_objects(&copy, &file, layout.as_ref(), output)?;
            objects += placed.len() + 1;
            bytes += placed.iter().map(|(_, written)| written.size_bytes).sum::<u64>();
            bytes += file.description.len() as u64;
            write_texts(&layout.around(&file, &placed), output)?;
            let link = |version: &package::PackagedVersion| layout.place(&file, &version.name, false);
            say(&mut aid, finding_aid::of_file(&file, &link))?;
        }
        say(&mut aid, finding_aid::end())?;
        let aid: Vec<_> = aid.into_iter().map(|file| output.close(file)).collect::<Answer<_>>()?;
        write_texts(&layout.finish(&aid), output)?;
        Ok((objects, bytes))
    }

    /// The objects of a file, out of its archive copy.
    fn write_objects(
        &self,
        copy: &Copy,
        file: &PackagedFile,
        layout: &dyn Layout,
        output: &mut Output,
    ) -> Answer<Vec<(package::PackagedObject, Written)>> {
        let known: HashMap<_, _> = file
            .documents
            .iter()
            .flat_map(|document| &document.versions)
            .map(|version| (version.name.as_str(), version))
            .collect();
        let mut placed = Vec::with_capacity(copy.objects.len());
        for (name, held) in &copy.objects {
            let version = known.get(name.as_str());
            let is_text = version.is_none()
                && name.strip_suffix(plan::TEXT_ENDING).is_some_and(|original| known.contains_key(original));
            let path = layout.place(file, name, is_text);
            let written = output.write(&path, &mut self.open_archived(copy.id, held)?)?;
            if written.sha256 != held.sha256 {
                return Err(differs(&path));
            }
            let object = package::PackagedObject {
                name: name.clone(),
                is_text,
                format: version.map(|version| version.format),
                original_name: version.map(|version| version.original_name.clone()),
            };
            placed.push((object, written));
        }
        Ok(placed)
    }
}

fn write_texts(texts: &[NewText], output: &mut Output) -> Answer<()> {
    for NewText { path, text } in texts {
        output.write(path, &mut text.as_bytes())?;
    }
    Ok(())
}

/// What is there is not overwritten.
fn require_new(order: PackageOrder<'_>) -> Answer<()> {
    if !order.disk.exists(order.out)? {
        return Ok(());
    }
    Err(Error::mistake(
        format!("Das Abgabepaket kann nicht nach {} geschrieben werden", order.out.display()),
        "der Ordner besteht schon",
        "nennen Sie einen neuen Ordner",
    ))
}

/// A file that was there when the export was planned.
fn gone(planned: &Planned) -> Error {
    Error::fault(
        format!("Die Abgabe der Akte {} ist abgebrochen", planned.reference),
        "geben Sie noch einmal ab",
        "die Akte ist während der Abgabe verschwunden",
    )
}

//! Show (Anzeigen): a file with its documents and its finding, a document with its completeness.

use super::Registry;
use super::dialogue::CatalogueNamed;
use super::error::{Answer, Error};
use super::paper::LoanView;
use crate::domain::actor::{Actor, Reader};
use crate::domain::case_file::{CaseFile, ClassNumber, ReferenceNumber};
use crate::domain::document::{Document, PagesOf};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::record_type::Register;
use crate::domain::register::{RegisterGroup, by_register};
use crate::domain::relation::Relation;
use crate::domain::retention::{Disposition, Finding, PaperFate, evaluate};

/// A file as users see it.
#[derive(Debug, Clone)]
pub struct FileView {
    /// The file.
    pub file: CaseFile,
    /// Title of its class.
    pub class_title: String,
    /// What people call its record type; none if it has none.
    pub type_label: Option<String>,
    /// Its fields as people read them: label and value, in the order of its type.
    pub labelled: Vec<(String, String)>,
    /// The registers its type has, in order.
    pub registers: Vec<Register>,
    /// Who has its paper now.
    pub loan: Option<LoanView>,
    /// Loans of its paper that are over.
    pub past_loans: Vec<LoanView>,
    /// What becomes of its paper; none if nothing of it was scanned to stand for paper.
    pub paper_fate: Option<PaperFate>,
    /// Files it belongs together with, of those this person may read, and what each is to it.
    pub related: Vec<(Relation, CaseFile)>,
    /// Its documents.
    pub documents: Vec<Document>,
    /// What follows for it on the day asked for.
    pub finding: Finding,
    /// What the archive decided on its class beforehand; none if nothing.
    pub appraised: Option<ClassAppraised>,
}

/// What the archive's catalogue in force says of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassAppraised {
    /// The class it says it of: that of the file, or one above.
    pub class: ClassNumber,
    /// What it says.
    pub said: Disposition,
    /// The catalogue.
    pub catalogue: CatalogueNamed,
}

/// A document as users see it.
#[derive(Debug, Clone)]
pub struct DocumentView {
    /// The document.
    pub document: Document,
    /// The file it is in, without its documents; none in the in-tray.
    pub file: Option<CaseFile>,
    /// What lies in its register; none if it was sorted into none, or its file's type does not know that one.
    pub register_title: Option<String>,
    /// The pages it was made of, with the document they are of while that is kept.
    pub made_of: Vec<(PagesOf, Option<Document>)>,
    /// What was made of it and is kept.
    pub became: Vec<Document>,
    /// Its path in the document it came in, and that document while it is kept.
    pub contained_in: Option<(String, Option<Document>)>,
    /// What came out of it and is kept.
    pub contents: Vec<Document>,
}

impl FileView {
    /// Its documents by their register.
    #[must_use]
    pub fn by_register(&self) -> Vec<RegisterGroup<'_>> {
        by_register(&self.documents, &self.registers)
    }

    /// Whether its documents are parted: its type has registers, or a document lies in one.
    #[must_use]
    pub fn has_registers(&self) -> bool {
        !self.registers.is_empty() || self.documents.iter().any(|document| document.register.is_some())
    }
}

impl Registry {
    /// A file by its reference number, in any spelling.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person.
    pub fn show_file(&self, reader: Reader<'_>, reference: &str, on: jiff::civil::Date) -> Answer<FileView> {
        let file = self.file_named(reader.actor(), reference)?;
        self.view(reader.actor(), file, on)
    }

    /// A file by its id.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person.
    pub fn show_file_by_id(
        &self,
        reader: Reader<'_>,
        id: CaseFileId,
        on: jiff::civil::Date,
    ) -> Answer<FileView> {
        let file = self.readable_file(reader.actor(), id)?;
        self.view(reader.actor(), file.ok_or_else(|| Error::unknown("Akte", &id.to_string()))?, on)
    }

    /// A document by its id.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person.
    pub fn show_document(&self, reader: Reader<'_>, id: DocumentId) -> Answer<DocumentView> {
        let document = self.known_document(reader.actor(), id)?;
        let file = match document.file {
            Some(file) => self.readable_cover(reader.actor(), file)?,
            None => None,
        };
        let (rules, number) = (self.rules()?, document.register.as_ref());
        let registers = rules.registers(file.as_ref().and_then(|file| file.record_type.as_ref()));
        let register = number.and_then(|number| number.among(registers));
        let register_title = register.map(|register| register.title.clone());
        let known = |id: DocumentId| self.readable_document(reader.actor(), id);
        let made_of = document.made_of.iter().map(|pages| Ok((*pages, known(pages.document)?)));
        let made_of = made_of.collect::<Answer<_>>()?;
        let became = document.became.iter().filter_map(|id| known(*id).transpose());
        let became = became.collect::<Answer<_>>()?;
        let contained_in = match document.contained_in.clone() {
            Some((outer, path)) => Some((path, known(outer)?)),
            None => None,
        };
        let contents = document.contents.iter().filter_map(|id| known(*id).transpose());
        let contents = contents.collect::<Answer<_>>()?;
        Ok(DocumentView { document, file, register_title, made_of, became, contained_in, contents })
    }

    /// The file people call so, if this person may read it; reads the same whether missing or hidden.
    pub(super) fn file_named(&self, actor: &Actor, reference: &str) -> Answer<CaseFile> {
        let unknown = || Error::unknown("Akte", reference);
        let number: ReferenceNumber = reference.parse().map_err(|_| unknown())?;
        let found = self.file_by_reference(&number)?.filter(|file| actor.may_read_file(file));
        found.ok_or_else(unknown)
    }

    /// As [`Self::file_named`], without its documents.
    pub(super) fn cover_named(&self, actor: &Actor, reference: &str) -> Answer<CaseFile> {
        let unknown = || Error::unknown("Akte", reference);
        let number: ReferenceNumber = reference.parse().map_err(|_| unknown())?;
        let found = self.cover_by_reference(&number)?.filter(|file| actor.may_read_file(file));
        found.ok_or_else(unknown)
    }

    fn view(&self, actor: &Actor, file: CaseFile, on: jiff::civil::Date) -> Answer<FileView> {
        let rules = self.rules()?;
        let mut documents = Vec::with_capacity(file.documents.len());
        for id in &file.documents {
            documents.extend(self.document(*id)?);
        }
        documents.sort_by(|a, b| a.file_name.cmp(&b.file_name));
        let finding = evaluate(&file, &rules.book, &rules.confirmations, on);
        let class_title = rules.plan.class(&file.class).map_or_else(String::new, |class| class.title.clone());
        let record_type = file.record_type.as_ref().and_then(|edition| rules.types.edition(edition));
        let labelled = match record_type {
            Some(record_type) => record_type.labelled(&file.fields),
            None => file.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        };
        let owned = |(label, value): (&str, &str)| (label.to_owned(), value.to_owned());
        let labelled = labelled.into_iter().map(owned).collect();
        let type_label = record_type.map(|record_type| record_type.label.clone());
        let loan = file.loan.as_ref().map(|loan| self.loan_view(loan, None)).transpose()?;
        let past = file.past_loans.iter().map(|past| self.loan_view(&past.loan, Some(past.returned)));
        let past_loans = past.collect::<Answer<_>>()?;
        let related = self.related(actor, &file)?;
        let paper_fate = match documents.iter().any(|document| document.scan.is_some()) {
            true => Some(self.paper_fate_on_cover(&rules, &file, on)?),
            false => None,
        };
        let appraised = rules.catalogue.as_ref().and_then(|in_force| {
            let (class, said) = in_force.of(&file.class)?;
            Some(ClassAppraised { class, said, catalogue: self.catalogue_named(&in_force.catalogue) })
        });
        Ok(FileView {
            appraised,
            registers: rules.registers(file.record_type.as_ref()).to_vec(),
            file,
            class_title,
            type_label,
            labelled,
            loan,
            past_loans,
            paper_fate,
            related,
            documents,
            finding,
        })
    }
}

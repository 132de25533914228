//! Files, cases and documents in the messages 0501 and 0503. The two differ in what is told of them, not in how.

use jiff::civil::Date;

use super::head::{Envelope, moment};
use super::page::Page;
use super::root;
use crate::domain::case_file::Case;
use crate::domain::disposal::dialogue::told::{Happened, ToldDocument, ToldFile, ToldVersion};
use crate::domain::disposal::{Decision, MessageKind};
use crate::domain::ids::CaseId;
use crate::domain::protection::ProtectionDomain;
use crate::domain::record_type::XdomeaElement;
use crate::domain::text::{Format, MediaType};

/// The offer (0501).
#[must_use]
pub fn offer(envelope: Envelope<'_>, files: &[ToldFile]) -> String {
    message(envelope, MessageKind::Offer, files)
}

/// What is handed over (0503).
#[must_use]
pub fn transfer(envelope: Envelope<'_>, files: &[ToldFile]) -> String {
    message(envelope, MessageKind::Transfer, files)
}

fn message(envelope: Envelope<'_>, kind: MessageKind, files: &[ToldFile]) -> String {
    let mut writing = Writing { page: envelope.begin(kind), is_4: envelope.is_4() };
    for file in files {
        writing.page.open("Schriftgutobjekt");
        writing.file(file);
        writing.page.close("Schriftgutobjekt");
    }
    writing.page.end(&root(kind, envelope.version))
}

/// A message on the way.
struct Writing {
    page: Page,
    is_4: bool,
}

impl Writing {
    fn file(&mut self, file: &ToldFile) {
        self.page.open("Akte");
        self.identity(&file.id.to_string(), None);
        self.is_meant_itself();
        self.about(file);
        self.fate(file);
        self.page_text("Typ", file.kind.as_deref());
        self.run(file.begun, file.closed);
        self.history(&file.history);
        self.page.open("Akteninhalt");
        self.documents(file, None);
        for case in &file.cases {
            self.case(file, case);
        }
        self.page.close("Akteninhalt");
        self.others(file);
        self.page.text("ZdA", if file.closed.is_some() { "true" } else { "false" });
        if let Some(closed) = file.closed {
            self.page.text("ZdADatum", &closed.to_string());
        }
        self.own_fields(file);
        self.page.close("Akte");
    }

    /// Other files it names, and who had to do with it.
    fn others(&mut self, file: &ToldFile) {
        for field in file.fields_in(XdomeaElement::Verweis) {
            self.page.open("Verweis");
            self.page.code("SGOTyp", "schriftgutobjekttyp", "1.0", "001");
            self.page.text("SGOKennzeichen", &field.value);
            self.page.text("Bemerkung", &field.label);
            self.page.close("Verweis");
        }
        let name = if self.is_4 { "NameAnsprechpartner" } else { "Name" };
        for field in file.fields_in(XdomeaElement::Kontakt) {
            self.page.open("Kontakt");
            self.page.open(name);
            self.page.open("Familienname");
            self.page.text("Name", &field.value);
            self.page.close("Familienname");
            self.page.close(name);
            self.page.text("Taetigkeit", &field.label);
            self.page.close("Kontakt");
        }
    }

    /// What xdomea has no words for.
    fn own_fields(&mut self, file: &ToldFile) {
        if file.fields_in(XdomeaElement::Feld).next().is_none() {
            return;
        }
        self.page.open("AnwendungsspezifischeErweiterung");
        self.page.text("Kennung", EXTENSION);
        self.page.text("Name", "schriftgut");
        self.page.open("Feldgruppe");
        self.page.text("Name", file.kind.as_deref().unwrap_or("Akte"));
        self.page.text("Beschreibung", "Felder der Aktenart und Tatsachen");
        for field in file.fields_in(XdomeaElement::Feld) {
            self.page.open("Feld");
            self.page.text("Name", &field.label);
            self.page.text("Wert", &field.value);
            self.page.close("Feld");
        }
        self.page.close("Feldgruppe");
        self.page.close("AnwendungsspezifischeErweiterung");
    }

    fn case(&mut self, file: &ToldFile, case: &Case) {
        self.page.open("Vorgang");
        self.identity(&case.id.to_string(), None);
        self.is_meant_itself();
        self.page.open("AllgemeineMetadaten");
        self.page.text("Betreff", &case.title);
        self.page.close("AllgemeineMetadaten");
        self.page.text("Aktenbetreff", &file.title);
        self.run(Some(case.opened), None);
        self.documents(file, Some(case.id));
        self.page.close("Vorgang");
    }

    fn documents(&mut self, file: &ToldFile, case: Option<CaseId>) {
        for (number, document) in (1..).zip(file.documents_in(case)) {
            if self.is_4 {
                self.page.open("DokumentOderDokumentMitSchriftstueck");
            }
            self.document(number, document);
            if self.is_4 {
                self.page.close("DokumentOderDokumentMitSchriftstueck");
            }
        }
    }

    fn document(&mut self, number: u32, document: &ToldDocument) {
        self.page.open("Dokument");
        self.identity(&document.id.to_string(), Some(number));
        self.page.open("AllgemeineMetadaten");
        self.page.text("Betreff", &document.name);
        self.page.code("Medium", "medium", "1.0", "001");
        self.page.close("AllgemeineMetadaten");
        self.history(&document.history);
        document.versions.iter().for_each(|version| self.version(version));
        self.page.close("Dokument");
    }

    fn version(&mut self, version: &ToldVersion) {
        self.page.open("Version");
        self.page.text("Nummer", &version.number.to_string());
        self.page.open("Format");
        let code = format_code(version.format);
        self.page.code("Name", "dateiformat", "2.0", code);
        if code == OTHER_FORMAT {
            self.page.text("SonstigerName", version.format.media.iana());
        }
        self.page.text("Version", "");
        self.page.open("Primaerdokument");
        self.page.text("Dateiname", &version.file_name());
        self.page.text("DateinameOriginal", &version.name);
        if self.is_4 {
            self.page.open("Hash");
            self.page.text("Wert", &version.sha256.to_string());
            self.page.foreign_code("Algorithmus", HASHES, "1.0.0", "SHA-256");
            self.page.close("Hash");
        }
        self.page.close("Primaerdokument");
        self.page.close("Format");
        self.page.close("Version");
    }

    fn identity(&mut self, id: &str, number: Option<u32>) {
        self.page.open("Identifikation");
        self.page.text(if self.is_4 { "xdomeaUUID" } else { "ID" }, id);
        if let Some(number) = number {
            self.page.text("NummerImUebergeordnetenContainer", &number.to_string());
        }
        self.page.close("Identifikation");
    }

    /// It is not there only to say where something else lies.
    fn is_meant_itself(&mut self) {
        if self.is_4 {
            self.page.text("Kontextobjekt", "false");
        }
    }

    fn about(&mut self, file: &ToldFile) {
        self.page.open("AllgemeineMetadaten");
        self.page.text("Betreff", &file.title);
        self.page.text("Kennzeichen", &file.reference);
        let secrecy = (file.domain != ProtectionDomain::General).then(|| file.domain.label());
        // What 4.0.0 has an element for, the versions before say in words.
        let in_words = (!self.is_4).then(|| {
            let secrecy = secrecy.map(|secrecy| format!("Schutzbereich: {secrecy}"));
            secrecy.into_iter().chain(Some(file.fate.reason.clone()))
        });
        let field = file.fields_in(XdomeaElement::Bemerkung).map(|field| field.value.clone());
        let remarks: Vec<_> =
            field.chain(file.remark.clone()).chain(in_words.into_iter().flatten()).collect();
        for (element, name) in
            [(XdomeaElement::Federfuehrung, "Federfuehrung"), (XdomeaElement::Aktenfuehrung, "Aktenfuehrung")]
        {
            let said = file.fields_in(element).next().map(|field| field.value.as_str());
            self.page_text(name, said);
        }
        self.page_text("Bemerkung", Some(remarks.join(". ")).as_deref());
        self.page.code("Medium", "medium", "1.0", if file.has_paper { "002" } else { "001" });
        self.page.open("Aktenplaneinheit");
        self.page.text("Kennzeichen", file.class.as_str());
        self.page_text("Inhaltsangabe", Some(&file.class_title));
        self.page.close("Aktenplaneinheit");
        if self.is_4 {
            self.page_text("Datenschutzstufe", secrecy);
        }
        self.page.close("AllgemeineMetadaten");
    }

    fn fate(&mut self, file: &ToldFile) {
        let group = if self.is_4 { "Aussonderungsmetadaten" } else { "ArchivspezifischeMetadaten" };
        let fate = &file.fate;
        self.page.open(group);
        if let Some(years) = fate.years {
            self.page.open("Aufbewahrungsdauer");
            self.page.text("AnzahlJahre", &years.to_string());
            self.page.close("Aufbewahrungsdauer");
        }
        self.page.open("Aussonderungsart");
        self.page.code("Aussonderungsart", "aussonderungsart", "1.0", fate.disposition.code());
        self.page.close("Aussonderungsart");
        if let Some(proposal) = fate.proposal {
            let letter = Decision::letter(proposal);
            self.page.code("Bewertungsvorschlag", "bewertungsvorschlag", "1.0", letter);
        }
        if self.is_4 {
            self.page_text("BewertungsvorschlagBegruendung", Some(&fate.reason));
        }
        if let Some(last) = fate.kept_until {
            self.page.text("Aufbewahrungsende", &last.to_string());
        }
        self.page.close(group);
    }

    fn run(&mut self, begun: Option<Date>, ended: Option<Date>) {
        if begun.is_none() && ended.is_none() {
            return;
        }
        self.page.open("Laufzeit");
        if let Some(begun) = begun {
            self.page.text("Beginn", &begun.to_string());
        }
        if let Some(ended) = ended {
            self.page.text("Ende", &ended.to_string());
        }
        self.page.close("Laufzeit");
    }

    fn history(&mut self, history: &[Happened]) {
        for happened in history {
            self.page.open("HistorienProtokollInformation");
            self.page.text("Akteur", &happened.who);
            self.page.text("DatumUhrzeit", &moment(happened.at));
            self.page.text("Aktion", &happened.what);
            self.page.close("HistorienProtokollInformation");
        }
    }

    /// An element that may be missing, if it says something.
    fn page_text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.page.text(name, text);
        }
    }
}

/// By this our own extension is known.
const EXTENSION: &str = "schriftgut:akte:1";
/// The code list the name of a digest comes from.
const HASHES: &str = "urn:xoev-de:kosit:codeliste:xta.serviceprofile.kryptographische-algorithmen";
/// The code of a format that has none.
const OTHER_FORMAT: &str = "100";
/// The numbers of PDF/A in PRONOM: 1a, 1b, 2a, 2b, 2u, 3a, 3b, 3u.
const PDF_A: [&str; 8] =
    ["fmt/95", "fmt/354", "fmt/476", "fmt/477", "fmt/478", "fmt/479", "fmt/480", "fmt/481"];

/// The code of a format in the list *dateiformat*.
fn format_code(format: Format) -> &'static str {
    let is_pdf_a = || format.pronom.is_some_and(|puid| PDF_A.contains(&puid.to_string().as_str()));
    match format.media {
        MediaType::Pdf if is_pdf_a() => "044",
        MediaType::Pdf => "018",
        MediaType::Tiff => "023",
        MediaType::Jpeg => "011",
        MediaType::Png => "019",
        MediaType::PlainText => "045",
        MediaType::Doc => "003",
        MediaType::Xls => "028",
        MediaType::Ppt => "020",
        MediaType::Docx => "035",
        MediaType::Xlsx => "036",
        MediaType::Pptx => "037",
        MediaType::Odt => "015",
        MediaType::Ods => "014",
        MediaType::Odp => "013",
        MediaType::Rtf => "022",
        MediaType::Html => "008",
        MediaType::Xml => "030",
        MediaType::Csv => "002",
        MediaType::Mail => "006",
        MediaType::OutlookMail => "012",
        MediaType::Jpeg2000
        | MediaType::WebP
        | MediaType::Gif
        | MediaType::Heic
        | MediaType::Xlsb
        | MediaType::Mbox
        | MediaType::Zip
        | MediaType::Unknown => OTHER_FORMAT,
    }
}

//! The file plan in the messages 0511 (to be appraised) and 0514 (what was decided on its classes is taken in).

use uuid::Uuid;

use super::head::Envelope;
use super::page::Page;
use super::root;
use crate::domain::case_file::ClassNumber;
use crate::domain::disposal::dialogue::catalogue::{class_id, plan_id};
use crate::domain::disposal::{MessageKind, MessageVersion};
use crate::domain::file_plan::{FilePlan, FilePlanClass};
use crate::format::file_plan::xdomea::Fate;
use crate::format::table::Table;

/// The file plan to be appraised (0511). In 3.0.0 the standard has no place for what a class is called; there the message
/// names a table that says it ([`plan_table`]), by its file name.
#[must_use]
pub fn plan_offer(
    envelope: Envelope<'_>,
    registry: Uuid,
    plan: &FilePlan,
    fate: &dyn Fn(&ClassNumber) -> Fate,
    table: Option<&str>,
) -> String {
    let kind = MessageKind::PlanOffer;
    let mut writing = Writing { page: envelope.begin(kind), version: envelope.version, registry, fate };
    writing.page.open("Aktenplan");
    writing.id(plan_id(registry));
    writing.page.text("Bezeichnung", plan.title());
    writing.page.text("Version", plan.edition().map_or("", |edition| edition.as_str()));
    writing.classes(plan);
    if let Some(name) = table {
        writing.table(name);
    }
    writing.page.close("Aktenplan");
    writing.page.end(&root(kind, envelope.version))
}

/// What the classes of a plan are called, by the id they have in messages.
#[must_use]
pub fn plan_table(plan: &FilePlan, registry: Uuid) -> String {
    let mut table = Table::new(&["ID", "Kennzeichen", "Inhaltsangabe", "Stillgelegt"]);
    for class in plan.classes() {
        let id = class_id(registry, &class.number).to_string();
        let closed = if class.closed { "ja" } else { "nein" };
        table.row(&[&id, class.number.as_str(), &class.title, closed]);
    }
    table.finish()
}

/// That what a catalogue says of these classes is taken in (0514).
#[must_use]
pub fn catalogue_imported<'a>(
    envelope: Envelope<'_>,
    registry: Uuid,
    classes: impl Iterator<Item = &'a ClassNumber>,
) -> String {
    let kind = MessageKind::CatalogueImported;
    let mut page = envelope.begin(kind);
    if envelope.is_4() {
        success(&mut page);
    }
    for class in classes {
        let id = class_id(registry, class).to_string();
        page.open("BewerteteAktenplaneinheit");
        if envelope.is_4() {
            page.text("xdomeaUUID", &id);
            success(&mut page);
        } else {
            page.text("ID", &id);
            page.text("Erfolgreich", "true");
        }
        page.close("BewerteteAktenplaneinheit");
    }
    page.end(&root(kind, envelope.version))
}

fn success(page: &mut Page) {
    page.open("ErfolgOderMisserfolg");
    page.text("Erfolgreich", "true");
    page.close("ErfolgOderMisserfolg");
}

/// A plan on the way.
struct Writing<'a> {
    page: Page,
    version: MessageVersion,
    registry: Uuid,
    fate: &'a dyn Fn(&ClassNumber) -> Fate,
}

impl Writing<'_> {
    fn id(&mut self, id: Uuid) {
        let name = if self.version == MessageVersion::V4_0 { "xdomeaUUID" } else { "ID" };
        self.page.text(name, &id.to_string());
    }

    fn classes(&mut self, plan: &FilePlan) {
        let is_flat = self.version == MessageVersion::V3_0;
        let mut above: Vec<&FilePlanClass> = Vec::new();
        for class in plan.classes() {
            while above.pop_if(|last| is_flat || !class.number.is_within(&last.number)).is_some() {
                self.page.close("Einheit");
            }
            self.class(class);
            above.push(class);
        }
        above.iter().for_each(|_| self.page.close("Einheit"));
    }

    /// A class, up to where those below it begin.
    fn class(&mut self, class: &FilePlanClass) {
        let fate = (self.fate)(&class.number);
        let says_all = self.version != MessageVersion::V3_0;
        self.page.open("Einheit");
        if says_all {
            self.page.text("Kennzeichen", class.number.as_str());
            self.page.text("Inhaltsangabe", &class.title);
            self.page.text("BetreffKurz", &class.title);
        }
        self.id(class_id(self.registry, &class.number));
        self.page.open("Aussonderungsart");
        self.page.code("Aussonderungsart", "aussonderungsart", "1.0", fate.disposition.code());
        self.page.close("Aussonderungsart");
        if !says_all {
            return;
        }
        self.page.text("Stillgelegt", if class.closed { "true" } else { "false" });
        self.page.open("Aufbewahrungsdauer");
        match fate.years {
            Some(years) => self.page.text("AnzahlJahre", &years.to_string()),
            // The schema knows no other way to say yes.
            None => self.page.text("Unbefristet", "1"),
        }
        self.page.close("Aufbewahrungsdauer");
    }

    fn table(&mut self, name: &str) {
        self.page.open("Aktenplandatei");
        self.page.code("Name", "dateiformat", "2.0", "002");
        self.page.text("Version", "");
        self.page.open("Primaerdokument");
        self.page.text("Dateiname", name);
        self.page.text("DateinameOriginal", "aktenplan.csv");
        self.page.close("Primaerdokument");
        self.page.close("Aktenplandatei");
    }
}

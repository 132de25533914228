//! What stands around every page: name of the registry, ways to go, who is signed in.

use super::Office;
use super::asked::Asked;
use super::gate::Visitor;
use crate::domain::actor::Role;

/// What stands around a page.
pub struct Frame {
    /// Name of the registry.
    pub registry: String,
    /// It is one for showing.
    pub demo: bool,
    /// Who is signed in.
    pub user: Option<User>,
    /// The entry of the navigation that is open.
    pub here: &'static str,
    /// What was just done, if something was.
    pub notice: Option<&'static str>,
}

/// Who is signed in, as pages show it.
pub struct User {
    /// The name.
    pub name: String,
    /// The roles, in words.
    pub roles: String,
    /// What every form carries.
    pub csrf: String,
    /// May search and read.
    pub reads: bool,
    /// May open files.
    pub keeps: bool,
    /// May look at lists.
    pub audits: bool,
    /// May keep people.
    pub administers: bool,
}

impl Frame {
    /// Around a page that is open to everyone.
    pub fn open(office: &Office) -> Self {
        let registry = office.registry.name().to_owned();
        Self { registry, demo: office.registry.is_demo(), user: None, here: "", notice: None }
    }

    /// Around a page of somebody signed in.
    pub fn of(office: &Office, visitor: &Visitor, here: &'static str) -> Self {
        let actor = visitor.actor();
        let roles: Vec<_> = actor.roles.iter().map(|role| role.label()).collect();
        let user = User {
            name: actor.name.clone(),
            roles: roles.join(", "),
            csrf: visitor.csrf().to_owned(),
            reads: actor.as_reader().is_ok(),
            keeps: actor.as_clerk().is_ok(),
            audits: actor.as_auditor().is_ok(),
            administers: actor.is(Role::Administrator),
        };
        Self { user: Some(user), here, ..Self::open(office) }
    }

    /// With a word about what was just done, if the address names it.
    pub fn noting(mut self, asked: &Asked) -> Self {
        self.notice = asked.query("getan").and_then(notice);
        self
    }

    /// What every form carries; empty if nobody is signed in.
    pub fn csrf(&self) -> &str {
        self.user.as_ref().map_or("", |user| &user.csrf)
    }

    /// May open files.
    pub fn keeps(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.keeps)
    }

    /// May search and read.
    pub fn reads(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.reads)
    }
}

/// The words for what was done. A closed set: an address cannot put words into our mouth.
fn notice(done: &str) -> Option<&'static str> {
    Some(match done {
        "hochgeladen" => "Was aus Ihren Dateien wurde, steht unten.",
        "lieferung_entfernt" => "Die Lieferung steht nicht mehr in der Übersicht; ihre Dokumente bleiben.",
        "verworfen" => "Verworfen und entfernt.",
        "neu" => "Die Akte ist angelegt; ihr Aktenzeichen steht oben.",
        "geschlossen" => "Die Akte ist geschlossen (z.d.A.).",
        "geoeffnet" => "Die Akte ist wieder offen.",
        "tatsache" => "Die Tatsache ist eingetragen.",
        "gesperrt" => "Die Vernichtungssperre besteht.",
        "entsperrt" => "Die Vernichtungssperre ist aufgehoben.",
        "geaendert" => "Die Angaben sind geändert.",
        "bezug" => "Die Bezüge sind geändert.",
        "vermerkt" => "Der Vermerk steht in der Akte.",
        "wiedervorlage" => "Die Wiedervorlage ist eingetragen.",
        "standort" => "Der Standort der Papierakte ist eingetragen.",
        "ausgeliehen" => "Die Papierakte ist ausgeliehen.",
        "zurueck" => "Die Rückgabe der Papierakte ist eingetragen.",
        "angesehen" => "Eingetragen.",
        "gezaehlt" => "Die Zahl der Seiten ist eingetragen.",
        "vermerk_geschrieben" => "Der Transfervermerk ist geschrieben.",
        "erledigt" => "Die Wiedervorlage ist erledigt.",
        "abgelegt" => "Das Dokument liegt jetzt in der Akte.",
        "umgelegt" => "Das Dokument liegt jetzt in der anderen Akte.",
        "umgelegt_ohne_register" => {
            "Das Dokument liegt jetzt in der anderen Akte, aber in keinem Register: ihre Aktenart hat seines nicht."
        }
        "eingeordnet" => "Die Dokumente sind eingeordnet.",
        "aus_dem_gebrauch" => {
            "Das Dokument ist zurückgezogen. Es bleibt aufbewahrt und wird nicht mehr gefunden."
        }
        "gelesen" => "Das Dokument wurde noch einmal gelesen.",
        "gleich" => "Das Dokument wurde noch einmal gelesen; sein Text ist wie zuvor.",
        "geblieben" => {
            "Das Dokument wurde noch einmal gelesen; dabei kam nicht mehr heraus, und es bleibt, wie es war."
        }
        "aufgegeben" => "Das Dokument wird nicht gelesen; sein Original bleibt.",
        "geteilt" => {
            "Das Dokument ist geteilt. Der ursprüngliche Scan bleibt aufbewahrt; die Teile stehen unten."
        }
        "zusammengefuegt" => {
            "Die Dokumente sind zusammengefügt. Die bisherigen bleiben aufbewahrt und sind zurückgezogen."
        }
        "wieder" => "Das Dokument ist wieder in Gebrauch.",
        "angelegt" => "Die Aussonderungsliste ist angelegt.",
        "angeboten" => "Die Liste ist dem Archiv angeboten.",
        "bewertet" => "Die Entscheidung ist eingetragen.",
        "uebernommen" => "Die Vorschläge sind übernommen; Zeilen ohne Vorschlag sind weiter offen.",
        "vorgeschlagen" => "Die Vernichtung ist vorgeschlagen.",
        "freigegeben" => "Ihre Freigabe ist eingetragen.",
        "zurueckgezogen" => "Die Liste ist zurückgezogen; ihre Akten sind wieder frei.",
        "ausgefuehrt" => "Die Liste ist ausgeführt, das Vernichtungsprotokoll geschrieben.",
        "strassen" => "Das Straßenverzeichnis gilt ab sofort.",
        "bestaetigt" => "Die Regel ist bestätigt.",
        "regeln" => "Das Regelwerk ist in Kraft.",
        "person" => "Die Person ist angelegt. Vergeben Sie ihr jetzt ein Kennwort.",
        "rechte" => "Die Rechte gelten ab sofort.",
        "vertretung" => "Die Vertretung ist eingetragen.",
        "vertretung_beendet" => "Die Vertretung ist beendet.",
        "kennwort" => "Das Kennwort ist gesetzt.",
        "widerrufen" => "Der Zugangsschlüssel ist widerrufen; er gilt nicht mehr.",
        "gespeichert" => "Die Suche ist gespeichert.",
        "gesehen" => "Als gesehen gemerkt.",
        "umbenannt" => "Die Suche ist umbenannt.",
        "entfernt" => "Die Suche ist entfernt.",
        "eingerichtet" => "Ihr Konto ist eingerichtet. Melden Sie sich jetzt an.",
        "abgemeldet" => "Sie sind abgemeldet.",
        _ => return None,
    })
}

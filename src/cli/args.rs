//! The command line as design §7 fixes it. Doc comments are the help users read, so they are German.

mod archive;
mod backup;
mod batch;
mod dividers;
mod duplicates;
mod forecast;
mod get;
mod hold;
mod init;
mod keep;
mod list;
mod mail;
mod open;
mod paper;
mod plan;
mod queue;
mod refile;
mod relate;
mod restrict;
mod rules;
mod saved;
mod scan;
mod search;
mod serve;
mod sort;
mod streets;
mod target;
mod transfer;
mod types;
mod user;
mod verify;
mod watch;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};
use jiff::civil::Date;

use crate::registry::{Answer, Error};

pub use archive::ArchiveVerb;
pub use backup::{Backup, BackupVerb, Checkpoint, QuarantineVerb, Restore};
pub use batch::BatchArgs;
pub use dividers::DividersArgs;
pub use duplicates::Duplicates;
pub use forecast::ForecastArgs;
pub use get::GetArgs;
pub use hold::{HoldPlace, HoldVerb};
pub use init::Init;
pub use keep::{Assign, ChangeArgs, ReminderVerb};
pub use list::{ListSample, ListVerb, MessageArgs, ThinningArgs};
pub use mail::{Mail, MailFetch, MailVerb};
pub use open::OpenArgs;
pub use paper::{PaperVerb, PlaceArgs};
pub use plan::{Plan, PlanForm, PlanVerb};
pub use queue::{QueueArgs, WorkArgs};
pub use refile::{Merge, Refile, Split, Unpack, Withdraw};
pub use relate::Relate;
pub use restrict::RestrictVerb;
pub use rules::{RulesVerb, Sheet, TryRules};
pub use saved::SavedVerb;
pub use scan::{ScanVerb, ScannedArgs};
pub use search::{Listing, SearchArgs};
pub use serve::Serve;
pub use sort::Sort;
pub use streets::StreetsVerb;
pub use target::TargetArgs;
pub use transfer::TransferVerb;
pub use types::TypesVerb;
pub use user::{TokenVerb, UserVerb};
pub use verify::{Repair, Verify};
pub use watch::WatchArgs;

/// schriftgut – die Registratur einer Stadt: erfassen, finden, bewerten, aussondern.
#[derive(Debug, Parser)]
#[command(name = "schriftgut", version, about, disable_help_subcommand = true)]
pub struct Args {
    /// Ordner der Registratur
    #[arg(long, global = true, env = "SCHRIFTGUT_REGISTRY", value_name = "ORDNER")]
    pub registry: Option<PathBuf>,
    /// Ergebnis als JSON auf der Standardausgabe, eine Antwort je Zeile
    #[arg(long, global = true)]
    pub json: bool,
    /// Als diese Person handeln; fragt nach ihrem Kennwort (oder nimmt SCHRIFTGUT_SECRET)
    #[arg(long = "as", global = true, value_name = "ANMELDENAME")]
    pub acting_as: Option<String>,
    /// Somebody watches the error output: progress is shown there.
    #[arg(skip)]
    pub terminal: bool,
    /// Was zu tun ist
    #[command(subcommand)]
    pub verb: Verb,
}

impl Args {
    /// The registry's folder.
    ///
    /// # Errors
    /// A mistake if none is named.
    pub fn registry(&self) -> Answer<PathBuf> {
        self.registry.clone().ok_or_else(|| {
            Error::mistake(
                "Es ist nicht klar, welche Registratur gemeint ist",
                "weder --registry noch SCHRIFTGUT_REGISTRY ist gesetzt",
                "nennen Sie den Ordner: --registry ORDNER",
            )
        })
    }
}

/// The verbs of the office.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Legt eine Registratur an (fragt nichts)
    Init(Init),
    /// Führt den ganzen Weg an gezeichneten Musterakten vor
    Demo(Demo),
    /// Erfasst Dateien und liest ihre Texte
    Ingest(Box<Ingest>),
    /// Beobachtet einen Ordner und erfasst, was Scanner und Menschen hineinlegen
    Watch(Box<WatchArgs>),
    /// Holt ab, was in einem Postfach liegt
    Mail(Mail),
    /// Druckt Trenn- und Deckblätter für Scanstapel (PDF)
    Dividers(DividersArgs),
    /// Legt eine Akte ohne Dokument an
    Open(OpenArgs),
    /// Liest, was noch ungelesen ist; oder noch einmal, was mit einer anderen Texterkennung gelesen wurde
    Work(WorkArgs),
    /// Zeigt, was gelesen wird, was wartet und was nicht oder nur zum Teil gelesen ist
    Queue(QueueArgs),
    /// Legt ein Dokument aus dem Posteingang in eine Akte
    File {
        /// Kennung des Dokuments
        #[arg(value_name = "DOKUMENT")]
        document: String,
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN")]
        reference: String,
    },
    /// Schließt eine Akte (z.d.A.)
    Close {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN")]
        reference: String,
        /// Tag der Schlussverfügung (heute)
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Option<Date>,
    },
    /// Öffnet eine geschlossene Akte wieder
    Reopen {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN")]
        reference: String,
        /// Tag (heute)
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Option<Date>,
    },
    /// Hält eine Tatsache fest, die Fristen auslöst
    Fact {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN")]
        reference: String,
        /// Art der Tatsache, z. B. building_demolished
        #[arg(value_name = "TATSACHE")]
        kind: String,
        /// Tag
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Date,
        /// Woher es bekannt ist
        #[arg(long, value_name = "TEXT")]
        source: String,
    },
    /// Hält viele Tatsachen aus einer Tabelle fest
    Facts {
        /// CSV-Tabelle mit aktenzeichen;tatsache;am;quelle
        #[arg(value_name = "DATEI")]
        file: PathBuf,
        /// Sieht nur nach, was festgehalten würde
        #[arg(long)]
        preview: bool,
    },
    /// Ändert, was über Akten festgehalten ist: Betreff, Aktenplaneinheit, Aktenart, Felder
    Change(ChangeArgs),
    /// Schreibt einen Vermerk an eine Akte
    Note {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN")]
        reference: String,
        /// Der Vermerk
        #[arg(value_name = "TEXT")]
        text: String,
    },
    /// Wiedervorlagen
    Reminder(Reminder),
    /// Bestimmt, wer für Akten zuständig ist
    Assign(Assign),
    /// Hält fest, wie zwei Akten zusammengehören
    Relate(Relate),
    /// Legt Dokumente in eine andere Akte um: falsch abgelegte, oder alle, um zwei Akten zu vereinen
    Refile(Refile),
    /// Ordnet Dokumente in ein Register ihrer Akte ein
    Sort(Sort),
    /// Zieht ein falsches Dokument zurück, etwa einen unlesbaren Scan; aufbewahrt bleibt es
    Withdraw(Withdraw),
    /// Teilt ein Dokument, etwa einen Stapel, der als eine Datei gescannt wurde; der Scan bleibt aufbewahrt
    Split(Split),
    /// Fügt mehrere Dokumente zu einem zusammen, etwa einen Brief aus zwei Scans; diese bleiben aufbewahrt
    Merge(Merge),
    /// Löst heraus, was in einem Dokument steckt: Anlagen einer Nachricht oder PDF-Datei, Inhalt eines ZIP. Das Lesen tut es von selbst
    Unpack(Unpack),
    /// Papierakten: wo sie stehen und wer sie ausgeliehen hat
    Paper(Paper),
    /// Ersetzendes Scannen: Sichtprüfung, Transfervermerk
    Scan(Scan),
    /// Sucht Seiten und Akten
    Search(SearchArgs),
    /// Gespeicherte Suchen und was darin neu ist
    Saved(Saved),
    /// Schlägt vor, wie eine begonnene Suchanfrage weitergeht
    Suggest {
        /// Anfang einer Suchanfrage; das letzte Wort (mindestens drei Buchstaben) wird ergänzt
        #[arg(value_name = "ANFANG")]
        beginning: String,
    },
    /// Zeigt Dokumente, die einem anderen ähnlich sind
    Similar {
        /// Kennung des Dokuments
        #[arg(value_name = "DOKUMENT")]
        document: String,
    },
    /// Zeigt, was doppelt da ist: mit demselben Inhalt, oder zweimal gescannt mit fast demselben Text
    Duplicates(Duplicates),
    /// Zeigt eine Akte oder ein Dokument
    Show {
        /// Aktenzeichen oder Kennung
        #[arg(value_name = "AKTENZEICHEN|KENNUNG")]
        what: String,
    },
    /// Gibt das Original eines Dokuments aus, oder seinen gelesenen Text
    Get(GetArgs),
    /// Sagt, was für eine Akte gilt und warum
    Why {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN")]
        reference: String,
        /// Stichtag (heute)
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Option<Date>,
    },
    /// Prüft alle Akten gegen das Regelwerk
    Evaluate {
        /// Stichtag (heute)
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Option<Date>,
    },
    /// Sagt voraus, was in den nächsten Jahren fällig wird: Akten, Regalmeter, Bytes
    Forecast(ForecastArgs),
    /// Aktenplan zeigen, prüfen, in Kraft setzen, aus- und einlesen
    Plan(Plan),
    /// Regelwerk zeigen, prüfen, erproben, vergleichen, bestätigen, in Kraft setzen; Löschkonzept schreiben
    Rules(Rules),
    /// Aktenarten: welche Felder und Register eine Akte hat
    Types(Types),
    /// Straßenverzeichnis: welche Straßen es gibt und welche früher anders hießen
    Streets(Streets),
    /// Vernichtungssperren
    Hold(Hold),
    /// Akten, die nach ihrer Frist nur noch wenige lesen dürfen
    Restrict(Restrict),
    /// Aussonderungslisten
    List(List),
    /// Abgabe an das Archiv
    Transfer(Transfer),
    /// Archive, die übernehmen, und was jedes annimmt
    Archive(Archive),
    /// Personen und Rechte
    User(User),
    /// Prüft die Unversehrtheit
    Verify(Verify),
    /// Stellt veränderte oder fehlende gespeicherte Dateien aus einer Kopie wieder her
    Repair(Repair),
    /// Baut Katalog und Suchindex neu auf
    Rebuild,
    /// Schlüsselbund sichern
    Keys(Keys),
    /// Sichert Inhalte und Schlüssel, getrennt voneinander, bei laufendem Betrieb
    Backup(Backup),
    /// Stellt eine Registratur aus Sicherungen wieder her
    Restore(Restore),
    /// Prüfpunkt des Nachweisbuchs nach außen geben oder mit einem früheren vergleichen
    Checkpoint(Checkpoint),
    /// Wiederhergestellte Registratur, der kein Prüfpunkt von außerhalb vorlag
    Quarantine(Quarantine),
    /// Zeigt den Zustand und was besser sein sollte
    Doctor,
    /// Nachweise zeigen und prüfen
    Proof(Proof),
    /// Startet den Server
    Serve(Serve),
}

/// `demo`
#[derive(Debug, ClapArgs)]
pub struct Demo {
    /// Ordner mit den gezeichneten Musterakten; `./run demo` zeichnet sie und nennt ihn
    #[arg(long, value_name = "ORDNER")]
    pub material: Option<PathBuf>,
    /// Danach den Server unter dieser Adresse starten
    #[arg(long, value_name = "ADRESSE")]
    pub listen: Option<std::net::SocketAddr>,
}

/// `ingest`
#[derive(Debug, ClapArgs)]
pub struct Ingest {
    /// Dateien oder Ordner
    #[arg(value_name = "PFAD")]
    pub paths: Vec<PathBuf>,
    /// A delivered batch.
    #[command(flatten)]
    pub batch: BatchArgs,
    /// Where the documents go.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Tag der Anlage, falls die Akte neu ist (heute)
    #[arg(long, value_name = "JJJJ-MM-TT", requires = "file")]
    pub opened: Option<Date>,
    /// Tag der Schlussverfügung, falls die Akte neu ist; ohne --opened auch Tag der Anlage
    #[arg(long, value_name = "JJJJ-MM-TT", requires = "file")]
    pub closed: Option<Date>,
    /// Als neue Fassung dieses Dokuments erfassen (eine Datei)
    #[arg(long, value_name = "KENNUNG", conflicts_with_all = ["file", "manifest"])]
    pub version_of: Option<String>,
    /// Wo das Papier einer neuen Akte steht.
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Scans, die Papier ersetzen sollen.
    #[command(flatten)]
    pub scanned: ScannedArgs,
    /// Texte jetzt nicht lesen
    #[arg(long)]
    pub no_read: bool,
    /// Where the command was given, if a server carries it out: paths count from there.
    #[arg(skip)]
    pub folder: PathBuf,
}

macro_rules! group {
    ($(#[$doc:meta])* $group:ident: $verb:ident) => {
        $(#[$doc])*
        #[derive(Debug, ClapArgs)]
        pub struct $group {
            /// Was zu tun ist
            #[command(subcommand)]
            pub verb: $verb,
        }
    };
}

group! {
    /// `reminder …`
    Reminder: ReminderVerb
}
group! {
    /// `paper …`
    Paper: PaperVerb
}
group! {
    /// `scan …`
    Scan: ScanVerb
}
group! {
    /// `rules …`
    Rules: RulesVerb
}
group! {
    /// `saved …`
    Saved: SavedVerb
}
group! {
    /// `types …`
    Types: TypesVerb
}
group! {
    /// `streets …`
    Streets: StreetsVerb
}
group! {
    /// `hold …`
    Hold: HoldVerb
}
group! {
    /// `restrict …`
    Restrict: RestrictVerb
}
group! {
    /// `list …`
    List: ListVerb
}
group! {
    /// `archive …`
    Archive: ArchiveVerb
}
group! {
    /// `transfer …`
    Transfer: TransferVerb
}
group! {
    /// `user …`
    User: UserVerb
}
group! {
    /// `keys …`
    Keys: KeysVerb
}
group! {
    /// `proof …`
    Proof: ProofVerb
}
group! {
    /// `quarantine …`
    Quarantine: QuarantineVerb
}

/// `keys …`
#[derive(Debug, Subcommand)]
pub enum KeysVerb {
    /// Sichert den Schlüsselbund (versiegelt, ohne Hauptschlüssel); höchstens 30 Tage aufbewahren
    Backup {
        /// Zielordner (darf nicht bestehen)
        #[arg(long, value_name = "ORDNER")]
        out: PathBuf,
    },
    /// Stellt den Hauptschlüssel aus zwei Wiederherstellungsblättern her (je eine Zeile auf der Standardeingabe)
    Recover {
        /// Schlüsseldatei, die geschrieben wird (darf nicht bestehen)
        #[arg(long, value_name = "DATEI")]
        out: PathBuf,
    },
}

/// `proof …`
#[derive(Debug, Subcommand)]
pub enum ProofVerb {
    /// Zeigt den Nachweis zu einem Eintrag, einer Liste oder einer Akte
    Show {
        /// Nummer des Eintrags, Kennung einer Liste oder Akte, oder Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN|KENNUNG")]
        what: String,
        /// In diese Datei schreiben
        #[arg(long, value_name = "DATEI")]
        out: Option<PathBuf>,
    },
    /// Prüft einen Nachweis oder ein Vernichtungsprotokoll, ohne Registratur
    Verify {
        /// JSON-Datei
        #[arg(value_name = "DATEI")]
        file: PathBuf,
        /// Öffentlicher Schlüssel des Nachweisbuchs (oder eine Datei, die ihn enthält)
        #[arg(long, value_name = "SCHLÜSSEL")]
        key: String,
    },
}

//! `user …`: people and their rights.

use clap::Subcommand;
use jiff::civil::Date;

use crate::domain::actor::Role;
use crate::domain::case_file::ClassNumber;
use crate::domain::protection::ProtectionDomain;
use crate::domain::token::TokenScope;

/// `user …`
#[derive(Debug, Subcommand)]
pub enum UserVerb {
    /// Legt eine Person an
    Add {
        /// Anmeldename
        #[arg(value_name = "ANMELDENAME")]
        login: String,
        /// Name, wie andere ihn lesen
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Rolle: clerk, records_manager, archivist, auditor, administrator (mehrfach möglich)
        #[arg(long = "role", value_name = "ROLLE", required = true)]
        roles: Vec<Role>,
        /// Schutzbereich: general, tax, social, personnel (mehrfach möglich)
        #[arg(long = "domain", value_name = "BEREICH", default_value = "general")]
        domains: Vec<ProtectionDomain>,
    },
    /// Ändert Rollen und Schutzbereiche
    Rights {
        /// Anmeldename
        #[arg(value_name = "ANMELDENAME")]
        login: String,
        /// Alle Rollen, die künftig gelten (mehrfach möglich; ohne Angabe bleiben sie)
        #[arg(long = "role", value_name = "ROLLE")]
        roles: Vec<Role>,
        /// Alle Schutzbereiche, die künftig gelten (mehrfach möglich; ohne Angabe bleiben sie)
        #[arg(long = "domain", value_name = "BEREICH")]
        domains: Vec<ProtectionDomain>,
    },
    /// Setzt, wofür jemand zuständig ist: Gleich gute Treffer von dort stehen für ihn vorn; Rechte gibt es keine
    Duties {
        /// Anmeldename
        #[arg(value_name = "ANMELDENAME")]
        login: String,
        /// Zweig des Aktenplans (mehrfach möglich; ohne Angabe keiner)
        #[arg(long = "class", value_name = "NR")]
        branches: Vec<ClassNumber>,
    },
    /// Bestimmt, wer jemanden an welchen Tagen vertritt; ohne Angaben: zeigt es. Rechte gibt es keine
    Deputy {
        /// Anmeldename der Person, die vertreten wird
        #[arg(value_name = "ANMELDENAME")]
        login: String,
        /// Wer vertritt (Anmeldename)
        #[arg(long, value_name = "ANMELDENAME", requires_all = ["from", "until"])]
        by: Option<String>,
        /// Erster Tag
        #[arg(long, value_name = "JJJJ-MM-TT", requires = "by")]
        from: Option<Date>,
        /// Letzter Tag
        #[arg(long, value_name = "JJJJ-MM-TT", requires = "by")]
        until: Option<Date>,
        /// Warum
        #[arg(long, value_name = "TEXT", requires = "by", default_value = "", hide_default_value = true)]
        reason: String,
        /// Beendet, was läuft oder noch kommt
        #[arg(long, conflicts_with = "by")]
        end: bool,
    },
    /// Setzt ein Kennwort (aus `SCHRIFTGUT_NEW_SECRET` oder gefragt)
    Secret {
        /// Anmeldename
        #[arg(value_name = "ANMELDENAME")]
        login: String,
    },
    /// Zugangsschlüssel: Mit einem handelt ein Programm über die Schnittstelle für eine Person
    Token {
        /// Was zu tun ist
        #[command(subcommand)]
        verb: TokenVerb,
    },
    /// Zeigt alle Personen
    List,
}

/// `user token …`
#[derive(Debug, Subcommand)]
pub enum TokenVerb {
    /// Stellt einen Zugangsschlüssel für Sie selbst aus; er wird nur dieses eine Mal gezeigt
    Issue {
        /// Name, am besten der des Programms
        #[arg(value_name = "NAME")]
        name: String,
        /// Wozu er gut ist: lesen, suchen, tatsachen, ablegen (mehrfach möglich)
        #[arg(long = "scope", value_name = "UMFANG", required = true)]
        scopes: Vec<TokenScope>,
        /// Letzter Tag, höchstens in einem Jahr
        #[arg(long, value_name = "JJJJ-MM-TT")]
        until: Date,
    },
    /// Zeigt Zugangsschlüssel, ohne was an ihnen geheim ist
    List {
        /// Wessen (Anmeldename); ohne Angabe Ihre
        #[arg(value_name = "ANMELDENAME")]
        login: Option<String>,
    },
    /// Widerruft einen Zugangsschlüssel; er gilt sofort nicht mehr
    Revoke {
        /// Name oder Kennung
        #[arg(value_name = "NAME|KENNUNG")]
        which: String,
        /// Wessen (Anmeldename); ohne Angabe Ihrer
        #[arg(long, value_name = "ANMELDENAME")]
        of: Option<String>,
    },
}

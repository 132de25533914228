//! Who acts, and the right to act as a value.
//!
//! A verb that only an archivist may use takes an [`Archivist`], and that comes only from
//! [`Actor::as_archivist`]: no door can forget the check.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::case_file::{CaseFile, ClassNumber};
use super::ids::PersonId;
use super::protection::ProtectionDomain;
use super::refusal::Refusal;

/// What a person does in the office (Rolle).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Takes in, searches, reads, closes (Sachbearbeitung).
    Clerk,
    /// Keeps the rules, makes disposal lists, approves first (Schriftgutverwaltung).
    RecordsManager,
    /// Appraises, takes over, approves second (Stadtarchiv).
    Archivist,
    /// Reads the ledger and the proofs; changes nothing (Revision).
    Auditor,
    /// Keeps people and the machine; reads no records by this role, never approves (Administration).
    Administrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Clerk, Self::RecordsManager, Self::Archivist, Self::Auditor, Self::Administrator];

    /// The code used in formats and commands.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::RecordsManager => "records_manager",
            Self::Archivist => "archivist",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The German name users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Clerk => "Sachbearbeitung",
            Self::RecordsManager => "Schriftgutverwaltung",
            Self::Archivist => "Archiv",
            Self::Auditor => "Revision",
            Self::Administrator => "Administration",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Not the code of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected clerk, records_manager, archivist, auditor or administrator")]
pub struct NotARole;

impl FromStr for Role {
    type Err = NotARole;
    fn from_str(text: &str) -> Result<Self, NotARole> {
        Self::ALL.into_iter().find(|role| role.code() == text).ok_or(NotARole)
    }
}

/// A person who may act, with roles and clearances as the ledger grants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The id that never changes.
    pub id: PersonId,
    /// The name used to sign in.
    pub login: String,
    /// The name others read.
    pub name: String,
    /// What the person does.
    pub roles: BTreeSet<Role>,
    /// Which protection domains the person may read.
    pub clearances: BTreeSet<ProtectionDomain>,
    /// Branches of the file plan the person is responsible for (Zuständigkeit). They grant nothing.
    pub duties: BTreeSet<ClassNumber>,
}

macro_rules! right {
    ($($(#[$doc:meta])* $right:ident via $method:ident from $($role:ident)|+;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $right<'a>(&'a Actor);

            impl<'a> $right<'a> {
                /// The person who has the right.
                #[must_use]
                pub fn actor(&self) -> &'a Actor {
                    self.0
                }
            }
        )*

        impl Actor {
            $(
                /// The right to act so, if a role grants it.
                ///
                /// # Errors
                /// A [`Refusal`] that names the roles that could.
                pub fn $method(&self) -> Result<$right<'_>, Refusal> {
                    const ROLES: &[Role] = &[$(Role::$role),+];
                    self.require(ROLES)?;
                    Ok($right(self))
                }
            )*
        }
    };
}

right! {
    /// May read records (within clearances).
    Reader via as_reader from Clerk | RecordsManager | Archivist;
    /// May take in, file, close, and record facts.
    Clerk via as_clerk from Clerk | RecordsManager;
    /// May keep rules and holds, and make disposal lists.
    RecordsManager via as_records_manager from RecordsManager;
    /// May keep the street register.
    StreetKeeper via as_street_keeper from RecordsManager | Administrator;
    /// May put rules in force that somebody else proposed.
    RuleEnactor via as_rule_enactor from RecordsManager | Archivist;
    /// May appraise and take over into the archive wing.
    Archivist via as_archivist from Archivist;
    /// May verify and rebuild: looks at ids and digests, never at content.
    Caretaker via as_caretaker from Administrator | Auditor | RecordsManager | Archivist;
    /// May look at ledger, lists and proofs.
    Auditor via as_auditor from Auditor | RecordsManager | Archivist;
    /// May keep people and the machine.
    Administrator via as_administrator from Administrator;
}

/// May approve a destruction.
#[derive(Debug, Clone, Copy)]
pub struct Approver<'a> {
    actor: &'a Actor,
    role: Role,
}

impl<'a> Approver<'a> {
    /// The person who has the right.
    #[must_use]
    pub fn actor(&self) -> &'a Actor {
        self.actor
    }

    /// The role the approval is given in.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }
}

impl Actor {
    /// The right to approve a destruction. Who keeps the machine or audits it never has it, whatever other
    /// roles there are.
    ///
    /// # Errors
    /// A [`Refusal`] that says why not.
    pub fn as_approver(&self) -> Result<Approver<'_>, Refusal> {
        self.require(&[Role::Archivist, Role::RecordsManager])?;
        if self.is(Role::Administrator) || self.is(Role::Auditor) {
            return Err(Refusal::new(
                "Sie können keine Vernichtung freigeben",
                "Administration und Revision geben nie frei, auch nicht neben einer anderen Rolle",
                "lassen Sie eine Person freigeben, die nur Schriftgutverwaltung oder Archiv ist",
            ));
        }
        let role = if self.is(Role::Archivist) { Role::Archivist } else { Role::RecordsManager };
        Ok(Approver { actor: self, role })
    }

    /// Has this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Is cleared for this secrecy, and a role lets this person read at all. Whether a file may be read is asked of
    /// [`Self::may_read_file`].
    #[must_use]
    pub fn is_cleared_for(&self, domain: ProtectionDomain) -> bool {
        self.as_reader().is_ok() && self.clearances.contains(&domain)
    }

    /// May read this file: its secrecy, and, if it is restricted, one of the offices that still need it. They keep it,
    /// or appraise it.
    #[must_use]
    pub fn may_read_file(&self, file: &CaseFile) -> bool {
        self.is_cleared_for(file.domain) && (!file.restriction.stands() || self.may_read_restricted())
    }

    /// May read what is restricted, within clearances.
    #[must_use]
    pub fn may_read_restricted(&self) -> bool {
        self.is(Role::RecordsManager) || self.is(Role::Archivist)
    }

    /// Files of this class are in a branch the person is responsible for.
    #[must_use]
    pub fn is_responsible_for(&self, class: &ClassNumber) -> bool {
        self.duties.iter().any(|branch| class.is_within(branch))
    }

    fn require(&self, roles: &[Role]) -> Result<(), Refusal> {
        if roles.iter().any(|role| self.is(*role)) {
            return Ok(());
        }
        let wanted: Vec<_> = roles.iter().map(|role| role.label()).collect();
        Err(Refusal::new(
            "Das ist mit Ihren Rechten nicht möglich",
            format!("nötig ist die Rolle {}", wanted.join(" oder ")),
            "wenden Sie sich an die Administration oder an eine Person mit dieser Rolle",
        ))
    }
}

//! What happens to people's accounts.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::domain::actor::Role;
use crate::domain::case_file::ClassNumber;
use crate::domain::deputy::Deputyship;
use crate::domain::ids::{DeputyshipId, SavedSearchId, TokenId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::saved::{SavedSearch, SearchName};
use crate::domain::token::Token;

/// What happens to a person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonEvent {
    /// The account was made; names are sealed under the person's own key.
    Registered {
        /// The name used to sign in.
        login: String,
        /// The name others read.
        name: String,
    },
    /// A secret was set; the private half of the signing key is sealed under it.
    SecretSet {
        /// The sealed signing key (`schema/formats/keyring.md`).
        sealed_key: Vec<u8>,
    },
    /// Roles and clearances from now on.
    RightsSet {
        /// What the person does.
        roles: BTreeSet<Role>,
        /// Which secrecies the person may read.
        clearances: BTreeSet<ProtectionDomain>,
    },
    /// What the person is responsible for (Zuständigkeit) from now on: orders what is found, and grants nothing.
    DutiesSet {
        /// Branches of the file plan.
        branches: BTreeSet<ClassNumber>,
    },
    /// The public half of the signing key from now on: what approvals are checked against.
    SigningKeyPublished {
        /// Ed25519 public key.
        public: [u8; 32],
    },
    /// A search was saved. A query may be about people: it is sealed under the person's own key, as are all of these.
    SearchSaved {
        /// The search.
        search: SavedSearch,
    },
    /// It is called otherwise from now on.
    SearchRenamed {
        /// Which.
        id: SavedSearchId,
        /// The name.
        name: SearchName,
    },
    /// What it finds was looked at.
    SearchSeen {
        /// Which.
        id: SavedSearchId,
        /// So many entries of the ledger were looked at.
        seen: u64,
    },
    /// It was removed.
    SearchForgotten {
        /// Which.
        id: SavedSearchId,
    },
    /// Somebody stands in for the person on some days. It grants nothing.
    DeputyNamed {
        /// Who, and when.
        deputyship: Deputyship,
    },
    /// From this day on nobody stands in by it any more.
    DeputyshipEnded {
        /// Which.
        id: DeputyshipId,
        /// The day.
        on: Date,
    },
    /// A token was issued, with which a program acts for the person.
    TokenIssued {
        /// The token, as far as it is kept.
        token: Token,
    },
    /// It is valid no longer.
    TokenRevoked {
        /// Which.
        id: TokenId,
        /// The day.
        on: Date,
    },
}

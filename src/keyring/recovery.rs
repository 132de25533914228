//! The recovery sheet: the master secret on paper, in three shares of which any two give it back.
//!
//! Shamir's scheme over GF(256). What is shared is the secret and eight bytes of check behind it, so
//! that a wrong result is recognised; a share alone says nothing about either. Shares of one sheet
//! carry the same random sheet number, so that shares of two sheets are not mixed.
//! Format: `schema/formats/recovery-sheet.md`.

use std::fmt;

use blahaj::Sharks;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::groups::{GroupFault, from_groups, in_lines, to_groups};
use super::master::MasterSecret;
use crate::base::seal::random_bytes;

/// Shares of a sheet.
pub const SHARES: usize = 3;
/// Shares that give the secret back.
pub const SHARES_NEEDED: usize = 2;
const VERSION: u8 = 1;
const CHECK_PURPOSE: &str = "schriftgut 2026 recovery sheet v1: check of the master secret";
const SHEET_NUMBER_BYTES: usize = 4;
/// The master secret and its check.
const SHARED_BYTES: usize = 32 + 8;
const SHARE_BYTES: usize = 1 + SHEET_NUMBER_BYTES + SHARED_BYTES;
const GROUPS_PER_LINE: usize = 6;

/// Why the secret could not be recovered. A mistake of the one who typed, in every case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// A group (counted from 1) is not as it was printed.
    #[error("group {group} is not as it was printed")]
    Group {
        /// Which one, counted from 1 as on the sheet.
        group: usize,
    },
    /// Letters are missing or too many.
    #[error("found {found} letters where a share has {wanted}")]
    Letters {
        /// Letters typed.
        found: usize,
        /// Letters of a share.
        wanted: usize,
    },
    /// Every group is right, but this is no share this program knows.
    #[error("not a share of a recovery sheet of version {VERSION}")]
    NotAShare,
    /// Fewer than two different shares.
    #[error("{found} of {SHARES_NEEDED} different shares are there")]
    TooFew {
        /// Different shares given.
        found: usize,
    },
    /// The shares belong to different sheets.
    #[error("the shares are of different recovery sheets")]
    DifferentSheets,
    /// The shares do not give a secret with the right check.
    #[error("the shares do not fit together")]
    DoNotFit,
}

impl RecoveryError {
    /// What is wrong, for the one who typed.
    #[must_use]
    pub fn german(&self) -> String {
        match self {
            Self::Group { group } => format!("die {group}. Gruppe ist nicht so, wie sie gedruckt ist"),
            Self::Letters { found, wanted } => {
                format!("{found} Zeichen sind eingegeben, {wanted} gehören dazu")
            }
            Self::NotAShare => "das ist kein Wiederherstellungsblatt, das dieses Programm kennt".to_owned(),
            Self::TooFew { found } => {
                format!("{found} von {SHARES_NEEDED} verschiedenen Blättern liegen vor")
            }
            Self::DifferentSheets => "die Blätter gehören nicht zusammen".to_owned(),
            Self::DoNotFit => "die Blätter ergeben keinen Hauptschlüssel".to_owned(),
        }
    }
}

impl From<GroupFault> for RecoveryError {
    fn from(fault: GroupFault) -> Self {
        match fault {
            GroupFault::Group(group) => Self::Group { group },
            GroupFault::Letters { found, wanted } => Self::Letters { found, wanted },
        }
    }
}

/// Making shares and putting them together again.
pub struct RecoverySheet;

impl RecoverySheet {
    /// Three shares, any two of which give the secret back. Every call makes a new sheet; those printed
    /// earlier stay valid, since the secret is the same.
    #[must_use]
    pub fn shares(master: &MasterSecret, registry_name: &str) -> [Share; SHARES] {
        let mut shared = Zeroizing::new([0; SHARED_BYTES]);
        shared[..32].copy_from_slice(master.expose());
        shared[32..].copy_from_slice(&master.sum(CHECK_PURPOSE));
        let sheet: [u8; SHEET_NUMBER_BYTES] = random_bytes();
        let mut dealer = Sharks(SHARES_NEEDED as u8).dealer(&shared[..]);
        std::array::from_fn(|_| {
            let dealt = dealer.next().expect("the dealer gives 255 shares");
            let points = Zeroizing::new(Vec::from(&dealt));
            let mut bytes = [0; SHARE_BYTES];
            bytes[0] = VERSION << 4 | points[0];
            bytes[1..=SHEET_NUMBER_BYTES].copy_from_slice(&sheet);
            bytes[1 + SHEET_NUMBER_BYTES..].copy_from_slice(&points[1..]);
            Share { registry_name: registry_name.to_owned(), bytes }
        })
    }

    /// The master secret from two or more shares.
    ///
    /// # Errors
    /// [`RecoveryError::TooFew`], [`RecoveryError::DifferentSheets`], [`RecoveryError::DoNotFit`].
    pub fn recover(shares: &[Share]) -> Result<MasterSecret, RecoveryError> {
        let mut points: Vec<&Share> = Vec::new();
        for share in shares {
            match points.iter().find(|known| known.number() == share.number()) {
                None => points.push(share),
                Some(known) if known.bytes == share.bytes => {}
                Some(_) => return Err(RecoveryError::DifferentSheets),
            }
        }
        if points.len() < SHARES_NEEDED {
            return Err(RecoveryError::TooFew { found: points.len() });
        }
        if points.iter().any(|share| share.sheet() != points[0].sheet()) {
            return Err(RecoveryError::DifferentSheets);
        }
        let dealt: Result<Vec<blahaj::Share>, RecoveryError> =
            points.iter().map(|share| share.point()).collect();
        let shared = Sharks(SHARES_NEEDED as u8).recover(&dealt?).map_err(|_| RecoveryError::DoNotFit)?;
        let shared = Zeroizing::new(shared);
        let secret: Option<&[u8; 32]> = shared.first_chunk();
        let master = MasterSecret::from_bytes(*secret.ok_or(RecoveryError::DoNotFit)?);
        if master.sum(CHECK_PURPOSE)[..] != shared[32..] {
            return Err(RecoveryError::DoNotFit);
        }
        Ok(master)
    }
}

/// One share of a sheet. Worthless alone, the whole secret together with another.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Share {
    registry_name: String,
    bytes: [u8; SHARE_BYTES],
}

impl Share {
    /// Reads what someone typed from a sheet: the groups, without their line numbers. Case, blanks and
    /// hyphens do not matter.
    ///
    /// # Errors
    /// [`RecoveryError::Group`] names the first group that is wrong; [`RecoveryError::Letters`],
    /// [`RecoveryError::NotAShare`].
    pub fn parse(registry_name: &str, text: &str) -> Result<Self, RecoveryError> {
        let read = Zeroizing::new(from_groups(text, SHARE_BYTES)?);
        let bytes: [u8; SHARE_BYTES] = read.as_slice().try_into().map_err(|_| RecoveryError::NotAShare)?;
        let share = Self { registry_name: registry_name.to_owned(), bytes };
        let known = share.bytes[0] >> 4 == VERSION && (1..=SHARES as u8).contains(&share.number());
        if known { Ok(share) } else { Err(RecoveryError::NotAShare) }
    }

    /// Its number: 1, 2 or 3.
    #[must_use]
    pub fn number(&self) -> u8 {
        self.bytes[0] & 15
    }

    /// The registry it belongs to.
    #[must_use]
    pub fn registry_name(&self) -> &str {
        &self.registry_name
    }

    /// The groups people type, separated by blanks.
    #[must_use]
    pub fn text(&self) -> String {
        to_groups(&self.bytes).join(" ")
    }

    /// The number that all shares of one sheet carry.
    fn sheet(&self) -> &[u8] {
        &self.bytes[1..=SHEET_NUMBER_BYTES]
    }

    fn point(&self) -> Result<blahaj::Share, RecoveryError> {
        let mut point = Zeroizing::new([0; 1 + SHARED_BYTES]);
        point[0] = self.number();
        point[1..].copy_from_slice(&self.bytes[1 + SHEET_NUMBER_BYTES..]);
        blahaj::Share::try_from(&point[..]).map_err(|_| RecoveryError::NotAShare)
    }

    /// The page to print: what it is, where to keep it, what to type.
    #[must_use]
    pub fn sheet_text(&self) -> String {
        let number = self.number();
        let sheet = data_encoding::HEXUPPER.encode(self.sheet());
        let groups = in_lines(&to_groups(&self.bytes), GROUPS_PER_LINE);
        format!(
            "\
WIEDERHERSTELLUNGSBLATT – Teil {number} von {SHARES}

Registratur: {}
Blattnummer: {sheet}

Was das ist
  Dieses Blatt ist einer von drei Teilen des Hauptgeheimnisses der Registratur.
  Mit zwei der drei Teile lässt sich das Hauptgeheimnis wiederherstellen, wenn
  die Schlüsseldatei verloren oder die Passphrase vergessen ist. Ein Teil allein
  verrät nichts. Ohne Hauptgeheimnis ist keine Akte mehr lesbar.

Wo es aufbewahrt wird
  Verschlossen, in einem versiegelten Umschlag, und nie zusammen mit einem der
  beiden anderen Teile: an drei verschiedenen Orten, bei drei verschiedenen
  Personen. Wer zwei Teile und die Dateien der Registratur hat, kann alles lesen.
  Nicht fotografieren, nicht einscannen, nicht in die Datensicherung legen.

Was einzugeben ist
  Die {} Gruppen der Reihe nach. Groß- und Kleinschreibung und Leerzeichen sind
  gleichgültig. I und L gelten als 1, O gilt als 0. Der letzte Buchstabe jeder
  Gruppe ist eine Prüfziffer: Bei einem Tippfehler wird die Gruppe genannt.

{groups}
Ausgegeben am: ____________   Verwahrt bei: ______________________________
",
            self.registry_name,
            SHARE_BYTES * 8 / 20,
        )
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({}, …)", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(share: &Share) -> Share {
        Share::parse("Stadt Musterhausen", &share.text()).unwrap()
    }

    #[test]
    fn any_two_of_three_shares_give_the_secret_back() {
        let master = MasterSecret::random();
        let shares = RecoverySheet::shares(&master, "Stadt Musterhausen");
        assert_eq!([1, 2, 3], [0, 1, 2].map(|at: usize| shares[at].number()));
        for (one, other) in [(0, 1), (0, 2), (1, 2), (2, 0)] {
            let recovered = RecoverySheet::recover(&[typed(&shares[one]), typed(&shares[other])]);
            assert_eq!(recovered, Ok(master.clone()));
        }
        assert_eq!(RecoverySheet::recover(&shares), Ok(master));
    }

    #[test]
    fn one_share_is_refused_even_twice() {
        let shares = RecoverySheet::shares(&MasterSecret::random(), "x");
        let one = &shares[1];
        assert_eq!(RecoverySheet::recover(&[]), Err(RecoveryError::TooFew { found: 0 }));
        assert_eq!(
            RecoverySheet::recover(std::slice::from_ref(one)),
            Err(RecoveryError::TooFew { found: 1 })
        );
        assert_eq!(
            RecoverySheet::recover(&[one.clone(), one.clone()]),
            Err(RecoveryError::TooFew { found: 1 })
        );
    }

    #[test]
    fn shares_of_two_sheets_are_not_mixed() {
        let master = MasterSecret::random();
        let first = RecoverySheet::shares(&master, "x");
        let second = RecoverySheet::shares(&master, "x");
        let mixed = RecoverySheet::recover(&[first[0].clone(), second[1].clone()]);
        assert_eq!(mixed, Err(RecoveryError::DifferentSheets));
    }

    #[test]
    fn a_share_with_two_errors_that_hide_each_other_is_still_found() {
        let master = MasterSecret::random();
        let shares = RecoverySheet::shares(&master, "x");
        let mut forged = shares[0].clone();
        forged.bytes[20] ^= 1;
        let recovered = RecoverySheet::recover(&[forged, shares[2].clone()]);
        assert_eq!(recovered, Err(RecoveryError::DoNotFit));
    }

    #[test]
    fn a_typing_error_names_its_group() {
        let shares = RecoverySheet::shares(&MasterSecret::random(), "x");
        let mut groups: Vec<String> = shares[0].text().split(' ').map(str::to_owned).collect();
        let wrong = if groups[6].starts_with('7') { "8" } else { "7" };
        groups[6].replace_range(0..1, wrong);
        assert_eq!(Share::parse("x", &groups.join(" ")).err(), Some(RecoveryError::Group { group: 7 }));
    }

    #[test]
    fn the_printed_sheet_holds_every_group_and_says_never_together() {
        let shares = RecoverySheet::shares(&MasterSecret::random(), "Stadt Musterhausen");
        let sheet = shares[2].sheet_text();
        for group in shares[2].text().split(' ') {
            assert!(sheet.contains(group), "{group}");
        }
        assert!(sheet.contains("Teil 3 von 3") && sheet.contains("Stadt Musterhausen"));
        assert!(sheet.contains("nie zusammen") && sheet.contains("18 Gruppen"));
    }
}

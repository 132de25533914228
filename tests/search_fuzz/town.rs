//! Some hundred pages to ask, in several segments, some of them removed again: letters, addresses, parcels, dates,
//! misread words and text that is none.

use tempfile::TempDir;
use uuid::Uuid;

use schriftgut::base::followed::Followed;
use schriftgut::domain::case_file::ClassNumber;
use schriftgut::domain::ids::{CaseFileId, DocumentId};
use schriftgut::domain::query::{HitKind, PhaseName};
use schriftgut::index::{FileEntry, Index, PageEntry};

use crate::mill::Mill;

/// What its pages are made of.
pub const WORDS: [&str; 64] = [
    "Garage",
    "Garagen",
    "Carport",
    "Wintergarten",
    "Dachgaube",
    "Zaunanlage",
    "Bauzaun",
    "Zaun",
    "Bau",
    "Mauer",
    "Scheune",
    "Brandschutz",
    "Brandschutznachweis",
    "Statik",
    "Nachbar",
    "Nachbarn",
    "Nachbarschaftswiderspruch",
    "Kanalanschluss",
    "Baugenehmigung",
    "Genehmigung",
    "Genehmigungsverfahren",
    "genehmigt",
    "Antrag",
    "Anträge",
    "Antragsteller",
    "Grundstück",
    "Grundstücksentwässerungsanlage",
    "Straßenausbaubeitragssatzung",
    "Satzung",
    "Wohnhaus",
    "Wohnhauses",
    "Neubau",
    "Umbau",
    "Abbruch",
    "Abbruchanzeige",
    "Lageplan",
    "Müller",
    "Mueller",
    "Muller",
    "Schröder",
    "Schroeder",
    "Garnge",
    "Baugenehrnigung",
    "Cenehmigung",
    "Mühlenweg",
    "Bahnhofstraße",
    "Kaiserstraße",
    "Ring",
    "Markt",
    "Flur",
    "Flurstück",
    "118/2",
    "4",
    "12",
    "12a",
    "63-17/1958",
    "02091-C-71",
    "1958",
    "1961",
    "12.3.1958",
    "13. März 1958",
    "§",
    "BauGB",
    "und",
];
const FILES: u128 = 40;
const PAGES_OF_A_FILE: u32 = 10;
const WORDS_OF_A_PAGE: usize = 60;
/// Pages put in until a segment is written.
const FILES_PER_COMMIT: u128 = 9;

/// An index, its folder, and some of its pages' texts.
pub struct Town {
    pub index: Index,
    pub texts: Vec<String>,
    /// Two of its files, to be searched alone.
    pub file: CaseFileId,
    _folder: TempDir,
}

fn file(n: u128) -> CaseFileId {
    CaseFileId(Uuid::from_u128(0xf11e_0000 + n))
}

fn document(n: u128) -> DocumentId {
    DocumentId(Uuid::from_u128(0xd0c0_0000 + n))
}

impl Town {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let index = Index::create(&folder.path().join("general")).unwrap();
        let (mut mill, mut texts) = (Mill(20_260_101), Vec::new());
        let followed = |entries: u128| Followed { entries: entries as u64, ..Followed::NOTHING };
        for n in 0..FILES {
            let class: ClassNumber = ["63.10.01", "63.10.03", "20.1"][n as usize % 3].parse().unwrap();
            let place = (n % 7 > 0).then(|| (file(n), &class));
            put_file(&index, &mut mill, n, &class);
            for page in 1..=PAGES_OF_A_FILE {
                let text = text(&mut mill);
                index
                    .put_page(&PageEntry {
                        record_type: None,
                        register: None,
                        document: document(n),
                        file: place.map(|(file, _)| file),
                        class: place.map(|(_, class)| class),
                        street: ["Bahnhofstraße 12a", "Kaiserstraße 5", ""][n as usize % 3],
                        file_name: ["Lageplan_1958.tif", "Antrag Garage.pdf", "\u{202e}fdp.exe"]
                            [n as usize % 3],
                        phase: Some(PhaseName::ALL[n as usize % 3]),
                        kind: HitKind::ALL[n as usize % 6],
                        page,
                        text: &text,
                        letter_years: &[1958],
                        position: 0,
                    })
                    .unwrap();
                texts.push(text);
            }
            if n % FILES_PER_COMMIT == 0 {
                index.commit(followed(n + 1)).unwrap();
            }
        }
        index.remove_document(document(3)).unwrap();
        index.commit(followed(FILES + 1)).unwrap();
        // What no page has, but a snippet may be cut from.
        texts.push(String::new());
        texts.push("\u{fdfa}\u{308}\u{130}Garage\u{202e}\0İGARAGE ".repeat(40));
        Self { index, texts, file: file(1), _folder: folder }
    }
}

fn put_file(index: &Index, mill: &mut Mill, n: u128, class: &ClassNumber) {
    let title = format!("{} {}", mill.one_of(&WORDS), mill.one_of(&WORDS));
    index
        .put_file(&FileEntry {
            record_type: None,
            file: file(n),
            class,
            reference: &format!("63-{n}/1958").parse().unwrap(),
            title: &title,
            texts: &[(*mill.one_of(&WORDS)).to_owned()],
            street: "Bahnhofstraße 12a",
            parcel: "Gemarkung Kesterbrück, Flur 4, Flurstück 118/2",
            phase: Some(PhaseName::ALL[n as usize % 3]),
            years: 1955..=1961,
            position: 0,
        })
        .unwrap();
}

fn text(mill: &mut Mill) -> String {
    let mut text = String::new();
    for _ in 0..WORDS_OF_A_PAGE {
        // Some words are frequent and most are not.
        let most = 1 + mill.below(WORDS.len());
        text.push_str(WORDS[mill.below(most)]);
        text.push_str([" ", " ", " ", "\n", ", ", "-\n", ". "][mill.below(7)]);
    }
    text
}

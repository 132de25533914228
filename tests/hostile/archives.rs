//! Hostile archives: names that climb, sizes that lie, entries that share their bytes, packages that are none.

use super::{Corpus, make};

/// Names that mean something to a file system or to whoever looks at them.
pub const NAMES: [&str; 24] = [
    "../../../../tmp/hinauf",
    "..\\..\\windows\\hinauf",
    "/etc/absolut",
    "Z:\\Windows\\absolut",
    "\\\\127.0.0.1\\teilen\\a",
    "a/../../b",
    "a/./b//c",
    "./",
    "nul\0mitte",
    "CON",
    "aux.txt",
    "LPT1.pdf",
    "a:strom",
    "rechnung\u{202e}fdp.exe",
    "M\u{fc}ller",
    "Mu\u{308}ller",
    "gleich.TXT",
    "GLEICH.txt",
    "zeile\nzwei",
    "=cmd|'/c calc'!A1",
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE akten; --",
    "\u{1b}[2J\u{7}",
    "leer ",
];

fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    make::zip_of(&[(name, bytes)])
}

/// Where the table of contents begins and where its end record does.
fn ends(zip: &[u8]) -> (usize, usize) {
    let find = |mark: &[u8; 4]| zip.windows(4).rposition(|four| four == mark).unwrap();
    let first = zip.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    (first, find(b"PK\x05\x06"))
}

/// The archive with these bytes at a place in its table of contents.
fn with_entry(zip: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let (entry, _) = ends(zip);
    let mut zip = zip.to_vec();
    zip[entry + at..entry + at + bytes.len()].copy_from_slice(bytes);
    zip
}

fn with_end(zip: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let (_, end) = ends(zip);
    let mut zip = zip.to_vec();
    zip[end + at..end + at + bytes.len()].copy_from_slice(bytes);
    zip
}

/// An archive whose entries are all the same stored bytes.
fn overlapping(entries: u16, size: usize) -> Vec<u8> {
    let one = zip("a.txt", &vec![b' '; size]);
    let (first, end) = ends(&one);
    let entry = &one[first..end];
    let mut out = one[..first].to_vec();
    out.extend(entry.repeat(usize::from(entries)));
    let mut last = one[end..].to_vec();
    last[8..10].copy_from_slice(&entries.to_le_bytes());
    last[10..12].copy_from_slice(&entries.to_le_bytes());
    let length = u32::try_from(entry.len() * usize::from(entries)).unwrap();
    last[12..16].copy_from_slice(&length.to_le_bytes());
    out.extend(last);
    out
}

pub fn add(corpus: &mut Corpus) {
    for (number, name) in NAMES.iter().enumerate() {
        corpus.add(format!("name-{number}.zip"), zip(name, b"Inhalt"));
    }
    lies(corpus);
    bombs(corpus);
    packages(corpus);
    let whole = make::package(&[("a.txt", "Anfang"), ("b.txt", "Mitte"), ("c.txt", "Ende")]);
    for tenth in 1..10 {
        corpus.add(format!("cut-{tenth}.zip"), whole[..whole.len() * tenth / 10].to_vec());
        let mut flipped = whole.clone();
        flipped[whole.len() * tenth / 10] ^= 0xFF;
        corpus.add(format!("flipped-{tenth}.zip"), flipped);
    }
    for (name, head) in [
        ("a.gz", &b"\x1F\x8B\x08\0\0\0\0\0\0\x03"[..]),
        ("a.7z", b"7z\xBC\xAF\x27\x1C\0\x04"),
        ("a.rar", b"Rar!\x1A\x07\x01\0"),
        ("a.xz", b"\xFD7zXZ\0\0\x04"),
        ("a.bz2", b"BZh91AY&SY"),
        ("a.zst", b"\x28\xB5\x2F\xFD\0\0"),
        ("a.cab", b"MSCF\0\0\0\0"),
    ] {
        corpus.add(name, [head, &super::noise(2_000, 20)].concat());
    }
    let mut tar = vec![0; 1024];
    tar[..19].copy_from_slice(b"../../../tmp/hinauf");
    tar[257..262].copy_from_slice(b"ustar");
    corpus.add("a.tar", tar);
}

fn lies(corpus: &mut Corpus) {
    let one = zip("a.txt", &b"Inhalt ".repeat(100));
    corpus.add("size-huge.zip", with_entry(&one, 24, &[0xFF; 4]));
    corpus.add("size-packed-huge.zip", with_entry(&one, 20, &[0xFE, 0xFF, 0xFF, 0x7F]));
    corpus.add("size-none.zip", with_entry(&one, 24, &[0; 4]));
    corpus.add("checksum.zip", with_entry(&one, 16, &[1, 2, 3, 4]));
    corpus.add("place-beyond.zip", with_entry(&one, 42, &[0xFF, 0xFF, 0xFF, 0x7F]));
    corpus.add("name-beyond.zip", with_entry(&one, 28, &[0xFF, 0xFF]));
    corpus.add("extra-beyond.zip", with_entry(&one, 30, &[0xFF, 0xFF]));
    corpus.add("encrypted.zip", with_entry(&one, 8, &[1, 0]));
    corpus.add("link.zip", with_entry(&one, 38, &[0, 0, 0xFF, 0xA1]));
    corpus.add("device.zip", with_entry(&one, 38, &[0, 0, 0xFF, 0x61]));
    for (name, method) in
        [("shrunk", 1_u16), ("deflate64", 9), ("bzip2", 12), ("lzma", 14), ("zstd", 93), ("unknown", 9999)]
    {
        corpus.add(format!("method-{name}.zip"), with_entry(&one, 10, &method.to_le_bytes()));
    }
    corpus.add("count-huge.zip", with_end(&one, 8, &[0xFF, 0xFF, 0xFF, 0xFF]));
    corpus.add("count-none.zip", with_end(&one, 8, &[0; 4]));
    corpus.add("other-disk.zip", with_end(&one, 4, &[7, 0, 7, 0]));
    corpus.add("table-beyond.zip", with_end(&one, 16, &[0xF0, 0xFF, 0xFF, 0x7F]));
    corpus.add("table-at-the-start.zip", with_end(&one, 16, &[0; 4]));
    let comment = [&b"PK\x05\x06"[..], &[0; 60_000]].concat();
    let mut commented = with_end(&one, 20, &u16::try_from(comment.len()).unwrap().to_le_bytes());
    commented.extend(comment);
    corpus.add("end-in-the-comment.zip", commented);
    corpus.add("behind-a-megabyte.zip", [super::noise(1 << 20, 21), one.clone()].concat());
    let local = one.windows(5).position(|name| name == b"a.txt").unwrap();
    let mut two_names = one.clone();
    two_names[local..local + 5].copy_from_slice(b"b.exe");
    corpus.add("two-names.zip", two_names);
    let mut odd = one.clone();
    let (entry, _) = ends(&odd);
    odd[entry + 46..entry + 51].copy_from_slice(&[0xFF, 0xFE, 0xC0, 0xAF, 0x80]);
    odd[entry + 9] |= 0x08;
    corpus.add("name-of-no-letters.zip", odd);
    corpus.add("end-alone.zip", [&b"PK\x05\x06"[..], &[0; 18]].concat());
    let large = [
        &b"PK\x06\x06"[..],
        &44_u64.to_le_bytes(),
        &[0; 12],
        &[0xFF; 32],
        b"PK\x06\x07",
        &[0; 16],
        b"PK\x05\x06",
        &[0xFF; 16],
        &[0; 2],
    ]
    .concat();
    corpus.add("end-of-64-bits.zip", [&b"PK\x03\x04"[..], &large].concat());
}

fn bombs(corpus: &mut Corpus) {
    let blanks = vec![b' '; 100 << 20];
    corpus.add("bomb.zip", zip("a.txt", &blanks));
    corpus.add("overlapping.zip", overlapping(20_000, 1 << 20));
    let mut inside = zip("a.txt", &blanks[..1 << 20]);
    for depth in 0..20 {
        inside = make::zip_of(&[
            (&format!("{depth}.zip"), &inside),
            ("b.zip", &inside[..inside.len().min(2_000)]),
        ]);
    }
    corpus.add("zip-in-zip.zip", inside);
    let many: Vec<(String, &[u8])> = (0..60_000).map(|n| (format!("{n}"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    corpus.add("sixty-thousand.zip", make::zip_of(&many));
    corpus.add("deep-folders.zip", zip(&"a/".repeat(20_000), b""));
    corpus.add("long-name.zip", zip(&"ä".repeat(30_000), b""));
    let mut twice =
        make::zip_of(&[("doppelt.txt", b"eins"), ("doppelu.txt", b"zwei"), ("doppelv.txt", b"drei")]);
    while let Some(other) = twice.windows(8).position(|name| matches!(name, b"doppelu." | b"doppelv.")) {
        twice[other + 6] = b't';
    }
    corpus.add("one-name-three-times.zip", twice);
}

/// Packages that say they are office documents.
fn packages(corpus: &mut Corpus) {
    let types = "<Types>wordprocessingml.document.main+xml</Types>";
    corpus.add("types-alone.docx", make::package(&[("[Content_Types].xml", types)]));
    let climbing = "<Relationships><Relationship Id='r0' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='../../../../etc/passwd'/></Relationships>";
    corpus.add("climbing.docx", make::package(&[("[Content_Types].xml", types), ("_rels/.rels", climbing)]));
    corpus.add(
        "types-bomb.docx",
        make::package(&[("[Content_Types].xml", &format!("<Types>{}", " ".repeat(50 << 20)))]),
    );
    corpus.add(
        "mimetype-bomb.odt",
        make::package(&[("mimetype", &"application/vnd.oasis.opendocument.text".repeat(100_000))]),
    );
    corpus
        .add("mimetype-alone.odt", make::package(&[("mimetype", "application/vnd.oasis.opendocument.text")]));
    corpus.add(
        "mimetype-unknown.odt",
        make::package(&[("mimetype", "application/vnd.oasis.opendocument.unbekannt")]),
    );
}

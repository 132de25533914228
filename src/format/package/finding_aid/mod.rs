//! The finding aid (Findmittel; `schema/formats/finding-aid.md`): what an export holds, for people who have nothing but the package. The same
//! three times: as a page to read, as Markdown, as a table. It is written piece by piece, a file after the other, so that an
//! export of any size fits in memory. Knows no form: whoever writes it says where an original lies.

mod markdown;
mod page;
mod table;

use super::{Export, PackagedFile, PackagedVersion};
use crate::domain::life_cycle::german;

/// What its three files are called, in the order of all that is written here.
pub const NAMES: [&str; 3] = ["Findmittel.html", "Findmittel.md", "Findmittel.csv"];

/// Where the original of a version lies, from where the finding aid lies.
pub type Link<'a> = &'a dyn Fn(&PackagedVersion) -> String;

/// What stands before the first file.
#[must_use]
pub fn begin(export: &Export) -> [String; 3] {
    [page::begin(export), markdown::begin(export), table::begin()]
}

/// What stands of a file.
#[must_use]
pub fn of_file(file: &PackagedFile, link: Link<'_>) -> [String; 3] {
    [page::of_file(file, link), markdown::of_file(file, link), table::of_file(file, link)]
}

/// What stands after the last file.
#[must_use]
pub fn end() -> [String; 3] {
    [page::end(), String::new(), String::new()]
}

/// The finding aid of one file.
pub(super) fn of_one(export: &Export, file: &PackagedFile, link: Link<'_>) -> [String; 3] {
    let one = Export { files: vec![(file.reference.clone(), file.title.clone())], ..export.clone() };
    let [begin, of_file, end] = [begin(&one), of_file(file, link), end()];
    std::array::from_fn(|at| format!("{}{}{}", begin[at], of_file[at], end[at]))
}

/// What is told of a file besides its documents: what it is called, and what it is. Nothing is told that is not known.
fn told(file: &PackagedFile) -> Vec<(&str, String)> {
    let class = format!("{} {}", file.class, file.class_title);
    let mut told = vec![
        ("Aktenzeichen", file.reference.clone()),
        ("Titel", file.title.clone()),
        ("Aktenplaneinheit", class.trim_end().to_owned()),
    ];
    told.extend(file.kind.clone().map(|kind| ("Art der Akte", kind)));
    told.push(("Laufzeit", term(file)));
    told.extend(file.fields.iter().map(|(label, value)| (label.as_str(), value.clone())));
    told.push(("Schutzbereich", file.secrecy.label().to_owned()));
    told.push(("Entscheidung des Archivs", file.decision.clone()));
    told.push(("Begründung des Archivs", file.reason.clone()));
    told.push(("Warum die Akte angeboten wurde", file.basis.clone()));
    told.extend(file.thinned.clone().map(|thinned| ("Umfang der Übernahme", thinned)));
    told.push(("Kennung der Akte", file.id.to_string()));
    told.push(("Kennung des Archivexemplars", file.copy.to_string()));
    told.retain(|(_, value)| !value.is_empty());
    told
}

/// A path as a link has it.
fn href(path: &str) -> String {
    use std::fmt::Write as _;
    let mut href = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            href.push(char::from(byte));
        } else {
            let _ = write!(href, "%{byte:02X}"); // writing to a text cannot fail
        }
    }
    href
}

/// From when to when it ran.
fn term(file: &PackagedFile) -> String {
    let closed = file.closed.map_or_else(|| "unbekannt".to_owned(), german);
    match file.begun {
        Some(begun) => format!("{} bis {closed}", german(begun)),
        None => format!("bis {closed}"),
    }
}

/// Of which export it is, in a sentence.
fn of_which(export: &Export) -> String {
    format!(
        "Abgabe von {} am {} aus der Aussonderungsliste {}.",
        export.organisation,
        german(export.on),
        export.list
    )
}

/// How to check that nothing was changed.
const HOW_TO_CHECK: &str = "Zu jeder Datei steht ihre Prüfsumme (SHA-256). Stimmt die Prüfsumme einer Datei damit überein, \
     ist sie so, wie sie abgegeben wurde.";

/// What the columns of documents are called.
const COLUMNS: [&str; 8] =
    ["Datei", "Ursprünglicher Name", "Fassung", "Ort in der Akte", "Art", "Seiten", "Bytes", "SHA-256"];

/// What stands in them, but for the first.
fn cells(file: &PackagedFile) -> impl Iterator<Item = (&PackagedVersion, [String; 7])> {
    file.documents.iter().flat_map(|document| {
        let places = [document.register.as_deref(), document.case.as_deref()];
        let place: Vec<_> = places.into_iter().flatten().collect();
        let place = place.join(", ");
        let of = document.versions.last().map_or(1, |newest| newest.number);
        document.versions.iter().map(move |version| {
            let cells = [
                version.original_name.clone(),
                if of == 1 { String::new() } else { format!("{} von {of}", version.number) },
                place.clone(),
                crate::format::wording::kind(version.format),
                version.pages.map_or_else(|| "unbekannt".to_owned(), |pages| pages.to_string()),
                version.size_bytes.to_string(),
                version.sha256.to_string(),
            ];
            (version, cells)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::package::samples;

    fn written() -> [String; 3] {
        of_one(&samples::export(), &samples::file(), &|version| format!("data/x/{}", version.name))
    }

    #[test]
    fn the_page_is_self_contained_and_what_people_typed_stays_text() {
        let [page, ..] = written();
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"de\">"), "{page}");
        for wrong in ["<script", "http:", "https:", "src=", "<link", "@import", "url("] {
            assert!(!page.contains(wrong), "{wrong} in {page}");
        }
        // A strict reader finds every tag closed, every attribute quoted, and the words as they were typed.
        let body = page.strip_prefix("<!DOCTYPE html>\n").unwrap();
        let page = roxmltree::Document::parse(body).unwrap();
        let all = |name: &'static str| page.descendants().filter(move |node| node.has_tag_name(name));
        let text = |node: roxmltree::Node<'_, '_>| -> String {
            node.descendants().filter_map(|d| d.is_text().then(|| d.text()).flatten()).collect()
        };
        assert_eq!(all("h1").count(), 1);
        assert!(all("td").chain(all("dd")).any(|cell| text(cell) == samples::HOSTILE), "{body}");
        assert!(all("th").all(|cell| ["col", "row"].contains(&cell.attribute("scope").unwrap())));
        assert_eq!(all("table").count(), all("caption").count());
        let links: Vec<_> = all("a").filter_map(|link| link.attribute("href")).collect();
        assert_eq!(links, ["data/x/00000000_v1_plan.pdf", "data/x/00000000_v2_plan.pdf"]);
    }

    #[test]
    fn a_link_leads_to_the_path_whatever_is_in_it() {
        assert_eq!(href("a/urn%3auuid%3a1/x y>.pdf"), "a/urn%253auuid%253a1/x%20y%3E.pdf");
    }

    #[test]
    fn markdown_keeps_what_people_typed_in_its_cell() {
        let [_, text, _] = written();
        let row = text.lines().find(|line| line.contains("v2\\_plan.pdf](")).unwrap();
        let bare = row.replace("\\\\", "").replace("\\|", "");
        assert_eq!(bare.matches('|').count(), COLUMNS.len() + 1, "{row}");
        assert!(!text.contains("<script") && text.contains("&lt;script&gt;"), "{text}");
        assert!(text.contains("\\[a\\](b) \\`c\\`"), "{text}");
        assert!(text.lines().all(|line| !line.starts_with("& ")), "a line end would begin another line");
    }

    #[test]
    fn the_table_has_a_line_for_every_original_and_computes_nothing() {
        let [.., table] = written();
        let text = table.strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        let cell = |name: &str| &rows[1][head.iter().position(|column| column == name).unwrap()];
        assert_eq!(cell("Titel"), samples::HOSTILE);
        assert_eq!(cell("Aktenzeichen"), "63-1/1960");
        assert_eq!(cell("Datei"), "data/x/00000000_v2_plan.pdf");
        assert_eq!(cell("Laufzeit bis"), "1962-03-01");
        assert!(cell("Angaben").starts_with("Straße: =HYPERLINK"), "a formula only at the beginning is one");
    }

    #[test]
    fn a_file_of_which_no_document_is_there_is_named_all_the_same() {
        let file = PackagedFile { documents: Vec::new(), ..samples::file() };
        for text in of_file(&file, &|_| String::new()) {
            assert!(text.contains("63-1/1960"), "{text}");
        }
    }
}

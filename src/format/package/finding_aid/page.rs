//! The finding aid as a page to read: self-contained, one section a file, tables with heads. Well-formed as XML too.

use std::fmt::Write as _;

use super::{COLUMNS, HOW_TO_CHECK, Link, cells, href, of_which, told};
use crate::format::markup;
use crate::format::package::{Export, PackagedFile};
use crate::format::wording::count;

/// How it looks: dark on light, and nothing that does not fit on a narrow screen or on paper.
const STYLE: &str = "body{font-family:sans-serif;line-height:1.5;max-width:75rem;margin:0 auto;padding:1rem;color:#1b1b1b;background:#fff}\
h1,h2,h3{line-height:1.2}section{border-top:2px solid #1b1b1b;margin-top:2rem}dl{display:grid;grid-template-columns:minmax(10rem,16rem) 1fr;gap:.25rem 1rem}\
dt{font-weight:bold}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}.breit{overflow-x:auto}table{border-collapse:collapse;width:100%}\
caption{text-align:left;font-weight:bold;padding:.5rem 0}th,td{border:1px solid #595959;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
thead th{background:#ececec}td.zahl{text-align:right}code{font-size:.85em}a{color:#0b3d91}\
@media(max-width:40rem){dl{display:block}dd{margin:0 0 .5rem}}@media print{body{max-width:none}section{break-inside:auto}}";

/// Written so that a browser shows it and does nothing else.
fn escaped(text: &str) -> String {
    markup::escaped(text, |c| match c {
        '"' => Some("&quot;".into()),
        '\'' => Some("&#39;".into()),
        '\n' => Some("\n".into()),
        '\t' => Some("\t".into()),
        _ => None,
    })
}

pub(super) fn begin(export: &Export) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"de\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>Findmittel: {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>Findmittel</h1>\n\
         <p>{}</p>\n<p>{}. {HOW_TO_CHECK}</p>\n</header>\n<main>\n",
        escaped(&of_which(export)),
        escaped(&of_which(export)),
        count(export.files.len(), "Akte", "Akten"),
    );
    if export.files.len() > 1 {
        page.push_str("<nav aria-labelledby=\"inhalt\">\n<h2 id=\"inhalt\">Akten</h2>\n<ol>\n");
        for (number, (reference, title)) in (1..).zip(&export.files) {
            let (reference, title) = (escaped(reference), escaped(title));
            let _ = writeln!(page, "<li><a href=\"#akte-{number}\">{reference}: {title}</a></li>");
        }
        page.push_str("</ol>\n</nav>\n");
    }
    page
}

pub(super) fn of_file(file: &PackagedFile, link: Link<'_>) -> String {
    let number = file.number;
    let (reference, title) = (escaped(&file.reference), escaped(&file.title));
    let mut page = format!(
        "<section id=\"akte-{number}\" aria-labelledby=\"titel-{number}\">\n\
         <h2 id=\"titel-{number}\">{reference}: {title}</h2>\n<dl>\n"
    );
    for (label, value) in told(file) {
        let _ = writeln!(page, "<dt>{}</dt><dd>{}</dd>", escaped(label), escaped(&value));
    }
    page.push_str("</dl>\n");
    if file.documents.is_empty() {
        page.push_str("<p>Zu dieser Akte liegen keine Dokumente vor.</p>\n</section>\n");
        return page;
    }
    let _ = write!(
        page,
        "<div class=\"breit\" tabindex=\"0\" role=\"region\" aria-label=\"Dokumente der Akte {reference}\">\n\
         <table>\n<caption>Dokumente der Akte {reference}</caption>\n<thead>\n<tr>"
    );
    for column in COLUMNS {
        let _ = write!(page, "<th scope=\"col\">{column}</th>");
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for (version, cells) in cells(file) {
        let (href, name) = (href(&link(version)), escaped(&version.name));
        let _ = write!(page, "<tr><th scope=\"row\"><a href=\"{href}\">{name}</a></th>");
        for (cell, column) in cells.iter().zip(&COLUMNS[1..]) {
            let cell = escaped(cell);
            let _ = match *column {
                "Seiten" | "Bytes" => write!(page, "<td class=\"zahl\">{cell}</td>"),
                "SHA-256" => write!(page, "<td><code>{cell}</code></td>"),
                _ => write!(page, "<td>{cell}</td>"),
            };
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n</section>\n");
    page
}

pub(super) fn end() -> String {
    "</main>\n</body>\n</html>\n".to_owned()
}

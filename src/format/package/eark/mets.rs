//! METS as CSIP and SIP 2.1.0 want it: for the package as a whole, and for each of its representations.

use super::Representation;
use crate::format::package::xml::Xml;
use crate::format::package::{Export, PackagedObject, Written, moment};

/// The profile all of it keeps to.
const PROFILE: &str = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml";
/// What content of ours is called: no specification of content types knows it.
const CONTENT: [(&str, &str); 2] =
    [("csip:CONTENTINFORMATIONTYPE", "OTHER"), ("csip:OTHERCONTENTINFORMATIONTYPE", "schriftgut-akte-1")];

/// What the bytes of an object are.
pub(super) fn media(object: &PackagedObject) -> &'static str {
    match object.format {
        Some(format) => format.media.iana(),
        None if object.is_text => "application/json",
        None => "application/octet-stream",
    }
}

/// What the bytes of a text of ours are.
fn media_of_text(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "xml" => "text/xml",
        "json" => "application/json",
        "html" => "text/html",
        "csv" => "text/csv",
        "md" => "text/markdown",
        _ => "text/plain",
    }
}

/// What a package consists of, with places from its folder.
pub(super) struct Whole<'a> {
    pub(super) name: &'a str,
    pub(super) label: String,
    pub(super) dublin_core: &'a Written,
    pub(super) description: &'a Written,
    pub(super) premis: &'a Written,
    pub(super) documentation: &'a [Written],
    pub(super) schema: &'a Written,
    pub(super) representations: &'a [(&'a Representation<'a>, Written)],
}

impl Whole<'_> {
    /// The METS of the package.
    pub(super) fn write(&self, export: &Export) -> String {
        let mut mets = Mets::begin(export, self.name, &self.label);
        mets.described("dmd-1", self.dublin_core, &[("MDTYPE", "DC")]);
        mets.described("dmd-2", self.description, &[("MDTYPE", "OTHER"), ("OTHERMDTYPE", "SCHRIFTGUT-AKTE")]);
        mets.preserved("digiprov-1", self.premis);
        mets.xml.open("fileSec", &[("ID", "files")]);
        mets.group("group-documentation", "Documentation");
        for written in self.documentation {
            mets.file(media_of_text(&written.path), written, &[]);
        }
        mets.xml.close("fileGrp");
        mets.group("group-schemas", "Schemas");
        mets.file(media_of_text(&self.schema.path), self.schema, &[]);
        mets.xml.close("fileGrp");
        for (of, written) in self.representations {
            mets.group(&format!("group-{}", of.name), &format!("Representations/{}", of.name));
            mets.file("text/xml", written, &[]);
            mets.xml.close("fileGrp");
        }
        mets.xml.close("fileSec");
        self.structure(&mut mets);
        mets.end()
    }

    fn structure(&self, mets: &mut Mets) {
        mets.structure(self.name);
        mets.division("div-metadata", "Metadata", &[("ADMID", "digiprov-1"), ("DMDID", "dmd-1 dmd-2")], &[]);
        mets.division("div-documentation", "Documentation", &[], &["group-documentation".to_owned()]);
        mets.division("div-schemas", "Schemas", &[], &["group-schemas".to_owned()]);
        let groups: Vec<_> =
            self.representations.iter().map(|(of, _)| format!("group-{}", of.name)).collect();
        mets.division("div-representations", "Representations", &[], &groups);
        for ((of, written), group) in self.representations.iter().zip(&groups) {
            let (id, label) = (format!("div-{}", of.name), format!("Representations/{}", of.name));
            mets.xml.open("div", &[("ID", &id), ("LABEL", &label)]);
            let place = [LOCATED, &[("xlink:href", written.path.as_str()), ("xlink:title", group)]].concat();
            mets.xml.empty("mptr", &place);
            mets.xml.close("div");
        }
    }
}

/// The METS of a representation.
pub(super) fn of_representation(export: &Export, of: &Representation<'_>) -> String {
    let mut mets = Mets::begin(export, of.name, of.label);
    mets.xml.open("fileSec", &[("ID", "files")]);
    mets.group("group-data", "Data");
    for (object, written) in &of.objects {
        let format = object.format.and_then(|format| format.pronom).map(|puid| puid.to_string());
        let known =
            format.as_deref().map(|puid| [("sip:FILEFORMATREGISTRY", "PRONOM"), ("sip:FILEFORMATKEY", puid)]);
        mets.file(media(object), written, known.as_ref().map_or(&[], |known| known));
    }
    mets.xml.close("fileGrp");
    mets.xml.close("fileSec");
    mets.structure(of.name);
    mets.division("div-metadata", "Metadata", &[], &[]);
    mets.division("div-data", "Data", &[], &["group-data".to_owned()]);
    mets.end()
}

/// How a place is given.
const LOCATED: &[(&str, &str)] = &[("LOCTYPE", "URL"), ("xlink:type", "simple")];

/// METS being written.
struct Mets {
    xml: Xml,
    created: String,
    files: usize,
}

impl Mets {
    /// The root and the head: what it is, who made it, who hands it over.
    fn begin(export: &Export, name: &str, label: &str) -> Self {
        let created = moment(export.at);
        let mut mets = Self { xml: Xml::begin(), created, files: 0 };
        let root = [
            ("xmlns", "http://www.loc.gov/METS/"),
            ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
            ("xmlns:csip", "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"),
            ("xmlns:sip", "https://DILCIS.eu/XML/METS/SIPExtensionMETS"),
            ("OBJID", name),
            ("LABEL", label),
            ("TYPE", "Mixed"),
            ("PROFILE", PROFILE),
        ];
        let xml = &mut mets.xml;
        xml.open("mets", &[root.as_slice(), &CONTENT].concat());
        xml.open(
            "metsHdr",
            &[
                ("CREATEDATE", &mets.created),
                ("LASTMODDATE", &mets.created),
                ("RECORDSTATUS", "NEW"),
                ("csip:OAISPACKAGETYPE", "SIP"),
            ],
        );
        xml.open("agent", &[("ROLE", "CREATOR"), ("TYPE", "OTHER"), ("OTHERTYPE", "SOFTWARE")]);
        xml.text("name", &[], "schriftgut");
        xml.text("note", &[("csip:NOTETYPE", "SOFTWARE VERSION")], env!("CARGO_PKG_VERSION"));
        xml.close("agent");
        // Only the program may be its CREATOR (CSIP11 to 16); who hands over is named as the standard's own list of roles does.
        let roles: [&[(&str, &str)]; 2] =
            [&[("ROLE", "ARCHIVIST")], &[("ROLE", "OTHER"), ("OTHERROLE", "SUBMITTER")]];
        for role in roles {
            xml.open("agent", &[role, &[("TYPE", "ORGANIZATION")]].concat());
            xml.text("name", &[], &export.organisation);
            xml.close("agent");
        }
        xml.close("metsHdr");
        mets
    }

    fn end(mut self) -> String {
        for name in ["div", "structMap", "mets"] {
            self.xml.close(name);
        }
        self.xml.end()
    }

    /// A reference to metadata in a file of its own.
    fn reference(&mut self, written: &Written, kind: &[(&str, &str)]) {
        let (size, sum) = (written.size_bytes.to_string(), written.sha256.to_string());
        let place = [
            ("xlink:href", written.path.as_str()),
            ("MIMETYPE", media_of_text(&written.path)),
            ("SIZE", &size),
            ("CREATED", &self.created),
            ("CHECKSUM", &sum),
            ("CHECKSUMTYPE", "SHA-256"),
        ];
        self.xml.empty("mdRef", &[LOCATED, kind, &place].concat());
    }

    fn described(&mut self, id: &str, written: &Written, kind: &[(&str, &str)]) {
        self.xml.open("dmdSec", &[("ID", id), ("CREATED", &self.created), ("STATUS", "CURRENT")]);
        self.reference(written, kind);
        self.xml.close("dmdSec");
    }

    fn preserved(&mut self, id: &str, written: &Written) {
        self.xml.open("amdSec", &[]);
        self.xml.open("digiprovMD", &[("ID", id), ("STATUS", "CURRENT")]);
        self.reference(written, &[("MDTYPE", "PREMIS"), ("MDTYPEVERSION", "3.0")]);
        self.xml.close("digiprovMD");
        self.xml.close("amdSec");
    }

    /// Opens a group of files.
    fn group(&mut self, id: &str, r#use: &str) {
        self.xml.open("fileGrp", &[[("ID", id), ("USE", r#use)].as_slice(), &CONTENT].concat());
    }

    fn file(&mut self, media: &str, written: &Written, more: &[(&str, &str)]) {
        self.files += 1;
        let (id, size) = (format!("file-{}", self.files), written.size_bytes.to_string());
        let sum = written.sha256.to_string();
        let about = [
            ("ID", id.as_str()),
            ("MIMETYPE", media),
            ("SIZE", &size),
            ("CREATED", &self.created),
            ("CHECKSUM", &sum),
            ("CHECKSUMTYPE", "SHA-256"),
        ];
        self.xml.open("file", &[about.as_slice(), more].concat());
        self.xml.empty("FLocat", &[LOCATED, &[("xlink:href", &written.path)]].concat());
        self.xml.close("file");
    }

    /// Opens the structure, and its main division.
    fn structure(&mut self, name: &str) {
        self.xml.open("structMap", &[("ID", "structure"), ("TYPE", "PHYSICAL"), ("LABEL", "CSIP")]);
        self.xml.open("div", &[("ID", "div-package"), ("LABEL", name)]);
    }

    fn division(&mut self, id: &str, label: &str, more: &[(&str, &str)], groups: &[String]) {
        self.xml.open("div", &[[("ID", id), ("LABEL", label)].as_slice(), more].concat());
        for group in groups {
            self.xml.empty("fptr", &[("FILEID", group)]);
        }
        self.xml.close("div");
    }
}

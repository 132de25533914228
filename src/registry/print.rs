//! Printing (Drucken): sheets as PDF/A, made anew each time from what is kept. The typefaces are the machine's own; nothing of
//! the truth depends on them.

use std::path::Path;

use super::Registry;
use super::error::{Answer, Error};
use crate::domain::ids::DisposalListId;
use crate::format::certificate_sheet;
use crate::format::print::{Sheet, Typeface, Typefaces};
use crate::format::proof::ProofFile;

/// Where Debian puts the typefaces sheets are set in (package `fonts-liberation`).
const TYPEFACES: &str = "/usr/share/fonts/truetype/liberation";

impl Registry {
    /// The certificate of an executed list as PDF/A, with its proof inside; none if there is no certificate.
    ///
    /// # Errors
    /// A fault if the typefaces are missing, or if the certificate that lies there is no certificate.
    pub fn certificate_pdf(&self, list: DisposalListId) -> Answer<Option<Vec<u8>>> {
        let Some(bytes) = self.certificate_file(list, "json")? else { return Ok(None) };
        let damaged = |cause: &str| {
            Error::fault(
                "Das Vernichtungsprotokoll ist beschädigt",
                "holen Sie die Datei certificates/….json aus einer Sicherung",
                cause,
            )
        };
        let json = String::from_utf8(bytes).map_err(|_| damaged("kein UTF-8"))?;
        let proof = ProofFile::read(&json).map_err(|error| damaged(&error.to_string()))?;
        let certificate = proof.certificate.as_ref().ok_or_else(|| damaged("ohne Aussage"))?;
        let sheet = certificate_sheet::sheet(certificate, &json, &self.verifier_key());
        self.print(&sheet).map(Some)
    }

    /// A sheet as PDF/A.
    pub(super) fn print(&self, sheet: &Sheet) -> Answer<Vec<u8>> {
        let pdf = sheet.pdf(&self.typefaces()?);
        pdf.map_err(|error| {
            Error::fault(
                "Die PDF-Datei konnte nicht geschrieben werden",
                "melden Sie dies",
                error.to_string(),
            )
        })
    }

    fn typefaces(&self) -> Answer<Typefaces> {
        let read = |style: &str| -> Answer<Typeface> {
            let path = Path::new(TYPEFACES).join(format!("LiberationSans-{style}.ttf"));
            self.disk.read(&path)?.and_then(Typeface::read).ok_or_else(|| {
                Error::fault(
                    "Zum Drucken fehlt eine Schrift",
                    "installieren Sie das Debian-Paket fonts-liberation",
                    format!("{} ist nicht zu lesen", path.display()),
                )
            })
        };
        Ok(Typefaces { regular: read("Regular")?, bold: read("Bold")? })
    }
}

//! The container of a message: a ZIP with the message and the files it names, all in its root. Only written here; one from
//! outside is opened by the worker.

use std::io::{self, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// From this size on an entry needs the larger form of its record.
const LARGE_BYTES: u64 = u32::MAX as u64;

/// A container being written. Its entries bear no time: the same content is the same container.
pub struct Container<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Container<W> {
    /// An empty one.
    pub fn new(place: W) -> Self {
        Self(ZipWriter::new(place))
    }

    /// The message.
    ///
    /// # Errors
    /// What keeps it from being written.
    pub fn message(&mut self, name: &str, xml: &str) -> io::Result<()> {
        self.0.start_file(name, options(CompressionMethod::Deflated, xml.len() as u64))?;
        self.0.write_all(xml.as_bytes())
    }

    /// Room for a file the message names, to be written as it is: most of them cannot be made smaller.
    ///
    /// # Errors
    /// What keeps it from being written.
    pub fn file(&mut self, name: &str, size_bytes: u64) -> io::Result<&mut impl Write> {
        self.0.start_file(name, options(CompressionMethod::Stored, size_bytes))?;
        Ok(&mut self.0)
    }

    /// Writes what stands at its end.
    ///
    /// # Errors
    /// What keeps it from being written.
    pub fn finish(self) -> io::Result<W> {
        Ok(self.0.finish()?)
    }
}

fn options(method: CompressionMethod, size: u64) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method).large_file(size >= LARGE_BYTES)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;

    #[test]
    fn a_container_is_a_zip_of_the_message_and_its_files_and_always_the_same() {
        let made = || {
            let mut container = Container::new(Cursor::new(Vec::new()));
            container.message("a.xml", "<a/>").unwrap();
            container.file("b.pdf", 3).unwrap().write_all(b"pdf").unwrap();
            container.finish().unwrap().into_inner()
        };
        let mut zip = zip::ZipArchive::new(Cursor::new(made())).unwrap();
        let mut inside = Vec::new();
        for at in 0..zip.len() {
            let mut entry = zip.by_index(at).unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            inside.push((entry.name().unwrap().to_string(), text));
        }
        let wanted =
            [("a.xml", "<a/>"), ("b.pdf", "pdf")].map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(inside, wanted);
        assert_eq!(made(), made());
    }
}

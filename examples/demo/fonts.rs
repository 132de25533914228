//! The faces of the town's letters, read from the system: free fonts that Debian packages.

use std::path::PathBuf;

use ab_glyph::{Font, FontVec, PxScale, ScaleFont};

/// A typeface. The print faces have the widths of Times and Helvetica, the typewriter that of Courier, so that one
/// layout serves the drawn page and the PDF text alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// Book print.
    Serif,
    /// Book print, bold.
    SerifBold,
    /// Office computer.
    Sans,
    /// Office computer, bold.
    SansBold,
    /// Typewriter.
    Mono,
    /// Typewriter, struck twice.
    MonoBold,
}

/// Folder of the system's fonts, and per face: package, file, name of the standard PDF font of the same widths.
const FOLDER: &str = "/usr/share/fonts/truetype";
const FACES: [(&str, &str, &str); 6] = [
    ("fonts-liberation", "liberation/LiberationSerif-Regular.ttf", "Times-Roman"),
    ("fonts-liberation", "liberation/LiberationSerif-Bold.ttf", "Times-Bold"),
    ("fonts-liberation", "liberation/LiberationSans-Regular.ttf", "Helvetica"),
    ("fonts-liberation", "liberation/LiberationSans-Bold.ttf", "Helvetica-Bold"),
    ("fonts-freefont-ttf", "freefont/FreeMono.ttf", "Courier"),
    ("fonts-freefont-ttf", "freefont/FreeMonoBold.ttf", "Courier-Bold"),
];

impl Face {
    /// All of them, in the order of the discriminants.
    pub const ALL: [Self; 6] =
        [Self::Serif, Self::SerifBold, Self::Sans, Self::SansBold, Self::Mono, Self::MonoBold];

    /// Struck by a typewriter, each letter a little differently.
    pub fn is_typewriter(self) -> bool {
        matches!(self, Self::Mono | Self::MonoBold)
    }

    /// The standard PDF font with the same widths.
    pub fn pdf_name(self) -> &'static str {
        FACES[self as usize].2
    }
}

/// A font of the system that is not there.
#[derive(Debug, thiserror::Error)]
#[error("Paket {package} fehlt: Schrift `{}` ist nicht lesbar", .path.display())]
pub struct MissingFont {
    package: &'static str,
    path: PathBuf,
    #[source]
    cause: Option<std::io::Error>,
}

/// The loaded faces.
pub struct Faces(Vec<FontVec>);

impl Faces {
    /// Reads all faces.
    pub fn load() -> Result<Self, MissingFont> {
        let load = |(package, file, _): (&'static str, &str, &str)| {
            let path = PathBuf::from(FOLDER).join(file);
            match std::fs::read(&path) {
                Err(cause) => Err(MissingFont { package, path, cause: Some(cause) }),
                Ok(bytes) => {
                    FontVec::try_from_vec(bytes).map_err(|_| MissingFont { package, path, cause: None })
                }
            }
        };
        FACES.into_iter().map(load).collect::<Result<_, _>>().map(Self)
    }

    /// The font of a face.
    pub fn font(&self, face: Face) -> &FontVec {
        &self.0[face as usize]
    }

    /// The scale that makes an em this large: in ab_glyph a scale is a height, which differs by font.
    pub fn scale(&self, face: Face, em: f32) -> PxScale {
        let font = self.font(face);
        PxScale::from(em * font.height_unscaled() / font.units_per_em().unwrap_or(1000.0))
    }

    /// Width of a text set in this size, in the unit of the size.
    pub fn width(&self, face: Face, size: f32, text: &str) -> f32 {
        let scaled = self.font(face).as_scaled(self.scale(face, size));
        text.chars().map(|c| scaled.h_advance(scaled.glyph_id(c))).sum()
    }
}

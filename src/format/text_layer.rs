//! The text layer of a document: pages, words and boxes as JSON, one sealed object per document
//! (`schema/formats/text-layer.md`). Box edges are kept as ten-thousandths of the page.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::FormatError;
use crate::domain::text::{PageText, TextSource, WordBox};

/// The version that is written.
pub const TEXT_LAYER_VERSION: u8 = 1;
const PARTS: f32 = 10_000.0;

#[derive(Serialize, Deserialize)]
struct WireLayer {
    v: u8,
    pages: Vec<WirePage>,
}

#[derive(Serialize, Deserialize)]
struct WirePage {
    n: u32,
    source: char,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<u8>,
    text: String,
    /// start, end, left, top, width, height
    words: Vec<[u32; 6]>,
}

/// The JSON text of a text layer.
#[must_use]
pub fn encode(pages: &[PageText]) -> Vec<u8> {
    let layer = WireLayer { v: TEXT_LAYER_VERSION, pages: pages.iter().map(WirePage::from).collect() };
    serde_json::to_vec(&layer).expect("a text layer has only texts and whole numbers")
}

/// Reads a text layer of any version.
///
/// # Errors
/// [`FormatError`] if the text is not a text layer, or of a newer version.
pub fn decode(json: &[u8]) -> Result<Vec<PageText>, FormatError> {
    let layer: WireLayer =
        serde_json::from_slice(json).map_err(|cause| FormatError::json("text layer", cause))?;
    if layer.v > TEXT_LAYER_VERSION {
        return Err(FormatError::Newer { what: "text layer", version: u32::from(layer.v) });
    }
    layer.pages.into_iter().map(WirePage::into_page).collect()
}

/// The text of one page of a text layer of any version, without its words; none if it has no such page.
///
/// # Errors
/// As [`decode`].
pub fn text_of_page(json: &[u8], number: u32) -> Result<Option<String>, FormatError> {
    let layer: WireTexts<'_> =
        serde_json::from_slice(json).map_err(|cause| FormatError::json("text layer", cause))?;
    if layer.v > TEXT_LAYER_VERSION {
        return Err(FormatError::Newer { what: "text layer", version: u32::from(layer.v) });
    }
    Ok(layer.pages.into_iter().find(|page| page.n == number).map(|page| page.text.into_owned()))
}

/// What a snippet needs: most of a text layer is where its words stand.
#[derive(Deserialize)]
struct WireTexts<'a> {
    v: u8,
    #[serde(borrow)]
    pages: Vec<WireText<'a>>,
}

#[derive(Deserialize)]
struct WireText<'a> {
    n: u32,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

// Fractions lie in 0..=1, so the product is a small whole number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn parts(fraction: f32) -> u32 {
    (fraction.clamp(0.0, 1.0) * PARTS).round() as u32
}

// At most 10,000, which f32 holds exactly.
#[allow(clippy::cast_precision_loss)]
fn fraction(parts: u32) -> f32 {
    parts.min(10_000) as f32 / PARTS
}

impl From<&PageText> for WirePage {
    fn from(page: &PageText) -> Self {
        Self {
            n: page.number,
            source: match page.source {
                TextSource::Layer => 'l',
                TextSource::Recognised => 'r',
                TextSource::Empty => 'e',
            },
            confidence: page.confidence,
            text: page.text.clone(),
            words: page
                .words
                .iter()
                .map(|w| [w.start, w.end, parts(w.left), parts(w.top), parts(w.width), parts(w.height)])
                .collect(),
        }
    }
}

impl WirePage {
    fn into_page(self) -> Result<PageText, FormatError> {
        let source = match self.source {
            'l' => TextSource::Layer,
            'r' => TextSource::Recognised,
            'e' => TextSource::Empty,
            _ => return Err(FormatError::wrong("text layer", "source")),
        };
        let words = self.words.iter().map(|[start, end, left, top, width, height]| WordBox {
            start: *start,
            end: *end,
            left: fraction(*left),
            top: fraction(*top),
            width: fraction(*width),
            height: fraction(*height),
        });
        let words: Vec<_> = words.collect();
        let inside = words.iter().all(|w| self.text.get(w.start as usize..w.end as usize).is_some());
        if !inside {
            return Err(FormatError::wrong("text layer", "words"));
        }
        Ok(PageText { number: self.n, text: self.text, words, source, confidence: self.confidence })
    }
}

//! What a page needs: which of its resources are named in what it draws. Looked for by the names alone, wherever they stand, so
//! that a page that nobody can read without fault still keeps all it shows. May not change anything.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, Stream};

use crate::intake::reason::Reason;

/// Kinds of resources that content names.
const NAMED: [&[u8]; 7] =
    [b"Font", b"XObject", b"ExtGState", b"ColorSpace", b"Pattern", b"Shading", b"Properties"];
/// Colour spaces that count without being named.
const DEFAULTS: [&[u8]; 3] = [b"DefaultGray", b"DefaultRGB", b"DefaultCMYK"];
/// Most bytes of one unpacked content.
const CONTENT_BYTES_MAX: usize = 64 << 20;
/// What is said of a stream besides what it draws.
pub(super) const DROPPED_OF_STREAMS: [&[u8]; 7] =
    [b"Length", b"Metadata", b"PieceInfo", b"AF", b"StructParent", b"StructParents", b"OPI"];

/// Resources that are kept: by kind, their names and values.
pub(super) type Kept = Vec<(Vec<u8>, Vec<(Vec<u8>, Object)>)>;

/// What pages of a document need.
pub(super) struct Needs<'d>(pub(super) &'d Document);

impl Needs<'_> {
    /// What a page draws, all streams of it.
    pub(super) fn content_of(&self, page: &Dictionary) -> Result<Vec<u8>, Reason> {
        let Ok(contents) = page.get_deref(b"Contents", self.0) else { return Ok(Vec::new()) };
        let parts = match contents {
            Object::Array(parts) => parts.iter().collect(),
            one => vec![one],
        };
        let mut all = Vec::new();
        for part in parts {
            // A part that is missing was missing before.
            if let Ok((_, Object::Stream(stream))) = self.0.dereference(part) {
                all.extend_from_slice(&self.plain(stream)?);
                all.push(b'\n');
            }
        }
        Ok(all)
    }

    /// A stream, unpacked. What cannot be unpacked cannot be looked through, and then nothing is made of it.
    pub(super) fn plain(&self, stream: &Stream) -> Result<Vec<u8>, Reason> {
        stream.get_plain_content_with_limit(CONTENT_BYTES_MAX).map_err(|_| Reason::PageDamaged)
    }

    /// What the glyphs of a font draw.
    pub(super) fn glyphs_of(&self, font: &Dictionary) -> Result<Vec<u8>, Reason> {
        let Ok(Object::Dictionary(glyphs)) = font.get_deref(b"CharProcs", self.0) else {
            return Ok(Vec::new());
        };
        let mut all = Vec::new();
        for (_, glyph) in glyphs.iter() {
            if let Ok((_, Object::Stream(stream))) = self.0.dereference(glyph) {
                all.extend_from_slice(&self.plain(stream)?);
                all.push(b'\n');
            }
        }
        Ok(all)
    }

    /// The resources that are named in this content, and in what that draws without resources of its own.
    pub(super) fn of(&self, resources: &Dictionary, content: Vec<u8>) -> Result<Kept, Reason> {
        let (mut named, mut waiting) = (HashSet::new(), vec![content]);
        while let Some(content) = waiting.pop() {
            for name in names(&content) {
                if !named.contains(&name) {
                    waiting.extend(self.leaning(resources, &name)?);
                    named.insert(name);
                }
            }
        }
        let mut kept = Kept::new();
        for category in NAMED {
            let Ok(Object::Dictionary(all)) = resources.get_deref(category, self.0) else { continue };
            let is_kept =
                |name: &[u8]| named.contains(name) || (category == b"ColorSpace" && DEFAULTS.contains(&name));
            let entries: Vec<_> = all
                .iter()
                .filter(|(name, _)| is_kept(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            if !entries.is_empty() {
                kept.push((category.to_vec(), entries));
            }
        }
        Ok(kept)
    }

    /// What draws by this name and leans on these resources, having none of its own.
    fn leaning(&self, resources: &Dictionary, name: &[u8]) -> Result<Vec<Vec<u8>>, Reason> {
        let mut contents = Vec::new();
        for category in [&b"XObject"[..], b"Pattern", b"Font"] {
            let Ok(Object::Dictionary(all)) = resources.get_deref(category, self.0) else { continue };
            match all.get_deref(name, self.0) {
                Ok(Object::Stream(stream)) => {
                    let is_image = is_named(&stream.dict, b"Subtype", b"Image");
                    if !is_image && !stream.dict.has(b"Resources") {
                        contents.push(self.plain(stream)?);
                    }
                }
                Ok(Object::Dictionary(font)) if !font.has(b"Resources") && font.has(b"CharProcs") => {
                    contents.push(self.glyphs_of(font)?);
                }
                _ => {}
            }
        }
        Ok(contents)
    }
}

/// The value of a key is this name.
pub(super) fn is_named(dictionary: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    dictionary.get(key).and_then(Object::as_name).is_ok_and(|value| value == name)
}

/// Every name in a content: `/` and what follows, up to a sign that ends it.
fn names(content: &[u8]) -> HashSet<Vec<u8>> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0 || b"()<>[]{}/%".contains(byte);
    let begins = content.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
    let name = |at: usize| content[at..].iter().take_while(|byte| !ends(byte)).copied().collect::<Vec<u8>>();
    begins.map(|at| unescaped(&name(at))).collect()
}

/// `#41` in a name is `A`.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (mut plain, mut rest) = (Vec::with_capacity(name.len()), name);
    while let Some((first, behind)) = rest.split_first() {
        let pair = behind.first_chunk::<2>().and_then(|[high, low]| Some(digit(*high)? * 16 + digit(*low)?));
        match pair.filter(|_| *first == b'#').and_then(|code| u8::try_from(code).ok()) {
            Some(code) => {
                plain.push(code);
                rest = &behind[2..];
            }
            None => {
                plain.push(*first);
                rest = behind;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_wherever_they_stand() {
        let content = b"q /Im1 Do/F#31 12 Tf[/a]TJ /CS0 cs(/in a text) Tj /";
        let mut found: Vec<_> =
            names(content).into_iter().map(|name| String::from_utf8(name).unwrap()).collect();
        found.sort();
        assert_eq!(found, ["", "CS0", "F1", "Im1", "a", "in"]);
    }
}

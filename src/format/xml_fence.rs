//! A look at a text before it is taken for XML: no document type (and so no entities), and neither tags nor nesting so large
//! that reading them takes for ever. Whether it is well-formed is not asked here.

/// Deepest nesting of elements.
pub(in crate::format) const DEPTH_MAX: usize = 60;
/// Longest tag, in bytes.
pub(in crate::format) const TAG_BYTES_MAX: usize = 8 << 10;
/// Largest text, in bytes.
pub(in crate::format) const TEXT_BYTES_MAX: usize = 32 << 20;

/// Looks at a text.
///
/// # Errors
/// What is wrong, German, and at which byte.
pub(in crate::format) fn check(text: &str) -> Result<(), (String, usize)> {
    if text.len() > TEXT_BYTES_MAX {
        return Err((format!("der Text ist größer als {} MiB", TEXT_BYTES_MAX >> 20), 0));
    }
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(found) = text[at..].find('<') {
        at += found;
        let rest = &text[at..];
        if let Some((_, end)) = SKIPPED.iter().find(|(begin, _)| rest.starts_with(begin)) {
            // What does not end is the parser's to tell.
            let Some(length) = rest.find(end) else { return Ok(()) };
            at += length + end.len();
            continue;
        }
        if rest.starts_with("<!") {
            let why =
                "er hat einen Dokumenttyp (DTD); der wird nicht gelesen, weil er auf anderes verweisen kann";
            return Err((why.to_owned(), at));
        }
        let Some(length) = tag_length(rest.as_bytes()) else {
            return Err((format!("ein Element ist länger als {TAG_BYTES_MAX} Bytes oder endet nicht"), at));
        };
        let tag = &rest[..length];
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !tag.ends_with("/>") {
            depth += 1;
        }
        if depth > DEPTH_MAX {
            return Err((format!("Elemente liegen mehr als {DEPTH_MAX} tief ineinander"), at));
        }
        at += length;
    }
    Ok(())
}

/// What looks like tags and is none.
const SKIPPED: [(&str, &str); 3] = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];

/// How long the tag is that begins here; none if it is too long or does not end. A `>` in quotes does not end it.
fn tag_length(bytes: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().take(TAG_BYTES_MAX) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

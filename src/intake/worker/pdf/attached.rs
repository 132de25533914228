//! Files that are attached to a PDF: embedded in the file as a whole (a portfolio, the data of an invoice) or pinned to a page.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use hayro::hayro_interpret::hayro_syntax::Pdf;
use hayro::hayro_interpret::hayro_syntax::object::{Array, Dict, Name};
use lopdf::{Dictionary, Document, Object, decode_text_string};

use crate::intake::reason::{Reason, StaysInside};
use crate::intake::worker::unpack::Take;

/// There is at least one.
pub(super) fn is_there(pdf: &Pdf) -> bool {
    let root = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let in_file = root.is_some_and(|root| {
        let named = root.get::<Dict<'_>>(b"Names").is_some_and(|names| names.contains_key(b"EmbeddedFiles"));
        named || root.contains_key(b"AF")
    });
    in_file
        || pdf
            .pages()
            .iter()
            .any(|page| page.raw().get::<Array<'_>>(b"Annots").is_some_and(|all| holds_one(&all)))
}

fn holds_one(annotations: &Array<'_>) -> bool {
    annotations.iter::<Dict<'_>>().any(|annotation| {
        annotation.get::<Name<'_>>(b"Subtype").is_some_and(|kind| &*kind == b"FileAttachment")
    })
}

/// Shows each to `take`, in the order of the file's objects.
pub(in crate::intake::worker) fn unpack(bytes: &[u8], take: Take<'_>) -> Result<(), Reason> {
    let pdf = Document::load_mem(bytes).map_err(|_| Reason::Damaged)?;
    if pdf.is_encrypted() && pdf.encryption_state.is_none() {
        return Err(Reason::Encrypted);
    }
    let mut seen = BTreeSet::new();
    for object in pdf.objects.values() {
        let Ok(specification) = object.as_dict() else { continue };
        let Some(stream) = embedded(&pdf, specification) else { continue };
        if !seen.insert(stream) {
            continue;
        }
        let mut content = |most: u64| {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let stream =
                pdf.get_object(stream).and_then(Object::as_stream).map_err(|_| StaysInside::Damaged)?;
            stream.get_plain_content_with_limit(most).map_err(|error| match error {
                lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => {
                    StaysInside::TooLarge
                }
                _ => StaysInside::Damaged,
            })
        };
        if take(&name_of(specification), &mut content) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

/// The stream a file specification embeds; none if it is none, or only says where a file lies elsewhere.
fn embedded(pdf: &Document, specification: &Dictionary) -> Option<lopdf::ObjectId> {
    let files = specification.get(b"EF").ok()?;
    let files = pdf.dereference(files).ok()?.1.as_dict().ok()?;
    [b"UF".as_slice(), b"F"].into_iter().find_map(|key| files.get(key).ok()?.as_reference().ok())
}

fn name_of(specification: &Dictionary) -> String {
    let name = [b"UF".as_slice(), b"F"].into_iter().find_map(|key| {
        let name = decode_text_string(specification.get(key).ok()?).ok()?;
        (!name.trim().is_empty()).then_some(name)
    });
    name.unwrap_or_default()
}

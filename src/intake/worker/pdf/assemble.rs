//! A PDF of some pages of others. Only what these pages need is taken over: a font or picture that another page shows must not
//! travel along unseen, since that page may belong to somebody else. Scripts, embedded files, form fields, bookmarks and
//! signatures stay behind, and it is said that they do. Streams are taken over as they are packed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use lopdf::xref::{Xref, XrefType};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::resources::{DROPPED_OF_STREAMS, Needs, is_named};
use crate::intake::reason::{LeftOut, Reason};
use crate::intake::worker::assemble::Range;

/// How far a page tree is followed upwards for what a page inherits.
const TREE_DEPTH_MAX: usize = 64;
/// What a page takes along of its own; its resources and annotations are looked through.
const KEPT_OF_PAGES: [&[u8]; 10] = [
    b"MediaBox",
    b"CropBox",
    b"BleedBox",
    b"TrimBox",
    b"ArtBox",
    b"Rotate",
    b"UserUnit",
    b"Group",
    b"Contents",
    b"Tabs",
];
/// What pages inherit from the tree.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];
/// Annotations that are drawn on the page and do nothing.
const DRAWN: [&[u8]; 16] = [
    b"Text",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Stamp",
    b"Caret",
    b"Ink",
    b"Watermark",
    b"Redact",
];
/// What an annotation is left with that does something, holds something or is a field: how it looks.
const LOOKS: [&[u8]; 7] = [b"Type", b"Rect", b"AP", b"AS", b"F", b"NM", b"OC"];
/// What no other annotation takes along.
const DROPPED_OF_ANNOTATIONS: [&[u8]; 15] = [
    b"A",
    b"AA",
    b"PA",
    b"P",
    b"Parent",
    b"Popup",
    b"IRT",
    b"RT",
    b"Dest",
    b"FS",
    b"AF",
    b"Metadata",
    b"StructParent",
    b"Sound",
    b"Movie",
];

/// A document pages are taken from.
pub(super) struct Source {
    pub(super) document: Document,
    pages: Vec<ObjectId>,
    all_pages: HashSet<ObjectId>,
}

/// The documents pages are taken from.
pub(in crate::intake::worker) struct Maker {
    sources: Vec<Source>,
}

impl Maker {
    /// Opens all of them.
    pub(in crate::intake::worker) fn open(
        sources: &[&[u8]],
        although_signed: bool,
        left_out: &mut BTreeSet<LeftOut>,
    ) -> Result<Self, Reason> {
        let mut opened = Vec::with_capacity(sources.len());
        for bytes in sources {
            let document = Document::load_mem(bytes).map_err(|_| Reason::Damaged)?;
            if document.is_encrypted() || document.was_encrypted() {
                return Err(Reason::Protected);
            }
            if document.objects.values().any(is_signature) {
                if !although_signed {
                    return Err(Reason::Signed);
                }
                left_out.insert(LeftOut::Signatures);
            }
            notice(&document, left_out);
            let pages: Vec<_> = document.page_iter().collect();
            let all_pages = pages.iter().copied().collect();
            opened.push(Source { document, pages, all_pages });
        }
        Ok(Self { sources: opened })
    }

    /// The bytes of a PDF of these pages. The same pages give the same bytes.
    pub(in crate::intake::worker) fn make(
        &self,
        ranges: &[Range],
        left_out: &mut BTreeSet<LeftOut>,
    ) -> Result<Vec<u8>, Reason> {
        let mut into = Document::new();
        into.reference_table = Xref::new(0, XrefType::CrossReferenceTable);
        let (catalog_id, tree_id) = (into.new_object_id(), into.new_object_id());
        let mut catalog = Dictionary::new();
        catalog.set("Type", Object::Name(b"Catalog".to_vec()));
        catalog.set("Pages", Object::Reference(tree_id));
        let mut kids: Vec<Object> = Vec::new();
        let mut copiers: BTreeMap<usize, Known> = BTreeMap::new();
        let mut version = into.version.clone();
        for range in ranges {
            let source = self.sources.get(range.source).ok_or(Reason::NoSuchPage)?;
            version = version.max(source.document.version.clone());
            let known = copiers.remove(&range.source).unwrap_or_default();
            let mut copier = Copier { from: source, into: &mut into, known, tree_id, left_out };
            for id in source.pages.get(range.indices()).ok_or(Reason::NoSuchPage)? {
                kids.push(Object::Reference(copier.page(*id)?));
            }
            let known = copier.known;
            copiers.insert(range.source, known);
        }
        self.whole(&mut into, &mut catalog, copiers, tree_id, left_out)?;
        let mut tree = Dictionary::new();
        tree.set("Type", Object::Name(b"Pages".to_vec()));
        tree.set("Count", i64::try_from(kids.len()).map_err(|_| Reason::TooManyPages)?);
        tree.set("Kids", kids);
        into.objects.insert(catalog_id, Object::Dictionary(catalog));
        into.objects.insert(tree_id, Object::Dictionary(tree));
        into.trailer.set("Root", Object::Reference(catalog_id));
        into.version = version;
        let mut bytes = Vec::new();
        into.save_to(&mut bytes).map_err(|_| Reason::Damaged)?;
        Ok(bytes)
    }

    /// What the file as a whole says of its pages: which layers are shown, and what its colours are meant for.
    fn whole(
        &self,
        into: &mut Document,
        catalog: &mut Dictionary,
        copiers: BTreeMap<usize, Known>,
        tree_id: ObjectId,
        left_out: &mut BTreeSet<LeftOut>,
    ) -> Result<(), Reason> {
        let alone = copiers.len() == 1;
        for (index, known) in copiers {
            let source = &self.sources[index];
            let Ok(root) = source.document.catalog() else { continue };
            for key in [&b"OCProperties"[..], b"OutputIntents"] {
                let Ok(value) = root.get(key) else { continue };
                if !alone {
                    if key == b"OCProperties" {
                        return Err(Reason::Layers);
                    }
                    left_out.insert(LeftOut::Details);
                    continue;
                }
                let known = known.clone();
                let mut copier = Copier { from: source, into: &mut *into, known, tree_id, left_out };
                let value = copier.value(value)?;
                copier.finish()?;
                catalog.set(key.to_vec(), value);
            }
        }
        Ok(())
    }
}

/// A value that vouches for a range of the file's bytes, or one with such a value in it.
fn is_signature(object: &Object) -> bool {
    let below = |dictionary: &Dictionary| {
        let vouches = dictionary.has(b"ByteRange") && dictionary.has(b"Contents");
        vouches || dictionary.iter().any(|(_, value)| is_signature(value))
    };
    match object {
        Object::Dictionary(dictionary) => below(dictionary),
        Object::Stream(stream) => below(&stream.dict),
        Object::Array(all) => all.iter().any(is_signature),
        _ => false,
    }
}

/// What the file as a whole has that its pages do not take along.
fn notice(document: &Document, left_out: &mut BTreeSet<LeftOut>) {
    let Ok(root) = document.catalog() else { return };
    let below = |dictionary: &Dictionary, key: &[u8]| -> Option<Dictionary> {
        dictionary.get_deref(key, document).ok()?.as_dict().ok().cloned()
    };
    let names = below(root, b"Names").unwrap_or_default();
    let form = below(root, b"AcroForm");
    let fields =
        form.as_ref().and_then(|form| form.get_deref(b"Fields", document).ok()?.as_array().ok().cloned());
    let has_form =
        fields.is_some_and(|fields| !fields.is_empty()) || form.is_some_and(|form| form.has(b"XFA"));
    for (there, what) in [
        (root.has(b"OpenAction") || root.has(b"AA") || names.has(b"JavaScript"), LeftOut::Actions),
        (names.has(b"EmbeddedFiles") || root.has(b"AF") || root.has(b"Collection"), LeftOut::Attachments),
        (has_form, LeftOut::Form),
        (root.has(b"Outlines") || root.has(b"Dests") || names.has(b"Dests"), LeftOut::Links),
        (root.has(b"StructTreeRoot"), LeftOut::Structure),
        (root.has(b"Metadata") || document.trailer.has(b"Info"), LeftOut::Details),
    ] {
        if there {
            left_out.insert(what);
        }
    }
}

/// What was taken over already, and as what.
#[derive(Debug, Clone, Default)]
struct Known {
    as_new: HashMap<ObjectId, ObjectId>,
    /// Referred to, and not taken over yet.
    waiting: VecDeque<(ObjectId, ObjectId)>,
}

/// Takes objects of one document over into another.
struct Copier<'c> {
    from: &'c Source,
    into: &'c mut Document,
    known: Known,
    tree_id: ObjectId,
    left_out: &'c mut BTreeSet<LeftOut>,
}

impl Copier<'_> {
    /// Takes over a page and whatever it needs.
    fn page(&mut self, id: ObjectId) -> Result<ObjectId, Reason> {
        let page = self.from.document.get_dictionary(id).map_err(|_| Reason::PageDamaged)?.clone();
        let new_id = self.into.new_object_id();
        let mut new = Dictionary::new();
        new.set("Type", Object::Name(b"Page".to_vec()));
        new.set("Parent", Object::Reference(self.tree_id));
        for key in KEPT_OF_PAGES {
            if let Some(value) = self.own_or_inherited(&page, key) {
                new.set(key.to_vec(), self.value(&value)?);
            }
        }
        if page.has(b"AA") {
            self.left_out.insert(LeftOut::Actions);
        }
        if page.has(b"AF") {
            self.left_out.insert(LeftOut::Attachments);
        }
        let resources = self.own_or_inherited(&page, b"Resources");
        let resources = resources.and_then(|value| self.dictionary_of(&value)).unwrap_or_default();
        let content = Needs(&self.from.document).content_of(&page)?;
        let resources = self.pruned(&resources, content)?;
        new.set("Resources", resources);
        let annotations = page.get_deref(b"Annots", &self.from.document).and_then(Object::as_array).cloned();
        let mut kept = Vec::new();
        for annotation in annotations.unwrap_or_default() {
            if let Some(annotation) = self.annotation(&annotation, new_id)? {
                kept.push(Object::Reference(self.into.add_object(annotation)));
            }
        }
        if !kept.is_empty() {
            new.set("Annots", kept);
        }
        self.into.objects.insert(new_id, Object::Dictionary(new));
        self.finish()?;
        Ok(new_id)
    }

    fn own_or_inherited(&self, page: &Dictionary, key: &[u8]) -> Option<Object> {
        if let Ok(value) = page.get(key) {
            return Some(value.clone());
        }
        let mut node = page;
        for _ in 0..TREE_DEPTH_MAX {
            if !INHERITED.contains(&key) {
                return None;
            }
            node = node.get_deref(b"Parent", &self.from.document).ok()?.as_dict().ok()?;
            if let Ok(value) = node.get(key) {
                return Some(value.clone());
            }
        }
        None
    }

    fn dictionary_of(&self, value: &Object) -> Option<Dictionary> {
        self.from.document.dereference(value).ok()?.1.as_dict().ok().cloned()
    }

    /// Resources, as far as they are named in this content.
    fn pruned(&mut self, resources: &Dictionary, content: Vec<u8>) -> Result<Object, Reason> {
        let kept = Needs(&self.from.document).of(resources, content)?;
        let mut new = Dictionary::new();
        for (category, entries) in kept {
            let mut copied = Dictionary::new();
            for (name, value) in entries {
                copied.set(name, self.value(&value)?);
            }
            new.set(category, Object::Dictionary(copied));
        }
        Ok(Object::Dictionary(new))
    }

    /// An annotation as it is taken over; none if it stays behind.
    fn annotation(&mut self, annotation: &Object, page: ObjectId) -> Result<Option<Object>, Reason> {
        let Some(old) = self.dictionary_of(annotation) else { return Ok(None) };
        let kind = old.get(b"Subtype").and_then(Object::as_name).unwrap_or_default().to_vec();
        let action = old.get_deref(b"A", &self.from.document).and_then(Object::as_dict).ok().cloned();
        let address = action.as_ref().filter(|action| is_named(action, b"S", b"URI"));
        let address = address.and_then(|action| action.get(b"URI").ok().cloned());
        if kind == b"Popup" {
            return Ok(None);
        }
        let stays = match kind.as_slice() {
            b"Link" if address.is_none() => Some(LeftOut::Links),
            b"FileAttachment" => Some(LeftOut::Attachments),
            b"Widget" => Some(LeftOut::Form),
            kind if kind != b"Link" && !DRAWN.contains(&kind) => Some(LeftOut::Media),
            _ => None,
        };
        self.left_out.extend(stays);
        if kind == b"Widget" && !old.has(b"AP") && self.is_filled_in(&old) {
            return Err(Reason::NotAsBefore);
        }
        if stays.is_some() && !old.has(b"AP") {
            return Ok(None);
        }
        if old.has(b"AA") || (action.is_some() && address.is_none()) {
            self.left_out.insert(LeftOut::Actions);
        }
        let mut new = Dictionary::new();
        for (key, value) in old.iter() {
            let kept = match stays {
                Some(_) => LOOKS.contains(&key.as_slice()),
                None => !DROPPED_OF_ANNOTATIONS.contains(&key.as_slice()),
            };
            if kept {
                new.set(key.clone(), self.value(value)?);
            }
        }
        if stays.is_some() {
            new.set("Subtype", Object::Name(b"Stamp".to_vec()));
        }
        if let Some(address) = address {
            let mut action = Dictionary::new();
            action.set("S", Object::Name(b"URI".to_vec()));
            action.set("URI", self.value(&address)?);
            new.set("A", Object::Dictionary(action));
        }
        new.set("P", Object::Reference(page));
        Ok(Some(Object::Dictionary(new)))
    }

    /// Something was typed into a field; how it looks is up to whoever shows it.
    fn is_filled_in(&self, widget: &Dictionary) -> bool {
        let filled = |field: &Dictionary| {
            let value = field.get_deref(b"V", &self.from.document).and_then(Object::as_str);
            value.is_ok_and(|value| !value.is_empty())
        };
        let above = widget.get_deref(b"Parent", &self.from.document).and_then(Object::as_dict);
        filled(widget) || above.is_ok_and(filled)
    }

    /// A value as it is taken over. What it refers to waits for [`Self::finish`].
    fn value(&mut self, value: &Object) -> Result<Object, Reason> {
        Ok(match value {
            Object::Reference(id) => self.reference(*id),
            Object::Array(all) => {
                Object::Array(all.iter().map(|one| self.value(one)).collect::<Result<_, _>>()?)
            }
            Object::Dictionary(dictionary) => self.dictionary(dictionary)?,
            Object::Stream(stream) => Object::Stream(self.stream(stream)?),
            plain => plain.clone(),
        })
    }

    /// Pages and what belongs to the file as a whole are not taken along by reference.
    fn reference(&mut self, id: ObjectId) -> Object {
        if let Some(new) = self.known.as_new.get(&id) {
            return Object::Reference(*new);
        }
        let Some(object) = self.from.document.objects.get(&id) else { return Object::Null };
        let kind = object.as_dict().and_then(Dictionary::get_type).unwrap_or_default();
        let whole: [&[u8]; 5] = [b"Page", b"Pages", b"Catalog", b"StructTreeRoot", b"StructElem"];
        if self.from.all_pages.contains(&id) || whole.contains(&kind) {
            return Object::Null;
        }
        let new = self.into.new_object_id();
        self.known.as_new.insert(id, new);
        self.known.waiting.push_back((id, new));
        Object::Reference(new)
    }

    /// Takes over what was referred to, and what that refers to.
    fn finish(&mut self) -> Result<(), Reason> {
        while let Some((old, new)) = self.known.waiting.pop_front() {
            let from = self.from;
            let copied = match from.document.objects.get(&old) {
                Some(object) => self.value(object)?,
                None => Object::Null,
            };
            self.into.objects.insert(new, copied);
        }
        Ok(())
    }

    fn dictionary(&mut self, old: &Dictionary) -> Result<Object, Reason> {
        let is = |key, name| is_named(old, key, name);
        if old.has(b"EF") {
            self.left_out.insert(LeftOut::Attachments);
            return Ok(Object::Null);
        }
        if old.has(b"JS") || is(b"S", b"JavaScript") || is(b"S", b"Launch") {
            self.left_out.insert(LeftOut::Actions);
            return Ok(Object::Null);
        }
        let mut new = Dictionary::new();
        let glyphs =
            is(b"Subtype", b"Type3").then(|| Needs(&self.from.document).glyphs_of(old)).transpose()?;
        for (key, value) in old.iter() {
            let value = match &glyphs {
                Some(content) if key == b"Resources" => {
                    let resources = self.dictionary_of(value).unwrap_or_default();
                    self.pruned(&resources, content.clone())?
                }
                _ => self.value(value)?,
            };
            new.set(key.clone(), value);
        }
        Ok(Object::Dictionary(new))
    }

    fn stream(&mut self, old: &Stream) -> Result<Stream, Reason> {
        let mut new = Dictionary::new();
        for (key, value) in old.dict.iter() {
            if DROPPED_OF_STREAMS.contains(&key.as_slice()) {
                continue;
            }
            let value = if key == b"Resources" {
                let resources = self.dictionary_of(value).unwrap_or_default();
                let content = Needs(&self.from.document).plain(old)?;
                self.pruned(&resources, content)?
            } else {
                self.value(value)?
            };
            new.set(key.clone(), value);
        }
        Ok(Stream::new(new, old.content.clone()))
    }
}

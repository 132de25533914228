//! HEIC, what phones make of a photograph: the picture the file calls its own. The decoder is strict: what is cut off or
//! uses a rare way of coding is not read, and that is said.

use heic_rs::meta::{self, Meta, iref::RefKind};
use heic_rs::{DecodeOptions, Error, PixelLayout};
use image::RgbImage;

use super::{Decoded, Header};
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;

/// Kinds of items that are pictures of their own.
const PICTURES: [&[u8; 4]; 7] = [b"hvc1", b"hev1", b"grid", b"iovl", b"iden", b"av01", b"jpeg"];

pub(super) fn header(bytes: &[u8]) -> Result<Header, Reason> {
    let info = heic_rs::probe(bytes).map_err(reason)?;
    let are_several = is_film(bytes) || meta::parse(bytes).is_ok_and(|meta| are_several(&meta));
    let complaints = are_several.then_some(Reason::OnlyFirstPicture).into_iter().collect();
    Ok(Header { width: info.width, height: info.height, dpi: None, complaints })
}

pub(super) fn decode(bytes: &[u8], setup: &Setup) -> Result<Decoded, Reason> {
    let options = DecodeOptions {
        layout: PixelLayout::Rgb8,
        max_pixels: Some(setup.whole_pixels_max),
        decode_alpha: false,
        threads: Some(1),
        ..DecodeOptions::default()
    };
    let picture = heic_rs::decode(bytes, &options).map_err(reason)?;
    let image = RgbImage::from_raw(picture.width, picture.height, picture.data).ok_or(Reason::PageDamaged)?;
    Ok(Decoded { image: image.into(), is_cut_off: false })
}

/// The pictures in it that are neither parts nor small copies nor masks of others are more than one.
fn are_several(meta: &Meta<'_>) -> bool {
    let is_part = |id: u32| meta.refs.iter().any(|one| one.kind == RefKind::Dimg && one.to.contains(&id));
    let serves = |id: u32| {
        meta.refs.iter().any(|one| one.from == id && matches!(one.kind, RefKind::Thmb | RefKind::Auxl))
    };
    let shown = meta.items.iter().filter(|item| {
        !item.hidden && PICTURES.contains(&&item.item_type) && !is_part(item.id) && !serves(item.id)
    });
    shown.take(2).count() > 1
}

/// It has a track of pictures beside the still one.
fn is_film(bytes: &[u8]) -> bool {
    heic_rs::boxes::BoxIter::new(bytes).map_while(Result::ok).any(|one| &one.boxtype == b"moov")
}

fn reason(error: Error) -> Reason {
    match error {
        Error::PixelLimit { .. } => Reason::PageTooLarge,
        Error::Unsupported(_) => Reason::ImageUnsupported,
        _ => Reason::PageDamaged,
    }
}

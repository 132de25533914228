//! Pages that lie on their head or on a side: how an image is turned, and where its words are on the image as it came.

use std::borrow::Cow;

use image::{GrayImage, imageops};

use crate::domain::text::WordBox;

/// By how much a page is turned clockwise to be upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is upright.
    None,
    /// It lies on its left side.
    Quarter,
    /// It stands on its head.
    Half,
    /// It lies on its right side.
    ThreeQuarters,
}

impl Turn {
    /// All but none, most frequent first: scanners are fed upside down.
    pub(super) const OTHERS: [Self; 3] = [Self::Half, Self::Quarter, Self::ThreeQuarters];

    /// The image turned.
    pub(super) fn of(self, image: &GrayImage) -> Cow<'_, GrayImage> {
        match self {
            Self::None => Cow::Borrowed(image),
            Self::Quarter => Cow::Owned(imageops::rotate90(image)),
            Self::Half => Cow::Owned(imageops::rotate180(image)),
            Self::ThreeQuarters => Cow::Owned(imageops::rotate270(image)),
        }
    }

    /// A box (left, top, width, height) of an image of this size as it lies on the turned image.
    pub(super) fn upright(
        self,
        (left, top, width, height): (f32, f32, f32, f32),
        (of_width, of_height): (f32, f32),
    ) -> (f32, f32, f32, f32) {
        match self {
            Self::None => (left, top, width, height),
            Self::Quarter => (of_height - top - height, left, height, width),
            Self::Half => (of_width - left - width, of_height - top - height, width, height),
            Self::ThreeQuarters => (top, of_width - left - width, height, width),
        }
    }

    /// A word of the turned image as it lies on the image before.
    pub(super) fn lay_back(self, word: &mut WordBox) {
        let WordBox { left, top, width, height, .. } = *word;
        (word.left, word.top, word.width, word.height) = match self {
            Self::None => return,
            Self::Quarter => (top, 1.0 - left - width, height, width),
            Self::Half => (1.0 - left - width, 1.0 - top - height, width, height),
            Self::ThreeQuarters => (1.0 - top - height, left, height, width),
        };
        (word.left, word.top) = (word.left.max(0.0), word.top.max(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// A black spot on a page of 40 to 80, looked for on the turned page and laid back.
    #[test]
    fn a_word_is_marked_where_it_stands_on_the_page_as_it_came() {
        let spot = |x: u32, y: u32| (4..8).contains(&x) && (60..62).contains(&y);
        let page = GrayImage::from_fn(40, 80, |x, y| if spot(x, y) { Luma([0]) } else { Luma([255]) });
        for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
            let turned = turn.of(&page);
            let black: Vec<_> = turned.enumerate_pixels().filter(|(.., shade)| shade.0[0] == 0).collect();
            let x = |of: fn(u32, u32) -> u32| black.iter().map(|(x, ..)| *x).reduce(of).unwrap();
            let y = |of: fn(u32, u32) -> u32| black.iter().map(|(_, y, _)| *y).reduce(of).unwrap();
            let (width, height) = (turned.width() as f32, turned.height() as f32);
            let mut word = WordBox {
                start: 0,
                end: 0,
                left: x(u32::min) as f32 / width,
                top: y(u32::min) as f32 / height,
                width: (x(u32::max) + 1 - x(u32::min)) as f32 / width,
                height: (y(u32::max) + 1 - y(u32::min)) as f32 / height,
            };
            let before = (word.left, word.top, word.width, word.height);
            turn.lay_back(&mut word);
            let there = (word.left, word.top, word.width, word.height);
            let again = turn.upright(there, (1.0, 1.0));
            for (again, before) in
                [(again.0, before.0), (again.1, before.1), (again.2, before.2), (again.3, before.3)]
            {
                assert!((again - before).abs() < 1e-5, "{turn:?}: the one undoes the other");
            }
            let found = [word.left, word.top, word.width, word.height];
            for (found, expected) in found.into_iter().zip([0.1, 0.75, 0.1, 0.025]) {
                assert!((found - expected).abs() < 1e-5, "{turn:?}: {word:?}");
            }
        }
    }
}

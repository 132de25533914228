//! Which kind of JBIG2 the images of a PDF are: symbol coding (ITU-T T.88: symbol dictionaries and text regions) draws one
//! picture for all signs that look alike and may exchange digits; generic regions keep every dot. Only the headers of segments
//! are read, nothing is decoded.

use hayro::hayro_interpret::hayro_syntax::Filter;
use hayro::hayro_interpret::hayro_syntax::Pdf;
use hayro::hayro_interpret::hayro_syntax::object::{Array, Dict, Object, Stream};

use crate::domain::scan::SymbolCoding;

/// Most segments of one image that are looked at; more is no scan.
const SEGMENTS_MAX: usize = 65_536;
/// Most other segments one may refer to.
const REFERRED_MAX: u32 = 65_536;

/// The worst of what its images are.
pub(super) fn look(pdf: &Pdf) -> SymbolCoding {
    let mut found = SymbolCoding::Absent;
    for object in pdf.objects() {
        let Object::Stream(stream) = object else { continue };
        let filters = stream.filters();
        let of_image = match filters.iter().position(|filter| *filter == Filter::Jbig2Decode) {
            None => continue,
            Some(0) => worse(coding(&stream.raw_data()), globals(&stream)),
            // Packed once more: nothing that scans does so.
            Some(_) => SymbolCoding::Unclear,
        };
        found = worse(found, of_image);
        if found == SymbolCoding::Present {
            break;
        }
    }
    found
}

/// Present before unclear before absent.
fn worse(one: SymbolCoding, other: SymbolCoding) -> SymbolCoding {
    let rank = |coding: SymbolCoding| match coding {
        SymbolCoding::Absent => 0,
        SymbolCoding::Unclear => 1,
        SymbolCoding::Present => 2,
    };
    if rank(one) >= rank(other) { one } else { other }
}

/// What the segments are that an image shares with others.
fn globals(stream: &Stream<'_>) -> SymbolCoding {
    let of = |parameters: &Dict<'_>| {
        parameters.get::<Stream<'_>>(b"JBIG2Globals").map(|shared| match shared.decoded_data() {
            Ok(bytes) => coding(&bytes),
            Err(_) => SymbolCoding::Unclear,
        })
    };
    let dict = stream.dict();
    let mut found = SymbolCoding::Absent;
    for key in [b"DecodeParms".as_slice(), b"DP"] {
        let one = dict.get::<Dict<'_>>(key);
        let all = dict.get::<Array<'_>>(key);
        let all = all.iter().flat_map(|all| all.iter::<Object<'_>>()).filter_map(Object::into_dict);
        for shared in one.into_iter().chain(all).filter_map(|parameters| of(&parameters)) {
            found = worse(found, shared);
        }
    }
    found
}

/// What the segments of one stream are, as PDF holds them: one behind the other, without the header of a file.
fn coding(bytes: &[u8]) -> SymbolCoding {
    let mut rest = bytes;
    for _ in 0..SEGMENTS_MAX {
        // Behind the last segment some programs leave the end of a line.
        if rest.iter().all(u8::is_ascii_whitespace) || rest.iter().all(|byte| *byte == 0) {
            return SymbolCoding::Absent;
        }
        let Some(segment) = Segment::read(&mut rest) else { return SymbolCoding::Unclear };
        match segment.kind {
            // A symbol dictionary; text regions, which are drawn of symbols.
            0 | 4 | 6 | 7 => return SymbolCoding::Present,
            // Patterns, halftones, generic and refined regions; pages, stripes, profiles, tables, comments.
            16 | 20 | 22 | 23 | 36 | 38 | 39 | 40 | 42 | 43 | 48 | 49 | 50 | 52 | 53 | 62 => {}
            // The end of the file.
            51 => return SymbolCoding::Absent,
            _ => return SymbolCoding::Unclear,
        }
        if segment.skip(&mut rest).is_none() {
            // Only the last segment may be cut short; what it would be is known.
            return SymbolCoding::Absent;
        }
    }
    SymbolCoding::Unclear
}

/// The header of a segment.
struct Segment {
    kind: u8,
    /// None if it is not known before its data are read.
    length: Option<u32>,
}

impl Segment {
    /// Reads one (T.88, 7.2); none if there is none.
    fn read(rest: &mut &[u8]) -> Option<Self> {
        let number = u32::from_be_bytes(take(rest)?);
        let [flags] = take::<1>(rest)?;
        let referred = match rest.first()? >> 5 {
            few @ 0..=4 => {
                take::<1>(rest)?;
                u32::from(few)
            }
            7 => {
                let count = u32::from_be_bytes(take(rest)?) & 0x1fff_ffff;
                if count > REFERRED_MAX {
                    return None;
                }
                pass(rest, count / 8 + 1)?;
                count
            }
            _ => return None,
        };
        let each = match number {
            0..=256 => 1,
            257..=65_536 => 2,
            _ => 4,
        };
        let page = if flags & 0x40 == 0 { 1 } else { 4 };
        pass(rest, referred.checked_mul(each)?.checked_add(page)?)?;
        let length = u32::from_be_bytes(take(rest)?);
        Some(Self { kind: flags & 0x3f, length: (length != u32::MAX).then_some(length) })
    }

    /// Goes on behind its data; none if they end before.
    fn skip(&self, rest: &mut &[u8]) -> Option<()> {
        if let Some(length) = self.length {
            return pass(rest, length);
        }
        // Only a generic region may say so (7.2.7): it ends with a mark that depends on how it is coded, and its height.
        const REGION_BYTES: usize = 17;
        let coded = rest.get(REGION_BYTES)?;
        let mark: [u8; 2] = if coded & 1 == 1 { [0, 0] } else { [0xff, 0xac] };
        let behind = rest.get(REGION_BYTES..)?;
        let at = behind.windows(2).position(|two| two == mark)?;
        *rest = behind.get(at + 2 + 4..)?;
        Some(())
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, behind) = rest.split_first_chunk::<N>()?;
    *rest = behind;
    Some(*head)
}

fn pass(rest: &mut &[u8], bytes: u32) -> Option<()> {
    *rest = rest.get(usize::try_from(bytes).ok()?..)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A segment of page 1 with these data.
    fn segment(number: u32, kind: u8, data: &[u8]) -> Vec<u8> {
        let mut bytes = number.to_be_bytes().to_vec();
        bytes.extend([kind, 0, 1]);
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn symbols_are_found_and_generic_regions_are_none() {
        let page = segment(0, 48, &[0; 19]);
        let generic = [page.clone(), segment(1, 38, &[0; 30]), segment(2, 49, &[])].concat();
        assert_eq!(coding(&generic), SymbolCoding::Absent);
        assert_eq!(coding(&[generic.clone(), b"\r\n".to_vec()].concat()), SymbolCoding::Absent);
        for kind in [0, 4, 6, 7] {
            let symbols = [page.clone(), segment(1, kind, &[0; 12]), segment(2, 49, &[])].concat();
            assert_eq!(coding(&symbols), SymbolCoding::Present, "{kind}");
        }
        assert_eq!(coding(b""), SymbolCoding::Absent);
        assert_eq!(coding(b"%no segments at all"), SymbolCoding::Unclear);
    }

    #[test]
    fn a_region_of_unknown_length_ends_at_its_mark() {
        for (coded, mark) in [(0, [0xff, 0xac]), (1, [0, 0])] {
            let mut open = [0, 0, 0, 1, 38, 0, 1, 0xff, 0xff, 0xff, 0xff].to_vec();
            open.extend([7; 17]);
            open.push(coded);
            open.extend([9; 40]);
            open.extend(mark);
            open.extend([0, 0, 0, 8]);
            assert_eq!(coding(&[open.clone(), segment(2, 6, &[])].concat()), SymbolCoding::Present);
            assert_eq!(coding(&[open, segment(2, 49, &[])].concat()), SymbolCoding::Absent);
        }
    }

    #[test]
    fn a_segment_that_refers_to_many_others_is_passed_over_whole() {
        let count: u32 = 300;
        let mut many = [0, 0, 4, 0, 38].to_vec(); // number 1024: two bytes for each it refers to
        many.extend((0xe000_0000 | count).to_be_bytes());
        many.extend(vec![0; (count / 8 + 1) as usize + 2 * count as usize]);
        many.push(1);
        many.extend(5_u32.to_be_bytes());
        many.extend([1; 5]);
        assert_eq!(coding(&[many.clone(), segment(3, 0, &[])].concat()), SymbolCoding::Present);
        assert_eq!(coding(&many), SymbolCoding::Absent);
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_are_there_is_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = coding(&bytes);
        }

        #[test]
        fn symbols_are_found_behind_any_other_segments(
            before in prop::collection::vec((prop::sample::select(vec![16_u8, 36, 38, 48, 62]), 0_usize..40), 0..20),
        ) {
            let mut bytes: Vec<u8> = Vec::new();
            for (number, (kind, length)) in before.iter().enumerate() {
                bytes.extend(segment(number as u32, *kind, &vec![0xa5; *length]));
            }
            prop_assert_eq!(coding(&bytes), SymbolCoding::Absent);
            bytes.extend(segment(99, 6, &[1, 2, 3]));
            prop_assert_eq!(coding(&bytes), SymbolCoding::Present);
        }
    }
}

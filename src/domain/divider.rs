//! Dividers (Trenn- und Deckblätter): sheets of paper that say where a document of a stack begins, and in which file it
//! belongs; and how a stack that was scanned as a whole falls apart at them. Nothing is guessed: a stack that is not wholly
//! clear stays whole. Knows neither pictures nor codes; who may put what where is not decided here.

use super::ids::CaseFileId;
use super::register::RegisterNumber;

/// What a divider says: here begins a new document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divider {
    /// The file what follows belongs in (Deckblatt); none: where the last one that named a file said, or where the stack lies
    /// (Trennblatt).
    pub file: Option<CaseFileId>,
    /// The register of that file.
    pub register: Option<RegisterNumber>,
}

impl Divider {
    /// It says that a document begins, and no more.
    pub const PLAIN: Self = Self { file: None, register: None };
}

/// What a page of a scan is to whoever divides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StackPage {
    /// Something stands on it.
    Written,
    /// Nothing stands on it.
    Blank,
    /// A divider of this registry.
    Divider(Divider),
    /// A sheet with a patch code, as scanning service providers put it between documents: a divider that says nothing more.
    Patch,
    /// A divider of another registry.
    Foreign,
    /// A divider that cannot be read, or that says two things.
    Damaged,
}

/// A document to be made of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackPart {
    /// Where it goes: what its divider says, and what it does not say from the last one that named a file.
    pub goes: Divider,
    /// Its pages, first and last, from 1, in their order.
    pub pages: Vec<(u32, u32)>,
}

/// How a stack falls apart: each page is in exactly one of the three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// The documents.
    pub parts: Vec<StackPart>,
    /// The pages that are dividers.
    pub dividers: Vec<u32>,
    /// The pages that are blank backs.
    pub blank_backs: Vec<u32>,
}

/// Why a stack stays whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undivided {
    /// A page is a divider of another registry.
    Foreign(u32),
    /// A page is a divider that cannot be read.
    Damaged(u32),
    /// It does not begin with a divider.
    NoFirst,
    /// Behind the divider on this page comes nothing before the next one, or the end.
    NothingBehind(u32),
}

impl Undivided {
    /// Why, in words for users.
    #[must_use]
    pub fn german(self) -> String {
        match self {
            Self::Foreign(page) => {
                format!("Seite {page} ist ein Trenn- oder Deckblatt einer anderen Registratur")
            }
            Self::Damaged(page) => {
                format!("auf Seite {page} steht ein Trenn- oder Deckblatt, das nicht sicher lesbar ist")
            }
            Self::NoFirst => "die erste Seite ist kein Trenn- oder Deckblatt".to_owned(),
            Self::NothingBehind(page) => {
                format!("auf das Trenn- oder Deckblatt auf Seite {page} folgt keine beschriebene Seite")
            }
        }
    }
}

/// What dividers were found in a document, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Which version of the document, from 1.
    pub version: u32,
    /// How many pages it has.
    pub page_count: u32,
    /// The pages that are dividers, readable or not.
    pub dividers: Vec<u32>,
    /// The pages that are blank backs, and in none of the documents it became.
    pub blank_backs: Vec<u32>,
    /// Why it stayed whole, in words for users; none if it was divided.
    pub whole_because: Option<String>,
}

/// How a stack falls apart. Where all dividers are patch sheets, the first document needs none before it, and behind the last
/// one nothing need come: providers put them before, between or behind documents.
///
/// # Errors
/// Why it must stay whole.
pub fn divide(pages: &[StackPage]) -> Result<Division, Undivided> {
    let mut division = Division { parts: Vec::new(), dividers: Vec::new(), blank_backs: Vec::new() };
    let backs_count = is_scanned_on_both_sides(pages);
    let patches_alone =
        pages.contains(&StackPage::Patch) && !pages.iter().any(|page| matches!(page, StackPage::Divider(_)));
    for (number, page) in (1..).zip(pages) {
        match page {
            StackPage::Foreign => return Err(Undivided::Foreign(number)),
            StackPage::Damaged => return Err(Undivided::Damaged(number)),
            StackPage::Divider(divider) => division.begin_behind(number, divider),
            StackPage::Patch => division.begin_behind(number, &Divider::PLAIN),
            StackPage::Blank if backs_count && number % 2 == 0 => division.blank_backs.push(number),
            StackPage::Written | StackPage::Blank => {
                if division.parts.is_empty() && patches_alone {
                    division.parts.push(StackPart { goes: Divider::PLAIN, pages: Vec::new() });
                }
                let part = division.parts.last_mut().ok_or(Undivided::NoFirst)?;
                match part.pages.last_mut().filter(|(_, last)| *last + 1 == number) {
                    Some((_, last)) => *last = number,
                    None => part.pages.push((number, number)),
                }
            }
        }
    }
    if patches_alone && division.parts.len() > 1 {
        division.parts.pop_if(|last| last.pages.is_empty());
    }
    require_written(&division, pages)?;
    Ok(division)
}

impl Division {
    /// Behind this page, a divider, begins a document.
    fn begin_behind(&mut self, number: u32, divider: &Divider) {
        let goes = completed(divider, self.parts.last());
        self.parts.push(StackPart { goes, pages: Vec::new() });
        self.dividers.push(number);
    }
}

/// Front and back of every sheet: the dividers say so, for they stand on fronts, and nothing is printed on their backs. Of a
/// stack scanned on one side only no blank page is left out: somebody put it in.
fn is_scanned_on_both_sides(pages: &[StackPage]) -> bool {
    let is_divider = |page: &StackPage| matches!(page, StackPage::Divider(_) | StackPage::Patch);
    let mut dividers = (0..pages.len()).filter(|at| is_divider(&pages[*at]));
    pages.len().is_multiple_of(2)
        && dividers.all(|at| at.is_multiple_of(2) && pages.get(at + 1) == Some(&StackPage::Blank))
}

/// A divider without a file goes on with that of the one before it, and, without a register, with its register.
fn completed(divider: &Divider, before: Option<&StackPart>) -> Divider {
    match (divider.file, before) {
        (None, Some(before)) => Divider {
            file: before.goes.file,
            register: divider.register.clone().or_else(|| before.goes.register.clone()),
        },
        _ => divider.clone(),
    }
}

/// No document may be without pages, or blank all over.
fn require_written(division: &Division, pages: &[StackPage]) -> Result<(), Undivided> {
    if division.parts.is_empty() {
        return Err(Undivided::NoFirst);
    }
    // Before the first document may be no divider, behind the last divider no document.
    let begins_without = usize::from(division.dividers.first() != Some(&1));
    let mut dividers = std::iter::repeat_n(1, begins_without).chain(division.dividers.iter().copied());
    for part in &division.parts {
        let divider = dividers.next().unwrap_or(1);
        let mut numbers = part.pages.iter().flat_map(|(first, last)| *first..=*last);
        if numbers.all(|number| pages.get(number as usize - 1) == Some(&StackPage::Blank)) {
            return Err(Undivided::NothingBehind(divider));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T: StackPage = StackPage::Divider(Divider { file: None, register: None });
    const P: StackPage = StackPage::Patch;
    const W: StackPage = StackPage::Written;
    const B: StackPage = StackPage::Blank;

    fn cover(number: u128, register: &str) -> StackPage {
        StackPage::Divider(Divider {
            file: Some(CaseFileId(uuid::Uuid::from_u128(number))),
            register: register.parse().ok(),
        })
    }

    fn parts(pages: &[StackPage]) -> Vec<Vec<(u32, u32)>> {
        divide(pages).unwrap().parts.into_iter().map(|part| part.pages).collect()
    }

    #[test]
    fn behind_each_divider_begins_a_document() {
        assert_eq!(parts(&[T, W, W, T, W]), [vec![(2, 3)], vec![(5, 5)]]);
    }

    #[test]
    fn patch_sheets_divide_whether_they_stand_before_between_or_behind_documents() {
        assert_eq!(parts(&[P, W, W, P, W]), [vec![(2, 3)], vec![(5, 5)]], "before each");
        assert_eq!(parts(&[W, W, P, W]), [vec![(1, 2)], vec![(4, 4)]], "between");
        assert_eq!(parts(&[W, P, W, W, P]), [vec![(1, 1)], vec![(3, 4)]], "behind each");
        assert_eq!(divide(&[W, P, W, W, P]).unwrap().dividers, [2, 5]);
        let both = divide(&[W, B, P, B, W, W, P, B]).unwrap();
        assert_eq!(
            both.parts.iter().map(|part| part.pages.clone()).collect::<Vec<_>>(),
            [[(1, 1)], [(5, 6)]]
        );
        assert_eq!((both.dividers, both.blank_backs), (vec![3, 7], vec![2, 4, 8]));
        assert_eq!(parts(&[T, W, P, W]), [vec![(2, 2)], vec![(4, 4)]], "one of ours and one of theirs");
        let why = |pages: &[StackPage]| divide(pages).unwrap_err();
        assert_eq!(why(&[W, P, P, W]), Undivided::NothingBehind(2));
        assert_eq!(why(&[B, P, W]), Undivided::NothingBehind(1), "blank all over");
        assert_eq!(why(&[P]), Undivided::NothingBehind(1));
        assert_eq!(why(&[W, T, W, P, W]), Undivided::NoFirst, "ours stand before documents");
        assert_eq!(why(&[T, W, P]), Undivided::NothingBehind(3));
    }

    #[test]
    fn a_patch_sheet_goes_on_in_the_file_of_the_last_cover() {
        let division = divide(&[cover(7, "2"), W, P, W]).unwrap();
        assert_eq!(division.parts[1].goes, division.parts[0].goes);
    }

    #[test]
    fn blank_backs_are_left_out_of_a_stack_scanned_on_both_sides_and_of_no_other() {
        let both = divide(&[T, B, W, B, W, W, T, B, W, B]).unwrap();
        assert_eq!(both.parts[0].pages, [(3, 3), (5, 6)]);
        assert_eq!((both.dividers, both.blank_backs), (vec![1, 7], vec![2, 4, 8, 10]));
        assert_eq!(parts(&[T, B, W, T, W, B]), [vec![(2, 3)], vec![(5, 6)]], "a back is missing");
        assert_eq!(parts(&[T, W, B, W]), [vec![(2, 4)]], "one side");
        assert_eq!(parts(&[T, W, W, B]), [vec![(2, 4)]], "one side, and blank where a back would be");
        assert_eq!(parts(&[T, B, W, B, W]), [vec![(2, 5)]], "the last back is missing");
        assert_eq!(parts(&[T, B, B, W]), [vec![(3, 4)]], "a blank front is a page");
    }

    #[test]
    fn what_is_not_clear_stays_whole() {
        let why = |pages: &[StackPage]| divide(pages).unwrap_err();
        assert_eq!(why(&[W, T, W]), Undivided::NoFirst);
        assert_eq!(why(&[W, W]), Undivided::NoFirst);
        assert_eq!(why(&[]), Undivided::NoFirst);
        assert_eq!(why(&[T, T, W]), Undivided::NothingBehind(1));
        assert_eq!(why(&[T, B, T, W]), Undivided::NothingBehind(1));
        assert_eq!(why(&[T, B, T, B, W, B]), Undivided::NothingBehind(1), "two after another, both sides");
        assert_eq!(why(&[T, W, T]), Undivided::NothingBehind(3));
        assert_eq!(why(&[T, T, T, W]), Undivided::NothingBehind(1), "the first of them");
        assert_eq!(why(&[T, W, StackPage::Foreign, W]), Undivided::Foreign(3));
        assert_eq!(why(&[T, W, StackPage::Damaged, W]), Undivided::Damaged(3));
    }

    #[test]
    fn why_a_stack_stays_whole_is_told_in_german_with_the_page_to_look_at() {
        for (why, told) in [
            (Undivided::Foreign(12), "Seite 12 ist ein Trenn- oder Deckblatt einer anderen Registratur"),
            (
                Undivided::Damaged(12),
                "auf Seite 12 steht ein Trenn- oder Deckblatt, das nicht sicher lesbar ist",
            ),
            (Undivided::NoFirst, "die erste Seite ist kein Trenn- oder Deckblatt"),
            (
                Undivided::NothingBehind(12),
                "auf das Trenn- oder Deckblatt auf Seite 12 folgt keine beschriebene Seite",
            ),
        ] {
            assert_eq!(why.german(), told);
        }
    }

    #[test]
    fn a_plain_divider_goes_on_in_the_file_of_the_last_cover() {
        let division = divide(&[cover(7, "2"), W, T, W, cover(8, ""), W, T, W]).unwrap();
        let goes: Vec<_> = division.parts.iter().map(|part| part.goes.clone()).collect();
        let file = |number| Some(CaseFileId(uuid::Uuid::from_u128(number)));
        assert_eq!(goes[0], Divider { file: file(7), register: "2".parse().ok() });
        assert_eq!(goes[1], goes[0]);
        assert_eq!(goes[2], Divider { file: file(8), register: None });
        assert_eq!(goes[3], goes[2]);
    }

    proptest! {
        #[test]
        fn no_page_is_lost_and_none_is_there_twice(kinds in prop::collection::vec(0_u8..5, 0..40)) {
            let page = |kind: &u8| match kind { 0 => T, 1 => B, 2 => cover(1, ""), 3 => P, _ => W };
            let pages: Vec<_> = kinds.iter().map(page).collect();
            if let Ok(division) = divide(&pages) {
                let of_parts = division.parts.iter().flat_map(|part| &part.pages);
                let mut all: Vec<u32> = of_parts.flat_map(|(first, last)| *first..=*last).collect();
                prop_assert!(all.is_sorted(), "in their order");
                prop_assert!(all.iter().all(|number| matches!(pages[*number as usize - 1], StackPage::Written | StackPage::Blank)));
                prop_assert!(division.blank_backs.iter().all(|number| pages[*number as usize - 1] == B));
                all.extend(division.dividers.iter().chain(&division.blank_backs));
                all.sort_unstable();
                prop_assert_eq!(all, (1..=pages.len() as u32).collect::<Vec<_>>());
            }
        }
    }
}

//! A plot of bars, drawn here as the parts of an SVG: no script and no style in the page. It only shows what a table beside it
//! says in figures. Whole numbers all along, in units of the picture.

/// Width and height of the picture.
pub const SIZE: (u64, u64) = (1440, 520);
/// Where the bars stand: left edge, right edge, top, ground.
const AREA: (u64, u64, u64, u64) = (120, 1430, 30, 470);
/// Most names that fit below the bars.
const NAMES_MAX: usize = 14;
/// From name to name, so many bars.
const STEPS: [i16; 7] = [1, 2, 5, 10, 20, 50, 100];

/// What is drawn of a year.
pub struct Year {
    /// The year.
    pub year: i16,
    /// The lower part of its bar.
    pub sure: u64,
    /// The upper part.
    pub unconfirmed: u64,
}

/// The parts of the picture.
pub struct Plot {
    /// Of bars, from left to right; parts of nothing are left out.
    pub bars: Vec<Bar>,
    /// Across, with a number each.
    pub lines: Vec<Mark>,
    /// Below, the names of years.
    pub names: Vec<Mark>,
}

/// A part of a bar.
pub struct Bar {
    /// Its class in the style sheet.
    pub class: &'static str,
    /// What it stands for.
    pub year: i16,
    /// How many.
    pub files: u64,
    /// Left edge, upper edge, width, height.
    pub x: u64,
    pub y: u64,
    pub width: u64,
    pub height: u64,
}

/// A number or name at its place.
pub struct Mark {
    /// Where, along its axis.
    pub at: u64,
    /// What stands there.
    pub text: String,
}

impl Plot {
    /// The picture of these years; none if there is nothing to see.
    pub fn of(years: &[Year]) -> Option<Self> {
        let highest = years.iter().map(|year| year.sure.saturating_add(year.unconfirmed)).max()?;
        if highest == 0 {
            return None;
        }
        let (left, right, top, ground) = AREA;
        let scale = round_above(highest);
        let count = years.len() as u64;
        let edge = |number: u64| left + (right - left) * number / count;
        // In 128 bits no number of files is too large.
        let tall = |files: u64| (u128::from(ground - top) * u128::from(files) / u128::from(scale)) as u64;
        let mut bars = Vec::new();
        for (number, of) in (0..).zip(years) {
            let x = edge(number);
            let width = (edge(number + 1) - x).saturating_sub(2).max(1);
            // A single file among thousands is still to be seen.
            let tall_enough =
                |files: u64, above: u64, from: u64| if files == 0 { from } else { tall(above).max(from + 2) };
            let lower = tall_enough(of.sure, of.sure, 0);
            let upper = tall_enough(of.unconfirmed, of.sure.saturating_add(of.unconfirmed), lower);
            let parts = [("sure", of.sure, 0, lower), ("unconfirmed", of.unconfirmed, lower, upper)];
            bars.extend(parts.into_iter().filter(|(_, files, ..)| *files > 0).map(
                |(class, files, from, to)| Bar {
                    class,
                    year: of.year,
                    files,
                    x,
                    y: ground.saturating_sub(to),
                    width,
                    height: to - from,
                },
            ));
        }
        let halves = if scale.is_multiple_of(2) { vec![0, scale / 2, scale] } else { vec![0, scale] };
        let lines =
            halves.into_iter().map(|files| Mark { at: ground - tall(files), text: files.to_string() });
        let step = STEPS.into_iter().find(|step| years.len() <= NAMES_MAX * usize::from(step.unsigned_abs()));
        let step = step.unwrap_or(1_000);
        let names = (0..).zip(years).filter(|(_, of)| of.year % step == 0);
        let names = names.map(|(number, of)| Mark {
            at: (edge(number) + edge(number + 1)) / 2,
            text: of.year.to_string(),
        });
        Some(Self { bars, lines: lines.collect(), names: names.collect() })
    }
}

/// The next round number that is not smaller: 1, 2 or 5 with noughts behind it; the number itself if there is none.
fn round_above(number: u64) -> u64 {
    let mut ten = 1_u64;
    loop {
        for first in [1, 2, 5] {
            match ten.checked_mul(first) {
                Some(round) if round >= number => return round,
                Some(_) => {}
                None => return number,
            }
        }
        match ten.checked_mul(10) {
            Some(next) => ten = next,
            None => return number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i16, sure: u64, unconfirmed: u64) -> Year {
        Year { year, sure, unconfirmed }
    }

    #[test]
    fn bars_stand_on_the_ground_on_top_of_each_other_and_inside_the_picture() {
        let years = [year(2026, 0, 0), year(2027, 10, 0), year(2028, 4, 6), year(2029, 0, 1)];
        let plot = Plot::of(&years).unwrap();
        let (left, right, top, ground) = AREA;
        let told: Vec<_> = plot.bars.iter().map(|bar| (bar.year, bar.class, bar.files)).collect();
        assert_eq!(
            told,
            [(2027, "sure", 10), (2028, "sure", 4), (2028, "unconfirmed", 6), (2029, "unconfirmed", 1)]
        );
        let [whole, lower, upper, small] = plot.bars.as_slice() else { panic!("four parts") };
        assert_eq!((whole.y, whole.y + whole.height), (top, ground));
        assert_eq!(lower.y + lower.height, ground);
        assert_eq!((upper.y, upper.y + upper.height), (top, lower.y), "one stands on the other");
        assert_eq!(small.height, (ground - top) / 10);
        assert!(plot.bars.iter().all(|bar| bar.x >= left && bar.x + bar.width <= right));
        assert!(plot.bars.windows(2).all(|two| two[0].x <= two[1].x));
    }

    #[test]
    fn what_there_is_little_of_is_seen_and_what_there_is_much_of_fits() {
        let largest = Plot::of(&[year(2026, u64::MAX, u64::MAX), year(2027, 1, 1)]).unwrap();
        let inside = |bar: &Bar| bar.height >= 2 && bar.y <= AREA.3 && bar.y + bar.height <= AREA.3;
        assert!(largest.bars.iter().all(inside));
        assert!(Plot::of(&[year(2026, 0, 0)]).is_none() && Plot::of(&[]).is_none());
        let years: Vec<_> = (2026..=2226).map(|number| year(number, 1, 0)).collect();
        let plot = Plot::of(&years).unwrap();
        assert_eq!(plot.bars.len(), 201);
        let names: Vec<_> = plot.names.iter().map(|name| name.text.as_str()).collect();
        assert_eq!((names[0], names.len() <= NAMES_MAX), ("2040", true), "{names:?}");
    }

    #[test]
    fn the_scale_ends_at_a_round_number() {
        assert_eq!([1, 2, 3, 7, 10, 11, 4_001].map(round_above), [1, 2, 5, 10, 10, 20, 5_000]);
        assert_eq!(round_above(u64::MAX), u64::MAX);
    }
}

//! The lists of words beside this file, written and checked by hand.

/// A word that is typed and what contains it as a part.
pub struct Part {
    pub typed: String,
    /// Folded beginnings: a word that contains one is a compound …
    pub patterns: Vec<String>,
    /// … unless it contains one of these.
    pub exceptions: Vec<String>,
}

/// A compound and its parts as one types them apart.
pub struct Compound {
    pub whole: String,
    pub parts: Vec<String>,
}

/// A word then and now.
pub struct Spelling {
    pub now: String,
    pub then: String,
    /// Old since 1902, not only since 1996.
    pub since_1902: bool,
}

fn lines(list: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().collect::<Vec<_>>()).filter(|words| !words.is_empty())
}

/// Parts of compounds.
pub fn parts() -> Vec<Part> {
    let part = |words: Vec<&str>| {
        let (exceptions, patterns): (Vec<&str>, Vec<&str>) =
            words.iter().copied().partition(|word| word.starts_with('-'));
        Part {
            typed: words[0].to_owned(),
            patterns: patterns.into_iter().map(super::text::fold).collect(),
            exceptions: exceptions.iter().map(|word| super::text::fold(&word[1..])).collect(),
        }
    };
    lines(include_str!("lists/parts.txt")).map(part).collect()
}

/// Compounds.
pub fn compounds() -> Vec<Compound> {
    let compound = |words: Vec<&str>| Compound {
        whole: words[0].to_owned(),
        parts: words[1..].iter().map(|part| (*part).to_owned()).collect(),
    };
    lines(include_str!("lists/compounds.txt")).map(compound).collect()
}

/// All forms of a word.
pub fn inflections() -> Vec<Vec<&'static str>> {
    lines(include_str!("lists/inflection.txt")).collect()
}

/// Old spellings.
pub fn old_spellings() -> Vec<Spelling> {
    let (mut all, mut since_1902) = (Vec::new(), false);
    for words in lines(include_str!("lists/old.txt")) {
        match words.as_slice() {
            ["--", _] => since_1902 = true,
            [now, then] => {
                all.push(Spelling { now: (*now).to_owned(), then: (*then).to_owned(), since_1902 });
            }
            other => panic!("lists/old.txt: {other:?}"),
        }
    }
    all
}

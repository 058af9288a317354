//! The one normalisation of names: what is stored as a key column and what a batch compares.

use super::name_words::{Around, around};

/// Changes whenever a name may normalise to something else: stored keys of another version are stale.
pub const NORMALISATION_VERSION: u16 = 1;

/// Words of a name that are kept; more say nothing that the first have not said.
const MOST_WORDS: usize = 6;

/// A name in words: folded to one spelling, without honorifics, father's name and points.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NormalName {
    /// The words in the order written; an initial is a word of one letter.
    pub words: Vec<String>,
}

/// Brings an Indonesian name to its one form.
#[must_use]
pub fn normal_name(written: &str) -> NormalName {
    let mut words = spelled(written);
    words.retain(|(_, around)| !around.is_alias);
    if let Some(end) = words.iter().skip(1).position(|(_, around)| around.is_filiation) {
        words.truncate(end + 1);
    }
    strip_titles(&mut words);
    let words = words.iter().map(|(word, around)| around.stands_for.map_or_else(|| fold(word), fold));
    NormalName { words: words.filter(|word| !word.is_empty()).take(MOST_WORDS).collect() }
}

/// Letters and digits in lower case; whatever else divides words, but for the mark inside one.
fn spelled(written: &str) -> Vec<(String, Around)> {
    let divides = |letter: char| !letter.is_alphanumeric() && !is_mark(letter);
    let words = written.split(divides).map(lower_case).filter(|word| !word.is_empty());
    let with_meaning = words.map(|word| {
        let around = around(&word);
        (word, around)
    });
    with_meaning.collect()
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '\'' | '`' | '’' | '‘')
}

fn lower_case(word: &str) -> String {
    if word.is_ascii() && !word.contains(is_mark) {
        return word.to_ascii_lowercase();
    }
    word.chars().filter(|letter| !is_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Honorifics stand before a name, degrees behind it; a name of nothing else keeps its last word.
fn strip_titles(words: &mut Vec<(String, Around)>) {
    let titles = words.iter().take_while(|(_, around)| around.is_title).count();
    words.drain(..titles.min(words.len().saturating_sub(1)));
    while words.len() > 1 && words.last().is_some_and(|(_, around)| around.is_degree) {
        words.pop();
    }
}

/// Old spelling read as new: what was written oe, tj, dj and j before 1972 is u, c, j and y.
const OLD_SPELLING: &[(&str, &str)] = &[("oe", "u"), ("tj", "c"), ("dj", "j"), ("sj", "sy"), ("nj", "ny"), ("ch", "h")];

/// One spelling of a word; doubled letters are single.
#[must_use]
pub fn fold(word: &str) -> String {
    if !word.as_bytes().windows(2).any(is_spelled_as_of_old) {
        return single(word);
    }
    single(&OLD_SPELLING.iter().fold(word.to_owned(), |word, (old, new)| word.replace(old, new)))
}

/// Most words have no such two letters, and need no search for each of them.
fn is_spelled_as_of_old(pair: &[u8]) -> bool {
    matches!(pair, [b'o', b'e'] | [b't' | b'd' | b's' | b'n', b'j'] | [b'c', b'h'])
}

fn single(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut last = None;
    for letter in word.chars() {
        if last != Some(letter) || letter.is_ascii_digit() {
            out.push(letter);
        }
        last = Some(letter);
    }
    out
}

/// How many letters a text starts with that sound like others, and like which; two letters before one.
fn heard_at_start(text: &[u8]) -> Option<(usize, &'static str)> {
    Some(match text {
        [b'k', b'h', ..] => (2, "h"),
        [b'g', b'h', ..] => (2, "g"),
        [b'd', b'h', ..] => (2, "d"),
        [b't', b'h', ..] => (2, "t"),
        [b'p', b'h', ..] => (2, "p"),
        [b's', b'y' | b'h', ..] | [b't', b's', ..] => (2, "s"),
        [b'd', b'z', ..] => (2, "j"),
        [b'k', b's', ..] => (2, "x"),
        [b'o', b'u' | b'o', ..] | [b'a', b'u', ..] => (2, "o"),
        [b'e' | b'i', b'e', ..] => (2, "i"),
        [b'a' | b'e', b'i', ..] => (2, "e"),
        [b'f' | b'v', ..] => (1, "p"),
        [b'q', ..] => (1, "k"),
        [b'z', ..] => (1, "j"),
        [b'y' | b'e', ..] => (1, "i"),
        [b'u' | b'w', ..] => (1, "o"),
        _ => return None,
    })
}

/// What a folded word sounds like, roughly: words that are written differently for one name share it.
#[must_use]
pub fn sound(folded: &str) -> String {
    let mut heard = String::with_capacity(folded.len());
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        if let Some((letters, said)) = heard_at_start(rest.as_bytes()) {
            heard.push_str(said);
            rest = rest.get(letters..).unwrap_or_default();
        } else {
            heard.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    let mut heard = single(&heard);
    if heard.len() > 3 && heard.ends_with('h') {
        heard.pop();
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(written: &str) -> String {
        normal_name(written).words.join(" ")
    }

    #[test]
    fn titles_and_degrees_are_no_part_of_a_name() {
        assert_eq!(words("Hj. Siti Aminah, S.Pd."), "siti aminah");
        assert_eq!(words("Drs. H. Soekarno"), "sukarno");
        assert_eq!(words("Hj."), "hj");
    }

    #[test]
    fn forms_of_muhammad_are_one() {
        for form in ["Muh. Rizal", "MOCHAMAD RIZAL", "Mohd Rizal", "Muhammad Rizal", "M. Rizal"] {
            assert!(words(form).ends_with("rizal"), "{form}");
        }
        assert_eq!(words("Moch. Rizal"), words("Muhamad Rizal"));
    }

    #[test]
    fn old_spelling_reads_as_new() {
        assert_eq!(words("Soetjipto"), words("Sucipto"));
        assert_eq!(words("Djoko"), words("Joko"));
    }

    #[test]
    fn the_father_named_behind_bin_is_left_out() {
        assert_eq!(words("Aulia binti Saiful"), "aulia");
        assert_eq!(words("Binti"), "binti");
    }

    #[test]
    fn sounds_join_spellings() {
        assert_eq!(sound("fitriani"), sound("pitriani"));
        assert_eq!(sound("hadijah"), sound("khadijah"));
        assert_eq!(sound("yuliana"), sound("iuliana"));
    }
}

//! How alike two names are: word by word, each with the best of the other's.

use super::columns::{MOST_WORDS, NameColumn};
use super::compare::{EQUAL, MISSING};
use super::forms::NameForm;
use super::texts::{at, value};
use crate::matching::likeness::steps_apart;

/// How alike two words are, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Words {
    Same,
    Sounding,
    Near,
    Initial,
    Loose,
    Unlike,
}

/// 1 the same words, 2 the same sounds, 3 near, 4 the one within the other, 5 so by initials or nearly,
/// 6 loosely, 7 some word shared, 8 unlike; and how seldom the words are that they share.
pub(super) fn compare_names(column: &NameColumn, one: u32, other: u32) -> (u8, f32) {
    let (Some(left), Some(right)) = (column.names.get(at(one)), column.names.get(at(other))) else {
        return (MISSING, 0.0);
    };
    if left.words().is_empty() || right.words().is_empty() {
        return (MISSING, 0.0);
    }
    if one == other || left.words() == right.words() {
        return (EQUAL, rarity_of_all(column, left));
    }
    let aligned = align(column, left, right);
    let level = level(&aligned, left.words().len() == right.words().len());
    if level > 3 && are_near_when_joined(column, left, right) {
        return (3, rarity_of_all(column, left).min(rarity_of_all(column, right)));
    }
    (level, aligned.rarity)
}

struct Aligned {
    worst: Words,
    best: Words,
    rarity: f32,
}

/// Gives each word of the shorter name the most alike of those left in the longer.
fn align(column: &NameColumn, one: &NameForm, other: &NameForm) -> Aligned {
    let (short, long) = if one.words().len() <= other.words().len() { (one, other) } else { (other, one) };
    let mut taken = [false; MOST_WORDS];
    let mut aligned = Aligned { worst: Words::Same, best: Words::Unlike, rarity: 0.0 };
    for word in short.spoken() {
        let mut best: Option<(Words, usize)> = None;
        for (place, against) in long.spoken().enumerate().filter(|(place, _)| !value(&taken, *place)) {
            let likeness = compare_words(column, word, against);
            if best.is_none_or(|(known, _)| likeness < known) {
                best = Some((likeness, place));
            }
        }
        let Some((likeness, place)) = best else { continue };
        if let Some(taken) = taken.get_mut(place) {
            *taken = likeness != Words::Unlike;
        }
        aligned.worst = aligned.worst.max(likeness);
        aligned.best = aligned.best.min(likeness);
        if likeness <= Words::Near {
            aligned.rarity += value(&column.rarity, at(word.1));
        }
    }
    aligned
}

fn level(aligned: &Aligned, is_as_many: bool) -> u8 {
    match (aligned.worst, is_as_many) {
        (Words::Same, true) => 1,
        (Words::Sounding, true) => 2,
        (Words::Near, true) => 3,
        (Words::Same | Words::Sounding, false) => 4,
        (Words::Near, false) | (Words::Initial, _) => 5,
        (Words::Loose, _) => 6,
        (Words::Unlike, _) if aligned.best <= Words::Near => 7,
        (Words::Unlike, _) => 8,
    }
}

fn rarity_of_all(column: &NameColumn, form: &NameForm) -> f32 {
    form.sounds().iter().map(|sound| value(&column.rarity, at(*sound))).sum()
}

/// Compares two words, each with what it sounds like.
fn compare_words(column: &NameColumn, (one, one_sound): (u32, u32), (other, other_sound): (u32, u32)) -> Words {
    if one == other {
        return Words::Same;
    }
    if one_sound == other_sound {
        return Words::Sounding;
    }
    let (glance, other_glance) = (value(&column.glances, at(one_sound)), value(&column.glances, at(other_sound)));
    if (glance.length() == 1 || other_glance.length() == 1)
        && let Some(words) = compare_initials(column.words.text(one), column.words.text(other))
    {
        return words;
    }
    let length = glance.length().max(other_glance.length());
    let near = if length < 4 { 0 } else { 1 + length / 8 };
    if glance.fewest_steps(other_glance) > near + 1 {
        return Words::Unlike;
    }
    let (heard, against) = (column.heard.text(one_sound), column.heard.text(other_sound));
    let steps = steps_apart(heard.as_bytes(), against.as_bytes(), near + 1);
    if steps <= near {
        Words::Near
    } else if steps == near + 1 && length > 3 {
        Words::Loose
    } else {
        Words::Unlike
    }
}

/// How an initial compares; nothing where neither word is one.
fn compare_initials(one: &str, other: &str) -> Option<Words> {
    let is_initial = one.len() == 1 || other.len() == 1;
    let is_same = one.as_bytes().first() == other.as_bytes().first();
    is_initial.then_some(if is_same { Words::Initial } else { Words::Unlike })
}

/// Whether two names differ by the blanks between their words and little else.
fn are_near_when_joined(column: &NameColumn, one: &NameForm, other: &NameForm) -> bool {
    if one.words().len() == other.words().len() || one.joined.fewest_steps(other.joined) > 1 {
        return false;
    }
    let (mut left, mut right) = ([0_u8; 48], [0_u8; 48]);
    let left = joined(column, one, &mut left);
    let right = joined(column, other, &mut right);
    left.len() > 5 && steps_apart(left, right, 1) <= 1
}

fn joined<'a>(column: &NameColumn, form: &NameForm, into: &'a mut [u8; 48]) -> &'a [u8] {
    let letters = form.words().iter().flat_map(|word| column.words.text(*word).bytes());
    let mut count = 0;
    for (into, letter) in into.iter_mut().zip(letters) {
        *into = letter;
        count += 1;
    }
    into.get(..count).unwrap_or_default()
}

//! Names, numbers and the slips that are made in writing them down.

use std::collections::HashSet;

use crate::population::Person;

/// Numbers drawn one after the other from a seed.
pub(crate) struct Draw {
    state: u64,
    /// National numbers that somebody has: no second person gets one of them.
    issued: HashSet<String>,
}

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed, issued: HashSet::new() }
    }

    /// Whether a national number was free; it is taken from now on.
    pub(crate) fn issue(&mut self, number: &str) -> bool {
        self.issued.insert(number.to_owned())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(u64::from(high - low + 1)) as u32
    }

    pub(crate) fn chance(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }

    /// As `pick`, the first far more often than the last.
    fn favour<T: Copy>(&mut self, list: &[T]) -> T {
        let most = self.below(list.len() as u64) + 1;
        list[self.below(most) as usize]
    }
}

const OPENINGS: &[&str] = &[
    "su", "wa", "ri", "sa", "nu", "mu", "ka", "di", "ma", "ya", "ha", "ra", "fa", "ta", "la", "yu", "ar", "en", "ju",
    "po", "le", "kus", "har", "zul", "wi", "bam", "gun", "sri", "tri", "dar",
];
const MIDDLES: &[&str] = &["", "", "", "", "", "di", "ri", "ma", "na", "li", "to", "ku", "sa", "ti", "ha", "war"];
const MEN: &[&str] = &["no", "yanto", "man", "di", "to", "din", "rul", "wan", "min", "jo", "dy", "sim", "mad", "nto"];
const WOMEN: &[&str] =
    &["ti", "ni", "yem", "nah", "wati", "yah", "sih", "lia", "ningsih", "rini", "mah", "ta", "nem", "ra"];
const MANY_MEN: &[&str] = &["muhammad", "ahmad", "abdul", "nur", "agus", "dwi", "eko", "andi"];
const MANY_WOMEN: &[&str] = &["siti", "nur", "sri", "dewi", "dwi", "umi", "rina", "eka"];
const STREETS: &[&str] =
    &["Jl. Mawar", "Jl. Melati", "Jl. Pahlawan", "Jl. Merdeka", "Dusun", "Kampung", "Gang", "Jl. Masjid"];
const TITLES: &[&str] = &["H.", "Hj.", "Pak", "Bu", "Ibu", "Drs.", "Alm.", "Ust.", "Mbah"];

/// A word of a name: one in eight of those that very many have.
fn word(draw: &mut Draw, is_woman: bool) -> String {
    if draw.chance(120) {
        return draw.favour(if is_woman { MANY_WOMEN } else { MANY_MEN }).to_owned();
    }
    let ending = if is_woman { draw.favour(WOMEN) } else { draw.favour(MEN) };
    format!("{}{}{ending}", draw.favour(OPENINGS), draw.favour(MIDDLES))
}

/// One to three words, shared by as many as in the measuring kit: two of its lines have one name in 1,700.
pub(crate) fn full_name(draw: &mut Draw, is_woman: bool) -> Vec<String> {
    let mut words = Vec::new();
    if draw.chance(250) {
        words.push(draw.favour(if is_woman { MANY_WOMEN } else { MANY_MEN }).to_owned());
    }
    words.push(word(draw, is_woman));
    if draw.chance(330) {
        words.push(word(draw, is_woman));
    }
    words
}

pub(crate) fn kk(draw: &mut Draw, district: &str) -> String {
    format!(
        "{district}{:02}{:02}{:02}{:04}",
        draw.between(1, 28),
        draw.between(1, 12),
        draw.between(5, 25),
        draw.between(1, 60)
    )
}

pub(crate) fn phone(draw: &mut Draw) -> String {
    format!("08{}{:08}", draw.pick(&["12", "13", "21", "52", "57", "78", "95"]), draw.below(100_000_000))
}

pub(crate) fn rt(draw: &mut Draw) -> String {
    format!("{:03}/{:03}", draw.between(1, 12), draw.between(1, 8))
}

pub(crate) fn address(draw: &mut Draw) -> String {
    let street = draw.favour(STREETS);
    if street == "Dusun" || street == "Kampung" {
        return format!("{street} {}", word(draw, false));
    }
    format!("{street} No. {}", draw.between(1, 120))
}

/// The address as it is written down this time.
pub(crate) fn address_line(draw: &mut Draw, address: &str) -> String {
    if draw.chance(80) { near(draw, address) } else { address.to_owned() }
}

pub(crate) fn village(village: u64) -> String {
    let at = village as usize;
    format!("{}{}{}", OPENINGS[at % 30], MIDDLES[5 + at / 30 % 11], ["sari", "jaya", "rejo", "mulya"][at / 330 % 4])
}

/// One digit changed, two swapped, or one left out.
pub(crate) fn digit(draw: &mut Draw, number: &str) -> String {
    let mut digits: Vec<u8> = number.bytes().collect();
    let at = draw.below(digits.len() as u64 - 1) as usize;
    match draw.below(5) {
        0 => drop(digits.remove(at)),
        1 | 2 => digits.swap(at, at + 1),
        _ => digits[at] = b'0' + draw.below(10) as u8,
    }
    String::from_utf8(digits).unwrap()
}

/// One letter changed, doubled, left out, or swapped with the next.
pub(crate) fn near(draw: &mut Draw, text: &str) -> String {
    let mut letters: Vec<u8> = text.bytes().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = 1 + draw.below(letters.len() as u64 - 2) as usize;
    match draw.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(at, at + 1),
        _ => letters[at] = draw.pick(b"aeiounrst"),
    }
    String::from_utf8(letters).unwrap()
}

/// A person as written on one line.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) sex: &'static str,
    pub(crate) born: String,
    pub(crate) nik: String,
    pub(crate) mother: String,
}

/// Writes a person down; `given` is the number of another of the card, at times taken for his.
pub(crate) fn line(draw: &mut Draw, person: &Person, given: Option<&String>) -> Line {
    let is_woman = person.is_woman != draw.chance(6);
    Line {
        name: name(draw, &person.words),
        sex: if is_woman { "P" } else { "L" },
        born: born(draw, person.born),
        nik: given.cloned().unwrap_or_else(|| nik(draw, &person.nik)),
        mother: mother(draw, &person.mother),
    }
}

fn mother(draw: &mut Draw, mother: &str) -> String {
    match draw.below(100) {
        0..23 => String::new(),
        23..32 => near(draw, mother),
        _ => mother.to_owned(),
    }
}

fn nik(draw: &mut Draw, nik: &str) -> String {
    match draw.below(1_000) {
        0..30 => String::new(),
        30..75 => digit(draw, nik),
        75..80 => draw.pick(&["0000000000000000", "1234567890123456", "9999999999999999"]).to_owned(),
        _ => nik.to_owned(),
    }
}

fn born(draw: &mut Draw, [year, month, day]: [u32; 3]) -> String {
    let [year, month, day] = match draw.below(1_000) {
        0..20 => return String::new(),
        20..45 if day <= 12 => [year, day, month],
        45..60 => [year, 1, 1],
        60..70 => [year, 12, 31],
        70..80 => [year - 1, 7, 1],
        80..95 => [year, month, draw.between(1, 28)],
        95..110 => [year + 1, month, day],
        _ => [year, month, day],
    };
    format!("{year:04}-{month:02}-{day:02}")
}

fn name(draw: &mut Draw, words: &[String]) -> String {
    let mut words: Vec<String> = words.iter().map(|word| form(draw, word)).collect();
    match draw.below(100) {
        0..12 => {
            let at = draw.below(words.len() as u64) as usize;
            words[at] = near(draw, &words[at]);
        }
        12..16 => words.insert(0, draw.pick(TITLES).to_owned()),
        16..18 if words.len() > 1 => drop(words.pop()),
        18..20 if words.len() > 1 => words.last_mut().unwrap().truncate(1),
        20..22 if words.len() > 1 => words.swap(0, 1),
        22..25 => {
            let filiation = draw.pick(&["bin", "binti"]).to_owned();
            words.extend([filiation, word(draw, false)]);
        }
        25..29 => words[0] = words[0].replace('u', "oe"),
        29..33 => words[0] = words[0].replace('y', "j"),
        _ => {}
    }
    let capital = |word: &String| word[..1].to_uppercase() + &word[1..];
    words.iter().map(capital).collect::<Vec<_>>().join(" ")
}

/// A word in one of the forms that it is written in.
fn form(draw: &mut Draw, word: &str) -> String {
    let forms: &[&str] = match word {
        "muhammad" => &["muhammad", "muhammad", "mohammad", "muh.", "moch.", "m.", "mhd.", "muhamad"],
        "ahmad" => &["ahmad", "ahmad", "ahmad", "achmad", "akhmad"],
        "siti" => &["siti", "siti", "siti", "sitti", "st."],
        _ => return word.to_owned(),
    };
    draw.pick(forms).to_owned()
}

//! Names of sandbox people, put together from the syllables below. The sounds are those of the
//! peoples of the Belayan river; no list of real persons was read.

use super::draw::Draw;
use super::family::Sex;

/// The tradition a family's names follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Kutai, the people of the lower river.
    Kutai,
    /// Modang and Kenyah Dayak of the upper river.
    Dayak,
    /// Javanese, most of them of transmigration villages.
    Javanese,
    /// Bugis traders and fishers.
    Bugis,
    /// Banjar traders and boat people.
    Banjar,
}

/// The syllables of one tradition, for one sex.
struct Sounds {
    openings: &'static [&'static str],
    endings: &'static [&'static str],
}

/// How many of a thousand people carry a second name.
const SECOND_NAME: u32 = 620;

/// One person's name. `line` is the family's own word: the children of one father share it.
pub(super) fn person(draw: &mut Draw, style: Style, sex: Sex, line: &str) -> String {
    let mut name = String::with_capacity(32);
    push_word(&mut name, draw, &sounds(style, sex));
    if draw.chance(SECOND_NAME) {
        name.push(' ');
        if style == Style::Dayak || draw.chance(250) {
            name.push_str(line);
        } else {
            name.push_str(draw.pick(second(style, sex)));
        }
    }
    name
}

/// The word a family's children may carry after their own name.
pub(super) fn line(draw: &mut Draw, style: Style) -> String {
    let mut word = String::with_capacity(16);
    push_word(&mut word, draw, &sounds(style, Sex::Male));
    word
}

fn push_word(text: &mut String, draw: &mut Draw, sounds: &Sounds) {
    text.push_str(draw.pick(sounds.openings));
    text.push_str(draw.pick(sounds.endings));
}

fn sounds(style: Style, sex: Sex) -> Sounds {
    let (openings, endings) = match (style, sex) {
        (Style::Kutai, Sex::Male) => (KUTAI_OPENINGS, KUTAI_MEN),
        (Style::Kutai, Sex::Female) => (KUTAI_OPENINGS, KUTAI_WOMEN),
        (Style::Dayak, Sex::Male) => (DAYAK_OPENINGS, DAYAK_MEN),
        (Style::Dayak, Sex::Female) => (DAYAK_OPENINGS, DAYAK_WOMEN),
        (Style::Javanese, Sex::Male) => (JAVA_OPENINGS, JAVANESE_MEN),
        (Style::Javanese, Sex::Female) => (JAVA_OPENINGS, JAVANESE_WOMEN),
        (Style::Bugis, Sex::Male) => (BUGIS_OPENINGS, BUGIS_MEN),
        (Style::Bugis, Sex::Female) => (BUGIS_OPENINGS, BUGIS_WOMEN),
        (Style::Banjar, Sex::Male) => (BANJAR_OPENINGS, BANJAR_MEN),
        (Style::Banjar, Sex::Female) => (BANJAR_OPENINGS, BANJAR_WOMEN),
    };
    Sounds { openings, endings }
}

const KUTAI_MEN: &[&str] = &["ran", "syah", "din", "rani", "man", "dar", "sani", "min", "lan", "hari", "rudin", "wan"];
const KUTAI_WOMEN: &[&str] =
    &["nah", "rah", "tini", "liah", "niah", "diah", "rina", "sari", "milah", "yanti", "tun", "ima"];
const DAYAK_MEN: &[&str] = &["ng", "hang", "jau", "wing", "hat", "pui", "lung", "jang", "ncau", "hong", "ban", "quing"];
const DAYAK_WOMEN: &[&str] =
    &["ling", "nyau", "song", "weh", "ping", "yoq", "lun", "ring", "hui", "bung", "mei", "nah"];
const JAVANESE_MEN: &[&str] =
    &["yono", "narto", "gito", "jito", "dodo", "manto", "geno", "wanto", "sito", "tono", "giman", "priyo"];
const JAVANESE_WOMEN: &[&str] =
    &["wati", "ningsih", "yanti", "narti", "yem", "rini", "tini", "lestari", "giyem", "sari", "nah", "astuti"];
const BUGIS_MEN: &[&str] =
    &["nnang", "ppeang", "dding", "ruddin", "kkang", "sse", "ruppa", "lleng", "mmang", "wali", "ngara", "ttola"];
const BUGIS_WOMEN: &[&str] =
    &["mmi", "nneng", "tenri", "ssau", "rawe", "nnya", "llu", "sseng", "jira", "rmi", "besse", "niar"];
const BANJAR_MEN: &[&str] =
    &["ansyah", "jidi", "rani", "kani", "hudi", "lian", "midi", "syidi", "badi", "fuli", "dani", "tani"];
const BANJAR_WOMEN: &[&str] =
    &["idah", "jannah", "siah", "hayah", "latul", "mah", "watun", "salamah", "liani", "rabiah", "sanah", "naidah"];

const KUTAI_OPENINGS: &[&str] = &[
    "As", "Jum", "Mas", "Sya", "Har", "Mu", "Ba", "Ru", "Ka", "Ar", "Sa", "Id", "Ham", "Nor", "Zai", "Ab", "Ju", "Mar",
];
const DAYAK_OPENINGS: &[&str] =
    &["Le", "Lu", "Di", "Be", "La", "Nyu", "Ha", "Je", "Da", "Bi", "Te", "Li", "Ju", "Ba", "Ke", "Ubi", "Lo", "Ira"];
const JAVA_OPENINGS: &[&str] =
    &["Su", "Wi", "Tu", "Po", "Gi", "Ra", "Tri", "Jo", "Ka", "Ma", "Pu", "Sa", "Wa", "Da", "Har", "Mur", "Mu", "Nga"];
const BUGIS_OPENINGS: &[&str] =
    &["Ba", "La", "Ma", "Pa", "Sa", "Ta", "Ra", "Mu", "Ha", "Su", "Ka", "A", "Da", "Be", "Nu", "Sya", "Ca", "Ja"];
const BANJAR_OPENINGS: &[&str] = &[
    "Ar", "Bah", "Has", "Syar", "Ra", "Nor", "Sa", "Mas", "Yus", "Jun", "Maul", "Fah", "Rus", "Ham", "Alf", "Kas",
    "Iber", "Zai",
];

fn second(style: Style, sex: Sex) -> &'static [&'static str] {
    match (style, sex) {
        (Style::Dayak, Sex::Male) => &["Lejau", "Balan", "Tingang", "Usat", "Lahai", "Ajang", "Belareq", "Lawai"],
        (Style::Dayak, Sex::Female) => &["Bulan", "Ulau", "Bungan", "Tipung", "Awing", "Lirin", "Peyaq", "Urai"],
        (Style::Javanese, Sex::Male) => {
            &["Santoso", "Prasetyo", "Wibowo", "Nugroho", "Saputro", "Raharjo", "Utomo", "Widodo"]
        }
        (Style::Javanese, Sex::Female) => {
            &["Rahayu", "Puspita", "Handayani", "Utami", "Kusuma", "Pertiwi", "Wulandari", "Setyowati"]
        }
        (_, Sex::Male) => {
            &["Rahman", "Hidayat", "Effendi", "Arsyad", "Yusran", "Hamdan", "Ilyas", "Saleh", "Mansur", "Jafar"]
        }
        (_, Sex::Female) => {
            &["Aisyah", "Hasanah", "Kamariah", "Salmah", "Hayati", "Rusdiah", "Nurul", "Maryam", "Saadah", "Halimah"]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_words_of_fair_length() {
        for item in 0..2_000 {
            let mut draw = Draw::of(5, item);
            for style in [Style::Kutai, Style::Dayak, Style::Javanese, Style::Bugis, Style::Banjar] {
                let line = line(&mut draw, style);
                let name = person(&mut draw, style, Sex::Female, &line);
                assert!((3..=40).contains(&name.len()), "{name}");
                assert!(name.chars().all(|c| c.is_ascii_alphabetic() || c == ' '), "{name}");
            }
        }
    }
}

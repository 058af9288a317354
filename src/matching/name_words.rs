//! Words around Indonesian names; from general knowledge of how names are written, of no register.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word is beside a name, or short for; most words are nothing of it.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a word may be several of these")]
pub(super) struct Around {
    pub(super) is_title: bool,
    pub(super) is_degree: bool,
    pub(super) is_filiation: bool,
    pub(super) is_alias: bool,
    /// The name that is mostly written so.
    pub(super) stands_for: Option<&'static str>,
}

/// What a word in small letters is.
#[must_use]
pub(super) fn around(word: &str) -> Around {
    KNOWN.get(word).copied().unwrap_or_default()
}

static KNOWN: LazyLock<HashMap<&str, Around>> = LazyLock::new(known);

fn known() -> HashMap<&'static str, Around> {
    let mut known: HashMap<&str, Around> = HashMap::new();
    let mut mark = |words: &[&'static str], mark: &dyn Fn(&mut Around)| {
        for word in words {
            mark(known.entry(word).or_default());
        }
    };
    mark(TITLES, &|around| around.is_title = true);
    mark(DEGREES, &|around| around.is_degree = true);
    mark(FILIATION, &|around| around.is_filiation = true);
    mark(ALIASES, &|around| around.is_alias = true);
    for (full, forms) in ABBREVIATED {
        mark(forms, &|around| around.stands_for = Some(full));
    }
    known
}

/// Honorifics and ranks, written before a name.
const TITLES: &[&str] = &[
    "bapak",
    "bpk",
    "bp",
    "pak",
    "ibu",
    "bu",
    "mas",
    "mbak",
    "mbah",
    "mbok",
    "kakek",
    "nenek",
    "abah",
    "emak",
    "mak",
    "kang",
    "teh",
    "nyi",
    "ki",
    "cak",
    "ning",
    "gus",
    "nyai",
    "kyai",
    "kiai",
    "kh",
    "habib",
    "ustad",
    "ustadz",
    "ustadzah",
    "ustadah",
    "ust",
    "ustz",
    "tuan",
    "tn",
    "nyonya",
    "ny",
    "nona",
    "nn",
    "saudara",
    "sdr",
    "saudari",
    "sdri",
    "alm",
    "almh",
    "almarhum",
    "almarhumah",
    "haji",
    "hajah",
    "hajjah",
    "hj",
    "h",
    "drs",
    "dra",
    "dr",
    "drg",
    "drh",
    "ir",
    "prof",
    "raden",
    "rd",
    "rr",
    "tengku",
    "teuku",
    "tgk",
    "datuk",
    "dt",
    "letkol",
    "kol",
    "mayor",
    "kapten",
    "kpt",
    "serda",
    "sertu",
    "serka",
    "peltu",
    "pelda",
    "kopral",
];

/// Degrees, written behind a name, with points between their letters or without.
const DEGREES: &[&str] = &[
    "se", "sh", "st", "sag", "spd", "spdi", "spdsd", "sos", "ssos", "sip", "skom", "skm", "sked", "skep", "sp", "spt",
    "spi", "shut", "ssi", "stp", "mm", "mt", "mh", "msi", "mpd", "mpdi", "mkes", "ma", "mag", "phd", "lc", "amd",
    "amdkeb", "amdkep", "ners", "s", "pd", "sd", "ag", "kom", "hum", "kes", "keb", "kep", "amk",
];

/// Between a name and the father's.
const FILIATION: &[&str] = &["bin", "binti", "binte", "bt", "bte"];

/// Between a name and another the person goes by.
const ALIASES: &[&str] = &["alias", "als", "dipanggil", "panggilan"];

/// Short and variant forms of the names that are mostly shortened.
const ABBREVIATED: &[(&str, &[&str])] = &[
    (
        "muhamad",
        &[
            "md",
            "mhd",
            "muh",
            "moh",
            "mohd",
            "muhd",
            "moch",
            "much",
            "mochd",
            "mohammad",
            "muhammad",
            "mohamad",
            "muhammed",
            "mohammed",
            "mohamed",
            "muhamed",
            "mochammad",
            "mochamad",
            "muchammad",
            "muchamad",
            "mokhamad",
            "mukhamad",
            "mokhammad",
            "mukhammad",
            "mohamat",
            "muhamat",
            "mohammat",
            "muhammat",
        ],
    ),
    ("ahmad", &["ahmd", "achmad", "akhmad", "ahmat", "achmat", "akhmat", "ahmed", "akhmed", "ach", "akh"]),
    ("abdul", &["abd", "abdl", "abdoel", "abdel", "abdol"]),
    ("siti", &["st", "sitti", "sity", "sitty", "stt"]),
    ("nur", &["nor", "noer", "noor", "nurr"]),
];

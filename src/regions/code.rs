//! Kemendagri region codes: `PP.KK.CC.DDDD`.

/// How far down a region stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Provinsi, 2 digits.
    Province,
    /// Kabupaten or kota, 4 digits.
    Regency,
    /// Kecamatan, 6 digits.
    District,
    /// Desa, kelurahan or desa adat, 10 digits.
    Village,
}

impl Level {
    /// The level's word in the database and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Regency => "regency",
            Self::District => "district",
            Self::Village => "village",
        }
    }
}

/// A code in its dotted form; other spellings of the same code are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OfficialCode(String);

impl OfficialCode {
    /// Reads `64.02.10.2004` and `6402102004` alike; none where the text is no region code.
    ///
    /// The first digit of a village says what it is: 1 kelurahan, 2 desa, 3 desa adat.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| *c != '.').collect();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let ends: &[usize] = match digits.len() {
            2 => &[2],
            4 => &[2, 4],
            6 => &[2, 4, 6],
            10 => &[2, 4, 6, 10],
            _ => return None,
        };
        if digits.len() == 10 && !matches!(digits.as_bytes().get(6), Some(b'1'..=b'3')) {
            return None;
        }
        let dotted = dotted(&digits, ends)?;
        (text == dotted || text == digits).then_some(Self(dotted))
    }

    /// The dotted text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How far down the region stands.
    #[must_use]
    pub fn level(&self) -> Level {
        match self.0.len() {
            2 => Level::Province,
            5 => Level::Regency,
            8 => Level::District,
            _ => Level::Village,
        }
    }

    /// The code one level up; none for a province.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('.').map(|(parent, _)| Self(parent.to_owned()))
    }

    /// The district a district or village lies in; none above.
    #[must_use]
    pub fn district(&self) -> Option<Self> {
        match self.level() {
            Level::District => Some(self.clone()),
            Level::Village => self.parent(),
            Level::Province | Level::Regency => None,
        }
    }
}

fn dotted(digits: &str, ends: &[usize]) -> Option<String> {
    let mut text = String::with_capacity(13);
    let mut from = 0;
    for &end in ends {
        if from > 0 {
            text.push('.');
        }
        text.push_str(digits.get(from..end)?);
        from = end;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_code() {
        let code = OfficialCode::parse("6402102004").unwrap();
        assert_eq!(code.as_str(), "64.02.10.2004");
        assert_eq!(Some(&code), OfficialCode::parse("64.02.10.2004").as_ref());
        assert_eq!(code.level(), Level::Village);
        assert_eq!(code.parent().unwrap().as_str(), "64.02.10");
        assert_eq!(OfficialCode::parse("64").unwrap().parent(), None);
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "6", "640", "64.2", "64.02.10.4001", "64.0210.2004", "64.02.1O", "64..02", "64.02.10.20045"] {
            assert_eq!(OfficialCode::parse(text), None, "{text}");
        }
        assert!(OfficialCode::parse("91.03.01.3001").is_some(), "desa adat");
    }
}

//! Villages as files name them: by the official code, with or without points, or by that of the statistics office.

use std::collections::HashMap;

use crate::domain::VillageCode;
use crate::error::Code;

/// The villages of a sub-district, by every code that stands for one.
#[derive(Debug, Default)]
pub(in crate::beneficiaries::imports) struct Villages(HashMap<String, Option<VillageCode>>);

impl Villages {
    /// Takes each village with its code at the statistics office (BPS), where that is known.
    pub(in crate::beneficiaries::imports) fn new(
        villages: impl IntoIterator<Item = (VillageCode, Option<String>)>,
    ) -> Self {
        let mut known = Self::default();
        for (code, bps_code) in villages {
            known.add(code.as_str().to_owned(), &code);
            known.add(code.as_str().replace('.', ""), &code);
            if let Some(bps_code) = bps_code {
                known.add(bps_code, &code);
            }
        }
        known
    }

    /// The same ten digits can be one village at the ministry and another at the statistics office.
    fn add(&mut self, written: String, code: &VillageCode) {
        let place = self.0.entry(written).or_insert_with(|| Some(code.clone()));
        if place.as_ref() != Some(code) {
            *place = None;
        }
    }

    /// Finds a village.
    ///
    /// # Errors
    /// `village_code_malformed`, `village_unknown`, or `village_code_ambiguous` for digits that stand for two.
    pub(super) fn find(&self, written: &str) -> Result<VillageCode, Code> {
        match self.0.get(written) {
            Some(Some(code)) => Ok(code.clone()),
            Some(None) => Err(Code::VillageCodeAmbiguous),
            None if VillageCode::parse(written).is_some() || is_ten_digits(written) => Err(Code::VillageUnknown),
            None => Err(Code::VillageCodeMalformed),
        }
    }
}

fn is_ten_digits(written: &str) -> bool {
    written.len() == 10 && written.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn village(code: &str) -> VillageCode {
        VillageCode::parse(code).unwrap()
    }

    #[test]
    fn a_village_is_found_by_each_of_its_codes() {
        let villages = Villages::new([
            (village("64.02.10.2004"), Some("6403170004".to_owned())),
            (village("64.02.10.2005"), None),
        ]);
        for written in ["64.02.10.2004", "6402102004", "6403170004"] {
            assert_eq!(villages.find(written), Ok(village("64.02.10.2004")), "{written}");
        }
        assert_eq!(villages.find("6402102009"), Err(Code::VillageUnknown));
        assert_eq!(villages.find("64.02.10"), Err(Code::VillageCodeMalformed));
    }

    #[test]
    fn digits_that_stand_for_two_villages_name_neither() {
        let villages = Villages::new([
            (village("64.02.10.2004"), Some("6402102005".to_owned())),
            (village("64.02.10.2005"), None),
        ]);
        assert_eq!(villages.find("6402102005"), Err(Code::VillageCodeAmbiguous));
        assert_eq!(villages.find("64.02.10.2005"), Ok(village("64.02.10.2005")));
    }
}

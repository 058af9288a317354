//! What codes of standards look like, and which lines are told. Pure.

use std::collections::HashSet;

use super::model::DisclosedLine;
use crate::domain::{PledgeLineId, Text};
use crate::error::{Code, Fault};

/// Most codes of one standard for a line.
const CODES: usize = 10;

fn is_number(text: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    digits.contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// A goal of 1 to 17, then a target: a number or one letter.
fn is_sdg_target(code: &str) -> bool {
    let Some((goal, target)) = code.split_once('.') else { return false };
    let is_goal = is_number(goal, 1..=2) && goal.parse::<u8>().is_ok_and(|goal| (1..=17).contains(&goal));
    is_goal && (is_number(target, 1..=2) || (target.len() == 1 && target.bytes().all(|one| one.is_ascii_lowercase())))
}

/// A topic of three digits, then a disclosure.
fn is_gri(code: &str) -> bool {
    code.split_once('-').is_some_and(|(topic, disclosure)| is_number(topic, 1..=3) && is_number(disclosure, 1..=2))
}

/// A letter of the index, then an item.
fn is_seojk(code: &str) -> bool {
    let is_part = |part: &str| part.len() == 1 && part.bytes().all(|one| one.is_ascii_uppercase());
    code.split_once('.').is_some_and(|(part, item)| is_part(part) && is_number(item, 1..=2))
}

fn codes<const MAX: usize>(pointer: &str, codes: &[Text<MAX>], is_code: fn(&str) -> bool) -> Vec<Fault> {
    if codes.len() > CODES {
        return vec![Fault::new(pointer, Code::WrongType)];
    }
    let fault = |(at, code): (usize, &Text<MAX>)| {
        let is_twice = codes.iter().take(at).any(|before| before == code);
        let code =
            if is_twice { Some(Code::ValueTwice) } else { (!is_code(code.as_str())).then_some(Code::ValueUnknown) };
        code.map(|code| Fault::new(format!("{pointer}/{at}"), code))
    };
    codes.iter().enumerate().filter_map(fault).collect()
}

/// Faults of what is said of lines: none of another pledge, each once, codes that are some.
pub(super) fn faults(lines: &[DisclosedLine], own: &HashSet<PledgeLineId>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (at, line) in lines.iter().enumerate() {
        let pointer = format!("/lines/{at}");
        if !own.contains(&line.pledge_line_id) {
            faults.push(Fault::new(format!("{pointer}/pledge_line_id"), Code::ReferenceUnknown));
        } else if !seen.insert(line.pledge_line_id) {
            faults.push(Fault::new(format!("{pointer}/pledge_line_id"), Code::ValueTwice));
        }
        faults.extend(codes(&format!("{pointer}/sdg_targets"), &line.sdg_targets, is_sdg_target));
        faults.extend(codes(&format!("{pointer}/gri"), &line.gri, is_gri));
        faults.extend(codes(&format!("{pointer}/seojk"), &line.seojk, is_seojk));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_form_of_their_standard() {
        assert!(["1.4", "17.19", "8.a", "2.1"].into_iter().all(is_sdg_target));
        assert!(!["0.1", "18.1", "1", "1.", "1.100", "1.aa", "x.1"].into_iter().any(is_sdg_target));
        assert!(["413-1", "201-1", "2-29"].into_iter().all(is_gri));
        assert!(!["413", "413-", "-1", "4131-1", "GRI-1"].into_iter().any(is_gri));
        assert!(["F.23", "F.5"].into_iter().all(is_seojk) && !["f.23", "F23", "F.", "FF.2"].into_iter().any(is_seojk));
    }
}

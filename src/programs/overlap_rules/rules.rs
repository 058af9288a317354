//! What an overlap rule must be. Pure.

use super::model::{NewOverlapRule, OverlapKind};
use crate::domain::ProgramId;
use crate::error::{Code, Fault};
use crate::programs::rules::is_code;

/// Most programs of a side.
const MOST_PROGRAMS: usize = 20;

/// All faults of a rule to add, but for programs that nobody knows.
pub(in crate::programs) fn faults_of(new: &NewOverlapRule) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !is_code(new.code.as_str()) {
        faults.push(Fault::new("/code", Code::ProgramCodeMalformed));
    }
    for (pointer, ids) in sides(new) {
        if ids.len() > MOST_PROGRAMS {
            faults.push(Fault::new(pointer, Code::WrongType));
        }
    }
    let (count, excluded) = (new.program_ids.len(), new.excluded_program_ids.len());
    match new.kind {
        OverlapKind::Excludes => {
            faults.extend((count == 0).then(|| Fault::new("/program_ids", Code::Required)));
            faults.extend((excluded == 0).then(|| Fault::new("/excluded_program_ids", Code::Required)));
            faults.extend(new.most.map(|_| Fault::new("/most", Code::NotForThisKind)));
        }
        OverlapKind::OneOf => {
            faults.extend((excluded > 0).then(|| Fault::new("/excluded_program_ids", Code::NotForThisKind)));
            let most = usize::try_from(most_of(new)).unwrap_or_default();
            faults.extend((most == 0 || most >= count).then(|| Fault::new("/most", Code::MostOutOfRange)));
        }
    }
    faults.extend(named_twice(new));
    if new.effective_to.is_some_and(|last| last < new.effective_from) {
        faults.push(Fault::new("/effective_to", Code::DatesOutOfOrder));
    }
    faults
}

/// At most so many of the programs.
pub(in crate::programs) fn most_of(new: &NewOverlapRule) -> i16 {
    new.most.unwrap_or(1)
}

/// Both sides, by where they stand in the body.
pub(super) fn sides(new: &NewOverlapRule) -> [(&'static str, &[ProgramId]); 2] {
    [("/program_ids", &new.program_ids), ("/excluded_program_ids", &new.excluded_program_ids)]
}

/// Programs that were named before, each at its place.
fn named_twice(new: &NewOverlapRule) -> Vec<Fault> {
    let places = sides(new)
        .into_iter()
        .flat_map(|(pointer, ids)| ids.iter().enumerate().map(move |(index, id)| (format!("{pointer}/{index}"), *id)));
    let mut seen = Vec::new();
    let mut faults = Vec::new();
    for (pointer, id) in places {
        if seen.contains(&id) {
            faults.push(Fault::new(pointer, Code::NamedTwice));
        }
        seen.push(id);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(kind: &str, programs: &[ProgramId], excluded: &[ProgramId], most: Option<i16>) -> NewOverlapRule {
        serde_json::from_value(serde_json::json!({
            "code": "ONE-FOOD", "kind": kind, "program_ids": programs, "excluded_program_ids": excluded, "most": most,
            "legal_basis": { "title": "Contoh", "number": "1/2026" }, "effective_from": "2026-01-01"
        }))
        .unwrap()
    }

    fn pointers(new: &NewOverlapRule) -> Vec<(String, Code)> {
        faults_of(new).into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn one_program_cannot_keep_itself_off() {
        let (one, other) = (ProgramId::new(), ProgramId::new());
        assert_eq!(pointers(&rule("excludes", &[one], &[other], None)), []);
        let itself = pointers(&rule("excludes", &[one], &[one], None));
        assert_eq!(itself, [("/excluded_program_ids/0".to_owned(), Code::NamedTwice)]);
        let nobody = pointers(&rule("excludes", &[one], &[], None));
        assert_eq!(nobody, [("/excluded_program_ids".to_owned(), Code::Required)]);
    }

    #[test]
    fn at_most_so_many_is_fewer_than_there_are() {
        let programs = [ProgramId::new(), ProgramId::new(), ProgramId::new()];
        for (most, is_fine) in [(None, true), (Some(1), true), (Some(2), true), (Some(3), false), (Some(0), false)] {
            assert_eq!(pointers(&rule("one_of", &programs, &[], most)).is_empty(), is_fine, "{most:?}");
        }
    }
}

//! Packages: help that comes in milestones, and is one unit of what is due. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{Text, text_enum};
use crate::error::{Code, Fault};

text_enum! {
    /// What a milestone of a package is.
    MilestoneKind {
        /// A member learns something and gets a certificate.
        Training "training",
        /// The family gets a tool or machine.
        Equipment "equipment",
        /// The family gets goods, such as seed or feed.
        Goods "goods",
        /// Somebody comes and looks how it goes.
        Visit "visit",
    }
}

/// One step of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageMilestone {
    /// Place in the package: 1, 2 and so on
    #[schema(minimum = 1, maximum = 20)]
    pub number: i16,
    /// What it is
    pub kind: MilestoneKind,
    /// What is to be done
    #[schema(example = "Pelatihan menjahit dasar")]
    pub title: Text<120>,
    /// Days from the beginning of a family's plan until it is due; no fewer than those of what it needs
    #[schema(minimum = 0, maximum = 1825)]
    pub due_after_days: i64,
    /// Numbers of earlier milestones that are reached before it
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 19)]
    pub needs: Vec<i16>,
}

/// Most milestones of a package.
const MOST_MILESTONES: usize = 20;
/// All that can come before the last one.
const MOST_NEEDS: usize = MOST_MILESTONES - 1;
/// Five years.
const LATEST_DAY: i64 = 1825;

/// All faults of the milestones of a package. Each needs earlier ones only, so that none waits for itself.
#[must_use]
pub fn faults_of_milestones(milestones: &[PackageMilestone]) -> Vec<Fault> {
    if milestones.is_empty() || milestones.len() > MOST_MILESTONES {
        let told = format!("From 1 to {MOST_MILESTONES}.");
        return vec![Fault::new("/benefit/milestones", Code::WrongType).with_detail(told)];
    }
    (1..).zip(milestones).flat_map(|(number, one)| faults_of_milestone((number, one), milestones)).collect()
}

fn faults_of_milestone((number, one): (i16, &PackageMilestone), all: &[PackageMilestone]) -> Vec<Fault> {
    let at = |field: &str| format!("/benefit/milestones/{}/{field}", number - 1);
    let mut faults = Vec::new();
    if one.number != number {
        let told = format!("The milestones are numbered in their order: this one is {number}.");
        faults.push(Fault::new(at("number"), Code::WrongType).with_detail(told));
    }
    if !(0..=LATEST_DAY).contains(&one.due_after_days) {
        faults.push(Fault::new(at("due_after_days"), Code::WrongType).with_detail(format!("From 0 to {LATEST_DAY}.")));
    }
    faults.extend(faults_of_needs((number, &one.needs), &at("needs")));
    let before = all.iter().filter(|other| one.needs.contains(&other.number)).map(|other| other.due_after_days).max();
    if before.is_some_and(|day| day > one.due_after_days) {
        faults.push(Fault::new(at("due_after_days"), Code::DatesOutOfOrder));
    }
    faults
}

/// A list that is too long is one fault, whatever is in it.
fn faults_of_needs((number, needs): (i16, &[i16]), pointer: &str) -> Vec<Fault> {
    if needs.len() > MOST_NEEDS {
        return vec![Fault::new(pointer, Code::WrongType).with_detail(format!("At most {MOST_NEEDS}."))];
    }
    let mut faults = Vec::new();
    for (place, needed) in needs.iter().enumerate() {
        let is_again = needs.iter().take(place).any(|earlier| earlier == needed);
        let is_earlier = (1..number).contains(needed);
        let code = if is_earlier { Code::ValueTwice } else { Code::ValueUnknown };
        faults.extend((is_again || !is_earlier).then(|| Fault::new(format!("{pointer}/{place}"), code)));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(number: i16, due_after_days: i64, needs: &[i16]) -> PackageMilestone {
        let title = "Langkah".parse().unwrap();
        PackageMilestone { number, kind: MilestoneKind::Visit, title, due_after_days, needs: needs.to_vec() }
    }

    fn pointers(milestones: &[PackageMilestone]) -> Vec<String> {
        let shorten = |fault: Fault| fault.pointer.trim_start_matches("/benefit/milestones").to_owned();
        faults_of_milestones(milestones).into_iter().map(shorten).collect()
    }

    #[test]
    fn milestones_are_numbered_and_need_earlier_ones() {
        assert_eq!(pointers(&[step(1, 0, &[]), step(2, 30, &[1]), step(3, 30, &[1, 2])]), [""; 0]);
        assert_eq!(pointers(&[step(2, 0, &[])]), ["/0/number"]);
        assert_eq!(pointers(&[step(1, 0, &[1]), step(2, 0, &[3, 0])]), ["/0/needs/0", "/1/needs/0", "/1/needs/1"]);
        assert_eq!(pointers(&[step(1, 0, &[]), step(2, 0, &[1, 1])]), ["/1/needs/1"]);
    }

    #[test]
    fn needs_are_no_more_than_can_come_before() {
        let every: Vec<i16> = (1..=19).collect();
        let mut steps: Vec<_> = every.iter().map(|number| step(*number, 0, &[])).collect();
        steps.push(step(20, 0, &every));
        assert_eq!(pointers(&steps), [""; 0]);
        assert_eq!(pointers(&[step(1, 0, &[]), step(2, 0, &[1; 20])]), ["/1/needs"]);
        assert_eq!(pointers(&[step(1, 0, &[0; 500])]), ["/0/needs"]);
    }

    #[test]
    fn nothing_is_due_before_what_it_needs() {
        assert_eq!(pointers(&[step(1, 60, &[]), step(2, 30, &[1])]), ["/1/due_after_days"]);
        assert_eq!(pointers(&[step(1, -1, &[])]), ["/0/due_after_days"]);
        assert_eq!(pointers(&[step(1, 1826, &[])]), ["/0/due_after_days"]);
        assert_eq!(pointers(&[]), [""]);
        assert_eq!(pointers(&vec![step(1, 0, &[]); 21]), [""]);
    }
}

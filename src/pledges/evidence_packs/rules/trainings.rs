//! Trainings that lines of the pledge pay for: seats, and people counted in steps.

use super::steps::{families_at_least, trainees_at_least};
use super::{fact, given, missing, table};
use crate::pledges::evidence_packs::model::{Inputs, PackFact, PackTable, TrainingFact};

/// What is counted of a training: name, label, people and the families they are of.
type Count = (&'static str, &'static str, fn(&TrainingFact) -> (i64, i64));

const COUNTS: [Count; 3] = [
    ("participants_at_least", "Participants at least", |one| (one.participants, one.families)),
    ("present_at_least", "Came to a session, at least", present),
    ("certified_at_least", "Got a certificate, at least", certified),
];

fn present(one: &TrainingFact) -> (i64, i64) {
    (one.present, one.present_families)
}

fn certified(one: &TrainingFact) -> (i64, i64) {
    (one.certified, one.certified_families)
}

/// Seats, and the people of all trainings. Seats of trainings that other sources pay for are not of the pledge.
pub(super) fn facts(inputs: &Inputs) -> Vec<PackFact> {
    let named: [Count; 2] = [
        ("trainees_present", "Trainees who came to a session, at least, in steps of five", present),
        ("trainees_completed", "Trainees with a certificate, at least, in steps of five", certified),
    ];
    let seats = ("training_seats", "Seats in trainings that its lines pay for");
    if inputs.trainings.is_empty() {
        let none = "No training that a line of it pays for was opened";
        let labels = named.iter().map(|(code, label, _)| (*code, *label));
        return std::iter::once(seats).chain(labels).map(|(code, label)| missing(code, label, none)).collect();
    }
    let sum: i64 = inputs.trainings.iter().map(|one| one.seats).sum();
    let few = "No training of which they are of five families at least";
    let people = named.map(|(code, label, count)| given(code, label, told_of_all(inputs, count), few));
    std::iter::once(fact(seats.0, seats.1, &sum)).chain(people).collect()
}

/// The sum over the trainings that tell it, so that it tells nothing of one that does not.
fn told_of_all(inputs: &Inputs, count: fn(&TrainingFact) -> (i64, i64)) -> Option<i64> {
    let told = inputs.trainings.iter().map(count).filter(|one| trainees_at_least(*one).is_some());
    families_at_least(told.map(|(people, _)| people).sum())
}

/// Each training; empty where people are of fewer than five families.
pub(super) fn by_training(inputs: &Inputs) -> PackTable {
    let head = [
        ("training_id", "Training"),
        ("pledge_line_id", "Line"),
        ("status", "Status"),
        ("begins_on", "First day"),
        ("ends_on", "Last day"),
        ("seats", "Seats; none where it was called off"),
    ];
    let columns: Vec<_> = head.into_iter().chain(COUNTS.map(|(code, label, _)| (code, label))).collect();
    let rows = inputs.trainings.iter().map(|one| {
        let days = [one.begins_on, one.ends_on].map(|day| day.to_string());
        let told = COUNTS.map(|(_, _, count)| trainees_at_least(count(one)).map(|n| n.to_string()).unwrap_or_default());
        [one.id.to_string(), one.pledge_line_id.to_string(), one.status.clone()]
            .into_iter()
            .chain(days)
            .chain([one.seats.to_string()])
            .chain(told)
            .collect()
    });
    table("trainings", "Trainings that its lines pay for, people in steps of five", &columns, rows)
}

//! The tour, as a person runs it: the release of the story is the exit status.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::process::{Command, Output};

const BINARY: &str = env!("CARGO_BIN_EXE_sinergi");

/// What the script that sets the clock ends with where it cannot.
const NO_CLOCK: i32 = 69;

fn expect_as_told(output: &Output) {
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("Everything was as told"), "{told}");
    assert!(!told.contains("6402104107889010"), "the tour shows a number in full");
}

/// Plays the tour with fewer families, as if it were that time in the sub-district.
fn play_on(time: &str) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/on-day");
    let mut command = Command::new(script);
    let output = command.args([time, BINARY, "tour", "--sandbox-families=3000"]).env("SINERGI_LOG", "warn").output();
    let output = output.unwrap();
    if output.status.code() == Some(NO_CLOCK) {
        eprintln!("skipped: libfaketime is not here");
        return;
    }
    expect_as_told(&output);
}

#[test]
fn the_tour_is_as_told() {
    expect_as_told(&Command::new(BINARY).arg("tour").env("SINERGI_LOG", "warn").output().unwrap());
}

#[test]
fn it_is_as_told_in_the_first_minutes_of_a_year() {
    play_on("2027-01-01 00:20");
}

#[test]
fn it_is_as_told_on_the_first_day_of_a_year() {
    play_on("2027-01-01 10:00");
}

#[test]
fn it_is_as_told_in_the_middle_of_a_quarter() {
    play_on("2027-02-15 10:00");
}

#[test]
fn it_is_as_told_on_a_leap_day() {
    play_on("2028-02-29 10:00");
}

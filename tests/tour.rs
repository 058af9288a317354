//! The tour, as a person runs it: the release of the story is the exit status.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::process::Command;

#[test]
fn the_tour_is_as_told() {
    let output = Command::new(env!("CARGO_BIN_EXE_sinergi")).arg("tour").env("SINERGI_LOG", "warn").output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("Everything was as told"), "{told}");
    assert!(!told.contains("6402104107889010"), "the tour shows a number in full");
}

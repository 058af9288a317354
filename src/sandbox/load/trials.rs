//! The families that the document's commands are tried on, one for each command.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use tokio_postgres::Transaction;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::sandbox::{Family, Kin, Person, School, Sex, Want, Work, known};

/// How many families of the pilot district have become such.
#[derive(Debug, Default)]
pub(super) struct Trials {
    made: u32,
}

impl Trials {
    /// Makes the family the next one of them, as long as there are some to make; tells whether it did.
    pub(super) fn settle(&mut self, family: &mut Family) -> bool {
        let has_room = self.made < known::FAMILIES;
        if has_room {
            self.made += 1;
            settle(family, self.made);
        }
        has_room
    }
}

/// Families of the neighbour sub-district that it offers to the pilot one.
pub(super) fn of_neighbour(pattern: &Family) -> [Family; 2] {
    let offered = [(known::register::BENEFICIARY_TO_ACCEPT.0, 198), (known::register::BENEFICIARY_TO_REFUSE.0, 199)];
    offered.map(|(id, number)| {
        let mut family = pattern.clone();
        settle(&mut family, number);
        Family { id, ..family }
    })
}

/// Makes the rows that are not of the register, once the families are there.
///
/// # Errors
/// Where the database refuses them.
pub(super) async fn complete(transaction: &Transaction<'_>, period: NaiveDate) -> Result<()> {
    transaction.batch_execute(&statements(period)).await.map_err(Error::internal)
}

fn statements(period: NaiveDate) -> String {
    let state = concat!(
        "create function pg_temp.merger_state(int, uuid [], uuid [], bytea [], uuid [], uuid []) returns jsonb language sql as $$ ",
        include_str!("../../duplicates/mergers/queries/state.sql"),
        " $$;"
    );
    let files = [
        state,
        include_str!("trials.sql"),
        include_str!("trials_exports.sql"),
        include_str!("trials_verification.sql"),
        include_str!("trials_families.sql"),
        include_str!("trials_facts.sql"),
        include_str!("trials_duplicates.sql"),
        include_str!("trials_audit.sql"),
        include_str!("trials_deliberations.sql"),
        include_str!("trials_places.sql"),
        include_str!("trials_pkh.sql"),
        include_str!("trials_matching.sql"),
        include_str!("trials_aid.sql"),
        include_str!("trials_graduations.sql"),
        include_str!("trials_returns.sql"),
        include_str!("trials_decisions.sql"),
        include_str!("trials_allocations.sql"),
        include_str!("trials_devices.sql"),
        include_str!("trials_follow_ups.sql"),
        include_str!("trials_assets.sql"),
        include_str!("trials_complaints.sql"),
        include_str!("trials_stock.sql"),
        include_str!("trials_trainings.sql"),
        include_str!("trials_empowerment.sql"),
    ];
    let dated = files.concat().replace(":'PERIOD'", &format!("'{period}'::date"));
    known::all().fold(dated, |text, (name, id)| text.replace(&format!(":'{name}'"), &format!("'{id}'")))
}

/// One mother and one child, poor, with numbers that examples can name.
fn settle(family: &mut Family, number: u32) {
    let (id, head, child) = known::family(number);
    let name = numeral(number);
    family.id = id;
    family.card_number = format!("640210150124{}", 9_000 + number);
    family.card_issued_on = NaiveDate::from_ymd_opt(2024, 1, 15).unwrap_or_default();
    family.phone = None;
    (family.decile, family.earlier_decile) = (2, 2);
    // Some lack a tractor, so that companies find families to give to in a small sandbox as well.
    family.wants = match number {
        number if LACKING.contains(&number) => vec![Want::HandTractor],
        number if TO_FOLLOW.contains(&number) => vec![Want::SewingMachine],
        _ => Vec::new(),
    };
    let mother = Person {
        id: head,
        name: format!("Contoh Ibu {name}"),
        sex: Sex::Female,
        born_on: NaiveDate::from_ymd_opt(1985, 3, 12).unwrap_or_default(),
        birth_place: "Kutai Kartanegara",
        kin: Kin::Head,
        nik: Some(format!("640210520385{}", serial(number))),
        work: Work::OilPalmSmallholder,
        school: None,
        is_pregnant: false,
        disability: None,
    };
    let child = Person { id: child, name: format!("Contoh Anak {name}"), ..child_of(number) };
    family.members = vec![mother, child];
}

/// The child of the family of this number, a pupil or grown up, without its id and name.
fn child_of(number: u32) -> Person {
    let is_grown = number == TO_MOVE_AWAY;
    let born_in = if is_grown { 2004 } else { 2016 };
    Person {
        id: Uuid::nil(),
        name: String::new(),
        sex: Sex::Male,
        born_on: NaiveDate::from_ymd_opt(born_in, 7, 30).unwrap_or_default(),
        birth_place: "Kutai Kartanegara",
        kin: Kin::Child,
        nik: Some(format!("6402103007{:02}{}", born_in % 100, serial(number))),
        work: if is_grown { Work::OilPalmSmallholder } else { Work::Child },
        school: (!is_grown).then_some(School::Primary),
        is_pregnant: false,
        disability: None,
    }
}

/// Last digits of a NIK, below 9,900 for the families from 100 on.
fn serial(number: u32) -> u32 {
    if number < 100 { 9_900 + number } else { 9_700 + number }
}

/// Numbers of the families that lack a tractor.
const LACKING: RangeInclusive<u32> = 11..=20;

/// Numbers of the families that get a sewing machine, to be asked how they do.
const TO_FOLLOW: RangeInclusive<u32> = 89..=92;

/// Number of the family whose child, of age, takes part in a training and moves away.
const TO_MOVE_AWAY: u32 = 134;

const DIGITS: [&str; 10] = ["", "Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan"];

/// A number up to 199 as a word: names take no digits.
fn numeral(number: u32) -> String {
    let digit = |number: u32| DIGITS.get(usize::try_from(number).unwrap_or_default()).copied().unwrap_or_default();
    let (tens, ones) = (digit(number / 10), digit(number % 10));
    match number {
        0..10 => ones.to_owned(),
        10 => "Sepuluh".to_owned(),
        11 => "Sebelas".to_owned(),
        12..20 => format!("{ones} Belas"),
        100.. => format!("Seratus {}", numeral(number - 100)).trim_end().to_owned(),
        _ => format!("{tens} Puluh {ones}").trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_for_an_id() {
        assert!(!statements(NaiveDate::default()).contains(":'"));
    }

    #[test]
    fn numbers_are_told_as_words() {
        let told = [1, 10, 11, 12, 20, 64, 100, 112].map(numeral);
        let words = ["Satu", "Sepuluh", "Sebelas", "Dua Belas", "Dua Puluh", "Enam Puluh Empat"];
        assert_eq!(told[..6], words);
        assert_eq!(told[6..], ["Seratus", "Seratus Dua Belas"]);
    }
}

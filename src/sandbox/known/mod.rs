//! Rows of the sandbox that the document's examples speak of, so that each example works at the first try.
//!
//! Every command has rows of its own: none finds its row changed by another, in whatever order they are tried.

use uuid::Uuid;

pub mod aid;
pub mod assets;
pub mod complaints;
pub mod empowerment;
pub mod pledges;
pub mod register;
pub mod stock;
pub mod trainings;

/// Ids are of 2026-01-01 (WITA) in the form of `UUIDv7`, told apart by their last digits.
const BASE: u128 = 0x019b_7542_7400_7000_8000_0000_0000_0000;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(BASE | number)
}

macro_rules! known {
    ($($(#[$doc:meta])+ $name:ident: $kind:ident = $number:literal;)+) => {
        $($(#[$doc])+ pub const $name: $kind = $kind(id($number));)+

        /// Every id by its name.
        pub(super) const NAMED: &[(&str, uuid::Uuid)] = &[$((stringify!($name), $name.0)),+];
    };
}

use known;

/// Every id by its name, for the statements that make the rows.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Uuid)> {
    let named = [
        register::NAMED,
        aid::NAMED,
        assets::NAMED,
        complaints::NAMED,
        empowerment::NAMED,
        pledges::NAMED,
        stock::NAMED,
        trainings::NAMED,
    ];
    named.into_iter().flatten().copied()
}

/// How many families stand ready for commands: each one mother with one child, the first ones of the pilot district.
pub(super) const FAMILIES: u32 = 136;

const FAMILY: u128 = 0xb100;
const HEAD: u128 = 0xa100;
const CHILD: u128 = 0xa200;

/// Ids of the family of this number, its head and its child.
pub(super) fn family(number: u32) -> (Uuid, Uuid, Uuid) {
    let number = u128::from(number);
    (id(FAMILY + number), id(HEAD + number), id(CHILD + number))
}

/// Tells whether a family is one of those.
pub(super) fn is_family(id: Uuid) -> bool {
    let number = (id.as_u128() ^ BASE).checked_sub(FAMILY);
    number.is_some_and(|number| (1..=u128::from(FAMILIES)).contains(&number))
}

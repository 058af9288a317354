//! Cards that are one household, told from the persons on both.

use std::collections::BTreeMap;

use super::cards::rows_by_card;
use super::clusters::Clusters;
use super::columns::{Column, folded_text};
use super::config::{ConfigFault, Schema};
use super::records::Records;
use super::texts::{at, number};

/// A household whose head alone is on both cards is the same one only if there is hardly anybody else.
const HEAD_ALONE: usize = 2;

/// What a person is in the household: the field that says it, and what it says of the head.
struct Roles {
    field: usize,
    head: u32,
}

/// What two cards share.
#[derive(Debug, Clone, Copy)]
struct Shared {
    persons: u32,
    /// One row of each, of the person found last.
    rows: (u32, u32),
    group: u32,
}

/// The pairs of cards that register one household, by their names.
///
/// # Errors
/// Where the schema names a field that there is not.
pub fn families<'a>(
    schema: &Schema,
    records: &'a Records,
    clusters: &Clusters,
) -> Result<Vec<(&'a str, &'a str)>, ConfigFault> {
    let roles = Roles::of(schema, records)?;
    let sizes: Vec<usize> = rows_by_card(records).iter().map(Vec::len).collect();
    let size = |card: u32| sizes.get(at(card)).copied().unwrap_or_default();
    let shared = shared(records, clusters);
    let same = shared.iter().filter(|((one, other), shared)| {
        shared.persons > 1 || is_one_by(records, roles.as_ref(), shared.rows, size(*one).max(size(*other)))
    });
    Ok(same.map(|((one, other), _)| (records.card_names.text(*one), records.card_names.text(*other))).collect())
}

/// Of each two cards with a person in common, how many they have.
fn shared(records: &Records, clusters: &Clusters) -> BTreeMap<(u32, u32), Shared> {
    let mut all: BTreeMap<(u32, u32), Shared> = BTreeMap::new();
    for (group, rows) in clusters.groups().enumerate() {
        let group = number(group);
        for (place, one) in rows.iter().enumerate() {
            for other in rows.get(place + 1..).unwrap_or_default() {
                let (card, another) = (records.card(*one), records.card(*other));
                if card == another || card == 0 || another == 0 {
                    continue;
                }
                let cards = (card.min(another), card.max(another));
                let new = Shared { persons: 0, rows: (*one, *other), group: u32::MAX };
                let known = all.entry(cards).or_insert(new);
                if known.group != group {
                    *known = Shared { persons: known.persons + 1, rows: (*one, *other), group };
                }
            }
        }
    }
    all
}

impl Roles {
    fn of(schema: &Schema, records: &Records) -> Result<Option<Self>, ConfigFault> {
        let Some(role) = &schema.input.role else { return Ok(None) };
        let field = schema.place(role)?;
        let head = match (records.columns.get(field), schema.field.get(field)) {
            (Some(Column::Text(column)), Some(described)) => {
                let head = folded_text(schema.input.head.as_deref().unwrap_or_default(), described.kind);
                (1..number(column.texts.len())).find(|text| column.texts.text(*text) == head).unwrap_or_default()
            }
            _ => return Err(ConfigFault::new(format!("{role} is no text"))),
        };
        Ok(Some(Self { field, head }))
    }
}

/// Whether one person on both cards makes them one household: who was married, moved out or taken in has another
/// role on the second.
fn is_one_by(records: &Records, roles: Option<&Roles>, rows: (u32, u32), larger: usize) -> bool {
    let Some(roles) = roles else { return false };
    let (one, other) =
        (records.cells.record(rows.0).number(roles.field), records.cells.record(rows.1).number(roles.field));
    one == other && (one != roles.head || larger <= HEAD_ALONE)
}

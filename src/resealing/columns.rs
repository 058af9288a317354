//! Every column that holds sealed values.

use uuid::Uuid;

use crate::domain::{BeneficiaryId, ComplaintId, ImportId, MemberId, WebhookId};
use crate::keys::Place;

/// A column, and where its values are sealed for.
pub(super) struct Column {
    pub(super) table: &'static str,
    pub(super) name: &'static str,
    /// The expression of the area in a row.
    pub(super) area: &'static str,
    /// The expression of the id that a value is sealed for.
    pub(super) id: &'static str,
    /// The expression of its number among the values of that id.
    pub(super) part: &'static str,
    pub(super) place: fn(i32, Uuid, u32) -> Place,
    /// Values of one transaction: rows are locked and values held in memory for as long.
    pub(super) batch: i64,
}

impl Column {
    /// A short value of an area's row.
    const fn of_family(table: &'static str, name: &'static str, place: fn(i32, Uuid, u32) -> Place) -> Self {
        Self { table, name, area: "area_id", id: "id", part: "0", place, batch: 500 }
    }

    /// A short value of a webhook. The area is cast: a bare number in `order by` would mean a column.
    const fn of_webhook(name: &'static str, place: fn(i32, Uuid, u32) -> Place) -> Self {
        Self { table: "webhooks", name, area: "0::int", id: "id", part: "0", place, batch: 500 }
    }
}

fn card(area_id: i32, id: Uuid, _: u32) -> Place {
    Place::card(area_id, BeneficiaryId(id))
}

fn nik(area_id: i32, id: Uuid, _: u32) -> Place {
    Place::nik(area_id, MemberId(id))
}

fn secret(_: i32, id: Uuid, _: u32) -> Place {
    Place::webhook_secret(WebhookId(id))
}

fn private_key(_: i32, id: Uuid, _: u32) -> Place {
    Place::webhook_key(WebhookId(id))
}

fn complainant(area_id: i32, id: Uuid, _: u32) -> Place {
    Place::complainant(area_id, ComplaintId(id))
}

fn file(area_id: i32, id: Uuid, part: u32) -> Place {
    Place::import_part(area_id, ImportId(id), part)
}

/// All of them; a test looks for others in the database.
///
/// Answers of commands that told a secret are not among them: they are removed after a day.
pub(super) const COLUMNS: &[Column] = &[
    Column::of_family("beneficiaries", "card_sealed", card),
    Column::of_family("beneficiaries_history", "card_sealed", card),
    Column::of_family("members", "nik_sealed", nik),
    Column::of_family("members_history", "nik_sealed", nik),
    Column::of_family("complaints", "complainant_sealed", complainant),
    Column::of_webhook("secret_sealed", secret),
    Column::of_webhook("earlier_secret_sealed", secret),
    Column::of_webhook("private_key_sealed", private_key),
    // A NIK that is proposed is sealed for the row of its member.
    Column {
        table: "change_requests",
        name: "nik_sealed",
        area: "area_id",
        id: "member_id",
        part: "0",
        place: nik,
        batch: 500,
    },
    // Parts of files are large.
    Column {
        table: "import_parts",
        name: "bytes_sealed",
        area: "area_id",
        id: "import_id",
        part: "part_number",
        place: file,
        batch: 4,
    },
];

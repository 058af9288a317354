//! Every column that holds sealed values.

use uuid::Uuid;

use crate::domain::{BeneficiaryId, MemberId, WebhookId};
use crate::keys::Place;

/// A column, and where its values are sealed for.
pub(super) struct Column {
    pub(super) table: &'static str,
    pub(super) name: &'static str,
    /// The expression of the area in a row.
    pub(super) area: &'static str,
    pub(super) place: fn(i32, Uuid) -> Place,
}

fn card(area_id: i32, id: Uuid) -> Place {
    Place::card(area_id, BeneficiaryId(id))
}

fn nik(area_id: i32, id: Uuid) -> Place {
    Place::nik(area_id, MemberId(id))
}

fn secret(_: i32, id: Uuid) -> Place {
    Place::webhook_secret(WebhookId(id))
}

fn private_key(_: i32, id: Uuid) -> Place {
    Place::webhook_key(WebhookId(id))
}

/// All of them; a test looks for others in the database.
///
/// Answers of commands that told a secret are not among them: they are removed after a day.
pub(super) const COLUMNS: &[Column] = &[
    Column { table: "beneficiaries", name: "card_sealed", area: "area_id", place: card },
    Column { table: "beneficiaries_history", name: "card_sealed", area: "area_id", place: card },
    Column { table: "members", name: "nik_sealed", area: "area_id", place: nik },
    Column { table: "members_history", name: "nik_sealed", area: "area_id", place: nik },
    Column { table: "webhooks", name: "secret_sealed", area: "0", place: secret },
    Column { table: "webhooks", name: "earlier_secret_sealed", area: "0", place: secret },
    Column { table: "webhooks", name: "private_key_sealed", area: "0", place: private_key },
];

//! Changes of card numbers as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, CardChangeId, CardNumber, Line, text_enum};
use crate::http::ByCreation;
use crate::schema::card_changes;

text_enum! {
    /// Why a family has another card number.
    CardChangeReason {
        /// The card was issued again, as after a move or a birth: the number until now leads to the family still.
        Reissued "reissued",
        /// The number was mistyped: it was never the family's, and is free again.
        Corrected "corrected",
    }
}

/// Another card number of a family.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "card_number": "6402101611269122", "reason": "reissued", "on": "2026-11-16", "change_reason": "Kelahiran anak kedua"
}))]
pub(super) struct NewCardChange {
    /// Version of the family that was looked at; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: Option<i32>,
    /// The number of the card from now on
    pub(super) card_number: CardNumber,
    /// Whether the card was issued again, or its number corrected
    pub(super) reason: CardChangeReason,
    /// Day of the new card, or of the correction
    pub(super) on: NaiveDate,
    /// Why, kept in the history and not in the record; no names and numbers of persons
    pub(super) change_reason: Option<Line>,
}

/// When a family got another card number; what it was and became stands masked in its history.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = card_changes)]
pub(super) struct CardChange {
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Id of the change
    pub(super) id: CardChangeId,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Whether the card was issued again, or its number corrected
    pub(super) reason: CardChangeReason,
    /// Day of the new card, or of the correction
    #[serde(rename = "on")]
    pub(super) changed_on: NaiveDate,
    /// Version of the family that has the new number
    #[schema(minimum = 2, maximum = 2_147_483_647)]
    pub(super) family_version: i32,
    /// Client that changed it
    #[schema(max_length = 63)]
    pub(super) client_id: String,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
}

/// In which order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CardChangeFilter {
    /// Changes for this reason
    #[param(inline)]
    pub(super) reason: Option<CardChangeReason>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}

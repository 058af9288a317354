//! Decisions as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    CompanyId, Document, Line, Note, PledgeDecisionId, PledgeId, PledgeLineId, Quantity, TransferId, VillageCode,
    text_enum,
};
use crate::http::ByCreation;
use crate::needs::AidField;
use crate::pledges::model::{Installment, NewLine};
use crate::schema::pledge_decisions;

text_enum! {
    /// What is decided of a committed pledge.
    PledgeDecisionKind {
        /// Lines are changed or added.
        Amendment "amendment",
        /// What is outstanding is called off.
        Cancellation "cancellation",
        /// What is outstanding and late is given up.
        WriteOff "write_off",
        /// Free stock is given back to the company.
        Refund "refund",
        /// Free stock gets another earmark.
        Reallocation "reallocation",
        /// Free stock is gone.
        Loss "loss",
        /// A movement is taken back.
        Correction "correction",
        /// Nothing is left to do.
        Closure "closure",
        /// A closed pledge is opened again.
        Reopening "reopening",
    }
}

text_enum! {
    /// Whether it took effect.
    DecisionStatus {
        /// It waits for a second person.
        Proposed "proposed",
        /// It took effect.
        Agreed "agreed",
        /// It never will.
        Refused "refused",
        /// It was taken back before anybody decided, or the pledge was closed.
        Withdrawn "withdrawn",
    }
}

/// What was proposed, agreed or refused of a committed pledge.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = pledge_decisions, treat_none_as_default_value = false)]
pub(crate) struct PledgeDecision {
    /// Id of the decision
    pub(crate) id: PledgeDecisionId,
    /// Pledge it is about
    pub(crate) pledge_id: PledgeId,
    /// Company that pledged
    pub(crate) company_id: CompanyId,
    /// Sub-district that the pledge was made to.
    #[serde(skip)]
    pub(crate) area_id: i32,
    /// What is decided
    pub(crate) kind: PledgeDecisionKind,
    /// Whether it took effect
    pub(crate) status: DecisionStatus,
    /// Why it was proposed
    pub(crate) reason: Note,
    /// What is decided in particular
    #[schema(value_type = DecisionTerms)]
    pub(crate) terms: Document<DecisionTerms>,
    /// Transfers that it posted; none before it is agreed
    #[schema(max_items = 400)]
    pub(crate) transfer_ids: Vec<TransferId>,
    /// Client that proposed it
    #[schema(max_length = 63)]
    pub(crate) proposed_by: String,
    /// Client of the second person, or of who took it back; `null` where one is enough
    #[schema(max_length = 63)]
    pub(crate) decided_by: Option<String>,
    /// When it was agreed, refused or taken back
    pub(crate) decided_at: Option<DateTime<Utc>>,
    /// Why it was refused or taken back
    pub(crate) decision_reason: Option<Note>,
    /// When it was proposed
    pub(crate) created_at: DateTime<Utc>,
    /// When it last changed
    pub(crate) updated_at: DateTime<Utc>,
}

/// What is decided, as far as its kind has it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct DecisionTerms {
    /// Lines it is about, with quantities as they were when it was proposed
    #[schema(max_items = 200)]
    pub(crate) lines: Vec<DecidedLine>,
    /// Lines that an amendment adds
    #[schema(max_items = 50)]
    pub(crate) new_lines: Vec<NewLine>,
    /// Earmark before a reallocation
    #[schema(max_items = 300)]
    pub(crate) former_village_codes: Vec<VillageCode>,
    /// Earmark after a reallocation
    #[schema(max_items = 300)]
    pub(crate) village_codes: Vec<VillageCode>,
    /// Where stock was lost
    pub(crate) site: Option<Line>,
    /// Transfer that is taken back
    pub(crate) corrects_id: Option<TransferId>,
}

/// A line that is decided on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct DecidedLine {
    /// Line
    pub(crate) pledge_line_id: PledgeLineId,
    /// How much is decided on: what is promised from now on, or what moves
    pub(crate) quantity: Quantity,
    /// What was promised before an amendment
    pub(crate) former_quantity: Option<Quantity>,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub(crate) unit: String,
    /// Installments after an amendment
    #[schema(max_items = 24)]
    pub(crate) installments: Vec<Installment>,
    /// Field that it counts for after an amendment; `null` where it stays
    #[serde(default)]
    pub(crate) field: Option<AidField>,
}

/// An amendment to propose; an officer agrees to it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason": "Anggaran tahun berjalan berkurang", "lines": [
        { "pledge_line_id": "019b7542-7400-7000-8000-00000000f711", "quantity": "8" }
    ]
}))]
pub(crate) struct NewAmendment {
    /// Reason, which both sides can read
    pub(crate) reason: Note,
    /// Lines to change
    #[serde(default)]
    #[schema(max_items = 50)]
    pub(crate) lines: Vec<AmendedLine>,
    /// Lines to add, for villages of the same sub-district
    #[serde(default)]
    #[schema(max_items = 50)]
    pub(crate) new_lines: Vec<NewLine>,
}

/// A line to change.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendedLine {
    /// Line of the pledge
    pub(crate) pledge_line_id: PledgeLineId,
    /// How much is promised from now on; never less than is received or called off
    pub(crate) quantity: Quantity,
    /// Days by which parts of it are due from now on; they add up to the quantity
    #[serde(default)]
    #[schema(max_items = 24)]
    pub(crate) installments: Vec<Installment>,
    /// Field (bidang) that it counts for from now on; it stays where it is not said
    #[serde(default)]
    pub(crate) field: Option<AidField>,
}

/// Free stock to give back; another officer agrees to it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason": "Barang tidak sesuai spesifikasi", "quantity": "1",
    "pledge_line_id": "019b7542-7400-7000-8000-00000000f731"
}))]
pub(crate) struct NewRefund {
    /// Reason, which the company can read
    pub(crate) reason: Note,
    /// Line of the pledge
    pub(crate) pledge_line_id: PledgeLineId,
    /// How much, at most what is free
    pub(crate) quantity: Quantity,
}

/// Free stock to earmark anew; the company consents by agreeing.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason": "Desa tujuan sudah terpenuhi", "quantity": "1",
    "pledge_line_id": "019b7542-7400-7000-8000-00000000f741", "village_codes": ["64.02.10.2003"]
}))]
pub(crate) struct NewReallocation {
    /// Reason, which the company can read
    pub(crate) reason: Note,
    /// Line that it leaves
    pub(crate) pledge_line_id: PledgeLineId,
    /// How much, at most what is free
    pub(crate) quantity: Quantity,
    /// Villages whose families may get it from then on
    #[schema(min_items = 1, max_items = 300)]
    pub(crate) village_codes: Vec<VillageCode>,
}

/// Free stock that is gone; another officer agrees that it is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason": "Rusak karena banjir", "quantity": "1", "site": "Gudang kecamatan",
    "pledge_line_id": "019b7542-7400-7000-8000-00000000f751"
}))]
pub(crate) struct NewStockLoss {
    /// What happened, without names or numbers of persons
    pub(crate) reason: Note,
    /// Line of the pledge
    pub(crate) pledge_line_id: PledgeLineId,
    /// How much, at most what is free
    pub(crate) quantity: Quantity,
    /// Where it was
    pub(crate) site: Line,
}

/// A movement to take back; another officer agrees to it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason": "Salah hitung pada BAST", "transfer_id": "019b7542-7400-7000-8000-00000000f763"
}))]
pub(crate) struct NewCorrection {
    /// Reason, which the company can read
    pub(crate) reason: Note,
    /// Transfer of the pledge that was wrong: a receipt, refund, loss, cancellation or write-off, or the acceptance of a
    /// surplus
    pub(crate) transfer_id: TransferId,
}

/// An agreement of the second person; nothing more is to be said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct NewAgreement {}

/// Which decisions.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DecisionFilter {
    /// Decisions on this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// Decisions of this kind
    #[param(inline)]
    pub(super) kind: Option<PledgeDecisionKind>,
    /// Decisions that stand so
    #[param(inline)]
    pub(super) status: Option<DecisionStatus>,
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}

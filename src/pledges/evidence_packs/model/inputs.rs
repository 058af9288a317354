//! What a pack is made from, as the database tells it.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{
    BigInt, Bool, Date, Integer, Jsonb, Nullable, Numeric, SmallInt, Text as SqlText, Uuid as SqlUuid,
};
use uuid::Uuid;

use crate::domain::{Document, PledgeLineId, Quantity};
use crate::ledger::Balances;
use crate::needs::NeedKind;
use crate::pledges::decisions::PledgeDecision;
use crate::pledges::disclosures::PledgeDisclosure;
use crate::pledges::installments::LineSchedule;
use crate::pledges::matching_runs::MatchingPolicy;
use crate::pledges::model::{PledgeLine, PledgeRow};

/// Everything that a pack tells of, read once.
#[derive(Debug)]
pub(in crate::pledges::evidence_packs) struct Inputs {
    pub(in crate::pledges::evidence_packs) pledge: PledgeRow,
    pub(in crate::pledges::evidence_packs) lines: Vec<PledgeLine>,
    pub(in crate::pledges::evidence_packs) balances: HashMap<Uuid, Balances>,
    pub(in crate::pledges::evidence_packs) parties: Parties,
    pub(in crate::pledges::evidence_packs) receipts: Vec<ReceiptFact>,
    pub(in crate::pledges::evidence_packs) deliveries: Vec<HandoverDay>,
    pub(in crate::pledges::evidence_packs) returns: Vec<ReturnDay>,
    pub(in crate::pledges::evidence_packs) trainings: Vec<TrainingFact>,
    pub(in crate::pledges::evidence_packs) reached: Vec<Reached>,
    pub(in crate::pledges::evidence_packs) runs: Vec<Selection>,
    pub(in crate::pledges::evidence_packs) corrections: Vec<Correction>,
    pub(in crate::pledges::evidence_packs) decisions: Vec<PledgeDecision>,
    /// The newest of each pledge.
    pub(in crate::pledges::evidence_packs) disclosures: Vec<PledgeDisclosure>,
    pub(in crate::pledges::evidence_packs) schedules: Vec<LineSchedule>,
    pub(in crate::pledges::evidence_packs) villages: BTreeMap<String, String>,
    pub(in crate::pledges::evidence_packs) kinds: Vec<NeedKind>,
    pub(in crate::pledges::evidence_packs) outcomes: Vec<Outcome>,
}

/// Who promised, and to which sub-district.
#[derive(Debug, QueryableByName)]
pub(in crate::pledges::evidence_packs) struct Parties {
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) company_name: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(in crate::pledges::evidence_packs) registration_number: Option<String>,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) sector: String,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) area_name: String,
}

/// One receipt.
#[derive(Debug, QueryableByName)]
pub(in crate::pledges::evidence_packs) struct ReceiptFact {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::evidence_packs) pledge_line_id: PledgeLineId,
    #[diesel(sql_type = Numeric)]
    pub(in crate::pledges::evidence_packs) quantity: Quantity,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) handover_number: String,
    #[diesel(sql_type = Date)]
    pub(in crate::pledges::evidence_packs) received_on: NaiveDate,
    /// Day that a correction took it back.
    #[diesel(sql_type = Nullable<Date>)]
    pub(in crate::pledges::evidence_packs) corrected_on: Option<NaiveDate>,
}

/// Handovers of one line on one day with one kind of proof.
#[derive(Debug, QueryableByName)]
pub(in crate::pledges::evidence_packs) struct HandoverDay {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::evidence_packs) pledge_line_id: PledgeLineId,
    #[diesel(sql_type = Date)]
    pub(in crate::pledges::evidence_packs) delivered_on: NaiveDate,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) proof_media_type: String,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) handovers: i64,
    #[diesel(sql_type = Numeric)]
    pub(in crate::pledges::evidence_packs) quantity: Quantity,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) proofs_digest: String,
}

/// What families gave back of one line on one day, usable or not.
#[derive(Debug, QueryableByName)]
pub(in crate::pledges::evidence_packs) struct ReturnDay {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::evidence_packs) pledge_line_id: PledgeLineId,
    #[diesel(sql_type = Date)]
    pub(in crate::pledges::evidence_packs) returned_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) returns: i64,
    #[diesel(sql_type = Numeric)]
    pub(in crate::pledges::evidence_packs) quantity: Quantity,
    #[diesel(sql_type = Bool)]
    pub(in crate::pledges::evidence_packs) is_usable: bool,
}

/// A training that a line of the pledge pays for: how many people, and of how many families they are.
#[derive(Debug, QueryableByName)]
pub(in crate::pledges::evidence_packs) struct TrainingFact {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::evidence_packs) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::evidence_packs) pledge_line_id: PledgeLineId,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) status: String,
    #[diesel(sql_type = Date)]
    pub(in crate::pledges::evidence_packs) begins_on: NaiveDate,
    #[diesel(sql_type = Date)]
    pub(in crate::pledges::evidence_packs) ends_on: NaiveDate,
    /// None of a training that was called off.
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) seats: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) participants: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) families: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) present: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) present_families: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) certified: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) certified_families: i64,
}

/// Families of one kind that got something, of the pledges that reached enough of that kind to be told.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::pledges::evidence_packs) struct Reached {
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) split: String,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) cell: String,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) families: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) people: i64,
}

/// What one run of the allocation chose.
#[derive(Debug, QueryableByName)]
pub(in crate::pledges::evidence_packs) struct Selection {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(in crate::pledges::evidence_packs) run_id: Option<Uuid>,
    #[diesel(sql_type = Date)]
    pub(in crate::pledges::evidence_packs) run_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) families: i64,
    #[diesel(sql_type = Nullable<Integer>)]
    pub(in crate::pledges::evidence_packs) last_rank: Option<i32>,
    /// Rules of a matching run; a run of one pledge has those of all such runs.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(in crate::pledges::evidence_packs) policy: Option<Document<MatchingPolicy>>,
}

/// A transfer that took back another one.
#[derive(Debug, QueryableByName)]
pub(in crate::pledges::evidence_packs) struct Correction {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::evidence_packs) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::evidence_packs) corrects_id: Uuid,
    /// What was taken back: the code of the first transfer.
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) corrected: String,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::evidence_packs) pledge_line_id: Uuid,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) handover_number: String,
    #[diesel(sql_type = Date)]
    pub(in crate::pledges::evidence_packs) corrected_on: NaiveDate,
    #[diesel(sql_type = Numeric)]
    pub(in crate::pledges::evidence_packs) quantity: Quantity,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::evidence_packs) unit: String,
}

/// What follow-ups found after some months.
#[derive(Debug, QueryableByName)]
pub(in crate::pledges::evidence_packs) struct Outcome {
    #[diesel(sql_type = SmallInt)]
    pub(in crate::pledges::evidence_packs) month_mark: i16,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) visited: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) met: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) assets: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) in_use: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) earning: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) higher_income: i64,
    #[diesel(sql_type = BigInt)]
    pub(in crate::pledges::evidence_packs) off_aid: i64,
}

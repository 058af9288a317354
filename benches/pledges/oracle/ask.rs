//! Commands, and how they are sent.

use serde_json::{Value, json};

use super::book::Book;
use super::pledge::{Kind, LATE_DAYS};

/// Who commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Company,
    First,
    Second,
}

/// What is commanded; places in the lists of the book stand for ids.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Quantities of the lines, and whether they are late.
    Draft(Vec<(i64, bool)>),
    Submit(usize),
    Withdraw(usize),
    Return(usize),
    Reject(usize),
    Accept(usize),
    /// What is more than outstanding comes on a line of its own, or not at all.
    Receive {
        pledge: usize,
        line: usize,
        quantity: i64,
        is_surplus_taken: bool,
    },
    Need {
        family: usize,
        quantity: i64,
    },
    Allocate {
        pledge: usize,
        line: usize,
        need: usize,
        quantity: i64,
    },
    Deliver {
        allocation: usize,
        quantity: i64,
    },
    Release(usize),
    TakeBack(usize, Back),
    Propose {
        pledge: usize,
        kind: Kind,
        line: usize,
        quantity: i64,
        moved: usize,
    },
    Agree {
        pledge: usize,
        decision: usize,
    },
    Refuse {
        pledge: usize,
        decision: usize,
    },
    Pack(usize),
}

/// What comes back: which handover of the allocation, how much, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Back {
    /// None where nothing was handed over.
    pub(crate) handover: Option<usize>,
    pub(crate) quantity: i64,
    pub(crate) is_usable: bool,
    pub(crate) is_still_needed: bool,
}

/// What the answer must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Done,
    Refused(&'static str),
    /// Depends on what others did meanwhile.
    DoneOr(&'static str),
}

/// A command on its way.
pub(crate) struct Ask {
    pub(crate) who: Who,
    pub(crate) path: String,
    pub(crate) body: Value,
    pub(super) step: Step,
    pub(super) expected: Expected,
}

impl Step {
    /// Name of the operation.
    pub(super) fn operation(&self) -> &'static str {
        match self {
            Self::Draft(_) => "draft_pledge",
            Self::Submit(_) => "submit_pledge",
            Self::Withdraw(_) => "withdraw_pledge",
            Self::Return(_) => "return_pledge",
            Self::Reject(_) => "reject_pledge",
            Self::Accept(_) => "accept_pledge",
            Self::Receive { .. } => "record_receipt",
            Self::Need { .. } => "record_need",
            Self::Allocate { .. } => "allocate_to_need",
            Self::Deliver { .. } => "deliver_allocation",
            Self::Release(_) => "release_allocation",
            Self::TakeBack(..) => "record_allocation_return",
            Self::Propose { kind, .. } => kind.operation(),
            Self::Agree { .. } => "agree_to_pledge_decision",
            Self::Refuse { .. } => "refuse_pledge_decision",
            Self::Pack(_) => "make_evidence_pack",
        }
    }
}

impl Kind {
    fn operation(self) -> &'static str {
        match self {
            Self::Amend => "amend_pledge",
            Self::Cancel => "cancel_pledge",
            Self::WriteOff => "write_off_pledge",
            Self::Refund => "refund_pledge",
            Self::Reallocate => "reallocate_pledge",
            Self::Lose => "record_pledge_loss",
            Self::Correct => "correct_pledge",
            Self::Close => "close_pledge",
            Self::Reopen => "reopen_pledge",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Amend => "amendments",
            Self::Cancel => "cancellations",
            Self::WriteOff => "write-offs",
            Self::Refund => "refunds",
            Self::Reallocate => "reallocations",
            Self::Lose => "losses",
            Self::Correct => "corrections",
            Self::Close => "closures",
            Self::Reopen => "reopenings",
        }
    }
}

/// The day on which all of a late line was due.
fn late_day() -> String {
    (sinergi::db::today() - chrono::Days::new(LATE_DAYS)).to_string()
}

fn installments(quantity: i64, is_late: bool) -> Value {
    if is_late { json!([{ "due_on": late_day(), "quantity": quantity.to_string() }]) } else { json!([]) }
}

impl Book {
    /// Path and body of a command.
    pub(super) fn request(&self, step: &Step) -> (String, Value) {
        let of_pledge = |pledge: usize, noun: &str| format!("/v1/pledges/{}/{noun}", self.pledges[pledge].id);
        let why = || json!({ "reason": "Cuaca" });
        match step {
            Step::Draft(lines) => ("/v1/pledges".to_owned(), self.draft(lines)),
            Step::Submit(pledge) => (of_pledge(*pledge, "submissions"), json!({})),
            Step::Withdraw(pledge) => (of_pledge(*pledge, "withdrawals"), why()),
            Step::Return(pledge) => (of_pledge(*pledge, "returns"), why()),
            Step::Reject(pledge) => (of_pledge(*pledge, "rejections"), why()),
            Step::Accept(pledge) => (of_pledge(*pledge, "acceptances"), json!({})),
            Step::Receive { pledge, line, quantity, is_surplus_taken } => {
                let body = json!({
                    "pledge_line_id": self.pledges[*pledge].lines[*line].id, "quantity": quantity.to_string(),
                    "received_on": sinergi::db::today(), "handover_number": "BAST/BUKU/001",
                    "is_surplus_taken": is_surplus_taken,
                });
                (of_pledge(*pledge, "receipts"), body)
            }
            Step::Need { family, quantity } => {
                let path = format!("/v1/beneficiaries/{}/needs", self.families[*family].id);
                (path, json!({ "kind": self.kind, "quantity": quantity.to_string() }))
            }
            Step::Allocate { pledge, line, need, quantity } => {
                let body = json!({
                    "pledge_line_id": self.pledges[*pledge].lines[*line].id, "need_id": self.needs[*need].id,
                    "quantity": quantity.to_string(),
                });
                (of_pledge(*pledge, "allocations"), body)
            }
            Step::Deliver { allocation, quantity } => {
                let path = format!("/v1/allocations/{}/deliveries", self.allocations[*allocation].id);
                (path, handover(*quantity))
            }
            Step::Release(allocation) => {
                (format!("/v1/allocations/{}/releases", self.allocations[*allocation].id), why())
            }
            Step::TakeBack(allocation, back) => {
                let allocation = &self.allocations[*allocation];
                let handover = back.handover.map(|at| &allocation.handovers[at].id);
                let body = json!({
                    "allocation_delivery_id": handover, "quantity": back.quantity.to_string(),
                    "returned_on": sinergi::db::today(), "reason": "not_used", "is_usable": back.is_usable,
                    "is_still_needed": back.is_still_needed, "handover_number": "BAST/BUKU/003",
                });
                (format!("/v1/allocations/{}/returns", allocation.id), body)
            }
            Step::Propose { pledge, kind, line, quantity, moved } => {
                (of_pledge(*pledge, kind.noun()), self.proposal(*pledge, *kind, (*line, *quantity, *moved)))
            }
            Step::Agree { pledge, decision } => (
                format!("/v1/pledge-decisions/{}/agreements", self.pledges[*pledge].decisions[*decision].id),
                json!({}),
            ),
            Step::Refuse { pledge, decision } => {
                (format!("/v1/pledge-decisions/{}/refusals", self.pledges[*pledge].decisions[*decision].id), why())
            }
            Step::Pack(pledge) => (of_pledge(*pledge, "evidence-packs"), json!({})),
        }
    }

    fn draft(&self, lines: &[(i64, bool)]) -> Value {
        let line = |(quantity, is_late): &(i64, bool)| {
            json!({
                "kind": self.kind, "quantity": quantity.to_string(), "unit_value_rupiah": 2_000_000,
                "valuation_basis": "acquisition_value", "village_codes": self.villages,
                "installments": installments(*quantity, *is_late),
            })
        };
        let year = sinergi::db::today().to_string()[..4].parse::<i64>().unwrap();
        json!({ "title": "Buku", "year": year, "lines": lines.iter().map(line).collect::<Vec<_>>() })
    }

    fn proposal(&self, pledge: usize, kind: Kind, (line, quantity, moved): (usize, i64, usize)) -> Value {
        let pledge = &self.pledges[pledge];
        let line = &pledge.lines[line];
        let quantity_told = quantity.to_string();
        match kind {
            Kind::Amend => json!({ "reason": "Anggaran", "lines": [{
                "pledge_line_id": line.id, "quantity": quantity_told,
                "installments": installments(quantity, line.is_late),
            }] }),
            Kind::Refund => json!({ "reason": "Rusak", "pledge_line_id": line.id, "quantity": quantity_told }),
            Kind::Reallocate => json!({
                "reason": "Desa lain", "pledge_line_id": line.id, "quantity": quantity_told,
                "village_codes": self.villages,
            }),
            Kind::Lose => json!({
                "reason": "Banjir", "pledge_line_id": line.id, "quantity": quantity_told, "site": "Gudang",
            }),
            Kind::Correct => json!({ "reason": "Salah catat", "transfer_id": pledge.moved[moved].id }),
            Kind::Cancel | Kind::WriteOff | Kind::Close | Kind::Reopen => json!({ "reason": "Selesai" }),
        }
    }
}

fn handover(quantity: i64) -> Value {
    json!({
        "quantity": quantity.to_string(), "delivered_on": sinergi::db::today(), "power_of_attorney": "SK/9/BUKU",
        "receiver_name": "Contoh Kerabat", "handover_number": "BAST/BUKU/002", "proof_digest": "ab".repeat(32),
        "proof_media_type": "image/jpeg",
    })
}

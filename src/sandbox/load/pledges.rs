//! What the three companies have promised, in every state a pledge can be in.
//!
//! The rows are what the commands on pledges would have left: the accounts and transfers of the ledger among them,
//! so that its nightly recount finds nothing.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::ids::{Area, begin_of, of_line};
use super::register::OFFICER;
use super::tables::Batch;
use crate::domain::CompanyId;
use crate::ledger::{AccountKind, TransferCode};
use crate::sandbox::known;

/// Who accepts after the first officer.
const SECOND_OFFICER: &str = "sandbox-second-officer";

/// A pledge of the sandbox.
#[derive(Debug)]
struct Promised {
    id: Uuid,
    company: CompanyId,
    status: &'static str,
    title: &'static str,
    lines: &'static [Line],
}

/// Kind, unit, quantity, rupiah a unit, and how much of it has been received.
type Line = (&'static str, &'static str, u32, i64, u32);

const fn promised(
    id: Uuid,
    company: CompanyId,
    status: &'static str,
    title: &'static str,
    lines: &'static [Line],
) -> Promised {
    Promised { id, company, status, title, lines }
}

const TRACTORS_AND_SEATS: &[Line] =
    &[("hand_tractor", "unit", 60, 28_000_000, 45), ("training_seat", "seat", 40, 1_500_000, 0)];
const TOOLS: &[Line] = &[("oil_palm_tools", "set", 25, 1_200_000, 0)];
const SEATS: &[Line] = &[("training_seat", "seat", 40, 1_500_000, 0)];
const MACHINES: &[Line] = &[("sewing_machine", "unit", 15, 2_500_000, 15)];

const PLEDGES: &[Promised] = &[
    promised(known::pledges::PLEDGE.0, known::pledges::COMPANY, "committed", "Traktor tangan 2026", TRACTORS_AND_SEATS),
    promised(known::pledges::DRAFT_PLEDGE.0, known::pledges::COMPANY, "draft", "Alat panen", TOOLS),
    promised(known::pledges::PLEDGE_TO_CHANGE.0, known::pledges::COMPANY, "draft", "Alat panen, tahap dua", TOOLS),
    promised(known::pledges::PLEDGE_TO_SUBMIT.0, known::pledges::COMPANY, "draft", "Pelatihan las", SEATS),
    promised(known::pledges::PLEDGE_TO_WITHDRAW.0, known::pledges::COMPANY, "draft", "Pelatihan mekanik", SEATS),
    promised(known::pledges::SUBMITTED_PLEDGE.0, known::pledges::COMPANY, "submitted", "Pelatihan menjahit", SEATS),
    promised(known::pledges::PLEDGE_TO_ACCEPT.0, known::pledges::COMPANY, "submitted", "Pelatihan operator", SEATS),
    promised(known::pledges::PLEDGE_TO_RETURN.0, known::pledges::COMPANY, "submitted", "Alat panen, tahap tiga", TOOLS),
    promised(
        known::pledges::PLEDGE_TO_REJECT.0,
        known::pledges::COMPANY,
        "submitted",
        "Alat panen, tahap empat",
        TOOLS,
    ),
    promised(known::pledges::PLEDGE_OF_B.0, known::pledges::COMPANY_B, "committed", "Mesin jahit 2026", MACHINES),
    promised(known::pledges::REJECTED_PLEDGE.0, known::pledges::COMPANY_B, "rejected", "Alat panen bekas", TOOLS),
    promised(known::pledges::WITHDRAWN_PLEDGE.0, known::pledges::COMPANY_C, "withdrawn", "Pelatihan ukir", SEATS),
    promised(known::pledges::PLEDGE_OF_C.0, known::pledges::COMPANY_C, "submitted", "Alat panen 2026", TOOLS),
];

/// The accounts that a line has once it is committed, the promise of its company first.
const ACCOUNTS: [AccountKind; 5] =
    [AccountKind::Promise, AccountKind::Commitment, AccountKind::Stock, AccountKind::Reserved, AccountKind::Delivered];

/// Adds all pledges with their lines, and what is in the ledger before anything is allocated.
pub(super) fn add(batch: &mut Batch, area: Area, villages: &[&str], as_of: NaiveDate) {
    let at = begin_of(as_of);
    for pledge in PLEDGES {
        add_pledge(batch, pledge, area, at);
        for (number, line) in (0..).zip(pledge.lines) {
            let place = Place { pledge, number, area, at };
            let row = batch.pledge_lines.row().uuid(place.line()).uuid(pledge.id).text(line.0).quantity(line.2);
            row.text(line.1).int8(line.3).text("acquisition_value").texts(villages);
            row.text(if line.0 == "training_seat" { "education" } else { "economy" });
            if pledge.status == "committed" {
                place.commit(batch, *line);
            }
        }
    }
}

fn add_pledge(batch: &mut Batch, pledge: &Promised, area: Area, at: DateTime<Utc>) {
    let row = batch.pledges.row().uuid(pledge.id).uuid(pledge.company.0).int4(area.id).text(pledge.title);
    row.int2(2026).text(pledge.status);
    match pledge.status {
        "committed" => row.text("PKS/CONTOH/2026").instant(at).text(OFFICER).text(SECOND_OFFICER).instant(at).null(),
        "submitted" => row.null().instant(at).null().null().null().null(),
        "rejected" => row.null().instant(at).null().null().null().text("Alat yang ditawarkan sudah tidak layak pakai"),
        "withdrawn" => row.null().instant(at).null().null().null().text("Anggaran tahun ini dialihkan"),
        _ => row.null().null().null().null().null().null(),
    };
    row.instant(at).instant(at);
}

/// A committed line in the ledger.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    pledge: &'a Promised,
    number: u8,
    area: Area,
    at: DateTime<Utc>,
}

impl Place<'_> {
    fn line(self) -> Uuid {
        line_id(self.pledge.id, self.number)
    }

    fn commit(self, batch: &mut Batch, (_, unit, quantity, _, received): Line) {
        for kind in ACCOUNTS {
            let is_promise = kind == AccountKind::Promise;
            let owner = if is_promise { self.pledge.company.0 } else { self.line() };
            let row = batch.ledger_accounts.row().uuid(account_id(self.line(), kind)).int4(self.area.id);
            row.text(kind.as_str()).text(unit).uuid(owner).bool(!is_promise).instant(self.at);
        }
        self.post(batch, (AccountKind::Promise, AccountKind::Commitment), TransferCode::Accept, (quantity, unit));
        if received > 0 {
            let moved = (AccountKind::Commitment, AccountKind::Stock);
            let transfer = self.post(batch, moved, TransferCode::Receive, (received, unit));
            let row = batch.receipts.row().uuid(receipt_id(self.line())).uuid(self.pledge.id).uuid(self.line());
            row.quantity(received).text("BAST/CSR/1/2026").date(self.received_on()).text(OFFICER).uuid(transfer);
            row.instant(self.at);
        }
    }

    /// Examples hand over in 2026, whichever quarter the sandbox is of; nothing goes out before it came in.
    fn received_on(self) -> NaiveDate {
        let day = self.at.date_naive();
        NaiveDate::from_ymd_opt(2026, 1, 5).map_or(day, |first| first.min(day))
    }

    fn post(
        self,
        batch: &mut Batch,
        (from, to): (AccountKind, AccountKind),
        code: TransferCode,
        (quantity, unit): (u32, &str),
    ) -> Uuid {
        let id = transfer_id(self.line(), code);
        let row = batch.ledger_transfers.row().uuid(id).int4(self.area.id).uuid(account_id(self.line(), from));
        row.uuid(account_id(self.line(), to)).text(unit).quantity(quantity).text(code.as_str()).uuid(self.pledge.id);
        row.text(SECOND_OFFICER).instant(self.at);
        id
    }
}

/// Id of a line: the examples name the first one of the pledge they speak of.
pub(super) fn line_id(pledge: Uuid, number: u8) -> Uuid {
    if pledge == known::pledges::PLEDGE.0 && number == 0 {
        known::pledges::PLEDGE_LINE.0
    } else {
        of_line(b'0' + number, pledge)
    }
}

/// Id of an account of a line; that of the promise, too, for no company here promises one unit twice.
pub(super) fn account_id(line: Uuid, kind: AccountKind) -> Uuid {
    let place = AccountKind::ALL.iter().position(|one| *one == kind);
    of_line(b'A' + place.and_then(|place| u8::try_from(place).ok()).unwrap_or_default(), line)
}

/// Id of what was received of a line: the examples name that of the line they speak of.
fn receipt_id(line: Uuid) -> Uuid {
    if line == known::pledges::PLEDGE_LINE.0 { known::pledges::RECEIPT.0 } else { of_line(b'z', line) }
}

/// Id of the one transfer of a kind that a line has; the examples name one that put something into stock.
pub(super) fn transfer_id(line: Uuid, code: TransferCode) -> Uuid {
    if line == known::pledges::PLEDGE_LINE.0 && code == TransferCode::Receive {
        return known::pledges::TRANSFER.0;
    }
    let place = TransferCode::ALL.iter().position(|one| *one == code);
    of_line(b'a' + place.and_then(|place| u8::try_from(place).ok()).unwrap_or_default(), line)
}

//! What of the companies' goods is reserved for families and handed over: set-based, by need.
//!
//! The poorest verified families that lack the kind come first, as a run of the allocation would have it.

use std::fmt::Write as _;

use uuid::Uuid;

use super::ids::{Area, of_line};
use super::pledges::{account_id, line_id, transfer_id};
use crate::ledger::{AccountKind, TransferCode};
use crate::sandbox::known;

/// One run over the stock of a line.
struct Run {
    pledge: Uuid,
    kind: &'static str,
    unit: &'static str,
    /// Families that get one at most; never more than half of those that lack it.
    most: u32,
    /// Ranks that have it in their hands; the ranks before it are what examples speak of.
    delivered: (u32, u32),
    /// Ids of the first two allocations, where examples name them.
    first: Option<(Uuid, Uuid)>,
}

const RUNS: [Run; 2] = [
    Run {
        pledge: known::pledges::PLEDGE.0,
        kind: "hand_tractor",
        unit: "unit",
        most: 30,
        delivered: (3, 14),
        first: Some((known::pledges::ALLOCATION.0, known::pledges::ALLOCATION_TO_RELEASE.0)),
    },
    Run {
        pledge: known::pledges::PLEDGE_OF_B.0,
        kind: "sewing_machine",
        unit: "unit",
        most: 15,
        delivered: (1, 15),
        first: Some((known::pledges::ALLOCATION_TO_FOLLOW.0, known::pledges::ALLOCATION_FOLLOWED.0)),
    },
];

/// The statements that allocate and hand over, then the balances of all accounts.
pub(super) fn statements(area: Area) -> String {
    let mut sql = String::new();
    for run in &RUNS {
        // Writing into a string cannot fail.
        let _ = write!(sql, "{}", run.statements(area));
    }
    sql.push_str(BALANCES);
    sql
}

impl Run {
    fn statements(&self, area: Area) -> String {
        let line = line_id(self.pledge, 0);
        [self.allocate(line, area), self.reserve(line), deliver(line), self.post_deliveries(line), meet(line)].concat()
    }

    /// Who allocates is not who hands over; a third person did, so that either officer may go on.
    fn allocate(&self, line: Uuid, area: Area) -> String {
        let Self { pledge, kind, most, delivered: (from, to), .. } = self;
        let run_id = of_line(b'R', line);
        let transfer = transfer_id(line, TransferCode::Reserve);
        let first = self.first.map_or_else(String::new, |(first, second)| {
            format!("when rank = 1 then '{first}'::uuid when rank = 2 then '{second}'::uuid")
        });
        let area_id = area.id;
        format!(
            "insert into allocations (area_id, id, pledge_id, pledge_line_id, need_id, beneficiary_id, village_code, \
                quantity, delivered_quantity, run_id, rank_in_run, transfer_id, status, created_by, created_at, updated_at) \
            select area_id, case {first} when true then derive_id(need_id, '{line}') end, '{pledge}', '{line}', need_id, \
                beneficiary_id, village_code, 1, is_delivered::int, '{run_id}', rank, '{transfer}', \
                case when is_delivered then 'delivered' else 'reserved' end, 'sandbox-planner', at, at \
            from (select n.area_id, n.id as need_id, n.beneficiary_id, b.village_code, n.created_at as at, r.rank, \
                    r.rank between {from} and {to} as is_delivered \
                from (select id, row_number() over (order by decile, beneficiary_id) as rank, \
                        count(*) over () as families \
                    from (select n.id, n.beneficiary_id, b.decile from needs n \
                        join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id \
                        where n.area_id = {area_id} and n.kind = '{kind}' and b.verified_at is not null) lacking) r \
                join needs n on n.area_id = {area_id} and n.id = r.id \
                join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id \
                where r.rank <= least({most}, (r.families + 1) / 2)) chosen;\n"
        )
    }

    /// One transfer for the whole run.
    fn reserve(&self, line: Uuid) -> String {
        let (from, to) = (account_id(line, AccountKind::Stock), account_id(line, AccountKind::Reserved));
        let (id, unit, pledge) = (transfer_id(line, TransferCode::Reserve), self.unit, self.pledge);
        format!(
            "insert into ledger_transfers (id, area_id, debit_account_id, credit_account_id, unit, quantity, code, group_id, \
                client_id, at) \
            select '{id}', area_id, '{from}', '{to}', '{unit}', sum(quantity), 'reserve', '{pledge}', 'sandbox-planner', \
                min(created_at) \
            from allocations where pledge_line_id = '{line}' group by area_id;\n"
        )
    }

    fn post_deliveries(&self, line: Uuid) -> String {
        let (from, to) = (account_id(line, AccountKind::Reserved), account_id(line, AccountKind::Delivered));
        let unit = self.unit;
        format!(
            "insert into ledger_transfers (id, area_id, debit_account_id, credit_account_id, unit, quantity, code, group_id, \
                client_id, at) \
            select transfer_id, area_id, '{from}', '{to}', '{unit}', quantity, 'deliver', pledge_id, recorded_by, created_at \
            from allocation_deliveries where pledge_line_id = '{line}';\n"
        )
    }
}

fn deliver(line: Uuid) -> String {
    format!(
        "insert into allocation_deliveries (area_id, id, allocation_id, pledge_id, pledge_line_id, beneficiary_id, \
            quantity, delivered_on, collector_member_id, collector_kind, handover_number, proof_digest, \
            proof_media_type, transfer_id, recorded_by, created_at) \
        select a.area_id, derive_id(a.id, a.beneficiary_id), a.id, a.pledge_id, a.pledge_line_id, a.beneficiary_id, \
            a.quantity, a.created_at::date, m.member_id, 'member', 'BAST/CSR/2/2026', \
            sha256(uuid_send(a.id)), 'image/jpeg', derive_id(a.id, a.need_id), 'sandbox-second-officer', a.created_at \
        from allocations a join memberships m on m.area_id = a.area_id and m.beneficiary_id = a.beneficiary_id \
            and m.relationship = 'head' and m.ended_on is null \
        where a.pledge_line_id = '{line}' and a.status = 'delivered';\n"
    )
}

fn meet(line: Uuid) -> String {
    format!(
        "update needs n set met_quantity = a.quantity, version = 2, \
            status = case when a.quantity = n.quantity then 'met' else n.status end \
        from allocations a where a.pledge_line_id = '{line}' and n.area_id = a.area_id and n.id = a.need_id;\n"
    )
}

/// The sum of the transfers of each account.
const BALANCES: &str = "\
    insert into ledger_balances (account_id, posted, is_floored) \
    select a.id, coalesce(sum(case t.credit_account_id when a.id then t.quantity else -t.quantity end), 0), a.is_floored \
    from ledger_accounts a left join ledger_transfers t on a.id in (t.debit_account_id, t.credit_account_id) \
    group by a.id;";

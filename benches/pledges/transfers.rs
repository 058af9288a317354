//! Transfers through the ledger's own call, beside the same statements from pgbench.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sinergi::db::{self, Db};
use sinergi::domain::{PledgeId, Quantity, Scope, TransferId};
use sinergi::ledger::{self, AccountKind, AccountRef, Group, NewAccount, Posting, Transfer, TransferCode};
use uuid::Uuid;

use crate::draw::Draw;
use crate::figure::tell_ratio;
use crate::load::{ROUNDS, SECONDS, pgbench_by, psql, script};
use crate::service::{AREA, Service};

/// Lines that transfers are spread over.
const LINES: usize = 1_000;
/// What each has to begin with: more than the load can move.
const STOCK: u64 = 1_000_000_000;
const UNIT: &str = "unit";

/// The statements of one transfer, in the ledger's order.
const STATEMENTS: &str = r"
\set n random(1, 1000)
begin;
select set_config('sinergi.area_ids', 'AREA', true);
insert into ledger_transfers (id, area_id, debit_account_id, credit_account_id, unit, quantity, code,
        group_id, client_id, at, group_kind)
    select t.id, AREA, d.id, c.id, t.unit, t.quantity, t.code, md5('bench-pledge')::uuid, 'bench', now(), 'pledge'
    from unnest(array[gen_random_uuid()], array['reserve'], array['stock'], array[FROM::uuid], array['reserved'],
            array[TO::uuid], array['unit'], array[1::numeric]) as
        t (id, code, debit_kind, debit_owner, credit_kind, credit_owner, unit, quantity)
    join ledger_accounts d on d.owner_id = t.debit_owner and d.kind = t.debit_kind and d.unit = t.unit and d.area_id = AREA
    join ledger_accounts c on c.owner_id = t.credit_owner and c.kind = t.credit_kind and c.unit = t.unit
        and c.area_id = AREA
    order by t.id on conflict (id) do nothing
    returning debit_account_id as debit, credit_account_id as credit
\gset
select b.account_id, a.kind, a.unit, b.is_floored, b.posted
    from ledger_balances b join ledger_accounts a on a.id = b.account_id
    where b.account_id = any (array[:debit, :credit]::uuid[]) order by b.account_id for no key update of b;
update ledger_balances b set posted = b.posted + d.delta
    from unnest(array[:debit, :credit]::uuid[], array[-1, 1]::numeric[]) as d (account_id, delta)
    where b.account_id = d.account_id and (not b.is_floored or b.posted + d.delta >= 0);
commit;
";

pub(crate) fn run(service: &Service) {
    let owners = owners(service);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let db = Db::new(&service.database_url("sinergi_service"), 16).unwrap();
    runtime.block_on(fill(&db, &owners)).unwrap();
    psql(service, "vacuum analyze ledger_accounts, ledger_balances, ledger_transfers");
    let spread = "md5('bench-line-' || :n)";
    let hot = "md5('bench-line-1')";
    for (name, from, lines) in [("spread over 1,000 accounts", spread, LINES), ("from one account", hot, 1)] {
        for connections in [1, 16] {
            let sql = STATEMENTS.replace("FROM", from).replace("TO", spread).replace("AREA", AREA);
            let statements = [script(service, "transfer.sql", &sql)];
            let round = |round| {
                let ours = runtime.block_on(load(&db, &owners, (lines, connections, round)));
                (ours, pgbench_by(service, &statements, &connections.to_string()))
            };
            let rounds: Vec<(f64, f64)> = (0..ROUNDS).map(round).collect();
            let figure = format!("transfers {name}, {connections} at once");
            tell_ratio(&figure, 0.8, "pgbench -M prepared, same statements", &rounds);
        }
    }
}

/// Owners of the accounts: lines of no pledge.
fn owners(service: &Service) -> Vec<Uuid> {
    let found = psql(service, &format!("select md5('bench-line-' || n)::uuid from generate_series(1, {LINES}) as n"));
    found.lines().map(|id| id.parse().unwrap()).collect()
}

fn scope() -> Scope {
    Scope { area_ids: vec![area_id()], company_id: None }
}

fn area_id() -> i32 {
    AREA.parse().unwrap()
}

fn posting() -> Posting<'static> {
    // The pledge of no line; what is posted stays in the ledger alone.
    let group = Group::Pledge(PledgeId(Uuid::from_u128(0xbe_ac)));
    Posting { area_id: area_id(), group, client_id: "bench", at: db::now() }
}

/// Opens the accounts and brings stock into them, as one set.
async fn fill(db: &Db, owners: &[Uuid]) -> sinergi::error::Result<()> {
    let kinds = [AccountKind::Stock, AccountKind::Reserved];
    let of = |owner: &Uuid| kinds.map(|kind| NewAccount { account: AccountRef::new(kind, *owner), unit: UNIT });
    let mut accounts: Vec<NewAccount<'_>> = owners.iter().flat_map(of).collect();
    let promise = AccountRef::new(AccountKind::Promise, owners[0]);
    accounts.push(NewAccount { account: promise, unit: UNIT });
    let begin = |owner: &Uuid| Transfer {
        id: TransferId::new(),
        code: TransferCode::Receive,
        from: promise,
        to: AccountRef::new(AccountKind::Stock, *owner),
        unit: UNIT.to_owned(),
        quantity: STOCK.to_string().parse::<Quantity>().unwrap(),
    };
    let transfers: Vec<Transfer> = owners.iter().map(begin).collect();
    db.transaction(&scope(), async |conn| {
        ledger::open(conn, area_id(), &accounts, db::now()).await?;
        ledger::post(conn, posting(), &transfers).await
    })
    .await
}

/// Transfers a second, from the first so many lines to all.
async fn load(db: &Db, owners: &[Uuid], (lines, connections, round): (usize, usize, usize)) -> f64 {
    let until = Instant::now() + Duration::from_secs(SECONDS.into());
    let posted = AtomicUsize::new(0);
    let one = async |number: usize| {
        let mut draw = Draw::new(u64::try_from(round * 100 + number).unwrap());
        while Instant::now() < until {
            let (from, to) = (owners[draw.below(lines)], owners[draw.below(owners.len())]);
            let transfer = Transfer {
                id: TransferId::new(),
                code: TransferCode::Reserve,
                from: AccountRef::new(AccountKind::Stock, from),
                to: AccountRef::new(AccountKind::Reserved, to),
                unit: UNIT.to_owned(),
                quantity: "1".parse::<Quantity>().unwrap(),
            };
            let transfers = [transfer];
            db.transaction(&scope(), async |conn| ledger::post(conn, posting(), &transfers).await).await.unwrap();
            posted.fetch_add(1, Ordering::Relaxed);
        }
    };
    futures_util::future::join_all((0..connections).map(one)).await;
    posted.load(Ordering::Relaxed) as f64 / f64::from(SECONDS)
}

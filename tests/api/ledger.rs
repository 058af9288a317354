//! The ledger itself, called as the features call it, and its routes.

use diesel_async::SimpleAsyncConnection;
use serde_json::json;
use sinergi::db::{self, Db};
use sinergi::domain::{PledgeId, Quantity, Scope, TransferId};
use sinergi::error::{Code, Error, Result};
use sinergi::housekeeping::recount;
use sinergi::ledger::AccountKind::{Commitment, Delivered, Promise, Reserved, Stock};
use sinergi::ledger::{self, AccountKind, AccountRef, Group, NewAccount, Posting, Transfer, TransferCode};
use uuid::Uuid;

use crate::support::{KEMBANG_JANGGUT, KENOHAN, TestApp};

/// Clients that take from one account at once, in the test of the race.
const TAKERS: usize = 60;
/// What the account holds for them.
const HELD: u32 = 20;

fn scope() -> Scope {
    Scope { area_ids: vec![KEMBANG_JANGGUT], company_id: None }
}

fn transfer(line: Uuid, code: TransferCode, from: AccountKind, to: AccountKind, units: u32) -> Transfer {
    Transfer {
        id: TransferId::new(),
        code,
        from: AccountRef::new(from, line),
        to: AccountRef::new(to, line),
        unit: "unit".to_owned(),
        quantity: Quantity::whole(units),
    }
}

async fn open(db: &Db, line: Uuid) {
    let kinds = [Promise, Commitment, Stock, Reserved, Delivered];
    let accounts = kinds.map(|kind| NewAccount { account: AccountRef::new(kind, line), unit: "unit" });
    db.transaction(&scope(), async |conn| ledger::open(conn, KEMBANG_JANGGUT, &accounts, db::now()).await)
        .await
        .unwrap();
}

async fn post(db: &Db, transfers: &[Transfer]) -> Result<()> {
    let pledge_id = PledgeId::new();
    post_for(db, pledge_id, transfers).await
}

async fn post_for(db: &Db, pledge_id: PledgeId, transfers: &[Transfer]) -> Result<()> {
    db.transaction(&scope(), async |conn| {
        let posting =
            Posting { area_id: KEMBANG_JANGGUT, group: Group::Pledge(pledge_id), client_id: "test", at: db::now() };
        ledger::post(conn, posting, transfers).await
    })
    .await
}

async fn balance(db: &Db, line: Uuid, kind: AccountKind) -> String {
    let conn = db.read(&scope()).await.unwrap();
    ledger::balance(&conn, AccountRef::new(kind, line)).await.unwrap().to_string()
}

async fn assert_sums(db: &Db) {
    let conn = db.read(&scope()).await.unwrap();
    assert!(ledger::discrepancies(&conn, &scope()).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_one_account_enters_the_other() {
    let app = TestApp::new().await;
    let (db, line) = (&app.services.db, Uuid::now_v7());
    open(db, line).await;
    post(db, &[transfer(line, TransferCode::Accept, Promise, Commitment, 200)]).await.unwrap();
    post(db, &[transfer(line, TransferCode::Receive, Commitment, Stock, 120)]).await.unwrap();
    assert_eq!(balance(db, line, Commitment).await, "80");
    assert_eq!(balance(db, line, Stock).await, "120");
    assert_sums(db).await;

    let officer = app.kecamatan().await;
    let accounts = officer.get(&format!("/v1/ledger/accounts?owner_id={line}")).await.expect(200);
    let sum: i64 = accounts.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["balance"].as_str().unwrap().parse::<i64>().unwrap())
        .sum();
    assert_eq!((accounts.body["items"].as_array().unwrap().len(), sum), (5, 0));
    let first = officer.get("/v1/ledger/transfers?limit=1").await.expect(200);
    assert_eq!(first.body["items"][0]["code"], "accept");
    let next = first.body["next"].as_str().unwrap();
    let second = officer.get(&format!("/v1/ledger/transfers?limit=1&cursor={next}")).await.expect(200);
    assert_eq!(
        (&second.body["items"][0]["from"], &second.body["items"][0]["to"]),
        (&json!("commitment"), &json!("stock"))
    );
    assert!(second.body.get("next").is_none());
    let neighbour = app.client("auditor", KENOHAN).await;
    for list in ["accounts", "transfers", "discrepancies"] {
        assert_eq!(neighbour.get(&format!("/v1/ledger/{list}")).await.expect(200).body["items"], json!([]));
    }
    app.puskesos().await.get("/v1/ledger/accounts").await.expect_problem(403, "insufficient_scope");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_floor_holds_and_says_what_is_there() {
    let app = TestApp::new().await;
    let (db, line) = (&app.services.db, Uuid::now_v7());
    open(db, line).await;
    post(db, &[transfer(line, TransferCode::Accept, Promise, Commitment, 10)]).await.unwrap();
    let refused = post(db, &[transfer(line, TransferCode::Receive, Commitment, Stock, 11)]).await.unwrap_err();
    assert_eq!(refused.code(), Some(Code::NotEnoughLeft));
    let Error::Refused(refusal) = refused else { panic!() };
    assert_eq!(refusal.about.unwrap(), "10 unit still to be received, 11 asked");
    assert_eq!(balance(db, line, Commitment).await, "10");
    assert_sums(db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_is_posted_whole_or_not_at_all() {
    let app = TestApp::new().await;
    let (db, line) = (&app.services.db, Uuid::now_v7());
    open(db, line).await;
    let accept = transfer(line, TransferCode::Accept, Promise, Commitment, 10);
    let too_much = transfer(line, TransferCode::Deliver, Reserved, Delivered, 1);
    assert!(post(db, &[accept.clone(), too_much]).await.is_err());
    assert_eq!(balance(db, line, Commitment).await, "0");
    let through = transfer(line, TransferCode::Receive, Commitment, Stock, 10);
    post(db, &[accept, through]).await.unwrap();
    assert_eq!((balance(db, line, Commitment).await, balance(db, line, Stock).await), ("0".into(), "10".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_id_acts_at_most_once() {
    let app = TestApp::new().await;
    let (db, line, pledge) = (&app.services.db, Uuid::now_v7(), PledgeId::new());
    open(db, line).await;
    let accept = transfer(line, TransferCode::Accept, Promise, Commitment, 10);
    let once = std::slice::from_ref(&accept);
    let retries = futures_util::future::join_all((0..8).map(|_| post_for(db, pledge, once))).await;
    assert!(retries.iter().all(Result::is_ok), "{retries:?}");
    assert_eq!(balance(db, line, Commitment).await, "10");
    let other = Transfer { quantity: Quantity::whole(11), ..accept };
    assert!(post_for(db, pledge, &[other]).await.is_err(), "a reused id with another quantity");
    assert_eq!(balance(db, line, Commitment).await, "10");
    assert_sums(db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_take_exactly_what_is_there() {
    let app = TestApp::new().await;
    let (db, line) = (&app.services.db, Uuid::now_v7());
    open(db, line).await;
    post(db, &[transfer(line, TransferCode::Correct, Promise, Stock, HELD)]).await.unwrap();
    let takes = (0..TAKERS).map(|_| async move {
        let one = transfer(line, TransferCode::Reserve, Stock, Reserved, 1);
        loop {
            match post(db, std::slice::from_ref(&one)).await {
                // The pool is smaller than the crowd; a retry under the same id is safe.
                Err(Error::Unavailable(_)) => {}
                outcome => return outcome.is_ok(),
            }
        }
    });
    let granted = futures_util::future::join_all(takes).await.into_iter().filter(|is_taken| *is_taken).count();
    assert_eq!(granted, usize::try_from(HELD).unwrap());
    assert_eq!((balance(db, line, Stock).await, balance(db, line, Reserved).await), ("0".into(), HELD.to_string()));
    assert_sums(db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_movement_against_the_order_of_accounts_does_not_deadlock() {
    let app = TestApp::new().await;
    let (db, line) = (&app.services.db, Uuid::now_v7());
    open(db, line).await;
    post(db, &[transfer(line, TransferCode::Correct, Promise, Stock, 50)]).await.unwrap();
    post(db, &[transfer(line, TransferCode::Reserve, Stock, Reserved, 25)]).await.unwrap();
    let moves = (0..40).map(|turn| async move {
        let one = match turn % 2 {
            0 => transfer(line, TransferCode::Reserve, Stock, Reserved, 1),
            _ => transfer(line, TransferCode::Release, Reserved, Stock, 1),
        };
        while let Err(error) = post(db, std::slice::from_ref(&one)).await {
            assert!(matches!(error, Error::Unavailable(_)), "{error}");
        }
    });
    futures_util::future::join_all(moves).await;
    assert_eq!((balance(db, line, Stock).await, balance(db, line, Reserved).await), ("25".into(), "25".into()));
    assert_sums(db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_past_the_service_is_found() {
    let app = TestApp::new().await;
    let (db, line) = (&app.services.db, Uuid::now_v7());
    open(db, line).await;
    let accept = transfer(line, TransferCode::Accept, Promise, Commitment, 10);
    post(db, &[accept]).await.unwrap();
    app.arrange("update ledger_balances set posted = posted + 1 where is_floored and posted = 10").await;
    let auditor = app.client("auditor", KEMBANG_JANGGUT).await;
    let found = auditor.get("/v1/ledger/discrepancies").await.expect(200);
    let items = found.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0]["balance"], &items[0]["transferred"]), (&json!("11"), &json!("10")));
    let daily = recount(db).await.unwrap();
    assert_eq!(
        daily.iter().map(|one| one.account_id.to_string()).collect::<Vec<_>>(),
        [items[0]["account_id"].as_str().unwrap()]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn transfers_are_never_changed_not_even_by_the_owner() {
    let app = TestApp::new().await;
    let (db, line) = (&app.services.db, Uuid::now_v7());
    open(db, line).await;
    let accept = transfer(line, TransferCode::Accept, Promise, Commitment, 10);
    post(db, &[accept]).await.unwrap();
    let mut owner = app.database.owner().await;
    for change in ["update ledger_transfers set quantity = 1", "delete from ledger_transfers"] {
        assert!(owner.batch_execute(change).await.is_err(), "{change}");
    }
    let below = "update ledger_balances set posted = -1 where is_floored";
    assert!(owner.batch_execute(below).await.is_err(), "the check holds the floor");
}

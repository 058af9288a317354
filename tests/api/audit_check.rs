//! The check of the whole chain: what somebody changed behind the service's back is found, wherever it is.

use std::path::PathBuf;

use diesel_async::SimpleAsyncConnection;
use sinergi::audit::{self, Fault, Stopped};
use sinergi::keys::Keys;

use crate::audit_chain::checked;
use crate::support::{TestApp, texts};

/// Three blocks of four rows, with every column filled.
const ROWS: &str = "
    insert into audit_records (area_id, at, id, client_id, operation, purpose, resource, resource_id, company_id,
        request_id, record_count, before_digest, after_digest)
    select 1, now() - interval '1 minute', gen_random_uuid(), 'client-' || n, 'update_pledge', 'Surat 470/12',
        'pledges', gen_random_uuid(), gen_random_uuid(), gen_random_uuid()::text, 1, sha256('before'), sha256('after')
    from generate_series(1, 4) as n";

async fn chain() -> TestApp {
    let app = TestApp::new().await;
    app.sealed().await;
    for _ in 0..3 {
        app.database.owner().await.batch_execute(ROWS).await.unwrap();
        app.sealed().await;
    }
    let found = checked(&app).await.unwrap();
    assert_eq!((found.blocks, found.rows, found.waiting), (3, 12, 0));
    app
}

async fn execute(app: &TestApp, statements: &str) {
    app.database.owner().await.batch_execute(statements).await.unwrap();
}

/// What the check finds once something was changed, which is undone again.
async fn fault_after(app: &TestApp, change: &str) -> Option<Fault> {
    execute(app, "create table kept_rows as table audit_records; create table kept_blocks as table audit_blocks").await;
    execute(app, change).await;
    let fault = match checked(app).await {
        Ok(_) => None,
        Err(Stopped::Fault(fault)) => Some(fault),
        Err(Stopped::Error(error)) => panic!("{change}: {error}"),
    };
    execute(
        app,
        "delete from audit_records; insert into audit_records table kept_rows; drop table kept_rows;
        delete from audit_blocks; insert into audit_blocks table kept_blocks; drop table kept_blocks",
    )
    .await;
    fault
}

/// The second row of the second block.
const SIXTH: &str = "id = (select id from audit_records order by transaction_number, id offset 5 limit 1)";

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_any_column_of_a_row_is_found() {
    let app = chain().await;
    let id: uuid::Uuid =
        texts(&app, &format!("select id::text as found from audit_records where {SIXTH}")).await[0].parse().unwrap();
    for change in [
        "area_id = 2",
        "at = at + interval '1 microsecond'",
        "client_id = 'client-x'",
        "operation = 'update_pledgf'",
        "purpose = 'Surat 470/13'",
        "purpose = null",
        "resource = 'pledgez'",
        "resource_id = gen_random_uuid()",
        "resource_id = null",
        "company_id = gen_random_uuid()",
        "request_id = request_id || ' '",
        "record_count = 2",
        "before_digest = set_byte(before_digest, 31, get_byte(before_digest, 31) # 1)",
        "after_digest = set_byte(after_digest, 0, get_byte(after_digest, 0) # 128)",
        "after_digest = null",
    ] {
        let fault = fault_after(&app, &format!("update audit_records set {change} where {SIXTH}")).await;
        assert_eq!(fault, Some(Fault::RowChanged(2, 1, Some(id))), "{change}");
    }
    // These two move the row to another place.
    for change in ["transaction_number = 3", "id = 'ffffffff-ffff-7fff-8fff-ffffffffffff'"] {
        let fault = fault_after(&app, &format!("update audit_records set {change} where {SIXTH}")).await;
        assert!(matches!(fault, Some(Fault::RowAdded(1, 0, _) | Fault::RowRemoved(2, 1))), "{change}: {fault:?}");
    }
    checked(&app).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_gone_or_new_are_found() {
    let app = chain().await;
    let removed = fault_after(&app, &format!("delete from audit_records where {SIXTH}")).await;
    assert_eq!(removed, Some(Fault::RowRemoved(2, 1)));
    let all = fault_after(&app, "delete from audit_records").await;
    assert_eq!(all, Some(Fault::RowRemoved(1, 0)));
    let last = "delete from audit_records where id = (
        select id from audit_records order by transaction_number desc, id desc limit 1)";
    assert_eq!(fault_after(&app, last).await, Some(Fault::RowRemoved(3, 3)));
    let added = format!(
        "insert into audit_records select area_id, at, 'ffffffff-ffff-7fff-8fff-ffffffffffff', client_id, operation,
            purpose, resource, resource_id, company_id, request_id, record_count, before_digest, after_digest,
            transaction_number from audit_records where {SIXTH}"
    );
    let added = fault_after(&app, &added).await;
    assert!(matches!(added, Some(Fault::RowAdded(3, 0, Some(_)))), "{added:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_block_is_found() {
    let app = chain().await;
    let swapped =
        "update audit_blocks set number = 9 where number = 2; update audit_blocks set number = 2 where number = 3;
        update audit_blocks set number = 3 where number = 9";
    assert_eq!(fault_after(&app, swapped).await, Some(Fault::HeadChanged(2)));
    let gone = "delete from audit_blocks where number = 2";
    assert_eq!(fault_after(&app, gone).await, Some(Fault::BlockMissing(2)));
    for change in [
        "merkle_root = sha256('x')",
        "previous_hash = sha256('x')",
        "hash = sha256('x')",
        "sealed_at = sealed_at + interval '1 microsecond'",
    ] {
        let fault = fault_after(&app, &format!("update audit_blocks set {change} where number = 2")).await;
        assert_eq!(fault, Some(Fault::HeadChanged(2)), "{change}");
    }
    let leaf = "update audit_blocks set leaf_hashes = set_byte(leaf_hashes, 40, get_byte(leaf_hashes, 40) # 1) where number = 3";
    assert_eq!(fault_after(&app, leaf).await, Some(Fault::LeavesChanged(3)));
    for change in ["signature = translate(signature, 'ABCDEF', 'FEDCBA')", "key_id = 'another'"] {
        let fault = fault_after(&app, &format!("update audit_blocks set {change} where number = 1")).await;
        assert_eq!(fault, Some(Fault::NotSigned(1)), "{change}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_made_anew_or_cut_off_lacks_the_hash_that_was_noted() {
    let app = chain().await;
    let noted = checked(&app).await.unwrap().hash;
    let keys = Keys::public_keys(&app.keys_folder).unwrap();
    let url = app.database.owner_url();
    assert_eq!(audit::check_database(url, &keys, Some(noted)).await.unwrap().hash, noted);
    // Whoever owns the database and the service's key can seal everything again, but not into the same hash.
    execute(&app, "delete from audit_records where client_id = 'client-1'; delete from audit_blocks").await;
    app.sealed().await;
    checked(&app).await.unwrap();
    let found = audit::check_database(url, &keys, Some(noted)).await;
    assert!(matches!(found, Err(Stopped::Fault(Fault::NotMet(hash))) if hash == noted));
}

fn file_of(app: &TestApp) -> PathBuf {
    app.keys_folder.join("audit.ndjson")
}

async fn checked_file(app: &TestApp, text: &str) -> Option<Fault> {
    let path = file_of(app);
    std::fs::write(&path, text).unwrap();
    match audit::check_file(&path, &[], None).await {
        Ok(_) => None,
        Err(Stopped::Fault(fault)) => Some(fault),
        Err(Stopped::Error(error)) => panic!("{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_chain_is_checked_without_the_database() {
    let app = chain().await;
    let keys = Keys::public_keys(&app.keys_folder).unwrap();
    let path = file_of(&app);
    assert_eq!(audit::export(app.database.owner_url(), &keys, &path).await.unwrap(), (3, 12));
    let from_file = audit::check_file(&path, &keys, None).await.unwrap();
    assert_eq!(from_file, checked(&app).await.unwrap());
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 3 + 12 + 1);
    assert_eq!(checked_file(&app, &text).await, None);

    // The second row of the second block: after the first line, a block of four, and the next block's line.
    let at = 1 + 5 + 1 + 1;
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    for column in ["update_pledge", "Surat", "\"area_id\":1", "client-", "\"record_count\":1", "Z\""] {
        let mut flipped: Vec<u8> = lines[at].into();
        let place = lines[at].find(column).unwrap() + column.len() - 1;
        flipped[place] ^= 1;
        let flipped = String::from_utf8(flipped).unwrap();
        let changed = [&lines[..at], &[flipped.as_str()], &lines[at + 1..]].concat();
        let fault = checked_file(&app, &joined(&changed)).await;
        assert!(matches!(fault, Some(Fault::RowChanged(2, 1, _))), "{column}: {fault:?}");
    }
    let removed = [&lines[..at], &lines[at + 1..]].concat();
    assert_eq!(checked_file(&app, &joined(&removed)).await, Some(Fault::RowRemoved(2, 1)));
    let added = [&lines[..at], &lines[at - 1..]].concat();
    assert!(matches!(checked_file(&app, &joined(&added)).await, Some(Fault::RowAdded(2, 1, _))));
    let swapped = [&lines[..1], &lines[6..11], &lines[1..6], &lines[11..]].concat();
    assert_eq!(checked_file(&app, &joined(&swapped)).await, Some(Fault::BlockMissing(1)));
    assert_eq!(checked_file(&app, &joined(&lines[..11])).await, Some(Fault::CutOff));
    let fewer = [&lines[..11], &lines[16..]].concat();
    assert_eq!(checked_file(&app, &joined(&fewer)).await, Some(Fault::CutOff));
    // A file that somebody else made whole is not of this service's keys.
    let stranger = Keys::load_or_make(&app.keys_folder.join("stranger")).unwrap();
    let foreign = audit::check_file(&path, &[stranger.signing.jwk()], None).await;
    assert!(matches!(foreign, Err(Stopped::Fault(Fault::CutOff | Fault::NotSigned(1)))), "{foreign:?}");
}

//! The regions and the sandbox in a database: loaded whole, loaded once, readable with the keys.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that panics has failed; the tests have no settings"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::{NaiveDate, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use sinergi::db::embedded::{DATABASE, Role, Throwaway};
use sinergi::domain::Scope;
use sinergi::keys::Keys;
use sinergi::ledger;
use sinergi::regions::{self, Gathered};
use sinergi::sandbox::{self, Filling, known};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// A migrated database of a server of its own, and keys in a folder beside it.
struct Place {
    url: String,
    keys: Arc<Keys>,
    client: Client,
    _server: Throwaway,
}

impl Place {
    async fn new(name: &str) -> Self {
        let search_path = std::env::var_os("PATH").unwrap_or_default();
        let temporary = std::env::temp_dir();
        let server = Throwaway::start(&temporary, None, search_path).unwrap();
        let url = server.server().connection_string(Role::Owner, DATABASE);
        sinergi::db::migrate(&url).await.unwrap();
        let folder = temporary.join(format!("sinergi-keys-{name}-{}", std::process::id()));
        let keys = Arc::new(Keys::load_or_make(&folder).unwrap());
        std::fs::remove_dir_all(&folder).unwrap();
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        Self { url, keys, client, _server: server }
    }

    async fn with_regions(name: &str) -> Self {
        let place = Self::new(name).await;
        place.load(&mut regions::shipped().unwrap(), regions::EDITION).await;
        place
    }

    async fn load(&self, gathered: &mut Gathered, edition: &str) -> regions::Loaded {
        let mut conn = AsyncPgConnection::establish(&self.url).await.unwrap();
        regions::load(&mut conn, edition, gathered, Utc::now()).await.unwrap()
    }

    async fn fill(&self, families: u32) -> Option<sandbox::Filled> {
        let as_of = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
        sandbox::fill(&self.url, Arc::clone(&self.keys), Filling { families, seed: 42, as_of }).await.unwrap()
    }

    async fn count(&self, asked: &str) -> i64 {
        self.client.query_one(&format!("select count(*) from {asked}"), &[]).await.unwrap().get(0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn regions_are_loaded_once_and_areas_outlive_an_edition() {
    let place = Place::new("regions").await;
    let first = place.load(&mut regions::shipped().unwrap(), regions::EDITION).await;
    assert_eq!((first.read, first.changed, first.new_areas), (34, 34, 20));
    let again = place.load(&mut regions::shipped().unwrap(), regions::EDITION).await;
    assert_eq!((again.read, again.changed, again.new_areas), (34, 0, 0));

    let mut next = Gathered::default();
    next.read("code,name\n64,Kaltim\n64.02,Kukar\n64.02.10,Kembang Janggut\n64.02.21,Baru\n65.01,Lain\n".as_bytes())
        .unwrap();
    let loaded = place.load(&mut next, "Contoh 2027").await;
    assert_eq!((loaded.read, loaded.new_areas, next.faults.len()), (4, 1, 1));
    let same = "(select area_id from regions where code = '64.02.10' group by area_id having count(*) = 2) a";
    assert_eq!(place.count(same).await, 1);
    assert_eq!(place.count("region_editions where is_current and edition = 'Contoh 2027'").await, 1);

    let mut faulty = Gathered::default();
    faulty.read("code,name\nTB0001,Pulau\n".as_bytes()).unwrap();
    let mut conn = AsyncPgConnection::establish(&place.url).await.unwrap();
    assert!(regions::load(&mut conn, "Kosong", &mut faulty, Utc::now()).await.is_err());
    assert_eq!(place.count("region_editions").await, 2);
}

/// The regions of a whole regency as a file of its own has them, where it is beside the project, and the same as SQL.
fn whole_regency() -> Option<[String; 2]> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/standards/regions/kutai-kartanegara.csv");
    let csv = std::fs::read_to_string(path).ok()?;
    let tuples: Vec<String> = csv::Reader::from_reader(csv.as_bytes())
        .deserialize::<BTreeMap<String, String>>()
        .map(|row| row.unwrap())
        .map(|row| format!("('{}','{}')", row["code"], row["name"].replace('\'', "''")))
        .collect();
    let sql = format!("insert into wilayah (kode, nama) values\n{};\n", tuples.join(",\n"));
    Some([csv, sql])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_regency_is_loaded_from_either_layout() {
    let Some(files) = whole_regency() else {
        eprintln!("skipped: ../shared/standards/regions is not here");
        return;
    };
    let place = Place::with_regions("regency").await;
    for (file, edition) in files.iter().zip(["Contoh CSV", "Contoh SQL"]) {
        let mut gathered = Gathered::default();
        gathered.read(file.as_bytes()).unwrap();
        let loaded = place.load(&mut gathered, edition).await;
        // The shipped edition gave the twenty districts their areas.
        assert_eq!(
            (loaded.read, loaded.changed, loaded.new_areas, gathered.faults.len()),
            (259, 259, 0, 0),
            "{edition}"
        );
        let levels = format!("regions where edition = '{edition}' and level =");
        for (level, count) in [("province", 1), ("regency", 1), ("district", 20), ("village", 237)] {
            assert_eq!(place.count(&format!("{levels} '{level}'")).await, count, "{edition}: {level}");
        }
        let in_its_area = format!(
            "regions v join regions d on d.edition = v.edition and d.code = v.parent_code and d.area_id = v.area_id \
             where v.edition = '{edition}' and v.level = 'village'"
        );
        assert_eq!(place.count(&in_its_area).await, 237, "{edition}");
        let current = format!("region_editions where is_current and edition = '{edition}'");
        assert_eq!(place.count(&current).await, 1);
    }
    let other = "((select code, name, level, parent_code, area_id from regions where edition = 'Contoh CSV') \
        except (select code, name, level, parent_code, area_id from regions where edition = 'Contoh SQL')) one";
    assert_eq!(place.count(other).await, 0, "both layouts tell the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_is_filled_once_and_whole() {
    let place = Place::with_regions("filled").await;
    let filled = place.fill(2_500).await.unwrap();
    assert_eq!(filled.families, 2_500);
    assert!(place.fill(2_500).await.is_none(), "a second run does nothing");
    for (asked, at_least) in [
        ("beneficiaries where status = 'live' and source = 'sandbox'", 2_500),
        ("beneficiary_locators", 2_500),
        ("card_claims", 2_500),
        ("welfare_ranks", 5_000),
        ("members", 8_500),
        ("needs where status = 'open'", 500),
        ("enrollments where status = 'active'", 1_000),
        ("entitlements", 1_000),
        ("deliveries", 500),
        ("audit_records where operation = 'load_sandbox' and record_count = 2500", 1),
        ("companies", 3),
        ("programs", 6),
        ("holds where status = 'held' and quantity = 300000", 10),
    ] {
        assert!(place.count(asked).await >= at_least, "{asked}");
    }
    for wrong in [
        "beneficiaries b where member_count <> (select count(*) from memberships m \
            where (m.area_id, m.beneficiary_id) = (b.area_id, b.id) and m.ended_on is null)",
        "members m join memberships t on (t.area_id, t.member_id) = (m.area_id, m.id) \
            where nik_digest is not null and t.ended_on is null and not exists (select from identity_claims c \
            where (c.nik_digest, c.area_id, c.member_id) = (m.nik_digest, m.area_id, m.id))",
        "members where born_on > '2026-10-01' or (nik_status = 'none') <> (nik_sealed is null)",
        // What passed to another family was on no list that was approved.
        "cycles c where entitlement_count <> (select count(*) from entitlements e where e.cycle_id = c.id \
            and not exists (select from passed_entitlements p where p.new_entitlement_id = e.id))",
        "entitlements e join beneficiaries b on (b.area_id, b.id) = (e.area_id, e.beneficiary_id) \
            where b.decile > 4 and e.quantity = 10",
    ] {
        assert_eq!(place.count(wrong).await, 0, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_examples_speak_of_is_there() {
    let place = Place::with_regions("examples").await;
    place.fill(1_000).await.unwrap();
    let (family, head) = (known::register::BENEFICIARY, known::register::MEMBER);
    let (rice, cycle) = (known::aid::PROGRAM, known::aid::CYCLE);
    for asked in [
        format!("beneficiaries where id = '{family}' and verified_at is not null and decile <= 4"),
        format!("memberships where beneficiary_id = '{family}' and member_id = '{head}' and relationship = 'head'"),
        format!("programs where id = '{rice}' and code = 'RICE' and owner_area_id is not null"),
        format!("rule_sets where id = '{}' and program_id = '{rice}' and effective_to is null", known::aid::RULE_SET),
        format!("enrollments where id = '{}' and beneficiary_id = '{family}'", known::aid::ENROLLMENT),
        format!("cycles where id = '{cycle}' and status = 'approved' and program_id = '{rice}'"),
        format!("cycles where id = '{}' and status = 'planned'", known::aid::PLANNED_CYCLE),
        format!("entitlements where id = '{}' and cycle_id = '{cycle}'", known::aid::ENTITLEMENT),
        format!("suspension_orders where id = '{}' and status = 'in_force'", known::aid::ORDER),
        format!(
            "needs where id = '{}' and beneficiary_id = '{family}' and quantity - met_quantity = 1",
            known::pledges::NEED
        ),
        format!("pledges where id = '{}' and status = 'committed'", known::pledges::PLEDGE),
        format!("pledges where id = '{}' and status = 'draft'", known::pledges::DRAFT_PLEDGE),
        format!("pledges where id = '{}' and status = 'submitted'", known::pledges::SUBMITTED_PLEDGE),
        format!(
            "pledge_lines where id = '{}' and pledge_id = '{}'",
            known::pledges::PLEDGE_LINE,
            known::pledges::PLEDGE
        ),
        format!(
            "allocations where id = '{}' and beneficiary_id = '{family}' and status = 'reserved'",
            known::pledges::ALLOCATION
        ),
        format!("allocations where id = '{}' and status = 'reserved'", known::pledges::ALLOCATION_TO_RELEASE),
    ] {
        assert_eq!(place.count(&asked).await, 1, "{asked}");
    }
    let delivered = format!("deliveries where entitlement_id = '{}'", known::aid::ENTITLEMENT);
    assert_eq!(place.count(&delivered).await, 0, "the example's rice waits to be handed over");
    let others = format!("enrollments where beneficiary_id = '{family}' and program_id <> '{rice}'");
    assert_eq!(place.count(&others).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_of_the_pledges_adds_up() {
    let place = Place::with_regions("ledger").await;
    place.fill(1_000).await.unwrap();
    let conn = AsyncPgConnection::establish(&place.url).await.unwrap();
    let area_id = regions::area_of_district(&conn, "64.02.10").await.unwrap().unwrap();
    let scope = Scope { area_ids: vec![area_id], company_id: None };
    assert!(ledger::discrepancies(&conn, &scope).await.unwrap().is_empty());
    assert!(ledger::unreconciled(&conn, &scope).await.unwrap().is_empty());
    for (asked, expected) in [
        (
            "(select unit from ledger_accounts a join ledger_balances b on b.account_id = a.id \
            group by unit having sum(posted) <> 0) wrong",
            0,
        ),
        ("allocations a join ledger_transfers t on t.id = a.transfer_id", place.count("allocations").await),
        (
            "allocation_deliveries d join ledger_transfers t on t.id = d.transfer_id and t.quantity = d.quantity",
            place.count("allocations where status = 'delivered'").await,
        ),
        (
            "allocations a join needs n on n.id = a.need_id where n.met_quantity = a.quantity and (n.status = 'met') = (n.quantity = a.quantity)",
            place.count("allocations").await,
        ),
        ("ledger_balances where posted < 0 and is_floored", 0),
    ] {
        assert_eq!(place.count(asked).await, expected, "{asked}");
    }
    assert!(place.count("allocations where status = 'delivered'").await > 10);
    assert!(place.count("needs where kind = 'hand_tractor' and status = 'open'").await > 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_numbers_open_with_the_keys_and_are_reserved() {
    let place = Place::with_regions("sealed").await;
    place.fill(120).await.unwrap();
    let rows = place.client.query("select area_id, id::text, nik_sealed, nik_digest from members", &[]).await.unwrap();
    let mut opened = 0;
    for row in rows {
        let Some(sealed) = row.get::<_, Option<Vec<u8>>>(2) else { continue };
        let id = sinergi::domain::MemberId(row.get::<_, String>(1).parse::<Uuid>().unwrap());
        let nik = place.keys.vault.open_nik(row.get(0), id, &sealed).unwrap();
        assert!(nik.reveal()[12..].parse::<u32>().unwrap() >= sandbox::RESERVED_SERIAL_FROM + 10);
        assert_eq!(place.keys.vault.nik_digest(&nik), row.get::<_, Vec<u8>>(3));
        opened += 1;
    }
    assert!(opened > 100, "{opened}");
}

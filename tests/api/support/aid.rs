//! What pledges need around them: companies, and verified families with needs.

use diesel::sql_types::{BigInt, Integer, Text, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::{Value, json};
use sinergi::domain::CompanyId;
use uuid::Uuid;

use super::{Client, KEMBANG_JANGGUT, TestApp};

/// A village of the tests' sub-district.
pub(crate) const HAMBAU: &str = "64.02.10.2003";
/// Another one.
pub(crate) const KELEKAT: &str = "64.02.10.2005";

/// A family with one open need; its head has the id of the family.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub(crate) struct NeedyFamily {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) beneficiary_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) need_id: Uuid,
}

/// Families of one village, each with a head and a need; straight into the tables, because a test wants hundreds.
const NEEDY_FAMILIES: &str = "
    with family as (
        insert into beneficiaries (area_id, id, village_code, card_sealed, card_digest, status, head_name,
            member_count, decile, decile_source, decile_period, verified_at, verified_by, source, valid_from,
            created_at, updated_at)
        select $1, gen_random_uuid(), $2, '\\x00', uuid_send(gen_random_uuid()), 'live', 'Kanari Rahasia', 1,
            case when n % 4 = 0 then null else 1 + n % 4 end, case when n % 4 = 0 then null else 'DTSEN' end,
            case when n % 4 = 0 then null else date '2026-10-01' end,
            now(), 'officer', 'form', now(), now(), now()
        from generate_series(1, $3) as n returning area_id, id
    ), person as (
        insert into members (area_id, id, nik_status, name, sex, valid_from, created_at, updated_at)
        select area_id, id, 'none', 'Kanari Rahasia', 'female', now(), now(), now() from family returning id
    ), tie as (
        insert into memberships (area_id, id, beneficiary_id, member_id, relationship, started_on, valid_from)
        select area_id, gen_random_uuid(), id, id, 'head', current_date, now() from family returning id
    )
    insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
    select area_id, gen_random_uuid(), id, $4, $5::numeric, 'open', 'officer', now(), now() from family
    returning beneficiary_id, id as need_id";

impl TestApp {
    /// A company in the tests' sub-district, with a client that acts for it.
    pub(crate) async fn company(&self, name: &str) -> (String, Client) {
        let new = json!({ "name": name, "sector": "palm_oil" });
        let id = self.kecamatan().await.post("/v1/companies", &new).await.expect(201).id();
        let company_id = CompanyId(id.parse().unwrap());
        (id, self.client_of("company", &[KEMBANG_JANGGUT], Some(company_id)).await)
    }

    /// Verified families of a village, each with an open need.
    pub(crate) async fn needy_families(
        &self,
        village: &str,
        count: i64,
        kind: &str,
        quantity: &str,
    ) -> Vec<NeedyFamily> {
        let mut conn = self.database.owner().await;
        diesel::sql_query(NEEDY_FAMILIES)
            .bind::<Integer, _>(KEMBANG_JANGGUT)
            .bind::<Text, _>(village)
            .bind::<BigInt, _>(count)
            .bind::<Text, _>(kind)
            .bind::<Text, _>(quantity)
            .load(&mut conn)
            .await
            .unwrap()
    }

    /// Runs SQL as the owner of the database.
    pub(crate) async fn arrange(&self, sql: &str) {
        self.database.owner().await.batch_execute(sql).await.unwrap();
    }

    /// The audit rows of an operation.
    pub(crate) async fn audited(&self, operation: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Counted {
            #[diesel(sql_type = BigInt)]
            rows: i64,
        }
        let mut conn = self.database.owner().await;
        let counted = diesel::sql_query("select count(*) as rows from audit_records where operation = $1");
        let counted: Counted = counted.bind::<Text, _>(operation).get_result(&mut conn).await.unwrap();
        counted.rows
    }
}

/// Kinds of the events that a client sees, once there are as many as expected.
pub(crate) async fn event_kinds(client: &Client, expected: usize) -> Vec<Value> {
    for _ in 0..1_500 {
        let events = client.get("/v1/events?limit=200").await.expect(200).body["items"].as_array().unwrap().clone();
        if events.len() >= expected {
            return events;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("fewer than {expected} events");
}

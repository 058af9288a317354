//! What the tables must keep, so that an operator can spread them over machines with data in place.

use std::collections::BTreeSet;

use sinergi::db::KEPT_BY_MONTH;
use tokio_postgres::{Client, NoTls, Row};

use super::assert_none;
use super::database::Database;

/// Tables with rows of families: `area_id` leads every key.
const FAMILY: &[&str] = &[
    "beneficiaries",
    "beneficiaries_history",
    "card_changes",
    "members",
    "members_history",
    "attribute_schemas",
    "member_keys",
    "memberships",
    "memberships_history",
    "collectors",
    "collectors_history",
    "relocations",
    "carried_aid",
    "carried_entitlements",
    "carried_handovers",
    "carried_visits",
    "welfare_ranks",
    "rank_imports",
    "rank_import_faults",
    "duplicate_runs",
    "duplicate_clusters",
    "duplicate_pairs",
    "duplicate_decisions",
    "duplicate_mergers",
    "imports",
    "import_duplicates",
    "import_faults",
    "import_leavers",
    "import_parts",
    "import_mappings",
    "enrollments",
    "enrollments_history",
    "quotas",
    "program_places",
    "reserves",
    "replacements",
    "graduation_criteria",
    "graduations",
    "cycles",
    "cycle_months",
    "once_entitlements",
    "passed_entitlements",
    "cycle_omissions",
    "entitlements",
    "duty_records",
    "trainings",
    "training_participants",
    "training_sessions",
    "attendance_records",
    "training_certificates",
    "follow_ups",
    "complaints",
    "complaint_steps",
    "assets",
    "custodies",
    "empowerment_plans",
    "empowerment_milestones",
    "asset_checks",
    "asset_write_offs",
    "deliveries",
    "delivery_returns",
    "delivery_losses",
    "delivery_imports",
    "delivery_import_rows",
    "devices",
    "delivery_batches",
    "delivery_batch_items",
    "delivery_conflicts",
    "stock_sites",
    "stock_lots",
    "stock_places",
    "stock_losses",
    "stock_movements",
    "suspension_orders",
    "holds",
    "deliberations",
    "deliberation_decisions",
    "change_requests",
    "verification_rounds",
    "verification_tasks",
    "visits",
    "needs",
    "allocations",
    "allocation_deliveries",
    "allocation_returns",
    "matching_runs",
    "matching_run_families",
    "audit_records",
];

/// What is unique in the nation: keyed by the fact itself.
const CLAIMS: &[&str] = &["identity_claims", "card_claims", "beneficiary_locators"];

/// Tables of companies, and of the service itself.
const COMPANY: &[&str] = &[
    "pledges",
    "pledge_lines",
    "pledge_line_plans",
    "pledge_decisions",
    "pledge_disclosures",
    "matching_run_lines",
    "receipts",
    "evidence_packs",
    "ledger_accounts",
    "ledger_transfers",
    "ledger_balances",
    "clients",
    "client_assertions",
    "rate_windows",
    "idempotency_keys",
    "outbox",
    "events",
    "webhooks",
    "webhook_deliveries",
    "webhook_progress",
    "exports",
    "audit_blocks",
];

/// Tables both sides may point to.
const REFERENCE: &[&str] = &[
    "areas",
    "regions",
    "region_editions",
    "companies",
    "programs",
    "rule_sets",
    "overlap_rules",
    "overlap_rule_programs",
    "need_kinds",
    "need_kind_contents",
];

/// Tables whose rows are never changed or removed by the service.
const APPEND_ONLY: &[&str] = &[
    "audit_records",
    "audit_blocks",
    "events",
    "beneficiaries_history",
    "members_history",
    "memberships_history",
    "collectors_history",
    "enrollments_history",
    "card_changes",
    "attribute_schemas",
    "rank_import_faults",
    "import_faults",
    "duplicate_clusters",
    "duplicate_decisions",
    "import_leavers",
    "rule_sets",
    "overlap_rule_programs",
    "quotas",
    "replacements",
    "once_entitlements",
    "passed_entitlements",
    "cycle_omissions",
    "carried_aid",
    "carried_handovers",
    "duty_records",
    "training_sessions",
    "attendance_records",
    "follow_ups",
    "complaint_steps",
    "asset_checks",
    "deliveries",
    "delivery_returns",
    "delivery_losses",
    "stock_lots",
    "stock_places",
    "stock_movements",
    "delivery_import_rows",
    "delivery_batches",
    "delivery_batch_items",
    "visits",
    "deliberation_decisions",
    "receipts",
    "pledge_disclosures",
    "pledge_line_plans",
    "evidence_packs",
    "allocation_deliveries",
    "allocation_returns",
    "ledger_accounts",
    "ledger_transfers",
];

/// A migrated database.
pub(crate) struct Catalog {
    client: Client,
    _database: Database,
}

impl Catalog {
    pub(crate) async fn read() -> Self {
        let database = Database::new().await;
        let (client, connection) = tokio_postgres::connect(database.owner_url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        Self { client, _database: database }
    }

    pub(crate) async fn query(&self, sql: &str) -> Vec<Row> {
        self.client.query(sql, &[]).await.unwrap()
    }

    /// The rows of a query with one column of text.
    async fn texts(&self, sql: &str) -> Vec<String> {
        self.query(sql).await.iter().map(|row| row.get(0)).collect()
    }
}

/// What a query finds in a migrated database.
async fn look_up(sql: &str) -> Vec<String> {
    Catalog::read().await.texts(sql).await
}

/// The tables of a side as an SQL list.
fn list(tables: &[&str]) -> String {
    let quoted: Vec<String> = tables.iter().map(|table| format!("'{table}'")).collect();
    quoted.join(", ")
}

const TABLES: &str = "
    select relname::text from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
        and relname <> '__diesel_schema_migrations'";

#[tokio::test(flavor = "multi_thread")]
async fn every_table_stands_on_one_side() {
    let tables: BTreeSet<String> = Catalog::read().await.texts(TABLES).await.into_iter().collect();
    let listed = [FAMILY, CLAIMS, COMPANY, REFERENCE].concat();
    let unlisted: Vec<String> = tables.iter().filter(|table| !listed.contains(&table.as_str())).cloned().collect();
    assert_none("Say in tests/tidy/catalog.rs on which side these tables stand:", &unlisted);
    let gone: Vec<String> = listed.iter().filter(|table| !tables.contains(**table)).map(ToString::to_string).collect();
    assert_none("These tables are listed and not there:", &gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_has_a_key_and_a_comment() {
    let found = look_up(&format!(
        "select relname::text from pg_class where relname in ({TABLES}) and relkind in ('r', 'p') and (
            obj_description(oid, 'pg_class') is null
            or not exists (select from pg_constraint where conrelid = pg_class.oid and contype = 'p'))"
    ))
    .await;
    assert_none("Without a primary key or a comment:", &found);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_area_leads_the_key_of_every_family_table() {
    let family = list(FAMILY);
    let found = look_up(&format!(
        "select c.relname::text from pg_class c
            left join pg_attribute a on a.attrelid = c.oid and a.attname = 'area_id'
            left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
        where c.relnamespace = 'public'::regnamespace and c.relname in ({family})
            and (a.attnum is null or not a.attnotnull or a.atttypid <> 'int4'::regtype
                or a.attnum is distinct from k.conkey[1])"
    ))
    .await;
    assert_none("`area_id int not null` is first in the primary key:", &found);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unique_for_a_family_is_unique_in_its_area() {
    let family = list(FAMILY);
    let found = look_up(&format!(
        "select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
        where c.relname in ({family}) and (i.indisunique or i.indisexclusion) and not exists (
            select from pg_attribute a
            where a.attrelid = c.oid and a.attname = 'area_id' and a.attnum = any (i.indkey::int2 []))"
    ))
    .await;
    assert_none("A unique index of a family table contains `area_id`:", &found);
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_keys_stay_on_their_side() {
    let (family, claims, reference) = (list(FAMILY), list(CLAIMS), list(REFERENCE));
    let found = look_up(&format!(
        "select k.conname::text from pg_constraint k
            join pg_class own on own.oid = k.conrelid join pg_class other on other.oid = k.confrelid
        where k.contype = 'f' and k.conparentid = 0 and other.relname not in ({reference})
            and ((own.relname in ({family})) <> (other.relname in ({family})) or own.relname in ({claims}))"
    ))
    .await;
    assert_none("No foreign key joins family and company tables:", &found);
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_keys_between_families_carry_the_area() {
    let family = list(FAMILY);
    let found = look_up(&format!(
        "select k.conname::text from pg_constraint k
            join pg_class own on own.oid = k.conrelid join pg_class other on other.oid = k.confrelid
            join pg_attribute a on a.attrelid = own.oid and a.attname = 'area_id'
            join pg_attribute b on b.attrelid = other.oid and b.attname = 'area_id'
        where k.contype = 'f' and own.relname in ({family}) and other.relname in ({family})
            and k.conparentid = 0 and (array_position(k.conkey, a.attnum) is null
                or array_position(k.conkey, a.attnum) is distinct from array_position(k.confkey, b.attnum))"
    ))
    .await;
    assert_none("A foreign key between family tables has `area_id` on both sides:", &found);
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_keys_are_named_and_plain() {
    let found = look_up(
        "select conname || ' on ' || conrelid::regclass from pg_constraint
        where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace and (
            condeferrable or confdeltype not in ('a', 'c') or confupdtype not in ('a', 'c')
            or conname !~ '^[a-z_]+_fkey[0-9]*$')",
    )
    .await;
    assert_none("Foreign keys are named, not deferrable, and NO ACTION or CASCADE:", &found);
}

#[tokio::test(flavor = "multi_thread")]
async fn family_tables_have_no_trigger() {
    let family = list(FAMILY);
    let found = look_up(&format!(
        "select tgname || ' on ' || tgrelid::regclass from pg_trigger join pg_class c on c.oid = tgrelid
        where not tgisinternal and c.relname in ({family})"
    ))
    .await;
    assert_none("The action writes what a trigger would:", &found);
}

#[tokio::test(flavor = "multi_thread")]
async fn family_rows_are_seen_in_their_area_only() {
    let family = list(FAMILY);
    let found = look_up(&format!(
        "select c.relname::text from pg_class c where c.relname in ({family})
            and c.relnamespace = 'public'::regnamespace and (not c.relrowsecurity or not exists (
                select from pg_policy p where p.polrelid = c.oid and p.polcmd in ('*', 'r')
                    and pg_get_expr(p.polqual, p.polrelid) like '%area_id = ANY%visible_areas()%'))
            or c.relname in ({family}) and pg_get_userbyid(c.relowner) = 'sinergi_service'"
    ))
    .await;
    assert_none("Row level security compares `area_id` with the areas of the transaction:", &found);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unset_or_empty_scope_sees_nothing() {
    let catalog = Catalog::read().await;
    let closed = "select coalesce(1 = any (visible_areas()), false) as sees";
    assert!(!catalog.query(closed).await[0].get::<_, bool>(0));
    for (setting, expected) in [("", false), ("2", false), ("2,1", true)] {
        catalog.query(&format!("select set_config('sinergi.area_ids', '{setting}', false)")).await;
        assert_eq!(catalog.query(closed).await[0].get::<_, bool>(0), expected, "{setting:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn append_only_tables_cannot_be_changed_by_the_service() {
    let (append_only, tables) = (list(APPEND_ONLY), TABLES);
    let found = look_up(&format!(
        "select relname || ' ' || privilege from pg_class
            cross join unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as privilege
        where relname in ({tables}) and relname in ({append_only}) and (
            has_table_privilege('sinergi_service', oid, privilege)
            or privilege = 'UPDATE' and has_any_column_privilege('sinergi_service', oid, 'UPDATE'))
        union all select relname || ' ' || privilege from pg_class
            cross join unnest(array['TRUNCATE', 'REFERENCES', 'TRIGGER']) as privilege
        where relname in ({tables}) and has_table_privilege('sinergi_service', oid, privilege)"
    ))
    .await;
    assert_none("The service may not do this:", &found);
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_grow_are_kept_by_month() {
    let catalog = Catalog::read().await;
    let kept = catalog.texts(
        "select c.relname::text from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
            join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
            join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
        where p.partstrat = 'r' and p.partnatts = 1 and a.attnum = any (k.conkey)
            and a.atttypid in ('date'::regtype, 'timestamptz'::regtype) and not c.relispartition",
    );
    let kept: BTreeSet<String> = kept.await.into_iter().collect();
    assert_eq!(kept, KEPT_BY_MONTH.iter().map(ToString::to_string).collect());
    let deeper = catalog.texts("select relname::text from pg_class where relispartition and relkind = 'p'").await;
    assert_none("Partitions have no partitions:", &deeper);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_and_goods_are_exact() {
    let found = look_up(
        "select table_name || '.' || column_name from information_schema.columns
        where table_schema = 'public' and table_name <> '__diesel_schema_migrations' and (data_type in ('real', 'double precision', 'money')
            or column_name like '%_rupiah' and data_type <> 'bigint'
            or column_name like '%quantity' and data_type <> 'numeric'
            or data_type in ('timestamp without time zone', 'character varying', 'json'))",
    )
    .await;
    assert_none("Rupiah are bigint, quantities numeric, instants timestamptz:", &found);
}

//! Migrations: their names, and that each can be undone.

use std::fs;

use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio_postgres::NoTls;

use super::assert_none;
use super::database::Database;
use super::source::root;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// What a migration can do: the first word of its name.
const VERBS: &[&str] = &[
    "add", "allow", "backfill", "change", "create", "drop", "index", "keep", "rename", "scope", "seal", "split",
    "tighten", "validate",
];

/// The whole schema as text: columns, constraints, indexes, functions, policies, rights, comments.
const DUMP: &str = "
    select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then ' not null' else '' end || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
        || coalesce(' ' || a.attacl::text, '')
    from pg_attribute a join pg_class c on c.oid = a.attrelid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0
        and not a.attisdropped
    union all select 'table ' || relname || ' ' || relkind::text || ' ' || relrowsecurity::text || ' '
        || coalesce((select string_agg(acl::text, ',' order by acl::text) from unnest(relacl) as acl), '')
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
    union all select 'constraint ' || conname || ' on ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
    union all select 'index ' || pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = 'public'::regnamespace
    union all select 'function ' || pg_get_functiondef(oid) || coalesce(proacl::text, '')
    from pg_proc where pronamespace = 'public'::regnamespace
    union all select 'policy ' || polname || ' on ' || polrelid::regclass || ' ' || polcmd::text || ' '
        || coalesce(pg_get_expr(polqual, polrelid), '') || ' ' || coalesce(pg_get_expr(polwithcheck, polrelid), '')
    from pg_policy
    union all select 'trigger ' || tgname || ' on ' || tgrelid::regclass from pg_trigger where not tgisinternal
    union all select 'comment ' || d.objoid::regclass || ' ' || d.objsubid || ' ' || d.description
    from pg_description d join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
    where c.relnamespace = 'public'::regnamespace
    order by 1";

async fn dump(url: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let rows = client.query(DUMP, &[]).await.unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
    let lines = rows.iter().map(|row| row.get::<_, String>(0));
    lines.filter(|line| !line.contains("__diesel_schema_migrations")).collect()
}

async fn migrate(url: &str, is_up: bool) {
    let conn = AsyncPgConnection::establish(url).await.unwrap();
    let mut harness = AsyncMigrationHarness::new(conn);
    if is_up {
        harness.run_pending_migrations(MIGRATIONS).unwrap();
    } else {
        harness.revert_all_migrations(MIGRATIONS).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn up_down_and_up_again_leave_the_same_schema() {
    let database = Database::empty().await;
    let url = database.owner_url();
    let bare = dump(url).await;
    migrate(url, true).await;
    let first = dump(url).await;
    assert!(first.len() > 300, "the dump sees {} things only", first.len());
    migrate(url, false).await;
    assert_eq!(dump(url).await, bare, "undone, nothing is left");
    migrate(url, true).await;
    let second = dump(url).await;
    let changed: Vec<String> = first.iter().filter(|line| !second.contains(line)).cloned().collect();
    assert_none("These are not made again:", &changed);
    assert_eq!(first.len(), second.len());
}

#[test]
fn migrations_are_named_by_what_they_do_and_can_be_undone() {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("migrations")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        let (at, words) = name.split_once('_').unwrap_or_default();
        let is_dated = at.len() == 17 && at.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let verb = words.split('_').next().unwrap_or_default();
        if !is_dated || !VERBS.contains(&verb) || words.split('_').count() < 2 {
            found.push(format!("{name}: not <timestamp>_<verb>_<object>"));
        }
        for half in ["up.sql", "down.sql"] {
            if fs::read_to_string(path.join(half)).unwrap_or_default().trim().is_empty() {
                found.push(format!("{name}/{half} is missing or empty"));
            }
        }
    }
    assert_none("Migrations:", &found);
}

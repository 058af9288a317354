//! `src/schema.rs` says what the database has.

use std::collections::BTreeMap;
use std::fs;

use super::catalog::Catalog;
use super::source::root;

/// Tables with their keys and columns, as text.
type Tables = BTreeMap<String, (String, Vec<String>)>;

/// Reads the `table!` macros by their form.
fn written() -> Tables {
    let text = fs::read_to_string(root().join("src/schema.rs")).unwrap();
    let mut tables = Tables::new();
    let mut table = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.starts_with('#')) {
        if line.starts_with("diesel::") {
            continue;
        }
        if let Some((column, kind)) = line.split_once(" -> ") {
            let columns = &mut tables.get_mut(&table).unwrap().1;
            columns.push(format!("{column} {}", kind.trim_end_matches(',')));
        } else if let Some((name, key)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            name.clone_into(&mut table);
            tables.insert(name.to_owned(), (key.to_owned(), Vec::new()));
        }
    }
    tables
}

const FOUND: &str = "
    select c.relname::text,
        (select string_agg(a.attname, ', ' order by array_position(k.conkey, a.attnum))
            from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
            where k.conrelid = c.oid and k.contype = 'p'),
        a.attname::text, format_type(a.atttypid, null), a.attnotnull
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attnum > 0 and not a.attisdropped and c.relname <> '__diesel_schema_migrations'
    order by c.relname, a.attnum";

async fn found() -> Tables {
    let catalog = Catalog::read().await;
    let mut tables = Tables::new();
    for row in catalog.query(FOUND).await {
        let (table, key, column): (String, Option<String>, String) = (row.get(0), row.get(1), row.get(2));
        let (kind, is_required): (String, bool) = (row.get(3), row.get(4));
        let kind = diesel_type(&kind);
        let kind = if is_required { kind } else { format!("Nullable<{kind}>") };
        let entry = tables.entry(table).or_insert_with(|| (key.unwrap_or_default(), Vec::new()));
        entry.1.push(format!("{column} {kind}"));
    }
    tables
}

fn diesel_type(postgres: &str) -> String {
    let known = match postgres {
        "integer" => "Int4",
        "bigint" => "Int8",
        "smallint" => "Int2",
        "text" => "Text",
        "bytea" => "Bytea",
        "uuid" => "Uuid",
        "timestamp with time zone" => "Timestamptz",
        "date" => "Date",
        "boolean" => "Bool",
        "numeric" => "Numeric",
        "jsonb" => "Jsonb",
        "double precision" => "Float8",
        other => {
            let of = other.strip_suffix("[]").unwrap_or_else(|| panic!("no diesel type for {other}"));
            return format!("Array<{}>", diesel_type(of));
        }
    };
    known.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_written_schema_is_the_one_of_the_database() {
    let (written, found) = (written(), found().await);
    for (table, (key, columns)) in &found {
        let Some((written_key, written_columns)) = written.get(table) else {
            panic!("src/schema.rs lacks the table {table}")
        };
        assert_eq!(written_key, key, "key of {table}");
        // Arrays are read without nulls in them; the constraint of the column says so.
        let written_columns: Vec<String> = written_columns
            .iter()
            .map(|column| column.replace("Array<Nullable<", "Array<").replace(">>", ">"))
            .collect();
        let columns: Vec<String> = columns.iter().map(|column| column.replace(">>", ">")).collect();
        assert_eq!(written_columns, columns, "columns of {table}");
    }
    let unknown: Vec<&String> = written.keys().filter(|table| !found.contains_key(*table)).collect();
    assert!(unknown.is_empty(), "src/schema.rs names tables that are not there: {unknown:?}");
}

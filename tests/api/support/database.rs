//! A database for each test, copied from one that was migrated once.

use std::sync::OnceLock;

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use sinergi::db::embedded::{DATABASE, Role, Throwaway};
use tokio::sync::OnceCell;

/// Regions of the tests: the real sub-district with its villages, and a neighbour.
const REGIONS: &str = "
    insert into areas (area_id, name) values (1, 'Kembang Janggut'), (2, 'Kenohan');
    insert into region_editions (edition, is_current, loaded_at) values ('test', true, now());
    insert into regions (edition, code, level, name, parent_code, area_id) values
        ('test', '64', 'province', 'Kalimantan Timur', null, null),
        ('test', '64.02', 'regency', 'Kutai Kartanegara', '64', null),
        ('test', '64.02.10', 'district', 'Kembang Janggut', '64.02', 1),
        ('test', '64.02.09', 'district', 'Kenohan', '64.02', 2),
        ('test', '64.02.09.2001', 'village', 'Contoh Kenohan', '64.02.09', 2);
    insert into regions (edition, code, level, name, parent_code, area_id)
        select 'test', '64.02.10.' || (2000 + n), 'village', 'Desa ' || n, '64.02.10', 1
        from generate_series(1, 11) as n;
    select make_month_partition(parent, month::date)
        from unnest(array['audit_records', 'events', 'entitlements', 'deliveries']) as parent,
            generate_series(least(now() - interval '14 months', '2025-09-01'), now() + interval '3 months', '1 month') as month;
";

/// Two tests that start at once agree by this lock on who makes the template.
const TEMPLATE_LOCK: i64 = 7_460_002;

pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) service_url: String,
    owner_url: String,
}

impl Database {
    pub(crate) async fn new() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let server = Server::get();
        let template = TEMPLATE.get_or_init(async || server.template().await).await;
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        let mut conn = AsyncPgConnection::establish(&server.owner(DATABASE)).await.unwrap();
        conn.batch_execute(&format!("create database {name} template {template} strategy file_copy")).await.unwrap();
        Self { service_url: server.service(&name), owner_url: server.owner(&name), name }
    }

    /// The same one once more.
    pub(crate) fn again(&self) -> Self {
        Self { name: self.name.clone(), service_url: self.service_url.clone(), owner_url: self.owner_url.clone() }
    }

    /// One that nothing was migrated into.
    pub(crate) async fn empty() -> Self {
        let server = Server::get();
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        let mut conn = AsyncPgConnection::establish(&server.owner(DATABASE)).await.unwrap();
        conn.batch_execute(&format!("create database {name}")).await.unwrap();
        Self { service_url: server.service(&name), owner_url: server.owner(&name), name }
    }

    /// A connection of the owner, past every scope: for what a test must arrange or look at from outside.
    pub(crate) async fn owner(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.owner_url).await.unwrap()
    }

    /// The owner's connection string.
    pub(crate) fn owner_url(&self) -> &str {
        &self.owner_url
    }
}

/// The server that `make test` started for all tests, or one of this process.
struct Server {
    owner_url: String,
    service_url: String,
}

impl Server {
    fn get() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| {
            let given = |name: &str| std::env::var(name).ok();
            match (given("SINERGI_TEST_OWNER_URL"), given("SINERGI_TEST_SERVICE_URL")) {
                (Some(owner_url), Some(service_url)) => Self { owner_url, service_url },
                _ => Self::own(),
            }
        })
    }

    fn own() -> Self {
        static OWN: OnceLock<Throwaway> = OnceLock::new();
        let start = || {
            let search_path = std::env::var_os("PATH").unwrap_or_default();
            let bin_dir = std::env::var_os("PG_BIN_DIR").map(Into::into);
            Throwaway::start(&std::env::temp_dir(), bin_dir, search_path).unwrap()
        };
        let server = OWN.get_or_init(start).server();
        Self {
            owner_url: server.connection_string(Role::Owner, DATABASE),
            service_url: server.connection_string(Role::Service, DATABASE),
        }
    }

    fn owner(&self, database: &str) -> String {
        with_database(&self.owner_url, database)
    }

    fn service(&self, database: &str) -> String {
        with_database(&self.service_url, database)
    }

    async fn template(&self) -> String {
        let name = "template_migrated".to_owned();
        let mut conn = AsyncPgConnection::establish(&self.owner(DATABASE)).await.unwrap();
        conn.batch_execute(&format!("select pg_advisory_lock({TEMPLATE_LOCK})")).await.unwrap();
        if AsyncPgConnection::establish(&self.owner(&name)).await.is_err() {
            conn.batch_execute("drop database if exists template_draft").await.unwrap();
            conn.batch_execute("create database template_draft").await.unwrap();
            sinergi::db::migrate(&self.owner("template_draft")).await.unwrap();
            let mut draft = AsyncPgConnection::establish(&self.owner("template_draft")).await.unwrap();
            draft.batch_execute(REGIONS).await.unwrap();
            drop(draft);
            conn.batch_execute(&format!("alter database template_draft rename to {name}")).await.unwrap();
        }
        conn.batch_execute(&format!("select pg_advisory_unlock({TEMPLATE_LOCK})")).await.unwrap();
        name
    }
}

fn with_database(url: &str, database: &str) -> String {
    let (address, _) = url.rsplit_once('/').unwrap();
    format!("{address}/{database}")
}

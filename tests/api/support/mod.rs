//! A service on a database of its own, and clients that call it.

mod aid;
mod client;
mod database;
mod receiver;
mod story;

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use chrono::Utc;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use sinergi::app::{self, Services};
use sinergi::audit::{self, Read};
use sinergi::auth::{NewClient, new_secret, register};
use sinergi::db::Db;
use sinergi::domain::{Caller, CompanyId, Scope};
use sinergi::keys::Keys;
use sinergi::schema::{audit_blocks, audit_records, outbox};
use sinergi::webhooks::Reach;

pub(crate) use aid::{HAMBAU, KELEKAT, NeedyFamily, event_kinds};
pub(crate) use client::{Answer, Client, send};
use database::Database;
pub(crate) use receiver::{Receiver, Reply, Taken};
pub(crate) use story::{Cast, handover, line, line_id, tools_and_training};

/// Sub-district 64.02.10 Kembang Janggut, with its 11 villages.
pub(crate) const KEMBANG_JANGGUT: i32 = 1;
/// Another sub-district, 64.02.09 Kenohan, with one village of the tests.
pub(crate) const KENOHAN: i32 = 2;

/// The service on a port and a database of its own, gone when dropped.
pub(crate) struct TestApp {
    pub(crate) url: String,
    pub(crate) database: Database,
    pub(crate) services: Services,
    pub(crate) keys_folder: PathBuf,
    server: actix_web::dev::ServerHandle,
}

impl TestApp {
    /// A migrated service with regions and no other row.
    pub(crate) async fn new() -> Self {
        Self::with_rate(1_000_000).await
    }

    /// The same with another number of requests a minute.
    pub(crate) async fn with_rate(requests_per_minute: i32) -> Self {
        let database = Database::new().await;
        let keys_folder = std::env::temp_dir().join(format!("sinergi-keys-{}", database.name));
        Self::start(database, keys_folder, None, requests_per_minute, Reach::new(Vec::new())).await
    }

    /// The same with another reach of webhooks.
    pub(crate) async fn with_reach(reach: Reach) -> Self {
        let database = Database::new().await;
        let keys_folder = std::env::temp_dir().join(format!("sinergi-keys-{}", database.name));
        Self::start(database, keys_folder, None, 1_000_000, reach).await
    }

    /// The same with the keys of a folder, which is removed at the end.
    pub(crate) async fn with_keys(keys_folder: PathBuf) -> Self {
        Self::start(Database::new().await, keys_folder, None, 1_000_000, Reach::new(Vec::new())).await
    }

    /// Another process of the same service: same database, same keys, same public address, other port.
    pub(crate) async fn beside(&self, requests_per_minute: i32) -> Self {
        let database = self.database.again();
        let (public_url, reach) = (&self.services.site.public_url, (*self.services.reach).clone());
        Self::start(database, self.keys_folder.clone(), Some(public_url), requests_per_minute, reach).await
    }

    async fn start(
        database: Database,
        keys_folder: PathBuf,
        public_url: Option<&str>,
        requests_per_minute: i32,
        reach: Reach,
    ) -> Self {
        // What the service says of a failure stands beside the test that met it.
        env_logger::builder().is_test(true).try_init().ok();
        let keys = Keys::load_or_make(&keys_folder).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let db = Db::new(&database.service_url, 8).unwrap();
        let services = Services::start(db, keys, public_url.unwrap_or(&url), requests_per_minute, reach).await.unwrap();
        let server = spawn(services.clone(), listener);
        Self { url, database, services, keys_folder, server }
    }

    /// A client of a role in one area.
    pub(crate) async fn client(&self, role: &str, area_id: i32) -> Client {
        self.client_of(role, &[area_id], None).await
    }

    /// A client of a role, with its areas and its company.
    pub(crate) async fn client_of(&self, role: &str, area_ids: &[i32], company_id: Option<CompanyId>) -> Client {
        let (secret, secret_digest) = new_secret().unwrap();
        let id = format!("{}-{}", role.replace('_', "-"), uuid::Uuid::now_v7().simple());
        let client = NewClient {
            id: id.clone(),
            title: format!("Test {role}"),
            role: role.to_owned(),
            secret_digest,
            area_ids: area_ids.to_vec(),
            company_id,
            created_at: Utc::now(),
        };
        register(&self.database.owner().await, &client).await.unwrap();
        self.services.states.refresh(&self.services.db.unscoped().await.unwrap()).await.unwrap();
        Client::sign_in(&self.url, &id, &secret).await
    }

    /// A client without a token.
    pub(crate) fn stranger(&self) -> Client {
        Client::stranger(&self.url)
    }

    /// Waits until the relay has given each event its place in the feed.
    pub(crate) async fn relayed(&self) {
        let mut owner = self.database.owner().await;
        while outbox::table.count().get_result::<i64>(&mut owner).await.unwrap() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until each read that was answered is recorded: they are written in their order, and one of the test, which
    /// is of no sub-district, comes last.
    pub(crate) async fn reads_recorded(&self) {
        let scope = Scope { area_ids: Vec::new(), company_id: None };
        let (id, request_id) = ("test".to_owned(), uuid::Uuid::now_v7());
        let caller = Caller { client_id: id.clone(), role: id, scope, request_id };
        self.services.reads.record(Read::new(&caller, "wait_for_reads", "audit_records", None)).await;
        let mut owner = self.database.owner().await;
        let last = || audit_records::table.filter(audit_records::request_id.eq(request_id.to_string())).count();
        while last().get_result::<i64>(&mut owner).await.unwrap() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Kinds of the events that a client has been told, oldest first; waits for the relay.
    pub(crate) async fn told(&self, client: &Client) -> Vec<String> {
        self.relayed().await;
        let feed = client.get("/v1/events?limit=200").await.expect(200);
        let events = feed.body["items"].as_array().unwrap().iter();
        events.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Operations of the audit rows about writes, oldest first.
    pub(crate) async fn recorded(&self) -> Vec<String> {
        let mut owner = self.database.owner().await;
        let writes = audit_records::table.filter(audit_records::after_digest.is_not_null());
        writes
            .order((audit_records::at, audit_records::id))
            .select(audit_records::operation)
            .load(&mut owner)
            .await
            .unwrap()
    }

    /// Waits until every audit row that is there now is sealed. A transaction of another test, in another database of
    /// the same server, may hold it up for a while: the numbers of transactions are those of the whole server.
    pub(crate) async fn sealed(&self) {
        let mut owner = self.database.owner().await;
        let newest: Option<i64> = audit_records::table
            .select(diesel::dsl::max(audit_records::transaction_number))
            .first(&mut owner)
            .await
            .unwrap();
        for _ in 0..600 {
            while audit::seal(&self.services.db, &self.services.keys.signing).await.unwrap() > 0 {}
            let last = audit_blocks::table.select(diesel::dsl::max(audit_blocks::last_transaction_number));
            if last.first::<Option<i64>>(&mut owner).await.unwrap() >= newest {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("audit rows are not sealed");
    }

    pub(crate) async fn kecamatan(&self) -> Client {
        self.client("kecamatan_officer", KEMBANG_JANGGUT).await
    }

    pub(crate) async fn second_officer(&self) -> Client {
        self.client("second_officer", KEMBANG_JANGGUT).await
    }

    pub(crate) async fn puskesos(&self) -> Client {
        self.client("puskesos", KEMBANG_JANGGUT).await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The server's own thread ends with it; nobody waits.
        drop(self.server.stop(false));
        std::fs::remove_dir_all(&self.keys_folder).ok();
    }
}

/// Serves on a thread of its own, as actix wants it.
fn spawn(services: Services, listener: TcpListener) -> actix_web::dev::ServerHandle {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = app::serve(services, listener, 1, Duration::from_secs(1)).unwrap();
            sender.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    receiver.recv().unwrap()
}

/// The column `found` of a query of the owner, past every scope.
pub(crate) async fn texts(app: &TestApp, query: &str) -> Vec<String> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        found: String,
    }
    let rows = diesel::sql_query(query).get_results::<Row>(&mut app.database.owner().await).await.unwrap();
    rows.into_iter().map(|row| row.found).collect()
}

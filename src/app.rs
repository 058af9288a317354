//! Wiring: what the routes need, the one list of features, the document, the server.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::header::ContentType;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, get};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

use crate::audit::{self, ReadLog};
use crate::auth::{self, ClientStates, Rates, Tokens};
use crate::db::{self, Db};
use crate::error::{Code, Result};
use crate::http::{self, Metrics, Operations, Routes, Site};
use crate::keys::Keys;
use crate::webhooks::Reach;
use crate::{
    aid, assets, beneficiaries, change_requests, companies, complaints, deliberations, duplicates, empowerment_plans,
    enrollments, events, exports, follow_ups, graduations, housekeeping, ledger, needs, openapi, pledges, programs,
    regions, stock, trainings, verification_rounds, webhooks,
};

/// How long a stop waits for the records of the last reads.
const LAST_READS: Duration = Duration::from_secs(5);

/// What every route may ask for.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub db: Db,
    /// The service's keys.
    pub keys: Arc<Keys>,
    /// Access tokens.
    pub tokens: Arc<Tokens>,
    /// Which clients may call.
    pub states: Arc<ClientStates>,
    /// Rate limits.
    pub rates: Arc<Rates>,
    /// Families as they were shown.
    shown: beneficiaries::Shown,
    /// Records of reads.
    pub reads: ReadLog,
    /// Counts for those who watch the service.
    pub metrics: Arc<Metrics>,
    /// The service as others see it.
    pub site: Site,
    /// Where webhooks may be sent.
    pub reach: Arc<Reach>,
    /// Writes the records of reads until the last sender is gone.
    read_writer: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Services {
    /// Wires the services and starts what runs beside the requests: read log, client states, event relay,
    /// sealer of audit rows, webhooks.
    ///
    /// # Errors
    /// `Unavailable` where the database cannot be reached.
    pub async fn start(
        db: Db,
        keys: impl Into<Arc<Keys>>,
        public_url: &str,
        requests_per_minute: i32,
        reach: Reach,
    ) -> Result<Self> {
        let keys = keys.into();
        let states = Arc::new(ClientStates::default());
        states.refresh(&*db.unscoped().await?).await?;
        housekeeping::tidy_up(&db, db::now()).await?;
        let (reads, writer) = ReadLog::start(db.clone());
        tokio::spawn(auth::watch(Arc::clone(&states), db.clone()));
        tokio::spawn(events::relay(db.clone()));
        tokio::spawn(audit::keep_sealing(db.clone(), Arc::clone(&keys)));
        tokio::spawn(Arc::clone(&keys).watch());
        let sender = webhooks::Sender {
            db: db.clone(),
            keys: Arc::clone(&keys),
            reach: reach.clone(),
            public_url: public_url.to_owned(),
        };
        tokio::spawn(webhooks::send(sender));
        tokio::spawn(beneficiaries::watch_imports(db.clone(), Arc::clone(&keys)));
        tokio::spawn(beneficiaries::watch_rank_imports(db.clone()));
        tokio::spawn(programs::deliveries::watch_imports(db.clone()));
        tokio::spawn(beneficiaries::watch_warnings(db.clone(), Arc::clone(&keys)));
        tokio::spawn(beneficiaries::watch_member_keys(db.clone(), Arc::clone(&keys)));
        tokio::spawn(duplicates::watch(db.clone(), Arc::clone(&keys)));
        tokio::spawn(housekeeping::keep(db.clone()));
        tokio::spawn(housekeeping::watch_ledger(db.clone()));
        Ok(Self {
            tokens: Arc::new(Tokens::new(Arc::clone(&keys), public_url)),
            rates: Arc::new(Rates::new(requests_per_minute)),
            metrics: Arc::new(Metrics::new()),
            reach: Arc::new(reach),
            site: Site::new(public_url),
            shown: beneficiaries::Shown::default(),
            db,
            keys,
            states,
            reads,
            read_writer: Arc::new(Mutex::new(Some(writer))),
        })
    }

    /// Waits until every read is recorded; the server has stopped and let go of its clones.
    pub async fn finish(self) {
        let writer = self.read_writer.lock().await.take();
        drop(self);
        if let Some(writer) = writer
            && timeout(LAST_READS, writer).await.is_err()
        {
            log::error!("some reads of the last seconds may not be recorded");
        }
    }

    fn share(&self, config: &mut web::ServiceConfig) {
        config
            .app_data(Data::new(self.db.for_worker()))
            .app_data(Data::from(Arc::clone(&self.keys)))
            .app_data(Data::from(Arc::clone(&self.tokens)))
            .app_data(Data::from(Arc::clone(&self.states)))
            .app_data(Data::from(Arc::clone(&self.rates)))
            .app_data(Data::from(Arc::clone(&self.metrics)))
            .app_data(Data::from(Arc::clone(&self.reach)))
            .app_data(Data::new(self.reads.clone()))
            .app_data(Data::new(beneficiaries::Finder::default()))
            .app_data(Data::new(self.shown.clone()))
            .app_data(Data::new(self.site.clone()));
    }
}

/// First segments of the paths of the register.
const REGISTER: &[&str] = &[
    "beneficiaries",
    "members",
    "relocations",
    "collectors",
    "imports",
    "import-mappings",
    "rank-imports",
    "welfare-ranks",
    "attribute-schemas",
    "warnings",
    "warning-counts",
    "change-requests",
    "duplicates",
    "needs",
    "need-kinds",
];

/// First segments of the paths of programs and of what they hand over.
const PROGRAMS: &[&str] = &[
    "programs",
    "rule-sets",
    "facts",
    "overlap-rules",
    "quotas",
    "suspension-orders",
    "cycles",
    "entitlements",
    "duty-records",
    "enrollments",
    "reserves",
    "replacements",
    "replacement-counts",
    "deliveries",
    "delivery-batches",
    "delivery-conflicts",
    "delivery-imports",
    "delivery-losses",
    "delivery-returns",
    "devices",
];

/// First segments of the paths of pledges.
const PLEDGES: &[&str] = &[
    "pledges",
    "allocations",
    "allocation-deliveries",
    "allocation-returns",
    "receipts",
    "pledge-decisions",
    "pledge-disclosures",
    "matching-runs",
    "evidence-packs",
    "annual-evidence-packs",
    "realisations",
    "realisation-totals",
];

/// First segments of the paths of goods in stock, of equipment, of trainings and of packages of these.
const MEANS: &[&str] = &[
    "stock-sites",
    "stock-lots",
    "stock-movements",
    "stock-losses",
    "stock-balances",
    "assets",
    "asset-checks",
    "asset-counts",
    "asset-write-offs",
    "custodies",
    "due-asset-checks",
    "empowerment-plans",
    "empowerment-plan-counts",
    "empowerment-milestones",
    "due-empowerment-milestones",
    "trainings",
    "training-certificates",
    "training-participants",
    "training-sessions",
];

/// The one list of features. What is asked most stands first: patterns are compared in this order.
fn features(config: &mut Routes<'_, '_>) {
    config
        .under(REGISTER, |part| {
            part.configure(beneficiaries::routes)
                .configure(needs::routes)
                .configure(change_requests::routes)
                .configure(duplicates::routes);
        })
        .under(PROGRAMS, |part| {
            part.configure(enrollments::routes).configure(programs::routes);
        })
        .under(PLEDGES, |part| {
            part.configure(pledges::routes);
        })
        .under(MEANS, |part| {
            part.configure(stock::routes)
                .configure(assets::routes)
                .configure(trainings::routes)
                .configure(empowerment_plans::routes);
        })
        .configure(regions::routes)
        .configure(graduations::routes)
        .configure(verification_rounds::routes)
        .configure(deliberations::routes)
        .configure(audit::routes)
        .configure(companies::routes)
        .configure(exports::routes)
        .configure(aid::routes)
        .configure(follow_ups::routes)
        .configure(complaints::routes)
        .configure(ledger::routes)
        .configure(events::routes)
        .configure(webhooks::routes);
}

/// The document of the API, as it is served and committed.
#[must_use]
pub fn document() -> Value {
    let app = App::new().into_utoipa_app().openapi(Frame::openapi());
    let (_, document) = app.configure(|config| features(&mut Routes::of_document(config))).split_for_parts();
    openapi::polish(serde_json::to_value(document).unwrap_or_default())
}

/// The document as it is committed: the checks hold it to what the code says.
///
/// Making it anew would take a third of a second of each start, and the memory of all the code that tells it.
const WRITTEN: &[u8] = include_bytes!("../openapi/openapi.json");
/// What the service itself reads of it; the build takes it out.
const OUTLINE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/outline.json"));

/// What the document says outside its operations.
#[derive(OpenApi)]
#[openapi(info(title = "Sinergi", version = "1.0.0"), components(schemas(http::Problem)))]
struct Frame;

/// Serves on a bound listener until the handle stops the server; running requests get `patience` then.
///
/// Signals are the caller's: it knows what else must stop.
///
/// # Errors
/// Where the listener cannot be used.
pub fn serve(services: Services, listener: TcpListener, workers: usize, patience: Duration) -> std::io::Result<Server> {
    let operations = Arc::new(Operations::of(OUTLINE)?);
    let server = HttpServer::new(move || {
        App::new()
            .wrap(from_fn(auth::gate))
            .wrap(from_fn(http::envelope))
            .configure(|config| features(&mut Routes::of_server(config)))
            .configure(|config| services.share(config))
            .app_data(Data::from(Arc::clone(&operations)))
            .configure(auth::routes)
            .configure(openapi::page)
            .service((livez, readyz, metrics, openapi_json, problem_page))
            .default_service(web::to(nothing_here))
    });
    Ok(server
        .workers(workers)
        .client_request_timeout(Duration::from_secs(10))
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(patience.as_secs())
        .disable_signals()
        .listen(listener)?
        .run())
}

/// Answers as long as the process runs.
#[get("/livez")]
async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// Answers whether requests can be served.
#[get("/readyz")]
async fn readyz(db: Data<Db>) -> Result<HttpResponse> {
    db.ping().await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "status": "ok" })))
}

/// Counts for Prometheus.
#[get("/metrics")]
async fn metrics(metrics: Data<Metrics>) -> Result<HttpResponse> {
    let text = metrics.text()?;
    Ok(HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text))
}

/// The document.
#[get("/openapi.json")]
async fn openapi_json() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(WRITTEN)
}

/// The page about a problem code.
#[get("/problems/{code}")]
async fn problem_page(code: web::Path<String>) -> Result<HttpResponse> {
    let page = http::problem_page(&code).ok_or(Code::NotFound)?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page))
}

/// Paths that are not operations of the document, with the one method of each.
const PLAIN: &[(&str, &str)] = &[
    ("/livez", "GET"),
    ("/readyz", "GET"),
    ("/metrics", "GET"),
    ("/openapi.json", "GET"),
    ("/problems/{code}", "GET"),
    ("/.well-known/{document}", "GET"),
    ("/oauth2/token", "POST"),
];

/// Known path, unknown method: 405 with `Allow`. Else 404.
async fn nothing_here(request: HttpRequest, operations: Data<Operations>) -> Result<HttpResponse> {
    let mut methods = operations.methods_of(request.path()).to_vec();
    let plain = PLAIN.iter().filter(|(form, _)| http::has_form(form, request.path()));
    methods.extend(plain.map(|(_, method)| (*method).to_owned()));
    if methods.is_empty() {
        return Err(Code::NotFound.into());
    }
    let mut response = HttpResponse::from_error(crate::error::Error::from(Code::MethodNotAllowed));
    if let Ok(allow) = methods.join(", ").parse() {
        response.headers_mut().insert(actix_web::http::header::ALLOW, allow);
    }
    Ok(response)
}

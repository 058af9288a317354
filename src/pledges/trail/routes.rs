//! Route of trails.

use actix_web::get;
use actix_web::web::{Data, Json};
use uuid::Uuid;

use super::model::{Trail, TrailFilter, TrailLine, families_told};
use super::queries;
use crate::auth::{Allowed, ReadPledges};
use crate::db::{Conn, Db};
use crate::domain::{PledgeId, Scope};
use crate::error::{Error, Result};
use crate::http::{AsOf, CursorKey, Id, Page, Query, Routes};
use crate::keys::Keys;
use crate::ledger::{self, MovementPlace};
use crate::pledges::model::{PledgeLine, PledgeRow};
use crate::pledges::{installments, progress, queries as pledges};

/// Follow a pledge
///
/// How far it is, what was promised, committed, received, allocated and delivered of each line, how many families it
/// reached (from one to four: not said; to a company in steps of five), and every movement in the order of time. A
/// movement tells how much was handed over and when, never to whom, in which village or whether for the first time. With
/// `as_of`, lines and movements as they stood then: lines that came later are not among them, and none before the pledge
/// was accepted; how far it is, is told of now.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge"), TrailFilter),
    security(("oauth2" = ["pledges:read"])), responses((status = 200, body = Trail)),
)]
#[get("/v1/pledges/{id}/trail")]
async fn get_pledge_trail(
    caller: Allowed<ReadPledges>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<PledgeId>,
    filter: Query<TrailFilter>,
) -> Result<Json<Trail>> {
    let (filter, scope) = (filter.0, &caller.scope);
    let operation = format!("get_pledge_trail {}", id.0);
    let cursors = CursorKey::new(&keys.cursors, &operation, &caller.client_id, &filter.as_of)?;
    let after: Option<MovementPlace> = cursors.read(filter.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let pledge = pledges::find(&conn, scope, id.0).await?;
    let own = pledges::lines(&conn, &[id.0]).await?;
    let progress = progress::of(&conn, &[(&pledge, &own)]).await?;
    let progress = *progress.get(&id.0).ok_or_else(|| Error::internal("a pledge without its progress"))?;
    let lines = told_lines(&conn, scope, (&pledge, own), filter.as_of).await?;
    let of = (pledge.area_id, id.0);
    let movements = ledger::movements(&conn, of, filter.as_of, (filter.limit, after)).await?;
    let page = Page::new(movements, filter.limit, &cursors, |movement| (movement.at, movement.id))?;
    Ok(Json(Trail { pledge_id: id.0, status: pledge.status, progress, lines, movements: page.items, next: page.next }))
}

/// What became of each line, or had become of it at an instant.
async fn told_lines(
    conn: &Conn,
    scope: &Scope,
    (pledge, lines): (&PledgeRow, Vec<PledgeLine>),
    as_of: Option<AsOf>,
) -> Result<Vec<TrailLine>> {
    let owners: Vec<Uuid> = lines.iter().map(|line| line.id.0).collect();
    let (lines, mut balances, families) = match as_of {
        None => {
            let balances = ledger::balances(conn, &owners).await?;
            (lines, balances, queries::families_reached(conn, scope, pledge).await?)
        }
        Some(AsOf(at)) => {
            let balances = ledger::balances_at(conn, (pledge.area_id, pledge.id), at).await?;
            let lines = installments::as_promised(conn, pledge, lines, at).await?;
            (lines, balances, queries::families_reached_by(conn, scope, pledge, at).await?)
        }
    };
    let told = |line: PledgeLine| {
        let reached = families.get(&line.id).copied().unwrap_or_default();
        let own = balances.remove(&line.id.0).unwrap_or_default();
        let reached = families_told(reached, scope.company_id.is_some()).filter(|_| scope.has_area(pledge.area_id));
        TrailLine::of(line, &own, reached)
    };
    Ok(lines.into_iter().map(told).collect())
}

/// Registers the route.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config.service(get_pledge_trail);
}

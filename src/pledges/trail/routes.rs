//! Route of trails.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::{Data, Json};
use uuid::Uuid;

use super::model::{Balances, Trail, TrailFilter, TrailLine, families_told};
use super::queries;
use crate::auth::{Allowed, ReadPledges};
use crate::db::Db;
use crate::domain::PledgeId;
use crate::error::{Error, Result};
use crate::http::{CursorKey, Id, Page, Query, Routes};
use crate::keys::Keys;
use crate::ledger::{self, MovementPlace};
use crate::pledges::{progress, queries as pledges};

/// Follow a pledge
///
/// How far it is, what was promised, committed, received, allocated and delivered of each line, how many families it
/// reached (from one to four: not said; to a company in steps of five), and every movement in the order of time. A
/// movement tells how much was handed over and when, never to whom, in which village or whether for the first time.
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
    let cursors = CursorKey::new(&keys.cursors, &operation, &caller.client_id, &())?;
    let after: Option<MovementPlace> = cursors.read(filter.cursor.as_ref())?;
    let conn = db.read(scope).await?;
    let pledge = pledges::find(&conn, scope, id.0).await?;
    let lines = pledges::lines(&conn, &[id.0]).await?;
    let owners: Vec<Uuid> = lines.iter().map(|line| line.id.0).collect();
    let mut balances: HashMap<Uuid, Balances> = HashMap::new();
    for (owner_id, kind, quantity) in ledger::balances(&conn, &owners).await? {
        balances.entry(owner_id).or_default().insert(kind, quantity);
    }
    let progress = progress::of(&conn, &[(&pledge, &lines)]).await?;
    let progress = *progress.get(&id.0).ok_or_else(|| Error::internal("a pledge without its progress"))?;
    let families = queries::families_reached(&conn, scope, &pledge).await?;
    let movements = ledger::movements(&conn, pledge.area_id, id.0, (filter.limit, after)).await?;
    let page = Page::new(movements, filter.limit, &cursors, |movement| (movement.at, movement.id))?;
    let told = |line: crate::pledges::model::PledgeLine| {
        let reached = families.get(&line.id).copied().unwrap_or_default();
        let own = balances.remove(&line.id.0).unwrap_or_default();
        let reached = families_told(reached, scope.company_id.is_some()).filter(|_| scope.has_area(pledge.area_id));
        TrailLine::of(line, &own, reached)
    };
    let lines = lines.into_iter().map(told).collect();
    Ok(Json(Trail { pledge_id: id.0, status: pledge.status, progress, lines, movements: page.items, next: page.next }))
}

/// Registers the route.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config.service(get_pledge_trail);
}

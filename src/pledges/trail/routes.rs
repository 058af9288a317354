//! Route of trails.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::{Data, Json};
use uuid::Uuid;

use super::model::{Balances, Trail, TrailFilter, TrailLine};
use super::queries;
use crate::auth::{Allowed, ReadPledges};
use crate::db::{Conn, Db};
use crate::domain::{PledgeId, Scope};
use crate::error::Result;
use crate::http::{AsOf, CursorKey, Id, Page, Query, Routes};
use crate::keys::Keys;
use crate::ledger::{self, MovementPlace};
use crate::pledges::model::{PledgeLine, PledgeRow};
use crate::pledges::{installments, queries as pledges};

/// Follow a pledge
///
/// What was promised, committed, received, allocated and delivered of each line, how many families it reached
/// (from one to four: not said), and every movement in the order of time. No family is named or can be told apart. With
/// `as_of`, all of it as it stood then: lines that came later are not in it, and none before the pledge was accepted.
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
    let lines = told_lines(&conn, scope, &pledge, filter.as_of).await?;
    let of = (pledge.area_id, id.0);
    let movements = ledger::movements(&conn, of, filter.as_of, (filter.limit, after)).await?;
    let page = Page::new(movements, filter.limit, &cursors, |movement| (movement.at, movement.id))?;
    Ok(Json(Trail { pledge_id: id.0, status: pledge.status, lines, movements: page.items, next: page.next }))
}

/// What became of each line, or had become of it at an instant.
async fn told_lines(conn: &Conn, scope: &Scope, pledge: &PledgeRow, as_of: Option<AsOf>) -> Result<Vec<TrailLine>> {
    let lines = pledges::lines(conn, &[pledge.id]).await?;
    let owners: Vec<Uuid> = lines.iter().map(|line| line.id.0).collect();
    let (lines, standing, families) = match as_of {
        None => {
            let standing = ledger::balances(conn, &owners).await?;
            (lines, standing, queries::families_reached(conn, scope, pledge).await?)
        }
        Some(AsOf(at)) => {
            let standing = ledger::balances_at(conn, (pledge.area_id, pledge.id), at).await?;
            let lines = installments::as_promised(conn, pledge, lines, at).await?;
            (lines, standing, queries::families_reached_by(conn, scope, pledge, at).await?)
        }
    };
    let mut balances: HashMap<Uuid, Balances> = HashMap::new();
    for (owner_id, kind, quantity) in standing {
        balances.entry(owner_id).or_default().insert(kind, quantity);
    }
    let told = |line: PledgeLine| {
        let reached = families.get(&line.id).copied().unwrap_or_default();
        let own = balances.remove(&line.id.0).unwrap_or_default();
        TrailLine::of(line, &own, scope.has_area(pledge.area_id).then_some(reached))
    };
    Ok(lines.into_iter().map(told).collect())
}

/// Registers the route.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config.service(get_pledge_trail);
}

//! Recording a rank, inside a transaction, with audit row and event.

use serde_json::json;

use super::model::WelfareRank;
use super::queries;
use crate::audit;
use crate::beneficiaries::actions::{hold, revise};
use crate::beneficiaries::history::Why;
use crate::beneficiaries::model::{BeneficiaryRow, NewRank};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, is_far_ahead};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};

/// A rank, and whether it is new.
pub(super) struct Recorded {
    pub(super) rank: WelfareRank,
    pub(super) is_new: bool,
}

/// Adds a rank to the series of a family; the same one again changes nothing.
///
/// # Errors
/// `not_found`, `beneficiary_not_live`, `invalid_fields`, `rank_differs`.
pub(super) async fn record(conn: &Conn, caller: &Caller, id: BeneficiaryId, new: &NewRank) -> Result<Recorded> {
    if !(1..=10).contains(&new.decile) {
        return Err(Error::invalid_field("/decile", Code::DecileOutOfRange));
    }
    if is_far_ahead(new.period.first_day(), db::today()) {
        return Err(Error::invalid_field("/period", Code::DateTooFarAhead));
    }
    let family = hold(conn, caller, id, None).await?;
    let Some(rank) = queries::insert(conn, &family, new, db::now()).await? else {
        let rank = queries::find(conn, &family, new).await?;
        let rank = rank.filter(|rank| rank.decile == new.decile).ok_or(Code::RankDiffers)?;
        return Ok(Recorded { rank, is_new: false });
    };
    if family.decile_period.is_none_or(|period| new.period >= period) {
        let after = BeneficiaryRow {
            decile: Some(new.decile),
            decile_source: Some(new.source.to_string()),
            decile_period: Some(new.period),
            ..family.clone()
        };
        if after != family {
            revise(conn, caller, &family, after, Why::of("record_rank")).await?;
        }
    }
    let write = audit::Write::of("record_rank", "welfare_ranks", id.0, family.area_id);
    audit::record(conn, caller, write, None, Some(&rank)).await?;
    let event = NewEvent {
        kind: "rank.recorded",
        subject: "beneficiaries",
        subject_id: id.0,
        area_id: family.area_id,
        company_id: None,
        data: json!({ "source": rank.source, "period": rank.period }),
    };
    events::emit(conn, event).await?;
    Ok(Recorded { rank, is_new: true })
}

//! Keeping the cap where an officer chooses a family.

use super::model::Round;
use super::queries;
use crate::db::Conn;
use crate::domain::{BeneficiaryId, Quantity, Text};
use crate::error::{Code, Error, Result};

/// Refuses to reserve more for a family than the round allows. Who reserves for the same family waits.
///
/// # Errors
/// `family_cap_reached`.
pub(in crate::pledges) async fn check(
    conn: &Conn,
    (area_id, round): (i32, &Round),
    id: BeneficiaryId,
    (kind, quantity): (&Text<40>, &Quantity),
) -> Result<()> {
    queries::hold_family(conn, id).await?;
    let standing = queries::standing(conn, (area_id, round), id, (kind, quantity)).await?;
    if i64::from(standing.aided) + i64::from(standing.asked) <= i64::from(round.cap) {
        return Ok(());
    }
    let sentence = format!(
        "{} of {} portions since {}, {} more asked",
        standing.aided, round.cap, round.started_on, standing.asked
    );
    Err(Error::from(Code::FamilyCapReached).about(sentence))
}

//! What is unique in the nation: a NIK is held by one live member, a card number by one live family.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::beneficiaries::model::{BeneficiaryRow, SealedNik};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, MemberId, Scope};
use crate::error::{Code, Error, Result};
use crate::schema::{card_claims, identity_claims};

/// Claims a card number for a family; one that leads to it already may become its own again.
///
/// # Errors
/// `card_already_registered`, which names the family that holds it where the scope sees that one.
pub(in crate::beneficiaries) async fn take_card(mut conn: &Conn, scope: &Scope, row: &BeneficiaryRow) -> Result<()> {
    let claimed = diesel::insert_into(card_claims::table)
        .values((
            card_claims::card_digest.eq(&row.card_digest),
            card_claims::area_id.eq(row.area_id),
            card_claims::beneficiary_id.eq(row.id),
        ))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    if claimed == 1 {
        return Ok(());
    }
    let refusal = Error::from(Code::CardAlreadyRegistered);
    match holder_of_card(conn, scope, &row.card_digest).await? {
        Some(holder) if holder == row.id => Ok(()),
        Some(holder) => Err(refusal.related("beneficiaries", holder.0)),
        None => Err(refusal),
    }
}

/// Lets go of a card number that was never one of a family's own.
pub(in crate::beneficiaries) async fn release_card(
    mut conn: &Conn,
    digest: &[u8],
    holder: BeneficiaryId,
) -> Result<()> {
    diesel::delete(card_claims::table.find(digest))
        .filter(card_claims::beneficiary_id.eq(holder))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Lets go of the card number of a family, of its earlier ones, and of those of families that it took in.
pub(in crate::beneficiaries) async fn release_cards(mut conn: &Conn, id: BeneficiaryId) -> Result<()> {
    diesel::delete(card_claims::table.filter(card_claims::beneficiary_id.eq(id))).execute(&mut conn).await?;
    Ok(())
}

/// Claims NIKs and answers the digests that were free.
///
/// In the order of the digests, so that two families that share two NIKs cannot wait for each other.
pub(in crate::beneficiaries) async fn take_niks(
    mut conn: &Conn,
    area_id: i32,
    mut wanted: Vec<&SealedNik>,
) -> Result<Vec<Vec<u8>>> {
    wanted.sort_by(|one, other| one.digest.cmp(&other.digest));
    let rows: Vec<_> = wanted
        .iter()
        .map(|nik| {
            (
                identity_claims::nik_digest.eq(&nik.digest),
                identity_claims::area_id.eq(area_id),
                identity_claims::member_id.eq(nik.member_id),
            )
        })
        .collect();
    let claim = diesel::insert_into(identity_claims::table)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(identity_claims::nik_digest);
    Ok(db::kept(claim).get_results(&mut conn).await?)
}

/// Lets go of the NIK of a member.
pub(in crate::beneficiaries) async fn release_nik(mut conn: &Conn, digest: &[u8], holder: MemberId) -> Result<()> {
    diesel::delete(identity_claims::table.find(digest))
        .filter(identity_claims::member_id.eq(holder))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// The member of the scope that holds a NIK.
pub(in crate::beneficiaries) async fn holder_of_nik(
    mut conn: &Conn,
    scope: &Scope,
    digest: &[u8],
) -> Result<Option<MemberId>> {
    let holder = identity_claims::table
        .find(digest)
        .filter(identity_claims::area_id.eq_any(&scope.area_ids))
        .select(identity_claims::member_id)
        .first(&mut conn)
        .await
        .optional()?;
    Ok(holder)
}

/// The family of the scope that holds a card number.
pub(in crate::beneficiaries) async fn holder_of_card(
    mut conn: &Conn,
    scope: &Scope,
    digest: &[u8],
) -> Result<Option<BeneficiaryId>> {
    let holder = card_claims::table
        .find(digest)
        .filter(card_claims::area_id.eq_any(&scope.area_ids))
        .select(card_claims::beneficiary_id)
        .first(&mut conn)
        .await
        .optional()?;
    Ok(holder)
}

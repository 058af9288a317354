//! One statement a function over members and memberships.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{MemberRow, MembershipRow, TiedMember};
use crate::beneficiaries::queries::read_as_of;
use crate::db::Conn;
use crate::domain::{BeneficiaryId, MemberId, Scope};
use crate::error::{Code, Error, Fault, Refusal, Result};
use crate::schema::{members, memberships};

/// Finds a member of a live family.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: MemberId) -> Result<Option<TiedMember>> {
    let found = diesel::sql_query(
        "select m.*, s.beneficiary_id, s.relationship, s.ended_on, s.end_reason
        from members m join memberships s on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null
        where m.area_id = any ($1) and m.id = $2",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .bind::<SqlUuid, _>(id)
    .get_result(&mut conn)
    .await
    .optional()?;
    Ok(found)
}

/// Finds a member who left; the last version before that names the family.
pub(super) async fn find_former(mut conn: &Conn, scope: &Scope, id: MemberId) -> Result<Option<TiedMember>> {
    let found = diesel::sql_query(
        "select m.*, s.beneficiary_id, s.relationship, s.ended_on, s.end_reason
        from members m
        cross join lateral (
            select (record ->> 'beneficiary_id')::uuid as family from members_history h
            where h.area_id = m.area_id and h.id = m.id order by h.valid_from desc limit 1
        ) as before
        join memberships s on s.area_id = m.area_id and s.beneficiary_id = before.family and s.member_id = m.id
        where m.area_id = any ($1) and m.id = $2 order by s.ended_on desc, s.id desc limit 1",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .bind::<SqlUuid, _>(id)
    .get_result(&mut conn)
    .await
    .optional()?;
    Ok(found)
}

/// Past versions of members that held at `$2` in the areas `$1`.
const PAST_AS_OF: &str = "
    select p.*, t.beneficiary_id, t.relationship, t.ended_on, t.end_reason
    from members_history h
    cross join lateral jsonb_populate_record(
        null::members,
        h.record || jsonb_build_object('nik_sealed', h.nik_sealed,
            'nik_digest', case when h.nik_sealed is not null then ''::bytea end)
    ) as p
    cross join lateral jsonb_populate_record(null::memberships, h.record) as t
    where h.area_id = any ($1) and h.valid_from <= $2 and h.valid_to > $2";

/// Finds a member as it was at an instant, where another version has replaced it since.
pub(super) async fn find_past(
    conn: &Conn,
    scope: &Scope,
    id: MemberId,
    at: DateTime<Utc>,
) -> Result<Option<TiedMember>> {
    let found = read_as_of(conn, format!("{PAST_AS_OF} and h.id = $3"), scope, at, id.0).await?;
    Ok(found.into_iter().next())
}

/// The members of a family at an instant, in the order in which they joined.
pub(super) async fn list_as_of(
    conn: &Conn,
    scope: &Scope,
    family: BeneficiaryId,
    at: DateTime<Utc>,
) -> Result<Vec<TiedMember>> {
    let statement = format!(
        "with ever as (select area_id, member_id, id from memberships where area_id = any ($1) and beneficiary_id = $3)
        select version.* from (
            select m.*, s.beneficiary_id, s.relationship, s.ended_on, s.end_reason
            from members m join memberships s on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null
            where m.area_id = any ($1) and m.valid_from <= $2 and s.beneficiary_id = $3
            union all
            {PAST_AS_OF} and h.id in (select member_id from ever) and t.beneficiary_id = $3 and t.ended_on is null
        ) as version
        order by (select min(ever.id::text) from ever where ever.member_id = version.id), version.id"
    );
    read_as_of(conn, statement, scope, at, family.0).await
}

/// The live members of a family, in the order in which they joined.
pub(in crate::beneficiaries) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    family: BeneficiaryId,
) -> Result<Vec<(MemberRow, MembershipRow)>> {
    let is_same = members::area_id.eq(memberships::area_id).and(members::id.eq(memberships::member_id));
    let rows = memberships::table
        .inner_join(members::table.on(is_same))
        .filter(memberships::area_id.eq_any(&scope.area_ids))
        .filter(memberships::beneficiary_id.eq(family))
        .filter(memberships::ended_on.is_null())
        .order((memberships::id, memberships::member_id))
        .select((MemberRow::as_select(), MembershipRow::as_select()))
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Inserts members of one family.
pub(in crate::beneficiaries) async fn insert(
    mut conn: &Conn,
    rows: &[MemberRow],
    ties: &[MembershipRow],
) -> Result<()> {
    diesel::insert_into(members::table).values(rows).execute(&mut conn).await?;
    diesel::insert_into(memberships::table).values(ties).execute(&mut conn).await?;
    Ok(())
}

/// Keeps the version of a member that is in force with its tie, before another one replaces it at `until`.
pub(super) async fn keep(
    mut conn: &Conn,
    row: &MemberRow,
    tie: &MembershipRow,
    until: DateTime<Utc>,
    client_id: &str,
) -> Result<()> {
    diesel::sql_query(
        "insert into members_history (area_id, id, valid_from, valid_to, version, record, nik_sealed, client_id)
        select m.area_id, m.id, m.valid_from, $4, m.version,
            to_jsonb(m) - '{nik_sealed,nik_digest}'::text []
            || jsonb_build_object('beneficiary_id', s.beneficiary_id, 'relationship', s.relationship,
                'ended_on', s.ended_on, 'end_reason', s.end_reason),
            m.nik_sealed, $5
        from members m join memberships s on s.area_id = m.area_id and s.id = $3
        where m.area_id = $1 and m.id = $2",
    )
    .bind::<Integer, _>(row.area_id)
    .bind::<SqlUuid, _>(row.id)
    .bind::<SqlUuid, _>(tie.id)
    .bind::<Timestamptz, _>(until)
    .bind::<Text, _>(client_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Replaces the version before this one.
///
/// # Errors
/// `version_stale` where another change came first.
pub(super) async fn replace(mut conn: &Conn, row: &MemberRow) -> Result<()> {
    let replaced = diesel::update(members::table.find((row.area_id, row.id)))
        .filter(members::version.eq(row.version - 1))
        .set(row)
        .execute(&mut conn)
        .await?;
    if replaced == 1 { Ok(()) } else { Err(Code::VersionStale.into()) }
}

/// Writes a changed membership.
pub(super) async fn replace_tie(mut conn: &Conn, tie: &MembershipRow) -> Result<()> {
    diesel::update(memberships::table.find((tie.area_id, tie.id))).set(tie).execute(&mut conn).await?;
    Ok(())
}

/// The family that a live member belongs to.
pub(in crate::beneficiaries) async fn family_of(
    mut conn: &Conn,
    scope: &Scope,
    id: MemberId,
) -> Result<Option<BeneficiaryId>> {
    let family = memberships::table
        .filter(memberships::area_id.eq_any(&scope.area_ids))
        .filter(memberships::member_id.eq(id))
        .filter(memberships::ended_on.is_null())
        .select(memberships::beneficiary_id)
        .first(&mut conn)
        .await
        .optional()?;
    Ok(family)
}

/// Refuses a collector of aid who is not a live member of the family.
///
/// # Errors
/// `collector_not_member`.
pub async fn be_member(mut conn: &Conn, area_id: i32, family: BeneficiaryId, member: MemberId) -> Result<()> {
    let tie = memberships::table
        .filter(memberships::area_id.eq(area_id))
        .filter(memberships::beneficiary_id.eq(family))
        .filter(memberships::member_id.eq(member))
        .filter(memberships::ended_on.is_null());
    if diesel::select(exists(tie)).get_result(&mut conn).await? {
        return Ok(());
    }
    let faults = vec![Fault::new("/collector_member_id", Code::ReferenceUnknown)];
    Err(Error::Refused(Box::new(Refusal { faults, ..Code::CollectorNotMember.into() })))
}

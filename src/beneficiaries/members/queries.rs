//! One statement a function over members and memberships.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{EndReason, Member, MemberRow, MembershipRow, TiedMember};
use crate::beneficiaries::history::Why;
use crate::beneficiaries::queries::read_as_of;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, MemberId, Scope};
use crate::error::{Code, Result};
use crate::keys::Vault;
use crate::schema::{members, memberships};

/// Finds a member of a live family.
pub(in crate::beneficiaries) async fn find(mut conn: &Conn, scope: &Scope, id: MemberId) -> Result<Option<TiedMember>> {
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
pub(in crate::beneficiaries) async fn find_former(
    mut conn: &Conn,
    scope: &Scope,
    id: MemberId,
) -> Result<Option<TiedMember>> {
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

/// A member as it is shown, its NIK masked; one who left is shown as it was then.
///
/// # Errors
/// Where the database refuses, or a NIK cannot be opened.
pub async fn show(conn: &Conn, scope: &Scope, vault: &Vault, id: MemberId) -> Result<Option<Member>> {
    let found = match find(conn, scope, id).await? {
        Some(found) => Some(found),
        None => find_former(conn, scope, id).await?,
    };
    found.map(|member| Member::open(member, vault)).transpose()
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

/// The live members of the areas `$1` at the instant `$2`, each with what it was to its family then.
pub(crate) fn versions_as_of() -> String {
    format!(
        "select m.*, s.beneficiary_id, s.relationship, s.ended_on, s.end_reason
        from members m join memberships s on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null
        where m.area_id = any ($1) and m.valid_from <= $2
        union all
        {PAST_AS_OF} and t.ended_on is null"
    )
}

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

/// The members of the family `$3` in the areas `$1` at the instant `$2`, each with what it was to the family then.
pub(crate) fn of_family_as_of() -> String {
    format!(
        "select m.*, s.beneficiary_id, s.relationship, s.ended_on, s.end_reason
        from members m join memberships s on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null
        where m.area_id = any ($1) and m.valid_from <= $2 and s.beneficiary_id = $3
        union all
        {PAST_AS_OF} and t.beneficiary_id = $3 and t.ended_on is null and h.id in (
            select member_id from memberships where area_id = any ($1) and beneficiary_id = $3
        )"
    )
}

/// The members of a family at an instant, in the order in which they joined.
pub(super) async fn list_as_of(
    conn: &Conn,
    scope: &Scope,
    family: BeneficiaryId,
    at: DateTime<Utc>,
) -> Result<Vec<TiedMember>> {
    let statement = format!(
        "with ever as (select member_id, id from memberships where area_id = any ($1) and beneficiary_id = $3)
        select version.* from ({}) as version
        order by (select min(ever.id::text) from ever where ever.member_id = version.id), version.id",
        of_family_as_of()
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
    db::kept(diesel::insert_into(members::table).values(rows)).execute(&mut conn).await?;
    insert_ties(conn, ties).await
}

/// Keeps the versions of members that are in force with their ties, before others replace them at `until`.
pub(in crate::beneficiaries) async fn keep(
    mut conn: &Conn,
    (area_id, ties): (i32, &[Uuid]),
    until: DateTime<Utc>,
    client_id: &str,
    why: Why<'_>,
) -> Result<()> {
    diesel::sql_query(
        "insert into members_history
            (area_id, id, valid_from, valid_to, version, record, nik_sealed, client_id, operation, reason)
        select m.area_id, m.id, m.valid_from, $3, m.version,
            to_jsonb(m) - '{nik_sealed,nik_digest}'::text []
            || jsonb_build_object('beneficiary_id', s.beneficiary_id, 'relationship', s.relationship,
                'ended_on', s.ended_on, 'end_reason', s.end_reason),
            m.nik_sealed, $4, $5, $6
        from memberships s join members m on m.area_id = s.area_id and m.id = s.member_id
        where s.area_id = $1 and s.id = any ($2)",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(ties)
    .bind::<Timestamptz, _>(until)
    .bind::<Text, _>(client_id)
    .bind::<Text, _>(why.operation)
    .bind::<Nullable<Text>, _>(why.reason)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Begins the next version of members of whom nothing but the tie changes.
///
/// # Errors
/// `version_stale` where one is not there.
pub(in crate::beneficiaries) async fn renew(
    mut conn: &Conn,
    (area_id, ids): (i32, &[MemberId]),
    now: DateTime<Utc>,
) -> Result<()> {
    let of_area = members::table.filter(members::area_id.eq(area_id)).filter(members::id.eq_any(ids));
    let renewed = diesel::update(of_area)
        .set((members::version.eq(members::version + 1), members::valid_from.eq(now), members::updated_at.eq(now)))
        .execute(&mut conn)
        .await?;
    if renewed == ids.len() { Ok(()) } else { Err(Code::VersionStale.into()) }
}

/// Keeps what memberships are, before they become something else at `until`.
async fn keep_ties(
    mut conn: &Conn,
    (area_id, ties): (i32, &[Uuid]),
    (until, client_id): (DateTime<Utc>, &str),
) -> Result<()> {
    diesel::sql_query(
        "insert into memberships_history (area_id, id, valid_from, valid_to, record, client_id)
        select area_id, id, valid_from, $3, to_jsonb(t), $4 from memberships t where area_id = $1 and id = any ($2)",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(ties)
    .bind::<Timestamptz, _>(until)
    .bind::<Text, _>(client_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Ends live memberships at an instant, none before the day on which it began.
///
/// # Errors
/// `member_not_live` where one has ended meanwhile.
pub(in crate::beneficiaries) async fn end_ties(
    mut conn: &Conn,
    (area_id, ties): (i32, &[Uuid]),
    (on, because): (NaiveDate, EndReason),
    (now, client_id): (DateTime<Utc>, &str),
) -> Result<()> {
    keep_ties(conn, (area_id, ties), (now, client_id)).await?;
    let ended = diesel::sql_query(
        "update memberships set ended_on = greatest($3, started_on), end_reason = $4, valid_from = $5
        where area_id = $1 and id = any ($2) and ended_on is null",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(ties)
    .bind::<Date, _>(on)
    .bind::<Text, _>(because)
    .bind::<Timestamptz, _>(now)
    .execute(&mut conn)
    .await?;
    if ended == ties.len() { Ok(()) } else { Err(Code::MemberNotLive.into()) }
}

/// Begins memberships of one family.
pub(in crate::beneficiaries) async fn insert_ties(mut conn: &Conn, ties: &[MembershipRow]) -> Result<()> {
    db::kept(diesel::insert_into(memberships::table).values(ties)).execute(&mut conn).await?;
    Ok(())
}

/// Replaces the version before this one.
///
/// # Errors
/// `version_stale` where another change came first.
pub(in crate::beneficiaries) async fn replace(mut conn: &Conn, row: &MemberRow) -> Result<()> {
    let replaced = diesel::update(members::table.find((row.area_id, row.id)))
        .filter(members::version.eq(row.version - 1))
        .set(row)
        .execute(&mut conn)
        .await?;
    if replaced == 1 { Ok(()) } else { Err(Code::VersionStale.into()) }
}

/// Writes a membership that changed with the version of its person that begins at its `valid_from`; keeps what it was.
pub(in crate::beneficiaries) async fn replace_tie(mut conn: &Conn, tie: &MembershipRow, client_id: &str) -> Result<()> {
    keep_ties(conn, (tie.area_id, &[tie.id]), (tie.valid_from, client_id)).await?;
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

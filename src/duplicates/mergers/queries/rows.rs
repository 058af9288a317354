//! What a merger writes, set by set; each keeps the version before.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bytea, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Conn;
use crate::domain::{BeneficiaryId, DuplicatePairId, MemberId};
use crate::duplicates::mergers::model::{Overlap, TakenField};
use crate::error::Result;

/// Who writes when, in which area.
#[derive(Debug, Clone, Copy)]
pub(in crate::duplicates::mergers) struct Hand<'a> {
    pub(in crate::duplicates::mergers) area_id: i32,
    pub(in crate::duplicates::mergers) client_id: &'a str,
    pub(in crate::duplicates::mergers) at: DateTime<Utc>,
    pub(in crate::duplicates::mergers) today: NaiveDate,
}

/// Keeps the versions of families that are in force.
pub(in crate::duplicates::mergers) async fn keep_families(
    mut conn: &Conn,
    hand: Hand<'_>,
    ids: &[BeneficiaryId],
) -> Result<()> {
    diesel::sql_query(
        "insert into beneficiaries_history (area_id, id, valid_from, valid_to, version, record, card_sealed, client_id)
        select area_id, id, valid_from, greatest($3, valid_from + interval '1 microsecond'), version,
            to_jsonb(b) - '{card_sealed,card_digest}'::text [], card_sealed, $4
        from beneficiaries b where area_id = $1 and id = any ($2)",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Timestamptz, _>(hand.at)
    .bind::<Text, _>(hand.client_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Keeps the versions of members that are in force, each with its last tie.
pub(in crate::duplicates::mergers) async fn keep_members(
    mut conn: &Conn,
    hand: Hand<'_>,
    ids: &[MemberId],
) -> Result<()> {
    diesel::sql_query(
        "insert into members_history (area_id, id, valid_from, valid_to, version, record, nik_sealed, client_id)
        select m.area_id, m.id, m.valid_from, greatest($3, m.valid_from + interval '1 microsecond'), m.version,
            to_jsonb(m) - '{nik_sealed,nik_digest}'::text []
            || jsonb_build_object('beneficiary_id', s.beneficiary_id, 'relationship', s.relationship,
                'ended_on', s.ended_on, 'end_reason', s.end_reason),
            m.nik_sealed, $4
        from members m cross join lateral (
            select * from memberships t where t.area_id = m.area_id and t.member_id = m.id
            order by t.ended_on is null desc, t.ended_on desc, t.id desc limit 1
        ) as s
        where m.area_id = $1 and m.id = any ($2)",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Timestamptz, _>(hand.at)
    .bind::<Text, _>(hand.client_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Begins the next versions of members.
pub(in crate::duplicates::mergers) async fn renew_members(
    mut conn: &Conn,
    hand: Hand<'_>,
    ids: &[MemberId],
) -> Result<()> {
    diesel::sql_query(
        "update members set version = version + 1, valid_from = greatest($3, valid_from + interval '1 microsecond'),
            updated_at = greatest($3, valid_from + interval '1 microsecond')
        where area_id = $1 and id = any ($2)",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Timestamptz, _>(hand.at)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// What a record that goes on is told of its NIK.
#[derive(Debug)]
pub(in crate::duplicates::mergers) struct KeptNik {
    pub(in crate::duplicates::mergers) sealed: Vec<u8>,
    pub(in crate::duplicates::mergers) digest: Vec<u8>,
}

/// Gives a record that goes on what it lacks, and what is to be taken from the one that ends.
pub(in crate::duplicates::mergers) async fn change_kept(
    mut conn: &Conn,
    area_id: i32,
    (keep, end): (MemberId, MemberId),
    (take, nik, warnings): (&[TakenField], Option<KeptNik>, &[String]),
) -> Result<()> {
    let take: Vec<&str> = take.iter().map(|field| field.as_str()).collect();
    let (sealed, digest) = nik.map(|nik| (nik.sealed, nik.digest)).unzip();
    diesel::sql_query(
        "update members k set
            nik_status = case when $5::bytea is null then k.nik_status else e.nik_status end,
            nik_sealed = coalesce($5::bytea, k.nik_sealed), nik_digest = coalesce($6::bytea, k.nik_digest),
            name = case when 'name' = any ($4) then e.name else k.name end,
            sex = case when 'sex' = any ($4) then e.sex else k.sex end,
            born_on = case when 'born_on' = any ($4) then e.born_on else coalesce(k.born_on, e.born_on) end,
            birth_place = case when 'birth_place' = any ($4) then e.birth_place
                else coalesce(k.birth_place, e.birth_place) end,
            mother_name = case when 'mother_name' = any ($4) then e.mother_name
                else coalesce(k.mother_name, e.mother_name) end,
            work = case when 'work' = any ($4) then e.work else coalesce(k.work, e.work) end,
            is_pregnant = case when 'is_pregnant' = any ($4) then e.is_pregnant else k.is_pregnant end,
            has_disability = case when 'has_disability' = any ($4) then e.has_disability else k.has_disability end,
            in_school = case when 'in_school' = any ($4) then e.in_school else k.in_school end,
            warnings = $7
        from members e where k.area_id = $1 and k.id = $2 and e.area_id = $1 and e.id = $3",
    )
    .bind::<Integer, _>(area_id)
    .bind::<SqlUuid, _>(keep)
    .bind::<SqlUuid, _>(end)
    .bind::<Array<Text>, _>(take)
    .bind::<Nullable<Bytea>, _>(sealed)
    .bind::<Nullable<Bytea>, _>(digest)
    .bind::<Array<Text>, _>(warnings)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Begins the next versions of families: counts the members and names the head again; one with nobody is merged.
pub(in crate::duplicates::mergers) async fn recount(
    mut conn: &Conn,
    hand: Hand<'_>,
    ids: &[BeneficiaryId],
    into: BeneficiaryId,
) -> Result<()> {
    diesel::sql_query(
        "update beneficiaries b set
            continued_in_id = case when now_there.members = 0 then $4 else b.continued_in_id end,
            member_count = now_there.members, head_name = coalesce(now_there.head_name, b.head_name),
            status = case when now_there.members = 0 then 'merged' else b.status end,
            version = b.version + 1, valid_from = greatest($3, b.valid_from + interval '1 microsecond'),
            updated_at = greatest($3, b.valid_from + interval '1 microsecond')
        from (
            select f.id, count(t.id)::int as members, min(m.name) filter (where t.relationship = 'head') as head_name
            from unnest($2::uuid []) as f (id)
            left join memberships t on t.area_id = $1 and t.beneficiary_id = f.id and t.ended_on is null
            left join members m on m.area_id = $1 and m.id = t.member_id
            group by f.id
        ) as now_there
        where b.area_id = $1 and b.id = now_there.id",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Timestamptz, _>(hand.at)
    .bind::<SqlUuid, _>(into)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Lets a card number lead to the family that goes on.
pub(in crate::duplicates::mergers) async fn move_card_claim(
    mut conn: &Conn,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<()> {
    diesel::sql_query("update card_claims set beneficiary_id = $2 where beneficiary_id = $1")
        .bind::<SqlUuid, _>(from)
        .bind::<SqlUuid, _>(to)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Lets a NIK lead to the record that goes on, in the place of the one that it had.
pub(in crate::duplicates::mergers) async fn move_nik_claim(
    mut conn: &Conn,
    digest: &[u8],
    (from, to): (MemberId, MemberId),
) -> Result<()> {
    release_nik_claim(conn, to).await?;
    diesel::sql_query("update identity_claims set member_id = $3 where nik_digest = $1 and member_id = $2")
        .bind::<Bytea, _>(digest)
        .bind::<SqlUuid, _>(from)
        .bind::<SqlUuid, _>(to)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Lets go of the NIK that a member holds.
pub(in crate::duplicates::mergers) async fn release_nik_claim(mut conn: &Conn, holder: MemberId) -> Result<()> {
    diesel::sql_query(
        "delete from identity_claims c using members m
        where m.id = $1 and c.nik_digest = m.nik_digest and c.area_id = m.area_id and c.member_id = $1",
    )
    .bind::<SqlUuid, _>(holder)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// The id of a row that was written.
#[derive(QueryableByName)]
pub(super) struct Id {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
}

/// Ends the enrollments of a family in programs that the other one is on, or that a program of the other one keeps it off
/// today; their ids.
pub(in crate::duplicates::mergers) async fn end_enrollments(
    mut conn: &Conn,
    hand: Hand<'_>,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<Vec<Uuid>> {
    let rows: Vec<Id> = diesel::sql_query(
        "with ending as (
            select e.* from enrollments e where e.area_id = $1 and e.beneficiary_id = $2 and e.status <> 'exited'
                and (exists (select from enrollments o where o.area_id = $1 and o.beneficiary_id = $3
                    and o.program_id = e.program_id and o.status <> 'exited')
                or e.status <> 'proposed' and exists (
                    select from overlap_pairs p join enrollments o on o.area_id = $1
                        and o.program_id = p.other_program_id and o.status not in ('proposed', 'exited')
                        and (o.beneficiary_id = $3 or o.beneficiary_id = $2 and o.id < e.id)
                    where p.program_id = e.program_id and (p.owner_area_id is null or p.owner_area_id = $1)
                        and p.effective_from <= $6 and (p.effective_to is null or p.effective_to >= $6)
                    group by p.rule_id, p.most having count(*) >= p.most))
            order by e.id for update
        ), kept as (
            insert into enrollments_history (area_id, id, valid_from, valid_to, version, record, client_id)
            select area_id, id, updated_at, greatest($4, updated_at + interval '1 microsecond'), version, to_jsonb(e), $5
            from ending e
        )
        update enrollments e set status = 'exited', suspension_reason = null, exit_reason = 'duplicate',
            ended_on = greatest($6, e.started_on), version = e.version + 1,
            updated_at = greatest($4, e.updated_at + interval '1 microsecond')
        from ending where e.area_id = $1 and e.id = ending.id returning e.id",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<SqlUuid, _>(from)
    .bind::<SqlUuid, _>(to)
    .bind::<Timestamptz, _>(hand.at)
    .bind::<Text, _>(hand.client_id)
    .bind::<Date, _>(hand.today)
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Hands the live enrollments of a family over to the other one, those at rest at rest; their ids.
pub(in crate::duplicates::mergers) async fn carry_enrollments(
    mut conn: &Conn,
    hand: Hand<'_>,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<Vec<Uuid>> {
    let rows: Vec<Id> = diesel::sql_query(
        "with carried as (
            select e.* from enrollments e where e.area_id = $1 and e.beneficiary_id = $2 and e.status <> 'exited'
            for update
        ), kept as (
            insert into enrollments_history (area_id, id, valid_from, valid_to, version, record, client_id)
            select area_id, id, updated_at, greatest($4, updated_at + interval '1 microsecond'), version, to_jsonb(e), $5
            from carried e
        )
        update enrollments e set beneficiary_id = $3, version = e.version + 1,
            updated_at = greatest($4, e.updated_at + interval '1 microsecond')
        from carried where e.area_id = $1 and e.id = carried.id returning e.id",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<SqlUuid, _>(from)
    .bind::<SqlUuid, _>(to)
    .bind::<Timestamptz, _>(hand.at)
    .bind::<Text, _>(hand.client_id)
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What both families were entitled to in one program and period, the last thousand.
pub(in crate::duplicates::mergers) async fn overlaps(
    mut conn: &Conn,
    area_id: i32,
    (keeper, giver): (BeneficiaryId, BeneficiaryId),
) -> Result<Vec<Overlap>> {
    let rows = diesel::sql_query(
        "select k.program_id, k.period, k.id as entitlement_id, g.id as merged_entitlement_id
        from entitlements k join entitlements g
            on g.area_id = k.area_id and g.program_id = k.program_id and g.period = k.period and g.beneficiary_id = $3
        where k.area_id = $1 and k.beneficiary_id = $2 order by k.period desc, k.program_id limit 1000",
    )
    .bind::<Integer, _>(area_id)
    .bind::<SqlUuid, _>(keeper)
    .bind::<SqlUuid, _>(giver)
    .load(&mut conn)
    .await?;
    Ok(rows)
}

/// Says of pairs that their records are one, and clears open ones of the records that ended.
pub(in crate::duplicates::mergers) async fn close_pairs(
    mut conn: &Conn,
    hand: Hand<'_>,
    (pairs, ended): (&[DuplicatePairId], &[MemberId]),
) -> Result<()> {
    diesel::sql_query(
        "update duplicate_pairs set status = case when id = any ($2) then 'merged' else 'cleared' end,
            is_found = id = any ($2) and is_found, version = version + 1, updated_at = $4
        where area_id = $1 and (id = any ($2)
            or status = 'open' and (one_member_id = any ($3) or other_member_id = any ($3)))",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Array<SqlUuid>, _>(pairs)
    .bind::<Array<SqlUuid>, _>(ended)
    .bind::<Timestamptz, _>(hand.at)
    .execute(&mut conn)
    .await?;
    Ok(())
}

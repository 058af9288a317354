//! One statement a function, for a pledge that the caller was found to reach.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{
    AnnualEvidencePackFilter, Complaints, Correction, EvidencePack, EvidencePackFilter, HandoverDay, Outcome, Parties,
    Reached, ReceiptFact, ReturnDay, Selection, TrainingFact,
};
use crate::db::{Conn, walk};
use crate::domain::{CompanyId, EvidencePackId, PledgeId, Scope};
use crate::error::{Code, Result};
use crate::http::{ByCreation, ByVersion, Limit};
use crate::needs::FAMILIES_SHOWN_FROM;
use crate::pledges::model::{PledgeRow, PledgeStatus};
use crate::schema::{evidence_packs, pledges};

/// Packs that a caller may see: a company its own, the others those that tell of no area but theirs.
fn visible(scope: &Scope) -> evidence_packs::BoxedQuery<'_, Pg> {
    let query = evidence_packs::table.into_boxed();
    match scope.company_id {
        Some(company_id) => query.filter(evidence_packs::company_id.eq(company_id)),
        None => query.filter(
            evidence_packs::area_id
                .eq_any(&scope.area_ids)
                .nullable()
                .or(evidence_packs::area_ids.is_contained_by(&scope.area_ids)),
        ),
    }
}

/// Finds a pack with its document.
///
/// # Errors
/// `not_found`.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: EvidencePackId) -> Result<(EvidencePack, String)> {
    let query = visible(scope).filter(evidence_packs::id.eq(id));
    let found = query.select((EvidencePack::as_select(), evidence_packs::content)).first(&mut conn).await.optional()?;
    found.ok_or_else(|| Code::NotFound.into())
}

/// The newest pack of a pledge.
pub(super) async fn newest(mut conn: &Conn, pledge_id: PledgeId) -> Result<Option<EvidencePack>> {
    let query = EvidencePack::query().filter(evidence_packs::pledge_id.eq(pledge_id));
    Ok(query.order(evidence_packs::version.desc()).first(&mut conn).await.optional()?)
}

/// The newest pack of a company's year.
pub(super) async fn newest_of_year(mut conn: &Conn, company_id: CompanyId, year: i16) -> Result<Option<EvidencePack>> {
    let query = EvidencePack::query().filter(evidence_packs::pledge_id.is_null());
    let query = query.filter(evidence_packs::company_id.eq(company_id)).filter(evidence_packs::year.eq(year));
    Ok(query.order(evidence_packs::version.desc()).first(&mut conn).await.optional()?)
}

/// Holds all pledges of a company for a year that bind, in the order of their ids, until the transaction ends.
pub(super) async fn hold_year(mut conn: &Conn, company_id: CompanyId, year: i16) -> Result<Vec<PledgeRow>> {
    let bind = [PledgeStatus::Committed, PledgeStatus::Closing, PledgeStatus::Closed];
    let query = pledges::table.select(PledgeRow::as_select()).filter(pledges::company_id.eq(company_id));
    let query = query.filter(pledges::year.eq(year)).filter(pledges::status.eq_any(bind));
    Ok(query.order(pledges::id).for_no_key_update().load(&mut conn).await?)
}

/// Packs of companies' years that a filter leaves.
fn annual<'a>(scope: &'a Scope, filter: &AnnualEvidencePackFilter) -> evidence_packs::BoxedQuery<'a, Pg> {
    let mut query = visible(scope).filter(evidence_packs::pledge_id.is_null());
    if let Some(company_id) = filter.company_id {
        query = query.filter(evidence_packs::company_id.eq(company_id));
    }
    if let Some(year) = filter.year {
        query = query.filter(evidence_packs::year.eq(year.small()));
    }
    query
}

/// Counts packs of companies' years.
pub(super) async fn count_annual(mut conn: &Conn, scope: &Scope, filter: &AnnualEvidencePackFilter) -> Result<i64> {
    Ok(annual(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists packs of companies' years by id, after an id.
pub(super) async fn list_annual(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AnnualEvidencePackFilter,
    (limit, after): (Limit, Option<EvidencePackId>),
) -> Result<Vec<EvidencePack>> {
    let query = annual(scope, filter).select(EvidencePack::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCreation::Down);
    Ok(walk!(query, is_down, after, evidence_packs::{id}).load(&mut conn).await?)
}

/// Counts the packs of a pledge.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, pledge_id: PledgeId) -> Result<i64> {
    let query = visible(scope).filter(evidence_packs::pledge_id.eq(pledge_id));
    Ok(query.count().get_result(&mut conn).await?)
}

/// Lists the packs of a pledge by version, after a version.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    (pledge_id, filter): (PledgeId, &EvidencePackFilter),
    (limit, after): (Limit, Option<i32>),
) -> Result<Vec<EvidencePack>> {
    let query = visible(scope).filter(evidence_packs::pledge_id.eq(pledge_id));
    let query = query.select(EvidencePack::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByVersion::Down);
    Ok(walk!(query, is_down, after, evidence_packs::{version}).load(&mut conn).await?)
}

/// Writes a pack, with its area, or those of a company's year.
pub(super) async fn insert(
    mut conn: &Conn,
    pack: &EvidencePack,
    (area_id, area_ids): (i32, Option<&[i32]>),
    (content, made_by): (&str, &str),
) -> Result<()> {
    diesel::insert_into(evidence_packs::table)
        .values((
            evidence_packs::id.eq(pack.id),
            evidence_packs::pledge_id.eq(pack.pledge_id),
            evidence_packs::company_id.eq(pack.company_id),
            evidence_packs::area_id.eq(area_id),
            evidence_packs::area_ids.eq(area_ids),
            evidence_packs::year.eq(pack.year),
            evidence_packs::version.eq(pack.version),
            evidence_packs::content.eq(content),
            evidence_packs::digest.eq(pack.digest),
            evidence_packs::inputs_digest.eq(pack.inputs_digest),
            evidence_packs::signature.eq(&pack.signature),
            evidence_packs::key_id.eq(&pack.key_id),
            evidence_packs::made_by.eq(made_by),
            evidence_packs::created_at.eq(pack.created_at),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Who promised, and to which sub-district.
pub(super) async fn parties(mut conn: &Conn, pledge: &PledgeRow) -> Result<Parties> {
    let parties = diesel::sql_query(
        "select c.name as company_name, c.registration_number, c.sector, a.name as area_name
         from companies c cross join areas a where c.id = $1 and a.area_id = $2",
    )
    .bind::<SqlUuid, _>(pledge.company_id)
    .bind::<Integer, _>(pledge.area_id)
    .get_result(&mut conn)
    .await?;
    Ok(parties)
}

/// A number of minutes as packs tell it: only where it has the form of one, as no name may stand in it (decision 0054).
const MINUTES: &str = "case when r.handover_number ~ '^[A-Za-z0-9./_-]+$' and r.handover_number ~ '[0-9]'
    then r.handover_number else '' end as handover_number";

/// What the company gave, in the order of days.
pub(super) async fn received(mut conn: &Conn, pledge_id: PledgeId) -> Result<Vec<ReceiptFact>> {
    let received = diesel::sql_query(format!(
        "select r.pledge_line_id, r.quantity, r.received_on,
             (c.at at time zone 'Asia/Makassar')::date as corrected_on, {MINUTES}
         from receipts r left join ledger_transfers c on c.corrects_id = r.transfer_id
         where r.pledge_id = $1 order by r.received_on, r.id",
    ))
    .bind::<SqlUuid, _>(pledge_id)
    .load(&mut conn)
    .await?;
    Ok(received)
}

/// Handovers by line, day and kind of proof, whose name is told only where it is one of a media type.
///
/// The digest is over the digests of all proofs in their own order, so that who keeps the proofs can show them, and
/// nothing in it leads to a family.
pub(super) async fn delivered(mut conn: &Conn, pledge: &PledgeRow) -> Result<Vec<HandoverDay>> {
    let delivered = diesel::sql_query(
        "select pledge_line_id, delivered_on, count(*) as handovers, sum(quantity) as quantity,
             case when proof_media_type ~ '^[a-z]+/[a-z0-9.+-]+$' then proof_media_type else 'other' end
                 as proof_media_type,
             encode(sha256(string_agg(proof_digest, ''::bytea order by proof_digest)), 'hex') as proofs_digest
         from allocation_deliveries where area_id = $1 and pledge_id = $2
         group by pledge_line_id, delivered_on, 5 order by pledge_line_id, delivered_on, 5",
    )
    .bind::<Integer, _>(pledge.area_id)
    .bind::<SqlUuid, _>(pledge.id)
    .load(&mut conn)
    .await?;
    Ok(delivered)
}

/// What families gave back, by line and day; neither from whom nor why, which might tell of one.
pub(super) async fn given_back(mut conn: &Conn, pledge: &PledgeRow) -> Result<Vec<ReturnDay>> {
    let given_back = diesel::sql_query(
        "select pledge_line_id, returned_on, count(*) as returns, sum(quantity) as quantity, is_usable
         from allocation_returns where area_id = $1 and pledge_id = $2
         group by pledge_line_id, returned_on, is_usable order by pledge_line_id, returned_on, is_usable",
    )
    .bind::<Integer, _>(pledge.area_id)
    .bind::<SqlUuid, _>(pledge.id)
    .load(&mut conn)
    .await?;
    Ok(given_back)
}

/// Trainings that lines of the pledge pay for, once they are open or were called off: seats, who has one, who came to a
/// session at least, and who has a certificate.
pub(super) async fn trainings(mut conn: &Conn, pledge: &PledgeRow, line_ids: &[Uuid]) -> Result<Vec<TrainingFact>> {
    let trainings = diesel::sql_query(
        "select t.id, t.pledge_line_id, t.status, t.begins_on, t.ends_on,
             case t.status when 'cancelled' then 0 else t.seats end::bigint as seats,
             s.participants, s.families, s.present, s.present_families, c.certified, c.certified_families
         from trainings t
         cross join lateral (
             select count(*) as participants, count(distinct p.beneficiary_id) as families,
                 count(*) filter (where a.came) as present,
                 count(distinct p.beneficiary_id) filter (where a.came) as present_families
             from training_participants p
             cross join lateral (
                 select exists (
                     select from training_attendance m
                     where m.area_id = p.area_id and m.training_id = p.training_id and m.participant_id = p.id
                         and m.mark = 'present'
                 ) as came
             ) as a
             where p.area_id = t.area_id and p.training_id = t.id and p.withdrawn_at is null
         ) as s
         cross join lateral (
             select count(*) as certified, count(distinct r.beneficiary_id) as certified_families
             from training_certificates r
             where r.area_id = t.area_id and r.training_id = t.id and r.revoked_at is null
         ) as c
         where t.area_id = $1 and t.pledge_line_id = any ($2) and t.status <> 'planned'
         order by t.begins_on, t.id",
    )
    .bind::<Integer, _>(pledge.area_id)
    .bind::<Array<SqlUuid>, _>(line_ids)
    .load(&mut conn)
    .await?;
    Ok(trainings)
}

/// Families that got something and kept some of it, each counted once in every group. Village and age are those of its first handover
/// of a pledge that it kept some of, the rest is what the register says now.
///
/// Of several pledges, those that reached fewer than $3 families of a group are not counted in it: what the sum tells is
/// made of families that the packs of the pledges tell already, so that no pack less another tells of a few.
const REACHED: &str = "
    with handed as (
        select d.pledge_id, d.beneficiary_id, min(d.delivered_on) as first_on, min(d.created_at) as first_at,
            (array_agg(a.village_code order by d.created_at, d.id))[1] as village_code
        from allocation_deliveries d join allocations a on a.area_id = d.area_id and a.id = d.allocation_id
        where d.area_id = $1 and a.area_id = $1 and d.pledge_id = any ($2)
            and not exists (
                select from allocation_returns r
                where r.area_id = $1 and r.allocation_delivery_id = d.id and r.takes_rest
            )
        group by d.pledge_id, d.beneficiary_id
    ), before as (
        select distinct h.pledge_id, h.beneficiary_id from handed h
        join allocation_deliveries e on e.beneficiary_id = h.beneficiary_id and e.created_at < h.first_at
        where e.area_id = $1 and e.pledge_id <> h.pledge_id
            and not exists (
                select from allocation_returns r
                where r.area_id = $1 and r.allocation_delivery_id = e.id and r.takes_rest
            )
    ), disabled as (
        select distinct h.beneficiary_id from handed h
        join memberships s on s.beneficiary_id = h.beneficiary_id and s.ended_on is null
        join members p on p.area_id = s.area_id and p.id = s.member_id and p.has_disability
        where s.area_id = $1 and p.area_id = $1
    ), family as (
        select h.pledge_id, h.beneficiary_id, h.village_code, b.member_count, b.decile, m.sex,
            date_part('year', age(h.first_on, m.born_on))::int as age,
            t.beneficiary_id is not null as has_disability, e.beneficiary_id is not null as is_repeat
        from handed h
        join beneficiaries b on b.area_id = $1 and b.id = h.beneficiary_id
        left join memberships k on k.area_id = $1 and k.beneficiary_id = h.beneficiary_id
            and k.relationship = 'head' and k.ended_on is null
        left join members m on m.area_id = $1 and m.id = k.member_id
        left join before e on e.pledge_id = h.pledge_id and e.beneficiary_id = h.beneficiary_id
        left join disabled t on t.beneficiary_id = h.beneficiary_id
    ), of_pledge as (
        select split, cell, beneficiary_id, member_count,
            count(*) over (partition by split, cell, pledge_id) >= $3 as is_told
        from family cross join lateral (values
            ('all', 'all'), ('village', village_code), ('head_sex', coalesce(sex, 'unknown')),
            ('head_age', case when age is null then 'unknown' when age < 30 then 'under_30' when age < 45 then '30_to_44'
                when age < 60 then '45_to_59' else '60_and_over' end),
            ('disability', case when has_disability then 'with_disability' else 'without_disability' end),
            ('decile', case when decile is null then 'unknown' when decile <= 2 then '1_to_2'
                when decile <= 4 then '3_to_4' else '5_to_10' end),
            ('poorest_40', case when decile <= 4 then 'yes' when decile is null then 'unknown' else 'no' end),
            ('earlier_help', case when is_repeat then 'repeat' else 'new' end)) as part (split, cell)
    ), once as (
        select split, cell, max(member_count) as member_count, bool_or(is_told) as is_told
        from of_pledge group by split, cell, beneficiary_id
    )
    select split, cell, count(*) filter (where is_told) as families,
        coalesce(sum(member_count) filter (where is_told), 0)::bigint as people
    from once group by split, cell order by split collate \"C\", cell collate \"C\"";

/// Counts the families of an area that got something of pledges, split by what companies must report.
pub(super) async fn reached(mut conn: &Conn, area_id: i32, pledge_ids: &[PledgeId]) -> Result<Vec<Reached>> {
    let reached = diesel::sql_query(REACHED)
        .bind::<Integer, _>(area_id)
        .bind::<Array<SqlUuid>, _>(pledge_ids)
        .bind::<BigInt, _>(FAMILIES_SHOWN_FROM)
        .load(&mut conn)
        .await?;
    Ok(reached)
}

/// What each run chose and was not released since, by which rules; what officers chose themselves is one row without an
/// id. A family with several lines of the pledge is one family.
pub(super) async fn runs(mut conn: &Conn, pledge: &PledgeRow) -> Result<Vec<Selection>> {
    let runs = diesel::sql_query(
        "select a.run_id, (min(a.created_at) at time zone 'Asia/Makassar')::date as run_on,
             count(distinct a.beneficiary_id) filter (where a.status <> 'released' or a.delivered_quantity > 0)
                 as families,
             max(a.rank_in_run) filter (where a.status <> 'released' or a.delivered_quantity > 0) as last_rank,
             m.policy
         from allocations a left join matching_runs m on m.area_id = a.area_id and m.id = a.run_id
         where a.area_id = $1 and a.pledge_id = $2 group by a.run_id, m.policy order by a.run_id nulls last",
    )
    .bind::<Integer, _>(pledge.area_id)
    .bind::<SqlUuid, _>(pledge.id)
    .load(&mut conn)
    .await?;
    Ok(runs)
}

/// Transfers of the pledge that took back another one.
pub(super) async fn corrections(mut conn: &Conn, pledge: &PledgeRow) -> Result<Vec<Correction>> {
    let corrections = diesel::sql_query(format!(
        "select t.id, t.corrects_id, f.code as corrected, case d.kind when 'promise' then c.owner_id else d.owner_id end
                 as pledge_line_id,
             {MINUTES}, (t.at at time zone 'Asia/Makassar')::date as corrected_on, t.quantity, t.unit
         from ledger_transfers t
         join ledger_transfers f on f.id = t.corrects_id
         join ledger_accounts d on d.id = t.debit_account_id
         join ledger_accounts c on c.id = t.credit_account_id
         left join receipts r on r.transfer_id = f.id and r.pledge_id = $2
         where t.area_id = $1 and t.group_id = $2 and t.code = 'correct' order by t.at, t.id",
    ))
    .bind::<Integer, _>(pledge.area_id)
    .bind::<SqlUuid, _>(pledge.id)
    .load(&mut conn)
    .await?;
    Ok(corrections)
}

/// What follow-ups of the pledge found, by months: of the records that count.
pub(super) async fn outcomes(mut conn: &Conn, pledge: &PledgeRow) -> Result<Vec<Outcome>> {
    let outcomes = diesel::sql_query(
        "select month_mark, count(*) as visited, count(*) filter (where is_found) as met,
             count(*) filter (where is_in_use is not null) as assets, count(*) filter (where is_in_use) as in_use,
             count(*) filter (where is_earning) as earning,
             count(*) filter (where income = 'higher') as higher_income,
             count(*) filter (where not is_on_aid) as off_aid
         from follow_ups f where area_id = $1 and pledge_id = $2
             and not exists (select from follow_ups n where n.area_id = f.area_id and n.corrects = f.id)
         group by month_mark order by month_mark",
    )
    .bind::<Integer, _>(pledge.area_id)
    .bind::<SqlUuid, _>(pledge.id)
    .load(&mut conn)
    .await?;
    Ok(outcomes)
}

/// Complaints about the pledge and its handovers; what is kept close is counted as well, for it is only a number.
pub(super) async fn complaints(mut conn: &Conn, pledge: &PledgeRow) -> Result<Complaints> {
    let complaints = diesel::sql_query(
        "select count(*) as received, coalesce(
             array_agg(answered_on - received_on order by answered_on - received_on)
                 filter (where answered_on is not null),
             '{}'
         ) as days
         from complaints where area_id = $1 and pledge_id = $2",
    )
    .bind::<Integer, _>(pledge.area_id)
    .bind::<SqlUuid, _>(pledge.id)
    .get_result(&mut conn)
    .await?;
    Ok(complaints)
}

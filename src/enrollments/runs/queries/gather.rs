//! Which families a run is about, what keeps each off, and who gets the places.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use crate::db::Conn;
use crate::domain::{BeneficiaryId, ProgramId, VillageCode};
use crate::enrollments::places::{Places, Room, TAKING, bind_bars, kept_off};
use crate::enrollments::runs::model::{Gathered, RefusedCount, RunSource, TieBreak, Verdicts};
use crate::error::Result;
use crate::programs::eligibility::{Expression, Sql};
use crate::programs::{self, RuleSet};

/// The families of a run, with what becomes of each: `open` until something is decided.
const CANDIDATES: &str = "create temporary table candidate (
        id uuid not null, village_code text not null, decile smallint, member_count int not null, place int,
        enrollment_id uuid, rule_id uuid, number bigint, verdict text not null
    ) on commit drop";

/// Which families to look at.
#[derive(Debug)]
pub(in crate::enrollments::runs) struct Selection<'a> {
    pub(in crate::enrollments::runs) area_id: i32,
    pub(in crate::enrollments::runs) rule_set: &'a RuleSet,
    pub(in crate::enrollments::runs) source: RunSource,
    pub(in crate::enrollments::runs) village_codes: Option<&'a [VillageCode]>,
    pub(in crate::enrollments::runs) beneficiary_ids: Option<&'a [BeneficiaryId]>,
    pub(in crate::enrollments::runs) include_exited: bool,
}

impl Selection<'_> {
    /// Number of the first placeholder that [`gather`] leaves to the rule.
    const RULE_FROM: usize = 7;

    /// The rule over the population, or where families are named over these; its placeholders begin with `first`.
    fn rule(&self, expression: &Expression, on: NaiveDate, first: usize) -> Sql {
        match self.beneficiary_ids {
            Some(_) => expression.sql(on, first),
            None => expression.population_sql(on, 1, first),
        }
    }
}

/// Gathers the families that nothing is known to stand against, and counts the others.
pub(in crate::enrollments::runs) async fn gather(
    conn: &mut Conn,
    selection: &Selection<'_>,
    on: NaiveDate,
) -> Result<Gathered> {
    conn.batch_execute(CANDIDATES).await?;
    let rule = selection.rule(&selection.rule_set.expression()?, on, Selection::RULE_FROM);
    let query = sql_query(gather_statement(&rule))
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(vec![selection.area_id])
        .bind::<Nullable<Array<Text>>, _>(selection.village_codes.map(<[VillageCode]>::to_vec))
        .bind::<Nullable<Array<SqlUuid>>, _>(selection.beneficiary_ids.map(<[BeneficiaryId]>::to_vec))
        .bind::<SqlUuid, _>(selection.rule_set.program_id)
        .bind::<Bool, _>(selection.include_exited)
        .bind::<Text, _>(selection.source);
    let gathered = programs::bind(query, &rule.parameters).get_result(conn).await?;
    conn.batch_execute("analyze candidate").await?;
    Ok(gathered)
}

/// What asks for the families: live ones of the area, of some villages, or named.
const ASKED: &str = "b.area_id = any ($1) and b.status = 'live' and ($2::text [] is null or b.village_code = any ($2))
    and ($3::uuid [] is null or b.id = any ($3))";

fn gather_statement(rule: &Sql) -> String {
    let (joins, condition) = (rule.joins(), rule.condition());
    format!(
        "with eligible as (
             select b.id from beneficiaries b{joins} where {ASKED} and {condition}
         ), considered as (
             select b.id, b.village_code, b.decile, b.member_count, w.place, l.id as enrollment_id, case
                     when l.status in {TAKING} then 'enrolled'
                     when e.id is null then 'not_eligible'
                     when not $5 and x.beneficiary_id is not null and l.id is null and w.place is null then 'exited'
                     else 'open' end as verdict
             from beneficiaries b
             left join eligible e on e.id = b.id
             left join enrollments l on l.area_id = b.area_id and l.beneficiary_id = b.id and l.program_id = $4
                 and l.status <> 'exited'
             left join reserves w on w.area_id = b.area_id and w.beneficiary_id = b.id and w.program_id = $4
                 and w.status = 'waiting'
             left join (
                 select distinct o.area_id, o.beneficiary_id from enrollments o
                 where o.area_id = any ($1) and o.program_id = $4 and o.status = 'exited'
             ) as x on x.area_id = b.area_id and x.beneficiary_id = b.id
             where {ASKED} and case $6 when 'proposed' then l.status = 'proposed'
                 when 'reserve' then w.place is not null else true end
         ), gathered as (
             insert into candidate (id, village_code, decile, member_count, place, enrollment_id, verdict)
             select id, village_code, decile, member_count, place, enrollment_id, verdict
             from considered where verdict = 'open'
         )
         select count(*) as considered, count(*) filter (where verdict = 'enrolled') as already_enrolled,
             count(*) filter (where verdict = 'exited') as exited_before,
             count(*) filter (where verdict = 'not_eligible') as not_eligible
         from considered"
    )
}

/// Holds the gathered families in the order of their ids. Who moved or ended meanwhile is gone from the run.
pub(in crate::enrollments::runs) async fn hold(mut conn: &Conn, area_id: i32) -> Result<()> {
    let statement = "
        with held as materialized (
            select b.id, b.village_code, b.status from beneficiaries b join candidate c on c.id = b.id
            where b.area_id = $1 order by b.id for no key update of b
        )
        update candidate c
        set village_code = h.village_code, verdict = case when h.status = 'live' then c.verdict else 'gone' end
        from held h where h.id = c.id and (h.status <> 'live' or h.village_code <> c.village_code)";
    sql_query(statement).bind::<Int4, _>(area_id).execute(&mut conn).await?;
    Ok(())
}

/// Holds the proposals of held families, those as well that were made since they were gathered. What somebody ended, or
/// handed over to another family, is gone from the run, and so is a family that got an enrollment of another one.
pub(in crate::enrollments::runs) async fn hold_proposed(
    mut conn: &Conn,
    (area_id, program_id): (i32, ProgramId),
) -> Result<()> {
    let since = "
        update candidate c
        set enrollment_id = e.id, verdict = case when e.status = 'proposed' then c.verdict else 'gone' end
        from enrollments e
        where e.area_id = $1 and e.program_id = $2 and e.beneficiary_id = c.id and e.status <> 'exited'
            and e.id is distinct from c.enrollment_id";
    let held = "
        with held as materialized (
            select e.id, e.status, e.beneficiary_id from enrollments e join candidate c on c.enrollment_id = e.id
            where e.area_id = $1 and e.program_id = $2 order by e.id for update of e
        )
        update candidate c set verdict = 'gone' from held h
        where h.id = c.enrollment_id and (h.status <> 'proposed' or h.beneficiary_id <> c.id)";
    for statement in [since, held] {
        sql_query(statement).bind::<Int4, _>(area_id).bind::<SqlUuid, _>(program_id).execute(&mut conn).await?;
    }
    Ok(())
}

/// Judges the held families by a rule set, in a statement of its own that sees what was recorded until they were held: who
/// is not eligible any more is gone from the run, and the others are ordered by what is so now.
pub(in crate::enrollments::runs) async fn judge(
    mut conn: &Conn,
    selection: &Selection<'_>,
    (rule_set, on): (&RuleSet, NaiveDate),
) -> Result<()> {
    let rule = selection.rule(&rule_set.expression()?, on, 2);
    let statement = format!(
        "with eligible as (
             select b.id from beneficiaries b{}
             where b.area_id = any ($1) and b.id in (select id from candidate where verdict = 'open') and {}
         )
         update candidate c
         set decile = b.decile, member_count = b.member_count, verdict = case when e.id is null then 'gone' else 'open' end
         from beneficiaries b left join eligible e on e.id = b.id
         where b.area_id = any ($1) and b.id = c.id and c.verdict = 'open'
             and (e.id is null or b.decile is distinct from c.decile or b.member_count <> c.member_count)",
        rule.joins(),
        rule.condition()
    );
    let query = sql_query(statement).into_boxed::<Pg>().bind::<Array<Int4>, _>(vec![selection.area_id]);
    programs::bind(query, &rule.parameters).execute(&mut conn).await?;
    Ok(())
}

/// Refuses those that a program keeps off, each by the first rule that does.
pub(in crate::enrollments::runs) async fn keep_off(mut conn: &Conn, places: &Places) -> Result<()> {
    if places.bars.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "update candidate c set rule_id = k.rule, verdict = 'refused' from ({}) as k
         where k.family = c.id and c.verdict = 'open'",
        kept_off("in (select id from candidate where verdict = 'open')")
    );
    bind_bars(sql_query(statement).into_boxed::<Pg>(), places.area_id, &places.bars).execute(&mut conn).await?;
    Ok(())
}

/// Gives the places that are left, in the order of the run; whoever gets none learns which quota was full.
pub(in crate::enrollments::runs) async fn allot(
    mut conn: &Conn,
    rooms: &[Room],
    (tie_break, seed): (TieBreak, &str),
) -> Result<()> {
    let between = match tie_break {
        TieBreak::Lots => "",
        TieBreak::Members => "member_count desc,",
        TieBreak::Registered => "id,",
    };
    let lot = "sha256(convert_to($4 || ':' || id::text, 'UTF8'))";
    let order = format!("place nulls last, decile nulls last, {between} {lot}, id");
    let statement = format!(
        "with ordered as (
             select id, village_code, row_number() over (order by {order}) as number from candidate where verdict = 'open'
         ), placed as (
             select o.id, o.number, r.places is null or
                 row_number() over (partition by o.village_code order by o.number) <= r.places as fits
             from ordered o left join unnest($1, $2) as r (village_code, places) on r.village_code = o.village_code
         ), counted as (
             select id, number, fits, count(*) filter (where fits) over (order by number) as so_many from placed
         )
         update candidate c set number = k.number, verdict = case when not k.fits then 'village_quota'
             when k.so_many > coalesce($3, k.so_many) then 'district_quota' else 'placed' end
         from counted k where k.id = c.id"
    );
    let of_village = || rooms.iter().filter_map(|room| Some((room.village_code.clone()?, room.left)));
    let of_district = rooms.iter().find(|room| room.village_code.is_none()).map(|room| room.left);
    sql_query(statement)
        .bind::<Array<Text>, _>(of_village().map(|(village, _)| village).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(of_village().map(|(_, left)| left).collect::<Vec<_>>())
        .bind::<Nullable<BigInt>, _>(of_district)
        .bind::<Text, _>(seed)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Counts the gathered families by what became of them.
pub(in crate::enrollments::runs) async fn verdicts(mut conn: &Conn) -> Result<Verdicts> {
    let query = sql_query(
        "select count(*) filter (where verdict = 'placed') as placed,
             count(*) filter (where verdict = 'refused') as refused, count(*) filter (where verdict = 'gone') as gone,
             count(*) filter (where verdict like '%quota' and place is not null) as waiting,
             count(*) filter (where verdict like '%quota' and place is null) as without_place
         from candidate",
    );
    Ok(query.get_result(&mut conn).await?)
}

/// Counts the families that were refused, by rule.
pub(in crate::enrollments::runs) async fn refused_by(mut conn: &Conn) -> Result<Vec<RefusedCount>> {
    let query = sql_query(
        "select r.id as rule_id, r.code as rule_code, count(*) as families
         from candidate c join overlap_rules r on r.id = c.rule_id
         where c.verdict = 'refused' group by r.id, r.code order by r.code",
    );
    Ok(query.load(&mut conn).await?)
}

//! One statement, over what is due and the records that count.
//!
//! Placeholders: $1 areas, $2 own company, $3 program, $4 pledge, $5 months, $6 day, $7 village. A village is asked for
//! behind the sums, so that a company, which has none, learns nothing by asking.

use chrono::NaiveDate;
use diesel::sql_query;
use diesel::sql_types::{Array, Date, Int4, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{FollowUpOutcome, OutcomeFilter};
use crate::db::Conn;
use crate::domain::Scope;
use crate::error::Result;
use crate::http::Whole;
use crate::needs::{self, FAMILIES_SHOWN_FROM};

/// Sums by program or pledge, village and months.
fn sums(village: &str) -> String {
    format!(
        "select f.source, f.program_id, f.pledge_id, {village} as village_code, m.month_mark, count(*) as due,
             count(*) filter (where r.is_found) as met,
             count(*) filter (where r.is_in_use is not null) as assets,
             count(*) filter (where r.is_in_use) as in_use, count(*) filter (where r.is_earning) as earning,
             count(*) filter (where r.income = 'higher') as higher_income,
             count(*) filter (where not r.is_on_aid) as off_aid
         from followed_aid f
         cross join lateral (
             select n::smallint as month_mark, (f.delivered_on + make_interval(months => n))::date as due_on
             from unnest(array[3, 6, 12, 24]) as n
         ) as m
         left join (
             select * from follow_ups o where o.area_id = any ($1)
                 and not exists (select from follow_ups n where n.area_id = o.area_id and n.corrects = o.id)
         ) as r on r.area_id = f.area_id and r.aid_id = f.aid_id and r.month_mark = m.month_mark
         where f.area_id = any ($1) and m.due_on <= $6
             and ($2 is null or f.pledge_id in (select id from pledges where company_id = $2))
             and ($3 is null or f.program_id = $3) and ($4 is null or f.pledge_id = $4)
             and ($5 is null or m.month_mark = $5)
         group by f.source, f.program_id, f.pledge_id, {village}, m.month_mark"
    )
}

/// A count as a caller is told it.
fn count(is_company: bool, name: &str) -> String {
    if is_company { needs::at_least_of(name) } else { name.to_owned() }
}

/// A share in percent as a caller is told it; to a company what holds whatever the counts behind the steps are.
fn share(is_company: bool, (part, whole): (&str, &str)) -> String {
    if is_company {
        let (part, whole) = (needs::at_least_of(part), needs::at_least_of(whole));
        format!("({part}) * 100 / (({whole}) + {FAMILIES_SHOWN_FROM} - 1)")
    } else {
        format!("case when {whole} > 0 then {part} * 100 / {whole} end")
    }
}

/// Adds up what was found.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    (filter, on): (&OutcomeFilter, NaiveDate),
) -> Result<Vec<FollowUpOutcome>> {
    let is_company = scope.company_id.is_some();
    let shares = [
        ("response_percent", ("met", "due")),
        ("in_use_percent", ("in_use", "assets")),
        ("earning_percent", ("earning", "met")),
        ("higher_income_percent", ("higher_income", "met")),
        ("off_aid_percent", ("off_aid", "met")),
    ];
    let shares = shares.map(|(name, counts)| format!("{} as {name}", share(is_company, counts)));
    let statement = format!(
        "select source, program_id, pledge_id, village_code, month_mark, {} as due, {} as met, {}
         from ({}) as s where $7 is null or village_code = $7
         order by source, program_id, pledge_id, village_code, month_mark",
        count(is_company, "s.due"),
        count(is_company, "s.met"),
        shares.join(", "),
        sums(if is_company { "null::text" } else { "f.village_code" }),
    );
    let query = sql_query(statement)
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Nullable<SqlUuid>, _>(scope.company_id)
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<SqlUuid>, _>(filter.pledge_id)
        .bind::<Nullable<SmallInt>, _>(filter.month_mark.map(Whole::small))
        .bind::<Date, _>(on)
        .bind::<Nullable<Text>, _>(filter.village_code.as_ref());
    Ok(query.load(&mut conn).await?)
}

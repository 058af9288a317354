//! A plan as SQL: what is due to each family of a list, in one statement.

use serde_json::{Value, json};

use super::plan::{Plan, Step};
use crate::programs::eligibility::Parameter;

/// Parts of a `with` over `on_list (area_id, beneficiary_id)`, to be written after that one.
///
/// `share` has a row for each share, with its member, place, component and amount. `record` has the newest records of
/// duties by subject. `due_to` has what is due to each family that gets shares: quantity and breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSql {
    /// The parts, with a comma between them and none at the ends.
    pub text: String,
    /// Values of the placeholders, in their order.
    pub parameters: Vec<Parameter>,
}

impl Plan {
    /// The parts, with placeholders numbered from `first`; the placeholder `areas` holds the areas of the list.
    /// `known` is one more condition on duty records `r`, or empty.
    #[must_use]
    pub fn sql(&self, areas: usize, first: usize, known: &str) -> PlanSql {
        let mut writer = Writer { first, parameters: Vec::new() };
        let shares = writer.shares(self);
        let records = writer.records(self, areas, known);
        let due = writer.due(self);
        PlanSql { text: format!("{shares}, {records}, {due}"), parameters: writer.parameters }
    }

    /// The records alone, without a list.
    #[must_use]
    pub fn records_sql(&self, areas: usize, first: usize, known: &str) -> PlanSql {
        let mut writer = Writer { first, parameters: Vec::new() };
        let text = writer.records(self, areas, known);
        PlanSql { text, parameters: writer.parameters }
    }
}

struct Writer {
    first: usize,
    parameters: Vec<Parameter>,
}

impl Writer {
    fn bind(&mut self, parameter: Parameter) -> String {
        let cast = match &parameter {
            Parameter::Whole(_) => "bigint",
            Parameter::Date(_) => "date",
            _ => "text",
        };
        self.parameters.push(parameter);
        format!("${}::{cast}", self.next() - 1)
    }

    fn next(&self) -> usize {
        self.first + self.parameters.len()
    }

    fn rows(&mut self, rows: &Value) -> String {
        format!("{}::jsonb", self.bind(Parameter::Text(rows.to_string())))
    }

    /// Each member at the first step that fits, and of those as many as there may be.
    fn shares(&mut self, plan: &Plan) -> String {
        let steps = (1..).zip(&plan.steps).map(|(place, step): (i64, &Step)| {
            json!({ "place": place, "component": step.code, "amount": step.amount, "most": step.most })
        });
        let steps = self.rows(&steps.collect());
        let of_step = (1..).zip(&plan.steps).flat_map(|(place, step): (i64, &Step)| {
            step.duties.iter().map(move |duty| {
                json!({ "place": place, "kind": duty.kind, "minimum_percent": duty.minimum_percent,
                        "cut_percent": duty.cut_percent })
            })
        });
        let duties = self.rows(&of_step.collect());
        let places = self.places(plan);
        let most = self.bind(Parameter::Whole(plan.most));
        format!(
            "step as (
                select * from jsonb_to_recordset({steps}) as s (place int, component text, amount numeric, most bigint)
            ), duty as (
                select * from jsonb_to_recordset({duties})
                    as d (place int, kind text, minimum_percent bigint, cut_percent bigint)
            ), chosen as (
                select b.area_id, b.id as beneficiary_id, m.id as member_id, {places} as place
                from on_list l
                join beneficiaries b on b.area_id = l.area_id and b.id = l.beneficiary_id
                join memberships ms on ms.area_id = b.area_id and ms.beneficiary_id = b.id and ms.ended_on is null
                join members m on m.area_id = ms.area_id and m.id = ms.member_id
            ), counted as (
                select c.*, s.component, s.amount, s.most,
                    row_number() over (partition by c.beneficiary_id, c.place order by c.member_id) as number
                from chosen c join step s on s.place = c.place
            ), taken as (
                select *, row_number() over (partition by beneficiary_id order by place, member_id) as of_family
                from counted where number <= most
            ), share as (
                select * from taken where of_family <= {most}
            )"
        )
    }

    fn places(&mut self, plan: &Plan) -> String {
        let mut cases = Vec::new();
        for (place, step) in (1_i64..).zip(&plan.steps) {
            let condition = match &step.condition {
                None => "true".to_owned(),
                Some(condition) => {
                    let sql = condition.sql(plan.reference_on, self.next());
                    self.parameters.extend(sql.parameters.iter().cloned());
                    sql.value()
                }
            };
            cases.push(format!("when {condition} then {place}"));
        }
        format!("case {} end", cases.join(" "))
    }

    /// What was recorded last of each duty in the time that counts. Whoever comes to a session counts for the family: of
    /// several members who are recorded for a month, one is counted, and what was kept most.
    fn records(&mut self, plan: &Plan, areas: usize, known: &str) -> String {
        let from = self.bind(Parameter::Date(plan.duties.0));
        let before = self.bind(Parameter::Date(plan.duties.1));
        format!(
            "version as (
                select distinct on (r.area_id, r.member_id, r.kind, r.period) r.kind, r.period, r.due_count,
                    r.done_count,
                    case when r.kind = 'monthly_session' then r.beneficiary_id else r.member_id end as subject
                from duty_records r
                where r.area_id = any (${areas}) and r.period >= {from} and r.period < {before} {known}
                order by r.area_id, r.member_id, r.kind, r.period, r.version desc
            ), record as (
                select subject, kind, period, max(due_count) as due_count, max(done_count) as done_count
                from version group by subject, kind, period
            )"
        )
    }

    fn due(&mut self, plan: &Plan) -> String {
        let from = self.bind(Parameter::Date(plan.duties.0));
        let to = self.bind(Parameter::Date(plan.duties_to()));
        let least = self.bind(Parameter::Whole(plan.least));
        format!(
            "failed as (
                select h.beneficiary_id, h.member_id, d.kind, d.minimum_percent, d.cut_percent,
                    sum(r.due_count) as due_count, sum(r.done_count) as done_count
                from share h
                join duty d on d.place = h.place
                join record r on r.kind = d.kind
                    and r.subject = case when d.kind = 'monthly_session' then h.beneficiary_id else h.member_id end
                group by 1, 2, 3, 4, 5
                having sum(r.done_count) * 100 < sum(r.due_count) * d.minimum_percent
            ), cut as (
                select beneficiary_id, member_id, least(sum(cut_percent), 100) as percent,
                    jsonb_agg(jsonb_build_object('duty', kind, 'from', {from}, 'to', {to}, 'due_count', due_count,
                        'done_count', done_count, 'minimum_percent', minimum_percent, 'percent', cut_percent)
                        order by kind collate \"C\") as cuts
                from failed group by 1, 2
            ), paid as (
                select h.*, h.amount - trunc(h.amount * coalesce(c.percent, 0) / 100) as quantity,
                    coalesce(c.cuts, '[]') as cuts
                from share h left join cut c using (beneficiary_id, member_id)
            ), due_to as (
                select beneficiary_id, sum(quantity) as quantity,
                    jsonb_agg(jsonb_build_object('member_id', member_id, 'component', component,
                        'full_quantity', trim_scale(amount)::text, 'quantity', trim_scale(quantity)::text, 'cuts', cuts)
                        order by place, member_id) as breakdown
                from paid group by beneficiary_id having count(*) >= {least}
            )"
        )
    }
}

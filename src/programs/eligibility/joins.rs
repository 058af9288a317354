//! What a rule over a whole population joins to its families: each join reads its table once and has at most one row
//! a family.
//!
//! A look-up for each of a million families costs seconds where one pass over the table costs one. Yet a rule that
//! is asked about fifty families must not read the table, so this is only for populations.

use super::entries::{BY_MONTH, DUTIES_OF_PERIOD, DUTY_KEPT, OF_MONTH};

/// The joins that a rule needs.
#[derive(Debug)]
pub(super) struct Joins {
    areas: String,
    members: Vec<Option<String>>,
    ranks: Vec<String>,
    aid: Vec<String>,
    has_programs: bool,
    has_head: bool,
    has_visits: bool,
    duties: Option<(String, String)>,
}

impl Joins {
    /// None yet, over the areas of that placeholder.
    pub(super) fn of(areas: usize) -> Self {
        Self {
            areas: format!("${areas}"),
            members: Vec::new(),
            ranks: Vec::new(),
            aid: Vec::new(),
            has_programs: false,
            has_head: false,
            has_visits: false,
            duties: None,
        }
    }

    /// Number of live members, or of those for whom the condition holds.
    pub(super) fn count_members(&mut self, condition: Option<String>) -> String {
        self.members.push(condition);
        format!("coalesce(mm.c{}, 0)", self.members.len() - 1)
    }

    /// Number of the family's programs.
    pub(super) fn count_programs(&mut self) -> String {
        self.has_programs = true;
        "coalesce(pp.total, 0)".to_owned()
    }

    /// The family is on the program of that code.
    pub(super) fn on_program(&mut self, code: &str) -> String {
        self.has_programs = true;
        format!("coalesce({code} = ANY (pp.codes), false)")
    }

    /// The latest rank by the source of that placeholder.
    pub(super) fn rank(&mut self, source: &str) -> String {
        self.ranks.push(source.to_owned());
        format!("r{}.decile", self.ranks.len() - 1)
    }

    /// What the deliveries that the condition leaves come to.
    pub(super) fn aid(&mut self, what: &str, condition: &str) -> String {
        let areas = &self.areas;
        self.aid.push(format!(
            "SELECT d.area_id, d.beneficiary_id, {what} AS total FROM family_aid_given d JOIN programs p ON p.id = d.program_id \
             WHERE d.area_id = ANY ({areas}) AND {condition} GROUP BY d.area_id, d.beneficiary_id"
        ));
        format!("coalesce(d{}.total, 0)", self.aid.len() - 1)
    }

    /// The head stands beside the family as `h`, the tie as `hs`.
    pub(super) fn head(&mut self) {
        self.has_head = true;
    }

    /// Day of the last visit that found the family.
    pub(super) fn last_visit(&mut self) -> &'static str {
        self.has_visits = true;
        "vv.last_on"
    }

    /// The least that was kept of any duty in a period, by its first day and the first after it.
    pub(super) fn least_duty(&mut self, days: (String, String)) -> String {
        self.duties = Some(days);
        "du.kept".to_owned()
    }

    /// All of them, to stand after `beneficiaries b`.
    pub(super) fn text(&self) -> String {
        let areas = &self.areas;
        let mut joins = String::new();
        if self.has_head {
            joins.push_str(
                " LEFT JOIN memberships hs ON hs.area_id = b.area_id AND hs.beneficiary_id = b.id \
                 AND hs.ended_on IS NULL AND hs.relationship = 'head' \
                 LEFT JOIN members h ON h.area_id = hs.area_id AND h.id = hs.member_id",
            );
        }
        if !self.members.is_empty() {
            joins.push_str(&joined("mm", &self.members_text()));
        }
        if self.has_programs {
            let programs = format!(
                "SELECT e.area_id, e.beneficiary_id, count(*) AS total, array_agg(p.code) AS codes \
                 FROM enrollments e JOIN programs p ON p.id = e.program_id \
                 WHERE e.area_id = ANY ({areas}) AND e.status <> 'exited' GROUP BY e.area_id, e.beneficiary_id"
            );
            joins.push_str(&joined("pp", &programs));
        }
        for (number, source) in self.ranks.iter().enumerate() {
            // The latest period and its decile in one number, because sorting a million ranks takes longer.
            let ranks = format!(
                "SELECT r.area_id, r.beneficiary_id, max((r.period - DATE '0001-01-01') * 16 + r.decile) % 16 AS decile \
                 FROM welfare_ranks r WHERE r.area_id = ANY ({areas}) AND r.source = {source} \
                 GROUP BY r.area_id, r.beneficiary_id"
            );
            joins.push_str(&joined(&format!("r{number}"), &ranks));
        }
        for (number, aid) in self.aid.iter().enumerate() {
            joins.push_str(&joined(&format!("d{number}"), aid));
        }
        if self.has_visits {
            let visits = format!(
                "SELECT v.area_id, v.beneficiary_id, (max(v.visited_at) AT TIME ZONE 'Asia/Makassar')::date AS last_on \
                 FROM family_visits v WHERE v.area_id = ANY ({areas}) AND v.finding IN ('confirmed', 'corrected') \
                 GROUP BY v.area_id, v.beneficiary_id"
            );
            joins.push_str(&joined("vv", &visits));
        }
        if let Some((from, before)) = &self.duties {
            let duties = format!(
                "SELECT u.area_id, u.beneficiary_id, min(u.kept) AS kept FROM (\
                 SELECT k.area_id, k.beneficiary_id, {DUTY_KEPT} FROM (\
                 SELECT r.area_id, r.beneficiary_id, {OF_MONTH} FROM duty_records r \
                 WHERE r.area_id = ANY ({areas}) AND {} GROUP BY r.area_id, r.beneficiary_id, {BY_MONTH}) k \
                 GROUP BY k.area_id, k.beneficiary_id, k.kind, k.subject) u \
                 GROUP BY u.area_id, u.beneficiary_id",
                DUTIES_OF_PERIOD.replace("{from}", from).replace("{before}", before)
            );
            joins.push_str(&joined("du", &duties));
        }
        joins
    }

    /// One pass over the members for all counts; those who are part of none are left out before they are grouped.
    fn members_text(&self) -> String {
        let areas = &self.areas;
        let all = |condition: &Option<String>| condition.clone().unwrap_or_else(|| "true".to_owned());
        let counts = self.members.iter().enumerate().map(|(number, condition)| match condition {
            Some(condition) if self.members.len() > 1 => format!("count(*) FILTER (WHERE {condition}) AS c{number}"),
            _ => format!("count(*) AS c{number}"),
        });
        let counts: Vec<String> = counts.collect();
        let counted: Vec<String> = self.members.iter().map(all).collect();
        format!(
            "SELECT ms.area_id, ms.beneficiary_id, {} FROM memberships ms \
             JOIN members m ON m.area_id = ms.area_id AND m.id = ms.member_id \
             WHERE ms.area_id = ANY ({areas}) AND m.area_id = ANY ({areas}) AND ms.ended_on IS NULL AND ({}) \
             GROUP BY ms.area_id, ms.beneficiary_id",
            counts.join(", "),
            counted.join(" OR ")
        )
    }
}

fn joined(name: &str, rows: &str) -> String {
    format!(" LEFT JOIN ({rows}) {name} ON {name}.area_id = b.area_id AND {name}.beneficiary_id = b.id")
}

//! Trainings with who took part, and what visits found afterwards.

use super::{List, column};
use crate::auth::{Permission, ReadAid, ReadTrainingParticipants, ReadTrainings};
use crate::exports::rules::cells::Kind::{Day, Flag, Id, Instant, Text, Whole};

pub(super) static TRAININGS: List = List {
    scope: ReadTrainings::SCOPE,
    from: || "trainings t where t.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: None,
    order: "t.id",
    filters: &[
        ("status", "t.status = ?"),
        ("kind", "t.kind = ?"),
        ("program_id", "t.program_id = ?::uuid"),
        ("company_id", "t.company_id = ?::uuid"),
        ("village_code", "t.village_code = ?"),
        ("from", "t.ends_on >= ?::date"),
        ("to", "t.begins_on <= ?::date"),
    ],
    statuses: &["planned", "open", "held", "closed", "cancelled"],
    columns: &[
        column("id", Id, "t.id"),
        column("title", Text, "t.title"),
        column("kind", Text, "t.kind"),
        column("provider", Text, "t.provider"),
        column("program_id", Id, "t.program_id"),
        column("pledge_line_id", Id, "t.pledge_line_id"),
        column("pledge_id", Id, "t.pledge_id"),
        column("company_id", Id, "t.company_id"),
        column("village_code", Text, "t.village_code"),
        column("place", Text, "t.place"),
        column("seats", Whole, "t.seats"),
        column("begins_on", Day, "t.begins_on"),
        column("ends_on", Day, "t.ends_on"),
        column("competence_standard", Text, "t.competence_standard"),
        column("minimum_attendance_percent", Whole, "t.minimum_attendance_percent"),
        column("status", Text, "t.status"),
        column("cancellation_reason", Text, "t.cancellation_reason"),
        column(
            "participants",
            Whole,
            "(select count(*) from training_participants p
                where p.area_id = t.area_id and p.training_id = t.id and p.withdrawn_at is null)",
        ),
        column(
            "certificates",
            Whole,
            "(select count(*) from training_certificates c
                where c.area_id = t.area_id and c.training_id = t.id and c.revoked_at is null)",
        ),
        column("planned_by", Text, "t.planned_by"),
        column("version", Whole, "t.version"),
        column("created_at", Instant, "t.created_at"),
        column("updated_at", Instant, "t.updated_at"),
    ],
};

pub(super) static TRAINING_PARTICIPANTS: List = List {
    scope: ReadTrainingParticipants::SCOPE,
    from: || {
        "training_participants p
        cross join lateral (
            select coalesce(sum(a.lesson_hours), 0) as held_hours,
                coalesce(sum(a.lesson_hours) filter (where a.mark = 'present'), 0) as attended_hours
            from training_attendance a
            where a.area_id = p.area_id and a.training_id = p.training_id and a.participant_id = p.id
        ) as h
        where p.area_id = ($1::int [])[1]"
            .to_owned()
    },
    from_as_of: None,
    order: "p.id",
    filters: &[
        ("beneficiary_id", "p.beneficiary_id = ?::uuid"),
        (
            "village_code",
            "exists (select from beneficiaries b where b.area_id = p.area_id and b.id = p.beneficiary_id
                and b.village_code = ?)",
        ),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "p.id"),
        column("training_id", Id, "p.training_id"),
        column("beneficiary_id", Id, "p.beneficiary_id"),
        column("member_id", Id, "p.member_id"),
        column("aid_id", Id, "p.aid_id"),
        column("held_hours", Whole, "h.held_hours"),
        column("attended_hours", Whole, "h.attended_hours"),
        column("attended_percent", Whole, "case when h.held_hours > 0 then h.attended_hours * 100 / h.held_hours end"),
        column("assessment", Text, "p.assessment"),
        column("assessed_by", Text, "p.assessed_by"),
        column("assessed_at", Instant, "p.assessed_at"),
        column(
            "has_left",
            Flag,
            "(p.withdrawn_at is null
                and exists (
                    select from trainings t
                    where t.area_id = p.area_id and t.id = p.training_id and t.status = 'open')
                and not exists (
                    select from memberships m
                    where m.area_id = p.area_id and m.member_id = p.member_id and m.ended_on is null))",
        ),
        column("withdrawn_at", Instant, "p.withdrawn_at"),
        column("withdrawn_by", Text, "p.withdrawn_by"),
        column("withdrawal_reason", Text, "p.withdrawal_reason"),
        column("registered_by", Text, "p.registered_by"),
        column("version", Whole, "p.version"),
        column("created_at", Instant, "p.created_at"),
        column("updated_at", Instant, "p.updated_at"),
    ],
};

pub(super) static TRAINING_CERTIFICATES: List = List {
    scope: ReadTrainingParticipants::SCOPE,
    from: || "training_certificates c where c.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: None,
    order: "c.id",
    filters: &[
        ("beneficiary_id", "c.beneficiary_id = ?::uuid"),
        ("from", "c.issued_on >= ?::date"),
        ("to", "c.issued_on <= ?::date"),
        (
            "village_code",
            "exists (select from beneficiaries b where b.area_id = c.area_id and b.id = c.beneficiary_id
                and b.village_code = ?)",
        ),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "c.id"),
        column("training_id", Id, "c.training_id"),
        column("participant_id", Id, "c.participant_id"),
        column("beneficiary_id", Id, "c.beneficiary_id"),
        column("member_id", Id, "c.member_id"),
        column("number", Text, "c.number"),
        column("issued_on", Day, "c.issued_on"),
        column("competence", Text, "c.competence"),
        column("attended_percent", Whole, "c.attended_percent"),
        column("issued_by", Text, "c.issued_by"),
        column("revoked_at", Instant, "c.revoked_at"),
        column("revoked_by", Text, "c.revoked_by"),
        column("revocation_reason", Text, "c.revocation_reason"),
        column("version", Whole, "c.version"),
        column("created_at", Instant, "c.created_at"),
        column("updated_at", Instant, "c.updated_at"),
    ],
};

const NOT_CORRECTED: &str = "follow_ups f where f.area_id = ($1::int [])[1]
    and not exists (select from follow_ups n where n.area_id = f.area_id and n.corrects = f.id)";

/// Records that no later one corrects, as the list has them; a record itself is never changed.
pub(super) static FOLLOW_UPS: List = List {
    scope: ReadAid::SCOPE,
    from: || NOT_CORRECTED.to_owned(),
    from_as_of: Some(|| {
        "follow_ups f where f.area_id = ($1::int [])[1] and f.created_at <= $2
            and not exists (select from follow_ups n
                where n.area_id = f.area_id and n.corrects = f.id and n.created_at <= $2)"
            .to_owned()
    }),
    order: "f.id",
    filters: &[
        ("beneficiary_id", "f.beneficiary_id = ?::uuid"),
        ("village_code", "f.village_code = ?"),
        ("program_id", "f.program_id = ?::uuid"),
        ("from", "f.visited_on >= ?::date"),
        ("to", "f.visited_on <= ?::date"),
    ],
    statuses: &[],
    columns: &[
        column("id", Id, "f.id"),
        column("aid_id", Id, "f.aid_id"),
        column("source", Text, "f.source"),
        column("beneficiary_id", Id, "f.beneficiary_id"),
        column("village_code", Text, "f.village_code"),
        column("program_id", Id, "f.program_id"),
        column("pledge_id", Id, "f.pledge_id"),
        column("delivered_on", Day, "f.delivered_on"),
        column("month_mark", Whole, "f.month_mark"),
        column("visited_on", Day, "f.visited_on"),
        column("is_found", Flag, "f.is_found"),
        column("is_held", Flag, "f.is_held"),
        column("is_in_use", Flag, "f.is_in_use"),
        column("is_working", Flag, "f.is_working"),
        column("is_earning", Flag, "f.is_earning"),
        column("income", Text, "f.income"),
        column("is_on_aid", Flag, "f.is_on_aid"),
        column("note", Text, "f.note"),
        column("version", Whole, "f.version"),
        column("corrects", Id, "f.corrects"),
        column("recorded_by", Text, "f.recorded_by"),
        column("created_at", Instant, "f.created_at"),
    ],
};

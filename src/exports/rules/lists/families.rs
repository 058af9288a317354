//! Families, their members, and their welfare ranks.

use super::{List, column};
use crate::auth::{Permission, ReadBeneficiaries};
use crate::beneficiaries;
use crate::exports::rules::cells::Kind::{Card, Day, Flag, Id, Instant, Json, Nik, Text, Texts, Whole};

const FAMILY_STATUSES: &[&str] = &["live", "moved", "merged", "ended"];

/// Sealed numbers come with the id that they are sealed for in front.
pub(super) static BENEFICIARIES: List = List {
    scope: ReadBeneficiaries::SCOPE,
    from: || "beneficiaries b where b.area_id = ($1::int [])[1]".to_owned(),
    from_as_of: Some(|| format!("({}) b where true", beneficiaries::VERSIONS_AS_OF)),
    order: "b.id",
    filters: &[
        ("village_code", "b.village_code = ?"),
        ("status", "b.status = ?"),
        ("decile_max", "b.decile <= ?::smallint"),
        ("is_verified", "(b.verified_at is not null) = ?::bool"),
    ],
    statuses: FAMILY_STATUSES,
    columns: &[
        column("id", Id, "b.id"),
        column("village_code", Text, "b.village_code"),
        column("card_number", Card, "uuid_send(b.id) || b.card_sealed"),
        column("head_name", Text, "b.head_name"),
        column("member_count", Whole, "b.member_count"),
        column("address", Text, "b.address"),
        column("phone", Text, "b.phone"),
        column("status", Text, "b.status"),
        column("continued_in_id", Id, "b.continued_in_id"),
        column("decile", Whole, "b.decile"),
        column("decile_source", Text, "b.decile_source"),
        column("decile_period", Day, "b.decile_period"),
        column("verified_at", Instant, "b.verified_at"),
        column("verified_by", Text, "b.verified_by"),
        column("source", Text, "b.source"),
        column("warnings", Texts, "b.warnings"),
        column("attributes", Json, "b.attributes::text"),
        column("attribute_schema_id", Id, "b.attribute_schema_id"),
        column("version", Whole, "b.version"),
        column("created_at", Instant, "b.created_at"),
        column("updated_at", Instant, "b.updated_at"),
    ],
};

pub(super) static MEMBERS: List = List {
    scope: ReadBeneficiaries::SCOPE,
    from: || {
        "(
        select m.*, s.beneficiary_id, s.relationship, s.ended_on, s.end_reason
        from members m join memberships s on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null
        where m.area_id = ($1::int [])[1] and s.area_id = ($1)[1]
    ) m join beneficiaries b on b.area_id = m.area_id and b.id = m.beneficiary_id where b.area_id = ($1)[1]"
            .to_owned()
    },
    from_as_of: Some(|| {
        format!(
            "({}) m join ({}) b on b.area_id = m.area_id and b.id = m.beneficiary_id where true",
            beneficiaries::members_as_of(),
            beneficiaries::VERSIONS_AS_OF
        )
    }),
    order: "m.beneficiary_id, m.id",
    filters: &[
        ("village_code", "b.village_code = ?"),
        ("status", "b.status = ?"),
        ("decile_max", "b.decile <= ?::smallint"),
        ("is_verified", "(b.verified_at is not null) = ?::bool"),
        ("beneficiary_id", "m.beneficiary_id = ?::uuid"),
    ],
    statuses: FAMILY_STATUSES,
    columns: &[
        column("id", Id, "m.id"),
        column("beneficiary_id", Id, "m.beneficiary_id"),
        column("relationship", Text, "m.relationship"),
        column("nik", Nik, "uuid_send(m.id) || m.nik_sealed"),
        column("nik_status", Text, "m.nik_status"),
        column("name", Text, "m.name"),
        column("sex", Text, "m.sex"),
        column("born_on", Day, "m.born_on"),
        column("birth_place", Text, "m.birth_place"),
        column("mother_name", Text, "m.mother_name"),
        column("work", Text, "m.work"),
        column("is_pregnant", Flag, "m.is_pregnant"),
        column("has_disability", Flag, "m.has_disability"),
        column("in_school", Flag, "m.in_school"),
        column("died_on", Day, "m.died_on"),
        column("left_on", Day, "m.ended_on"),
        column("left_because", Text, "m.end_reason"),
        column("warnings", Texts, "m.warnings"),
        column("nik_checked_at", Instant, "m.nik_checked_at"),
        column("nik_checked_by", Text, "m.nik_checked_by"),
        column("attributes", Json, "m.attributes::text"),
        column("attribute_schema_id", Id, "m.attribute_schema_id"),
        column("version", Whole, "m.version"),
        column("created_at", Instant, "m.created_at"),
        column("updated_at", Instant, "m.updated_at"),
    ],
};

/// In the order of the key, so that a series stands together and nothing is sorted.
pub(super) static WELFARE_RANKS: List = List {
    scope: ReadBeneficiaries::SCOPE,
    from: || {
        "welfare_ranks r join beneficiaries b on b.area_id = r.area_id and b.id = r.beneficiary_id
        where r.area_id = ($1::int [])[1]"
            .to_owned()
    },
    from_as_of: Some(|| {
        format!(
            "welfare_ranks r join ({}) b on b.area_id = r.area_id and b.id = r.beneficiary_id
            where r.area_id = ($1::int [])[1] and r.recorded_at <= $2",
            beneficiaries::VERSIONS_AS_OF
        )
    }),
    order: "r.beneficiary_id, r.source, r.period",
    filters: &[
        ("beneficiary_id", "r.beneficiary_id = ?::uuid"),
        ("source", "r.source = ?"),
        ("period", "r.period = ?::date"),
        ("village_code", "b.village_code = ?"),
    ],
    statuses: &[],
    columns: &[
        column("beneficiary_id", Id, "r.beneficiary_id"),
        column("source", Text, "r.source"),
        column("period", Day, "r.period"),
        column("decile", Whole, "r.decile"),
        column("recorded_at", Instant, "r.recorded_at"),
    ],
};

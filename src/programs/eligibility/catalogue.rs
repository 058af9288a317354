//! The facts that rules may use: what each is, where it comes from and how SQL reads it.

use serde::Serialize;
use utoipa::ToSchema;

use super::entries::{Entry, FactRef, Kind, MOST_MEMBERS, MOST_PROGRAMS, Scope};

/// One fact, as the catalogue shows it to those who write rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fact {
    /// How a rule writes it; `member.` stands for the name a list condition gives to a member.
    #[schema(example = "family.decile", max_length = 60)]
    pub name: String,
    /// What kind of value it has.
    pub kind: FactKind,
    /// What a number counts.
    #[schema(example = "decile", max_length = 20)]
    pub unit: Option<&'static str>,
    /// The value may be unknown; `has(...)` asks whether it is known.
    pub nullable: bool,
    /// What it means, in English.
    #[schema(max_length = 200)]
    pub description_en: &'static str,
    /// What it means, in Indonesian.
    #[schema(max_length = 200)]
    pub description_id: &'static str,
    /// Record it is read from.
    #[schema(max_length = 200, example = "latest welfare rank")]
    pub source: &'static str,
    /// The only values a text can have; empty where the form says it.
    #[schema(max_items = 20)]
    pub values: &'static [&'static str],
    /// Least number that may be compared with it.
    pub minimum: Option<i64>,
    /// Greatest number that may be compared with it.
    pub maximum: Option<i64>,
    /// A rule that is right for this fact.
    #[schema(example = "family.decile <= 4", max_length = 200)]
    pub example: String,
}

/// What kind of value a fact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Holds or does not hold.
    Boolean,
    /// A whole number.
    Integer,
    /// A code or one of a few words.
    Text,
    /// Several texts, asked with `in`.
    TextList,
    /// The live members, asked with `exists`, `all`, `filter` and `size`.
    MemberList,
}

/// All facts, in the order a person reads them.
#[must_use]
pub fn facts() -> Vec<Fact> {
    let family = Scope::Family.entries().iter().map(|entry| described(Scope::Family, entry));
    let head = Scope::Head.entries().iter().map(|entry| described(Scope::Head, entry));
    let member = Scope::Member.entries().iter().map(|entry| described(Scope::Member, entry));
    family.chain([programs()]).chain(head).chain([members()]).chain(member).collect()
}

fn described(scope: Scope, entry: &'static Entry) -> Fact {
    let fact = FactRef { scope, entry };
    let name = fact.text("member");
    let test = format!("{name} {}", entry.test).trim_end().to_owned();
    let (minimum, maximum) = match entry.kind {
        Kind::Whole { least, most } => (Some(least), Some(most)),
        _ => (None, None),
    };
    Fact {
        kind: match entry.kind {
            Kind::Boolean => FactKind::Boolean,
            Kind::Whole { .. } => FactKind::Integer,
            Kind::Word(_) | Kind::Village | Kind::District => FactKind::Text,
        },
        unit: entry.unit,
        nullable: fact.is_nullable(),
        description_en: entry.en,
        description_id: entry.id,
        source: entry.source,
        values: match entry.kind {
            Kind::Word(words) => words,
            _ => &[],
        },
        minimum,
        maximum,
        example: if scope == Scope::Member { format!("members.exists(member, {test})") } else { test },
        name,
    }
}

fn programs() -> Fact {
    Fact {
        name: "family.programs".into(),
        kind: FactKind::TextList,
        unit: Some("programs"),
        nullable: false,
        description_en: "Codes of the programs the family is on: enrolled and not exited",
        description_id: "Kode program yang sedang diikuti keluarga: terdaftar dan belum keluar",
        source: "enrollments",
        values: &[],
        minimum: Some(0),
        maximum: Some(MOST_PROGRAMS),
        example: "!(\"PKH\" in family.programs)".into(),
    }
}

fn members() -> Fact {
    Fact {
        name: "members".into(),
        kind: FactKind::MemberList,
        unit: Some("persons"),
        nullable: false,
        description_en: "Live members of the family, its head included",
        description_id: "Anggota keluarga yang masih tercatat, termasuk kepala keluarga",
        source: "member register",
        values: &[],
        minimum: Some(0),
        maximum: Some(MOST_MEMBERS),
        example: "members.filter(member, member.age < 18).size() >= 2".into(),
    }
}

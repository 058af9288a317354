//! The facts that rules may use: what each is, where it comes from and how SQL reads it.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::entries::{
    DECILES, Entry, FactRef, Kind, MOST_DELIVERIES, MOST_MEMBERS, MOST_PROGRAMS, MOST_QUANTITY, Scope,
};
use super::keyed::AttributeKind;
use super::tree::quoted;

/// One fact, as the catalogue shows it to those who write rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fact {
    /// How a rule writes it; `member.` stands for the name a list condition gives to a member.
    #[schema(example = "family.decile", max_length = 80)]
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
    pub values: Vec<String>,
    /// Least number that may be compared with it.
    pub minimum: Option<i64>,
    /// Greatest number that may be compared with it.
    pub maximum: Option<i64>,
    /// A rule that is right for this fact.
    #[schema(example = "family.decile <= 4", max_length = 200)]
    pub example: String,
}

/// Most values of an attribute that are listed.
const MOST_VALUES: usize = 20;

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
    /// A number for each source, named after the dot.
    IntegerBySource,
    /// What records have beyond the fixed facts, named after the dot; `has(...)` asks whether it is there.
    Attributes,
    /// A quantity in the unit of a program, asked with its code and how many days to look back.
    QuantityOfProgram,
    /// A number, asked with the code of a program and how many days to look back.
    IntegerOfProgram,
    /// A number, perhaps with a fraction.
    Number,
}

/// All facts, in the order a person reads them.
#[must_use]
pub fn facts() -> Vec<Fact> {
    let family = Scope::Family.entries().iter().map(|entry| described(Scope::Family, entry));
    let head = Scope::Head.entries().iter().map(|entry| described(Scope::Head, entry));
    let member = Scope::Member.entries().iter().map(|entry| described(Scope::Member, entry));
    let by_key = [programs(), ranks(), received(), deliveries(), attributes("family")];
    let of_persons = [attributes("head"), attributes("member")];
    family.chain(by_key).chain(head).chain([members()]).chain(member).chain(of_persons).collect()
}

/// The attributes that a schema in force has, as facts of families or of members; a schema as it is registered.
#[must_use]
pub fn facts_of_schema(of_members: bool, schema: &Value) -> Vec<Fact> {
    let owner = if of_members { "member" } else { "family" };
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.filter_map(|(name, property)| attribute(owner, name, property)).collect()
}

fn attribute(owner: &str, name: &str, property: &Value) -> Option<Fact> {
    let kind = AttributeKind::of(property)?;
    let name = format!("{owner}.attributes.{name}");
    let limit = |keyword: &str| property.get(keyword).and_then(Value::as_i64);
    let values: Vec<String> = property.get("enum").and_then(Value::as_array).map_or_else(Vec::new, |values| {
        values.iter().filter_map(Value::as_str).take(MOST_VALUES).map(str::to_owned).collect()
    });
    let value = values.first().map_or("value", String::as_str);
    let (kind, test) = match kind {
        AttributeKind::Boolean => (FactKind::Boolean, name.clone()),
        AttributeKind::Number => (FactKind::Number, format!("{name} >= {}", limit("minimum").unwrap_or(1))),
        AttributeKind::Text => (FactKind::Text, format!("{name} == {}", quoted(value))),
        AttributeKind::TextList => (FactKind::TextList, format!("{} in {name}", quoted(value))),
    };
    Some(Fact {
        example: if owner == "member" { format!("members.exists(member, {test})") } else { test },
        kind,
        unit: None,
        nullable: true,
        description_en: "Attribute by the schema in force; unknown where a record has none, or one of another type",
        description_id: "Atribut menurut skema yang berlaku; tidak diketahui bila data tidak memuatnya atau jenisnya lain",
        source: "attributes",
        values,
        minimum: limit("minimum"),
        maximum: limit("maximum"),
        name,
    })
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
            Kind::Word(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            _ => Vec::new(),
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
        values: Vec::new(),
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
        values: Vec::new(),
        minimum: Some(0),
        maximum: Some(MOST_MEMBERS),
        example: "members.filter(member, member.age < 18).size() >= 2".into(),
    }
}

fn ranks() -> Fact {
    let (least, most) = DECILES;
    Fact {
        name: "family.ranks".into(),
        kind: FactKind::IntegerBySource,
        unit: Some("decile"),
        nullable: true,
        description_en: "Latest welfare rank by one source, named after the dot; unknown where it has not ranked the family",
        description_id: "Peringkat kesejahteraan terakhir menurut satu sumber; tidak diketahui bila sumber itu belum menilai",
        source: "welfare ranks",
        values: Vec::new(),
        minimum: Some(least),
        maximum: Some(most),
        example: "family.ranks.DTSEN <= 4".into(),
    }
}

fn received() -> Fact {
    Fact {
        name: "family.received".into(),
        kind: FactKind::QuantityOfProgram,
        unit: None,
        nullable: false,
        description_en: "Quantity handed over by a program in so many days up to the reference date, less what came back of it; 0 where nothing was",
        description_id: "Jumlah yang diserahkan suatu program dalam sekian hari sampai tanggal acuan, dikurangi yang kembali; 0 bila tidak ada",
        source: "deliveries",
        values: Vec::new(),
        minimum: Some(0),
        maximum: Some(MOST_QUANTITY),
        example: "family.received(\"RICE\", 90) < 30".into(),
    }
}

fn deliveries() -> Fact {
    Fact {
        name: "family.deliveries".into(),
        kind: FactKind::IntegerOfProgram,
        unit: Some("deliveries"),
        nullable: false,
        description_en: "How many times a program handed something over in so many days up to the reference date that did not come back whole",
        description_id: "Berapa kali suatu program menyerahkan bantuan yang tidak kembali seluruhnya dalam sekian hari sampai tanggal acuan",
        source: "deliveries",
        values: Vec::new(),
        minimum: Some(0),
        maximum: Some(MOST_DELIVERIES),
        example: "family.deliveries(\"RICE\", 365) == 0".into(),
    }
}

fn attributes(of: &str) -> Fact {
    let test = format!("{of}.attributes.name == \"value\"");
    Fact {
        name: format!("{of}.attributes"),
        kind: FactKind::Attributes,
        unit: None,
        nullable: true,
        description_en: "Attributes by the schemas of your sub-district; unknown where a record has none, or one of another type",
        description_id: "Atribut menurut skema kecamatan Anda; tidak diketahui bila data tidak memuatnya atau jenisnya lain",
        source: "attributes",
        values: Vec::new(),
        minimum: None,
        maximum: None,
        example: if of == "member" { format!("members.exists(member, {test})") } else { test },
    }
}

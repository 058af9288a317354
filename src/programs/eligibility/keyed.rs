//! Facts that a key names: attributes by their name, ranks by their source, aid by its program.

use serde_json::Value;

use super::entries::Scope;
use super::tree::quoted;

/// An attribute, as an expression names it. What it may be, the schemas of the sub-district say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttributeRef {
    pub(super) scope: Scope,
    pub(super) name: String,
}

/// What a rule takes an attribute for; one that is something else in a record is unknown there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    /// Holds or does not hold.
    Boolean,
    /// A number, perhaps with a fraction.
    Number,
    /// A text.
    Text,
    /// Several texts.
    TextList,
}

/// What the family was handed over by a program in the days up to the reference date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aid {
    pub(super) measure: AidMeasure,
    pub(super) code: String,
    pub(super) days: i64,
}

/// What is counted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AidMeasure {
    /// Quantity, in the unit of the program.
    Quantity,
    /// How many times something was handed over.
    Deliveries,
}

impl AttributeKind {
    /// What values of a property of a JSON Schema are for rules; nothing where rules cannot ask for them.
    #[must_use]
    pub fn of(property: &Value) -> Option<Self> {
        let type_of = |schema: &Value| schema.get("type").and_then(Value::as_str).map(str::to_owned);
        match type_of(property)?.as_str() {
            "boolean" => Some(Self::Boolean),
            "integer" | "number" => Some(Self::Number),
            "string" => Some(Self::Text),
            "array" if property.get("items").and_then(type_of).as_deref() == Some("string") => Some(Self::TextList),
            _ => None,
        }
    }
}

impl AttributeRef {
    /// How the source writes it; `variable` is the name of the member in scope.
    pub(super) fn text(&self, variable: &str) -> String {
        format!("{}.attributes.{}", self.scope.owner(variable), self.name)
    }
}

impl Aid {
    /// How the source writes it.
    pub(super) fn text(&self) -> String {
        format!("family.{}({}, {})", self.measure.name(), quoted(&self.code), self.days)
    }
}

impl AidMeasure {
    /// The function that asks for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Quantity => "received",
            Self::Deliveries => "deliveries",
        }
    }
}

/// How the source writes the rank of a source.
pub(super) fn rank_text(source: &str) -> String {
    format!("family.ranks.{source}")
}

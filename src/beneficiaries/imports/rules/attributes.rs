//! Attributes that a file tells: each cell as a value of the type that the schema in force says.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::cells;
use super::columns::Column;
use super::layout::{Reading, folded};
use super::row::{Cells, Surroundings, text};
use crate::beneficiaries::attributes::{AttributeName, AttributeSchema, AttributeSubject, value_of};
use crate::beneficiaries::imports::mappings::AttributeColumn;
use crate::domain::Text;
use crate::error::{Code, Fault};

/// What a column of attributes tells.
#[derive(Debug)]
pub(super) struct Target {
    subject: AttributeSubject,
    name: AttributeName,
    values: HashMap<String, String>,
}

impl Target {
    /// Reads a column of a layout, at its place there; values that stand twice are added to the faults.
    pub(super) fn of(column: &AttributeColumn, place: usize, faults: &mut Vec<Fault>) -> Self {
        let mut values = HashMap::new();
        for (at, value) in column.values.iter().enumerate() {
            if values.insert(folded(value.from.as_str()), value.to.to_string()).is_some() {
                faults.push(Fault::new(format!("/attributes/{place}/values/{at}"), Code::ValueTwice));
            }
        }
        Self { subject: column.subject, name: column.attribute.clone(), values }
    }

    /// What faults call it: `members.vaccinated`.
    pub(super) fn label(&self) -> String {
        format!("{}.{}", self.subject.as_str(), self.name.as_str())
    }

    /// What stands in a cell, in the words of the schema; empty where nothing does.
    fn told<'a>(&'a self, cell: &'a str) -> &'a str {
        let cell = cells::unquoted(cell.trim());
        self.values.get(&folded(cell)).map_or(cell, String::as_str)
    }

    /// What the schema of its subject says of the attribute.
    fn property<'a>(&self, schemas: &'a [AttributeSchema]) -> Option<&'a Value> {
        schemas.iter().find(|schema| schema.subject == self.subject)?.property(&self.name)
    }
}

/// Attributes of a reading that no schema in force has, each as a fault of the mapping.
pub(in crate::beneficiaries::imports) fn unknown_attributes(
    reading: &Reading,
    schemas: &[AttributeSchema],
) -> Vec<Fault> {
    let unknown = reading.targets.iter().filter(|target| target.property(schemas).is_none());
    let fault = |target: &Target| {
        let has_schema = schemas.iter().any(|schema| schema.subject == target.subject);
        let code = if has_schema { Code::AttributeUnknown } else { Code::AttributeSchemaMissing };
        Fault::new("/mapping_id", code).with_detail(target.label())
    };
    unknown.map(fault).collect()
}

/// Attributes of a row by name, each with its source and day; nothing where it tells none.
#[derive(Debug, Default)]
pub(in crate::beneficiaries::imports) struct Facts {
    pub(in crate::beneficiaries::imports) of_family: Option<Value>,
    pub(in crate::beneficiaries::imports) of_member: Option<Value>,
}

impl Cells<'_> {
    /// Reads the attributes of the row; where there are any, who says so and when is needed.
    pub(super) fn facts(&mut self, surroundings: &Surroundings) -> Facts {
        let reading = self.reading;
        let mut values = Vec::new();
        for (place, target) in reading.targets.iter().enumerate() {
            values.extend(self.attribute((place, target), &surroundings.schemas).map(|value| (target, value)));
        }
        if values.is_empty() {
            return Facts::default();
        }
        let source: Option<Text<40>> = self.needed(Column::AttributeSource, text);
        let observed_on = self.needed(Column::AttributeObservedOn, |text| {
            let day = cells::date(text, reading.dates)?;
            if day > surroundings.today { Err(Code::DateInFuture) } else { Ok(day) }
        });
        source.zip(observed_on).map(|from| facts(values, &from)).unwrap_or_default()
    }

    /// The value of a cell; `None` where it is empty, or at fault.
    fn attribute(&mut self, (place, target): (usize, &Target), schemas: &[AttributeSchema]) -> Option<Value> {
        let cell = self.header.cell(self.record, Column::ALL.len() + place);
        let value = match std::str::from_utf8(cell) {
            Err(_) => Err(Code::TextNotUtf8),
            Ok(cell) => match target.told(cell) {
                "" => return None,
                error if cells::is_error(error) => Err(Code::CellError),
                told => target.property(schemas).ok_or(Code::AttributeUnknown).and_then(|of| value_of(of, told)),
            },
        };
        value.map_err(|code| self.faults.push((Some(target.label().into()), code))).ok()
    }
}

fn facts(values: Vec<(&Target, Value)>, (source, observed_on): &(Text<40>, NaiveDate)) -> Facts {
    let (mut of_family, mut of_member) = (Map::new(), Map::new());
    for (target, value) in values {
        let facts = match target.subject {
            AttributeSubject::Beneficiaries => &mut of_family,
            AttributeSubject::Members => &mut of_member,
        };
        let fact = json!({ "value": value, "source": source, "observed_on": observed_on });
        facts.insert(target.name.as_str().to_owned(), fact);
    }
    let or_none = |facts: Map<String, Value>| (!facts.is_empty()).then_some(Value::Object(facts));
    Facts { of_family: or_none(of_family), of_member: or_none(of_member) }
}

//! Names and values of another system's file, and what they are here.

use std::collections::{HashMap, HashSet};

use super::attributes::Target;
use super::cells;
use super::columns::{ADDED, Column};
use crate::beneficiaries::imports::mappings::{DateForm, Layout};
use crate::error::{Code, Fault};

/// How the names, values and dates of a file are read.
#[derive(Debug)]
pub(in crate::beneficiaries::imports) struct Reading {
    columns: HashMap<String, Column>,
    /// What the columns of attributes tell, in the order of the mapping.
    pub(super) targets: Vec<Target>,
    /// Names of those columns, with their places in that order.
    attributes: HashMap<String, usize>,
    /// Names in the order of the mapping.
    names: Vec<String>,
    ignored: HashSet<String>,
    values: HashMap<(Column, String), String>,
    constants: HashMap<Column, String>,
    /// How dates are written beside `1990-01-31`.
    pub(super) dates: DateForm,
    /// True where spaces around a value are cut, as exports of other systems have them.
    pub(super) trims: bool,
}

impl Default for Reading {
    /// Columns as they are named here.
    fn default() -> Self {
        let all = Column::ALL.iter().filter(|column| !Column::OF_ATTRIBUTES.contains(column));
        Self {
            columns: all.clone().map(|column| (folded(column.as_str()), *column)).collect(),
            targets: Vec::new(),
            attributes: HashMap::new(),
            names: all.map(|column| column.as_str().to_owned()).collect(),
            ignored: HashSet::new(),
            values: HashMap::new(),
            constants: HashMap::new(),
            dates: DateForm::YearMonthDay,
            trims: false,
        }
    }
}

impl Reading {
    /// Reads by a layout.
    ///
    /// # Errors
    /// Names and columns that stand in it twice, by their places.
    pub(in crate::beneficiaries::imports) fn of(layout: &Layout) -> Result<Self, Vec<Fault>> {
        let mut reading = Self {
            columns: HashMap::new(),
            targets: Vec::new(),
            attributes: HashMap::new(),
            names: Vec::new(),
            ignored: layout.ignored_columns.iter().map(|name| folded(name.as_str())).collect(),
            values: HashMap::new(),
            constants: HashMap::new(),
            dates: layout.date_form.unwrap_or(DateForm::YearMonthDay),
            trims: true,
        };
        let mut faults = Vec::new();
        for (place, column) in layout.columns.iter().enumerate() {
            reading.names.push(column.from.to_string());
            let name = folded(column.from.as_str());
            let is_twice = reading.columns.values().any(|known| *known == column.to);
            if is_twice || reading.columns.contains_key(&name) {
                faults.push(Fault::new(format!("/columns/{place}"), Code::ColumnTwice));
            } else {
                reading.columns.insert(name, column.to);
            }
        }
        for (place, value) in layout.values.iter().enumerate() {
            let key = (value.column, folded(value.from.as_str()));
            if reading.values.insert(key, value.to.to_string()).is_some() {
                faults.push(Fault::new(format!("/values/{place}"), Code::ValueTwice));
            }
        }
        for (place, constant) in layout.constants.iter().enumerate() {
            if reading.constants.insert(constant.column, constant.value.to_string()).is_some() {
                faults.push(Fault::new(format!("/constants/{place}"), Code::ValueTwice));
            }
        }
        reading.add_attributes(layout, &mut faults);
        reading.names.extend(layout.ignored_columns.iter().map(ToString::to_string));
        if faults.is_empty() { Ok(reading) } else { Err(faults) }
    }

    fn add_attributes(&mut self, layout: &Layout, faults: &mut Vec<Fault>) {
        for (place, column) in layout.attributes.iter().enumerate() {
            let (name, target) = (folded(column.from.as_str()), Target::of(column, place, faults));
            let is_named = self.columns.contains_key(&name) || self.attributes.contains_key(&name);
            if is_named || self.targets.iter().any(|known| known.label() == target.label()) {
                faults.push(Fault::new(format!("/attributes/{place}"), Code::ColumnTwice));
                continue;
            }
            self.names.push(column.from.to_string());
            self.attributes.insert(name, self.targets.len());
            self.targets.push(target);
        }
        for needed in Column::OF_ATTRIBUTES.iter().filter(|_| !layout.attributes.is_empty()) {
            if !self.has_constant(*needed) && !self.columns.values().any(|known| known == needed) {
                let fault = Fault::new("/columns", Code::ColumnMissing);
                faults.push(fault.with_detail(needed.as_str().to_owned()));
            }
        }
    }

    /// How many columns there can be: the fixed ones, then the attributes.
    pub(super) fn slots(&self) -> usize {
        Column::ALL.len() + self.targets.len()
    }

    /// Which of them a name of the file means.
    pub(super) fn slot(&self, name: &str) -> Option<usize> {
        let name = folded(name);
        let column = self.columns.get(&name).map(|column| column.index());
        column.or_else(|| self.attributes.get(&name).map(|place| Column::ALL.len() + place))
    }

    /// What faults call one of them.
    pub(super) fn label(&self, slot: usize) -> String {
        let column = Column::ALL.get(slot).map(|column| column.as_str().to_owned());
        let target = || self.targets.get(slot.checked_sub(Column::ALL.len())?).map(Target::label);
        column.or_else(target).unwrap_or_default()
    }

    /// True where a file can tell attributes.
    pub(in crate::beneficiaries::imports) fn has_attributes(&self) -> bool {
        !self.targets.is_empty()
    }

    /// True where a column of the file is known to say nothing.
    pub(super) fn is_ignored(&self, name: &str) -> bool {
        ADDED.contains(&name) || self.ignored.contains(&folded(name))
    }

    /// Every name that a file may use, and those that the file of faults adds.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.names.iter().cloned().chain(ADDED.iter().map(ToString::to_string))
    }

    /// True where every row has the same value of a column.
    pub(super) fn has_constant(&self, column: Column) -> bool {
        self.constants.contains_key(&column)
    }

    /// What stands in a cell, in the words of this service; empty where nothing does.
    pub(super) fn value<'a>(&'a self, column: Column, cell: &'a str) -> &'a str {
        let cell = cells::unquoted(if self.trims { cell.trim() } else { cell });
        if cell.is_empty() {
            return self.constants.get(&column).map_or("", String::as_str);
        }
        if self.values.is_empty() {
            return cell;
        }
        self.values.get(&(column, folded(cell))).map_or(cell, String::as_str)
    }
}

/// Capitals, spaces and underscores do not tell names apart.
pub(super) fn folded(name: &str) -> String {
    let words = name.split(|letter: char| letter.is_whitespace() || letter == '_').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_found_whatever_their_capitals() {
        let layout: Layout = serde_json::from_value(serde_json::json!({
            "columns": [{ "from": "NO KK", "to": "card_number" }, { "from": "HUB_KELUARGA", "to": "relationship" }],
            "values": [{ "column": "relationship", "from": "KEPALA KELUARGA", "to": "head" }],
            "constants": [{ "column": "decile_source", "value": "DTSEN" }],
            "ignored_columns": ["KETERANGAN"]
        }))
        .unwrap();
        let reading = Reading::of(&layout).unwrap();
        assert_eq!(reading.slot("no_kk"), Some(Column::CardNumber.index()));
        assert_eq!(reading.value(Column::Relationship, " Kepala  Keluarga "), "head");
        assert_eq!(reading.value(Column::Relationship, "child"), "child");
        assert_eq!(reading.value(Column::DecileSource, ""), "DTSEN");
        assert!(reading.is_ignored("Keterangan") && !reading.is_ignored("NIK"));
    }

    #[test]
    fn a_name_or_column_that_stands_twice_is_told() {
        let layout: Layout = serde_json::from_value(serde_json::json!({
            "columns": [{ "from": "NIK", "to": "nik" }, { "from": "nik", "to": "name" }, { "from": "X", "to": "nik" }]
        }))
        .unwrap();
        let faults = Reading::of(&layout).unwrap_err();
        let told: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(told, ["/columns/1", "/columns/2"]);
    }

    #[test]
    fn attributes_have_a_name_and_a_column_each_and_say_who_says_so() {
        let layout = |rest: serde_json::Value| -> Layout {
            let mut layout = serde_json::json!({
                "columns": [{ "from": "NAMA", "to": "name" }, { "from": "TGL", "to": "attribute_observed_on" }],
                "attributes": [
                    { "from": "ATAP", "subject": "beneficiaries", "attribute": "roof" },
                    { "from": "VAKSIN", "subject": "members", "attribute": "roof" }
                ],
                "constants": [{ "column": "attribute_source", "value": "Desa" }]
            });
            for (key, value) in rest.as_object().unwrap() {
                layout[key] = value.clone();
            }
            serde_json::from_value(layout).unwrap()
        };
        let reading = Reading::of(&layout(serde_json::json!({}))).unwrap();
        let slot = reading.slot("vaksin").unwrap();
        assert_eq!((slot, reading.label(slot)), (Column::ALL.len() + 1, "members.roof".to_owned()));
        let told = |rest: serde_json::Value| -> Vec<String> {
            Reading::of(&layout(rest)).unwrap_err().into_iter().map(|fault| fault.pointer).collect()
        };
        assert_eq!(told(serde_json::json!({ "constants": [] })), ["/columns"]);
        let of = |from: &str, name: &str| {
            serde_json::json!({ "from": from, "subject": "members", "attribute": name,
                "values": [{ "from": "YA", "to": "true" }, { "from": "ya", "to": "false" }] })
        };
        let twice = serde_json::json!([of("ATAP", "roof"), of("Nama", "wall"), of("LAIN", "roof")]);
        let expected = [0, 1, 2].map(|place| format!("/attributes/{place}/values/1"));
        let mut found = told(serde_json::json!({ "attributes": twice }));
        found.retain(|pointer| !expected.contains(pointer));
        assert_eq!(found, ["/attributes/1", "/attributes/2"]);
    }
}

//! What was asked for against what the list has: faults, or the statement.

use chrono::NaiveDate;

use super::lists::{Column, List, list};
use crate::domain::{Text, has_plain_year};
use crate::error::{Code, Error, Fault, Result};
use crate::exports::model::{ExportFilter, NewExport, Numbers};

/// A list as it is read.
#[derive(Debug)]
pub(in crate::exports) struct Statement {
    /// Reads the rows.
    pub(in crate::exports) rows: String,
    /// Counts them.
    pub(in crate::exports) count: String,
    /// Values after the area and the instant.
    pub(in crate::exports) values: Vec<String>,
}

/// Compares a request with its list: the columns that were asked for, in that order.
///
/// # Errors
/// `invalid_fields`, all faults together.
pub(in crate::exports) fn choose(new: &NewExport) -> Result<Vec<Column>> {
    let list = list(new.list);
    let mut faults = filter_faults(list, &new.filter);
    let names: Option<Vec<&str>> = new.fields.as_ref().map(|names| names.iter().map(Text::as_str).collect());
    let columns = columns_of(list, names.as_deref(), &mut faults);
    if new.as_of.is_some() && list.from_as_of.is_none() {
        let told = "This list keeps no past versions.".to_owned();
        faults.push(Fault::new("/as_of", Code::UnknownField).with_detail(told));
    }
    if new.numbers == Numbers::Full && new.purpose.is_none() {
        faults.push(Fault::new("/purpose", Code::Required));
    }
    if faults.is_empty() { Ok(columns) } else { Err(Error::invalid(faults)) }
}

/// Filters that the list does not take, and values that it does not know: never read as "no filter".
fn filter_faults(list: &List, filter: &ExportFilter) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, value) in filter.given() {
        let pointer = format!("/filter/{name}");
        if !list.filters.iter().any(|(known, _)| *known == name) {
            faults.push(Fault::new(pointer, Code::UnknownField));
        } else if name == "status" && !list.statuses.contains(&value.as_str()) {
            faults.push(Fault::new(pointer, Code::ValueUnknown));
        } else if day_of(filter, name).is_some_and(|day| !has_plain_year(day)) {
            faults.push(Fault::new(pointer, Code::WrongType));
        }
    }
    if filter.decile_max.is_some_and(|decile| !(1..=10).contains(&decile)) {
        faults.push(Fault::new("/filter/decile_max", Code::DecileOutOfRange));
    }
    faults
}

/// The day of a filter, where it is one: the statement reads it from text, which knows no signed years.
fn day_of(filter: &ExportFilter, name: &str) -> Option<NaiveDate> {
    match name {
        "from" => filter.from,
        "to" => filter.to,
        _ => None,
    }
}

fn columns_of(list: &List, names: Option<&[&str]>, faults: &mut Vec<Fault>) -> Vec<Column> {
    let Some(names) = names else { return list.columns.to_vec() };
    if names.is_empty() {
        faults.push(Fault::new("/fields", Code::Required));
    }
    let mut columns: Vec<Column> = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let fault = |code| Fault::new(format!("/fields/{at}"), code);
        match list.columns.iter().find(|column| column.name == *name) {
            None => faults.push(fault(Code::RowFieldUnknown)),
            Some(column) if columns.iter().any(|known| known.name == column.name) => {
                faults.push(fault(Code::ValueTwice));
            }
            Some(column) => columns.push(*column),
        }
    }
    columns
}

impl List {
    /// The columns of these names; one that is gone meanwhile is left out.
    pub(in crate::exports) fn columns(&self, names: &[String]) -> Vec<Column> {
        let find = |name: &String| self.columns.iter().find(|column| column.name == name).copied();
        names.iter().filter_map(find).collect()
    }

    /// The statement that reads these columns of what a filter leaves.
    pub(in crate::exports) fn statement(&self, columns: &[Column], filter: &ExportFilter, is_as_of: bool) -> Statement {
        let as_of = self.from_as_of.filter(|_| is_as_of);
        let mut from = as_of.unwrap_or(self.from)();
        let first = if as_of.is_some() { 3 } else { 2 };
        let mut values = Vec::new();
        for (name, value) in filter.given() {
            if let Some((_, condition)) = self.filters.iter().find(|(known, _)| *known == name) {
                from.push_str(" and ");
                from.push_str(&condition.replace('?', &format!("${}::text", first + values.len())));
                values.push(value);
            }
        }
        let expressions: Vec<&str> = columns.iter().map(|column| column.sql).collect();
        Statement {
            rows: format!("select {} from {from} order by {}", expressions.join(", "), self.order),
            count: format!("select count(*) from {from}"),
            values,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn faults(new: Value) -> Vec<(String, Code)> {
        let new: NewExport = serde_json::from_value(new).unwrap();
        match choose(&new) {
            Err(Error::Refused(refusal)) => {
                refusal.faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_a_list_does_not_know_is_a_fault() {
        let new = json!({ "list": "needs", "format": "csv", "filter": { "status": "live", "decile_max": 3 },
            "fields": ["id", "nik", "id"], "as_of": "2026-01-01T00:00:00Z", "numbers": "full" });
        let expected = [
            ("/filter/status", Code::ValueUnknown),
            ("/filter/decile_max", Code::UnknownField),
            ("/fields/1", Code::RowFieldUnknown),
            ("/fields/2", Code::ValueTwice),
            ("/as_of", Code::UnknownField),
            ("/purpose", Code::Required),
        ];
        assert_eq!(faults(new), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn days_of_signed_years_are_faults_where_the_list_takes_days() {
        let new = json!({ "list": "asset_checks", "format": "csv",
            "filter": { "from": "-5000-01-01", "to": "+12345-01-01" } });
        let expected = [("/filter/from", Code::WrongType), ("/filter/to", Code::WrongType)];
        assert_eq!(faults(new), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        let new = json!({ "list": "needs", "format": "csv", "filter": { "from": "-5000-01-01" } });
        assert_eq!(faults(new), [("/filter/from".to_owned(), Code::UnknownField)]);
    }

    #[test]
    fn values_take_the_places_that_the_statement_names() {
        let new = json!({ "list": "beneficiaries", "format": "csv", "fields": ["decile", "id"],
            "filter": { "decile_max": 4, "village_code": "64.02.10.2004" } });
        let new: NewExport = serde_json::from_value(new).unwrap();
        let columns = choose(&new).unwrap();
        let statement = list(new.list).statement(&columns, &new.filter, false);
        assert_eq!(
            statement.rows,
            "select b.decile, b.id from beneficiaries b where b.area_id = ($1::int [])[1] and b.village_code = $2::text \
             and b.decile <= $3::text::smallint order by b.id"
        );
        assert_eq!(statement.values, ["64.02.10.2004", "4"]);
    }
}

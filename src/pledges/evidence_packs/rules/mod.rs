//! What a pack says and how it is written; pure.

mod annual;
mod canonical;
mod complaints;
mod csv;
mod disclosed;
mod iati;
mod page;
mod people;
mod quantities;
mod sections;
mod steps;
mod trainings;

pub(super) use annual::annual_groups;
pub(super) use canonical::canonical;
pub(super) use csv::csv;
pub(super) use iati::iati;
pub(super) use page::{page, page_policy};
pub(super) use sections::{first_group, groups};

use super::model::{PackCell, PackColumn, PackFact, PackRow, PackTable};

/// A value that is known.
fn fact(code: &str, label: &str, value: &(impl ToString + ?Sized)) -> PackFact {
    PackFact { code: code.into(), label: label.into(), value: Some(value.to_string()), missing_reason: None }
}

/// A value that the system does not have.
fn missing(code: &str, label: &str, reason: &str) -> PackFact {
    PackFact { code: code.into(), label: label.into(), value: None, missing_reason: Some(reason.into()) }
}

/// A value that may be there.
fn given(code: &str, label: &str, value: Option<impl ToString>, reason: &str) -> PackFact {
    match value {
        Some(value) => fact(code, label, &value),
        None => missing(code, label, reason),
    }
}

/// Rows of cells under their columns.
fn table(code: &str, title: &str, columns: &[(&str, &str)], rows: impl Iterator<Item = Vec<String>>) -> PackTable {
    let column = |(code, label): &(&str, &str)| PackColumn { code: (*code).into(), label: (*label).into() };
    let row = |cells: Vec<String>| PackRow { cells: cells.into_iter().map(PackCell).collect() };
    PackTable {
        code: code.into(),
        title: title.into(),
        columns: columns.iter().map(column).collect(),
        rows: rows.map(row).collect(),
    }
}

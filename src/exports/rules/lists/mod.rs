//! The lists that can be taken out, one row each.
//!
//! Every statement is of one area, `($1)[1]`, and of the instant `$2` where it is as of one. A filter is a condition
//! with `?` in the place of its value, which comes as text. Columns are named and ordered as the list answers them.

mod complaints;
mod families;
mod field;
mod means;
mod pledges;
mod programs;
mod queues;
mod trainings;

use super::cells::Kind;
use crate::exports::model::ExportedList;

/// One list.
pub(in crate::exports) struct List {
    /// The permission that reads it.
    pub(in crate::exports) scope: &'static str,
    /// What its rows are of, within the area.
    pub(in crate::exports::rules) from: fn() -> String,
    /// The same as of an instant; `None` where no past versions are kept.
    pub(in crate::exports::rules) from_as_of: Option<fn() -> String>,
    /// In which order.
    pub(in crate::exports::rules) order: &'static str,
    /// Filters by name.
    pub(in crate::exports::rules) filters: &'static [(&'static str, &'static str)],
    /// Values of the filter `status`.
    pub(in crate::exports::rules) statuses: &'static [&'static str],
    /// Columns.
    pub(in crate::exports::rules) columns: &'static [Column],
}

/// One column of a list.
#[derive(Debug, Clone, Copy)]
pub(in crate::exports) struct Column {
    /// Name, as in the JSON of a row.
    pub(in crate::exports) name: &'static str,
    /// What its values are.
    pub(in crate::exports) kind: Kind,
    /// The expression that reads it.
    pub(in crate::exports::rules) sql: &'static str,
}

const fn column(name: &'static str, kind: Kind, sql: &'static str) -> Column {
    Column { name, kind, sql }
}

/// The row of a list.
pub(in crate::exports) fn list(name: ExportedList) -> &'static List {
    match name {
        ExportedList::Beneficiaries => &families::BENEFICIARIES,
        ExportedList::Members => &families::MEMBERS,
        ExportedList::Enrollments => &programs::ENROLLMENTS,
        ExportedList::Entitlements => &programs::ENTITLEMENTS,
        ExportedList::Deliveries => &programs::DELIVERIES,
        ExportedList::Needs => &pledges::NEEDS,
        ExportedList::AllocationDeliveries => &pledges::ALLOCATION_DELIVERIES,
        ExportedList::Reserves => &programs::RESERVES,
        ExportedList::Replacements => &programs::REPLACEMENTS,
        ExportedList::Realisations => &pledges::REALISATIONS,
        ExportedList::Assets => &means::ASSETS,
        ExportedList::Custodies => &means::CUSTODIES,
        ExportedList::AssetChecks => &means::ASSET_CHECKS,
        ExportedList::StockLots => &means::STOCK_LOTS,
        ExportedList::StockMovements => &means::STOCK_MOVEMENTS,
        ExportedList::Trainings => &trainings::TRAININGS,
        ExportedList::TrainingParticipants => &trainings::TRAINING_PARTICIPANTS,
        ExportedList::TrainingCertificates => &trainings::TRAINING_CERTIFICATES,
        ExportedList::Visits => &field::VISITS,
        ExportedList::Deliberations => &field::DELIBERATIONS,
        ExportedList::FollowUps => &trainings::FOLLOW_UPS,
        ExportedList::Complaints => &complaints::COMPLAINTS,
        ExportedList::SensitiveComplaints => &complaints::SENSITIVE_COMPLAINTS,
        ExportedList::WelfareRanks => &families::WELFARE_RANKS,
        ExportedList::Warnings => &queues::WARNINGS,
        ExportedList::VerificationTasks => &queues::VERIFICATION_TASKS,
        ExportedList::ChangeRequests => &queues::CHANGE_REQUESTS,
        ExportedList::DuplicatePairs => &queues::DUPLICATE_PAIRS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_apart_and_filters_have_one_value() {
        for name in ExportedList::ALL {
            let list = list(*name);
            let mut names: Vec<_> = list.columns.iter().map(|column| column.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), list.columns.len(), "{name:?}");
            let takes_status = list.filters.iter().any(|(filter, _)| *filter == "status");
            assert_eq!(takes_status, !list.statuses.is_empty(), "{name:?}");
            assert!(list.filters.iter().all(|(_, condition)| condition.matches('?').count() == 1), "{name:?}");
        }
    }
}

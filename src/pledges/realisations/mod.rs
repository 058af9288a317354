//! Realisations: what was promised against what became of it, by company, field and village, as one report.
//!
//! What was handed over stands in the village of the families that got it, all else in a row without a village, so
//! that the rows of a company add up to its trails. A company sees no village of fewer than five families: what they
//! got stands in the row without a village, and enough of the others with it that it cannot be told by subtraction.

mod model;
mod queries;
mod routes;

pub(super) use routes::routes;

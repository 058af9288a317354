//! The database: an embedded server where none is given.

pub mod embedded;

//! Complaints (pengaduan): what people of villages say about aid at the desk, on the phone or in writing, and what became
//! of it.
//!
//! Each step is one command that its state allows, kept with who took it and why. Whoever lodged a complaint may answer it;
//! what is unfounded, or accuses somebody, a second person closes. What accuses somebody, of a levy or of bad conduct, is kept
//! close: only those who may read such find it, nobody is told by an event, and the client complained of never sees it.
//! A family's complaints are found by the family that it goes on as; a company is told numbers, by its evidence packs.

mod actions;
mod counts;
mod model;
mod queries;
mod routes;
mod rules;
mod steps;

pub use routes::routes;

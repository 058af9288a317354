//! Attributes: facts about families and members beyond the fixed fields, so that one can be added without code.
//!
//! Each is a value with its source and the day it was seen. A sub-district registers JSON Schemas for the values, one
//! version after the other and never changed; the newest checks what is written, and the record names it.

mod actions;
mod model;
mod queries;
mod routes;
mod rules;

pub use actions::join_attributes;
pub(super) use actions::{of_registration, settle};
pub use model::{Attribute, AttributeChanges, AttributeSchema, AttributeSubject, NewAttributeSchema};
pub(super) use model::{AttributeName, Settled};
pub use queries::in_force;
pub(super) use routes::routes;
pub(super) use rules::{Checker, value_of};

//! Bodies that are files, as the document tells them.

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A file of at most so many bytes.
#[derive(Debug)]
pub struct File<const MOST_BYTES: usize>;

impl<const MOST_BYTES: usize> PartialSchema for File<MOST_BYTES> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .max_length(Some(MOST_BYTES))
            .into()
    }
}

impl<const MOST_BYTES: usize> ToSchema for File<MOST_BYTES> {}

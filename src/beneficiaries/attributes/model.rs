//! Attributes and their schemas as rows, requests and answers.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::domain::{AttributeSchemaId, DistrictCode, Text, text_enum};
use crate::http::{AsOf, ByCreation};
use crate::schema::attribute_schemas;

/// Most attributes that a record has.
pub(super) const ATTRIBUTES: usize = 50;
/// Longest text of an attribute.
pub(super) const TEXT_LENGTH: usize = 500;
/// Most items of a list of an attribute.
pub(super) const LIST_LENGTH: usize = 50;

text_enum! {
    /// Whose attributes a schema is for.
    AttributeSubject {
        /// Families.
        Beneficiaries "beneficiaries",
        /// Persons.
        Members "members",
    }
}

/// Name of an attribute: 1 to 40 lower-case letters and underscores, beginning with a letter.
///
/// No digit, so that no number of a person can pass for a name and be told back in a pointer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct AttributeName(String);

impl AttributeName {
    /// What the document says of a name.
    const PATTERN: &'static str = "^[a-z][a-z_]{0,39}$";

    /// True where a text can be a name.
    pub(super) fn fits(text: &str) -> bool {
        (1..=40).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn form() -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::String).pattern(Some(Self::PATTERN)).max_length(Some(40))
    }
}

impl TryFrom<String> for AttributeName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if Self::fits(&text) { Ok(Self(text)) } else { Err("attribute_name_malformed") }
    }
}

impl PartialSchema for AttributeName {
    fn schema() -> RefOr<Schema> {
        Self::form().min_length(Some(1)).into()
    }
}

impl ToSchema for AttributeName {}

/// A fact: what is so, who says it, and when it was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "value": "palm leaf", "source": "visit", "observed_on": "2026-11-01" }))]
pub struct Attribute {
    /// What is so, as the schema in force allows it: a text, a number, true or false, or a list of these
    #[schema(example = "palm leaf")]
    pub value: Value,
    /// Who says it, such as `visit`, `village office` or `DTSEN`
    #[schema(example = "visit")]
    pub source: Text<40>,
    /// Day on which it was so
    pub observed_on: NaiveDate,
}

/// Attributes to set (a whole one) or to remove (`null`), by name; those that are not named stay.
///
/// One is never half replaced: a new value comes with its own source and day.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct AttributeChanges(pub(super) BTreeMap<AttributeName, Option<Attribute>>);

impl AttributeChanges {
    /// True where nothing is to change.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The attributes of a record with the changes (RFC 7396).
    pub(super) fn apply(&self, before: Option<&Value>) -> serde_json::Result<Map<String, Value>> {
        let mut merged = before.and_then(Value::as_object).cloned().unwrap_or_default();
        for (name, attribute) in &self.0 {
            match attribute {
                Some(attribute) => merged.insert(name.as_str().to_owned(), serde_json::to_value(attribute)?),
                None => merged.remove(name.as_str()),
            };
        }
        Ok(merged)
    }
}

impl PartialSchema for AttributeChanges {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .property_names(Some(AttributeName::form()))
            .additional_properties(Some(or_null(Attribute::schema())))
            .max_properties(Some(ATTRIBUTES))
            .description(Some("Attributes to set, each whole, or to remove by `null`; those that are not named stay"))
            .into()
    }
}

impl ToSchema for AttributeChanges {}

/// The schema of an object that may be `null`, in one.
fn or_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            object.schema_type = SchemaType::Array(vec![Type::Object, Type::Null]);
            RefOr::T(Schema::Object(object))
        }
        other => other,
    }
}

/// A schema of attributes, one version of several.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = attribute_schemas)]
pub struct AttributeSchema {
    /// Id of the schema
    pub id: AttributeSchemaId,
    /// Whose attributes it is for
    pub subject: AttributeSubject,
    /// Counts from 1 for each subject of a sub-district
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// JSON Schema (2020-12) of the values by name
    #[diesel(column_name = schema)]
    #[schema(value_type = Object, example = json!({
        "type": "object",
        "properties": { "roof": { "type": "string", "maxLength": 20, "pattern": "^(palm leaf|zinc|tile)$" } }
    }))]
    pub definition: Value,
    /// Client that registered it
    #[schema(max_length = 63)]
    pub created_by: String,
    /// When it was registered
    pub created_at: DateTime<Utc>,
}

impl AttributeSchema {
    /// What the schema says of an attribute.
    pub(in crate::beneficiaries) fn property(&self, name: &AttributeName) -> Option<&Value> {
        self.definition.get("properties")?.get(name.as_str())
    }
}

/// Attributes of a record as they are to be written, with the schema that checked them; none where it has none.
#[derive(Debug, Clone, Default, PartialEq, QueryableByName)]
pub(in crate::beneficiaries) struct Settled {
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(in crate::beneficiaries) attributes: Option<Value>,
    #[diesel(sql_type = Nullable<SqlUuid>, column_name = attribute_schema_id)]
    pub(in crate::beneficiaries) schema_id: Option<AttributeSchemaId>,
}

/// A schema to register: the next version of its subject.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "subject": "beneficiaries",
    "definition": {
        "type": "object",
        "properties": {
            "roof": { "type": "string", "maxLength": 20, "pattern": "^(palm leaf|zinc|tile)$" },
            "floor_area": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 1000 },
            "assessed_decile": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 10 },
            "rooms": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 50 }
        }
    }
}))]
pub struct NewAttributeSchema {
    /// Whose attributes it is for
    pub subject: AttributeSubject,
    /// JSON Schema (2020-12) of type object: its `properties` are the attributes, each of one `type` with its bounds
    #[schema(value_type = Object)]
    pub definition: Value,
    /// Your sub-district; needed where you act for several
    pub district_code: Option<DistrictCode>,
}

/// Which schemas, newest first.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AttributeSchemaFilter {
    /// Schemas of this subject
    #[param(inline)]
    pub(super) subject: Option<AttributeSubject>,
    /// Schemas that were registered by then (RFC 3339); the newest of each subject was in force
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}

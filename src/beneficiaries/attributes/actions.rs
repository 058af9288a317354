//! Registering schemas, and settling what the attributes of a record are, inside the transaction of its write.

use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{AttributeChanges, AttributeSchema, AttributeSubject, NewAttributeSchema, Settled};
use super::rules::Checker;
use super::{queries, rules};
use crate::audit;
use crate::beneficiaries::members::MemberRow;
use crate::beneficiaries::model::{BeneficiaryRow, NewBeneficiary};
use crate::db::{self, Conn};
use crate::domain::{AttributeSchemaId, Caller};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::regions;

/// Registers the next version of a schema.
///
/// # Errors
/// `invalid_fields`.
pub(super) async fn add(conn: &Conn, caller: &Caller, new: &NewAttributeSchema) -> Result<AttributeSchema> {
    let area_id = regions::acting_area(conn, &caller.scope, new.district_code.as_ref()).await?;
    let faults = rules::faults_of_schema(&new.definition);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let version = queries::last_version(conn, area_id, new.subject).await? + 1;
    let schema = AttributeSchema {
        id: AttributeSchemaId::new(),
        subject: new.subject,
        version,
        definition: new.definition.clone(),
        created_by: caller.client_id.clone(),
        created_at: db::now(),
    };
    queries::insert(conn, area_id, &schema).await?;
    let write = audit::Write::of("register_attribute_schema", "attribute_schemas", schema.id.0, area_id);
    audit::record(conn, caller, write, None, Some(&schema)).await?;
    let event = NewEvent {
        kind: "attribute_schema.registered",
        subject: "attribute_schemas",
        subject_id: schema.id.0,
        area_id,
        company_id: None,
        data: json!({ "subject": schema.subject, "version": version }),
    };
    events::emit(conn, event).await?;
    Ok(schema)
}

impl Settled {
    fn by(schema: &AttributeSchema, attributes: serde_json::Map<String, Value>) -> Self {
        if attributes.is_empty() {
            return Self::default();
        }
        Self { attributes: Some(Value::Object(attributes)), schema_id: Some(schema.id) }
    }
}

impl BeneficiaryRow {
    /// The row with its attributes.
    pub(in crate::beneficiaries) fn with_attributes(self, settled: Settled) -> Self {
        Self { attributes: settled.attributes, attribute_schema_id: settled.schema_id, ..self }
    }
}

impl MemberRow {
    /// The row with its attributes.
    pub(in crate::beneficiaries) fn with_attributes(self, settled: Settled) -> Self {
        Self { attributes: settled.attributes, attribute_schema_id: settled.schema_id, ..self }
    }
}

/// The attributes of a record after changes; as they were where nothing changes.
///
/// # Errors
/// `invalid_fields`, each fault with the pointer of its attribute.
pub(in crate::beneficiaries) async fn settle(
    conn: &Conn,
    (area_id, subject): (i32, AttributeSubject),
    before: Settled,
    changes: Option<&Option<AttributeChanges>>,
) -> Result<Settled> {
    let Some(changes) = changes else { return Ok(before) };
    let Some(changes) = changes else { return Ok(Settled::default()) };
    let merged = changes.apply(before.attributes.as_ref()).map_err(Error::internal)?;
    if before.attributes.as_ref().and_then(Value::as_object) == Some(&merged)
        || before.attributes.is_none() && merged.is_empty()
    {
        return Ok(before);
    }
    let schema = queries::newest(conn, area_id, subject).await?;
    let schema = schema.ok_or_else(|| Error::invalid_field("/attributes", Code::AttributeSchemaMissing))?;
    let faults = Checker::of(&schema.definition)?.faults_of(&merged, db::today(), "");
    if faults.is_empty() { Ok(Settled::by(&schema, merged)) } else { Err(Error::invalid(faults)) }
}

/// Gives a record that goes on the attributes that it lacks of one that ends: its own stay, and where the schema in force
/// does not allow them together, only its own. The versions of both are kept by whoever calls.
///
/// # Errors
/// Where the database refuses, or a registered schema cannot be read any more.
pub async fn join_attributes(
    conn: &Conn,
    (area_id, subject): (i32, AttributeSubject),
    (from, to): (Uuid, Uuid),
) -> Result<()> {
    let own = queries::settled(conn, (area_id, subject), to).await?;
    let other = queries::settled(conn, (area_id, subject), from).await?;
    let Some(Value::Object(mut joined)) = other.attributes else { return Ok(()) };
    let own = own.attributes.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    joined.extend(own.clone());
    let Some(schema) = queries::newest(conn, area_id, subject).await?.filter(|_| joined != own) else {
        return Ok(());
    };
    if Checker::of(&schema.definition)?.faults_of(&joined, db::today(), "").is_empty() {
        queries::settle(conn, (area_id, subject), to, &Settled::by(&schema, joined)).await?;
    }
    Ok(())
}

/// The attributes of a family to register and of its members, in their order.
///
/// # Errors
/// `invalid_fields` with the faults of all of them.
pub(in crate::beneficiaries) async fn of_registration(
    conn: &Conn,
    area_id: i32,
    new: &NewBeneficiary,
) -> Result<(Settled, Vec<Settled>)> {
    let mut faults = Vec::new();
    let of_family = vec![(String::new(), &new.attributes)];
    let members = new.members.iter().enumerate();
    let of_members: Vec<_> = members.map(|(at, member)| (format!("/members/{at}"), &member.attributes)).collect();
    let family = settle_new(conn, (area_id, AttributeSubject::Beneficiaries), of_family, &mut faults).await?;
    let members = settle_new(conn, (area_id, AttributeSubject::Members), of_members, &mut faults).await?;
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    Ok((family.into_iter().next().unwrap_or_default(), members))
}

/// Settles attributes of new records, each at its place in the body; the schema is read where there are any.
async fn settle_new(
    conn: &Conn,
    (area_id, subject): (i32, AttributeSubject),
    given: Vec<(String, &AttributeChanges)>,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Settled>> {
    if given.iter().all(|(_, attributes)| attributes.is_empty()) {
        return Ok(vec![Settled::default(); given.len()]);
    }
    let schema = queries::newest(conn, area_id, subject).await?;
    let checker = schema.as_ref().map(|schema| Checker::of(&schema.definition)).transpose()?;
    let today = db::today();
    let mut settled = Vec::with_capacity(given.len());
    for (at, attributes) in given {
        let attributes = attributes.apply(None).map_err(Error::internal)?;
        match schema.as_ref().zip(checker.as_ref()) {
            _ if attributes.is_empty() => settled.push(Settled::default()),
            None => faults.push(Fault::new(format!("{at}/attributes"), Code::AttributeSchemaMissing)),
            Some((schema, checker)) => {
                faults.extend(checker.faults_of(&attributes, today, &at));
                settled.push(Settled::by(schema, attributes));
            }
        }
    }
    Ok(settled)
}

//! Random requests of what a role may read: filters, orders, fields, cursors and ids of all that there is.

use std::collections::HashMap;

use serde_json::Value;
use sinergi::auth;

use crate::document::{filled_in, resolve, scopes_of};
use crate::draw::Draw;

/// Ids and codes of rows, each after the name of its table.
pub(crate) const IDS: &str = "
    select t || '|' || id as found from (
        (select 'pledges' as t, id::text as id from pledges order by md5(id::text) limit 60)
        union all (select 'pledge_lines', id::text from pledge_lines order by md5(id::text) limit 60)
        union all (select 'companies', id::text from companies)
        union all (select 'receipts', id::text from receipts order by md5(id::text) limit 60)
        union all (select 'evidence_packs', id::text from evidence_packs order by md5(id::text) limit 60)
        union all (select 'pledge_decisions', id::text from pledge_decisions order by md5(id::text) limit 60)
        union all (select 'matching_runs', id::text from matching_runs order by md5(id::text) limit 60)
        union all (select 'allocations', id::text from allocations order by md5(id::text) limit 60)
        union all (select 'beneficiaries', id::text from beneficiaries order by md5(id::text) limit 60)
        union all (select 'members', id::text from members order by md5(id::text) limit 60)
        union all (select 'needs', id::text from needs order by md5(id::text) limit 60)
        union all (select 'assets', id::text from assets order by md5(id::text) limit 60)
        union all (select 'trainings', id::text from trainings order by md5(id::text) limit 60)
        union all (select 'programs', id::text from programs)
        union all (select 'rule_sets', id::text from rule_sets)
        union all (select 'overlap_rules', id::text from overlap_rules)
        union all (select 'webhooks', id::text from webhooks)
        union all (select 'regions', code from regions where code like '64.02.%' order by md5(code) limit 60)
        union all (select 'need_kinds', code from need_kinds)
    ) as rows";

/// Ids of all families.
pub(crate) const FAMILIES: &str = "select id::text as found from beneficiaries";

/// What no parameter should take.
const NONSENSE: [&str; 10] =
    ["", "'", "null", "-1", "2026-13-40", "[]", "../../v1/members", "%00", "1 or 1=1", "99999999999999999999"];

/// A request, and which form of the answer it asks for.
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) accept: Option<String>,
}

pub(crate) struct Fuzz {
    operations: Vec<Operation>,
    ids: HashMap<String, Vec<String>>,
}

struct Operation {
    path: String,
    parameters: Vec<Parameter>,
    /// Fields of a row.
    fields: Vec<String>,
    forms: Vec<String>,
}

struct Parameter {
    name: String,
    place: String,
    schema: Value,
    example: Option<String>,
}

impl Fuzz {
    /// All that a role may read of the document, over rows told by [`IDS`].
    pub(crate) fn new(document: &Value, role: &str, rows: &[String]) -> Self {
        let granted = auth::scopes_of(role);
        let paths = document["paths"].as_object().unwrap().iter().filter(|(_, item)| item["get"].is_object());
        // What anybody may read has no company in it.
        let may = |node: &Value| {
            let scopes = if node["security"].is_array() { scopes_of(node) } else { Vec::new() };
            !scopes.is_empty() && scopes.iter().all(|scope| granted.contains(&scope.as_str()))
        };
        let operations: Vec<Operation> = paths
            .filter(|(_, item)| may(&item["get"]))
            .map(|(path, item)| Operation::new(document, path, &item["get"]))
            .collect();
        assert!(operations.len() > 20, "{role} may read {} operations", operations.len());
        let mut ids = HashMap::<String, Vec<String>>::new();
        for row in rows {
            let (table, id) = row.split_once('|').unwrap();
            ids.entry(table.to_owned()).or_default().push(id.to_owned());
        }
        Self { operations, ids }
    }

    /// The next request; `cursors` are those that any answer gave.
    pub(crate) fn request(&self, draw: &mut Draw, cursors: &[String]) -> Request {
        let operation = draw.of(&self.operations);
        let mut path = operation.path.clone();
        let mut query = form_urlencoded::Serializer::new(String::new());
        let noun = operation.path.split('/').nth(2).unwrap_or_default().replace('-', "_");
        for parameter in &operation.parameters {
            if parameter.place == "path" {
                let value = self.value(draw, parameter, &noun);
                let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
                path = path.replace(&format!("{{{}}}", parameter.name), &value);
            } else if parameter.place == "query" && draw.once_in(4) {
                let value = match parameter.name.as_str() {
                    "cursor" if !cursors.is_empty() => cursor(draw, cursors),
                    "fields" => fields(draw, &operation.fields),
                    _ => self.value(draw, parameter, &noun),
                };
                query.append_pair(&parameter.name, &value);
            }
        }
        let query = query.finish();
        if !query.is_empty() {
            path = format!("{path}?{query}");
        }
        let accept = (operation.forms.len() > 1).then(|| draw.of(&operation.forms).clone());
        Request { path, accept }
    }

    fn value(&self, draw: &mut Draw, parameter: &Parameter, noun: &str) -> String {
        if draw.once_in(12) {
            return (*draw.of(&NONSENSE)).to_owned();
        }
        if let Some(values) = parameter.schema["enum"].as_array() {
            return text(draw.of(values));
        }
        if let (Some(example), true) = (&parameter.example, draw.once_in(3)) {
            return example.clone();
        }
        if let Some(id) = self.id(draw, parameter, noun) {
            return id;
        }
        let kind = parameter.schema["type"].as_str().unwrap_or_default();
        match (kind, parameter.schema["format"].as_str()) {
            ("boolean", _) => (*draw.of(&["true", "false"])).to_owned(),
            ("integer", _) => {
                let bound = |name: &str, otherwise| parameter.schema[name].as_i64().unwrap_or(otherwise);
                let (least, most) = (bound("minimum", 0), bound("maximum", 100).min(3_000));
                let span = usize::try_from((most - least).max(1)).unwrap();
                (least + i64::try_from(draw.below(span)).unwrap()).to_string()
            }
            (_, Some("date")) => format!("2026-{:02}-{:02}", 1 + draw.below(12), 1 + draw.below(28)),
            (_, Some("date-time")) => format!("2026-{:02}-{:02}T00:00:00Z", 1 + draw.below(12), 1 + draw.below(28)),
            _ => parameter.example.clone().unwrap_or_else(|| (*draw.of(&NONSENSE)).to_owned()),
        }
    }

    /// An id of the kind that the parameter names, now and then of any.
    fn id(&self, draw: &mut Draw, parameter: &Parameter, noun: &str) -> Option<String> {
        let name = parameter.name.as_str();
        let table = match name {
            "code" | "kind" if noun.starts_with("need") => "need_kinds".to_owned(),
            "id" | "code" => noun.to_owned(),
            "village_code" | "parent_code" => "regions".to_owned(),
            "company_id" => "companies".to_owned(),
            "beneficiary_id" => "beneficiaries".to_owned(),
            _ => format!("{}s", name.strip_suffix("_id")?),
        };
        let any = draw.once_in(5);
        let known = if any { None } else { self.ids.get(&table) };
        let mut tables: Vec<&String> = self.ids.keys().collect();
        tables.sort();
        let some = known.unwrap_or_else(|| &self.ids[*draw.of(&tables)]);
        Some(draw.of(some).clone())
    }
}

impl Operation {
    fn new(document: &Value, path: &str, node: &Value) -> Self {
        let parameter = |parameter: &Value| {
            let parameter = resolve(document, parameter);
            Parameter {
                name: text(&parameter["name"]),
                place: text(&parameter["in"]),
                schema: resolve(document, &parameter["schema"]).clone(),
                example: filled_in(document, parameter),
            }
        };
        let content = node["responses"]["200"]["content"].as_object();
        let page = content.and_then(|content| content.get("application/json"));
        let page = page.map(|media| resolve(document, &media["schema"]));
        let row = page.map(|page| resolve(document, &page["properties"]["items"]["items"]));
        let fields = row.and_then(|row| row["properties"].as_object());
        Self {
            path: path.to_owned(),
            parameters: node["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
            fields: fields.into_iter().flat_map(|fields| fields.keys().cloned()).collect(),
            forms: content.into_iter().flat_map(|content| content.keys().cloned()).collect(),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// A cursor of any list, now and then changed.
fn cursor(draw: &mut Draw, cursors: &[String]) -> String {
    let mut cursor = draw.of(cursors).clone();
    if draw.once_in(4) {
        let at = draw.below(cursor.len());
        let other = *draw.of(&["A", "b", "7", "_"]);
        cursor.replace_range(at..=at, other);
    }
    cursor
}

/// Some fields of a row, now and then one that it should not have.
fn fields(draw: &mut Draw, all: &[String]) -> String {
    let hidden = ["area_id", "head_name", "beneficiary_id", "nik", "address", "content", "created_by"];
    let mut named: Vec<String> =
        (0..=draw.below(4)).filter(|_| !all.is_empty()).map(|_| draw.of(all).clone()).collect();
    if named.is_empty() || draw.once_in(4) {
        named.push((*draw.of(&hidden)).to_owned());
    }
    named.sort();
    named.dedup();
    named.join(",")
}

//! Operations as the document describes them.

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use sinergi::auth::PERMISSIONS;

use super::world::World;
use crate::examples::offered_first;
use crate::support::{Answer, Client, send};

/// An operation, and how to call it.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    path: String,
    /// The scope it asks for; empty for none.
    pub(crate) scope: String,
    parameters: Vec<Value>,
    /// Media type and example of the body.
    body: Option<(String, Value)>,
    /// Members of the body, those within others as well, and whether each is one of the body itself.
    members: Vec<(String, bool)>,
    /// Whether it tells that nothing has changed.
    pub(crate) is_conditional: bool,
}

/// Every operation of the document.
pub(crate) fn operations() -> Vec<Operation> {
    let document = sinergi::app::document();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, node) in item.as_object().unwrap().iter().filter(|(_, node)| node["operationId"].is_string()) {
            all.push(Operation {
                id: node["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                scope: node["security"][0]["oauth2"][0].as_str().unwrap_or_default().to_owned(),
                parameters: parameters(&document, node),
                body: body(node),
                members: members(&document, node),
                is_conditional: node["responses"]["304"].is_object(),
            });
        }
    }
    assert!(all.len() > 5, "the document names {} operations", all.len());
    all
}

/// The example of an operation's body.
pub(crate) fn example_of(id: &str) -> Value {
    operations().into_iter().find(|operation| operation.id == id).unwrap().body.unwrap().1
}

/// The parameters, those that are only referred to as well.
fn parameters(document: &Value, node: &Value) -> Vec<Value> {
    let named = node["parameters"].as_array().into_iter().flatten();
    let resolve = |parameter: &Value| match parameter["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap().clone(),
        None => parameter.clone(),
    };
    named.map(resolve).collect()
}

/// The members that the schema of a body has.
fn members(document: &Value, node: &Value) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let content = node["requestBody"]["content"].as_object().into_iter().flatten();
    for (_, media) in content {
        gather(document, &media["schema"], (0, &mut Vec::new()), &mut found);
    }
    found
}

/// Gathers members; `seen` are the schemas that were looked into already.
fn gather(document: &Value, schema: &Value, (depth, seen): (u32, &mut Vec<String>), found: &mut Vec<(String, bool)>) {
    if !schema.is_object() {
        return;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        if !seen.iter().any(|one| one == reference) {
            seen.push(reference.to_owned());
            let named = document.pointer(reference.trim_start_matches('#')).unwrap();
            gather(document, named, (depth, seen), found);
        }
        return;
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        found.push((name.clone(), depth == 0));
        gather(document, member, (depth + 1, &mut *seen), found);
    }
    for part in ["oneOf", "anyOf", "allOf"] {
        for one in schema[part].as_array().into_iter().flatten() {
            gather(document, one, (depth, &mut *seen), found);
        }
    }
    for part in ["items", "additionalProperties"] {
        gather(document, &schema[part], (depth + 1, &mut *seen), found);
    }
}

fn body(node: &Value) -> Option<(String, Value)> {
    let content = node["requestBody"]["content"].as_object()?;
    let (kind, media) = offered_first(content);
    let named = media["examples"].as_object().and_then(|examples| examples.values().next());
    let example = named.map_or(&media["example"], |example| &example["value"]);
    assert!(!example.is_null(), "the body of {} has no example", node["operationId"]);
    Some((kind.clone(), example.clone()))
}

impl Operation {
    pub(crate) fn is_allowed_to(&self, role: &str) -> bool {
        PERMISSIONS.iter().any(|(scope, _, roles)| *scope == self.scope && roles.contains(&role))
    }

    /// Calls it with the ids of one world in the path and those of another in the body.
    pub(crate) async fn call(&self, client: &Client, path: &World, body: &World) -> Answer {
        self.send(client, &format!("{}{}", self.path_of(path), self.asked()), Some(body)).await
    }

    /// Calls it with a query.
    pub(crate) async fn call_with(&self, client: &Client, world: &World, query: &str) -> Answer {
        self.send(client, &format!("{}?{query}", self.path_of(world)), Some(world)).await
    }

    /// Calls it for what is not as the tag says.
    pub(crate) async fn call_unless(&self, client: &Client, world: &World, tag: &str) -> Answer {
        let path = format!("{}{}", self.path_of(world), self.asked());
        send(client.request(Method::GET, &path).header("If-None-Match", tag)).await
    }

    /// Calls it with one member more in the body, which names a record of another world.
    pub(crate) async fn call_naming(&self, client: &Client, world: &World, (name, foreign): (&str, &str)) -> Answer {
        let mut body = world.fill(&self.body.as_ref().unwrap().1);
        body[name] = if name.ends_with('s') { serde_json::json!([foreign]) } else { serde_json::json!(foreign) };
        let path = format!("{}{}", self.path_of(world), self.asked());
        let request = self.request(client, &path).header("Content-Type", &self.body.as_ref().unwrap().0);
        send(request.body(body.to_string())).await
    }

    /// The request without its body.
    fn request(&self, client: &Client, path: &str) -> RequestBuilder {
        let request = client.request(self.method.parse().unwrap(), path);
        match self.method.as_str() {
            "POST" => request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string()),
            "PATCH" | "DELETE" => request.header("If-Match", "\"1\""),
            _ => request,
        }
    }

    async fn send(&self, client: &Client, path: &str, body: Option<&World>) -> Answer {
        let mut request = self.request(client, path);
        if let (Some((kind, example)), Some(world)) = (&self.body, body) {
            let text = match example {
                Value::String(text) => text.clone(),
                example => world.fill(example).to_string(),
            };
            request = request.header("Content-Type", kind).body(text);
        }
        send(request).await
    }

    /// The path with ids in it: the noun before a placeholder says of what.
    fn path_of(&self, world: &World) -> String {
        let mut parts: Vec<String> = Vec::new();
        for part in self.path.split('/') {
            let noun = parts.last().cloned().unwrap_or_default();
            let named = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let kind = named.map(|name| super::world::kind_of(name).map_or(noun, ToOwned::to_owned));
            parts.push(kind.map_or_else(|| part.to_owned(), |kind| world.id(&kind).to_owned()));
        }
        parts.join("/")
    }

    /// The query that has to be there, by the examples of its parameters.
    fn asked(&self) -> String {
        let is_asked = |parameter: &&Value| parameter["in"] == "query" && parameter["required"] == true;
        let pairs: Vec<String> = self
            .parameters
            .iter()
            .filter(is_asked)
            .map(|parameter| {
                let example = parameter["example"].as_str().or(parameter["schema"]["example"].as_str());
                format!("{}={}", parameter["name"].as_str().unwrap(), example.expect("an example"))
            })
            .collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// Query parameters that name a record, with the kind of record.
    pub(crate) fn filters(&self) -> Vec<(&str, &'static str)> {
        let names = self.parameters.iter().filter(|parameter| parameter["in"] == "query");
        let names = names.filter_map(|parameter| parameter["name"].as_str());
        names.filter_map(|name| Some((name, super::world::kind_of(name)?))).collect()
    }

    /// Members of the body itself that name a record and that its example leaves out, with the kind of record.
    pub(crate) fn named_besides(&self) -> Vec<(&str, &'static str)> {
        let example = self.body.as_ref().map(|(_, example)| example).filter(|example| example.is_object());
        let Some(example) = example else { return Vec::new() };
        let own = self.members.iter().filter(|(name, is_own)| *is_own && example[name.as_str()].is_null());
        own.filter_map(|(name, _)| Some((name.as_str(), super::world::kind_of(name)?))).collect()
    }

    /// Names in the path, the query and the body that look like those of records and of which nobody said what kind.
    pub(crate) fn unknown_names(&self) -> Vec<&str> {
        let is_known = |name: &str| NO_RECORDS.contains(&name) || super::world::kind_of(name).is_some();
        let parameters =
            self.parameters.iter().map(|parameter| (&parameter["in"], parameter["name"].as_str().unwrap()));
        let parameters = parameters.filter(|(place, name)| *place == "path" || *place == "query" && is_id(name));
        let members = self.members.iter().map(|(name, _)| name.as_str()).filter(|name| is_id(name));
        parameters.map(|(_, name)| name).chain(members).filter(|name| !is_known(name)).collect()
    }

    /// True where one company must not see what another has. What it drafts in the same villages is its own.
    pub(crate) fn is_of_companies(&self) -> bool {
        self.id != "draft_pledge"
            && [
                "/v1/companies",
                "/v1/pledge",
                "/v1/receipts",
                "/v1/trainings",
                "/v1/evidence-packs",
                "/v1/annual-evidence-packs",
                "/v1/realisation",
                "/v1/follow-up-outcomes",
                "/v1/asset-counts",
                "/v1/events",
                "/v1/webhooks",
            ]
            .iter()
            .any(|start| self.path.starts_with(start))
    }

    pub(crate) fn has_cursor(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter["in"] == "query" && parameter["name"] == "cursor")
    }

    /// True where the body names records by their ids.
    pub(crate) fn body_names_records(&self) -> bool {
        self.body.as_ref().is_some_and(|(_, example)| names_records(example))
    }
}

/// Of what `id`, `code` and `name` of a path are the noun before them tells; a client is named by a text of its own.
const NO_RECORDS: &[&str] = &["id", "code", "name", "client_id", "against_client_id"];

fn is_id(name: &str) -> bool {
    name.ends_with("_id") || name.ends_with("_ids")
}

fn names_records(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            object.iter().any(|(name, value)| super::world::kind_of(name).is_some() || names_records(value))
        }
        Value::Array(list) => list.iter().any(names_records),
        _ => false,
    }
}

//! Operations as the document describes them.

use reqwest::Method;
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

    async fn send(&self, client: &Client, path: &str, body: Option<&World>) -> Answer {
        let method: Method = self.method.parse().unwrap();
        let mut request = client.request(method, path);
        request = match self.method.as_str() {
            "POST" => request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string()),
            "PATCH" | "DELETE" => request.header("If-Match", "\"1\""),
            _ => request,
        };
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

fn names_records(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            object.iter().any(|(name, value)| super::world::kind_of(name).is_some() || names_records(value))
        }
        Value::Array(list) => list.iter().any(names_records),
        _ => false,
    }
}

//! The guides: every request in them is sent, in their order, and must answer as they say.
//!
//! A block ```` ```http 201 family=/id ```` is a request as it goes over the wire; 201 is the status it must get,
//! and `family=/id` keeps a member of the answer for later blocks, which write it `{family}`.

use std::collections::HashMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, KEMBANG_JANGGUT, TestApp, send};

/// A request of a guide.
struct Block {
    line: usize,
    status: u16,
    keep: Vec<(String, String)>,
    text: String,
}

fn blocks(guide: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (index, line) in guide.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```http ") {
            let mut words = info.split_whitespace();
            let status = words.next().unwrap().parse().unwrap();
            let keep =
                words.map(|word| word.split_once('=').unwrap()).map(|(name, at)| (name.into(), at.into())).collect();
            found.push(Block { line: index + 1, status, keep, text: String::new() });
            is_open = true;
        } else if line.starts_with("```") {
            is_open = false;
        } else if is_open {
            let text = &mut found.last_mut().unwrap().text;
            text.push_str(line);
            text.push('\n');
        }
    }
    found
}

/// Sends a block; the client's own token stands for `Bearer …` of the guide.
async fn play(client: &Client, block: &Block, kept: &mut HashMap<String, String>) {
    let mut text = block.text.clone();
    for (name, value) in kept.iter() {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let mut request = client.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        if name != "Authorization" {
            request = request.header(name, value);
        }
    }
    let answer = send(request.body(body.to_owned())).await;
    assert_eq!(answer.status.as_u16(), block.status, "line {}: {}\n{}", block.line, block.text, answer.text);
    for (name, at) in &block.keep {
        let value = match at.strip_prefix("header:") {
            Some(header) => Value::String(answer.header(header).to_owned()),
            None => answer.body.pointer(at).cloned().unwrap_or_default(),
        };
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        kept.insert(name.clone(), value);
    }
}

/// Plays a guide as one client.
async fn holds(client: &Client, guide: &str) {
    let blocks = blocks(guide);
    assert!(blocks.len() >= 5, "a guide shows how it is done");
    let mut kept = HashMap::new();
    for block in &blocks {
        play(client, block, &mut kept).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_of_puskesos_apps_holds() {
    let app = TestApp::new().await;
    holds(&app.puskesos().await, include_str!("../../docs/guides/puskesos-app.md")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_of_kecamatan_apps_holds() {
    let app = TestApp::new().await;
    holds(&app.kecamatan().await, include_str!("../../docs/guides/kecamatan-app.md")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_of_company_portals_holds() {
    let app = TestApp::new().await;
    let company = json!({ "name": "PT Contoh Panduan", "sector": "palm_oil" });
    let company = app.kecamatan().await.post("/v1/companies", &company).await.expect(201);
    let portal = app.client_of("company", &[KEMBANG_JANGGUT], Some(company.id().parse().unwrap())).await;
    holds(&portal, include_str!("../../docs/guides/company-portal.md")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_of_auditors_holds() {
    let app = TestApp::new().await;
    let new = crate::beneficiaries::family("6402101001209001", "6402104101909001");
    app.puskesos().await.post("/v1/beneficiaries", &new).await.expect(201);
    app.sealed().await;
    holds(&app.client("auditor", KEMBANG_JANGGUT).await, include_str!("../../docs/guides/auditor.md")).await;
}

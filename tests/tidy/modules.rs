//! Who may import whom.

use std::fs;

use super::assert_none;
use super::source::{LAYERS, Source, root, sources};

/// The modules in their order: each may import those above it, never one below.
///
/// `domain` imports nothing of ours. A feature stands below the features it uses.
const ORDER: &[&str] = &[
    "domain",
    "error",
    "config",
    "logging",
    "schema",
    "keys",
    "db",
    "http",
    "auth",
    "audit",
    "events",
    "regions",
    "matching",
    "allotment",
    "beneficiaries",
    "imports",
    "ledger",
    "stock",
    "programs",
    "enrollments",
    "graduations",
    "change_requests",
    "verification_rounds",
    "deliberations",
    "companies",
    "needs",
    "exports",
    "pledges",
    "aid",
    "trainings",
    "follow_ups",
    "complaints",
    "assets",
    "empowerment_plans",
    "duplicates",
    "webhooks",
    "resealing",
    "sandbox",
    "openapi",
    "tour",
    "housekeeping",
    "app",
    "commands",
    "lib",
    "main",
];

/// Modules that are features: a folder with layers in it.
const FEATURES: &[&str] = &[
    "regions",
    "beneficiaries",
    "imports",
    "ledger",
    "stock",
    "programs",
    "enrollments",
    "graduations",
    "change_requests",
    "verification_rounds",
    "deliberations",
    "companies",
    "needs",
    "exports",
    "pledges",
    "aid",
    "trainings",
    "follow_ups",
    "complaints",
    "assets",
    "empowerment_plans",
    "duplicates",
    "webhooks",
];

/// Modules below the features that speak to the database as a whole; in a feature only some layers do.
const KNOWS_DATABASE: &[&str] =
    &["domain", "error", "schema", "db", "http", "auth", "audit", "events", "sandbox", "housekeeping", "commands"];

/// Modules that speak HTTP as a whole; elsewhere only `routes` does.
const KNOWS_HTTP: &[&str] = &["http", "auth", "app", "openapi"];

/// Words of names that say nothing; a function without a home shows a missing noun.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "service", "misc", "shared"];

/// The modules that a line of code names by `crate::`.
fn named_modules(line: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let group = rest.strip_prefix('{').map(|group| group.split('}').next().unwrap_or(group));
        let paths = group.map_or_else(|| vec![rest], |group| group.split(", ").collect());
        for path in paths {
            let name = path.chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').collect();
            named.push(name);
        }
    }
    named
}

fn place(module: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == module)
}

#[test]
fn every_module_has_its_place_in_the_order() {
    let found: Vec<String> =
        sources().iter().filter(|source| place(source.module()).is_none()).map(|source| source.path.clone()).collect();
    assert_none("Give the module its place in ORDER of tests/tidy/modules.rs:", &found);
}

#[test]
fn imports_go_one_way() {
    let mut found = Vec::new();
    for source in sources() {
        let own = place(source.module());
        for (number, line) in source.code() {
            for name in named_modules(line) {
                let upward = place(&name).is_some_and(|named| Some(named) > own) && name != source.module();
                let from_domain = source.module() == "domain" && name != "domain" && place(&name).is_some();
                if upward || from_domain {
                    found.push(format!("src/{}:{number} imports `{name}`", source.path));
                }
            }
        }
    }
    assert_none("A module imports only those above it in ORDER:", &found);
}

#[test]
fn layers_of_a_feature_go_one_way() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| FEATURES.contains(&source.module())) {
        let Some(own) = source.layer() else { continue };
        let rank = |layer: &str| LAYERS.iter().position(|known| *known == layer);
        for (number, line) in source.code() {
            for used in LAYERS.iter().filter(|layer| rank(layer) > rank(own)) {
                if line.contains(&format!("super::{used}"))
                    || line.contains(&format!("crate::{}::{used}", source.module()))
                {
                    found.push(format!("src/{}:{number} uses `{used}`", source.path));
                }
            }
        }
    }
    assert_none("Inside a feature: model, rules, queries, actions, routes; each uses those before it:", &found);
}

fn mentions(source: &Source, name: &str) -> Option<usize> {
    let starts = [format!("use {name}"), format!("{name}::"), format!("#[{name}(")];
    source.code().find(|(_, line)| starts.iter().any(|start| has_word(line, start))).map(|(number, _)| number)
}

/// True where the text stands in the line and no letter before it makes it part of a longer name.
fn has_word(line: &str, text: &str) -> bool {
    let is_start = |at: usize| !line[..at].ends_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
    line.match_indices(text).any(|(at, _)| is_start(at))
}

#[test]
fn only_some_layers_speak_to_the_database() {
    let is_free = |source: &Source| {
        KNOWS_DATABASE.contains(&source.module()) || matches!(source.layer(), Some("model" | "queries" | "actions"))
    };
    let all = sources();
    let found = all.iter().filter(|source| !is_free(source));
    let found = found.filter_map(|source| Some(format!("src/{}:{}", source.path, mentions(source, "diesel")?)));
    assert_none("In a feature, diesel belongs into model, queries and actions:", &found.collect::<Vec<_>>());
}

#[test]
fn only_routes_speak_http() {
    let all = sources();
    let others = all.iter().filter(|source| !KNOWS_HTTP.contains(&source.module()) && source.module() != "commands");
    let found =
        others.filter(|source| source.path.rsplit('/').next() != Some("routes.rs") && source.layer() != Some("routes"));
    let found = found.filter_map(|source| Some(format!("src/{}:{}", source.path, mentions(source, "actix_web")?)));
    assert_none("actix_web belongs into routes, http, auth and app:", &found.collect::<Vec<_>>());
}

#[test]
fn a_feature_shows_only_the_names_of_its_mod_file() {
    let all = sources();
    let features = all.iter().filter(|source| FEATURES.contains(&source.module()) && source.path.ends_with("/mod.rs"));
    let found: Vec<String> = features
        .flat_map(|source| source.code().map(move |(number, line)| (source, number, line)))
        .filter(|(_, _, line)| {
            let name = line.trim_start().strip_prefix("pub mod ").map(|rest| rest.trim_end_matches(';'));
            name.is_some_and(|name| LAYERS.contains(&name))
        })
        .map(|(source, number, line)| format!("src/{}:{number} {line}", source.path))
        .collect();
    assert_none("A layer is private; mod.rs names what others may use:", &found);
}

#[test]
fn nothing_is_exported_by_a_glob() {
    let mut found = Vec::new();
    for source in sources() {
        for (number, line) in source.code() {
            let line = line.trim_start();
            if line.starts_with("pub") && line.contains("use ") && line.contains("::*") {
                found.push(format!("src/{}:{number} {line}", source.path));
            }
        }
    }
    assert_none("Names that are exported are written out:", &found);
}

#[test]
fn folders_have_a_mod_file() {
    let src = root().join("src");
    let mut found = Vec::new();
    for source in sources() {
        let path = src.join(&source.path);
        let is_beside_its_folder = path.with_extension("").is_dir();
        let has_no_mod = path.parent().is_some_and(|folder| folder != src && !folder.join("mod.rs").exists());
        if is_beside_its_folder || has_no_mod {
            found.push(format!("src/{}", source.path));
        }
    }
    assert_none("A folder of modules has a mod.rs, and no file of its name beside it:", &found);
}

#[test]
fn names_say_something() {
    let mut found = Vec::new();
    for source in sources() {
        let parts = source.path.trim_end_matches(".rs").split('/');
        if parts.flat_map(|part| part.split('_')).any(|word| EMPTY_NAMES.contains(&word)) {
            found.push(format!("src/{}", source.path));
        }
        for (number, line) in source.code() {
            let mut words = line.split_ascii_whitespace().skip_while(|word| word.starts_with("pub"));
            let is_type = words.next().is_some_and(|word| matches!(word, "struct" | "enum" | "trait"));
            let name = words.next().unwrap_or_default().to_lowercase();
            if is_type && ["util", "helper", "manager"].iter().any(|empty| name.contains(empty)) {
                found.push(format!("src/{}:{number} {}", source.path, line.trim()));
            }
        }
    }
    assert_none("No utils, helpers, common, manager, service:", &found);
}

#[test]
fn every_module_says_what_it_is() {
    let silent = |source: &Source| {
        let first = source.lines.iter().find(|line| !line.starts_with("#![") && !line.is_empty());
        source.lines.len() > 1 && source.path != "schema.rs" && !first.is_some_and(|line| line.starts_with("//! "))
    };
    let found: Vec<String> =
        sources().iter().filter(|source| silent(source)).map(|source| format!("src/{}", source.path)).collect();
    assert_none("A module begins with a line that says what it is:", &found);
}

#[test]
fn the_architecture_stays_readable() {
    let Ok(text) = fs::read_to_string(root().join("docs/ARCHITECTURE.md")) else { return };
    assert!(text.lines().count() <= 150, "docs/ARCHITECTURE.md has more than 150 lines");
    let missing: Vec<String> = FEATURES
        .iter()
        .filter(|feature| root().join("src").join(feature).is_dir() && !text.contains(*feature))
        .map(ToString::to_string)
        .collect();
    assert_none("docs/ARCHITECTURE.md names every feature:", &missing);
}

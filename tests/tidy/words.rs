//! Words that do not belong into the project.

use std::fs;

use super::assert_none;
use super::source::{files, root, sources};

/// Folders of one person's machine: what is named by them works nowhere else.
const HOMES: &[&str] = &["/home/", "/root/", "/work/", "/Users/"];
/// Kinds of text that people write.
const TEXTS: &[&str] = &["rs", "md", "toml", "sql", "yaml", "yml", "sh", "py", "ts", "json", "csv", "example"];

#[test]
fn nothing_names_a_folder_of_one_machine() {
    let mut found = Vec::new();
    for path in files(&root()) {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let is_text = path.extension().is_none_or(|kind| TEXTS.iter().any(|known| kind == *known));
        if !is_text || name == "tests/tidy/words.rs" || name.ends_with("lock.json") {
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (at, line) in text.lines().enumerate() {
            let is_rooted = |home: &&&str| {
                let free = |start: usize| {
                    !line[..start].ends_with(|letter: char| letter.is_ascii_alphanumeric() || "}./_".contains(letter))
                };
                line.match_indices(**home).any(|(start, _)| free(start))
            };
            if HOMES.iter().any(|home| is_rooted(&home)) {
                found.push(format!("{name}:{}", at + 1));
            }
        }
    }
    assert_none("Paths are relative to the project:", &found);
}

#[test]
fn the_library_leaves_nothing_undone() {
    let unwanted = ["TODO", "FIXME", "XXX", "unimplemented!(", "todo!(", "dbg!("];
    let mut found = Vec::new();
    for source in sources() {
        for (at, line) in source.lines.iter().enumerate() {
            if unwanted.iter().any(|word| line.contains(word)) {
                found.push(format!("src/{}:{} {}", source.path, at + 1, line.trim()));
            }
        }
    }
    assert_none("What is left undone is an issue, not a comment:", &found);
}

#[test]
fn the_library_reads_nothing_outside_the_project() {
    let all = sources();
    let outside = all.iter().filter(|source| source.lines.iter().any(|line| line.contains("../shared")));
    let found: Vec<String> = outside.map(|source| format!("src/{}", source.path)).collect();
    assert_none("A clone alone is enough:", &found);
}

#[test]
fn no_float_holds_money_or_goods() {
    let mut found = Vec::new();
    for source in sources() {
        for (number, line) in source.code() {
            let names_amount = ["rupiah", "quantity", "amount"].iter().any(|word| line.contains(word));
            if names_amount && (line.contains("f64") || line.contains("f32")) {
                found.push(format!("src/{}:{number} {}", source.path, line.trim()));
            }
        }
    }
    assert_none("Money and goods are whole rupiah and exact decimals:", &found);
}

/// Two types of one name would be one schema of the document: the later one, wherever the other is meant.
#[test]
fn schemas_of_the_document_have_names_of_their_own() {
    let mut places = std::collections::BTreeMap::<String, Vec<String>>::new();
    for source in sources() {
        let (mut is_schema, mut is_words) = (false, false);
        for line in &source.lines {
            // `text_enum!` makes a schema of each block within it.
            is_words = line.starts_with("text_enum!") || is_words && line != "}";
            let word = line.strip_prefix("    ").and_then(|rest| rest.strip_suffix(" {")).filter(|_| is_words);
            if let Some(name) = word.filter(|name| name.starts_with(char::is_uppercase)) {
                places.entry(name.to_owned()).or_default().push(format!("src/{}", source.path));
            }
            is_schema |= line.starts_with("#[derive(") && line.contains("ToSchema");
            let declared = line.split_once("struct ").or_else(|| line.split_once("enum ")).filter(|_| is_schema);
            if let Some((_, rest)) = declared.filter(|_| line.starts_with("pub")) {
                let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
                places.entry(name).or_default().push(format!("src/{}", source.path));
                is_schema = false;
            }
        }
    }
    assert!(places.len() > 50, "{} schemas were found", places.len());
    let twice = places.into_iter().filter(|(_, places)| places.len() > 1);
    let told: Vec<String> = twice.map(|(name, places)| format!("{name}: {}", places.join(", "))).collect();
    assert_none("Schemas have names of their own:", &told);
}

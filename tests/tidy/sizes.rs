//! How large things may grow. Past these, look for the second noun.

use super::assert_none;
use super::source::{Source, sources};

/// Lines of a file without its tests.
const FILE_LINES: usize = 400;
/// Lines of a function.
const FUNCTION_LINES: usize = 70;
/// Lines of a handler.
const HANDLER_LINES: usize = 50;
/// Parameters of a function, the receiver not counted.
const PARAMETERS: usize = 6;
/// Attributes that make a function a handler.
const VERBS: &[&str] = &["#[get(", "#[post(", "#[put(", "#[patch(", "#[delete("];

struct Function<'a> {
    name: &'a str,
    at: usize,
    lines: usize,
    parameters: usize,
    is_handler: bool,
}

/// Finds functions by the form that rustfmt gives them: a closing brace at the depth of the first line.
fn functions(source: &Source) -> Vec<Function<'_>> {
    let lines = &source.lines;
    let starts = (0..lines.len()).filter(|at| name_of(&lines[*at]).is_some());
    starts.filter_map(|at| function(lines, at)).collect()
}

fn name_of(line: &str) -> Option<&str> {
    let mut words = line.trim_start();
    loop {
        let (word, rest) = words.split_once(' ')?;
        match word {
            "fn" => return rest.split(['(', '<']).next(),
            "pub" | "pub(crate)" | "pub(super)" | "const" | "async" => words = rest,
            _ => return None,
        }
    }
}

fn function(lines: &[String], at: usize) -> Option<Function<'_>> {
    let line = &lines[at];
    let depth = line.len() - line.trim_start().len();
    let closing = format!("{}}}", " ".repeat(depth));
    let is_short = line.ends_with('}') || line.ends_with(';');
    let end = if is_short { at } else { (at..lines.len()).find(|end| lines[*end] == closing)? };
    let verbs = lines[..at].iter().rev().take_while(|line| !line.is_empty());
    let is_handler = verbs.map(|line| line.trim_start()).any(|line| VERBS.iter().any(|verb| line.starts_with(verb)));
    let text = lines[at..=end].join("\n");
    Some(Function { name: name_of(line)?, at: at + 1, lines: end + 1 - at, parameters: parameters(&text), is_handler })
}

/// Counts the commas at the depth of the parameter list.
fn parameters(text: &str) -> usize {
    let Some(start) = text.find("fn ").and_then(|at| Some(at + text[at..].find('(')? + 1)) else { return 0 };
    let (mut depth, mut list) = (1_i32, String::new());
    let mut before = ' ';
    for letter in text[start..].chars() {
        match letter {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '-' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        list.push(if letter == ',' && depth > 1 { ';' } else { letter });
        before = letter;
    }
    let named = list.split(',').map(str::trim).filter(|parameter| !parameter.is_empty());
    named.filter(|parameter| !matches!(*parameter, "self" | "&self" | "&mut self" | "mut self")).count()
}

#[test]
fn files_are_short() {
    let all = sources();
    let long = all.iter().filter(|source| source.path != "schema.rs" && source.lines.len() > FILE_LINES);
    let found: Vec<String> = long.map(|source| format!("src/{}: {} lines", source.path, source.lines.len())).collect();
    assert_none(&format!("A file has at most {FILE_LINES} lines without its tests:"), &found);
}

#[test]
fn functions_are_short() {
    let mut found = Vec::new();
    for source in sources() {
        for function in functions(&source) {
            let limit = if function.is_handler { HANDLER_LINES } else { FUNCTION_LINES };
            if function.lines > limit {
                let Function { name, at, lines, .. } = function;
                found.push(format!("src/{}:{at} `{name}` has {lines} lines, at most {limit}", source.path));
            }
        }
    }
    assert_none("Functions are short:", &found);
}

#[test]
fn functions_take_few_parameters() {
    let mut found = Vec::new();
    for source in sources() {
        for Function { name, at, parameters, .. } in functions(&source) {
            if parameters > PARAMETERS {
                found.push(format!("src/{}:{at} `{name}` takes {parameters}, at most {PARAMETERS}", source.path));
            }
        }
    }
    assert_none("Functions take few parameters:", &found);
}

#[test]
fn handlers_are_seen_as_such() {
    let all = sources();
    let handlers = all.iter().flat_map(functions).filter(|function| function.is_handler);
    assert!(handlers.count() > 5, "the rules about handlers see none");
    assert_eq!(parameters("fn a(&self, b: HashMap<K, V>, c: impl Fn(A, B) -> C,\n) -> D {"), 2);
}

//! Takes out of the committed document what the service itself reads of it at each start, a fiftieth of its size; and
//! gathers the code of a start.
#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a build that cannot read the document must stop; cargo tells by the environment what is built"
)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::{Map, Value, json};

const DOCUMENT: &str = "openapi/openapi.json";
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

fn main() {
    outline();
    gather_start();
}

fn outline() {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let text = fs::read(DOCUMENT).expect("the document is committed");
    let document: Value = serde_json::from_slice(&text).expect("the document is JSON");
    let paths = document.get("paths").and_then(Value::as_object).expect("the document has paths");
    let outlined: Map<String, Value> = paths.iter().map(|(path, item)| (path.clone(), operations_of(item))).collect();
    let folder = env::var("OUT_DIR").expect("cargo tells where a build writes");
    let outline = json!({ "paths": outlined }).to_string();
    fs::write(Path::new(&folder).join("outline.json"), outline).expect("the outline is written");
}

/// Tells the linker to put what a start runs in one place. Only where the linker is the one that comes with the compiler:
/// others may not know how.
fn gather_start() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("PROFILE", "release") && is("TARGET", "x86_64-unknown-linux-gnu") {
        let folder = env::var("CARGO_MANIFEST_DIR").expect("cargo tells where the project is");
        println!("cargo::rerun-if-changed=tools/start.ld");
        println!("cargo::rustc-link-arg-bin=sinergi=-Wl,-T,{folder}/tools/start.ld");
        if knows_packed_relocations() {
            println!("cargo::rustc-link-arg-bin=sinergi=-Wl,-z,pack-relative-relocs");
        }
    }
}

/// Whether the C library can read addresses to set at a start as a list of a thirtieth of the size: glibc since 2.36.
fn knows_packed_relocations() -> bool {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let told = told.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let minor = told.trim().strip_prefix("glibc 2.").and_then(|minor| minor.parse::<u32>().ok());
    minor.is_some_and(|minor| minor >= 36)
}

/// The operations of a path, each with where its parameters stand.
fn operations_of(item: &Value) -> Value {
    let known = METHODS.iter().filter_map(|method| Some((*method, item.get(*method)?)));
    known.map(|(method, operation)| (method.to_owned(), places_of(operation))).collect::<Map<_, _>>().into()
}

fn places_of(operation: &Value) -> Value {
    let parameters = operation.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    json!({ "parameters": parameters.iter().map(|parameter| json!({ "in": parameter.get("in") })).collect::<Vec<_>>() })
}

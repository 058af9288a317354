//! One text for one document. Source: RFC 8785; names are ASCII and numbers are whole, so its order is that of bytes
//! and its numbers are as written.

use serde_json::Value;

/// The canonical JSON of a value: names in order, nothing between.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(object) => {
            let mut names: Vec<_> = object.iter().collect();
            names.sort_by_key(|(name, _)| name.as_bytes());
            out.push('{');
            for (at, (name, value)) in names.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for (at, value) in list.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(value, out);
            }
            out.push(']');
        }
        single => out.push_str(&single.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_sorted_and_nothing_stands_between() {
        let value = json!({ "b": [1, "\"\n€\u{1}/", null, true], "a": { "z": 0, "Y": "x" } });
        assert_eq!(canonical(&value), r#"{"a":{"Y":"x","z":0},"b":[1,"\"\n€\u0001/",null,true]}"#);
    }
}

//! The order in which the document is written.

use serde::{Serialize, Serializer};
use serde_json::Value;

/// The document as text: names in their order, but text before files of other programs among the media types of a
/// body, as pages that try an operation offer the first.
pub struct Written<'a>(pub &'a Value);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(object) => {
                let mut entries: Vec<_> = object.iter().collect();
                entries.sort_by_key(|(name, _)| name.starts_with("application/"));
                serializer.collect_map(entries.into_iter().map(|(name, value)| (name, Written(value))))
            }
            Value::Array(list) => serializer.collect_seq(list.iter().map(Written)),
            single => single.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_offered_before_workbooks() {
        let content = json!({ "content": { "application/x-ndjson": 2, "text/csv": 1 }, "a": [{ "b": null }] });
        let written = serde_json::to_string(&Written(&content)).unwrap();
        assert_eq!(written, r#"{"a":[{"b":null}],"content":{"text/csv":1,"application/x-ndjson":2}}"#);
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), content);
    }
}

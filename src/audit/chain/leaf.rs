//! The text of a row that its leaf is the hash of.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::merkle::{self, Hash};
use crate::error::{Error, Result};

/// Every column of a row, as it is sealed: one line of JSON.
///
/// Members stand in this order, all of them, without spaces; times are UTC with six digits of a second and `Z`,
/// digests lower-case hexadecimal, ids lower-case with hyphens, and `null` is what is not there. A column that is
/// added later goes at the end and is left out where it is null, so that rows sealed before keep their text.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Leaf<'a> {
    /// Sub-district, 0 for none.
    pub(crate) area_id: i32,
    /// When.
    #[serde(serialize_with = "to_the_microsecond")]
    pub(crate) at: DateTime<Utc>,
    /// Id of the row.
    pub(crate) id: Uuid,
    /// Who.
    pub(crate) client_id: &'a str,
    /// operationId.
    pub(crate) operation: &'a str,
    /// Why personal data were read.
    pub(crate) purpose: Option<&'a str>,
    /// Plural noun.
    pub(crate) resource: &'a str,
    /// The one record.
    pub(crate) resource_id: Option<Uuid>,
    /// Its company.
    pub(crate) company_id: Option<Uuid>,
    /// The request.
    pub(crate) request_id: Option<&'a str>,
    /// Records it stands for.
    pub(crate) record_count: i32,
    /// Digest before.
    pub(crate) before_digest: Option<Hexadecimal<'a>>,
    /// Digest after.
    pub(crate) after_digest: Option<Hexadecimal<'a>>,
    /// Transaction that wrote it.
    pub(crate) transaction_number: i64,
}

impl Leaf<'_> {
    /// The text.
    ///
    /// # Errors
    /// Never: a row can be written as JSON.
    pub(crate) fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// The hash, by way of a buffer that is used again.
    ///
    /// # Errors
    /// Never: a row can be written as JSON.
    pub(crate) fn hash(&self, buffer: &mut Vec<u8>) -> Result<Hash> {
        buffer.clear();
        serde_json::to_writer(&mut *buffer, self).map_err(Error::internal)?;
        Ok(merkle::leaf_hash(buffer))
    }
}

/// An instant in the one form that is hashed.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn to_the_microsecond<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&instant(*at))
}

/// Bytes that are written as hexadecimal digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hexadecimal<'a>(pub(crate) &'a [u8]);

impl Serialize for Hexadecimal<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hexadecimal(self.0))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().map_or('0', char::from);
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_the_documented_one() {
        let leaf = Leaf {
            area_id: 1,
            at: "2026-11-28T00:30:21.5Z".parse().unwrap(),
            id: Uuid::from_u128(1),
            client_id: "a-client",
            operation: "get_beneficiary",
            purpose: Some("surat \"7\"\n\u{1}é"),
            resource: "beneficiaries",
            resource_id: None,
            company_id: None,
            request_id: Some("r"),
            record_count: 1,
            before_digest: None,
            after_digest: Some(Hexadecimal(&[0, 255, 16])),
            transaction_number: 742,
        };
        let expected = concat!(
            r#"{"area_id":1,"at":"2026-11-28T00:30:21.500000Z","id":"00000000-0000-0000-0000-000000000001","#,
            r#""client_id":"a-client","operation":"get_beneficiary","purpose":"surat \"7\"\n\u0001é","#,
            r#""resource":"beneficiaries","resource_id":null,"company_id":null,"request_id":"r","record_count":1,"#,
            r#""before_digest":null,"after_digest":"00ff10","transaction_number":742}"#
        );
        assert_eq!(leaf.text().unwrap(), expected);
        assert_eq!(leaf.hash(&mut Vec::new()).unwrap(), merkle::leaf_hash(expected.as_bytes()));
    }
}

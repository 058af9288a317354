//! Places in a list: opaque, signed, bound to the list, its filter and its order.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::error::{Code, Error, Result};

/// Bytes of the signature that are sent: 128 bits are enough for what a forged place could do, which is nothing.
const TAG_BYTES: usize = 16;

/// A cursor as a client sends it back.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl PartialSchema for Cursor {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Za-z0-9_-]{23,600}$"))
            .max_length(Some(600))
            .into()
    }
}

impl ToSchema for Cursor {}

/// Makes and reads cursors of one list as one caller sees it.
pub struct CursorKey<'a> {
    key: &'a hmac::Key,
    bound_to: String,
}

impl<'a> CursorKey<'a> {
    /// Binds cursors to a list: its operation, who reads it, and its filter and order as they were sent.
    ///
    /// # Errors
    /// Where the filter cannot be written as JSON.
    pub fn new(key: &'a hmac::Key, operation: &str, client_id: &str, filter: &impl Serialize) -> Result<Self> {
        let filter = serde_json::to_string(filter).map_err(Error::internal)?;
        Ok(Self { key, bound_to: format!("{operation}\n{client_id}\n{filter}\n") })
    }

    /// Writes the place after a row as a cursor.
    ///
    /// # Errors
    /// Where the place cannot be written as JSON.
    pub fn write(&self, place: &impl Serialize) -> Result<String> {
        let place = serde_json::to_vec(place).map_err(Error::internal)?;
        let mut bytes = self.tag(&place);
        bytes.extend_from_slice(&place);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads the place a cursor stands for; `None` without a cursor.
    ///
    /// # Errors
    /// `cursor_invalid` where it was not made here for this list, filter and caller.
    pub fn read<P: DeserializeOwned>(&self, cursor: Option<&Cursor>) -> Result<Option<P>> {
        let Some(Cursor(text)) = cursor else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::from(Code::CursorInvalid))?;
        let (tag, place) = bytes.split_at_checked(TAG_BYTES).ok_or(Code::CursorInvalid)?;
        if self.tag(place) != tag {
            return Err(Code::CursorInvalid.into());
        }
        serde_json::from_slice(place).map(Some).map_err(|_| Code::CursorInvalid.into())
    }

    fn tag(&self, place: &[u8]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(self.key);
        context.update(self.bound_to.as_bytes());
        context.update(place);
        context.sign().as_ref().iter().copied().take(TAG_BYTES).collect()
    }
}

//! OAuth clients: who they are, and which of them may still call.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use aws_lc_rs::{constant_time, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tokio::sync::Mutex;

use super::permission::{Permission, scopes_of};
use super::token::Claims;
use crate::db::{Conn, Db};
use crate::domain::CompanyId;
use crate::error::{Code, Error, Result};
use crate::keys::sha256;
use crate::schema::clients;

/// A client as the token endpoint needs it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = clients)]
pub struct Client {
    /// OAuth client id.
    pub id: String,
    /// Role.
    pub role: String,
    /// SHA-256 of the secret.
    pub secret_digest: Vec<u8>,
    /// Sub-districts it may see.
    pub area_ids: Vec<i32>,
    /// Company it acts for.
    pub company_id: Option<CompanyId>,
    /// Disabled clients get no token, and theirs are refused.
    pub is_disabled: bool,
    /// Raised to refuse all tokens given out before.
    pub token_version: i32,
    /// Ed25519 key that signs its assertions.
    pub public_key: Option<Vec<u8>>,
}

/// A client to register.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = clients, treat_none_as_default_value = false)]
pub struct NewClient {
    /// OAuth client id, lower-case letters, digits and `-`.
    pub id: String,
    /// What it is, for people.
    pub title: String,
    /// Role, one of the permission table.
    pub role: String,
    /// SHA-256 of the secret.
    pub secret_digest: Vec<u8>,
    /// Sub-districts it may see.
    pub area_ids: Vec<i32>,
    /// Company it acts for; for the role `company` only.
    pub company_id: Option<CompanyId>,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// A new secret of 256 random bits, and the digest to keep of it.
///
/// # Errors
/// Where the random source fails.
pub fn new_secret() -> Result<(String, Vec<u8>)> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(Error::internal)?;
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let digest = sha256(secret.as_bytes()).to_vec();
    Ok((secret, digest))
}

/// Of some clients, those that may call in an area with a permission.
///
/// # Errors
/// Where the database cannot be read.
pub async fn allowed_in<P: Permission>(mut conn: &Conn, area_id: i32, ids: &[&str]) -> Result<Vec<String>> {
    let found: Vec<Client> = Client::query().filter(clients::id.eq_any(ids)).load(&mut conn).await?;
    let may = |client: &Client| {
        !client.is_disabled && client.area_ids.contains(&area_id) && scopes_of(&client.role).contains(&P::SCOPE)
    };
    Ok(found.into_iter().filter(may).map(|client| client.id).collect())
}

/// Registers a client, or gives an existing one a new secret; needs the owner's role.
///
/// # Errors
/// Where the database refuses.
pub async fn register(mut conn: &Conn, client: &NewClient) -> Result<()> {
    diesel::insert_into(clients::table)
        .values(client)
        .on_conflict(clients::id)
        .do_update()
        .set(clients::secret_digest.eq(&client.secret_digest))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Gives a client the Ed25519 key that signs its assertions (`private_key_jwt`); needs the owner's role.
///
/// # Errors
/// Where there is no such client, or the key is not one of 32 bytes.
pub async fn set_public_key(mut conn: &Conn, id: &str, public_key: &[u8]) -> Result<()> {
    let changed = diesel::update(clients::table.find(id))
        .set(clients::public_key.eq(Some(public_key)))
        .execute(&mut conn)
        .await?;
    if changed == 1 { Ok(()) } else { Err(Code::NotFound.into()) }
}

/// Finds the client that knows the secret.
///
/// # Errors
/// `token_invalid` for an unknown client, a wrong secret and a disabled client alike, in about the same time.
pub(super) async fn sign_in(mut conn: &Conn, id: &str, secret: &str) -> Result<Client> {
    let found = Client::query().filter(clients::id.eq(id)).first(&mut conn).await.optional()?;
    let kept = found.as_ref().map_or(&[0; 32][..], |client| client.secret_digest.as_slice());
    let is_known = constant_time::verify_slices_are_equal(kept, &sha256(secret.as_bytes())).is_ok();
    found.filter(|client| is_known && !client.is_disabled).ok_or_else(|| Code::TokenInvalid.into())
}

/// Which clients may call, as of a few seconds ago: revoking a client takes effect in that time, without a
/// look into the database at every request.
#[derive(Debug, Default)]
pub struct ClientStates {
    live: RwLock<HashMap<String, i32>>,
    reading: Mutex<()>,
}

impl ClientStates {
    /// How old the knowledge may be.
    pub const REFRESH: Duration = Duration::from_secs(3);

    /// Reads the states of all clients. Reads take turns, so that none puts back what an earlier one saw.
    ///
    /// # Errors
    /// Where the database cannot be read; what was known stays.
    pub async fn refresh(&self, mut conn: &Conn) -> Result<()> {
        let _turn = self.reading.lock().await;
        let live = clients::table.filter(clients::is_disabled.eq(false)).select((clients::id, clients::token_version));
        let live: Vec<(String, i32)> = live.load(&mut conn).await?;
        if let Ok(mut states) = self.live.write() {
            *states = live.into_iter().collect();
        }
        Ok(())
    }

    /// True where the token's client is live and no newer token version was set.
    #[must_use]
    pub fn allow(&self, claims: &Claims) -> bool {
        self.live.read().is_ok_and(|states| states.get(&claims.client_id) == Some(&claims.token_version))
    }
}

/// Keeps the states fresh for as long as the service runs.
pub async fn watch(states: Arc<ClientStates>, db: Db) {
    let mut tick = tokio::time::interval(ClientStates::REFRESH);
    loop {
        tick.tick().await;
        let refreshed = match db.unscoped().await {
            Ok(conn) => states.refresh(&conn).await,
            Err(error) => Err(error),
        };
        if let Err(error) = refreshed {
            log::warn!("the states of clients could not be read: {error}");
        }
    }
}

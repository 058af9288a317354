//! Clients and keys, as the operator of the service adds and replaces them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use super::database::Database;
use super::{Failure, keys_folder, runtime};
use crate::auth::{self, NewClient};
use crate::config::Config;
use crate::domain::CompanyId;
use crate::keys::Keys;
use crate::regions;

/// A client to add.
#[derive(Debug, Clone, clap::Args)]
pub struct ClientOrder {
    /// Id: 3 to 63 lower-case letters, digits and `-`
    id: String,
    /// What it is, for people
    #[arg(long)]
    title: String,
    /// What it may do
    #[arg(long, value_parser = ["kecamatan_officer", "second_officer", "puskesos", "pkh_facilitator", "village_office", "company", "auditor"])]
    role: String,
    /// Code of a sub-district it works in, such as 64.02.10; may be given several times
    #[arg(long = "district", required = true, value_name = "CODE")]
    districts: Vec<String>,
    /// Id of the company it acts for
    #[arg(long, required_if_eq("role", "company"), value_name = "ID")]
    company: Option<String>,
    /// Its Ed25519 public key, 32 bytes in base64url, to sign in with assertions
    #[arg(long, value_name = "KEY")]
    public_key: Option<String>,
}

/// Adds a client, or gives the one of that id a new secret, and prints the secret once.
///
/// # Errors
/// Where the order names what is not there, or the database cannot be started, reached or changed.
pub fn add_client(config: &Config, order: &ClientOrder) -> Result<(), Failure> {
    let public_key = order.public_key.as_deref().map(|key| URL_SAFE_NO_PAD.decode(key)).transpose()?;
    if public_key.as_ref().is_some_and(|key| key.len() != 32) {
        return Err("a public key has 32 bytes".into());
    }
    let (secret, secret_digest) = auth::new_secret()?;
    let database = Database::open(config)?;
    runtime()?.block_on(async {
        crate::db::migrate(database.owner_url.reveal()).await?;
        let owner = AsyncPgConnection::establish(database.owner_url.reveal()).await?;
        let client = NewClient {
            id: order.id.clone(),
            title: order.title.clone(),
            role: order.role.clone(),
            secret_digest,
            area_ids: areas(&owner, &order.districts).await?,
            company_id: order.company.as_deref().map(str::parse::<CompanyId>).transpose()?,
            created_at: Utc::now(),
        };
        auth::register(&owner, &client).await?;
        if let Some(key) = public_key {
            auth::set_public_key(&owner, &client.id, &key).await?;
        }
        Ok::<_, Failure>(())
    })?;
    println!("{} {secret}", order.id);
    Ok(())
}

async fn areas(owner: &AsyncPgConnection, districts: &[String]) -> Result<Vec<i32>, Failure> {
    let mut area_ids = Vec::new();
    for code in districts {
        let area_id = regions::area_of_district(owner, code).await?;
        area_ids.push(area_id.ok_or_else(|| format!("{code} is not the code of a known sub-district"))?);
    }
    area_ids.sort_unstable();
    area_ids.dedup();
    Ok(area_ids)
}

/// Retires the key that signs access tokens: the next start makes another and goes on verifying with this one for
/// one token's life.
///
/// # Errors
/// Where the folder of the keys cannot be changed.
pub fn rotate_signing_key(config: &Config) -> Result<(), Failure> {
    Keys::rotate_signing(&keys_folder(config), Utc::now())?;
    println!("the next start signs with a new key; restart every process of the service");
    Ok(())
}

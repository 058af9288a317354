//! The clients of the sandbox: one for each role, their secrets made at first start and kept beside the keys.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::known;
use crate::auth::{NewClient, new_secret, register};
use crate::db::{self, Conn};
use crate::domain::CompanyId;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::regions::area_of_district;

/// Name of the file in the data folder.
pub const CLIENTS_FILE: &str = "sandbox-clients.json";

/// A client of the sandbox with its secret, as printed and kept for the developer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SandboxClient {
    /// OAuth client id.
    pub client_id: String,
    /// Secret.
    pub client_secret: String,
    /// Role.
    pub role: String,
    /// Who it stands for.
    pub title: String,
}

/// Id, title, role, sub-district and company of each.
const CLIENTS: &[(&str, &str, &str, &str, Option<CompanyId>)] = &[
    ("sandbox-kecamatan", "Data office of the sub-district", "kecamatan_officer", "64.02.10", None),
    ("sandbox-second-officer", "Second officer of the sub-district", "second_officer", "64.02.10", None),
    ("sandbox-puskesos", "Puskesos desk", "puskesos", "64.02.10", None),
    ("sandbox-pkh", "PKH facilitator", "pkh_facilitator", "64.02.10", None),
    ("sandbox-village", "Village office", "village_office", "64.02.10", None),
    ("sandbox-auditor", "Auditor", "auditor", "64.02.10", None),
    ("sandbox-company", "First company", "company", "64.02.10", Some(known::pledges::COMPANY)),
    ("sandbox-company-b", "Second company", "company", "64.02.10", Some(known::pledges::COMPANY_B)),
    ("sandbox-company-c", "Third company", "company", "64.02.10", Some(known::pledges::COMPANY_C)),
    ("sandbox-neighbour", "Data office of the neighbour sub-district", "kecamatan_officer", "64.02.09", None),
];

/// Registers the clients with the secrets of the file, making those that are missing, and writes it with mode 0600.
///
/// The companies must exist. Needs the owner's role. A file that is kept while the database is made anew serves on.
///
/// # Errors
/// Where the database or the file cannot be written.
pub async fn make_clients(conn: &Conn, data_dir: &Path) -> Result<Vec<SandboxClient>> {
    let known = read_clients(data_dir)?;
    let mut made = Vec::with_capacity(CLIENTS.len());
    for (id, title, role, district_code, company_id) in CLIENTS {
        // An edition without the pilot's districts has no place for its clients.
        let Some(area_id) = area_of_district(conn, district_code).await? else { continue };
        let client_secret = match known.iter().find(|client| client.client_id == *id) {
            Some(client) => client.client_secret.clone(),
            None => new_secret()?.0,
        };
        let client = NewClient {
            id: (*id).to_owned(),
            title: (*title).to_owned(),
            role: (*role).to_owned(),
            secret_digest: sha256(client_secret.as_bytes()).to_vec(),
            area_ids: vec![area_id],
            company_id: *company_id,
            created_at: db::now(),
        };
        register(conn, &client).await?;
        made.push(SandboxClient { client_id: client.id, client_secret, role: client.role, title: client.title });
    }
    write(&file(data_dir), &made)?;
    Ok(made)
}

/// The clients with their secrets; empty where there is no sandbox.
///
/// # Errors
/// Where the file is there and cannot be read.
pub fn read_clients(data_dir: &Path) -> Result<Vec<SandboxClient>> {
    match fs::read(file(data_dir)) {
        Ok(json) => serde_json::from_slice(&json).map_err(Error::internal),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Error::internal(error)),
    }
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join(CLIENTS_FILE)
}

fn write(path: &Path, clients: &[SandboxClient]) -> Result<()> {
    let json = serde_json::to_vec_pretty(clients).map_err(Error::internal)?;
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| std::io::Write::write_all(&mut file, &json));
    written.map_err(Error::internal)
}

//! The database of a command: started with it, or given.

use crate::config::{self, Config, Secret};
use crate::db::embedded::{DATABASE, Durability, EmbeddedPostgres, Role, Running, Settings, StartError};

/// A running database; one of our own stops when this is dropped.
#[derive(Debug)]
pub(super) struct Database {
    embedded: Option<EmbeddedPostgres>,
    /// Address with the role that owns the tables.
    pub(super) owner_url: Secret,
    /// Address with the role that serves requests.
    pub(super) service_url: Secret,
}

impl Database {
    /// Starts the embedded database, or takes the given one.
    pub(super) fn open(config: &Config) -> Result<Self, StartError> {
        match &config.database {
            config::Database::Given { owner_url, service_url } => Ok(Self {
                embedded: None,
                owner_url: owner_url.clone(),
                service_url: service_url.clone().unwrap_or_else(|| acting_as_service(owner_url)),
            }),
            config::Database::Embedded { bin_dir, search_path } => {
                let server = EmbeddedPostgres::start(&Settings {
                    data_dir: config.data_dir.clone(),
                    bin_dir: bin_dir.clone(),
                    search_path: search_path.clone(),
                    temporary: std::env::temp_dir(),
                    durability: Durability::Full,
                })?;
                let address = |role| Secret::new(server.connection_string(role, DATABASE));
                let (owner_url, service_url) = (address(Role::Owner), address(Role::Service));
                Ok(Self { embedded: Some(server), owner_url, service_url })
            }
        }
    }

    /// The same, or the embedded database of a service that runs on the data folder: for what is done beside it.
    pub(super) fn reach(config: &Config) -> Result<Self, StartError> {
        match Self::open(config) {
            Err(StartError::InUse(data)) => {
                let running = Running::find(&data)?;
                let address = |role| Secret::new(running.connection_string(role, DATABASE));
                let (owner_url, service_url) = (address(Role::Owner), address(Role::Service));
                Ok(Self { embedded: None, owner_url, service_url })
            }
            opened => opened,
        }
    }

    /// Stops an embedded database and waits for its end.
    pub(super) fn close(self) {
        drop(self.embedded);
    }
}

/// The owner's address with the service's role taken on from the first statement.
fn acting_as_service(owner_url: &Secret) -> Secret {
    let role = format!("-c%20role%3D{}", Role::Service.name());
    let url = owner_url.reveal();
    Secret::new(match url.split_once('?') {
        None => format!("{url}?options={role}"),
        Some((address, parameters)) if parameters.contains("options=") => {
            format!("{address}?{}", parameters.replacen("options=", &format!("options={role}%20"), 1))
        }
        Some(_) => format!("{url}&options={role}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_takes_on_the_role_of_the_service() {
        for (owner, service) in [
            ("postgresql://o@h/d", "postgresql://o@h/d?options=-c%20role%3Dsinergi_service"),
            (
                "postgresql://o@h/d?connect_timeout=3",
                "postgresql://o@h/d?connect_timeout=3&options=-c%20role%3Dsinergi_service",
            ),
            (
                "postgresql://o@h/d?options=-c%20jit%3Doff&connect_timeout=3",
                "postgresql://o@h/d?options=-c%20role%3Dsinergi_service%20-c%20jit%3Doff&connect_timeout=3",
            ),
        ] {
            let made = acting_as_service(&Secret::new(owner));
            assert_eq!(made.reveal(), service);
            let parsed: tokio_postgres::Config = made.reveal().parse().unwrap();
            assert!(parsed.get_options().unwrap().starts_with("-c role=sinergi_service"));
        }
    }
}

//! The keys that seal personal numbers, replaced while the service runs.

use std::time::Duration;

use clap::Subcommand;

use super::database::Database;
use super::{Failure, keys_folder, runtime};
use crate::config::Config;
use crate::keys::{Keys, NOTICE};
use crate::resealing;

/// What to do with the keys.
#[derive(Debug, Subcommand)]
pub enum KeysOrder {
    /// Make a new sealing key and seal everything under it, while the service runs
    Rotate,
    /// Go on with sealing everything under the newest key
    Reseal,
    /// Tell how many values are sealed under which key
    Status,
    /// Put a sealing key away that nothing is sealed under any more
    Retire {
        /// Its number
        id: u8,
    },
}

/// Replaces the keys that seal.
///
/// # Errors
/// Where the folder of the keys or the database cannot be reached or changed, or a key is still needed.
pub fn keys(config: &Config, order: &KeysOrder) -> Result<(), Failure> {
    let folder = keys_folder(config);
    let database = Database::reach(config)?;
    let owner_url = database.owner_url.reveal();
    let runtime = runtime()?;
    match order {
        KeysOrder::Rotate => {
            let id = Keys::add_sealing_key(&folder)?;
            println!("sealing key {id} is made; waiting until every process of the service has noticed");
            std::thread::sleep(2 * NOTICE);
            runtime.block_on(reseal(&Keys::load_or_make(&folder)?, owner_url))
        }
        KeysOrder::Reseal => runtime.block_on(reseal(&Keys::load_or_make(&folder)?, owner_url)),
        KeysOrder::Status => {
            for holding in runtime.block_on(resealing::holdings(owner_url))? {
                println!("key {:<3} {:>12}  {}", holding.key_id, holding.values, holding.column);
            }
            Ok(())
        }
        KeysOrder::Retire { id } => {
            let holdings = runtime.block_on(resealing::holdings(owner_url))?;
            if let Some(held) = holdings.iter().find(|held| held.key_id == *id) {
                return Err(format!("{} values of {} are sealed under key {id}", held.values, held.column).into());
            }
            Keys::retire_sealing_key(&folder, *id, Duration::from_mins(1))?;
            println!("key {id} is put away as retired-seal-{id}.key: keep it as long as backups sealed under it");
            Ok(())
        }
    }
}

async fn reseal(keys: &Keys, owner_url: &str) -> Result<(), Failure> {
    let done = resealing::reseal(owner_url, &keys.vault, |table, done| {
        if done % 10_000 == 0 {
            println!("{done} values, now {table}");
        }
    });
    println!("{} values are sealed under key {}", done.await?, keys.vault.current_key());
    Ok(())
}

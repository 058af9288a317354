//! Programs of the state, as the operator of the service loads them.

use std::fs;
use std::path::Path;

use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use super::database::Database;
use super::{Failure, runtime};
use crate::config::Config;
use crate::error::Error;
use crate::programs::{self, LoadedState, Misfits, STATE_PROGRAMS, StateFile};

/// Loads a file of programs of the state, all of it or nothing, and tells what was new.
///
/// # Errors
/// Where the file cannot be read, tells something otherwise than it is recorded, or the database cannot be reached.
pub fn load_programs(config: &Config, file: &Path) -> Result<(), Failure> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let state = StateFile::parse(&text).map_err(|misfit| format!("{}: {misfit}", file.display()))?;
    let database = Database::reach(config)?;
    let owner_url = database.owner_url.reveal();
    let loaded = runtime()?.block_on(async {
        crate::db::migrate(owner_url).await?;
        load(&mut AsyncPgConnection::establish(owner_url).await?, &state).await
    })?;
    println!("{}", told(loaded));
    Ok(())
}

/// Loads the programs that come with the service into a database that has none; tells what was new.
pub(super) async fn load_shipped(owner: &mut AsyncPgConnection) -> Result<Option<String>, Failure> {
    if programs::are_there_any(owner).await? {
        return Ok(None);
    }
    load(owner, &StateFile::parse(STATE_PROGRAMS)?).await.map(|loaded| Some(told(loaded)))
}

async fn load(owner: &mut AsyncPgConnection, state: &StateFile) -> Result<LoadedState, Failure> {
    let loaded = owner.transaction(async |conn| programs::load_state(conn, state).await).await;
    loaded.map_err(|error| match error {
        Error::Internal(source) => match source.downcast::<Misfits>() {
            Ok(misfits) => format!("nothing was loaded:{misfits}").into(),
            Err(other) => other,
        },
        other => other.into(),
    })
}

fn told(loaded: LoadedState) -> String {
    let LoadedState { programs, renamed, rule_sets, overlap_rules, ended } = loaded;
    format!(
        "programs of the state: {programs} new, {renamed} renamed; {rule_sets} rule sets new; \
         {overlap_rules} overlap rules new, {ended} ended"
    )
}

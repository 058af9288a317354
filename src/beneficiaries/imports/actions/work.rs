//! The work on an import behind the request that asked for it: begun again where its session is lost, until it is done.

use std::sync::Arc;
use std::time::Duration;

use diesel_async::AsyncPgConnection;

use super::file::send_parts;
use super::merge;
use super::stages;
use super::staging::{Staged, Staging};
use crate::beneficiaries::imports::mappings::Layout;
use crate::beneficiaries::imports::model::ImportRow;
use crate::beneficiaries::imports::queries;
use crate::beneficiaries::imports::rules::Reading;
use crate::db::{self, Db};
use crate::domain::{Caller, Scope};
use crate::error::{Code, Error, Result};
use crate::keys::Keys;

/// How often an import is begun before it is given up.
const ATTEMPTS: i32 = 5;
/// Time before it is begun again: whoever held it needs a moment to let go.
const PAUSE: Duration = Duration::from_secs(1);

/// An import to be checked or applied, as its status says.
#[derive(Clone)]
pub(in crate::beneficiaries::imports) struct Work {
    pub(in crate::beneficiaries::imports) db: Db,
    pub(in crate::beneficiaries::imports) keys: Arc<Keys>,
    /// On whose word, bound to the area of the import.
    pub(in crate::beneficiaries::imports) caller: Caller,
    pub(in crate::beneficiaries::imports) import: ImportRow,
}

impl Work {
    pub(super) fn scope(&self) -> Scope {
        Scope { area_ids: vec![self.import.area_id], company_id: None }
    }
}

/// Does the work, and says so where it comes to nothing. `staged` is what the request has staged already.
pub(in crate::beneficiaries::imports) async fn work_in_background(mut work: Work, mut staged: Option<Staged>) {
    let id = work.import.id;
    loop {
        let error = match attempt(&mut work, staged.take()).await {
            Ok(()) => return,
            Err(error) => error,
        };
        if error.code().is_some() || work.import.attempts >= ATTEMPTS {
            log::error!(import_id:% = id; "an import failed: {error}");
            return give_up(&work, error.code()).await;
        }
        log::warn!(import_id:% = id; "an import is begun again: {error}");
        tokio::time::sleep(PAUSE).await;
    }
}

async fn attempt(work: &mut Work, staged: Option<Staged>) -> Result<()> {
    let staged = match staged {
        Some(staged) => staged,
        None => match stage_again(work).await? {
            Some(staged) => staged,
            // Somebody else is at work on it, or it has ended.
            None => return Ok(()),
        },
    };
    let mut conn = AsyncPgConnection::try_from(staged.client).await.map_err(Error::unavailable)?;
    merge::run(&mut conn, work).await
}

/// Stages the kept file anew.
async fn stage_again(work: &mut Work) -> Result<Option<Staged>> {
    let at = (work.import.area_id, work.import.id);
    let scope = work.scope();
    let layout =
        work.import.layout.clone().map(serde_json::from_value::<Layout>).transpose().map_err(Error::internal)?;
    let reading = layout.as_ref().map(Reading::of).transpose().map_err(Error::invalid)?.unwrap_or_default();
    let conn = work.db.read(&scope).await?;
    let keys = Arc::clone(&work.keys);
    let Some(staging) = Staging::start((&work.db, &conn), keys, at, work.import.format, reading).await? else {
        return Ok(None);
    };
    let Some(import) = queries::begin_again(&conn, at).await? else { return Ok(None) };
    work.import = import;
    if work.import.attempts > ATTEMPTS {
        // What ends the process each time would end it at each start.
        return Err(Error::unavailable("an import was begun again and again"));
    }
    let sent = send_parts(&work.db, &work.keys, at, staging.parts()).await?;
    if sent == 0 {
        return Err(Code::FileLost.into());
    }
    let staged = staging.finish().await?;
    if staged.digest.as_slice() == work.import.file_digest { Ok(Some(staged)) } else { Err(Code::FileLost.into()) }
}

/// Says that the work came to nothing.
async fn give_up(work: &Work, code: Option<Code>) {
    let told = async {
        let mut conn = work.db.begin(&work.scope()).await?;
        let outcome = stages::give_up(&conn, (work.import.area_id, work.import.id), code).await;
        db::end(&mut conn, outcome).await
    };
    if let Err(error) = told.await {
        // The watch finds it: the lock of its session is free.
        log::error!(import_id:% = work.import.id; "an import could not be marked as failed: {error}");
    }
}

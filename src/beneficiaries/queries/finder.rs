//! Families asked for at the same moment are found by one statement: which version of each is in force.
//!
//! While a statement is on its way, those who ask meanwhile wait for the next one, which finds all of theirs. Alone,
//! nobody waits; in a crowd it sends a fraction of the statements.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tokio::sync::oneshot;

use crate::db::{Conn, Db};
use crate::domain::{BeneficiaryId, Scope};
use crate::error::{Error, Result};
use crate::schema::beneficiaries;

/// Finds families for the requests of one worker; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Finder(Arc<Mutex<Waiting>>);

/// Who waits for the next statement, by the areas they see; there is an entry while a statement is on its way.
type Waiting = HashMap<Vec<i32>, Vec<Asked>>;

#[derive(Debug)]
struct Asked {
    id: BeneficiaryId,
    tell: oneshot::Sender<Result<Option<i32>>>,
}

impl Finder {
    /// Finds a family of the scope; its version.
    pub(in crate::beneficiaries) async fn find(
        &self,
        db: &Db,
        scope: &Scope,
        id: BeneficiaryId,
    ) -> Result<Option<i32>> {
        let (tell, told) = oneshot::channel();
        if self.is_first(&scope.area_ids, Asked { id, tell }) {
            let round = Round { finder: self.clone(), scope: scope.clone(), is_over: false };
            tokio::spawn(round.find_all(db.clone()));
        }
        told.await.map_err(Error::internal)?
    }

    /// Adds someone who asks; true where no statement is on its way that would be followed by another.
    fn is_first(&self, area_ids: &[i32], asked: Asked) -> bool {
        let mut waiting = self.waiting();
        if let Some(others) = waiting.get_mut(area_ids) {
            others.push(asked);
            return false;
        }
        waiting.insert(area_ids.to_vec(), vec![asked]);
        true
    }

    /// What is waiting stays whole if a thread panics.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Statements one after the other, as long as somebody waits for one.
struct Round {
    finder: Finder,
    scope: Scope,
    /// The entry is gone, and another may stand in its place.
    is_over: bool,
}

impl Round {
    async fn find_all(mut self, db: Db) {
        while let Some(asked) = self.take() {
            let ids: Vec<_> = asked.iter().map(|asked| asked.id).collect();
            let found = match db.read(&self.scope).await {
                Ok(conn) => versions_of(&conn, &self.scope, &ids).await,
                Err(error) => Err(error),
            };
            tell(asked, found);
        }
    }

    /// Takes those who wait; whoever asks after nobody did is a first one again.
    fn take(&mut self) -> Option<Vec<Asked>> {
        let mut waiting = self.finder.waiting();
        let asked = waiting.get_mut(&self.scope.area_ids).map(std::mem::take).filter(|asked| !asked.is_empty());
        if asked.is_none() {
            waiting.remove(&self.scope.area_ids);
            self.is_over = true;
        }
        asked
    }
}

impl Drop for Round {
    /// A round that ends before its time, as when the worker stops, keeps nobody waiting.
    fn drop(&mut self) {
        if !self.is_over {
            self.finder.waiting().remove(&self.scope.area_ids);
        }
    }
}

fn tell(asked: Vec<Asked>, found: Result<Vec<(BeneficiaryId, i32)>>) {
    // A family that moved between areas of the scope has a record in each; the last version goes on.
    let found = found.map(|mut versions| {
        versions.sort_unstable_by_key(|(_, version)| *version);
        versions.into_iter().collect::<HashMap<_, _>>()
    });
    for Asked { id, tell } in asked {
        let told = match &found {
            Ok(versions) => Ok(versions.get(&id).copied()),
            Err(Error::Unavailable(source)) => Err(Error::unavailable(source.to_string())),
            Err(error) => Err(Error::internal(error.to_string())),
        };
        // Whoever has gone away meanwhile needs no answer.
        tell.send(told).ok();
    }
}

async fn versions_of(mut conn: &Conn, scope: &Scope, ids: &[BeneficiaryId]) -> Result<Vec<(BeneficiaryId, i32)>> {
    let versions = beneficiaries::table
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq_any(ids))
        .select((beneficiaries::id, beneficiaries::version))
        .load(&mut conn)
        .await?;
    Ok(versions)
}

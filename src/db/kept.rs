//! Statements that a connection keeps prepared, though Diesel does not know their text beforehand.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// A statement whose text is the same each time.
#[derive(Debug, Clone)]
pub(crate) struct Kept<Q>(Q);

/// Lets connections keep a statement prepared, which saves a round trip and a plan each time but the first.
///
/// For what is run often, by its text alone: a text that is put together anew would fill the connections. An insert of
/// some rows has as many texts as there are numbers of rows. Not for what is now about one row and now about thousands,
/// as Postgres may plan it once for all.
pub(crate) fn kept<Q>(statement: Q) -> Kept<Q> {
    Kept(statement)
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Kept<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Kept<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}

//! Walking through a list page by page, upwards or downwards.

use diesel::QueryableByName;
use diesel::sql_types::BigInt;

/// Orders a boxed query by one or two columns, all up or all down, and goes on after a place.
///
/// Two columns are compared as one row, which an index on them bounds.
macro_rules! walk {
    ($query:expr, $is_down:expr, $after:expr, $table:ident::{$column:ident}) => {{
        let query = if $is_down { $query.order($table::$column.desc()) } else { $query.order($table::$column) };
        match $after {
            Some(place) if $is_down => query.filter($table::$column.lt(place)),
            Some(place) => query.filter($table::$column.gt(place)),
            None => query,
        }
    }};
    ($query:expr, $is_down:expr, $after:expr, $table:ident::{$first:ident, $second:ident}) => {{
        let query = if $is_down {
            $query.order(($table::$first.desc(), $table::$second.desc()))
        } else {
            $query.order(($table::$first, $table::$second))
        };
        match $after {
            Some((first, second)) => {
                let row = concat!(
                    "(",
                    stringify!($table),
                    ".",
                    stringify!($first),
                    ", ",
                    stringify!($table),
                    ".",
                    stringify!($second),
                    ") "
                );
                let beyond = diesel::dsl::sql::<diesel::sql_types::Bool>(row)
                    .sql(crate::db::Way::of($is_down).beyond)
                    .sql(" (")
                    .bind::<diesel::dsl::SqlTypeOf<$table::$first>, _>(first)
                    .sql(", ")
                    .bind::<diesel::dsl::SqlTypeOf<$table::$second>, _>(second)
                    .sql(")");
                query.filter(beyond)
            }
            None => query,
        }
    }};
}

pub(crate) use walk;

/// Words of a statement that walks upwards or downwards.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// After each column of `order by`.
    pub order: &'static str,
    /// Between the row and the place.
    pub beyond: &'static str,
}

impl Way {
    /// Downwards or upwards.
    #[must_use]
    pub fn of(is_down: bool) -> Self {
        if is_down { Self { order: "desc", beyond: "<" } } else { Self { order: "asc", beyond: ">" } }
    }
}

/// What `select count(*) as total` answers.
#[derive(Debug, QueryableByName)]
pub struct Counted {
    /// Rows.
    #[diesel(sql_type = BigInt)]
    pub total: i64,
}

//! Functions of the database that statements over many rows call.

use super::catalog::Catalog;

/// A function whose body has a subquery is called for each row, which costs twenty microseconds; any other is written
/// into the statement.
#[tokio::test(flavor = "multi_thread")]
async fn derived_ids_are_made_within_the_statement() {
    let catalog = Catalog::read().await;
    let plan = "explain (verbose, costs off) select derive_id(id, id) from programs";
    let told = catalog.query(plan).await.iter().map(|row| row.get(0)).collect::<Vec<String>>().join("\n");
    assert!(told.contains("sha256") && !told.contains("derive_id"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn derived_ids_have_the_time_of_their_seed_and_are_those_of_its_key() {
    let catalog = Catalog::read().await;
    let made = "
        with made as (
            select n, derive_id('01a225ca-f210-756c-9b3b-5174e3ad4fe1', md5(n::text)::uuid)::text as id
            from generate_series(1, 1000) as n
        )
        select count(distinct id), bool_and(id ~ '^01a225ca-f210-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$'),
            bool_and(id = derive_id('01a225ca-f210-756c-9b3b-5174e3ad4fe1', md5(n::text)::uuid)::text)
        from made";
    let row = catalog.query(made).await.remove(0);
    assert_eq!((row.get::<_, i64>(0), row.get::<_, bool>(1), row.get::<_, bool>(2)), (1_000, true, true));
}

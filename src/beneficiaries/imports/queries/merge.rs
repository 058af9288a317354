//! The merge of a staged file, statement by statement, all in one transaction.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bytea, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};

use crate::beneficiaries::imports::model::ImportStatus;
use crate::db::Conn;
use crate::domain::{AttributeSchemaId, BeneficiaryId, ImportId, MemberId, RegionCode};
use crate::error::{Code, Result};

/// Makes the table that the file is copied into.
pub(in crate::beneficiaries::imports) const STAGE: &str = include_str!("stage.sql");
/// Keeps others from changing the families of the file until the end.
pub(in crate::beneficiaries::imports) const HOLD: &str = include_str!("hold.sql");
/// Tells which family and person each row is about.
pub(in crate::beneficiaries::imports) const CLASSIFY: &str = include_str!("classify.sql");
/// Finds what is wrong with rows and families.
pub(in crate::beneficiaries::imports) const FIND_FAULTS: &str = include_str!("find_faults.sql");
/// Finds NIKs that somebody else holds, without claiming any.
pub(in crate::beneficiaries::imports) const LOOK: &str = include_str!("look.sql");
/// Recalls the faults that were told when the file was checked.
pub(in crate::beneficiaries::imports) const RECALL: &str = include_str!("recall.sql");
/// Takes families with a fault out.
pub(in crate::beneficiaries::imports) const SPOIL: &str = include_str!("spoil.sql");
/// Finds the claims that could not be taken.
pub(in crate::beneficiaries::imports) const LOSE: &str = include_str!("lose.sql");
/// Finds what changes.
pub(in crate::beneficiaries::imports) const FIND_CHANGES: &str = include_str!("find_changes.sql");
/// Finds whom a full list no longer names.
pub(in crate::beneficiaries::imports) const FIND_LEAVERS: &str = include_str!("find_leavers.sql");
/// Ends the memberships of those.
pub(in crate::beneficiaries::imports) const END_MEMBERSHIPS: &str = include_str!("end_memberships.sql");
/// Counts who is left in the families of those, and ends them where nobody is.
pub(in crate::beneficiaries::imports) const LEAVE_FAMILIES: &str = include_str!("leave_families.sql");
/// Ends what rests on families that nobody is left in.
pub(in crate::beneficiaries::imports) const END_AID: &str = include_str!("end_aid.sql");
/// Writes the faults.
pub(in crate::beneficiaries::imports) const TELL_FAULTS: &str = include_str!("tell_faults.sql");

/// First number of the lock that lets one merge run in an area at a time.
const MERGE_LOCK: i32 = 7_460_003;

/// What the statements of a merge need to know.
#[derive(Debug, Clone)]
pub(in crate::beneficiaries::imports) struct Context {
    pub(in crate::beneficiaries::imports) area_id: i32,
    pub(in crate::beneficiaries::imports) import_id: ImportId,
    pub(in crate::beneficiaries::imports) client_id: String,
    /// operationId that histories tell.
    pub(in crate::beneficiaries::imports) operation: &'static str,
    pub(in crate::beneficiaries::imports) now: DateTime<Utc>,
    pub(in crate::beneficiaries::imports) today: NaiveDate,
    /// What the import becomes at the end of the transaction.
    pub(in crate::beneficiaries::imports) becomes: ImportStatus,
    pub(in crate::beneficiaries::imports) full_list_of: Option<RegionCode>,
    /// Schema that attributes of families are checked by, where the file tells any.
    pub(in crate::beneficiaries::imports) family_schema_id: Option<AttributeSchemaId>,
    /// Schema that attributes of members are checked by, where the file tells any.
    pub(in crate::beneficiaries::imports) member_schema_id: Option<AttributeSchemaId>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Runs statements without parameters.
pub(in crate::beneficiaries::imports) async fn run(conn: &mut Conn, statements: &str) -> Result<()> {
    Ok(conn.batch_execute(statements).await?)
}

/// Waits for other merges of the area.
pub(in crate::beneficiaries::imports) async fn wait_for_others(conn: &mut Conn, area_id: i32) -> Result<()> {
    diesel::sql_query("select pg_advisory_xact_lock($1, $2)")
        .bind::<Integer, _>(MERGE_LOCK)
        .bind::<Integer, _>(area_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Tells the statements where they are.
pub(in crate::beneficiaries::imports) async fn set_context(conn: &mut Conn, context: &Context) -> Result<()> {
    run(
        conn,
        "create temporary table import_context (
            area_id int, import_id uuid, client_id text, operation text, now timestamptz, today date, becomes text,
            full_list_of text, family_schema_id uuid, member_schema_id uuid
        ) on commit drop",
    )
    .await?;
    diesel::sql_query("insert into import_context values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind::<Integer, _>(context.area_id)
        .bind::<SqlUuid, _>(context.import_id)
        .bind::<Text, _>(&context.client_id)
        .bind::<Text, _>(context.operation)
        .bind::<Timestamptz, _>(context.now)
        .bind::<Date, _>(context.today)
        .bind::<Text, _>(context.becomes)
        .bind::<Nullable<Text>, _>(&context.full_list_of)
        .bind::<Nullable<SqlUuid>, _>(context.family_schema_id)
        .bind::<Nullable<SqlUuid>, _>(context.member_schema_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes the outcome; false where somebody has called the import off meanwhile.
pub(in crate::beneficiaries::imports) async fn close(conn: &mut Conn) -> Result<bool> {
    Ok(diesel::sql_query(include_str!("close.sql")).execute(conn).await? == 1)
}

async fn count(conn: &mut Conn, query: &str) -> Result<usize> {
    let Count { count } = diesel::sql_query(query).get_result(conn).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Claims the cards of new families, in the order of their digests; true where all were free.
pub(in crate::beneficiaries::imports) async fn take_cards(conn: &mut Conn) -> Result<bool> {
    let wanted = count(conn, "select count(*) from family where not is_known").await?;
    let taken = diesel::sql_query(
        "insert into card_claims (card_digest, area_id, beneficiary_id)
        select f.card_digest, c.area_id, f.id from family as f cross join import_context as c
        where not f.is_known order by f.card_digest on conflict (card_digest) do nothing",
    )
    .execute(conn)
    .await?;
    Ok(taken == wanted)
}

/// Claims the NIKs that are new, in the order of their digests; true where all were free.
pub(in crate::beneficiaries::imports) async fn take_niks(conn: &mut Conn) -> Result<bool> {
    let wanted = count(conn, "select count(*) from person where takes_nik").await?;
    let taken = diesel::sql_query(
        "insert into identity_claims (nik_digest, area_id, member_id)
        select p.nik_digest, c.area_id, coalesce(p.known_id, p.member_id)
        from person as p cross join import_context as c
        where p.takes_nik order by p.nik_digest on conflict (nik_digest) do nothing",
    )
    .execute(conn)
    .await?;
    Ok(taken == wanted)
}

/// A known member who gets a NIK that was sealed for the new member the row could have been.
#[derive(Debug, QueryableByName)]
pub(in crate::beneficiaries::imports) struct Lookalike {
    #[diesel(sql_type = Integer)]
    pub(in crate::beneficiaries::imports) line: i32,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::beneficiaries::imports) member_id: MemberId,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::beneficiaries::imports) known_id: MemberId,
    #[diesel(sql_type = Bytea)]
    pub(in crate::beneficiaries::imports) nik_sealed: Vec<u8>,
}

/// Some thousand known members with a new NIK, after a line of the file.
pub(in crate::beneficiaries::imports) async fn new_niks(conn: &mut Conn, after_line: i32) -> Result<Vec<Lookalike>> {
    let rows = diesel::sql_query(
        "select line, member_id, known_id, nik_sealed from person
        where takes_nik and known_id is not null and line > $1 order by line limit 5000",
    )
    .bind::<Integer, _>(after_line)
    .load(conn)
    .await?;
    Ok(rows)
}

/// Puts NIKs that were sealed again into their rows.
pub(in crate::beneficiaries::imports) async fn give_niks(
    conn: &mut Conn,
    lines: Vec<i32>,
    niks: Vec<Vec<u8>>,
) -> Result<()> {
    run(conn, "create index if not exists person_line_idx on person (line)").await?;
    let statement = "update person set nik_sealed = given.nik_sealed
        from unnest($1, $2) as given (line, nik_sealed) where person.line = given.line";
    diesel::sql_query(statement).bind::<Array<Integer>, _>(lines).bind::<Array<Bytea>, _>(niks).execute(conn).await?;
    Ok(())
}

/// The largest ordinal of a family.
pub(in crate::beneficiaries::imports) async fn families(conn: &mut Conn) -> Result<i32> {
    let most = count(conn, "select coalesce(max(ordinal), 0)::bigint as count from family").await?;
    Ok(i32::try_from(most).unwrap_or(i32::MAX))
}

/// Keeps the versions that are about to be replaced.
pub(in crate::beneficiaries::imports) async fn keep_versions(conn: &mut Conn) -> Result<()> {
    run(conn, include_str!("keep_versions.sql")).await
}

/// Writes the next versions of families.
///
/// # Errors
/// `version_stale` where somebody changed one meanwhile: the merge is to be tried again.
pub(in crate::beneficiaries::imports) async fn change_families(conn: &mut Conn, area_id: i32) -> Result<()> {
    let wanted = count(conn, "select count(*) from changed_family").await?;
    change(conn, include_str!("change_families.sql"), area_id, wanted).await
}

/// Writes the next versions of members.
///
/// # Errors
/// `version_stale` where somebody changed one meanwhile: the merge is to be tried again.
pub(in crate::beneficiaries::imports) async fn change_members(conn: &mut Conn, area_id: i32) -> Result<()> {
    let wanted = count(conn, "select count(*) from changed_person").await?;
    change(conn, include_str!("change_members.sql"), area_id, wanted).await
}

async fn change(conn: &mut Conn, statement: &str, area_id: i32, wanted: usize) -> Result<()> {
    let changed = diesel::sql_query(statement).bind::<Integer, _>(area_id).execute(conn).await?;
    if changed == wanted { Ok(()) } else { Err(Code::VersionStale.into()) }
}

/// Writes changed relationships and lets go of replaced NIKs.
pub(in crate::beneficiaries::imports) async fn change_ties(conn: &mut Conn) -> Result<()> {
    run(conn, include_str!("change_ties.sql")).await
}

/// Inserts the new families of a range of ordinals, with the ranks of all families in it.
pub(in crate::beneficiaries::imports) async fn insert_families(conn: &mut Conn, range: (i32, i32)) -> Result<()> {
    insert(conn, include_str!("insert_families.sql"), range).await?;
    insert(conn, include_str!("insert_locators.sql"), range).await?;
    insert(conn, include_str!("insert_ranks.sql"), range).await
}

/// Inserts the new members of a range of ordinals.
pub(in crate::beneficiaries::imports) async fn insert_members(conn: &mut Conn, range: (i32, i32)) -> Result<()> {
    insert(conn, include_str!("insert_members.sql"), range).await?;
    insert(conn, include_str!("insert_memberships.sql"), range).await
}

#[derive(QueryableByName)]
struct FamilyId {
    #[diesel(sql_type = SqlUuid)]
    id: BeneficiaryId,
}

/// Ids of the families of a range of ordinals.
pub(in crate::beneficiaries::imports) async fn ids_of_families(
    conn: &mut Conn,
    (first, last): (i32, i32),
) -> Result<Vec<BeneficiaryId>> {
    let rows: Vec<FamilyId> = diesel::sql_query("select id from family where ordinal between $1 and $2")
        .bind::<Integer, _>(first)
        .bind::<Integer, _>(last)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn insert(conn: &mut Conn, statement: &str, (first, last): (i32, i32)) -> Result<()> {
    diesel::sql_query(statement).bind::<Integer, _>(first).bind::<Integer, _>(last).execute(conn).await?;
    Ok(())
}

//! Accounts and transfers as rows and answers.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::{Balance, PledgeId, PledgeLineId, Quantity, StockLotId, TransferId, text_enum};
use crate::http::{AsOf, ByCreation, ByTime};

text_enum! {
    /// A place a pledged quantity can be.
    AccountKind {
        /// What a company has promised in all; the one account that may be below zero.
        Promise "promise",
        /// Accepted and not yet received.
        Commitment "commitment",
        /// Received and free; of goods of programs, at one site.
        Stock "stock",
        /// Allocated to families and not yet handed over.
        Reserved "reserved",
        /// Handed over to families.
        Delivered "delivered",
        /// Called off before it was received.
        Cancelled "cancelled",
        /// Given up before it was received.
        WrittenOff "written_off",
        /// Given back to the company or supplier.
        Returned "returned",
        /// Lost after it was received.
        Lost "lost",
        /// What suppliers brought for programs, from outside: below zero by as much as came in.
        Supply "supply",
        /// Taken to hand-over days in bulk.
        HandedOut "handed_out",
        /// What counts of stock found missing, less what they found too much.
        Counted "counted",
    }
}

impl AccountKind {
    /// True where the balance may never be below zero.
    #[must_use]
    pub fn is_floored(self) -> bool {
        !matches!(self, Self::Promise | Self::Supply | Self::Counted)
    }
}

/// What stands in the places of one owner that may not be below zero.
#[derive(Debug, Clone, Default)]
pub struct Balances(HashMap<AccountKind, Quantity>);

impl Balances {
    /// Of some balances those of each owner.
    pub(super) fn by_owner(balances: Vec<(Uuid, AccountKind, Quantity)>) -> HashMap<Uuid, Self> {
        let mut owners: HashMap<Uuid, Self> = HashMap::new();
        for (owner_id, kind, quantity) in balances {
            owners.entry(owner_id).or_default().0.insert(kind, quantity);
        }
        owners
    }

    /// What stands in a place; nothing where it is not open.
    #[must_use]
    pub fn of(&self, kind: AccountKind) -> Quantity {
        self.0.get(&kind).cloned().unwrap_or_else(Quantity::zero)
    }
}

text_enum! {
    /// Why a quantity moved.
    TransferCode {
        /// Promise to commitment.
        Accept "accept",
        /// Commitment or supply to stock.
        Receive "receive",
        /// Stock to reserved.
        Reserve "reserve",
        /// Reserved or stock to delivered.
        Deliver "deliver",
        /// Reserved back to stock, as somebody decided.
        Release "release",
        /// Commitment to cancelled.
        Cancel "cancel",
        /// Commitment to written off.
        WriteOff "write_off",
        /// Stock to returned.
        Return "return",
        /// Stock to lost.
        Lose "lose",
        /// The opposite of an earlier transfer.
        Correct "correct",
        /// Promise to commitment or back, by an amendment.
        Amend "amend",
        /// Stock of one line to stock of another.
        Reallocate "reallocate",
        /// Stock at one site to stock at another.
        Transfer "transfer",
        /// Stock to handed out.
        HandOut "hand_out",
        /// Handed out back to stock.
        TakeBack "take_back",
        /// Delivered back to stock.
        PutBack "put_back",
        /// Stock to counted or back.
        Count "count",
        /// Reserved back to stock, as its time ran out.
        Expire "expire",
    }
}

/// An account by what it is: kind and owner. Its unit and area stand in the posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountRef {
    /// Kind of place.
    pub kind: AccountKind,
    /// Company for a promise; pledge line, stock lot, or a lot at a site for the others.
    pub owner_id: Uuid,
}

impl AccountRef {
    /// Names an account.
    #[must_use]
    pub fn new(kind: AccountKind, owner_id: Uuid) -> Self {
        Self { kind, owner_id }
    }
}

/// An account to open.
#[derive(Debug, Clone)]
pub struct NewAccount<'a> {
    /// What it is.
    pub account: AccountRef,
    /// Unit that it counts.
    pub unit: &'a str,
}

/// What a transfer is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// A pledge.
    Pledge(PledgeId),
    /// A lot of goods of programs.
    Lot(StockLotId),
}

impl Group {
    /// Its kind as the table has it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Pledge(_) => "pledge",
            Self::Lot(_) => "lot",
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(self) -> Uuid {
        match self {
            Self::Pledge(id) => id.0,
            Self::Lot(id) => id.0,
        }
    }
}

/// What the transfers of one post have in common.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    /// Sub-district whose ledger they stand in.
    pub area_id: i32,
    /// What they are of.
    pub group: Group,
    /// Who posts.
    pub client_id: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// A quantity to move.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// Id; acts at most once.
    pub id: TransferId,
    /// Why.
    pub code: TransferCode,
    /// Account it leaves.
    pub from: AccountRef,
    /// Account it enters.
    pub to: AccountRef,
    /// Unit of both accounts.
    pub unit: String,
    /// How much, more than zero.
    pub quantity: Quantity,
}

/// An account with its balance.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = crate::schema::ledger_accounts)]
pub(super) struct Account {
    /// Id of the account
    pub id: Uuid,
    /// Kind of place
    pub kind: AccountKind,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub unit: String,
    /// Company for a promise; pledge line, stock lot, or a lot at a site for the others
    pub owner_id: Uuid,
    /// Whether the balance may never be below zero
    pub is_floored: bool,
    /// What stands in it, or stood at `as_of`; below zero only for a promise, a supply and what counts found
    #[diesel(select_expression = crate::schema::ledger_balances::posted)]
    pub balance: Balance,
    /// When it was opened
    pub created_at: DateTime<Utc>,
}

/// A quantity that moved from one account to another.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable)]
pub struct Movement {
    /// Id of the transfer
    pub id: TransferId,
    /// When it was posted
    pub at: DateTime<Utc>,
    /// Why
    pub code: TransferCode,
    /// Pledge it belongs to; none for goods of programs
    pub pledge_id: Option<PledgeId>,
    /// Line of the pledge
    pub pledge_line_id: Option<Uuid>,
    /// Lot of goods of programs that it belongs to
    pub stock_lot_id: Option<StockLotId>,
    /// Place it left
    pub from: AccountKind,
    /// Place it entered
    pub to: AccountKind,
    /// How much
    pub quantity: Quantity,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub unit: String,
    /// Transfer that it takes back
    pub corrects_id: Option<TransferId>,
}

/// An account whose balance is not the sum of its transfers.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub struct Discrepancy {
    /// Id of the account
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub account_id: Uuid,
    /// Balance as it is kept
    #[diesel(sql_type = diesel::sql_types::Numeric)]
    pub balance: Balance,
    /// Sum of its transfers
    #[diesel(sql_type = diesel::sql_types::Numeric)]
    pub transferred: Balance,
}

/// A pledge line whose allocations are not what the ledger has of it.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub struct Unreconciled {
    /// Line
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub pledge_line_id: PledgeLineId,
    /// Place that is compared: `reserved` or `delivered`
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub place: AccountKind,
    /// What the ledger has there
    #[diesel(sql_type = diesel::sql_types::Numeric)]
    pub balance: Balance,
    /// What the allocations of families add up to
    #[diesel(sql_type = diesel::sql_types::Numeric)]
    pub allocated: Balance,
}

/// Which accounts.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AccountFilter {
    /// Accounts of this kind
    #[param(inline)]
    pub(super) kind: Option<AccountKind>,
    /// Accounts of this company, pledge line, stock lot or lot at a site
    pub(super) owner_id: Option<Uuid>,
    /// Accounts that were open then (RFC 3339), with what stood in them then: slower, as transfers are summed
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}

/// Which transfers.
#[derive(Debug, Default, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TransferFilter {
    /// Transfers of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// Transfers of this lot
    #[param(inline)]
    pub(super) stock_lot_id: Option<StockLotId>,
    /// Transfers with this reason
    #[param(inline)]
    pub(super) code: Option<TransferCode>,
    /// Transfers that were posted by then (RFC 3339)
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order
    #[param(inline, default = "at")]
    pub(super) sort: Option<ByTime>,
}

/// Place of a movement in the order of time.
pub(crate) type MovementPlace = (DateTime<Utc>, TransferId);

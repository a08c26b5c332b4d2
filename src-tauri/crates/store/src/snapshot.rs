//! Reading: what the register remembers, at one moment.

use std::ops::Deref;
use std::path::Path;

use countertop_domain::ids::{ItemId, PrintJobId, SaleId, TenderId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::quantity::Quantity;
use countertop_domain::report::{About, Span};
use countertop_domain::sale::Sale;
use countertop_domain::staff::Actor;
use countertop_domain::time::BusinessDay;
use rusqlite::Connection;

use crate::connection::open_reader;
use crate::error::StoreError;
use crate::journal::{self, StoredEntry};
use crate::lookup::{self, CategoryRow, TileRow, VariantRow};
use crate::search;
use crate::store::Identity;
use crate::table::basket::{self, BasketEdit, SavedBasket};
use crate::table::held;
use crate::table::outbox::{self, Destination};
use crate::table::print_job::{self, PrintJob};
use crate::table::report::{self, ReportRow};
use crate::table::sale::{self, SaleFilter, SaleRow};
use crate::table::{catalog, setting, staff};

/// A view of the data for reading.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    connection: &'a Connection,
    identity: &'a Identity,
    /// Where the open baskets are.
    baskets: &'a Path,
}

impl std::fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("identity", self.identity).finish_non_exhaustive()
    }
}

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl<'a> Snapshot<'a> {
    pub(crate) const fn new(
        connection: &'a Connection,
        identity: &'a Identity,
        baskets: &'a Path,
    ) -> Self {
        Self { connection, identity, baskets }
    }

    /// Who this register is.
    pub const fn identity(&self) -> &Identity {
        self.identity
    }

    /// What a scanned code stands for, and how much of it.
    pub fn by_code(&self, code: &str) -> Result<Option<(Sellable, Quantity)>, StoreError> {
        lookup::by_code(self.connection, self.identity.currency, code)
    }

    /// A variant that is still sold.
    pub fn by_variant(&self, id: VariantId) -> Result<Option<Sellable>, StoreError> {
        lookup::by_variant(self.connection, self.identity.currency, id)
    }

    /// The variant with this article number, if it is still sold.
    pub fn by_sku(&self, sku: &str) -> Result<Option<Sellable>, StoreError> {
        lookup::by_sku(self.connection, self.identity.currency, sku)
    }

    /// Categories with something in them.
    pub fn categories(&self) -> Result<Vec<CategoryRow>, StoreError> {
        lookup::categories(self.connection)
    }

    /// Items of a category (none: the favourites) after a cursor (0: from the first).
    pub fn tiles(
        &self,
        category: Option<&str>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<TileRow>, StoreError> {
        lookup::tiles(self.connection, category, after, limit)
    }

    /// An item's name and its variants.
    pub fn item(&self, id: ItemId) -> Result<Option<(String, Vec<VariantRow>)>, StoreError> {
        lookup::item(self.connection, id)
    }

    /// What matches the letters typed so far, the best first.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<TileRow>, StoreError> {
        search::search(self.connection, text, limit)
    }

    /// How many items and variants there are.
    pub fn catalog_size(&self) -> Result<(u64, u64), StoreError> {
        catalog::counts(self.connection)
    }

    /// The ids of a source's variants, by what the source calls them.
    pub fn variants_of_source(
        &self,
        source: &str,
        source_key: &str,
    ) -> Result<Vec<(String, VariantId)>, StoreError> {
        catalog::variants_of_source(self.connection, source, source_key)
    }

    /// Open baskets, in the order in which they were begun.
    pub fn baskets(&self) -> Result<Vec<SavedBasket>, StoreError> {
        let mut baskets = Vec::new();
        for saved in basket::all(&open_reader(self.baskets)?)? {
            // Killed between a sale, or its setting aside, and the forgetting of the basket.
            if !basket::is_gone(self.connection, saved.basket.id())?
                && !held::is_stale(self.connection, &saved.basket)?
            {
                baskets.push(saved);
            }
        }
        Ok(baskets)
    }

    /// A sale as it was frozen.
    pub fn sale(&self, id: SaleId) -> Result<Option<Sale>, StoreError> {
        sale::get(self.connection, self.identity.register, id)
    }

    /// The sales that took goods back of a sale, the oldest first.
    pub fn refunds_of(&self, id: SaleId) -> Result<Vec<Sale>, StoreError> {
        sale::refunds_of(self.connection, self.identity.register, id)
    }

    /// Whether something was paid with this tender, or is being paid at a terminal: a sale, an account,
    /// a deposit.
    pub fn knows_tender(&self, id: TenderId) -> Result<bool, StoreError> {
        sale::knows_tender(self.connection, id)
    }

    /// Sales before a place in the journal, the newest first.
    pub fn sales_before(&self, seq: i64, limit: u32) -> Result<Vec<SaleRow>, StoreError> {
        sale::before(self.connection, seq, limit)
    }

    /// Sales that a filter finds, whole, each with its place in the journal.
    pub fn find_sales(
        &self,
        filter: &SaleFilter,
        limit: u32,
    ) -> Result<Vec<(i64, Sale)>, StoreError> {
        sale::find(self.connection, self.identity.register, filter, limit)
    }

    /// Sales with this receipt number, in one series or any.
    pub fn sales_by_receipt(
        &self,
        series: Option<&str>,
        sequence: i64,
    ) -> Result<Vec<SaleRow>, StoreError> {
        sale::by_receipt(self.connection, series, sequence)
    }

    /// Sales of items whose words match, before a place in the journal, the newest first.
    pub fn sales_by_item(
        &self,
        text: &str,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<SaleRow>, StoreError> {
        let variants = search::variants(self.connection, text)?;
        sale::of_variants(self.connection, &variants, seq, limit)
    }

    /// How many sales, how many lines, and what they came to in minor units.
    pub fn sales_sums(&self) -> Result<(u64, u64, i64), StoreError> {
        sale::sums(self.connection)
    }

    /// What is left of a variant: the sum of its movements, in thousandths.
    pub fn stock_of(&self, variant: VariantId) -> Result<Quantity, StoreError> {
        use rusqlite::OptionalExtension;
        let level: Option<i64> = self
            .connection
            .prepare_cached("SELECT quantity FROM stock_level WHERE variant_id = ?1")?
            .query_row([variant.uuid().as_bytes().as_slice()], |row| row.get(0))
            .optional()?;
        Ok(Quantity::from_thousandths(level.unwrap_or(0)))
    }

    /// The balance of an account, in minor units.
    pub fn balance(&self, account: countertop_domain::posting::Account) -> Result<i64, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT coalesce(sum(amount_minor), 0) FROM posting WHERE account = ?1",
            )?
            .query_row([account.name()], |row| row.get(0))?)
    }

    /// The staff.
    pub fn staff(&self) -> Result<Vec<Actor>, StoreError> {
        staff::all(self.connection)
    }

    /// A setting.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        setting::get(self.connection, name)
    }

    /// A print job.
    pub fn print_job(&self, id: PrintJobId) -> Result<Option<PrintJob>, StoreError> {
        print_job::get(self.connection, id)
    }

    /// Print jobs that wait for the printer or for a person, the oldest first, 200 at most.
    pub fn open_print_jobs(&self) -> Result<Vec<PrintJob>, StoreError> {
        print_job::open(self.connection)
    }

    /// Every print job of a sale, the oldest first.
    pub fn print_jobs_of(&self, sale: SaleId) -> Result<Vec<PrintJob>, StoreError> {
        print_job::of_sale(self.connection, sale)
    }

    /// Who is to be told of what happens here.
    pub fn destinations(&self) -> Result<Vec<Destination>, StoreError> {
        outbox::destinations(self.connection)
    }

    /// How many messages are not acknowledged yet.
    pub fn outbox_waiting(&self) -> Result<u32, StoreError> {
        outbox::waiting(self.connection)
    }

    /// An entry of this register's journal.
    pub fn entry(&self, seq: i64) -> Result<Option<StoredEntry>, StoreError> {
        journal::at(self.connection, self.identity.register, seq)
    }

    /// Calls `each` with every entry of this register's journal, in order.
    pub fn for_each_entry(
        &self,
        each: impl FnMut(StoredEntry) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        journal::for_each(self.connection, self.identity.register, each)
    }

    /// Calls `each` with every sellable variant and its first code, a catalogue of any size.
    pub fn for_each_sellable(
        &self,
        mut each: impl FnMut(Sellable, Option<String>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        lookup::for_each(self.connection, self.identity.currency, &mut each)
    }

    /// The first and the last business day that have figures in reports; none before the first sale.
    /// For this and the other reports, [`Store::sum_up`](crate::Store::sum_up) goes before.
    pub fn report_days(&self) -> Result<Option<(BusinessDay, BusinessDay)>, StoreError> {
        report::known_days(self.connection)
    }

    /// The figures about one kind of thing, one row for each code and detail, over all spans
    /// together.
    pub fn report(&self, about: About, spans: &[Span]) -> Result<Vec<ReportRow>, StoreError> {
        report::rows(self.connection, about, spans)
    }

    /// The figures about one kind of thing, day after day.
    pub fn report_by_day(
        &self,
        about: About,
        first: BusinessDay,
        last: BusinessDay,
    ) -> Result<Vec<(BusinessDay, ReportRow)>, StoreError> {
        report::by_day(self.connection, about, first, last)
    }

    /// The items of a single span with the highest totals, and how many it has.
    pub fn best_items(&self, span: Span, limit: u32) -> Result<(Vec<ReportRow>, u32), StoreError> {
        report::best(self.connection, span, limit)
    }

    pub(crate) const fn connection(&self) -> &'a Connection {
        self.connection
    }
}

/// A transaction: everything in it happens, or nothing.
pub struct Tx<'a> {
    pub(crate) snapshot: Snapshot<'a>,
    pub(crate) key: &'a ed25519_dalek::SigningKey,
    pub(crate) baskets: std::cell::RefCell<Vec<BasketEdit>>,
    /// Whether those who listen are to hear of it.
    pub(crate) worth_telling: std::cell::Cell<bool>,
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").finish_non_exhaustive()
    }
}

/// A transaction reads its own writes.
impl<'a> Deref for Tx<'a> {
    type Target = Snapshot<'a>;
    fn deref(&self) -> &Self::Target {
        &self.snapshot
    }
}

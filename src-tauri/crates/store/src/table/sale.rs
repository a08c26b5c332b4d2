//! Sales: lists from the view, the sale itself from the journal, where it is frozen.

use countertop_domain::ids::{CustomerId, RegisterId, SaleId, TenderId, VariantId};
use countertop_domain::journal::Entry;
use countertop_domain::sale::Sale;
use countertop_domain::tender::TenderKind;
use countertop_domain::time::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::uuid_at;
use crate::error::StoreError;
use crate::journal;

/// A sale in a list. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleRow {
    /// Its place in the journal; also the cursor of a page.
    pub seq: i64,
    /// Its id.
    pub id: SaleId,
    /// `T1-1042`.
    pub receipt: String,
    /// When.
    pub at: Timestamp,
    /// Who sold.
    pub cashier: String,
    /// What was paid.
    pub total: i64,
    /// How many lines.
    pub lines: u32,
    /// How it was paid, each kind once.
    pub paid_with: Vec<TenderKind>,
}

/// Which sales a list has. Nothing set is all of them, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaleFilter {
    /// The oldest first.
    pub oldest_first: bool,
    /// After this place in the journal, in the order of the list.
    pub after: Option<i64>,
    /// Paid at this moment or later, milliseconds since 1970 UTC.
    pub since_ms: Option<i64>,
    /// Of these customers, by the ids that the sales name; of anyone if there are none.
    pub customers: Vec<CustomerId>,
    /// The receipt's series and number; any series if only the number is known.
    pub receipt: Option<(Option<String>, i64)>,
    /// Only tickets on which something came back.
    pub with_returns: bool,
}

/// Sales that a filter finds, whole, each with its place in the journal.
pub(crate) fn find(
    connection: &Connection,
    register: RegisterId,
    filter: &SaleFilter,
    limit: u32,
) -> Result<Vec<(i64, Sale)>, StoreError> {
    let mut conditions = vec!["1".to_owned()];
    let mut values: Vec<Value> = Vec::new();
    let numbers = [
        (if filter.oldest_first { "id > ?" } else { "id < ?" }, filter.after),
        ("at_ms >= ?", filter.since_ms),
        ("receipt_sequence = ?", filter.receipt.as_ref().map(|(_, number)| *number)),
    ];
    for (condition, number) in numbers {
        if let Some(number) = number {
            conditions.push(condition.to_owned());
            values.push(number.into());
        }
    }
    if let Some((Some(series), _)) = &filter.receipt {
        conditions.push("series = ?".to_owned());
        values.push(series.clone().into());
    }
    if !filter.customers.is_empty() {
        let places = vec!["?"; filter.customers.len()].join(", ");
        conditions.push(format!(
            "id IN (SELECT sale FROM customer_sale WHERE customer_id IN ({places}))"
        ));
        let ids = filter.customers.iter();
        values.extend(ids.map(|id| Value::from(id.uuid().as_bytes().to_vec())));
    }
    if filter.with_returns {
        conditions.push(
            "EXISTS (SELECT 1 FROM sale_line WHERE sale_line.sale = sale.id AND quantity < 0)"
                .to_owned(),
        );
    }
    values.push(i64::from(limit).into());
    let order = if filter.oldest_first { "ASC" } else { "DESC" };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id FROM sale WHERE {} ORDER BY id {order} LIMIT ?",
        conditions.join(" AND ")
    ))?;
    let seqs: Vec<i64> = statement
        .query_map(params_from_iter(values), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    seqs.into_iter().map(|seq| Ok((seq, at(connection, register, seq)?))).collect()
}

const COLUMNS: &str = "id, sale_id, series || '-' || receipt_sequence, at_ms, offset_min, cashier,
   total_minor, lines, paid_with";

/// Sales before a place in the journal, the newest first.
pub(crate) fn before(
    connection: &Connection,
    seq: i64,
    limit: u32,
) -> Result<Vec<SaleRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM sale WHERE id < ?1 ORDER BY id DESC LIMIT ?2"
    ))?;
    let rows = statement.query_map(params![seq, limit], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sales whose receipt has this number, in any series.
pub(crate) fn by_receipt(
    connection: &Connection,
    series: Option<&str>,
    sequence: i64,
) -> Result<Vec<SaleRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM sale WHERE receipt_sequence = ?1
           AND series = coalesce(?2, series) ORDER BY id DESC LIMIT 20"
    ))?;
    let rows = statement.query_map(params![sequence, series], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Sales of these variants before a place in the journal, the newest first. Reads the lines from the
/// newest back: 100,000 sales in 20 ms. An index would cost every sale a page for each of its lines.
pub(crate) fn of_variants(
    connection: &Connection,
    variants: &[VariantId],
    seq: i64,
    limit: u32,
) -> Result<Vec<SaleRow>, StoreError> {
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    let places = vec!["?"; variants.len()].join(", ");
    let mut statement = connection.prepare(&format!(
        "SELECT DISTINCT sale FROM sale_line WHERE sale < ? AND variant_id IN ({places})
         ORDER BY sale DESC LIMIT ?"
    ))?;
    let mut values: Vec<Value> = vec![seq.into()];
    values.extend(variants.iter().map(|id| Value::from(id.uuid().as_bytes().to_vec())));
    values.push(i64::from(limit).into());
    let seqs: Vec<i64> = statement
        .query_map(params_from_iter(values), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut one =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM sale WHERE id = ?1"))?;
    let mut sales = Vec::with_capacity(seqs.len());
    for seq in seqs {
        sales.push(one.query_row([seq], from_row)?);
    }
    Ok(sales)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SaleRow> {
    let kinds: String = row.get(8)?;
    let mut paid_with: Vec<TenderKind> = kinds.split(',').filter_map(TenderKind::parse).collect();
    paid_with.sort_unstable();
    Ok(SaleRow {
        seq: row.get(0)?,
        id: SaleId::new(uuid_at(row, 1)?),
        receipt: row.get(2)?,
        at: Timestamp { utc_ms: row.get(3)?, offset_min: row.get(4)? },
        cashier: row.get(5)?,
        total: row.get(6)?,
        lines: row.get(7)?,
        paid_with,
    })
}

/// The sale as it was frozen.
pub(crate) fn get(
    connection: &Connection,
    register: RegisterId,
    id: SaleId,
) -> Result<Option<Sale>, StoreError> {
    let seq: Option<i64> = connection
        .prepare_cached("SELECT id FROM sale WHERE sale_id = ?1")?
        .query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0))
        .optional()?;
    seq.map(|seq| at(connection, register, seq)).transpose()
}

/// The sale of an entry.
fn at(connection: &Connection, register: RegisterId, seq: i64) -> Result<Sale, StoreError> {
    match journal::at(connection, register, seq)?.map(|stored| stored.entry()).transpose()? {
        Some(Entry::SaleCompleted(sale)) => Ok(*sale),
        _ => Err(StoreError::damaged("sale", format!("entry {seq} is not a sale"))),
    }
}

/// The sales that took goods back of this one, the oldest first.
pub(crate) fn refunds_of(
    connection: &Connection,
    register: RegisterId,
    origin: SaleId,
) -> Result<Vec<Sale>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT sale FROM sale_return WHERE origin = ?1 ORDER BY sale")?;
    let rows = statement.query_map([origin.uuid().as_bytes().as_slice()], |row| row.get(0))?;
    rows.map(|seq| at(connection, register, seq?)).collect()
}

/// One statement for four tables: every payment asks it.
pub(crate) fn knows_tender(connection: &Connection, id: TenderId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM tender WHERE tender_id = ?1)
               OR EXISTS(SELECT 1 FROM account_payment WHERE tender_id = ?1)
               OR EXISTS(SELECT 1 FROM held_deposit WHERE tender_id = ?1)
               OR EXISTS(SELECT 1 FROM payment_attempt WHERE tender_id = ?1)",
        )?
        .query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0))?)
}

/// The next number of a series: one after the last, inside the sale's own transaction.
pub(crate) fn next_sequence(connection: &Connection, series: &str) -> Result<i64, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT coalesce(max(receipt_sequence), 0) + 1 FROM sale WHERE series = ?1",
        )?
        .query_row([series], |row| row.get(0))?)
}

/// What the sales came to: how many, their lines, and the sum in minor units.
pub(crate) fn sums(connection: &Connection) -> Result<(u64, u64, i64), StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(total_minor), 0) FROM sale",
        )?
        .query_row([], |row| {
            let sales: i64 = row.get(0)?;
            let lines: i64 = row.get(1)?;
            Ok((sales.unsigned_abs(), lines.unsigned_abs(), row.get(2)?))
        })?)
}

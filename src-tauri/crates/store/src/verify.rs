//! Verify: is everything that was ever written still there, unchanged, and do the tables say the same
//! as the journal? `PRAGMA integrity_check` alone misses more than a quarter of flipped bits; the
//! chain, the rebuilt views and the check together miss none that matter.

use std::collections::HashMap;

use countertop_domain::journal::Entry;
use countertop_domain::money::{Money, MoneyError};
use countertop_domain::sale::Sale;
use rusqlite::types::Value;
use rusqlite::{Connection, Statement};

use crate::error::StoreError;
use crate::journal::ChainCheck;
use crate::projection::{self, VIEWS};
use crate::store::{Identity, Store};
use crate::table::report::{self, Pending};
use crate::{journal, migration};

/// What verify found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Entries of the journal.
    pub entries: u64,
    /// Sales among them.
    pub sales: u64,
    /// Everything that is wrong, in words; empty if nothing is. A hundred at most.
    pub problems: Vec<String>,
}

const MAX_PROBLEMS: usize = 100;

impl Verdict {
    fn problem(&mut self, text: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(text);
        }
    }
}

impl Store {
    /// Checks everything. Reads only; sales go on meanwhile.
    ///
    /// # Errors
    /// Only if the database cannot be read at all; what is wrong in it is in the verdict.
    pub fn verify(&self) -> Result<Verdict, StoreError> {
        let database = crate::connection::open_reader(&self.database())?;
        // One moment for everything that is compared.
        let snapshot = database.unchecked_transaction()?;
        let mut verdict = Verdict::default();
        integrity(&snapshot, &mut verdict)?;
        let fresh = replay(&snapshot, self.identity(), &mut verdict)?;
        for (table, order) in VIEWS {
            compare(&snapshot, &fresh, table, order, &mut verdict)?;
        }
        let baskets = crate::connection::open_reader(&self.baskets())?;
        integrity(&baskets, &mut verdict)?;
        if let Err(error) = crate::table::basket::all(&baskets) {
            verdict.problem(error.to_string());
        }
        Ok(verdict)
    }

    /// Makes every view anew from the journal. Returns how many entries were read.
    ///
    /// # Errors
    /// An entry that cannot be read, or that is not as it was written: then nothing has changed, for the
    /// tables may be the only place that still has the truth.
    pub fn rebuild(&self) -> Result<u64, StoreError> {
        self.write(|tx| {
            let connection = tx.connection();
            let mut guards =
                connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")?;
            let names: Vec<String> =
                guards.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            drop(guards);
            for name in names {
                connection.execute_batch(&format!("DROP TRIGGER \"{name}\""))?;
            }
            for (table, _) in VIEWS {
                connection.execute_batch(&format!("DELETE FROM {table}"))?;
            }
            let mut entries = 0;
            let mut sums = Pending::default();
            let mut chain = ChainCheck::new();
            journal::for_each(connection, tx.identity().register, |stored| {
                entries += 1;
                if let Some(problem) = chain.next(&stored).into_iter().next() {
                    return Err(StoreError::JournalChanged { problem });
                }
                let entry = stored.entry()?;
                projection::apply(connection, stored.seq, &entry)?;
                sums.add(connection, stored.seq, &entry)
            })?;
            sums.write(connection)?;
            connection.execute_batch(migration::GUARDS)?;
            Ok(entries)
        })
    }
}

fn integrity(database: &Connection, verdict: &mut Verdict) -> Result<(), StoreError> {
    let mut check = database.prepare("PRAGMA integrity_check")?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        if text != "ok" {
            verdict.problem(format!("database file: {text}"));
        }
    }
    let mut check = database.prepare("PRAGMA foreign_key_check")?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        let table: String = row.get(0)?;
        verdict.problem(format!("table {table} refers to a row that is not there"));
    }
    Ok(())
}

/// Checks the chain and makes the views anew, in memory.
fn replay(
    database: &Connection,
    identity: &Identity,
    verdict: &mut Verdict,
) -> Result<Connection, StoreError> {
    let mut fresh = Connection::open_in_memory()?;
    fresh.set_prepared_statement_cache_capacity(64);
    migration::migrate(&mut fresh)?;
    let mut chain = ChainCheck::new();
    let mut receipts: HashMap<String, i64> = HashMap::new();
    let mut series = String::new();
    let transaction = fresh.unchecked_transaction()?;
    let (summed_up, mut sums) = (report::mark(database)?, Pending::default());
    journal::for_each(database, identity.register, |stored| {
        verdict.entries += 1;
        for problem in chain.next(&stored) {
            verdict.problem(problem);
        }
        match stored.entry() {
            Err(error) => verdict.problem(format!("entry {}: {error}", stored.seq)),
            Ok(entry) => {
                match &entry {
                    Entry::RegisterFounded(founded) => series.clone_from(&founded.series),
                    Entry::RegisterRestored(restored) => series.clone_from(&restored.series),
                    Entry::SaleCompleted(sale) => {
                        verdict.sales += 1;
                        check_sale(sale, &series, &mut receipts, verdict);
                    }
                    _ => {}
                }
                if let Err(error) = projection::apply(&transaction, stored.seq, &entry) {
                    verdict.problem(format!("entry {}: {error}", stored.seq));
                }
                if stored.seq <= summed_up
                    && let Err(error) = sums.add(&transaction, stored.seq, &entry)
                {
                    verdict.problem(format!("entry {} in reports: {error}", stored.seq));
                }
            }
        }
        Ok(())
    })?;
    sums.write(&transaction)?;
    if verdict.entries == 0 {
        verdict.problem("the journal is empty: not even its founding entry is there".to_owned());
    }
    if identity.series != series {
        verdict.problem(format!(
            "the next receipt would be of series {}, but the journal says {series}",
            identity.series
        ));
    }
    transaction.commit()?;
    Ok(fresh)
}

fn check_sale(
    sale: &Sale,
    series: &str,
    receipts: &mut HashMap<String, i64>,
    verdict: &mut Verdict,
) {
    let receipt = &sale.receipt;
    if receipt.series != series {
        verdict.problem(format!("receipt {receipt} is not of series {series}"));
    }
    let last = receipts.entry(receipt.series.clone()).or_insert(0);
    if receipt.sequence != *last + 1 {
        verdict.problem(format!("receipt {receipt} follows {}-{last}", receipt.series));
    }
    *last = receipt.sequence;
    match adds_up(sale) {
        Ok(true) => {}
        Ok(false) => verdict.problem(format!("receipt {receipt} does not add up")),
        Err(error) => verdict.problem(format!("receipt {receipt}: {error}")),
    }
}

fn adds_up(sale: &Sale) -> Result<bool, MoneyError> {
    let currency = sale.total.currency();
    let lines = Money::sum(currency, sale.lines.iter().map(|line| line.total))?;
    let net = Money::sum(currency, sale.lines.iter().map(|line| line.net))?;
    let taxes = Money::sum(currency, sale.taxes.iter().map(|tax| tax.amount))?;
    let paid = Money::sum(currency, sale.tenders.iter().map(|tender| tender.amount))?;
    Ok(lines == sale.total
        && net == sale.net
        && taxes == sale.tax
        && sale.net.plus(sale.tax)? == sale.total
        && paid == sale.total.plus(sale.tip.unwrap_or(Money::zero(currency)))?)
}

/// Compares a table with the one made anew, row by row in the same order.
fn compare(
    stored: &Connection,
    fresh: &Connection,
    table: &str,
    order: &str,
    verdict: &mut Verdict,
) -> Result<(), StoreError> {
    let sql = format!("SELECT * FROM {table} ORDER BY {order}");
    let (mut left, mut right) = (stored.prepare(&sql)?, fresh.prepare(&sql)?);
    // Of the table made anew: a damaged file's names may be no text at all.
    let names: Vec<String> = right.column_names().map(str::to_owned).collect();
    let (mut left, mut right) = (Rows::of(&mut left)?, Rows::of(&mut right)?);
    for row in 1_u64.. {
        match (left.next()?, right.next()?) {
            (None, None) => break,
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) => {
                let column = a.iter().zip(&b).position(|(a, b)| a != b).unwrap_or(0);
                let name = names.get(column).map_or("?", String::as_str);
                verdict
                    .problem(format!("table {table}, row {row}: {name} differs from the journal"));
                break;
            }
            (Some(_), None) => {
                verdict.problem(format!("table {table}, row {row}: not in the journal"));
                break;
            }
            (None, Some(_)) => {
                verdict.problem(format!("table {table}: a row that the journal has is missing"));
                break;
            }
        }
    }
    Ok(())
}

struct Rows<'a> {
    rows: rusqlite::Rows<'a>,
    columns: usize,
}

impl<'a> Rows<'a> {
    fn of(statement: &'a mut Statement<'_>) -> Result<Self, StoreError> {
        let columns = statement.column_count();
        Ok(Self { rows: statement.query([])?, columns })
    }

    fn next(&mut self) -> Result<Option<Vec<Value>>, StoreError> {
        let Some(row) = self.rows.next()? else { return Ok(None) };
        let mut values = Vec::with_capacity(self.columns);
        for column in 0..self.columns {
            values.push(row.get(column)?);
        }
        Ok(Some(values))
    }
}

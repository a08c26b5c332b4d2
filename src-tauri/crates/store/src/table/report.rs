//! Sums for reports. They follow the journal at a distance, so that a sale writes nothing for them: the
//! writer brings them up to date when nobody waits for it, and a report when it is asked for.

use std::collections::BTreeMap;

use countertop_domain::ids::{RegisterId, ShiftId};
use countertop_domain::journal::Entry;
use countertop_domain::money::MoneyError;
use countertop_domain::report::{About, Figures, Level, Part, Span, parts, shift_of};
use countertop_domain::time::BusinessDay;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use crate::error::StoreError;
use crate::journal;

/// Entries that are added at once: what a sale may have to wait for.
pub(crate) const STEP: u32 = 64;

/// Sums that are kept in memory before they are written.
const MANY: usize = 100_000;

/// A row of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Which one: an id, a kind, a name; see [`About`].
    pub code: String,
    /// What else tells it from others.
    pub detail: String,
    /// What people call it.
    pub name: String,
    /// How much.
    pub figures: Figures,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    about: About,
    span: Span,
    code: String,
    detail: String,
}

/// Sums that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    sums: BTreeMap<Key, (String, Figures)>,
    days: BTreeMap<ShiftId, BusinessDay>,
    /// The last entry that was added.
    last: i64,
}

impl Pending {
    /// Adds entry `seq`. Its shift must be in the tables.
    pub(crate) fn add(
        &mut self,
        connection: &Connection,
        seq: i64,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        self.last = seq;
        let Some(shift) = shift_of(entry) else { return Ok(()) };
        let day = match self.days.get(&shift) {
            Some(day) => *day,
            None => {
                let day = day_of(connection, shift)?;
                self.days.insert(shift, day);
                day
            }
        };
        for part in parts(entry, day)? {
            for level in Level::ALL {
                self.add_part(Span::of(level, day), &part)?;
            }
        }
        if self.sums.len() >= MANY {
            self.write(connection)?;
        }
        Ok(())
    }

    fn add_part(&mut self, span: Span, part: &Part) -> Result<(), MoneyError> {
        let Part { about, code, detail, name, figures } = part;
        let key = Key { about: *about, span, code: code.clone(), detail: detail.clone() };
        let (called, sum) = self.sums.entry(key).or_default();
        *sum = sum.plus(figures).ok_or(MoneyError::TooLarge)?;
        called.clone_from(name);
        Ok(())
    }

    /// Writes what was added, and how far that reaches.
    pub(crate) fn write(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if self.last == 0 {
            return Ok(());
        }
        let mut add = connection.prepare_cached(ADD)?;
        for (key, (name, figures)) in std::mem::take(&mut self.sums) {
            let (level, span) = (key.span.level().number(), key.span.to_string());
            let texts = [key.about.name(), span.as_str(), &key.code, &key.detail, &name];
            let numbers = figures.columns();
            let texts = texts.iter().map(|text| text as &dyn ToSql);
            let numbers = [level].into_iter().chain(numbers).collect::<Vec<_>>();
            let numbers = numbers.iter().map(|number| number as &dyn ToSql);
            add.execute(texts.chain(numbers).collect::<Vec<_>>().as_slice())?;
        }
        connection
            .prepare_cached(
                "INSERT INTO report_mark(id, seq) VALUES(1, ?1)
                 ON CONFLICT(id) DO UPDATE SET seq = excluded.seq",
            )?
            .execute([self.last])?;
        Ok(())
    }
}

const ADD: &str = "
INSERT INTO report_sum(about, span, code, detail, name, level, count, back, voids, quantity,
  total_minor, net_minor, tax_minor, discount_minor, tip_minor, rounding_minor, cost_minor,
  costed_net_minor)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
ON CONFLICT(about, level, span, code, detail) DO UPDATE SET name = excluded.name,
  count = count + excluded.count, back = back + excluded.back, voids = voids + excluded.voids,
  quantity = quantity + excluded.quantity, total_minor = total_minor + excluded.total_minor,
  net_minor = net_minor + excluded.net_minor, tax_minor = tax_minor + excluded.tax_minor,
  discount_minor = discount_minor + excluded.discount_minor,
  tip_minor = tip_minor + excluded.tip_minor,
  rounding_minor = rounding_minor + excluded.rounding_minor,
  cost_minor = cost_minor + excluded.cost_minor,
  costed_net_minor = costed_net_minor + excluded.costed_net_minor";

fn day_of(connection: &Connection, shift: ShiftId) -> Result<BusinessDay, StoreError> {
    let day: String = connection
        .prepare_cached("SELECT business_day FROM shift WHERE shift_id = ?1")?
        .query_row([shift.uuid().as_bytes().as_slice()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::damaged("shift", format!("shift {shift} is not there")))?;
    BusinessDay::try_from(day).map_err(|error| StoreError::damaged("shift", error))
}

/// The last entry that the sums have.
pub(crate) fn mark(connection: &Connection) -> Result<i64, StoreError> {
    let seq = connection
        .prepare_cached("SELECT seq FROM report_mark WHERE id = 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(seq.unwrap_or(0))
}

/// Adds the next entries of the journal, a few. True if more are left.
pub(crate) fn step(connection: &Connection, register: RegisterId) -> Result<bool, StoreError> {
    let from = mark(connection)?;
    let mut pending = Pending::default();
    for stored in journal::after(connection, register, from, STEP)? {
        pending.add(connection, stored.seq, &stored.entry()?)?;
    }
    pending.write(connection)?;
    Ok(pending.last - from == i64::from(STEP))
}

/// True if the sums have every entry.
pub(crate) fn is_up_to_date(
    connection: &Connection,
    register: RegisterId,
) -> Result<bool, StoreError> {
    Ok(mark(connection)? == journal::head(connection, register)?.seq)
}

/// The first and the last day that have any figures.
pub(crate) fn known_days(
    connection: &Connection,
) -> Result<Option<(BusinessDay, BusinessDay)>, StoreError> {
    let days: (Option<String>, Option<String>) = connection
        .prepare_cached(
            "SELECT (SELECT min(span) FROM report_sum WHERE about = 'all' AND level = 1),
               (SELECT max(span) FROM report_sum WHERE about = 'all' AND level = 1)",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (Some(first), Some(last)) = days else { return Ok(None) };
    let day = |text| BusinessDay::try_from(text).map_err(|e| StoreError::damaged("report", e));
    Ok(Some((day(first)?, day(last)?)))
}

/// The figures about one kind of thing, one row each, over all spans together.
pub(crate) fn rows(
    connection: &Connection,
    about: About,
    spans: &[Span],
) -> Result<Vec<ReportRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT code, detail, name, count, back, voids, quantity, total_minor, net_minor, tax_minor,
           discount_minor, tip_minor, rounding_minor, cost_minor, costed_net_minor
         FROM report_sum WHERE about = ?1 AND level = ?2 AND span = ?3",
    )?;
    let mut sums: BTreeMap<(String, String), (String, Figures)> = BTreeMap::new();
    for span in spans {
        let key = params![about.name(), span.level().number(), span.to_string()];
        let mut found = statement.query(key)?;
        while let Some(row) = found.next()? {
            let ReportRow { code, detail, name, figures } = from_row(row)?;
            let sum = sums.entry((code, detail)).or_default();
            sum.1 = sum.1.plus(&figures).ok_or(MoneyError::TooLarge)?;
            // The spans are in order: the last name is the one that holds.
            sum.0 = name;
        }
    }
    let row = |((code, detail), (name, figures))| ReportRow { code, detail, name, figures };
    Ok(sums.into_iter().map(row).collect())
}

/// The figures about one kind of thing, day after day.
pub(crate) fn by_day(
    connection: &Connection,
    about: About,
    first: BusinessDay,
    last: BusinessDay,
) -> Result<Vec<(BusinessDay, ReportRow)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT code, detail, name, count, back, voids, quantity, total_minor, net_minor, tax_minor,
           discount_minor, tip_minor, rounding_minor, cost_minor, costed_net_minor, span
         FROM report_sum WHERE about = ?1 AND level = 1 AND span BETWEEN ?2 AND ?3
         ORDER BY span, code",
    )?;
    let mut found = statement.query(params![about.name(), first.to_string(), last.to_string()])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let day = BusinessDay::try_from(row.get::<_, String>(15)?);
        rows.push((day.map_err(|error| StoreError::damaged("report", error))?, from_row(row)?));
    }
    Ok(rows)
}

/// The items of a single span with the highest totals, and how many it has.
pub(crate) fn best(
    connection: &Connection,
    span: Span,
    limit: u32,
) -> Result<(Vec<ReportRow>, u32), StoreError> {
    let level = span.level().number();
    let span = span.to_string();
    let all = connection
        .prepare_cached(
            "SELECT count(*) FROM report_sum WHERE about = 'item' AND level = ?1 AND span = ?2",
        )?
        .query_row(params![level, span], |row| row.get(0))?;
    let mut statement = connection.prepare_cached(
        "SELECT code, detail, name, count, back, voids, quantity, total_minor, net_minor, tax_minor,
           discount_minor, tip_minor, rounding_minor, cost_minor, costed_net_minor
         FROM report_sum WHERE about = 'item' AND level = ?1 AND span = ?2
         ORDER BY total_minor DESC, code LIMIT ?3",
    )?;
    let found = statement.query_map(params![level, span, limit], from_row)?;
    Ok((found.collect::<Result<_, _>>()?, all))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ReportRow> {
    let mut columns = [0; Figures::COLUMNS];
    for (index, column) in (3..).zip(&mut columns) {
        *column = row.get(index)?;
    }
    Ok(ReportRow {
        code: row.get(0)?,
        detail: row.get(1)?,
        name: row.get(2)?,
        figures: Figures::of_columns(columns),
    })
}

//! Customers: who they are, and finding them by a few letters or digits.

use countertop_domain::customer::Customer;
use countertop_domain::ids::CustomerId;
use countertop_domain::money::{Currency, Money};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{link, uuid_at};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// Words of a query that count.
const MAX_WORDS: usize = 6;
/// Digits from which on a number is looked for as a phone number.
const LEAST_DIGITS: usize = 3;

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// A customer; by the id of a record that became part of another's, the other. None for one whose
    /// data was erased.
    pub fn customer(&self, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        let kept = link::kept(self.connection(), id)?;
        get(self.connection(), self.identity().currency, kept)
    }

    /// Customers whose name, e-mail address or phone number has words that begin with what was
    /// typed; all, if nothing was. Names that begin with it come first; in order of the names.
    pub fn customers(&self, text: &str, limit: usize) -> Result<Vec<Customer>, StoreError> {
        find(self.connection(), self.identity().currency, text, limit)
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds a customer, or changes one.
    pub fn put_customer(&self, customer: &Customer, at_ms: i64) -> Result<(), StoreError> {
        put(self.connection(), customer, at_ms).map(|_| ())
    }
}

/// What [`from_row`] reads.
pub(super) const COLUMNS: &str = "customer.customer_id, name, email, phone, member_of, tax_exempt,
   tax_id, position, account_limit_minor, customer.id";

/// Whoever is still a customer of the shop.
const LIVING: &str = "merged_into IS NULL AND erased_ms IS NULL";

/// A customer and the row that it is in.
pub(super) type Found = (i64, Customer);

fn get(
    connection: &Connection,
    currency: Currency,
    id: CustomerId,
) -> Result<Option<Customer>, StoreError> {
    let found = connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM customer WHERE customer_id = ?1 AND {LIVING}"
        ))?
        .query_row([id.uuid().as_bytes().as_slice()], |row| from_row(row, currency))
        .optional()?;
    Ok(found.map(|(_, customer)| customer))
}

fn find(
    connection: &Connection,
    currency: Currency,
    text: &str,
    limit: usize,
) -> Result<Vec<Customer>, StoreError> {
    let text = text.trim();
    let mut found = beginning_with(connection, currency, text, limit)?;
    let query = query(text);
    if found.len() < limit && !query.is_empty() {
        for (row, customer) in having_words(connection, currency, &query, limit)? {
            if !found.iter().any(|(known, _)| *known == row) {
                found.push((row, customer));
            }
        }
    }
    found.truncate(limit);
    Ok(found.into_iter().map(|(_, customer)| customer).collect())
}

fn beginning_with(
    connection: &Connection,
    currency: Currency,
    text: &str,
    limit: usize,
) -> Result<Vec<Found>, StoreError> {
    let from = text.to_lowercase();
    let until = format!("{from}{}", char::MAX);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM customer
         WHERE sort_name >= ?1 AND sort_name < ?2 AND {LIVING} ORDER BY sort_name, id LIMIT ?3"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement
        .query_map(params![from, until, limit], |row| from_row(row, currency))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

fn having_words(
    connection: &Connection,
    currency: Currency,
    query: &str,
    limit: usize,
) -> Result<Vec<Found>, StoreError> {
    // Ordering every match of a common beginning would cost more than anyone waits for: the first
    // so many are taken and put in order.
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM customer WHERE {LIVING} AND id IN (SELECT rowid FROM customer_search
           WHERE customer_search MATCH ?1 LIMIT ?2) ORDER BY sort_name, id"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement
        .query_map(params![query, limit], |row| from_row(row, currency))?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// `"mar"* AND "lin"*`; for what looks like a phone number, also all its digits as one word.
pub(super) fn query(text: &str) -> String {
    let words: Vec<String> =
        words(text).take(MAX_WORDS).map(|word| format!("\"{word}\"*")).collect();
    let by_words = words.join(" AND ");
    let looks_like_a_phone = text.chars().all(|c| c.is_ascii_digit() || " +-/.()".contains(c));
    let digits = without_zeros(text);
    if looks_like_a_phone && digits.len() >= LEAST_DIGITS {
        return format!("({by_words}) OR \"{digits}\"*");
    }
    by_words
}

/// What a customer is found by. A phone number counts from each of its groups on, so that it is
/// found with and without its country's code.
fn words_of(customer: &Customer) -> String {
    let mut text = format!("{} {} {}", customer.name, customer.email, customer.phone);
    let mut rest = customer.phone.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = rest.get(start..).unwrap_or_default();
        text.push(' ');
        text.push_str(&without_zeros(rest));
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest = rest.get(end..).unwrap_or_default();
    }
    text
}

/// The digits of a number, without the zeros that only some people dial before it.
fn without_zeros(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Adds or changes the row, and returns its number.
pub(super) fn put(
    connection: &Connection,
    customer: &Customer,
    at_ms: i64,
) -> Result<i64, StoreError> {
    let groups = serde_json::to_string(&customer.groups)
        .map_err(|error| StoreError::damaged("customer", error))?;
    let id: i64 = connection
        .prepare_cached(
            "INSERT INTO customer(customer_id, name, sort_name, email, phone, member_of,
               tax_exempt, tax_id, position, account_limit_minor, created_ms, updated_ms)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
             ON CONFLICT(customer_id) DO UPDATE SET name = ?2, sort_name = ?3, email = ?4,
               phone = ?5, member_of = ?6, tax_exempt = ?7, tax_id = ?8, position = ?9,
               account_limit_minor = ?10, updated_ms = ?11, version = version + 1
             RETURNING id",
        )?
        .query_row(
            params![
                customer.id.uuid().as_bytes().as_slice(),
                customer.name,
                customer.name.to_lowercase(),
                customer.email,
                customer.phone,
                groups,
                customer.tax_exempt,
                customer.tax_id,
                customer.position,
                customer.account_limit.map(Money::minor),
                at_ms,
            ],
            |row| row.get(0),
        )?;
    connection.prepare_cached("DELETE FROM customer_search WHERE rowid = ?1")?.execute([id])?;
    connection
        .prepare_cached("INSERT INTO customer_search(rowid, words) VALUES(?1, ?2)")?
        .execute(params![id, words_of(customer)])?;
    Ok(id)
}

pub(super) fn from_row(row: &Row<'_>, currency: Currency) -> rusqlite::Result<Found> {
    let groups: String = row.get(4)?;
    let limit: Option<i64> = row.get(8)?;
    let customer = Customer {
        id: CustomerId::new(uuid_at(row, 0)?),
        name: row.get(1)?,
        email: row.get(2)?,
        phone: row.get(3)?,
        groups: serde_json::from_str(&groups).map_err(|error| unreadable(4, error))?,
        tax_exempt: row.get(5)?,
        tax_id: row.get(6)?,
        position: row.get(7)?,
        account_limit: limit
            .map(|minor| Money::new(minor, currency))
            .transpose()
            .map_err(|error| unreadable(8, error))?,
    };
    Ok((row.get(9)?, customer))
}

pub(super) fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}

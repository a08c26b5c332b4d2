//! Customers in full: with notes, address, consent, other systems' names for them, and how they buy.

use countertop_domain::customer::{Address, Consent, ConsentChannel, Customer, ExternalId};
use countertop_domain::ids::CustomerId;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

use super::customer::{COLUMNS, from_row, put, query, unreadable};
use super::{link, named};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// How lately, how often and how much somebody bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CustomerFigure {
    /// Their last sale, milliseconds since 1970 UTC; none if they never bought.
    pub last_sale_ms: Option<i64>,
    /// Tickets that came to nothing or more.
    pub sales: i64,
    /// What all tickets came to, what they took back counted, in minor units.
    pub value: i64,
}

/// All that is kept of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRecord {
    /// What prices and payments depend on.
    pub customer: Customer,
    /// For the staff.
    pub notes: String,
    /// Where they live.
    pub address: Address,
    /// What they said about being written to, one for each way at most.
    pub consents: Vec<Consent>,
    /// What other systems call them.
    pub external_ids: Vec<ExternalId>,
    /// Ids of records that became part of this one.
    pub merged_ids: Vec<CustomerId>,
    /// How they buy.
    pub figure: CustomerFigure,
    /// When the record was made, milliseconds since 1970 UTC; 0 where that is not known.
    pub created_ms: i64,
    /// When it was last changed; 0 where that is not known.
    pub updated_ms: i64,
    /// Goes up with each change.
    pub version: i64,
    /// Its place among those of one moment, for the next page of a list.
    pub row: i64,
}

/// Which customers a list has. Nothing set is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Words of the name, the e-mail address or the phone number begin so.
    pub text: Option<String>,
    /// The e-mail address, in any case.
    pub email: Option<String>,
    /// They are in this group.
    pub group: Option<String>,
    /// They gave (true) or withdrew (false) their consent to this way of being written to.
    pub consent: Option<(ConsentChannel, bool)>,
    /// This is what another system calls them.
    pub external_id: Option<ExternalId>,
    /// Changed at this moment or later, milliseconds since 1970 UTC.
    pub updated_since_ms: Option<i64>,
    /// Their last sale was before this moment; who never bought is not among them.
    pub last_sale_before_ms: Option<i64>,
    /// Their last sale was at this moment or later.
    pub last_sale_after_ms: Option<i64>,
    /// They bought so often at least.
    pub min_sales: Option<i64>,
    /// They bought for so much at least, in minor units.
    pub min_value: Option<i64>,
    /// After this one, by change and row.
    pub after: Option<(i64, i64)>,
}

const FROM: &str = "notes, address, created_ms, updated_ms, version, figure.last_sale_ms,
   coalesce(figure.sales, 0), coalesce(figure.value_minor, 0)
   FROM customer LEFT JOIN customer_figure AS figure
     ON figure.customer_id = customer.customer_id
   WHERE merged_into IS NULL AND erased_ms IS NULL";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// All that is kept of a customer; by the id of a record that became part of another's, of the
    /// other. None for one whose data was erased.
    pub fn customer_record(&self, id: CustomerId) -> Result<Option<CustomerRecord>, StoreError> {
        let kept = link::kept(self.connection(), id)?;
        let found = self
            .connection()
            .prepare_cached(&format!("SELECT {COLUMNS}, {FROM} AND customer.customer_id = ?1"))?
            .query_row([kept.uuid().as_bytes().as_slice()], |row| self.record(row))
            .optional()?;
        found.map(|record| self.completed(record)).transpose()
    }

    /// Customers, in the order in which they were changed, the oldest change first.
    pub fn customer_records(
        &self,
        filter: &CustomerFilter,
        limit: u32,
    ) -> Result<Vec<CustomerRecord>, StoreError> {
        let (mut sql, mut values) = conditions(filter);
        sql = format!("SELECT {COLUMNS}, {FROM}{sql} ORDER BY updated_ms, customer.id LIMIT ?");
        values.push(i64::from(limit).into());
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| self.record(row))?;
        let rows: Vec<CustomerRecord> = rows.collect::<Result<_, _>>()?;
        rows.into_iter().map(|record| self.completed(record)).collect()
    }

    /// Whom another system calls so.
    pub fn customer_by_external_id(
        &self,
        id: &ExternalId,
    ) -> Result<Option<CustomerId>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT customer.customer_id FROM customer_external
                 JOIN customer ON customer.id = customer_external.customer
                 WHERE system = ?1 AND external_id = ?2",
            )?
            .query_row(params![id.system, id.id], |row| super::uuid_at(row, 0).map(CustomerId::new))
            .optional()?)
    }

    fn record(&self, row: &Row<'_>) -> rusqlite::Result<CustomerRecord> {
        let (number, customer) = from_row(row, self.identity().currency)?;
        let address: String = row.get(11)?;
        Ok(CustomerRecord {
            customer,
            notes: row.get(10)?,
            address: serde_json::from_str(&address).map_err(|error| unreadable(11, error))?,
            consents: Vec::new(),
            external_ids: Vec::new(),
            merged_ids: Vec::new(),
            created_ms: row.get(12)?,
            updated_ms: row.get(13)?,
            version: row.get(14)?,
            figure: CustomerFigure {
                last_sale_ms: row.get(15)?,
                sales: row.get(16)?,
                value: row.get(17)?,
            },
            row: number,
        })
    }

    /// The record with what stands in tables of its own.
    fn completed(&self, mut record: CustomerRecord) -> Result<CustomerRecord, StoreError> {
        let mut consents = self.connection().prepare_cached(
            "SELECT channel, given, at_ms, source FROM customer_consent WHERE customer = ?1
             ORDER BY channel",
        )?;
        record.consents = consents
            .query_map([record.row], |row| {
                Ok(Consent {
                    channel: named(row, 0, ConsentChannel::parse)?,
                    given: row.get(1)?,
                    at_ms: row.get(2)?,
                    source: row.get(3)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        let mut external = self.connection().prepare_cached(
            "SELECT system, external_id FROM customer_external WHERE customer = ?1
             ORDER BY system, external_id",
        )?;
        record.external_ids = external
            .query_map([record.row], |row| Ok(ExternalId { system: row.get(0)?, id: row.get(1)? }))?
            .collect::<Result<_, _>>()?;
        record.merged_ids = self.merged_customers(record.customer.id)?;
        Ok(record)
    }
}

/// The conditions of a filter, and their values in order.
fn conditions(filter: &CustomerFilter) -> (String, Vec<Value>) {
    let mut sql = String::new();
    let mut values: Vec<Value> = Vec::new();
    let mut and = |condition: &str, given: Vec<Value>| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.extend(given);
    };
    if let Some(text) = &filter.text {
        let words = query(text.trim());
        if words.is_empty() {
            and("0", Vec::new());
        } else {
            and(
                "customer.id IN (SELECT rowid FROM customer_search
                   WHERE customer_search MATCH ?)",
                vec![words.into()],
            );
        }
    }
    if let Some(email) = &filter.email {
        and("email = ? COLLATE NOCASE", vec![email.clone().into()]);
    }
    if let Some(group) = &filter.group {
        and(
            "EXISTS (SELECT 1 FROM json_each(member_of) WHERE value = ?)",
            vec![group.clone().into()],
        );
    }
    if let Some((channel, given)) = filter.consent {
        and(
            "EXISTS (SELECT 1 FROM customer_consent WHERE customer = customer.id
               AND channel = ? AND given = ?)",
            vec![channel.name().to_owned().into(), i64::from(given).into()],
        );
    }
    if let Some(external) = &filter.external_id {
        and(
            "EXISTS (SELECT 1 FROM customer_external WHERE customer = customer.id
               AND system = ? AND external_id = ?)",
            vec![external.system.clone().into(), external.id.clone().into()],
        );
    }
    let numbers = [
        ("updated_ms >= ?", filter.updated_since_ms),
        ("figure.last_sale_ms < ?", filter.last_sale_before_ms),
        ("figure.last_sale_ms >= ?", filter.last_sale_after_ms),
        ("coalesce(figure.sales, 0) >= ?", filter.min_sales),
        ("coalesce(figure.value_minor, 0) >= ?", filter.min_value),
    ];
    for (condition, number) in numbers {
        if let Some(number) = number {
            and(condition, vec![number.into()]);
        }
    }
    if let Some((updated, row)) = filter.after {
        and("(updated_ms, customer.id) > (?, ?)", vec![updated.into(), row.into()]);
    }
    (sql, values)
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds a customer with all that is known of them, or replaces what is. Dates, figures and merged
    /// ids are the store's own.
    pub fn put_customer_record(
        &self,
        record: &CustomerRecord,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let row = put(self.connection(), &record.customer, at_ms)?;
        let address = serde_json::to_string(&record.address)
            .map_err(|error| StoreError::damaged("address", error))?;
        self.connection()
            .prepare_cached("UPDATE customer SET notes = ?2, address = ?3 WHERE id = ?1")?
            .execute(params![row, record.notes, address])?;
        self.forget_consents_and_names(row)?;
        let mut consent = self.connection().prepare_cached(
            "INSERT INTO customer_consent(customer, channel, given, at_ms, source)
             VALUES(?1, ?2, ?3, ?4, ?5)",
        )?;
        for one in &record.consents {
            consent.execute(params![row, one.channel.name(), one.given, one.at_ms, one.source])?;
        }
        let mut external = self.connection().prepare_cached(
            "INSERT INTO customer_external(system, external_id, customer) VALUES(?1, ?2, ?3)",
        )?;
        for one in &record.external_ids {
            external.execute(params![one.system, one.id, row])?;
        }
        Ok(())
    }

    /// Empties the record of a customer that became part of another's.
    pub fn empty_merged_customer(
        &self,
        merged: CustomerId,
        kept: CustomerId,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let row = self.emptied(merged, at_ms)?;
        self.connection()
            .prepare_cached("UPDATE customer SET merged_into = ?2 WHERE id = ?1")?
            .execute(params![row, kept.uuid().as_bytes().as_slice()])?;
        Ok(())
    }

    /// Empties the record of a customer whose data is to be erased, and makes the words that they were
    /// found by go from the search index itself, where a deleted row would leave them.
    pub fn empty_erased_customer(&self, id: CustomerId, at_ms: i64) -> Result<(), StoreError> {
        let row = self.emptied(id, at_ms)?;
        self.connection()
            .prepare_cached("UPDATE customer SET erased_ms = ?2 WHERE id = ?1")?
            .execute(params![row, at_ms])?;
        self.connection()
            .execute_batch("INSERT INTO customer_search(customer_search) VALUES('optimize')")?;
        // Answers that are kept for requests which come twice.
        self.connection()
            .prepare_cached("UPDATE api_answer SET body = ?2 WHERE instr(body, ?1) > 0")?
            .execute(params![id.to_string().into_bytes(), b"{}".as_slice()])?;
        Ok(())
    }

    fn emptied(&self, id: CustomerId, at_ms: i64) -> Result<i64, StoreError> {
        let row: i64 = self
            .connection()
            .prepare_cached(
                "UPDATE customer SET name = '', sort_name = '', email = '', phone = '',
                   member_of = '[]', tax_exempt = 0, tax_id = NULL, position = NULL,
                   account_limit_minor = NULL, notes = '', address = '{}', updated_ms = ?2,
                   version = version + 1
                 WHERE customer_id = ?1 RETURNING id",
            )?
            .query_row(params![id.uuid().as_bytes().as_slice(), at_ms], |row| row.get(0))?;
        self.forget_consents_and_names(row)?;
        self.connection()
            .prepare_cached("DELETE FROM customer_search WHERE rowid = ?1")?
            .execute([row])?;
        Ok(row)
    }

    fn forget_consents_and_names(&self, row: i64) -> Result<(), StoreError> {
        for table in ["customer_consent", "customer_external"] {
            self.connection()
                .prepare_cached(&format!("DELETE FROM {table} WHERE customer = ?1"))?
                .execute([row])?;
        }
        Ok(())
    }
}

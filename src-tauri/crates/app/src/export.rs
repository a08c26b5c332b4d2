//! Taking data out: the journal, the sales, the products.

use std::io::Write;

use countertop_domain::customer::ConsentChannel;
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_store::{CustomerFilter, CustomerRecord, StoreError};
use serde_json::json;

use crate::app::App;
use crate::error::AppError;

/// Customers that are read at a time.
const PAGE: u32 = 500;

/// What to take out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportWhat {
    /// Every entry of the journal, with what is needed to check it.
    Journal,
    /// Every sale; in CSV a row a line.
    Sales,
    /// Every sellable variant.
    Products,
    /// Every customer, with what they said about being written to and how they buy.
    Customers,
}

/// In what form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A JSON object a line.
    Jsonl,
    /// RFC 4180, for spreadsheets: a text that a spreadsheet would calculate has an apostrophe first.
    Csv,
}

/// Writes an export. Returns how many records it has.
///
/// # Errors
/// The store's, or `out` cannot be written.
pub fn export(
    app: &App,
    what: ExportWhat,
    format: ExportFormat,
    out: &mut dyn Write,
) -> Result<u64, AppError> {
    let mut sheet = Sheet::new(out, format);
    match (what, format) {
        (ExportWhat::Journal, _) => journal(app, &mut sheet)?,
        (ExportWhat::Sales, ExportFormat::Jsonl) => sales(app, &mut sheet)?,
        (ExportWhat::Sales, ExportFormat::Csv) => sale_lines(app, &mut sheet)?,
        (ExportWhat::Products, _) => products(app, &mut sheet)?,
        (ExportWhat::Customers, _) => customers(app, &mut sheet)?,
    }
    sheet.finish()
}

enum Cell {
    Text(String),
    Number(String),
}

struct Sheet<'a> {
    jsonl: Option<&'a mut dyn Write>,
    csv: Option<csv::Writer<&'a mut dyn Write>>,
    names: &'static [&'static str],
    records: u64,
}

impl<'a> Sheet<'a> {
    fn new(out: &'a mut dyn Write, format: ExportFormat) -> Self {
        let (jsonl, csv) = match format {
            ExportFormat::Jsonl => (Some(out), None),
            ExportFormat::Csv => (None, Some(csv::Writer::from_writer(out))),
        };
        Self { jsonl, csv, names: &[], records: 0 }
    }

    fn columns(&mut self, names: &'static [&'static str]) -> Result<(), StoreError> {
        self.names = names;
        if let Some(csv) = &mut self.csv {
            csv.write_record(names).map_err(failed)?;
        }
        Ok(())
    }

    fn row(&mut self, cells: Vec<Cell>) -> Result<(), StoreError> {
        if let Some(csv) = &mut self.csv {
            csv.write_record(cells.into_iter().map(|cell| match cell {
                Cell::Text(text) => harmless(text),
                Cell::Number(number) => number,
            }))
            .map_err(failed)?;
            self.records += 1;
            return Ok(());
        }
        let object: serde_json::Map<String, serde_json::Value> = self
            .names
            .iter()
            .zip(cells)
            .map(|(name, cell)| match cell {
                Cell::Text(text) | Cell::Number(text) => ((*name).to_owned(), text.into()),
            })
            .collect();
        self.json(&object)
    }

    fn json(&mut self, value: &impl serde::Serialize) -> Result<(), StoreError> {
        if let Some(out) = &mut self.jsonl {
            serde_json::to_writer(&mut **out, value).map_err(failed)?;
            out.write_all(b"\n").map_err(failed)?;
        }
        self.records += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<u64, AppError> {
        let flushed = match (&mut self.csv, &mut self.jsonl) {
            (Some(csv), _) => csv.flush(),
            (_, Some(out)) => out.flush(),
            _ => Ok(()),
        };
        flushed.map_err(|error| AppError::from(failed(error)))?;
        Ok(self.records)
    }
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::File { path: "export".into(), reason: error.to_string() }
}

/// A text that begins like a formula is not to be one (OWASP ASVS 5.0, 1.2.10).
pub(crate) fn harmless(text: String) -> String {
    let calculates = text.chars().next().is_some_and(|first| {
        matches!(
            first,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠'
        )
    });
    if calculates { format!("'{text}") } else { text }
}

fn amount(money: Money) -> Cell {
    let text = money.to_string();
    Cell::Number(text.split(' ').next().unwrap_or_default().to_owned())
}

fn journal(app: &App, sheet: &mut Sheet<'_>) -> Result<(), AppError> {
    if sheet.csv.is_some() {
        return Err(AppError::BadText {
            reason: "the journal is exported as jsonl: leave --format out".to_owned(),
        });
    }
    app.store.read(|snapshot| {
        snapshot.for_each_entry(|stored| {
            sheet.json(&json!({
                "register": stored.register,
                "seq": stored.seq,
                "at_ms": stored.at_ms,
                "prev_hash": hex_of(&stored.prev_hash),
                "hash": hex_of(&stored.hash),
                "signature": hex_of(&stored.signature),
                "payload": stored.payload,
            }))
        })?;
        Ok(())
    })
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sales(app: &App, sheet: &mut Sheet<'_>) -> Result<(), AppError> {
    app.store.read(|snapshot| {
        snapshot.for_each_entry(|stored| match stored.entry()? {
            Entry::SaleCompleted(sale) => sheet.json(&sale),
            _ => Ok(()),
        })?;
        Ok(())
    })
}

fn sale_lines(app: &App, sheet: &mut Sheet<'_>) -> Result<(), AppError> {
    sheet.columns(&[
        "receipt",
        "business_day",
        "time",
        "cashier",
        "item",
        "sku",
        "category",
        "quantity",
        "unit_price",
        "net",
        "total",
        "currency",
    ])?;
    app.store.read(|snapshot| {
        snapshot.for_each_entry(|stored| {
            let Entry::SaleCompleted(sale) = stored.entry()? else { return Ok(()) };
            for line in &sale.lines {
                sheet.row(vec![
                    Cell::Text(sale.receipt.to_string()),
                    Cell::Text(sale.business_day.to_string()),
                    Cell::Text(sale.at.local_text()),
                    Cell::Text(sale.actor.name.clone()),
                    Cell::Text(line.name.clone()),
                    Cell::Text(line.sku.clone().unwrap_or_default()),
                    Cell::Text(line.category.clone().unwrap_or_default()),
                    Cell::Number(line.quantity.to_string()),
                    amount(line.unit_price),
                    amount(line.net),
                    amount(line.total),
                    Cell::Text(sale.total.currency().code().to_owned()),
                ])?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

fn products(app: &App, sheet: &mut Sheet<'_>) -> Result<(), AppError> {
    sheet.columns(&[
        "variant_id",
        "name",
        "sku",
        "barcode",
        "category",
        "unit",
        "price",
        "tax_class",
    ])?;
    app.store.read(|snapshot| {
        snapshot.for_each_sellable(|sellable, code| {
            sheet.row(vec![
                Cell::Text(sellable.variant.to_string()),
                Cell::Text(sellable.name),
                Cell::Text(sellable.sku.unwrap_or_default()),
                Cell::Text(code.unwrap_or_default()),
                Cell::Text(sellable.category.unwrap_or_default()),
                Cell::Text(sellable.unit.name().to_owned()),
                sellable.price.map_or(Cell::Text(String::new()), amount),
                Cell::Text(sellable.tax_class.name().to_owned()),
            ])
        })?;
        Ok(())
    })
}

fn customers(app: &App, sheet: &mut Sheet<'_>) -> Result<(), AppError> {
    sheet.columns(&[
        "id",
        "name",
        "email",
        "phone",
        "address",
        "postal_code",
        "city",
        "region",
        "country",
        "groups",
        "consent_email",
        "consent_sms",
        "consent_post",
        "last_sale",
        "sales",
        "value",
        "currency",
        "updated",
    ])?;
    let currency = app.currency();
    let mut filter = CustomerFilter::default();
    loop {
        let page = app.store.read(|snapshot| snapshot.customer_records(&filter, PAGE))?;
        let Some(last) = page.last() else { return Ok(()) };
        filter.after = Some((last.updated_ms, last.row));
        for record in page {
            let consent = |channel| {
                let said = record.consents.iter().find(|one| one.channel == channel);
                Cell::Text(said.map_or("", |one| if one.given { "yes" } else { "no" }).to_owned())
            };
            let consents = ConsentChannel::ALL.map(consent);
            let CustomerRecord { customer, address, figure, updated_ms, .. } = record;
            let mut cells = vec![
                Cell::Text(customer.id.to_string()),
                Cell::Text(customer.name),
                Cell::Text(customer.email),
                Cell::Text(customer.phone),
                Cell::Text(address.lines.join(", ")),
                Cell::Text(address.postal_code),
                Cell::Text(address.city),
                Cell::Text(address.region),
                Cell::Text(address.country),
                Cell::Text(customer.groups.join(", ")),
            ];
            cells.extend(consents);
            cells.extend([
                Cell::Text(figure.last_sale_ms.map_or_else(String::new, moment)),
                Cell::Number(figure.sales.to_string()),
                amount(Money::new(figure.value, currency)?),
                Cell::Text(currency.code().to_owned()),
                Cell::Text(if updated_ms == 0 { String::new() } else { moment(updated_ms) }),
            ]);
            sheet.row(cells)?;
        }
    }
}

/// `2026-11-23T13:08:00Z`
fn moment(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_name_is_never_a_formula_in_a_spreadsheet() {
        for name in ["=1+1", "+44", "-3", "@x", "\t=1", "＝1"] {
            assert!(harmless(name.to_owned()).starts_with('\''), "{name}");
        }
        assert_eq!(harmless("Oat milk".to_owned()), "Oat milk");
    }
}

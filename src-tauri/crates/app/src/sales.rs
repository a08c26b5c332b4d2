//! Sales for programs: whole, as they were written, and their receipts as files.

use countertop_domain::ids::SaleId;
use countertop_domain::pricing::explain::{self, Explanation};
use countertop_domain::sale::Sale;
use countertop_domain::staff::Right;
use countertop_receipt::escpos::{self, Profile};
use countertop_receipt::{Kind, html, pdf, text};
use countertop_store::SaleFilter;

use crate::app::require;
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::print_worker::profile_of;
use crate::printing::{columns_of, document};
use crate::returns::Sold;

/// Characters of a line of a receipt as text where no printer says otherwise: an 80 mm roll.
const COLUMNS: u8 = 48;

/// A sale with everything that came back of it.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The sale, as it was written.
    pub sale: Sale,
    /// The tickets that took goods of it back, the oldest first.
    pub refunds: Vec<Sale>,
}

/// In what form a receipt is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptForm {
    /// A fixed-width column.
    Text,
    /// A page.
    Html,
    /// A document as long as its roll of 80 mm.
    Pdf,
    /// What the shop's receipt printer would be sent.
    EscPos,
}

/// Sales that a filter finds, each with its place in the journal.
///
/// # Errors
/// The caller may not, or the store's.
pub fn list(
    app: &App,
    caller: &Caller,
    mut filter: SaleFilter,
    limit: u32,
) -> Result<Vec<(i64, Sale)>, AppError> {
    require(caller, Right::LookUp)?;
    app.store.read(|snapshot| {
        // Whoever names one record of a customer means all of them.
        let mut all = Vec::new();
        for id in filter.customers {
            let kept = snapshot.kept_customer(id)?;
            all.push(kept);
            all.extend(snapshot.merged_customers(kept)?);
        }
        filter.customers = all;
        Ok(snapshot.find_sales(&filter, limit)?)
    })
}

/// One sale.
///
/// # Errors
/// No such sale, the caller may not, or the store's.
pub fn get(app: &App, caller: &Caller, id: SaleId) -> Result<Ticket, AppError> {
    require(caller, Right::LookUp)?;
    let Sold { sale, refunds } = app.store.read(|snapshot| Sold::read(snapshot, id))?;
    Ok(Ticket { sale, refunds })
}

/// Why each line of a sale cost what it cost, in the order of the receipt.
///
/// # Errors
/// No such sale, one that does not say enough about its taxes, or a right.
pub fn explain(app: &App, caller: &Caller, id: SaleId) -> Result<Vec<Explanation>, AppError> {
    let sale = get(app, caller, id)?.sale;
    let explained = sale.lines.iter().map(|line| Ok(explain::sold(line, &sale)?));
    explained.collect()
}

/// The receipt of a sale as a file.
///
/// # Errors
/// No such sale, a receipt that cannot be made so, or a right.
pub fn receipt(
    app: &App,
    caller: &Caller,
    id: SaleId,
    form: ReceiptForm,
) -> Result<Vec<u8>, AppError> {
    require(caller, Right::LookUp)?;
    // A print job of something else has an id of the same kind.
    app.store.read(|snapshot| snapshot.sale(id)?.ok_or(AppError::no_sale()))?;
    let doc = document(app, id, Kind::Original)?;
    let printers = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.printers()?))?;
    Ok(match form {
        ReceiptForm::Text => {
            let columns = printers.first().map_or(COLUMNS, columns_of);
            text::render(&doc, usize::from(columns)).into_bytes()
        }
        ReceiptForm::Html => html::page(&doc).into_bytes(),
        ReceiptForm::Pdf => {
            pdf::render(&doc, pdf::Paper::Roll80)
                .map_err(|error| AppError::Pdf { reason: error.to_string() })?
                .bytes
        }
        ReceiptForm::EscPos => {
            let profile = printers.first().map_or_else(Profile::default, profile_of);
            escpos::print(&doc, &profile, false).bytes
        }
    })
}

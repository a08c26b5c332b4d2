//! Order tickets: what was sold goes to the kitchen's and the bar's printers, by category.

use countertop_domain::ids::PrintJobId;
use countertop_domain::sale::Sale;
use countertop_receipt::{Letterhead, ReceiptDoc};
use countertop_store::{DeviceRow, JobContent, JobStatus, PrintJob, Tx};

use crate::clock::Ids;
use crate::error::AppError;
use crate::papers::{self, PaperKind, prints_orders};

/// Has a ticket printed on every printer of orders that something was sold for, in the sale's own
/// transaction.
pub(crate) fn of_sale(
    tx: &Tx<'_>,
    ids: &dyn Ids,
    sale: &Sale,
    letterhead: &Letterhead,
    printers: &[DeviceRow],
) -> Result<(), AppError> {
    for printer in printers.iter().filter(|printer| prints_orders(printer)) {
        let categories: Vec<String> = printer
            .option("categories")
            .unwrap_or_default()
            .split(',')
            .map(|category| category.trim().to_owned())
            .filter(|category| !category.is_empty())
            .collect();
        let Some(ticket) = ReceiptDoc::order_ticket(sale, &categories, letterhead) else {
            continue;
        };
        let about = format!("{}/{}", sale.id, printer.id);
        let paper = papers::keep(tx, ids, (PaperKind::OrderTicket, &about), &ticket)?;
        tx.add_print_job(&PrintJob {
            id: PrintJobId::new(ids.next()),
            sale: paper.into(),
            device: Some(printer.id),
            content: JobContent::Receipt,
            open_drawer: false,
            status: JobStatus::Waiting,
            attempts: 0,
            trouble: String::new(),
        })?;
    }
    Ok(())
}

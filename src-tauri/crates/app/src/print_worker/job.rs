//! From a print job to the bytes of its printer.

use countertop_domain::ids::DeviceId;
use countertop_receipt::Kind;
use countertop_receipt::escpos::{self, DrawerPin, DrawerPulse, Profile};
use countertop_store::{DeviceRow, JobContent, JobStatus, PrintJob, Snapshot};

use crate::app::App;
use crate::error::AppError;
use crate::papers::prints_orders;
use crate::printing::{columns_of, document};

/// The oldest job that waits for this printer. What is for no printer in particular, or for one that
/// is gone, comes out where receipts do.
pub(super) fn next(
    snapshot: &Snapshot<'_>,
    printer: DeviceId,
) -> Result<Option<PrintJob>, AppError> {
    let rows = snapshot.printers()?;
    let receipts = rows.iter().find(|row| !prints_orders(row)).map(|row| row.id);
    let goes_to = |job: &PrintJob| match job.device {
        Some(device) if rows.iter().any(|row| row.id == device) => Some(device),
        _ => receipts,
    };
    let jobs = snapshot.open_print_jobs()?;
    Ok(jobs
        .into_iter()
        .find(|job| job.status == JobStatus::Waiting && goes_to(job) == Some(printer)))
}

/// The bytes, and what the job is called: `Receipt T1-1042`.
pub(super) fn bytes(
    app: &App,
    job: &PrintJob,
    row: &DeviceRow,
    drawer: bool,
) -> Result<(Vec<u8>, String), AppError> {
    let profile = profile_of(row);
    let kind = match job.content {
        JobContent::Drawer => {
            let bytes = if drawer { escpos::open_drawer(&profile) } else { Vec::new() };
            return Ok((bytes, "The drawer".to_owned()));
        }
        JobContent::Receipt => Kind::Original,
        JobContent::Copy => Kind::Copy,
    };
    let doc = document(app, job.sale, kind)?;
    let printed = escpos::print(&doc, &profile, job.open_drawer && drawer);
    if !printed.unprintable.is_empty() {
        tracing::warn!(characters = ?printed.unprintable, "no font has them");
    }
    Ok((printed.bytes, doc.title))
}

/// What a printer that is set up can do.
pub(crate) fn profile_of(row: &DeviceRow) -> Profile {
    let columns = columns_of(row);
    let model = row.option("model").and_then(Profile::of_model);
    let mut profile = match model {
        // Its lines may be made shorter than they are, not longer.
        Some(model) => Profile { columns: columns.min(model.columns), ..model },
        None if columns < 42 => Profile { columns, ..Profile::epson_58mm() },
        None => Profile { columns, ..Profile::epson_80mm() },
    };
    let pin = if row.option("pin") == Some("5") { DrawerPin::Five } else { DrawerPin::Two };
    profile.drawer = DrawerPulse::of_ms(pin, row.number("pulse", 50));
    profile
}

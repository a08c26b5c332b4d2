//! Receipts: to look at, as a file, and onto paper through the durable queue.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countertop_domain::ids::{PrintJobId, SaleId};
use countertop_domain::sale::SaleLine;
use countertop_domain::tender::TenderKind;
use countertop_receipt::{Kind, ReceiptDoc, SaleNames, pdf as receipt_pdf, text};
use countertop_store::{DeviceRow, JobContent, JobStatus, PrintJob, Snapshot, Tx};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::papers::{self, PaperKind};
use crate::views::print_status;
use crate::wire::{
    FileView, Nothing, Paper, PdfRequest, PrintJobRequest, PrintJobView, PrintQueue,
    ReceiptPreview, SaleRequest,
};

/// Characters of a line in the preview: an 80 mm roll.
const PREVIEW_COLUMNS: u8 = 48;

pub(crate) fn preview(
    app: &App,
    _: &Caller,
    request: SaleRequest,
) -> Result<ReceiptPreview, AppError> {
    let doc = document(app, request.sale_id, Kind::Original)?;
    let columns = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.printers()?))?;
    let columns = columns.first().map_or(PREVIEW_COLUMNS, columns_of);
    Ok(ReceiptPreview { text: text::render(&doc, usize::from(columns)) })
}

pub(crate) fn columns_of(device: &DeviceRow) -> u8 {
    u8::try_from(device.columns()).unwrap_or(PREVIEW_COLUMNS)
}

/// What a print job prints: the receipt of a sale, or a paper that was kept.
pub(crate) fn document(app: &App, id: SaleId, kind: Kind) -> Result<ReceiptDoc, AppError> {
    let shop = app.shop();
    let found = app.store.read::<_, AppError>(|snapshot| {
        if let Some(paper) = papers::document(snapshot, id, kind, &shop.letterhead.words)? {
            return Ok(Err(paper));
        }
        let sale = snapshot.sale(id)?.ok_or(AppError::no_sale())?;
        let order = sale.order.map(|order| snapshot.held_number(order)).transpose()?.flatten();
        Ok(Ok((sale, order)))
    })?;
    let (sale, order) = match found {
        Ok(sold) => sold,
        Err(paper) => return Ok(paper),
    };
    let position = sale.position.as_deref().and_then(|id| shop.taxes.position(id));
    let names = SaleNames {
        order: order.as_deref(),
        position: position.map(|position| position.name.as_str()),
    };
    Ok(ReceiptDoc::of_sale_named(&sale, names, &shop.letterhead, kind))
}

pub(crate) fn pdf(app: &App, _: &Caller, request: PdfRequest) -> Result<FileView, AppError> {
    let doc = document(app, request.sale_id, Kind::Original)?;
    let paper = match request.paper {
        Paper::Roll => receipt_pdf::Paper::Roll80,
        Paper::A4 => receipt_pdf::Paper::A4,
    };
    let rendered = receipt_pdf::render(&doc, paper)
        .map_err(|error| AppError::Pdf { reason: error.to_string() })?;
    Ok(FileView {
        name: format!("receipt-{}.pdf", doc.number),
        media_type: "application/pdf".to_owned(),
        base64: STANDARD.encode(rendered.bytes),
    })
}

pub(crate) fn print(
    app: &App,
    caller: &Caller,
    request: SaleRequest,
) -> Result<PrintJobView, AppError> {
    queue(app, caller, move |tx| {
        let sale = tx.sale(request.sale_id)?.ok_or(AppError::no_sale())?;
        let cash = sale.tenders.iter().any(|tender| tender.kind == TenderKind::Cash);
        Ok((sale.id, cash))
    })
}

/// The receipt without prices, for a present.
pub(crate) fn print_gift(
    app: &App,
    caller: &Caller,
    request: SaleRequest,
) -> Result<PrintJobView, AppError> {
    let (ids, shop) = (Arc::clone(&app.ids), app.shop());
    queue(app, caller, move |tx| {
        let about = request.sale_id.to_string();
        if let Some(paper) = papers::newest(tx, PaperKind::Gift, &about)? {
            return Ok((paper.into(), false));
        }
        let sale = tx.sale(request.sale_id)?.ok_or(AppError::no_sale())?;
        if !sale.lines.iter().any(is_given) {
            let reason = "nothing was sold on this receipt that could be given away".to_owned();
            return Err(AppError::BadText { reason });
        }
        let doc = ReceiptDoc::gift_of_sale(&sale, &shop.letterhead, Kind::Original);
        let paper = papers::keep(tx, &*ids, (PaperKind::Gift, &about), &doc)?;
        Ok((paper.into(), false))
    })
}

/// Goods; a gift card has a slip of its own.
const fn is_given(line: &SaleLine) -> bool {
    line.quantity.thousandths() > 0 && line.gift_card.is_none()
}

/// Sends to the printer what `find` names: a sale or a paper, and whether cash belongs to it. What
/// was printed before comes out as a copy.
pub(crate) fn queue(
    app: &App,
    caller: &Caller,
    find: impl FnOnce(&Tx<'_>) -> Result<(SaleId, bool), AppError> + Send + 'static,
) -> Result<PrintJobView, AppError> {
    let id = PrintJobId::new(app.ids.next());
    let view = app.store.write::<_, AppError>(move |tx| {
        let (printed, cash) = find(tx)?;
        let printer = papers::printer(tx)?.ok_or(AppError::NoPrinter)?;
        let jobs = tx.print_jobs_of(printed)?;
        // What was set aside before it was ever sent left nothing to copy.
        let before = jobs.iter().rev().find(|job| {
            let never_sent = job.status == JobStatus::SetAside && job.attempts == 0;
            job.content != JobContent::Drawer && !never_sent
        });
        // What is still on its way is not sent twice.
        if let Some(job) = before
            && matches!(job.status, JobStatus::Waiting | JobStatus::Printing)
        {
            return job_view(tx, job);
        }
        let job = PrintJob {
            id,
            sale: printed,
            device: None,
            content: if before.is_some() { JobContent::Copy } else { JobContent::Receipt },
            // The drawer opens for the sale, not for its copies, and only once.
            open_drawer: jobs.is_empty() && printer.drawer() && cash,
            status: JobStatus::Waiting,
            attempts: 0,
            trouble: String::new(),
        };
        tx.add_print_job(&job)?;
        job_view(tx, &job)
    })?;
    app.changed(&caller.client, &["prints", "register"]);
    app.wake_printer();
    Ok(view)
}

pub(crate) fn waiting(app: &App, _: &Caller, _: Nothing) -> Result<PrintQueue, AppError> {
    app.store.read(|snapshot| {
        let mut jobs = Vec::new();
        for job in snapshot.open_print_jobs()? {
            jobs.push(job_view(snapshot, &job)?);
        }
        Ok(PrintQueue { jobs })
    })
}

fn job_view(snapshot: &Snapshot<'_>, job: &PrintJob) -> Result<PrintJobView, AppError> {
    let (receipt, title) = match (snapshot.sale(job.sale)?, snapshot.paper(job.sale.into())?) {
        (Some(sale), _) => (sale.receipt.to_string(), None),
        (None, Some(paper)) => (String::new(), Some(paper.title)),
        // The drawer opens without a sale too.
        (None, None) if job.content == JobContent::Drawer => (String::new(), None),
        (None, None) => return Err(AppError::no_sale()),
    };
    Ok(PrintJobView {
        id: job.id,
        sale_id: job.sale,
        receipt,
        title,
        status: print_status(job.status),
        trouble: job.trouble.clone(),
    })
}

pub(crate) fn retry(
    app: &App,
    caller: &Caller,
    request: PrintJobRequest,
) -> Result<PrintQueue, AppError> {
    move_on(app, caller, request.job_id, JobStatus::Waiting)?;
    app.wake_printer();
    waiting(app, caller, Nothing {})
}

pub(crate) fn set_aside(
    app: &App,
    caller: &Caller,
    request: PrintJobRequest,
) -> Result<PrintQueue, AppError> {
    move_on(app, caller, request.job_id, JobStatus::SetAside)?;
    waiting(app, caller, Nothing {})
}

/// What a person decides about a job that waits or is parked; one that is printing is left alone.
fn move_on(app: &App, caller: &Caller, id: PrintJobId, status: JobStatus) -> Result<(), AppError> {
    app.store.write::<_, AppError>(move |tx| {
        let job = tx
            .print_job(id)?
            .ok_or(AppError::NoSuch { code: "no_such_job", what: "that print job" })?;
        if matches!(job.status, JobStatus::Waiting | JobStatus::Parked) {
            tx.set_print_job(id, status, "")?;
        }
        Ok(())
    })?;
    app.changed(&caller.client, &["prints", "register"]);
    Ok(())
}

//! Paper besides receipts: slips and reports. Each is kept as it was made, in the transaction of its
//! fact, and printed from there; whatever comes out later is a copy of it.

use countertop_domain::ids::{PaperId, PrintJobId, SaleId};
use countertop_receipt::{Kind, ReceiptDoc, Words};
use countertop_store::{
    DeviceRow, JobContent, JobStatus, PaperRow, PrintJob, Snapshot, StoreError, Tx,
};

use crate::app::{App, Caller};
use crate::clock::Ids;
use crate::error::AppError;
use crate::printing;
use crate::wire::PrintJobView;

/// What a paper is, and so what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaperKind {
    /// A shift so far; about itself, since the next one is another.
    XReport,
    /// A shift at its end; about the shift.
    ZReport,
    /// Money towards a held order; about the payment.
    Deposit,
    /// A held order that was given up; about the order.
    Cancelled,
    /// A gift card or a store credit; about its ledger, see [`credit_about`].
    Credit,
    /// A payment on an account; about the customer.
    Account,
    /// A receipt without prices; about the sale.
    Gift,
    /// What the kitchen is to make; about the sale and its printer.
    OrderTicket,
    /// A card terminal's slip for the customer; about the payment.
    CardSlipCustomer,
    /// The same for the shop.
    CardSlipShop,
    /// What a card terminal prints at the end of its day; about the terminal.
    TerminalReport,
}

impl PaperKind {
    const fn name(self) -> &'static str {
        match self {
            Self::XReport => "x_report",
            Self::ZReport => "z_report",
            Self::Deposit => "deposit",
            Self::Cancelled => "cancelled",
            Self::Credit => "credit",
            Self::Account => "account",
            Self::Gift => "gift",
            Self::OrderTicket => "order_ticket",
            Self::CardSlipCustomer => "card_slip_customer",
            Self::CardSlipShop => "card_slip_shop",
            Self::TerminalReport => "terminal_report",
        }
    }
}

/// The printer that receipts, slips and reports come out of.
pub(crate) fn printer(snapshot: &Snapshot<'_>) -> Result<Option<DeviceRow>, AppError> {
    Ok(snapshot.printers()?.into_iter().find(|row| !prints_orders(row)))
}

/// Whether order tickets come out of a printer rather than receipts.
pub(crate) fn prints_orders(printer: &DeviceRow) -> bool {
    printer.option("prints") == Some("orders")
}

/// Keeps a paper as it is.
pub(crate) fn keep(
    tx: &Tx<'_>,
    ids: &dyn Ids,
    (kind, about): (PaperKind, &str),
    doc: &ReceiptDoc,
) -> Result<PaperId, AppError> {
    let id = PaperId::new(ids.next());
    let body = serde_json::to_string(doc)
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    tx.add_paper(&PaperRow {
        id,
        kind: kind.name().to_owned(),
        about: about.to_owned(),
        title: doc.title.clone(),
        body,
    })?;
    Ok(id)
}

/// Sends a paper that was just kept to the printer, if there is one. The drawer opens with it where
/// cash goes in or out.
pub(crate) fn send(tx: &Tx<'_>, ids: &dyn Ids, paper: PaperId, cash: bool) -> Result<(), AppError> {
    let Some(printer) = printer(tx)? else { return Ok(()) };
    tx.add_print_job(&PrintJob {
        id: PrintJobId::new(ids.next()),
        sale: paper.into(),
        device: None,
        content: JobContent::Receipt,
        open_drawer: cash && printer.drawer(),
        status: JobStatus::Waiting,
        attempts: 0,
        trouble: String::new(),
    })?;
    Ok(())
}

/// The newest paper of a kind about something.
pub(crate) fn newest(
    snapshot: &Snapshot<'_>,
    kind: PaperKind,
    about: &str,
) -> Result<Option<PaperId>, AppError> {
    Ok(snapshot.paper_about(kind.name(), about)?.map(|paper| paper.id))
}

/// Prints a paper that was kept before: as a copy, unless it never went to a printer.
pub(crate) fn print_again(
    app: &App,
    caller: &Caller,
    kind: PaperKind,
    about: String,
) -> Result<PrintJobView, AppError> {
    printing::queue(app, caller, move |tx| {
        let paper = newest(tx, kind, &about)?.ok_or(no_paper())?;
        Ok((paper.into(), false))
    })
}

pub(crate) const fn no_paper() -> AppError {
    AppError::NoSuch { code: "no_such_paper", what: "a slip of that" }
}

/// The document of a paper, from the id that a print job has.
pub(crate) fn document(
    snapshot: &Snapshot<'_>,
    printed: SaleId,
    kind: Kind,
    words: &Words,
) -> Result<Option<ReceiptDoc>, AppError> {
    let Some(paper) = snapshot.paper(printed.into())? else { return Ok(None) };
    let doc: ReceiptDoc = serde_json::from_str(&paper.body)
        .map_err(|error| StoreError::Damaged { what: "paper", reason: error.to_string() })?;
    Ok(Some(if kind == Kind::Copy { doc.copied(words) } else { doc }))
}

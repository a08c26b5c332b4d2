//! The slip of a gift card or a store credit: for whoever gets it, what it is spent with.

use countertop_domain::credit::CreditKind;
use countertop_domain::ids::CustomerId;
use countertop_domain::money::Money;
use countertop_domain::sale::Sale;
use countertop_domain::tender::TenderKind;
use countertop_domain::time::Timestamp;
use countertop_receipt::slip::{Credit, of_credit};
use countertop_receipt::{Kind, Letterhead};
use countertop_store::Tx;

use crate::app::{App, Caller};
use crate::clock::Ids;
use crate::credit::{kind_of, normalise};
use crate::credit_code;
use crate::error::AppError;
use crate::papers::{self, PaperKind};
use crate::wire::{CreditRequest, PrintJobView};

/// Credit that was just given.
pub(crate) struct Given<'a> {
    pub(crate) kind: CreditKind,
    pub(crate) code: &'a str,
    pub(crate) value: Money,
    pub(crate) at: Timestamp,
    pub(crate) by: &'a str,
    /// Of the sale or refund that it comes from.
    pub(crate) receipt: Option<&'a str>,
    pub(crate) customer: Option<&'a str>,
}

/// Keeps the slip of credit that was just given, with what is on it now, and prints it.
pub(crate) fn hand_out(
    tx: &Tx<'_>,
    ids: &dyn Ids,
    given: &Given<'_>,
    letterhead: &Letterhead,
) -> Result<(), AppError> {
    let Given { kind, code, value, at, by, receipt, customer } = *given;
    // What a customer's own credit is spent with is their name: the slip shows no code.
    let owner = match code.parse::<CustomerId>() {
        Ok(id) => tx.customer(id)?.map(|customer| customer.name),
        Err(_) => None,
    };
    let credit = Credit {
        kind,
        code: if owner.is_some() { "" } else { code },
        value,
        balance: tx.credit_balance(kind, code)?,
        customer: owner.as_deref().or(customer),
        receipt,
        at,
        by,
    };
    let doc = of_credit(&credit, letterhead, Kind::Original);
    let paper = papers::keep(tx, ids, (PaperKind::Credit, &about(kind, code)), &doc)?;
    papers::send(tx, ids, paper, false)
}

/// What the slips of a ledger are about.
fn about(kind: CreditKind, code: &str) -> String {
    format!("{}:{code}", kind.name())
}

/// The slips of a sale: one for each card that it sold and each credit that it paid out, where the
/// register made the code. A card of plastic has its code on it, and a customer knows their name.
pub(crate) fn of_sale(
    tx: &Tx<'_>,
    ids: &dyn Ids,
    sale: &Sale,
    letterhead: &Letterhead,
) -> Result<(), AppError> {
    let cards = sale.lines.iter().filter(|line| line.quantity.thousandths() > 0);
    let cards = cards
        .filter_map(|line| Some((CreditKind::GiftCard, line.gift_card.as_deref()?, line.total)));
    let credits = sale
        .tenders
        .iter()
        .filter(|tender| tender.kind == TenderKind::StoreCredit && tender.amount.is_negative());
    let credits = credits.filter_map(|tender| {
        let code = tender.reference.as_deref()?;
        Some((CreditKind::StoreCredit, code, tender.amount.negated()))
    });
    let receipt = sale.receipt.to_string();
    for (kind, code, value) in cards.chain(credits) {
        if credit_code::is_ours(code) {
            let given = Given {
                kind,
                code,
                value,
                at: sale.at,
                by: &sale.actor.name,
                receipt: Some(&receipt),
                customer: sale.customer.as_ref().map(|customer| customer.name.as_str()),
            };
            hand_out(tx, ids, &given, letterhead)?;
        }
    }
    Ok(())
}

/// Prints the newest slip of a card or a credit.
pub(crate) fn print(
    app: &App,
    caller: &Caller,
    request: CreditRequest,
) -> Result<PrintJobView, AppError> {
    let about = about(kind_of(request.kind), &normalise(&request.code));
    papers::print_again(app, caller, PaperKind::Credit, about)
}

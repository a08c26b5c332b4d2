//! The code that a customer scans to pay by bank transfer or wallet.

use countertop_domain::money::Money;
use countertop_domain::payment_code::{Emv, EmvAccount, Epc, emvco, epc};
use countertop_domain::tender::TenderKind;
use countertop_receipt::codes::Qr;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::shop::{Bank, Wallet};
use crate::views::tender_kind;
use crate::wire::{PaymentCode, PaymentCodeRequest};

pub(crate) fn make(
    app: &App,
    _: &Caller,
    request: PaymentCodeRequest,
) -> Result<PaymentCode, AppError> {
    let shared = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    if lock(&shared).gone {
        return Err(AppError::no_basket());
    }
    let amount = app.money(request.amount)?;
    let reference = reference_of(request.basket_id);
    let shop = app.shop();
    let text = match tender_kind(request.kind) {
        TenderKind::BankTransfer => {
            let bank = shop.money.bank.as_ref().ok_or_else(|| not_set("bank account"))?;
            transfer(bank, amount, &reference)?
        }
        TenderKind::Wallet => {
            let wallet = shop.money.wallet.as_ref().ok_or_else(|| not_set("wallet"))?;
            merchant(wallet, &shop.letterhead.shop, amount, &reference)?
        }
        kind => {
            return Err(AppError::BadText {
                reason: format!("{} is not paid by a code", kind.in_words()),
            });
        }
    };
    let qr = Qr::new(&text).ok_or_else(|| AppError::BadText {
        reason: "the code is too long: shorten the name of the account".to_owned(),
    })?;
    Ok(PaymentCode { modules: modules(&qr), text, reference })
}

/// What the payment says: short enough to read out, the same each time the code is shown.
fn reference_of(basket: countertop_domain::ids::BasketId) -> String {
    let id = basket.uuid().simple().to_string().to_uppercase();
    format!("CT-{}", id.get(id.len().saturating_sub(12)..).unwrap_or(&id))
}

fn transfer(bank: &Bank, amount: Money, reference: &str) -> Result<String, AppError> {
    Ok(epc(&Epc {
        bic: bank.bic.clone(),
        iban: bank.iban.clone(),
        name: bank.name.clone(),
        amount,
        reference: reference.to_owned(),
    })?)
}

fn merchant(
    wallet: &Wallet,
    shop: &str,
    amount: Money,
    reference: &str,
) -> Result<String, AppError> {
    let scheme = vec![(0, wallet.scheme.clone()), (1, wallet.account.clone())];
    Ok(emvco(&Emv {
        accounts: vec![EmvAccount::Scheme(26, scheme)],
        category: wallet.category.clone(),
        country: wallet.country.clone(),
        // The field holds 25 characters; the wallet shows the scheme's own name of the shop anyway.
        name: shop.chars().take(25).collect(),
        city: wallet.city.clone(),
        postal_code: None,
        amount,
        bill: None,
        reference: Some(reference.to_owned()),
    })?)
}

/// Whether codes can be made for an account.
pub(crate) fn try_bank(bank: &Bank) -> Result<(), AppError> {
    let euro = Money::new(100, countertop_domain::money::Currency::EUR)?;
    transfer(bank, euro, "CT-TEST").map(|_| ())
}

fn not_set(what: &str) -> AppError {
    AppError::BadText { reason: format!("no {what} is set: enter it in the shop's settings") }
}

/// The squares of a code: a row a string, `1` is dark.
pub(crate) fn modules(qr: &Qr) -> Vec<String> {
    let mut rows = vec![vec![b'0'; qr.size()]; qr.size()];
    for (x, y, length) in qr.runs() {
        for cell in
            rows.iter_mut().skip(y).take(1).flat_map(|row| row.iter_mut().skip(x).take(length))
        {
            *cell = b'1';
        }
    }
    rows.into_iter().map(|row| row.into_iter().map(char::from).collect()).collect()
}

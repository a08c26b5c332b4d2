//! What a shift came to: the figures of X and Z reports, by adding only.

use serde::{Deserialize, Serialize};

use super::{CashMove, CashMoveKind, DrawerCash, ShiftOpen};
use crate::credit::AccountPayment;
use crate::money::{Currency, Money, MoneyError};
use crate::order::{DepositTaken, OrderCancelled};
use crate::pricing::TaxSum;
use crate::sale::{ReceiptNumber, Sale};
use crate::tender::{Tender, TenderKind};

/// The figures of a shift. Made by adding one fact after the other, in whatever order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftTotals {
    /// Tickets that came to nothing or more.
    pub sales: i64,
    /// Tickets that came to less than nothing.
    pub refunds: i64,
    /// What all tickets came to, tax included, tips not; and the fees of cancelled orders.
    pub takings: Money,
    /// The same without tax.
    pub net: Money,
    /// The taxes.
    pub tax: Money,
    /// What reductions took off.
    pub discount: Money,
    /// Tips.
    pub tip: Money,
    /// What cash rounding added, or took off.
    pub cash_rounding: Money,
    /// Deposits taken for held orders, less those given back or kept as a fee.
    pub deposits: Money,
    /// Payments of customers on their accounts.
    pub account_payments: Money,
    /// Baskets that were given up.
    pub voids: i64,
    /// Times that the drawer was opened without a sale.
    pub no_sales: i64,
    /// By way of paying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenders: Vec<TenderTotal>,
    /// By tax.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<TaxTotal>,
    /// By kind and currency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cash_moves: Vec<MoveTotal>,
    /// What the drawer should hold, the shop's currency first.
    pub drawer: Vec<DrawerCash>,
    /// The first receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_receipt: Option<ReceiptNumber>,
    /// The last receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_receipt: Option<ReceiptNumber>,
}

/// One way of paying in a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderTotal {
    /// Which way.
    pub kind: TenderKind,
    /// Name of the custom tender or of the wallet; code of the foreign currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many payments, those paid out included.
    pub count: i64,
    /// What they came to, in the shop's currency, cash rounding and change not included.
    pub amount: Money,
}

/// One tax in a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxTotal {
    /// The tax's code.
    pub code: String,
    /// As printed.
    pub name: String,
    /// As printed: `20`, or `0.25 EUR`.
    pub rate: String,
    /// What it was taken on.
    pub base: Money,
    /// How much.
    pub amount: Money,
}

/// One kind of cash movement in a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveTotal {
    /// Which kind.
    pub kind: CashMoveKind,
    /// How many.
    pub count: i64,
    /// How much, in its own currency.
    pub amount: Money,
}

impl ShiftTotals {
    /// Nothing yet, in the shop's currency.
    pub fn new(home: Currency) -> Self {
        let zero = Money::zero(home);
        Self {
            sales: 0,
            refunds: 0,
            takings: zero,
            net: zero,
            tax: zero,
            discount: zero,
            tip: zero,
            cash_rounding: zero,
            deposits: zero,
            account_payments: zero,
            voids: 0,
            no_sales: 0,
            tenders: Vec::new(),
            taxes: Vec::new(),
            cash_moves: Vec::new(),
            drawer: vec![DrawerCash::home(zero)],
            first_receipt: None,
            last_receipt: None,
        }
    }

    /// The shop's currency.
    pub const fn home(&self) -> Currency {
        self.takings.currency()
    }

    /// Adds the float.
    ///
    /// # Errors
    /// Two currencies, or too large; nothing has changed then. So for every addition.
    pub fn add_open(&mut self, open: &ShiftOpen) -> Result<(), MoneyError> {
        self.add(|totals| {
            totals.add_cash(DrawerCash::home(open.float))?;
            open.foreign.iter().try_for_each(|foreign| totals.add_cash(*foreign))
        })
    }

    /// Adds a sale or a refund.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn add_sale(&mut self, sale: &Sale) -> Result<(), MoneyError> {
        self.add(|totals| {
            if sale.total.is_negative() {
                totals.refunds += 1;
            } else {
                totals.sales += 1;
            }
            totals.takings = totals.takings.plus(sale.total)?;
            totals.net = totals.net.plus(sale.net)?;
            totals.tax = totals.tax.plus(sale.tax)?;
            totals.discount = totals.discount.plus(sale.discount)?;
            if let Some(tip) = sale.tip {
                totals.tip = totals.tip.plus(tip)?;
            }
            sale.taxes.iter().try_for_each(|sum| totals.add_tax(sum))?;
            sale.tenders.iter().try_for_each(|tender| totals.add_tender(tender))?;
            totals.add_receipt(&sale.receipt);
            Ok(())
        })
    }

    /// Adds a movement of cash.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn add_move(&mut self, cash_move: &CashMove) -> Result<(), MoneyError> {
        self.add(|totals| {
            let (kind, amount) = (cash_move.kind, cash_move.amount);
            if kind == CashMoveKind::NoSale {
                totals.no_sales += 1;
            }
            let key = |kind: CashMoveKind, amount: Money| (kind, amount.currency().code());
            let place = totals
                .cash_moves
                .binary_search_by_key(&key(kind, amount), |row| key(row.kind, row.amount));
            match place.map(|index| totals.cash_moves.get_mut(index)) {
                Ok(Some(row)) => {
                    row.count += 1;
                    row.amount = row.amount.plus(amount)?;
                }
                Ok(None) => {}
                Err(index) => totals.cash_moves.insert(index, MoveTotal { kind, count: 1, amount }),
            }
            totals.add_cash(cash_move.into_drawer())
        })
    }

    /// Adds a deposit.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn add_deposit(&mut self, deposit: &DepositTaken) -> Result<(), MoneyError> {
        self.add(|totals| {
            totals.deposits = totals.deposits.plus(deposit.tender.amount)?;
            totals.add_tender(&deposit.tender)
        })
    }

    /// Adds what a cancelled order gave back, and the fee that was kept: takings, with its taxes.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn add_cancel(&mut self, cancelled: &OrderCancelled) -> Result<(), MoneyError> {
        self.add(|totals| {
            for tender in &cancelled.refunds {
                totals.deposits = totals.deposits.plus(tender.amount)?;
                totals.add_tender(tender)?;
            }
            // What is kept is no deposit any more: it was earned.
            if let Some(fee) = &cancelled.fee {
                totals.deposits = totals.deposits.minus(fee.total)?;
                totals.takings = totals.takings.plus(fee.total)?;
                totals.net = totals.net.plus(fee.net)?;
                totals.tax = totals.tax.plus(fee.tax)?;
                fee.taxes.iter().try_for_each(|sum| totals.add_tax(sum))?;
            }
            Ok(())
        })
    }

    /// Adds a customer's payment on their account.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn add_account_payment(&mut self, payment: &AccountPayment) -> Result<(), MoneyError> {
        self.add(|totals| {
            totals.account_payments = totals.account_payments.plus(payment.tender.amount)?;
            totals.add_tender(&payment.tender)
        })
    }

    /// Adds a basket that was given up.
    pub const fn add_void(&mut self) {
        self.voids += 1;
    }

    /// The perpetual total after this shift: all takings before, and these. It never begins anew.
    ///
    /// # Errors
    /// Two currencies, or too large.
    pub fn grand_total_after(&self, before: Money) -> Result<Money, MoneyError> {
        before.plus(self.takings)
    }

    /// What the drawer should hold of a currency.
    pub fn expected(&self, currency: Currency) -> Money {
        let cash = self.drawer.iter().find(|cash| cash.amount.currency() == currency);
        cash.map_or(Money::zero(currency), |cash| cash.amount)
    }

    /// All of a change or nothing of it.
    fn add(
        &mut self,
        change: impl FnOnce(&mut Self) -> Result<(), MoneyError>,
    ) -> Result<(), MoneyError> {
        let mut after = self.clone();
        change(&mut after)?;
        *self = after;
        Ok(())
    }

    fn add_tender(&mut self, tender: &Tender) -> Result<(), MoneyError> {
        self.cash_rounding = self.cash_rounding.plus(tender.rounding)?;
        for cash in into_drawer(tender)? {
            self.add_cash(cash)?;
        }
        let name = match (&tender.foreign, tender.kind) {
            (Some(foreign), _) => Some(foreign.received.currency().code()),
            (None, TenderKind::Custom | TenderKind::Wallet) => tender.name.as_deref(),
            (None, _) => None,
        };
        let key = (tender.kind, name);
        let place = self.tenders.binary_search_by_key(&key, |row| (row.kind, row.name.as_deref()));
        match place.map(|index| self.tenders.get_mut(index)) {
            Ok(Some(row)) => {
                row.count += 1;
                row.amount = row.amount.plus(tender.amount)?;
            }
            Ok(None) => {}
            Err(index) => self.tenders.insert(
                index,
                TenderTotal {
                    kind: tender.kind,
                    name: name.map(str::to_owned),
                    count: 1,
                    amount: tender.amount,
                },
            ),
        }
        Ok(())
    }

    fn add_tax(&mut self, sum: &TaxSum) -> Result<(), MoneyError> {
        let rate = sum.tax.rate_text();
        let key = (sum.tax.code.as_str(), sum.tax.name.as_str(), rate.as_str());
        let place = self.taxes.binary_search_by_key(&key, |row| {
            (row.code.as_str(), row.name.as_str(), row.rate.as_str())
        });
        match place.map(|index| self.taxes.get_mut(index)) {
            Ok(Some(row)) => {
                row.base = row.base.plus(sum.base)?;
                row.amount = row.amount.plus(sum.amount)?;
            }
            Ok(None) => {}
            Err(index) => self.taxes.insert(
                index,
                TaxTotal {
                    code: sum.tax.code.clone(),
                    name: sum.tax.name.clone(),
                    rate,
                    base: sum.base,
                    amount: sum.amount,
                },
            ),
        }
        Ok(())
    }

    /// The shop's currency stays first, the others follow by code.
    fn add_cash(&mut self, cash: DrawerCash) -> Result<(), MoneyError> {
        let home = self.home();
        let key = |currency: Currency| (currency != home, currency.code());
        let currency = cash.amount.currency();
        let place =
            self.drawer.binary_search_by_key(&key(currency), |row| key(row.amount.currency()));
        match place.map(|index| self.drawer.get_mut(index)) {
            Ok(Some(row)) => {
                row.amount = row.amount.plus(cash.amount)?;
                row.value = row.value.plus(cash.value)?;
            }
            Ok(None) => {}
            Err(index) => {
                // Refused here if its worth is not in the shop's currency.
                cash.value.plus(Money::zero(home))?;
                self.drawer.insert(index, cash);
            }
        }
        Ok(())
    }

    fn add_receipt(&mut self, receipt: &ReceiptNumber) {
        // A longer series is a later one: `T1.2` follows `T1`, `T1.10` follows `T1.9`.
        let key =
            |number: &ReceiptNumber| (number.series.len(), number.series.clone(), number.sequence);
        if self.first_receipt.as_ref().is_none_or(|first| key(receipt) < key(first)) {
            self.first_receipt = Some(receipt.clone());
        }
        if self.last_receipt.as_ref().is_none_or(|last| key(receipt) > key(last)) {
            self.last_receipt = Some(receipt.clone());
        }
    }
}

/// What a payment moves in the drawer: cash what was handed over less the change, foreign cash what
/// was handed over in its own currency, and the change in the shop's. Nothing for the rest.
///
/// # Errors
/// Too large.
pub fn into_drawer(tender: &Tender) -> Result<Vec<DrawerCash>, MoneyError> {
    Ok(match (tender.kind, tender.foreign) {
        (TenderKind::Cash, _) => vec![DrawerCash::home(tender.handed()?)],
        (_, Some(foreign)) => vec![
            DrawerCash { amount: foreign.received, value: tender.received },
            DrawerCash::home(tender.change()?.negated()),
        ],
        (_, None) => Vec::new(),
    })
}

//! The journal: every business fact, one entry each. Tables are only views of it.

use serde::{Deserialize, Serialize};

use crate::card::{CardPaymentOrphaned, CardPaymentReversed, PaymentResolved};
use crate::credit::{AccountPayment, CreditIssued, CreditRedeemed};
use crate::customer::{CustomerErased, CustomersMerged};
use crate::ids::RegisterId;
use crate::loyalty::PointsMoved;
use crate::money::Currency;
use crate::order::{DepositTaken, HeldOrder, OrderCancelled};
use crate::sale::Sale;
use crate::shift::{CashMove, ShiftClose, ShiftOpen};
use crate::stock::{Movement, StockMoved};
use crate::time::Timestamp;
use crate::voids::{TenderUndone, Voided};

/// What an entry says. New kinds are added at the end; none is ever changed or taken away, because
/// an entry's hash covers its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "fact", rename_all = "snake_case")]
pub enum Entry {
    /// The first entry of every journal.
    RegisterFounded(RegisterFounded),
    /// A shift begins.
    ShiftOpened(ShiftOpen),
    /// A shift ends.
    ShiftClosed(ShiftClose),
    /// A sale was paid. Boxed: it is by far the largest.
    SaleCompleted(Box<Sale>),
    /// Stock that came with a catalogue file, in parts of limited size.
    StockImported(StockImported),
    /// The register goes on from a backup, with a new series of receipts.
    RegisterRestored(RegisterRestored),
    /// Cash was put into or taken out of the drawer, or it was opened for nothing.
    CashMoved(CashMove),
    /// A basket was given up.
    BasketVoided(Voided),
    /// Lines went out of a basket after a payment had been taken for it.
    LinesVoided(Voided),
    /// A payment was taken back before its sale was complete.
    TenderUndone(TenderUndone),
    /// A gift card or a store credit was given out by hand.
    CreditIssued(CreditIssued),
    /// A customer paid what they owed.
    AccountPaid(AccountPayment),
    /// A quote, a layaway, or an order to collect or deliver was taken.
    OrderHeld(HeldOrder),
    /// A deposit was paid on a held order.
    DepositTaken(DepositTaken),
    /// A held order was cancelled.
    OrderCancelled(OrderCancelled),
    /// A person decided what became of a payment at a terminal.
    PaymentResolved(PaymentResolved),
    /// A payment at a terminal was charged without a sale.
    CardPaymentOrphaned(CardPaymentOrphaned),
    /// A payment without a sale was given back to the card.
    CardPaymentReversed(CardPaymentReversed),
    /// Stock came in, went out or was counted, without a sale.
    StockMoved(StockMoved),
    /// Two customers were one person.
    CustomersMerged(CustomersMerged),
    /// A customer's personal data was erased.
    CustomerErased(CustomerErased),
    /// A gift card or a store credit was spent away from the till.
    CreditRedeemed(CreditRedeemed),
    /// Points of a customer moved.
    PointsMoved(PointsMoved),
}

impl Entry {
    /// The name of its kind, as in its text.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::RegisterFounded(_) => "register_founded",
            Self::ShiftOpened(_) => "shift_opened",
            Self::ShiftClosed(_) => "shift_closed",
            Self::SaleCompleted(_) => "sale_completed",
            Self::StockImported(_) => "stock_imported",
            Self::RegisterRestored(_) => "register_restored",
            Self::CashMoved(_) => "cash_moved",
            Self::BasketVoided(_) => "basket_voided",
            Self::LinesVoided(_) => "lines_voided",
            Self::TenderUndone(_) => "tender_undone",
            Self::CreditIssued(_) => "credit_issued",
            Self::AccountPaid(_) => "account_paid",
            Self::OrderHeld(_) => "order_held",
            Self::DepositTaken(_) => "deposit_taken",
            Self::OrderCancelled(_) => "order_cancelled",
            Self::PaymentResolved(_) => "payment_resolved",
            Self::CardPaymentOrphaned(_) => "card_payment_orphaned",
            Self::CardPaymentReversed(_) => "card_payment_reversed",
            Self::StockMoved(_) => "stock_moved",
            Self::CustomersMerged(_) => "customers_merged",
            Self::CustomerErased(_) => "customer_erased",
            Self::CreditRedeemed(_) => "credit_redeemed",
            Self::PointsMoved(_) => "points_moved",
        }
    }
}

/// A register comes into being.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterFounded {
    /// Its id.
    pub register: RegisterId,
    /// Its receipts' series, such as `T1`.
    pub series: String,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// When.
    pub at: Timestamp,
    /// The Ed25519 key (hex) that verifies every signature of this journal.
    pub public_key: String,
}

/// Opening stock out of a catalogue file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockImported {
    /// When.
    pub at: Timestamp,
    /// The file's name.
    pub file: String,
    /// What came in.
    pub movements: Vec<Movement>,
}

/// A register goes on from a backup. What was sold after the backup is not in it, so the receipts
/// begin a new series: no number is ever given twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRestored {
    /// When.
    pub at: Timestamp,
    /// The receipts' series from now on: `T1.2` after `T1`.
    pub series: String,
}

//! Postings: every fact about money, twice, so that the books always balance. All of them are in the
//! shop's currency; cash of another one is booked at what it was worth when it came in.

use serde::{Deserialize, Serialize};

use crate::card::{CardPaymentKind, TerminalPayment};
use crate::credit::{AccountPayment, CreditIssued, CreditKind, CreditRedeemed};
use crate::loyalty::PointsMoved;
use crate::money::{Currency, Money, MoneyError};
use crate::order::{DepositTaken, OrderCancelled};
use crate::sale::Sale;
use crate::shift::{CashMove, CashMoveKind, ShiftClose, ShiftOpen};
use crate::tender::{Tender, TenderKind};

/// Where money is or comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Coins and notes in the drawer.
    Drawer,
    /// Coins and notes of other currencies in the drawer.
    DrawerForeign,
    /// The safe that floats come from and takings go to.
    Safe,
    /// Card payments on their way from the acquirer.
    CardExternal,
    /// The same, taken at terminals that the register drives.
    Card,
    /// What the shop owes on gift cards.
    GiftCards,
    /// What the shop owes as store credit.
    StoreCredit,
    /// What customers owe the shop.
    Receivables,
    /// Vouchers that somebody else pays for.
    Vouchers,
    /// Transfers from bank to bank.
    BankTransfer,
    /// Wallet payments.
    Wallet,
    /// The shop's own kinds of payment.
    Custom,
    /// What was paid ahead for held orders.
    Deposits,
    /// What was sold, without tax.
    Revenue,
    /// What is owed to the tax office.
    Tax,
    /// What customers gave on top.
    Tips,
    /// What cash rounding added or took off.
    CashRounding,
    /// Cash found too much or too little.
    OverShort,
    /// Cash put into the drawer.
    PaidIn,
    /// Cash taken out of the drawer.
    PaidOut,
    /// What was kept of the deposits of cancelled orders, without tax.
    Fees,
    /// Credit given without money.
    Goodwill,
    /// Card payments that belong to no sale.
    Unallocated,
    /// What other sales channels took for goods of their own: credit of the shop that was spent there.
    Channels,
}

impl Account {
    /// Every account.
    pub const ALL: [Self; 24] = [
        Self::Drawer,
        Self::DrawerForeign,
        Self::Safe,
        Self::CardExternal,
        Self::Card,
        Self::GiftCards,
        Self::StoreCredit,
        Self::Receivables,
        Self::Vouchers,
        Self::BankTransfer,
        Self::Wallet,
        Self::Custom,
        Self::Deposits,
        Self::Revenue,
        Self::Tax,
        Self::Tips,
        Self::CashRounding,
        Self::OverShort,
        Self::PaidIn,
        Self::PaidOut,
        Self::Fees,
        Self::Goodwill,
        Self::Unallocated,
        Self::Channels,
    ];

    /// The name in the database and in exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drawer => "drawer",
            Self::DrawerForeign => "drawer_foreign",
            Self::Safe => "safe",
            Self::CardExternal => "card_external",
            Self::Card => "card",
            Self::GiftCards => "gift_cards",
            Self::StoreCredit => "store_credit",
            Self::Receivables => "receivables",
            Self::Vouchers => "vouchers",
            Self::BankTransfer => "bank_transfer",
            Self::Wallet => "wallet",
            Self::Custom => "custom",
            Self::Deposits => "deposits",
            Self::Revenue => "revenue",
            Self::Tax => "tax",
            Self::Tips => "tips",
            Self::CashRounding => "cash_rounding",
            Self::OverShort => "over_short",
            Self::PaidIn => "paid_in",
            Self::PaidOut => "paid_out",
            Self::Fees => "fees",
            Self::Goodwill => "goodwill",
            Self::Unallocated => "unallocated",
            Self::Channels => "channels",
        }
    }

    /// Reads what [`Account::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.name() == name)
    }

    /// Where the money of a payment is booked. Foreign cash has its own way.
    const fn of_tender(kind: TenderKind) -> Self {
        match kind {
            TenderKind::Cash => Self::Drawer,
            TenderKind::ForeignCash => Self::DrawerForeign,
            TenderKind::CardExternal => Self::CardExternal,
            TenderKind::Card => Self::Card,
            TenderKind::GiftCard => Self::GiftCards,
            TenderKind::StoreCredit => Self::StoreCredit,
            TenderKind::OnAccount => Self::Receivables,
            TenderKind::Voucher => Self::Vouchers,
            TenderKind::BankTransfer => Self::BankTransfer,
            TenderKind::Wallet => Self::Wallet,
            TenderKind::Deposit => Self::Deposits,
            TenderKind::Custom => Self::Custom,
        }
    }
}

/// An amount on an account: positive where it comes in, negative where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Which account.
    pub account: Account,
    /// How much.
    pub amount: Money,
}

/// Postings that are being gathered, one for each account.
struct Sheet {
    currency: Currency,
    postings: Vec<Posting>,
}

impl Sheet {
    const fn new(currency: Currency) -> Self {
        Self { currency, postings: Vec::new() }
    }

    fn post(&mut self, account: Account, amount: Money) -> Result<(), MoneyError> {
        // Refused here if it is not in the shop's currency.
        let sum = Money::zero(self.currency).plus(amount)?;
        match self.postings.iter_mut().find(|posting| posting.account == account) {
            Some(posting) => posting.amount = posting.amount.plus(sum)?,
            None => self.postings.push(Posting { account, amount }),
        }
        Ok(())
    }

    /// What a payment brings, and what rounding did to it.
    fn post_tender(&mut self, tender: &Tender) -> Result<(), MoneyError> {
        if tender.foreign.is_some() {
            self.post(Account::DrawerForeign, tender.received)?;
            self.post(Account::Drawer, tender.change()?.negated())?;
        } else {
            self.post(Account::of_tender(tender.kind), tender.handed()?)?;
        }
        self.post(Account::CashRounding, tender.rounding.negated())
    }

    fn moving(self) -> Vec<Posting> {
        self.postings.into_iter().filter(|posting| !posting.amount.is_zero()).collect()
    }
}

/// The postings of a sale; they add up to nothing. A gift card that is sold is no revenue: the shop
/// owes what was loaded on it.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_sale(sale: &Sale) -> Result<Vec<Posting>, MoneyError> {
    let currency = sale.total.currency();
    let mut sheet = Sheet::new(currency);
    sale.tenders.iter().try_for_each(|tender| sheet.post_tender(tender))?;
    let cards = sale.lines.iter().filter(|line| line.gift_card.is_some()).map(|line| line.gross);
    let cards = Money::sum(currency, cards)?;
    sheet.post(Account::GiftCards, cards.negated())?;
    sheet.post(Account::Revenue, cards.minus(sale.net)?)?;
    sheet.post(Account::Tax, sale.tax.negated())?;
    if let Some(tip) = sale.tip {
        sheet.post(Account::Tips, tip.negated())?;
    }
    Ok(sheet.moving())
}

/// The postings of a shift's opening: the float goes from the safe into the drawer.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_shift_open(open: &ShiftOpen) -> Result<Vec<Posting>, MoneyError> {
    let mut sheet = Sheet::new(open.float.currency());
    sheet.post(Account::Drawer, open.float)?;
    sheet.post(Account::Safe, open.float.negated())?;
    for foreign in &open.foreign {
        sheet.post(Account::DrawerForeign, foreign.value)?;
        sheet.post(Account::Safe, foreign.value.negated())?;
    }
    Ok(sheet.moving())
}

/// The postings of a shift's close: what was counted goes back to the safe, the difference is over
/// or short, and the drawer is empty.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_shift_close(close: &ShiftClose) -> Result<Vec<Posting>, MoneyError> {
    let mut sheet = Sheet::new(close.grand_total.currency());
    for count in &close.counts {
        let drawer = if count.value.is_some() { Account::DrawerForeign } else { Account::Drawer };
        let (expected, counted) = (count.expected_value(), count.counted_value()?);
        sheet.post(drawer, expected.negated())?;
        sheet.post(Account::Safe, counted)?;
        sheet.post(Account::OverShort, expected.minus(counted)?)?;
    }
    Ok(sheet.moving())
}

/// The postings of cash that moves without a sale; none for a drawer that was only opened.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_cash_move(cash_move: &CashMove) -> Result<Vec<Posting>, MoneyError> {
    let value = cash_move.into_drawer().value;
    let mut sheet = Sheet::new(value.currency());
    let other = match cash_move.kind {
        CashMoveKind::PayIn => Account::PaidIn,
        CashMoveKind::PayOut => Account::PaidOut,
        CashMoveKind::SafeDrop => Account::Safe,
        CashMoveKind::NoSale => return Ok(Vec::new()),
    };
    let is_foreign = cash_move.amount.currency() != value.currency();
    sheet.post(if is_foreign { Account::DrawerForeign } else { Account::Drawer }, value)?;
    sheet.post(other, value.negated())?;
    Ok(sheet.moving())
}

/// The postings of a customer's payment on their account.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_account_payment(payment: &AccountPayment) -> Result<Vec<Posting>, MoneyError> {
    let mut sheet = Sheet::new(payment.tender.amount.currency());
    sheet.post_tender(&payment.tender)?;
    sheet.post(Account::Receivables, payment.tender.amount.negated())?;
    Ok(sheet.moving())
}

/// The postings of credit given by hand.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_credit_issued(issued: &CreditIssued) -> Result<Vec<Posting>, MoneyError> {
    let mut sheet = Sheet::new(issued.amount.currency());
    let account = match issued.kind {
        CreditKind::GiftCard => Account::GiftCards,
        CreditKind::StoreCredit => Account::StoreCredit,
        CreditKind::Account => Account::Receivables,
    };
    sheet.post(Account::Goodwill, issued.amount)?;
    sheet.post(account, issued.amount.negated())?;
    Ok(sheet.moving())
}

/// The postings of credit that was spent away from the till: the shop owes less, and the channel that
/// took it has it.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_credit_redeemed(redeemed: &CreditRedeemed) -> Result<Vec<Posting>, MoneyError> {
    let mut sheet = Sheet::new(redeemed.amount.currency());
    let account = match redeemed.kind {
        CreditKind::GiftCard => Account::GiftCards,
        CreditKind::StoreCredit => Account::StoreCredit,
        CreditKind::Account => Account::Receivables,
    };
    sheet.post(account, redeemed.amount)?;
    sheet.post(Account::Channels, redeemed.amount.negated())?;
    Ok(sheet.moving())
}

/// The postings of points that became store credit: given without money, as goodwill is.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_points(moved: &PointsMoved) -> Result<Vec<Posting>, MoneyError> {
    let Some(credit) = moved.credit else { return Ok(Vec::new()) };
    let mut sheet = Sheet::new(credit.currency());
    sheet.post(Account::Goodwill, credit)?;
    sheet.post(Account::StoreCredit, credit.negated())?;
    Ok(sheet.moving())
}

/// The postings of a deposit.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_deposit(deposit: &DepositTaken) -> Result<Vec<Posting>, MoneyError> {
    let mut sheet = Sheet::new(deposit.tender.amount.currency());
    sheet.post_tender(&deposit.tender)?;
    sheet.post(Account::Deposits, deposit.tender.amount.negated())?;
    Ok(sheet.moving())
}

/// The postings of a cancelled order: its deposits go back, but for the fee that is kept.
///
/// # Errors
/// Two currencies, or too large.
pub fn of_order_cancel(cancelled: &OrderCancelled) -> Result<Vec<Posting>, MoneyError> {
    let mut sheet = Sheet::new(cancelled.kept.currency());
    for tender in &cancelled.refunds {
        sheet.post_tender(tender)?;
        sheet.post(Account::Deposits, tender.amount.negated())?;
    }
    sheet.post(Account::Deposits, cancelled.kept)?;
    let (net, tax) = match &cancelled.fee {
        Some(fee) => (fee.net, fee.tax),
        None => (cancelled.kept, Money::zero(cancelled.kept.currency())),
    };
    sheet.post(Account::Fees, net.negated())?;
    sheet.post(Account::Tax, tax.negated())?;
    Ok(sheet.moving())
}

/// The postings of a card payment without a sale; of one that was given back, the way back.
///
/// # Errors
/// Too large.
pub fn of_orphan(payment: &TerminalPayment, given_back: bool) -> Result<Vec<Posting>, MoneyError> {
    let came_in = (payment.kind == CardPaymentKind::Charge) != given_back;
    let amount = if came_in { payment.amount } else { payment.amount.negated() };
    let mut sheet = Sheet::new(amount.currency());
    sheet.post(Account::Card, amount)?;
    sheet.post(Account::Unallocated, amount.negated())?;
    Ok(sheet.moving())
}

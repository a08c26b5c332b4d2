//! Credit: what the shop owes on gift cards and as store credit, and what customers owe it.

use serde::{Deserialize, Serialize};

use crate::customer::CustomersMerged;
use crate::ids::{CreditIssueId, CustomerId, RedemptionId, ShiftId};
use crate::money::{Money, MoneyError};
use crate::sale::Sale;
use crate::staff::Actor;
use crate::tender::{Tender, TenderKind};
use crate::time::Timestamp;

/// A kind of credit; each code of it has a ledger of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditKind {
    /// A card with a balance; whoever holds it spends it.
    GiftCard,
    /// What the shop owes after a refund, by a code.
    StoreCredit,
    /// What a customer owes the shop.
    Account,
}

impl CreditKind {
    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GiftCard => "gift_card",
            Self::StoreCredit => "store_credit",
            Self::Account => "account",
        }
    }

    /// Reads what [`CreditKind::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::GiftCard, Self::StoreCredit, Self::Account]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// The ledger that a payment moves, if it moves one.
    pub const fn of_tender(kind: TenderKind) -> Option<Self> {
        match kind {
            TenderKind::GiftCard => Some(Self::GiftCard),
            TenderKind::StoreCredit => Some(Self::StoreCredit),
            TenderKind::OnAccount => Some(Self::Account),
            _ => None,
        }
    }

    /// What a cashier calls it, at the beginning of a sentence.
    const fn in_words(self) -> &'static str {
        match self {
            Self::GiftCard => "gift card",
            Self::StoreCredit => "store credit",
            Self::Account => "account",
        }
    }
}

/// One row of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditMove {
    /// Which kind of ledger.
    pub kind: CreditKind,
    /// Whose: the card's code, the credit's code or the customer's id.
    pub code: String,
    /// Above nothing: the shop owes more (gift card, store credit), the customer owes more
    /// (account).
    pub amount: Money,
}

/// A customer pays what was put on account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPayment {
    /// Who.
    pub customer: CustomerId,
    /// As printed.
    pub name: String,
    /// How.
    pub tender: Tender,
    /// In which shift.
    pub shift: ShiftId,
    /// When.
    pub at: Timestamp,
    /// Who took it.
    pub actor: Actor,
}

/// Credit is given without a sale: a gift card by hand, or as goodwill. On an account, it lessens
/// what the customer owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditIssued {
    /// Made by the client, so that credit that is asked for twice is given once; none in entries
    /// from before there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CreditIssueId>,
    /// Which kind.
    pub kind: CreditKind,
    /// Whose: the card's code, the credit's code or the customer's id.
    pub code: String,
    /// How much; above nothing.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who gave it.
    pub actor: Actor,
}

/// A gift card or a store credit is spent away from the till, in the shop's web shop for instance: the
/// goods are sold there, and only what pays for them is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditRedeemed {
    /// Made by the client, so that credit that is asked for twice is spent once.
    pub id: RedemptionId,
    /// Which kind; never an account.
    pub kind: CreditKind,
    /// Whose: the card's code, the credit's code or the customer's id.
    pub code: String,
    /// How much; above nothing.
    pub amount: Money,
    /// For what: the number of an order, for instance.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub actor: Actor,
}

impl CreditMove {
    /// What a payment moves: a card or a credit spends its amount, a customer comes to owe it. Money
    /// paid out moves the other way.
    pub fn of_tender(tender: &Tender) -> Option<Self> {
        let kind = CreditKind::of_tender(tender.kind)?;
        let amount =
            if kind == CreditKind::Account { tender.amount } else { tender.amount.negated() };
        Some(Self { kind, code: tender.reference.clone()?, amount })
    }

    /// True where it leaves less to spend.
    const fn spends(&self) -> bool {
        let is_account = matches!(self.kind, CreditKind::Account);
        !self.amount.is_zero() && self.amount.is_negative() != is_account
    }
}

/// What a ledger refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// More than is on it.
    #[error(
        "{} {code} holds {balance}, not {asked}: take {balance} from it and the rest another way",
        kind.in_words()
    )]
    NotEnough {
        /// Which kind.
        kind: CreditKind,
        /// Its code.
        code: String,
        /// What is on it.
        balance: Money,
        /// What was asked of it.
        asked: Money,
    },
    /// More than the customer may owe.
    #[error(
        "{asked} would bring the account to {owed}, above its limit of {limit}: {left} may still \
         go on it"
    )]
    OverLimit {
        /// The customer's id.
        code: String,
        /// What would go on the account.
        asked: Money,
        /// What the customer would owe then.
        owed: Money,
        /// What they may owe.
        limit: Money,
        /// What may still go on it.
        left: Money,
    },
    /// Nothing, or less, was to be issued or paid.
    #[error("give an amount of more than nothing")]
    NotPositive,
    /// Credit without a reason.
    #[error("say why the credit is given: its reason stands in the journal")]
    NeedsReason,
    /// No code.
    #[error("{} needs a code: scan or enter it", kind.in_words())]
    NeedsCode {
        /// Which kind.
        kind: CreditKind,
    },
    /// Two currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What a sale moves: gift cards that it sells (or takes back), then payments. What makes room comes
/// before what needs it, so that the order of lines and payments never decides whether it fits.
pub fn of_sale(sale: &Sale) -> Vec<CreditMove> {
    let cards = sale.lines.iter().filter_map(|line| {
        let code = line.gift_card.clone()?;
        Some(CreditMove { kind: CreditKind::GiftCard, code, amount: line.gross })
    });
    let payments = sale.tenders.iter().filter_map(CreditMove::of_tender);
    let mut moves: Vec<_> = cards.chain(payments).filter(|one| !one.amount.is_zero()).collect();
    moves.sort_by_key(CreditMove::spends);
    moves
}

/// What the payments of an open basket move: they hold their amounts before the sale is complete,
/// so that a card shown twice counts twice.
pub fn of_tenders(tenders: &[Tender]) -> Vec<CreditMove> {
    tenders.iter().filter_map(CreditMove::of_tender).collect()
}

/// What a payment on account moves.
pub fn of_account_payment(payment: &AccountPayment) -> CreditMove {
    CreditMove {
        kind: CreditKind::Account,
        code: payment.customer.to_string(),
        amount: payment.tender.amount.negated(),
    }
}

/// What credit given by hand moves.
pub fn of_issue(issued: &CreditIssued) -> CreditMove {
    let amount = match issued.kind {
        CreditKind::Account => issued.amount.negated(),
        CreditKind::GiftCard | CreditKind::StoreCredit => issued.amount,
    };
    CreditMove { kind: issued.kind, code: issued.code.clone(), amount }
}

/// What credit that is spent away from the till moves.
pub fn of_redemption(redeemed: &CreditRedeemed) -> CreditMove {
    let (kind, code) = (redeemed.kind, redeemed.code.clone());
    CreditMove { kind, code, amount: redeemed.amount.negated() }
}

/// What a merge of two customers moves: all that the second had is the first's from then on.
pub fn of_merge(merged: &CustomersMerged) -> Vec<CreditMove> {
    let ledgers =
        [(CreditKind::StoreCredit, merged.store_credit), (CreditKind::Account, merged.account)];
    let mut moves = Vec::new();
    for (kind, amount) in ledgers {
        if amount.is_zero() {
            continue;
        }
        let (from, into) = (merged.merged.to_string(), merged.kept.to_string());
        moves.push(CreditMove { kind, code: from, amount: amount.negated() });
        moves.push(CreditMove { kind, code: into, amount });
    }
    moves
}

/// Checks credit given by hand.
///
/// # Errors
/// Nothing or less, no code, or no reason.
pub fn check_issue(issued: &CreditIssued) -> Result<(), CreditError> {
    if issued.amount.is_zero() || issued.amount.is_negative() {
        return Err(CreditError::NotPositive);
    }
    if issued.code.trim().is_empty() {
        return Err(CreditError::NeedsCode { kind: issued.kind });
    }
    if issued.reason.trim().is_empty() {
        return Err(CreditError::NeedsReason);
    }
    Ok(())
}

/// The balance after a move. A card or a credit never goes below zero; an account never above its
/// limit (none is nothing), except that a debt above a limit that was lowered may still be paid off.
///
/// # Errors
/// See [`CreditError`].
pub fn apply(
    balance: Money,
    limit: Option<Money>,
    credit_move: &CreditMove,
) -> Result<Money, CreditError> {
    let CreditMove { kind, code, amount } = credit_move;
    let after = balance.plus(*amount)?;
    if !credit_move.spends() {
        return Ok(after);
    }
    if *kind != CreditKind::Account {
        if after.is_negative() {
            let (kind, code, asked) = (*kind, code.clone(), amount.negated());
            return Err(CreditError::NotEnough { kind, code, balance, asked });
        }
        return Ok(after);
    }
    let limit = limit.unwrap_or(Money::zero(balance.currency()));
    let room = limit.minus(balance)?;
    if room.minus(*amount)?.is_negative() {
        let left = if room.is_negative() { Money::zero(room.currency()) } else { room };
        let (code, asked) = (code.clone(), *amount);
        return Err(CreditError::OverLimit { code, asked, owed: after, limit, left });
    }
    Ok(after)
}

/// What one more payment finds on a ledger: the balance after the moves of the same code that are
/// open already.
///
/// # Errors
/// Two currencies, or too large.
pub fn after_open(
    balance: Money,
    kind: CreditKind,
    code: &str,
    open: &[CreditMove],
) -> Result<Money, MoneyError> {
    let of_this = open.iter().filter(|one| one.kind == kind && one.code == code);
    of_this.map(|one| one.amount).try_fold(balance, Money::plus)
}

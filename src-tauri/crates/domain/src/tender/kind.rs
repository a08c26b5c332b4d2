//! The ways to pay.

use serde::{Deserialize, Serialize};

/// A way to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Coins and notes, into the drawer.
    Cash,
    /// A card on a terminal that the register does not drive: the cashier types the amount there
    /// and says here that it was approved.
    CardExternal,
    /// A card on a terminal that the register drives.
    Card,
    /// Coins and notes of another currency; change is given in the shop's.
    ForeignCash,
    /// A gift card of the shop.
    GiftCard,
    /// Credit that the shop owes, by its code.
    StoreCredit,
    /// The customer owes it.
    OnAccount,
    /// A voucher of somebody else, who pays for it later.
    Voucher,
    /// A transfer from bank to bank, by QR code.
    BankTransfer,
    /// A wallet on the customer's phone, by QR code.
    Wallet,
    /// What was paid earlier for a held order.
    Deposit,
    /// Another way that the shop has named.
    Custom,
}

impl TenderKind {
    /// Every kind, in the order in which reports show them.
    pub const ALL: [Self; 12] = [
        Self::Cash,
        Self::CardExternal,
        Self::Card,
        Self::ForeignCash,
        Self::GiftCard,
        Self::StoreCredit,
        Self::OnAccount,
        Self::Voucher,
        Self::BankTransfer,
        Self::Wallet,
        Self::Deposit,
        Self::Custom,
    ];

    /// The name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::CardExternal => "card_external",
            Self::Card => "card",
            Self::ForeignCash => "foreign_cash",
            Self::GiftCard => "gift_card",
            Self::StoreCredit => "store_credit",
            Self::OnAccount => "on_account",
            Self::Voucher => "voucher",
            Self::BankTransfer => "bank_transfer",
            Self::Wallet => "wallet",
            Self::Deposit => "deposit",
            Self::Custom => "custom",
        }
    }

    /// What a cashier calls it, within a sentence.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::CardExternal => "a card",
            Self::Card => "a card at the terminal",
            Self::ForeignCash => "foreign cash",
            Self::GiftCard => "a gift card",
            Self::StoreCredit => "store credit",
            Self::OnAccount => "an account",
            Self::Voucher => "a voucher",
            Self::BankTransfer => "a bank transfer",
            Self::Wallet => "a wallet",
            Self::Deposit => "a deposit",
            Self::Custom => "this kind of payment",
        }
    }

    /// Reads what [`TenderKind::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True for coins and notes in the shop's currency: what cash rounding is for.
    pub const fn is_cash(self) -> bool {
        matches!(self, Self::Cash)
    }

    /// True where the money comes in later than it is promised.
    pub const fn starts_pending(self) -> bool {
        matches!(self, Self::BankTransfer | Self::Wallet)
    }

    /// True where the register must know from whom or from what it comes.
    pub const fn needs_reference(self) -> bool {
        matches!(
            self,
            Self::GiftCard | Self::StoreCredit | Self::OnAccount | Self::Voucher | Self::Deposit
        )
    }

    /// What the reference is, within a sentence.
    pub const fn reference_in_words(self) -> &'static str {
        match self {
            Self::GiftCard => "the card's code",
            Self::StoreCredit => "the credit's code",
            Self::OnAccount => "the customer",
            Self::Voucher => "the voucher's number",
            Self::Deposit => "the order",
            Self::Cash
            | Self::CardExternal
            | Self::Card
            | Self::ForeignCash
            | Self::BankTransfer
            | Self::Wallet
            | Self::Custom => "a reference",
        }
    }
}

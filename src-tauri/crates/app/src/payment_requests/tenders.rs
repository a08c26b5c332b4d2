//! Which of the register's ways to pay a caller's words mean, and which of those the shop takes.

use countertop_domain::tender::TenderKind;
use countertop_store::{DeviceKind, Snapshot};

use super::request::TenderWord;
use crate::error::AppError;
use crate::shop::Shop;

/// The ways to pay that words mean; none for all.
pub(super) fn kinds(words: Option<&[TenderWord]>) -> Option<Vec<TenderKind>> {
    let mut kinds: Vec<TenderKind> =
        words?.iter().flat_map(|word| of_word(*word)).copied().collect();
    kinds.sort_unstable();
    kinds.dedup();
    Some(kinds)
}

const fn of_word(word: TenderWord) -> &'static [TenderKind] {
    match word {
        TenderWord::Card => &[TenderKind::Card, TenderKind::CardExternal],
        TenderWord::Cash => &[TenderKind::Cash, TenderKind::ForeignCash],
        TenderWord::GiftCard => &[TenderKind::GiftCard],
        TenderWord::Other => &[
            TenderKind::StoreCredit,
            TenderKind::OnAccount,
            TenderKind::Voucher,
            TenderKind::BankTransfer,
            TenderKind::Wallet,
            TenderKind::Custom,
        ],
        TenderWord::CardOnFile | TenderWord::PayPay => &[],
    }
}

/// Of the ways to pay that are asked for, those that the shop takes.
pub(super) fn taken(
    snapshot: &Snapshot<'_>,
    shop: &Shop,
    words: Option<&[TenderWord]>,
) -> Result<Vec<TenderKind>, AppError> {
    let terminal = snapshot.devices()?.iter().any(|row| row.kind == DeviceKind::Terminal);
    let takes = |kind: &TenderKind| match kind {
        TenderKind::Card => terminal,
        TenderKind::Custom => !shop.money.custom.is_empty(),
        TenderKind::Deposit => false,
        kind => shop.money.tenders.contains(kind),
    };
    let asked = kinds(words).unwrap_or_else(|| TenderKind::ALL.to_vec());
    Ok(asked.into_iter().filter(takes).collect())
}

/// Whether only cards could pay.
pub(super) fn only_cards(kinds: &[TenderKind]) -> bool {
    kinds.iter().all(|kind| matches!(kind, TenderKind::Card | TenderKind::CardExternal))
}

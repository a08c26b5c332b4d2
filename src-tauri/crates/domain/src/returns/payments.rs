//! What is left of the payments of a sale, so that money goes back to where it came from.

use serde::{Deserialize, Serialize};

use crate::money::{Money, MoneyError};
use crate::sale::Sale;
use crate::tender::{Tender, TenderKind};

/// What is left of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderLeft {
    /// The payment.
    pub tender: Tender,
    /// What is left of its amount.
    pub left: Money,
    /// What is left of what was handed over, cash rounding included, change not.
    pub left_handed: Money,
}

impl TenderLeft {
    /// The way in which it goes back: as it came. What came as foreign cash goes back in the
    /// shop's currency, and a deposit as cash, since it was spent with the order.
    pub const fn goes_back_as(&self) -> TenderKind {
        match self.tender.kind {
            TenderKind::ForeignCash | TenderKind::Deposit => TenderKind::Cash,
            kind => kind,
        }
    }
}

/// What is left of each payment of a sale, after the refunds of it and the payments `open` in a
/// basket. Payments that paid money out are not among them.
///
/// # Errors
/// Too large.
pub fn tender_shares(
    sale: &Sale,
    refunds: &[Sale],
    open: &[Tender],
) -> Result<Vec<TenderLeft>, MoneyError> {
    let paid_in = sale.tenders.iter().filter(|tender| tender.refunds.is_none());
    let paid_in = paid_in.filter(|tender| !tender.amount.is_negative());
    paid_in
        .map(|tender| {
            let (mut left, mut left_handed) = (tender.amount, tender.handed()?);
            let later = refunds.iter().flat_map(|refund| &refund.tenders).chain(open);
            for back in later.filter(|back| back.refunds == Some(tender.id)) {
                left = left.plus(back.amount)?;
                left_handed = left_handed.plus(back.handed()?)?;
            }
            Ok(TenderLeft { tender: tender.clone(), left, left_handed })
        })
        .collect()
}

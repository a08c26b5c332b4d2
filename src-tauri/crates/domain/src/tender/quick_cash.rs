//! The amounts that a customer is likely to hold out.

use crate::cash_rounding::{CashRounding, asked};
use crate::money::Money;

/// Round amounts that customers hand over for `due`, the exact one first (as asked in cash): the
/// next multiples of the notes in circulation, which for every currency run 1-2-5 (times ten).
pub fn quick_cash(due: Money, rounding: Option<CashRounding>) -> Vec<Money> {
    let due = asked(due, rounding).unwrap_or(due);
    let unit = 10_i128.pow(due.currency().exponent());
    let mut amounts = vec![due];
    for note in [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] {
        let step = note * unit;
        let minor = i128::from(due.minor());
        let rounded = (minor + step - 1) / step * step;
        // A note that is far more than the due is not what a customer holds out.
        let likely = rounded > minor && (step <= 10 * minor.max(1) || amounts.len() < 3);
        if let (true, Ok(amount)) = (likely, Money::new(rounded, due.currency()))
            && !amounts.contains(&amount)
        {
            amounts.push(amount);
        }
        if amounts.len() >= 5 {
            break;
        }
    }
    amounts
}

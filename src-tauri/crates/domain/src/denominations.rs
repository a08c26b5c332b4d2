//! Coins and notes in circulation, for counting a drawer.

use crate::money::{Currency, Money};

/// The coins and notes of a currency, the most valuable first, as a count sheet lists them. Where
/// they are not known here: 1, 2 and 5 of every power of ten, from the minor unit to 500 whole
/// units.
pub fn denominations(currency: Currency) -> Vec<Money> {
    let series = || {
        let largest = 500 * 10_i64.pow(currency.exponent());
        let tens = (0..=currency.exponent() + 2).map(|power| 10_i64.pow(power));
        let all = tens.flat_map(|ten| [ten, 2 * ten, 5 * ten]);
        all.filter(|minor| *minor <= largest).collect::<Vec<_>>()
    };
    let minors = in_circulation(currency).map_or_else(series, <[i64]>::to_vec);
    minors.into_iter().rev().filter_map(|minor| Money::new(minor, currency).ok()).collect()
}

/// In minor units, the smallest first. Notes and coins of the same value stand once.
fn in_circulation(currency: Currency) -> Option<&'static [i64]> {
    Some(match currency.code() {
        "AUD" => &[5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
        "BRL" => &[5, 10, 25, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000],
        "CAD" => &[5, 10, 25, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
        "CHF" => &[5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 100_000],
        "CNY" => &[10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000],
        "CZK" => {
            &[100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000]
        }
        "DKK" => &[50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
        "EUR" => &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
        "GBP" => &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
        "HKD" => &[10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000],
        "HUF" => &[
            500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000,
            2_000_000,
        ],
        "ILS" => &[10, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000],
        "INR" => &[50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
        "ISK" => &[1, 5, 10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000],
        "JPY" => &[1, 5, 10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000],
        "KRW" => &[10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000],
        "KWD" => &[5, 10, 20, 50, 100, 250, 500, 1_000, 5_000, 10_000, 20_000],
        "MXN" => {
            &[5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]
        }
        "MYR" => &[5, 10, 20, 50, 100, 500, 1_000, 2_000, 5_000, 10_000],
        "NOK" => &[100, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
        "NZD" => &[10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
        "PLN" => &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
        "RON" => &[1, 5, 10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
        "SEK" => &[100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
        "SGD" => &[5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000, 100_000],
        "THB" => &[25, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000],
        "TRY" => &[5, 10, 25, 50, 100, 500, 1_000, 2_000, 5_000, 10_000, 20_000],
        "UAH" => &[10, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
        "USD" => &[1, 5, 10, 25, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
        "ZAR" => &[10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{denominations, in_circulation};
    use crate::cash_rounding::CashRounding;
    use crate::money::{Currency, MoneyError};

    const KNOWN: &[&str] = &[
        "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR",
        "ISK", "JPY", "KRW", "KWD", "MXN", "MYR", "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "THB",
        "TRY", "UAH", "USD", "ZAR",
    ];

    #[test]
    fn coins_and_notes_go_down_and_none_stands_twice() -> Result<(), MoneyError> {
        for code in KNOWN.iter().chain(&["XCD", "BHD", "CLP"]) {
            let minors: Vec<i64> =
                denominations(Currency::parse(code)?).iter().map(|one| one.minor()).collect();
            assert!(minors.windows(2).all(|pair| pair[0] > pair[1]), "{code}: {minors:?}");
            assert!(minors.iter().all(|minor| *minor > 0), "{code}: {minors:?}");
        }
        Ok(())
    }

    #[test]
    fn cash_is_rounded_to_a_coin_that_exists() -> Result<(), MoneyError> {
        for code in KNOWN {
            let currency = Currency::parse(code)?;
            assert!(in_circulation(currency).is_some(), "{code}");
            let Some(rounding) = CashRounding::of(currency) else { continue };
            let smallest = denominations(currency).last().copied();
            assert_eq!(smallest, Some(rounding.step()), "{code}");
        }
        Ok(())
    }

    #[test]
    fn an_unlisted_currency_is_counted_by_ones_twos_and_fives() -> Result<(), MoneyError> {
        let minors = |code| {
            let all = denominations(Currency::parse(code)?);
            Ok(all.iter().map(|one| one.minor()).collect::<Vec<_>>())
        };
        assert_eq!(minors("CLP")?, [500, 200, 100, 50, 20, 10, 5, 2, 1]);
        assert_eq!(minors("XCD")?.first(), Some(&50_000));
        assert_eq!(minors("BHD")?.first(), Some(&500_000));
        assert_eq!(minors("BHD")?.len(), 18);
        Ok(())
    }
}

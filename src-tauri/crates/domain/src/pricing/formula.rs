//! The formula of a set of taxes. Each tax is linear in the price without taxes and in the quantity,
//! so however they build on each other, each is an exact share of the label amount plus a fixed
//! amount a unit. Solved once for a tax class, used for all its lines.

use num_bigint::BigInt;
use num_rational::Ratio;
use num_traits::{One as _, Zero as _};

use super::PricingError;
use super::exact::{Linear, Unsolved, Whole, add, times};
use crate::money::{Currency, Money};
use crate::tax::{Tax, TaxKind, TaxMode};

/// Taxes in their order, each with its exact share of a label amount.
#[derive(Debug)]
pub(crate) struct Formula<'a> {
    pub(crate) taxes: Vec<&'a Tax>,
    pub(crate) shares: Vec<Linear>,
    /// What each is taken on, where earlier taxes are part of it; else it is the net price.
    pub(crate) bases: Vec<Option<Linear>>,
    /// The label amount that has a given price without taxes.
    pub(crate) label: Linear,
}

impl<'a> Formula<'a> {
    /// `name` is the item that a refusal names.
    pub(crate) fn of(
        taxes: Vec<&'a Tax>,
        currency: Currency,
        name: &str,
    ) -> Result<Self, PricingError> {
        for tax in &taxes {
            if let TaxKind::Fixed { amount } = tax.kind {
                Money::zero(currency).plus(amount)?;
            }
        }
        let small = solve::<i128>(&taxes).and_then(|solved| {
            let linear = |(quantity, amount): &Pair<i128>| Linear::small(quantity, amount);
            let shares = solved.shares.iter().map(linear).collect::<Option<Vec<_>>>();
            let base = |base: &Option<Pair<i128>>| match base {
                Some(base) => linear(base).map(Some),
                None => Some(None),
            };
            let bases = solved.bases.iter().map(base).collect::<Option<Vec<_>>>();
            let all = shares.zip(bases).zip(linear(&solved.label));
            all.ok_or(Unsolved::TooLong)
        });
        let solved = match small {
            Err(Unsolved::TooLong) => solve::<BigInt>(&taxes).map(|solved| {
                let linear = |(quantity, amount)| Linear::Big { quantity, amount };
                let shares = solved.shares.into_iter().map(linear).collect();
                let bases = solved.bases.into_iter().map(|base| base.map(linear)).collect();
                ((shares, bases), linear(solved.label))
            }),
            small => small,
        };
        match solved {
            Ok(((shares, bases), label)) => Ok(Self { taxes, shares, bases, label }),
            Err(_) => Err(PricingError::ImpossibleTaxes { name: name.to_owned() }),
        }
    }
}

/// Coefficients of the quantity (in thousandths) and of an amount (in minor units).
type Pair<T> = (Ratio<T>, Ratio<T>);

struct Solved<T: Whole> {
    shares: Vec<Pair<T>>,
    bases: Vec<Option<Pair<T>>>,
    label: Pair<T>,
}

/// With `q` the quantity and `p` the price without taxes, a tax is `a q + b p`. The label is the price
/// and what is inside it: `L = p + A q + B p`, so `p = (L - A q) / (1 + B)`.
fn solve<T: Whole>(taxes: &[&Tax]) -> Result<Solved<T>, Unsolved> {
    let ratio =
        |numerator: i128, denominator: i128| Ratio::new(T::from(numerator), T::from(denominator));
    let nothing = || (Ratio::<T>::zero(), Ratio::<T>::zero());
    let sum = |left: &Pair<T>, right: &Pair<T>| -> Result<Pair<T>, Unsolved> {
        Ok((add(&left.0, &right.0)?, add(&left.1, &right.1)?))
    };
    let mut parts = Vec::with_capacity(taxes.len());
    let mut bases = Vec::with_capacity(taxes.len());
    let (mut before, mut inside) = (nothing(), nothing());
    for tax in taxes {
        let part = match tax.kind {
            TaxKind::Percent { rate } => {
                let rate = ratio(rate.millionths(), 1_000_000);
                if tax.affected_by_base {
                    let price = add(&Ratio::one(), &before.1)?;
                    (times(&rate, &before.0)?, times(&rate, &price)?)
                } else {
                    (Ratio::zero(), rate)
                }
            }
            TaxKind::Fixed { amount } => (ratio(amount.minor().into(), 1000), Ratio::zero()),
        };
        let builds = tax.affected_by_base && before != nothing();
        bases.push(builds.then(|| before.clone()));
        if tax.affects_base {
            before = sum(&before, &part)?;
        }
        if tax.mode == TaxMode::Inclusive {
            inside = sum(&inside, &part)?;
        }
        parts.push(part);
    }
    let whole = add(&Ratio::one(), &inside.1)?;
    if whole <= Ratio::zero() {
        return Err(Unsolved::Impossible);
    }
    // From the price to the label: `a q + b p` is `(a - b A / (1 + B)) q + b / (1 + B) L`.
    let of_label = |(a, b): Pair<T>| -> Result<Pair<T>, Unsolved> {
        let share = times(&b, &whole.recip())?;
        let of_fixed = times(&share, &times(&inside.0, &ratio(-1, 1))?)?;
        Ok((add(&a, &of_fixed)?, share))
    };
    let of_base = |base: Option<Pair<T>>| match base {
        Some((a, b)) => of_label((a, add(&Ratio::one(), &b)?)).map(Some),
        None => Ok(None),
    };
    Ok(Solved {
        shares: parts.into_iter().map(of_label).collect::<Result<_, _>>()?,
        bases: bases.into_iter().map(of_base).collect::<Result<_, _>>()?,
        label: (inside.0.clone(), whole.clone()),
    })
}

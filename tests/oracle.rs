//! Totals worked out a second time, with exact fractions and the rules as the shop states them:
//! nothing here is shared with the pricing that it judges.
//!
//! - A line is price x quantity, rounded once to a cent, halves away from nothing.
//! - Taxes inside: each one is its exact share of the line, rounded once. What they leave of the line
//!   is its net amount.
//! - Taxes on top: each one is its rate of what the line is worth without any tax, rounded once.

/// A fraction with a positive denominator. Never reduced: the numbers of a line stay far below what
/// an i128 holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fraction {
    over: i128,
    under: i128,
}

impl Fraction {
    pub(crate) fn new(over: i128, under: i128) -> Self {
        assert!(under > 0);
        Self { over, under }
    }

    /// To the nearest whole number; of two as near, the one farther from nothing.
    pub(crate) fn rounded(self) -> i128 {
        let (size, sign) = (self.over.abs(), self.over.signum());
        // floor(x + 1/2), on twice the denominator.
        sign * ((2 * size + self.under) / (2 * self.under))
    }

    /// How far a whole number is away from it, in parts of the denominator.
    pub(crate) fn distance(self, whole: i128) -> i128 {
        (whole * self.under - self.over).abs()
    }

    pub(crate) fn under(self) -> i128 {
        self.under
    }
}

/// A tax: ten-thousandths of a percent, and whether the price contains it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) millionths: i128,
    pub(crate) inside: bool,
}

/// What a line comes to.
#[derive(Debug)]
pub(crate) struct Worked {
    pub(crate) net: i128,
    pub(crate) total: i128,
    /// All taxes inside, together.
    pub(crate) inside: i128,
    /// The exact amount of each inside tax, and the rounded one of each on top.
    pub(crate) parts: Vec<Part>,
}

/// A tax of a line.
#[derive(Debug)]
pub(crate) enum Part {
    /// Less than a cent away from this; what all of them leave is the net amount.
    Inside(Fraction),
    /// Just this.
    OnTop(i128),
}

/// Works a line out: price in cents, quantity in thousandths.
pub(crate) fn line(price: i128, thousandths: i128, rates: &[Rate]) -> Worked {
    let labelled = Fraction::new(price * thousandths, 1_000).rounded();
    let sum: i128 = rates.iter().filter(|rate| rate.inside).map(|rate| rate.millionths).sum();
    let (mut inside, mut on_top) = (0, 0);
    let mut parts = Vec::new();
    for rate in rates {
        // Of the line without tax, which is its exact share of the label.
        let exact = Fraction::new(labelled * rate.millionths, 1_000_000 + sum);
        if rate.inside {
            inside += exact.rounded();
            parts.push(Part::Inside(exact));
        } else {
            on_top += exact.rounded();
            parts.push(Part::OnTop(exact.rounded()));
        }
    }
    Worked { net: labelled - inside, total: labelled + on_top, inside, parts }
}

#[test]
fn the_judge_rounds_halves_away_from_nothing() {
    for (over, under, rounded) in [
        (1, 2, 1),
        (-1, 2, -1),
        (5, 2, 3),
        (-5, 2, -3),
        (49, 100, 0),
        (149, 100, 1),
        (-149, 100, -1),
    ] {
        assert_eq!(Fraction::new(over, under).rounded(), rounded, "{over}/{under}");
    }
}

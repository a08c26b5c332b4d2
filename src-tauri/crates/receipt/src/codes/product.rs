//! The numbers of goods as bars: EAN-13, EAN-8 and UPC-A (ISO/IEC 15420).

/// A number with its check digit, and how it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductCode {
    digits: String,
    kind: ProductCodeKind,
}

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductCodeKind {
    /// Thirteen digits.
    Ean13,
    /// Eight digits.
    Ean8,
    /// Twelve digits.
    UpcA,
}

/// Widths of gap, bar, gap, bar of a digit in the left half with odd parity; even parity is the
/// same read backwards, the right half the same with bars for gaps.
const DIGITS: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];
/// Which of the six left digits have even parity, by the first digit, which has no bars itself.
const EVEN: [u8; 10] = [
    0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101,
    0b01_0110, 0b01_1010,
];

impl ProductCode {
    /// A number of 8, 12 or 13 digits whose check digit is right; none for anything else.
    pub fn new(digits: &str) -> Option<Self> {
        let kind = match digits.len() {
            8 => ProductCodeKind::Ean8,
            12 => ProductCodeKind::UpcA,
            13 => ProductCodeKind::Ean13,
            _ => return None,
        };
        let values: Vec<u32> = digits.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
        let weighed = values.iter().rev().zip([1, 3].iter().cycle());
        let sum: u32 = weighed.map(|(digit, weight)| digit * weight).sum();
        sum.is_multiple_of(10).then(|| Self { digits: digits.to_owned(), kind })
    }

    /// Its digits, the check digit last.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// Which of the three it is.
    pub fn kind(&self) -> ProductCodeKind {
        self.kind
    }

    /// Widths in modules, bars and gaps in turn, beginning with a bar; without the light modules
    /// that must stay free on either side (eleven).
    pub fn bars(&self) -> Vec<u8> {
        let mut digits: Vec<usize> =
            self.digits.bytes().map(|digit| usize::from(digit - b'0')).collect();
        let first = match self.kind {
            ProductCodeKind::Ean13 => digits.remove(0),
            ProductCodeKind::Ean8 | ProductCodeKind::UpcA => 0,
        };
        let half = digits.len() / 2;
        let parity = EVEN.get(first).copied().unwrap_or(0);
        let mut bars = vec![1, 1, 1];
        for (place, digit) in digits.iter().enumerate() {
            if place == half {
                bars.extend([1, 1, 1, 1, 1]);
            }
            let mut widths = DIGITS.get(*digit).copied().unwrap_or_default();
            if place < half && parity >> (5 - place.min(5)) & 1 == 1 {
                widths.reverse();
            }
            bars.extend(widths);
        }
        bars.extend([1, 1, 1]);
        bars
    }

    /// How wide it is, in modules.
    pub fn modules(&self) -> u32 {
        self.bars().into_iter().map(u32::from).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{DIGITS, ProductCode};

    #[test]
    fn a_number_with_a_wrong_check_digit_is_no_code() {
        for good in ["4006381333931", "96385074", "036000291452"] {
            let code = ProductCode::new(good);
            assert_eq!(code.as_ref().map(ProductCode::digits), Some(good));
        }
        for bad in ["4006381333932", "400638133393", "9638507", "x006381333931", ""] {
            assert_eq!(ProductCode::new(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_bars_are_as_wide_as_the_standard_says() {
        assert!(DIGITS.iter().all(|digit| digit.iter().sum::<u8>() == 7));
        let modules = |digits| ProductCode::new(digits).map(|code| code.modules());
        assert_eq!(modules("4006381333931"), Some(95));
        assert_eq!(modules("036000291452"), Some(95));
        assert_eq!(modules("96385074"), Some(67));
    }
}

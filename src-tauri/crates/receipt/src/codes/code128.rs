//! CODE128, set B: printable ASCII as bars (ISO/IEC 15417).

/// Data that CODE128 can carry: 1 to 80 printable ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code128(String);

/// Widths of bar, gap, bar, gap, bar, gap in modules, by value; the last three start sets A, B, C.
const PATTERNS: &str = "\
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 \
    112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 \
    311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 \
    112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 \
    313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 \
    314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 \
    122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 \
    124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 \
    114311 411113 411311 113141 114131 311141 411131 211412 211214 211232";
/// Ends every code.
const STOP: &str = "2331112";
/// The value that starts set B, and where its characters begin.
const START_B: u32 = 104;

impl Code128 {
    /// More than fits on any receipt.
    pub const MAX_CHARACTERS: usize = 80;

    /// `data` as a bar code; none if it is empty, too long or not printable ASCII.
    pub fn new(data: &str) -> Option<Self> {
        let printable = data.bytes().all(|b| (b' '..=b'~').contains(&b));
        let long = data.len() > Self::MAX_CHARACTERS;
        (printable && !long && !data.is_empty()).then(|| Self(data.to_owned()))
    }

    /// What it says.
    pub fn data(&self) -> &str {
        &self.0
    }

    /// Widths in modules, bars and gaps in turn, beginning with a bar; without the ten light
    /// modules that must stay free on either side.
    pub fn bars(&self) -> Vec<u8> {
        let values = self.0.bytes().map(|b| u32::from(b - b' '));
        let sum: u32 = (1..).zip(values.clone()).map(|(place, value)| place * value).sum();
        let check = (START_B + sum) % 103;
        let patterns: Vec<&str> = PATTERNS.split(' ').collect();
        std::iter::once(START_B)
            .chain(values)
            .chain([check])
            .filter_map(|value| patterns.get(usize::try_from(value).ok()?).copied())
            .chain([STOP])
            .flat_map(|pattern| pattern.bytes().map(|digit| digit - b'0'))
            .collect()
    }

    /// How wide it is, in modules.
    pub fn modules(&self) -> u32 {
        self.bars().into_iter().map(u32::from).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Code128, PATTERNS};

    #[test]
    fn every_pattern_is_three_bars_and_three_gaps_of_eleven_modules() {
        let patterns: Vec<&str> = PATTERNS.split(' ').collect();
        assert_eq!(patterns.len(), 106);
        for pattern in &patterns {
            let widths: Vec<u32> = pattern.chars().filter_map(|c| c.to_digit(10)).collect();
            assert_eq!(widths.len(), 6);
            assert_eq!(widths.iter().sum::<u32>(), 11);
            assert_eq!(widths.iter().step_by(2).sum::<u32>() % 2, 0, "{pattern}");
        }
        let distinct: std::collections::BTreeSet<&str> = patterns.iter().copied().collect();
        assert_eq!(distinct.len(), 106);
    }

    #[test]
    fn the_check_character_is_that_of_the_standard() {
        // Start B 104, P 48, J 42: 104 + 48 + 2 * 42 = 236, and 236 mod 103 is 30 (212123).
        let bars = Code128::new("PJ").map(|code| code.bars()).unwrap_or_default();
        let check: Vec<u8> = bars.iter().skip(18).take(6).copied().collect();
        assert_eq!(check, [2, 1, 2, 1, 2, 3]);
        assert_eq!(Code128::new("T1-1042").map(|code| code.modules()), Some(9 * 11 + 13));
    }

    #[test]
    fn what_a_scanner_could_not_read_is_no_bar_code() {
        assert_eq!(Code128::new(""), None);
        assert_eq!(Code128::new("T1\n"), None);
        assert_eq!(Code128::new("Tü-1"), None);
        assert_eq!(Code128::new(&"9".repeat(81)), None);
    }
}

//! When a message that did not arrive is tried again, and when it is given up.

/// Seconds to wait after the first, second, … failed try; then as long as the last.
const PAUSES_S: [i64; 9] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600];
/// After how long since its first try a message is given up, in milliseconds.
pub(crate) const GIVE_UP_MS: i64 = 24 * 60 * 60 * 1000;

/// When to try again, in milliseconds since 1970 UTC; none to give up. `asked_s` is how long the
/// address asked us to wait; `chance` (any number) spreads the tries of many registers by a fifth.
pub(crate) fn next_try(
    attempts: u32,
    first_ms: i64,
    now_ms: i64,
    asked_s: Option<i64>,
    chance: u64,
) -> Option<i64> {
    let tries = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let usual_ms = PAUSES_S.get(tries).or(PAUSES_S.last()).copied().unwrap_or(60) * 1_000;
    let spread = usual_ms / 5;
    let jitter = i64::try_from(chance % 1_000).unwrap_or(0) * 2 * spread / 1_000 - spread;
    let asked_ms = asked_s.unwrap_or(0).clamp(0, GIVE_UP_MS / 1_000).saturating_mul(1_000);
    let end_ms = first_ms.saturating_add(GIVE_UP_MS);
    if now_ms >= end_ms {
        return None;
    }
    // The last try is at the very end of the day.
    Some((now_ms + (usual_ms + jitter).max(asked_ms)).min(end_ms))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{GIVE_UP_MS, next_try};

    #[test]
    fn a_message_is_tried_for_a_day_with_growing_pauses_and_then_given_up() {
        let (mut now, mut tries, mut pause) = (1_000, 0, 0);
        loop {
            tries += 1;
            let Some(next) = next_try(tries, 1_000, now, None, 500) else { break };
            assert!(next - now >= pause || next == 1_000 + GIVE_UP_MS, "try {tries}");
            pause = next - now;
            now = next;
        }
        assert_eq!(now, 1_000 + GIVE_UP_MS);
        assert!((10..20).contains(&tries), "{tries} tries");
    }

    #[test]
    fn the_address_itself_says_how_long_to_wait_but_not_for_ever() {
        assert_eq!(next_try(1, 0, 0, Some(600), 0), Some(600_000));
        // A shorter wish does not make us hurry.
        assert!(next_try(3, 0, 0, Some(1), 0).unwrap() > 60_000);
        assert_eq!(next_try(1, 0, 0, Some(i64::MAX), 0), Some(GIVE_UP_MS));
    }

    #[test]
    fn tries_of_many_registers_are_spread() {
        let times: std::collections::BTreeSet<_> =
            (0..1_000).map(|chance| next_try(2, 0, 0, None, chance).unwrap()).collect();
        assert!(times.len() > 500);
        assert!(times.iter().all(|ms| (24_000..=36_000).contains(ms)));
    }
}

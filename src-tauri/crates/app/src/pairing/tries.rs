//! How often an address has sent a wrong code. A code of 128 bits is not guessed; this keeps whoever
//! tries from making work.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

use crate::error::AppError;

/// Wrong codes from one address, then it waits.
const MAX_WRONG: u32 = 5;
/// How long they count.
const WINDOW_MS: i64 = 60 * 1000;
/// Addresses that are remembered.
const MAX_ADDRESSES: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Tries {
    wrong: HashMap<IpAddr, Wrong>,
}

#[derive(Clone, Copy, Debug)]
struct Wrong {
    count: u32,
    first_ms: i64,
}

impl Wrong {
    /// Also where the clock was put back meanwhile: nobody waits longer than the window.
    fn counts(self, now_ms: i64) -> bool {
        (self.first_ms..self.first_ms + WINDOW_MS).contains(&now_ms)
    }
}

impl Tries {
    /// Refuses an address that sent too many.
    pub(super) fn may(&self, from: IpAddr, now_ms: i64) -> Result<(), AppError> {
        let known = self.wrong.get(&network(from)).filter(|wrong| wrong.counts(now_ms));
        match known {
            Some(wrong) if wrong.count >= MAX_WRONG => {
                let left = wrong.first_ms + WINDOW_MS - now_ms;
                let seconds = u32::try_from(left / 1000 + 1).unwrap_or(1);
                Err(AppError::TooManyTries { seconds })
            }
            _ => Ok(()),
        }
    }

    /// Counts a wrong one.
    pub(super) fn wrong(&mut self, from: IpAddr, now_ms: i64) {
        self.wrong.retain(|_, wrong| wrong.counts(now_ms));
        if self.wrong.len() >= MAX_ADDRESSES {
            let oldest = self.wrong.iter().min_by_key(|(_, wrong)| wrong.first_ms);
            if let Some(oldest) = oldest.map(|(address, _)| *address) {
                self.wrong.remove(&oldest);
            }
        }
        let fresh = Wrong { count: 0, first_ms: now_ms };
        self.wrong.entry(network(from)).or_insert(fresh).count += 1;
    }
}

/// Whoever has one address of version 6 has its whole /64.
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{MAX_ADDRESSES, MAX_WRONG, Tries, WINDOW_MS};

    const GUESSER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 66));
    const TABLET: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 7));

    #[test]
    fn who_guesses_waits_a_minute_and_nobody_else_does() {
        let mut tries = Tries::default();
        for _ in 0..MAX_WRONG {
            assert!(tries.may(GUESSER, 1_000).is_ok());
            tries.wrong(GUESSER, 1_000);
        }
        assert!(tries.may(GUESSER, 1_000).is_err());
        assert!(tries.may(TABLET, 1_000).is_ok());
        assert!(tries.may(GUESSER, 1_000 + WINDOW_MS - 1).is_err());
        assert!(tries.may(GUESSER, 1_000 + WINDOW_MS).is_ok());
    }

    #[test]
    fn a_clock_that_is_put_back_keeps_nobody_out() {
        let mut tries = Tries::default();
        for _ in 0..MAX_WRONG {
            tries.wrong(GUESSER, 9_000_000);
        }
        assert!(tries.may(GUESSER, 1_000).is_ok());
    }

    #[test]
    fn many_addresses_take_no_more_room() {
        let mut tries = Tries::default();
        for host in 0..3_000_u32 {
            tries.wrong(IpAddr::V4(Ipv4Addr::from_bits(host)), 1_000);
        }
        assert_eq!(tries.wrong.len(), MAX_ADDRESSES);
        let one_network = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::9"];
        let mut tries = Tries::default();
        for address in one_network {
            tries.wrong(address.parse().unwrap_or(GUESSER), 1_000);
        }
        assert_eq!(tries.wrong.len(), 1);
    }
}

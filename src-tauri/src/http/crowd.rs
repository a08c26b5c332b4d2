//! How many connections a door holds, and which goes when another comes.
//!
//! A connection that does nothing (it never asked, or waits between two requests) gives its seat up to
//! the next one: whoever opens a thousand of them keeps nobody out. Clients open another by themselves.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// How many connections a door holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// In all.
    pub(super) all: usize,
    /// From one address.
    pub(super) each: usize,
}

/// The connections of a door.
#[derive(Debug)]
pub(super) struct Crowd {
    limits: Limits,
    seats: Mutex<Seats>,
}

#[derive(Debug, Default)]
struct Seats {
    taken: HashMap<u64, Taken>,
    next: u64,
}

#[derive(Debug)]
struct Taken {
    from: IpAddr,
    /// Requests under way; one at a time, but for the moment between two.
    busy: u32,
    /// Counts up: the least has been idle for the longest.
    since: u64,
    leave: Arc<Notify>,
}

impl Seats {
    fn tick(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Makes room among the connections that `which` means. False if all of them are busy.
    fn make_room(&mut self, which: impl Fn(&Taken) -> bool) -> bool {
        let idle = self.taken.iter().filter(|(_, seat)| seat.busy == 0 && which(seat));
        let Some(longest) = idle.min_by_key(|(_, seat)| seat.since).map(|(id, _)| *id) else {
            return false;
        };
        if let Some(seat) = self.taken.remove(&longest) {
            seat.leave.notify_one();
        }
        true
    }
}

impl Crowd {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, seats: Mutex::default() })
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat for a connection, if need be of one that is idle. None where all are busy.
    pub(super) fn seat(self: &Arc<Self>, from: IpAddr) -> Option<Seat> {
        let mut seats = self.seats();
        let here = seats.taken.values().filter(|seat| seat.from == from).count();
        if here >= self.limits.each && !seats.make_room(|seat| seat.from == from) {
            return None;
        }
        if seats.taken.len() >= self.limits.all && !seats.make_room(|_| true) {
            return None;
        }
        let id = seats.tick();
        let leave = Arc::new(Notify::new());
        let taken = Taken { from, busy: 0, since: id, leave: Arc::clone(&leave) };
        seats.taken.insert(id, taken);
        Some(Seat { crowd: Arc::clone(self), id, from, leave })
    }
}

/// A connection's seat; free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    crowd: Arc<Crowd>,
    id: u64,
    from: IpAddr,
    leave: Arc<Notify>,
}

impl Seat {
    /// A request is under way until the answer's last byte.
    pub(super) fn busy(self: &Arc<Self>) -> Underway {
        let mut seats = self.crowd.seats();
        let since = seats.tick();
        // Told to leave in the very moment in which its request came, it stays after all.
        let leave = Arc::clone(&self.leave);
        let fresh = Taken { from: self.from, busy: 0, since, leave };
        seats.taken.entry(self.id).or_insert(fresh).busy += 1;
        drop(seats);
        Underway(Arc::clone(self))
    }

    /// Until another connection needs the seat.
    pub(super) async fn wanted(&self) {
        loop {
            self.leave.notified().await;
            if !self.crowd.seats().taken.contains_key(&self.id) {
                return;
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.crowd.seats().taken.remove(&self.id);
    }
}

/// A request that is under way.
#[derive(Debug)]
pub(super) struct Underway(Arc<Seat>);

impl Drop for Underway {
    fn drop(&mut self) {
        let mut seats = self.0.crowd.seats();
        let since = seats.tick();
        if let Some(seat) = seats.taken.get_mut(&self.0.id) {
            seat.busy = seat.busy.saturating_sub(1);
            seat.since = since;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;

    use super::{Crowd, Limits};

    const IDLER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 66));
    const TABLET: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 7));

    fn gone(crowd: &Crowd, seat: &super::Seat) -> bool {
        !crowd.seats().taken.contains_key(&seat.id)
    }

    #[test]
    fn who_idles_for_the_longest_makes_room_for_the_next() {
        let crowd = Crowd::new(Limits { all: 3, each: 3 });
        let seats: Vec<_> = (0..3).map(|_| Arc::new(crowd.seat(IDLER).unwrap())).collect();
        // The first has asked something since.
        drop(seats[0].busy());
        let tablet = crowd.seat(TABLET).unwrap();
        assert!(gone(&crowd, &seats[1]));
        assert!(!gone(&crowd, &seats[0]) && !gone(&crowd, &seats[2]) && !gone(&crowd, &tablet));
    }

    #[test]
    fn a_request_that_is_under_way_is_never_cut_off_for_another() {
        let crowd = Crowd::new(Limits { all: 2, each: 2 });
        let seats: Vec<_> = (0..2).map(|_| Arc::new(crowd.seat(IDLER).unwrap())).collect();
        let under_way: Vec<_> = seats.iter().map(super::Seat::busy).collect();
        assert!(crowd.seat(TABLET).is_none());
        drop(under_way);
        assert!(crowd.seat(TABLET).is_some());
    }

    #[test]
    fn one_address_takes_no_more_than_its_own_seats() {
        let crowd = Crowd::new(Limits { all: 8, each: 2 });
        let tablet = Arc::new(crowd.seat(TABLET).unwrap());
        let idlers: Vec<_> = (0..20).map(|_| crowd.seat(IDLER).unwrap()).collect();
        assert!(!gone(&crowd, &tablet));
        assert_eq!(idlers.iter().filter(|seat| !gone(&crowd, seat)).count(), 2);
    }

    #[test]
    fn a_seat_is_free_when_its_connection_ends() {
        let crowd = Crowd::new(Limits { all: 1, each: 1 });
        let seat = Arc::new(crowd.seat(TABLET).unwrap());
        let under_way = seat.busy();
        assert!(crowd.seat(IDLER).is_none());
        drop(under_way);
        drop(seat);
        assert!(crowd.seats().taken.is_empty());
    }
}

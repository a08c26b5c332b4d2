//! Whose work the writer takes first.

use std::cell::Cell;
use std::time::Duration;

use crossbeam_channel::{Receiver, Select, Sender, bounded};

thread_local! {
    static BEHIND: Cell<bool> = const { Cell::new(false) };
}

/// What `work` writes waits while the till has anything to write: for other programs and web shops, of
/// which many may come at once.
pub fn behind_the_till<T>(work: impl FnOnce() -> T) -> T {
    /// Puts back what was, also after a panic: threads are used again.
    struct Back(bool);
    impl Drop for Back {
        fn drop(&mut self) {
            BEHIND.set(self.0);
        }
    }
    let _back = Back(BEHIND.replace(true));
    work()
}

/// Whether this thread's work waits for the till's.
pub(crate) fn is_behind() -> bool {
    BEHIND.get()
}

/// Gives jobs to the writer: the till's first, others' behind them, each in their order.
#[derive(Debug)]
pub(crate) struct Lanes<T> {
    till: Sender<T>,
    others: Sender<T>,
}

/// The writer's end.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    till: Receiver<T>,
    others: Receiver<T>,
}

/// Two lanes of so many jobs each.
pub(crate) fn lanes<T>(room: usize) -> (Lanes<T>, Queue<T>) {
    let (till, first) = bounded(room);
    let (others, second) = bounded(room);
    (Lanes { till, others }, Queue { till: first, others: second })
}

impl<T> Lanes<T> {
    /// Hands a job over, and waits while there is no room; false if nobody takes jobs any more.
    pub(crate) fn send(&self, job: T) -> bool {
        let lane = if is_behind() { &self.others } else { &self.till };
        lane.send(job).is_ok()
    }

    /// Hands a job of the till over if there is room.
    pub(crate) fn try_send(&self, job: T) {
        let _ = self.till.try_send(job);
    }

    /// Hands a job over that comes after those of the till.
    pub(crate) fn send_last(&self, job: T) {
        let _ = self.till.send(job);
    }
}

/// Why there is no job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoJob {
    /// None came in that time.
    Yet,
    /// None comes any more.
    Ever,
}

impl<T> Queue<T> {
    /// The next job; waits for it, or at most so long.
    pub(crate) fn next(&self, wait: Option<Duration>) -> Result<T, NoJob> {
        let mut select = Select::new_biased();
        let till = select.recv(&self.till);
        select.recv(&self.others);
        let ready = match wait {
            Some(wait) => select.select_timeout(wait).map_err(|_| NoJob::Yet)?,
            None => select.select(),
        };
        let lane = if ready.index() == till { &self.till } else { &self.others };
        ready.recv(lane).map_err(|_| NoJob::Ever)
    }

    /// A job that waits already.
    pub(crate) fn at_once(&self) -> Option<T> {
        self.till.try_recv().or_else(|_| self.others.try_recv()).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{NoJob, behind_the_till, lanes};
    use std::time::Duration;

    #[test]
    fn the_till_goes_first_and_each_lane_keeps_its_order() {
        let (lanes, queue) = lanes(8);
        behind_the_till(|| {
            lanes.send(3);
            lanes.send(4);
        });
        lanes.send(1);
        lanes.send(2);
        let taken: Vec<i32> = (0..4).map(|_| queue.next(None).unwrap()).collect();
        assert_eq!(taken, [1, 2, 3, 4]);
        assert_eq!(queue.next(Some(Duration::ZERO)), Err(NoJob::Yet));
        drop(lanes);
        assert_eq!(queue.next(None), Err(NoJob::Ever));
    }

    #[test]
    fn a_thread_is_the_tills_again_after_work_that_panicked() {
        let (lanes, queue) = lanes(8);
        let work = || behind_the_till(|| std::panic::resume_unwind(Box::new(())));
        assert!(std::panic::catch_unwind(work).is_err());
        behind_the_till(|| lanes.send(2));
        lanes.send(1);
        assert_eq!((queue.at_once(), queue.at_once(), queue.at_once()), (Some(1), Some(2), None));
    }
}

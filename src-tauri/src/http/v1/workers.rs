//! The threads that do what programs ask for: few, apart from those of the till's page, and behind them
//! when processors and disk are short.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use countertop_store::behind_the_till;
use crossbeam_channel::{Receiver, Sender, unbounded};
use tokio::sync::oneshot;

/// As many as requests are carried out at once, and one for those that only say who they are.
const THREADS: usize = super::gate::AT_ONCE + 1;

type Work = Box<dyn FnOnce() + Send>;

/// Its threads begin with the first request and end when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Workers(OnceLock<Sender<Work>>);

impl Workers {
    /// Does something that may wait for the disk; none if it fell over.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move || {
            if let Ok(done) = catch_unwind(AssertUnwindSafe(work)) {
                // The program may have gone: it is done all the same.
                let _ = answer.send(done);
            }
        });
        self.0.get_or_init(begin).send(work).ok()?;
        answered.await.ok()
    }
}

fn begin() -> Sender<Work> {
    let (jobs, queue) = unbounded();
    for _ in 0..THREADS {
        let queue: Receiver<Work> = queue.clone();
        let thread = std::thread::Builder::new().name("programs".to_owned());
        let begun = thread.spawn(move || {
            step_back();
            behind_the_till(|| queue.iter().for_each(|work| work()));
        });
        if let Err(error) = begun {
            tracing::error!(%error, "a thread for other programs cannot be started");
        }
    }
    jobs
}

/// Lets threads of the till go first. On Linux a thread has a niceness of its own; elsewhere it would be
/// that of the whole program.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(10) {
        tracing::debug!(%error, "the threads of other programs are as quick as the till's");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Workers;

    #[tokio::test]
    async fn what_falls_over_is_not_answered_and_the_next_one_is() {
        let workers = Workers::default();
        for _ in 0..20 {
            let fell = workers.run(|| std::panic::resume_unwind(Box::new(()))).await;
            assert_eq!(fell, None::<()>);
        }
        assert_eq!(workers.run(|| 7).await, Some(7));
    }
}

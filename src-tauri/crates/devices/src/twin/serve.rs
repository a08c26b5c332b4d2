//! A thread that puts a machine's side on a twin's socket.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::transport::{ReadOutcome, TwinEnd, TwinSocket};

/// How often a thread looks whether the machine has something to say, or should stop.
const LOOK: Duration = Duration::from_millis(20);
const WRITE: Duration = Duration::from_secs(1);

/// A machine's side of a wire: bytes in, bytes out.
pub(super) trait Machine: Send + 'static {
    /// What it answers to a byte.
    fn hear(&mut self, byte: u8) -> Vec<u8>;

    /// What it says of its own accord.
    fn say(&mut self) -> Vec<u8> {
        Vec::new()
    }
}

/// A machine that is plugged in; dropping it unplugs it.
#[derive(Debug)]
pub(super) struct Served<M> {
    machine: Arc<Mutex<M>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl<M: Machine> Served<M> {
    /// Plugs `machine` in under `name`; none if another one has that name, or there is no thread.
    pub(super) fn plug(name: &str, machine: M) -> Option<Self> {
        let socket = TwinSocket::plug(name)?;
        let machine = Arc::new(Mutex::new(machine));
        let stop = Arc::new(AtomicBool::new(false));
        let (its, until) = (Arc::clone(&machine), Arc::clone(&stop));
        let thread = thread::Builder::new()
            .name(format!("twin-{name}"))
            .spawn(move || serve(&socket, &its, &until))
            .ok()?;
        Some(Self { machine, stop, thread: Some(thread) })
    }

    /// The machine, between two bytes.
    pub(super) fn machine(&self) -> MutexGuard<'_, M> {
        lock(&self.machine)
    }
}

impl<M> Drop for Served<M> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock<M>(machine: &Mutex<M>) -> MutexGuard<'_, M> {
    machine.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve<M: Machine>(socket: &TwinSocket, machine: &Mutex<M>, stop: &AtomicBool) {
    let mut line: Option<TwinEnd> = None;
    let mut buffer = [0; 256];
    while !stop.load(Ordering::Relaxed) {
        // A new connection cuts the one before: a machine has one socket.
        let wait = if line.is_some() { Duration::ZERO } else { LOOK };
        if let Some(connected) = socket.accept(wait) {
            line = Some(connected);
        }
        let Some(end) = &line else { continue };
        let mut answer = Vec::new();
        match end.read(&mut buffer, LOOK) {
            ReadOutcome::Data(count) => {
                let mut machine = lock(machine);
                for byte in buffer.iter().take(count) {
                    answer.extend(machine.hear(*byte));
                }
            }
            ReadOutcome::Timeout => {}
            ReadOutcome::Closed => {
                line = None;
                continue;
            }
        }
        answer.extend(lock(machine).say());
        if !answer.is_empty() && end.write(&answer, WRITE).is_none() {
            line = None;
        }
    }
}

//! Serial ports that come and go.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::serial_ports;

/// How often the ports are looked at. Nothing tells of a new port on every system, and listing them
/// can take a second where Bluetooth is on.
const EVERY: Duration = Duration::from_secs(2);

/// What happened to a port, by its address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PortChange {
    /// It is there now.
    Came(String),
    /// It is gone.
    Went(String),
}

/// What changed from one list of ports to the next.
pub(super) fn changes(before: &BTreeSet<String>, now: &BTreeSet<String>) -> Vec<PortChange> {
    let went = before.difference(now).cloned().map(PortChange::Went);
    went.chain(now.difference(before).cloned().map(PortChange::Came)).collect()
}

/// A thread that watches the serial ports of this computer, until it is dropped.
#[derive(Debug)]
pub struct PortWatch {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl PortWatch {
    /// Begins. `tell` hears what changes from now on, on the watch's own thread.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start(tell: impl FnMut(PortChange) + Send + 'static) -> std::io::Result<Self> {
        Self::over(serial_ports, EVERY, tell)
    }

    pub(super) fn over(
        mut list: impl FnMut() -> Vec<String> + Send + 'static,
        every: Duration,
        mut tell: impl FnMut(PortChange) + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&stop);
        let watch = move || {
            let mut before: BTreeSet<String> = list().into_iter().collect();
            while !until.load(Ordering::Acquire) {
                thread::park_timeout(every);
                let now: BTreeSet<String> = list().into_iter().collect();
                changes(&before, &now).into_iter().for_each(&mut tell);
                before = now;
            }
        };
        let thread = thread::Builder::new().name("serial-ports".to_owned()).spawn(watch)?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for PortWatch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
        {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::{PortChange, PortWatch};

    #[test]
    fn a_port_that_comes_or_goes_is_told_once() -> Result<(), Box<dyn std::error::Error>> {
        let ports = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let lists: Vec<Vec<String>> = vec![
            ports(&["serial:/dev/ttyS0"]),
            ports(&["serial:/dev/ttyS0"]),
            ports(&["serial:/dev/ttyUSB0", "serial:/dev/ttyS0"]),
            ports(&["serial:/dev/ttyS0"]),
            ports(&["serial:/dev/ttyUSB1", "serial:/dev/ttyS0"]),
        ];
        let (last, mut lists) = (lists.last().cloned().unwrap_or_default(), lists.into_iter());
        let list = move || lists.next().unwrap_or_else(|| last.clone());
        let (tell, told) = mpsc::channel();
        let watch = PortWatch::over(list, Duration::from_millis(1), move |change| {
            let _ = tell.send(change);
        })?;
        let wait = || told.recv_timeout(Duration::from_secs(10));
        assert_eq!(wait()?, PortChange::Came("serial:/dev/ttyUSB0".to_owned()));
        assert_eq!(wait()?, PortChange::Went("serial:/dev/ttyUSB0".to_owned()));
        assert_eq!(wait()?, PortChange::Came("serial:/dev/ttyUSB1".to_owned()));
        drop(watch);
        assert_eq!(told.recv_timeout(Duration::ZERO), Err(mpsc::RecvTimeoutError::Disconnected));
        Ok(())
    }
}

//! Wires inside this program: a register on one end, the twin of a machine on the other.

use std::collections::{HashMap, VecDeque};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Link, ReadOutcome, Settled};
use crate::address::{Address, TwinAddress};
use crate::error::{DeviceError, DeviceErrorKind, Phase};

/// Bytes that one direction holds until somebody reads them; a write beyond waits, as on a wire.
const HOLD: usize = 64 * 1024;

/// The twins that wait for somebody to connect, by name.
static LISTENING: LazyLock<Mutex<HashMap<String, SyncSender<TwinEnd>>>> =
    LazyLock::new(Mutex::default);

/// A twin's socket: it hears of whoever connects to `twin:NAME`. Dropping it unplugs the twin.
#[derive(Debug)]
pub struct TwinSocket {
    name: String,
    connected: Receiver<TwinEnd>,
}

impl TwinSocket {
    /// Plugs a twin in under `name`; none if another one has that name.
    pub fn plug(name: &str) -> Option<Self> {
        let mut listening = LISTENING.lock().unwrap_or_else(PoisonError::into_inner);
        if listening.contains_key(name) {
            return None;
        }
        let (tell, connected) = sync_channel(1);
        listening.insert(name.to_owned(), tell);
        Some(Self { name: name.to_owned(), connected })
    }

    /// Waits up to `timeout` for the register to connect. The line before is cut by then: a machine
    /// has one socket.
    pub fn accept(&self, timeout: Duration) -> Option<TwinEnd> {
        self.connected.recv_timeout(timeout).ok()
    }
}

impl Drop for TwinSocket {
    fn drop(&mut self) {
        LISTENING.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

/// How often a socket that is taken is tried again.
const STEP: Duration = Duration::from_millis(2);

/// Connects to the twin at `address`. Whoever was connected before may have hung up without the twin
/// having seen it yet: for that there is time until `until`.
pub(super) fn open(
    address: &Address,
    twin: &TwinAddress,
    until: Instant,
) -> Result<Box<dyn Link>, DeviceError> {
    let fault = |kind| DeviceError::new(kind, Phase::BeforeSend, address);
    let (register, mut machine) = pair();
    loop {
        let listening = LISTENING.lock().unwrap_or_else(PoisonError::into_inner);
        let socket = listening.get(twin.name()).ok_or_else(|| fault(DeviceErrorKind::NotFound))?;
        match socket.try_send(machine) {
            Ok(()) => return Ok(Box::new(TwinLink::new(address.clone(), register))),
            Err(TrySendError::Full(back)) if Instant::now() < until => machine = back,
            Err(_) => return Err(fault(DeviceErrorKind::Busy)),
        }
        drop(listening);
        std::thread::sleep(STEP);
    }
}

/// Two ends of one wire.
pub fn pair() -> (TwinEnd, TwinEnd) {
    let (there, back) = (Arc::new(Pipe::default()), Arc::new(Pipe::default()));
    let left = TwinEnd { out: Arc::clone(&there), into: Arc::clone(&back) };
    (left, TwinEnd { out: back, into: there })
}

/// One end of a wire; dropping it hangs up.
#[derive(Debug)]
pub struct TwinEnd {
    out: Arc<Pipe>,
    into: Arc<Pipe>,
}

impl TwinEnd {
    /// Hands `bytes` over within `deadline`; how many were taken, or none if the other end hung up.
    pub fn write(&self, bytes: &[u8], deadline: Duration) -> Option<usize> {
        self.out.write(bytes, Instant::now() + deadline)
    }

    /// Waits up to `timeout` for bytes.
    pub fn read(&self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome {
        self.into.read(buffer, Instant::now() + timeout)
    }
}

impl Drop for TwinEnd {
    fn drop(&mut self) {
        self.out.close();
        self.into.close();
    }
}

#[derive(Debug, Default)]
struct Pipe {
    held: Mutex<Held>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Held {
    bytes: VecDeque<u8>,
    closed: bool,
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, bytes: &[u8], until: Instant) -> Option<usize> {
        let mut held = self.lock();
        let mut taken = 0;
        while taken < bytes.len() {
            if held.closed {
                return (taken > 0).then_some(taken);
            }
            let room = HOLD.saturating_sub(held.bytes.len()).min(bytes.len() - taken);
            held.bytes.extend(&bytes[taken..taken + room]);
            taken += room;
            self.changed.notify_all();
            let left = until.saturating_duration_since(Instant::now());
            if taken == bytes.len() || left.is_zero() {
                break;
            }
            held = self.wait(held, left);
        }
        Some(taken)
    }

    fn read(&self, buffer: &mut [u8], until: Instant) -> ReadOutcome {
        let mut held = self.lock();
        loop {
            if !held.bytes.is_empty() {
                let count = held.bytes.len().min(buffer.len());
                for (place, byte) in buffer.iter_mut().zip(held.bytes.drain(..count)) {
                    *place = byte;
                }
                self.changed.notify_all();
                return ReadOutcome::Data(count);
            }
            if held.closed {
                return ReadOutcome::Closed;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return ReadOutcome::Timeout;
            }
            held = self.wait(held, left);
        }
    }

    fn wait<'a>(&'a self, held: MutexGuard<'a, Held>, left: Duration) -> MutexGuard<'a, Held> {
        self.changed.wait_timeout(held, left).unwrap_or_else(PoisonError::into_inner).0
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}

pub(super) struct TwinLink {
    address: Address,
    end: TwinEnd,
}

impl TwinLink {
    pub(super) fn new(address: Address, end: TwinEnd) -> Self {
        Self { address, end }
    }
}

impl Link for TwinLink {
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> Result<(), DeviceError> {
        let fault = |kind, phase| Err(DeviceError::new(kind, phase, &self.address));
        match self.end.write(bytes, deadline) {
            Some(taken) if taken == bytes.len() => Ok(()),
            Some(0) => fault(DeviceErrorKind::Timeout, Phase::BeforeSend),
            Some(_) => fault(DeviceErrorKind::Timeout, Phase::AfterSend),
            None => fault(DeviceErrorKind::Disconnected, Phase::BeforeSend),
        }
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome {
        self.end.read(buffer, timeout)
    }

    fn finish(self: Box<Self>, _deadline: Duration) -> Result<Settled, DeviceError> {
        Ok(Settled::Yes)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::TwinSocket;
    use crate::address::Address;
    use crate::transport::{ReadOutcome, open};

    const SOON: Duration = Duration::from_secs(5);

    #[test]
    fn a_twin_is_reached_by_its_name_and_is_gone_when_it_is_unplugged()
    -> Result<(), Box<dyn std::error::Error>> {
        let address: Address = "twin:a-test-of-wires".parse()?;
        assert!(open(&address, SOON).is_err(), "nobody is there yet");
        let socket = TwinSocket::plug("a-test-of-wires").ok_or("the name is free")?;
        assert!(TwinSocket::plug("a-test-of-wires").is_none(), "two twins of one name");
        let mut link = open(&address, SOON)?;
        let twin = socket.accept(SOON).ok_or("connected")?;
        link.write_all(b"W", SOON)?;
        let mut heard = [0; 8];
        assert_eq!(twin.read(&mut heard, SOON), ReadOutcome::Data(1));
        assert_eq!(heard[0], b'W');
        twin.write(b"ok", SOON);
        drop(twin);
        assert_eq!(link.read(&mut heard, SOON), ReadOutcome::Data(2), "what was said is heard");
        assert_eq!(link.read(&mut heard, SOON), ReadOutcome::Closed);
        drop(socket);
        assert!(open(&address, SOON).is_err());
        Ok(())
    }
}

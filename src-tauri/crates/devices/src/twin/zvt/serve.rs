//! A thread that puts a terminal on a wire: inside this program, on a serial port, on the network.

use std::io;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::ledger::Charged;
use super::machine::ZvtMachine;
use super::settings::{ZvtButton, ZvtTwinSettings};
use crate::address::Address;
use crate::error::{DeviceError, Phase};
use crate::transport::{Door, Link, ReadOutcome, open};

/// How often the thread looks at buttons and timers.
const LOOK: Duration = Duration::from_millis(10);
const STEP: Duration = Duration::from_millis(1);
const WRITE: Duration = Duration::from_secs(1);

/// A terminal that is plugged in; dropping it unplugs it.
#[derive(Debug)]
pub struct ZvtTwin {
    shared: Arc<Shared>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    machine: Mutex<ZvtMachine>,
    start: Instant,
}

impl Shared {
    fn machine(&self) -> MutexGuard<'_, ZvtMachine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }
}

impl ZvtTwin {
    /// Plugs a terminal in at the address `twin:NAME`; none if another twin has that name.
    pub fn plug(name: &str, settings: ZvtTwinSettings) -> Option<Self> {
        Self::at(Door::twin(name)?, settings).ok()
    }

    /// Listens on the network, at a port of this machine (0 for any free one), and answers where.
    ///
    /// # Errors
    /// The port is taken, or there is no thread to be had.
    pub fn on_tcp(port: u16, settings: ZvtTwinSettings) -> io::Result<(Self, Address)> {
        let door = Door::tcp((Ipv4Addr::LOCALHOST, port).into())?;
        let address = door.address().clone();
        Ok((Self::at(door, settings)?, address))
    }

    /// Waits behind `door`.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn at(door: Door, settings: ZvtTwinSettings) -> io::Result<Self> {
        Self::start(settings, Socket::Door(door))
    }

    /// Sits on a serial port, such as one end of a pair of pseudo-terminals.
    ///
    /// # Errors
    /// The port cannot be opened, or there is no thread to be had.
    pub fn on_serial(address: &Address, settings: ZvtTwinSettings) -> Result<Self, DeviceError> {
        let link = open(address, Duration::from_secs(5))?;
        Self::on_link(link, settings)
            .map_err(|error| DeviceError::from_io(&error, Phase::BeforeSend, address))
    }

    /// Sits on a line that is open already.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn on_link(link: Box<dyn Link>, settings: ZvtTwinSettings) -> io::Result<Self> {
        Self::start(settings, Socket::Line(Some(link)))
    }

    fn start(settings: ZvtTwinSettings, mut socket: Socket) -> io::Result<Self> {
        let machine = Mutex::new(ZvtMachine::new(settings));
        let shared = Arc::new(Shared { machine, start: Instant::now() });
        let stop = Arc::new(AtomicBool::new(false));
        let (its, until) = (Arc::clone(&shared), Arc::clone(&stop));
        let thread = thread::Builder::new().name("twin-terminal".to_owned()).spawn(move || {
            while !until.load(Ordering::Relaxed) {
                match socket.accept(LOOK) {
                    Some(end) => attend(end, &mut socket, &its, &until),
                    None => {
                        let now = its.now();
                        its.machine().poll(now);
                    }
                }
            }
        })?;
        Ok(Self { shared, stop, thread: Some(thread) })
    }

    /// Presses a button.
    pub fn press(&self, button: ZvtButton) {
        let now = self.shared.now();
        self.shared.machine().press(button, now);
    }

    /// Switches it off and on again.
    pub fn restart(&self) {
        let now = self.shared.now();
        self.shared.machine().restart(now);
    }

    /// What its display says.
    pub fn shows(&self) -> String {
        self.shared.machine().shows()
    }

    /// True if no payment is being made at it.
    pub fn is_idle(&self) -> bool {
        self.shared.machine().is_idle()
    }

    /// Everything that it charged, oldest first.
    pub fn ledger(&self) -> Vec<Charged> {
        self.shared.machine().ledger().to_vec()
    }
}

impl Drop for ZvtTwin {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Where registers connect.
enum Socket {
    Door(Door),
    /// A line that is always there.
    Line(Option<Box<dyn Link>>),
}

impl Socket {
    /// Waits a moment for a register.
    fn accept(&mut self, wait: Duration) -> Option<Box<dyn Link>> {
        let link = match self {
            Self::Door(door) => door.accept(wait),
            Self::Line(line) => line.take(),
        };
        if link.is_none() {
            thread::sleep(wait.min(STEP));
        }
        link
    }

    /// Whoever connects anew cuts the line before: a machine has one socket.
    fn newer(&mut self) -> Option<Box<dyn Link>> {
        match self {
            Self::Door(door) if !matches!(door.address(), Address::Serial(_)) => {
                door.accept(Duration::ZERO)
            }
            _ => None,
        }
    }

    /// On such a line nobody hangs up: a cable that is out just carries nothing.
    fn stays(&self) -> bool {
        matches!(self, Self::Line(_))
    }
}

/// Serves one register until it hangs up.
fn attend(mut end: Box<dyn Link>, socket: &mut Socket, shared: &Shared, stop: &AtomicBool) {
    let mut buffer = [0; 1024];
    while !stop.load(Ordering::Relaxed) {
        if let Some(newer) = socket.newer() {
            let now = shared.now();
            shared.machine().hung_up(now);
            end = newer;
        }
        let outcome = end.read(&mut buffer, LOOK);
        let now = shared.now();
        let mut machine = shared.machine();
        match outcome {
            ReadOutcome::Data(count) => machine.heard(&buffer[..count], now),
            ReadOutcome::Timeout => machine.poll(now),
            ReadOutcome::Closed => {
                machine.hung_up(now);
                return;
            }
        }
        let output = machine.take_output();
        if !machine.is_reachable() && !socket.stays() {
            drop(machine);
            drop(end);
            wait_for_plug(shared, stop);
            return;
        }
        drop(machine);
        if !output.is_empty() && end.write_all(&output, WRITE).is_err() {
            let now = shared.now();
            shared.machine().hung_up(now);
            return;
        }
    }
}

/// While the cable is out, nobody is let in.
fn wait_for_plug(shared: &Shared, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let now = shared.now();
        let mut machine = shared.machine();
        machine.poll(now);
        if machine.is_reachable() {
            return;
        }
        drop(machine);
        thread::sleep(LOOK);
    }
}

//! A receipt printer: it keeps its paper as what the very bytes say, answers for its state, and stops
//! when a test or a person takes its paper away.
//!
//! Not simulated: how long printing takes (unless it is made slow), the size of its buffer (it holds
//! all that comes while it is stopped), commands that this program never sends, and what a printer of
//! another maker makes of code tables that are not Epson's.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::transport::{Door, Link, ReadOutcome};

use super::paper::{PaperItem, Roll, Token, Tokens};

/// How often the thread looks whether the machine has something to say, or should stop.
const LOOK: Duration = Duration::from_millis(10);
const WRITE: Duration = Duration::from_secs(1);
/// Things on the paper that are kept; the oldest are torn off.
const LONGEST_ROLL: usize = 5_000;

/// What can be the matter with the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrinterFault {
    /// The roll is at its end.
    PaperOut,
    /// The roll is nearly at its end; it prints.
    NearEnd,
    /// The cover is open.
    CoverOpen,
    /// A person set it offline.
    Offline,
    /// The cable is pulled out.
    Unplugged,
}

/// A printer in this program, with a drawer. Dropping it unplugs it for good.
#[derive(Debug)]
pub struct PrinterTwin {
    shared: Arc<Mutex<Machine>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl PrinterTwin {
    /// Plugs one in at `twin:NAME`; none if another twin has that name.
    pub fn plug(name: &str) -> Option<Self> {
        let door = Door::twin(name)?;
        let name = name.to_owned();
        Self::serve(door, Some(Box::new(move || Door::twin(&name))), false)
    }

    /// Puts one behind a door. On a serial line a command that was cut off goes on with the next
    /// bytes, as it does in real printers; elsewhere a new line begins anew.
    pub fn at(door: Door, serial: bool) -> Option<Self> {
        Self::serve(door, None, serial)
    }

    fn serve(door: Door, again: Option<NewDoor>, serial: bool) -> Option<Self> {
        let shared = Arc::new(Mutex::new(Machine::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let (its, until) = (Arc::clone(&shared), Arc::clone(&stop));
        let thread = thread::Builder::new()
            .name("twin-printer".to_owned())
            .spawn(move || serve(door, again.as_deref(), serial, &its, &until))
            .ok()?;
        Some(Self { shared, stop, thread: Some(thread) })
    }

    /// What is on the paper, from the top.
    pub fn paper(&self) -> Vec<PaperItem> {
        self.machine().roll.items.clone()
    }

    /// Tears the paper off.
    pub fn tear_off(&self) {
        self.machine().roll.items.clear();
    }

    /// Switches a fault on or off.
    pub fn set_fault(&self, fault: PrinterFault, on: bool) {
        self.machine().set_fault(fault, on);
    }

    /// The faults that are on.
    pub fn faults(&self) -> Vec<PrinterFault> {
        self.machine().faults.clone()
    }

    /// Switches `fault` on as soon as so many more bytes have come.
    pub fn fault_after(&self, bytes: usize, fault: PrinterFault) {
        self.machine().due = Some((bytes, fault));
    }

    /// Whether the fault of [`PrinterTwin::fault_after`] is still to come.
    pub fn fault_is_due(&self) -> bool {
        self.machine().due.is_some()
    }

    /// Takes so many bits a second and no more; none for as fast as it can.
    pub fn set_baud(&self, baud: Option<u32>) {
        self.machine().baud = baud;
    }

    /// Whether it says nothing, as cheap printers do.
    pub fn set_mute(&self, mute: bool) {
        self.machine().mute = mute;
    }

    /// Whether its drawer is open.
    pub fn drawer_is_open(&self) -> bool {
        self.machine().drawer_open
    }

    /// Pushes the drawer shut.
    pub fn close_drawer(&self) {
        let mut machine = self.machine();
        machine.drawer_open = false;
        machine.speak_up();
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        lock(&self.shared)
    }
}

impl Drop for PrinterTwin {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

type NewDoor = Box<dyn Fn() -> Option<Door> + Send>;

fn lock(machine: &Mutex<Machine>) -> MutexGuard<'_, Machine> {
    machine.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(
    door: Door,
    again: Option<&(dyn Fn() -> Option<Door> + Send)>,
    serial: bool,
    machine: &Mutex<Machine>,
    stop: &AtomicBool,
) {
    let mut door = Some(door);
    let mut line: Option<Box<dyn Link>> = None;
    let mut buffer = [0; 256];
    while !stop.load(Ordering::Relaxed) {
        if lock(machine).has(PrinterFault::Unplugged) {
            line = None;
            if again.is_some() {
                door = None;
            }
            thread::sleep(LOOK);
            continue;
        }
        if door.is_none() {
            door = again.and_then(|again| again());
        }
        let Some(at) = &door else {
            thread::sleep(LOOK);
            continue;
        };
        // A new line waits until all of the one before is heard.
        if line.is_none()
            && let Some(connected) = at.accept(LOOK)
        {
            line = Some(connected);
            lock(machine).connected(serial);
        }
        let Some(wire) = &mut line else { continue };
        if step(wire.as_mut(), &mut buffer, machine).is_none() {
            line = None;
        }
    }
}

/// Hears and answers once; none if the line is cut.
fn step(wire: &mut dyn Link, buffer: &mut [u8], machine: &Mutex<Machine>) -> Option<()> {
    let baud = lock(machine).baud;
    // Ten bits a byte; what a slow line carries in one look.
    let room = baud.map_or(buffer.len(), |baud| {
        usize::try_from(u64::from(baud) / 10 * 10 / 1000).unwrap_or(1).clamp(1, buffer.len())
    });
    let count = match wire.read(buffer.get_mut(..room)?, LOOK) {
        ReadOutcome::Data(count) => count,
        ReadOutcome::Timeout => 0,
        ReadOutcome::Closed => return None,
    };
    if baud.is_some() && count > 0 {
        thread::sleep(LOOK);
    }
    let answer = {
        let mut machine = lock(machine);
        for byte in buffer.iter().take(count) {
            if !machine.hear(*byte) {
                return None;
            }
        }
        std::mem::take(&mut machine.out)
    };
    if !answer.is_empty() {
        wire.write_all(&answer, WRITE).ok()?;
    }
    Some(())
}

#[derive(Debug, Default)]
struct Machine {
    tokens: Tokens,
    roll: Roll,
    /// What came while it was stopped.
    held: VecDeque<Token>,
    faults: Vec<PrinterFault>,
    due: Option<(usize, PrinterFault)>,
    /// `GS a`.
    speaks: u8,
    out: Vec<u8>,
    drawer_open: bool,
    baud: Option<u32>,
    mute: bool,
}

impl Machine {
    fn has(&self, fault: PrinterFault) -> bool {
        self.faults.contains(&fault)
    }

    fn stopped(&self) -> bool {
        use PrinterFault::{CoverOpen, Offline, PaperOut};
        [PaperOut, CoverOpen, Offline].into_iter().any(|fault| self.has(fault))
    }

    fn connected(&mut self, serial: bool) {
        self.out.clear();
        if !serial {
            self.tokens.reset();
            self.speaks = 0;
        }
    }

    fn set_fault(&mut self, fault: PrinterFault, on: bool) {
        self.faults.retain(|one| *one != fault);
        self.faults.extend(on.then_some(fault));
        self.speak_up();
        while !self.stopped()
            && let Some(token) = self.held.pop_front()
        {
            self.act(token);
        }
    }

    /// Takes a byte in; false if the cable was pulled out at it.
    fn hear(&mut self, byte: u8) -> bool {
        if let Some((left, fault)) = self.due {
            self.due = (left > 0).then_some((left.saturating_sub(1), fault));
            if left == 0 {
                self.set_fault(fault, true);
                if fault == PrinterFault::Unplugged {
                    return false;
                }
            }
        }
        match self.tokens.push(byte) {
            Some(Token::Realtime(bytes)) => self.realtime(&bytes),
            Some(token) if self.stopped() => self.held.push_back(token),
            Some(token) => self.act(token),
            None => {}
        }
        true
    }

    fn act(&mut self, token: Token) {
        match token {
            Token::Print(bytes) => self.roll.letters(&bytes),
            Token::Command(bytes) => self.command(&bytes),
            Token::Realtime(bytes) => self.realtime(&bytes),
            Token::Unknown(bytes) => self.roll.unknown(bytes),
        }
        let torn = self.roll.items.len().saturating_sub(LONGEST_ROLL);
        self.roll.items.drain(..torn);
    }

    fn command(&mut self, bytes: &[u8]) {
        match *bytes {
            [0x1b, b'p', pin, on, _] => self.pulse(pin, on),
            [0x1d, b'r', 1 | b'1'] => {
                let low = if self.has(PrinterFault::NearEnd) { 3 } else { 0 };
                self.say(&[low]);
            }
            [0x1d, b'r', 2 | b'2'] => {
                let high = u8::from(self.drawer_open);
                self.say(&[high]);
            }
            [0x1d, b'a', on] => {
                self.speaks = on;
                self.speak_up();
            }
            [0x1b, b'@'] => {
                self.speaks = 0;
                self.roll.command(bytes);
            }
            _ => self.roll.command(bytes),
        }
    }

    fn realtime(&mut self, bytes: &[u8]) {
        match *bytes {
            [0x10, 0x04, n @ 1..=4] => {
                let answer = self.status(n);
                self.say(&[answer]);
            }
            [0x10, 0x14, 1, pin, on] => self.pulse(pin, on),
            _ => {}
        }
    }

    fn pulse(&mut self, pin: u8, on: u8) {
        if on > 0 {
            self.drawer_open = true;
            self.roll.pulse(if pin & 1 == 1 { 5 } else { 2 });
            self.speak_up();
        }
    }

    fn say(&mut self, bytes: &[u8]) {
        if !self.mute {
            self.out.extend(bytes);
        }
    }

    fn status(&self, n: u8) -> u8 {
        use PrinterFault::{CoverOpen, NearEnd, PaperOut};
        let bit = |is: bool, bit: u8| u8::from(is) << bit;
        let out = self.has(PaperOut);
        let low = out || self.has(NearEnd);
        0x12 | match n {
            1 => bit(self.drawer_open, 2) | bit(self.stopped(), 3),
            2 => bit(self.has(CoverOpen), 2) | bit(out, 5),
            3 => 0,
            _ => bit(low, 2) | bit(low, 3) | bit(out, 5) | bit(out, 6),
        }
    }

    /// Says how it is of its own accord, if it was told to.
    fn speak_up(&mut self) {
        use PrinterFault::{CoverOpen, NearEnd, PaperOut};
        if self.speaks == 0 {
            return;
        }
        let bit = |is: bool, bit: u8| u8::from(is) << bit;
        let out = self.has(PaperOut);
        let low = out || self.has(NearEnd);
        let cover = self.has(CoverOpen);
        let first = 0x10 | bit(self.drawer_open, 2) | bit(self.stopped(), 3) | bit(cover, 5);
        let third = if low { 3 } else { 0 } | if out { 0x0c } else { 0 };
        self.say(&[first, 0, third, 0]);
    }
}

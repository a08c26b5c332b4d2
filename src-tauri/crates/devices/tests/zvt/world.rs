//! A world with a register, a terminal and a cable between them, whose clock stands still unless
//! somebody waits, and in which any byte, any block and any moment can go wrong.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countertop_devices::{
    Address, Clock, DeviceError, DeviceErrorKind, Link, Phase, ReadOutcome, Settled, ZvtButton,
    ZvtFraming, ZvtMachine, ZvtOptions, ZvtTerminal, ZvtTwinSettings,
};
use countertop_domain::time::Timestamp;

use crate::books::AT;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    ToTerminal,
    ToRegister,
}

/// What goes wrong. Bytes and pieces are counted from the order on, each way for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The cable is out from that byte on, for so long; both ends notice, or neither does.
    Cut {
        way: Way,
        byte: usize,
        outage: Duration,
        noticed: bool,
    },
    /// The byte is lost.
    Lose {
        way: Way,
        byte: usize,
    },
    /// Three of its bits are turned.
    Flip {
        way: Way,
        byte: usize,
    },
    /// The terminal is switched off and on again when it comes by.
    Restart {
        way: Way,
        byte: usize,
    },
    /// Everything that was said at once is said twice.
    Repeat {
        way: Way,
        piece: usize,
    },
    /// It is held back until more is said.
    Merge {
        way: Way,
        piece: usize,
    },
    /// The register dies at that point.
    Crash {
        point: usize,
    },
}

/// The register died.
pub(crate) struct Crash;

pub(crate) struct World {
    now: Duration,
    pub(crate) machine: ZvtMachine,
    framing: ZvtFraming,
    to_register: VecDeque<u8>,
    held_back: [Vec<u8>; 2],
    fault: Fault,
    bytes: [usize; 2],
    pieces: [usize; 2],
    points: usize,
    /// The cable is out until then.
    down_until: Duration,
    /// The line that the register has open; an older one is broken.
    line: usize,
    broken: bool,
}

/// The world, to be held by many.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub(crate) fn new(settings: ZvtTwinSettings) -> Self {
        let framing = settings.framing;
        Self(Arc::new(Mutex::new(World {
            now: Duration::from_secs(1),
            machine: ZvtMachine::new(settings),
            framing,
            to_register: VecDeque::new(),
            held_back: [Vec::new(), Vec::new()],
            fault: Fault::None,
            bytes: [0; 2],
            pieces: [0; 2],
            points: 0,
            down_until: Duration::ZERO,
            line: 0,
            broken: false,
        })))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A register, just switched on.
    pub(crate) fn register(&self, options: &ZvtOptions) -> ZvtTerminal {
        let shared = self.clone();
        let framing = self.lock().framing;
        let address: Address = "twin:world".parse().unwrap();
        let at = address.clone();
        let opener = move || {
            let mut world = shared.lock();
            if world.now < world.down_until {
                return Err(DeviceError::new(DeviceErrorKind::NotFound, Phase::BeforeSend, &at));
            }
            world.line += 1;
            world.broken = false;
            world.to_register.clear();
            let link: Box<dyn Link> =
                Box::new(Cable { shared: shared.clone(), line: world.line, at: at.clone() });
            Ok(link)
        };
        let options = options.clone().framed(framing);
        ZvtTerminal::on(address, options, Box::new(opener), Arc::new(self.clone()))
    }

    /// From now on, this goes wrong.
    pub(crate) fn plan(&self, fault: Fault) {
        let mut world = self.lock();
        world.fault = fault;
        world.bytes = [0; 2];
        world.pieces = [0; 2];
        world.points = 0;
    }

    /// How many bytes and pieces went each way, and how many points there were, since the plan.
    pub(crate) fn counted(&self) -> ([usize; 2], [usize; 2], usize) {
        let world = self.lock();
        (world.bytes, world.pieces, world.points)
    }

    /// A point at which the register can die.
    pub(crate) fn point(&self) {
        let mut world = self.lock();
        let here = world.points;
        world.points += 1;
        if world.fault == (Fault::Crash { point: here }) {
            world.fault = Fault::None;
            drop(world);
            resume_unwind(Box::new(Crash));
        }
    }

    /// What time the register thinks that it is.
    pub(crate) fn wall_clock(&self) -> Timestamp {
        let since = i64::try_from(self.lock().now.as_millis()).unwrap();
        Timestamp { utc_ms: AT.utc_ms + since, ..AT }
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        let mut world = self.lock();
        let until = world.now + time;
        world.advance(until, |_| false);
    }

    /// Plugs the terminal in again, if it went dark.
    pub(crate) fn plug_in(&self) {
        let mut world = self.lock();
        if !world.machine.is_reachable() {
            let now = world.now;
            world.machine.press(ZvtButton::PlugIn, now);
        }
    }

    /// Presses a button.
    pub(crate) fn press(&self, button: ZvtButton) {
        let mut world = self.lock();
        let now = world.now;
        world.machine.press(button, now);
    }

    /// Lets time pass until the terminal is at rest.
    pub(crate) fn rest(&self) {
        for _ in 0..1000 {
            self.plug_in();
            if self.lock().machine.is_idle() {
                return;
            }
            self.pass(Duration::from_secs(5));
        }
        panic!("the terminal never comes to rest");
    }
}

impl World {
    fn way(way: Way) -> usize {
        usize::from(way == Way::ToRegister)
    }

    /// The terminal's time, until then or until `enough`.
    fn advance(&mut self, until: Duration, enough: impl Fn(&Self) -> bool) {
        loop {
            self.hear_out();
            if enough(self) {
                return;
            }
            match self.machine.deadline() {
                Some(due) if due <= until => {
                    // What is due and stays due must not stop the clock.
                    self.now =
                        due.max(self.now + Duration::from_millis(1)).min(until.max(self.now));
                    let now = self.now;
                    self.machine.poll(now);
                    if now >= until {
                        self.hear_out();
                        return;
                    }
                }
                _ => {
                    self.now = self.now.max(until);
                    let now = self.now;
                    self.machine.poll(now);
                    self.hear_out();
                    return;
                }
            }
        }
    }

    /// Takes what the terminal says and sends it on its way.
    fn hear_out(&mut self) {
        let said = self.machine.take_output();
        if said.is_empty() {
            return;
        }
        for piece in self.pieces_of(Way::ToRegister, &said) {
            for byte in piece {
                if let Some(byte) = self.carry(Way::ToRegister, byte) {
                    self.to_register.push_back(byte);
                }
            }
        }
    }

    /// What becomes of something that was said at once.
    fn pieces_of(&mut self, way: Way, said: &[u8]) -> Vec<Vec<u8>> {
        let index = Self::way(way);
        let here = self.pieces[index];
        self.pieces[index] += 1;
        let mut all = std::mem::take(&mut self.held_back[index]);
        match self.fault {
            Fault::Repeat { way: at, piece } if at == way && piece == here => {
                vec![said.to_vec(), said.to_vec()]
            }
            Fault::Merge { way: at, piece } if at == way && piece == here => {
                self.held_back[index] = said.to_vec();
                Vec::new()
            }
            _ => {
                all.extend(said);
                vec![all]
            }
        }
    }

    /// One byte on its way; none if it does not arrive.
    fn carry(&mut self, way: Way, byte: u8) -> Option<u8> {
        if self.broken || self.now < self.down_until {
            return None;
        }
        let index = Self::way(way);
        let here = self.bytes[index];
        self.bytes[index] += 1;
        let hit = |at: Way, place: usize| at == way && place == here;
        match self.fault {
            Fault::Cut { way: at, byte, outage, noticed } if hit(at, byte) => {
                self.fault = Fault::None;
                self.down_until = self.now + outage;
                if noticed {
                    self.broken = true;
                    self.to_register.clear();
                    let now = self.now;
                    self.machine.hung_up(now);
                }
                None
            }
            Fault::Lose { way: at, byte } if hit(at, byte) => None,
            Fault::Flip { way: at, byte: place } if hit(at, place) => Some(byte ^ 0x2A),
            Fault::Restart { way: at, byte: place } if hit(at, place) => {
                self.fault = Fault::None;
                let now = self.now;
                self.machine.restart(now);
                if self.framing == ZvtFraming::Net {
                    self.broken = true;
                }
                None
            }
            _ => Some(byte),
        }
    }
}

impl Clock for Shared {
    fn now(&self) -> Duration {
        self.lock().now
    }

    fn wait(&self, time: Duration) {
        self.point();
        self.pass(time);
    }
}

/// The register's end.
struct Cable {
    shared: Shared,
    line: usize,
    at: Address,
}

impl Cable {
    fn is_broken(&self, world: &World) -> bool {
        world.broken || world.line != self.line
    }
}

impl Link for Cable {
    fn write_all(&mut self, bytes: &[u8], _deadline: Duration) -> Result<(), DeviceError> {
        self.shared.point();
        let mut world = self.shared.lock();
        let gone = |phase| DeviceError::new(DeviceErrorKind::Disconnected, phase, &self.at);
        if self.is_broken(&world) {
            return Err(gone(Phase::BeforeSend));
        }
        let mut sent = 0;
        for piece in world.pieces_of(Way::ToTerminal, bytes) {
            let mut heard = Vec::new();
            for byte in piece {
                heard.extend(world.carry(Way::ToTerminal, byte));
                if world.broken {
                    break;
                }
                sent += 1;
            }
            // A line that broke right behind them still carried them.
            let now = world.now;
            if !world.broken {
                world.machine.heard(&heard, now);
            }
            world.hear_out();
        }
        if self.is_broken(&world) {
            return Err(gone(if sent == 0 { Phase::BeforeSend } else { Phase::AfterSend }));
        }
        drop(world);
        self.shared.point();
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> ReadOutcome {
        let mut world = self.shared.lock();
        if self.is_broken(&world) {
            return ReadOutcome::Closed;
        }
        let until = world.now + timeout;
        world.advance(until, |world| !world.to_register.is_empty() || world.broken);
        if self.is_broken(&world) {
            return ReadOutcome::Closed;
        }
        if world.to_register.is_empty() {
            return ReadOutcome::Timeout;
        }
        let count = world.to_register.len().min(buffer.len());
        for (place, byte) in buffer.iter_mut().zip(world.to_register.drain(..count)) {
            *place = byte;
        }
        drop(world);
        self.shared.point();
        ReadOutcome::Data(count)
    }

    fn finish(self: Box<Self>, _deadline: Duration) -> Result<Settled, DeviceError> {
        Ok(Settled::Yes)
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        let mut world = self.shared.lock();
        if world.line == self.line {
            world.to_register.clear();
            if world.framing == ZvtFraming::Net && !world.broken {
                let now = world.now;
                world.machine.hung_up(now);
            }
        }
    }
}

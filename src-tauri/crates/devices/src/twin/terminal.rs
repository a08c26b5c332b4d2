//! What twins of card terminals have in common: buttons, a display, a ledger of their own, and the
//! thread that serves the line.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use crate::terminal::PaymentKind;
use crate::transport::{Door, Link, ReadOutcome};

/// How long the twin waits for bytes before it looks at its buttons again.
const SLICE: Duration = Duration::from_millis(5);

/// How long an answer may take to leave.
const WRITE: Duration = Duration::from_secs(2);

/// What a person does to a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalButton {
    /// The customer's card pays.
    Approve,
    /// The bank refuses the card.
    Decline,
    /// The terminal cannot tell whether the bank took the payment. It did: the worst case.
    NotVerified,
    /// The customer presses the red key.
    CustomerStops,
    /// The card pays, after a long while.
    Slow,
    /// Nobody presents a card, and the terminal forgets the payment without a word.
    TimeOut,
    /// The line is pulled out. The terminal itself runs on.
    PullThePlug,
    /// The line, or the power, comes back.
    PlugIn,
    /// The card pays, and then the terminal's power fails before it can say so.
    DieAfterCharging,
}

/// One payment in a terminal's own books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// The terminal's number for it, from 1.
    pub number: u32,
    /// Charged or given back.
    pub kind: PaymentKind,
    /// In minor units.
    pub amount: i64,
    /// The currency's number in ISO 4217.
    pub currency: u16,
    /// The token that came with the order; empty if none did.
    pub token: String,
    /// When.
    pub at: SystemTime,
}

/// What a terminal shows, what it booked, and what its buttons will do.
pub(super) struct Desk {
    display: String,
    ledger: Vec<Booking>,
    /// Pressed for one payment each, oldest first.
    presses: VecDeque<TerminalButton>,
    /// Pressed for every payment for which no other one was.
    always: Option<TerminalButton>,
    /// False while the line is out.
    plugged: bool,
}

impl Desk {
    pub(super) fn show(&mut self, text: &str) {
        text.clone_into(&mut self.display);
    }

    pub(super) fn book(&mut self, kind: PaymentKind, amount: i64, currency: u16, token: &[u8]) {
        let number = u32::try_from(self.ledger.len()).unwrap_or(u32::MAX).saturating_add(1);
        let token = String::from_utf8_lossy(token).trim().to_owned();
        let at = SystemTime::now();
        self.ledger.push(Booking { number, kind, amount, currency, token, at });
    }

    /// The button that is pressed while a payment waits for a card.
    pub(super) fn next_press(&mut self) -> Option<TerminalButton> {
        self.presses.pop_front().or(self.always)
    }

    pub(super) fn pull_the_plug(&mut self) {
        self.plugged = false;
    }
}

/// The terminal's side of a line: bytes and the time in, bytes out.
pub(super) trait Side: Send + 'static {
    /// What came in; what to say.
    fn hear(&mut self, bytes: &[u8], desk: &mut Desk, now: Instant) -> Vec<u8>;

    /// The time passes; what to say.
    fn tick(&mut self, desk: &mut Desk, now: Instant) -> Vec<u8>;

    /// The line is gone.
    fn cut(&mut self, desk: &mut Desk);

    /// The power is gone, and with it what is not in the books.
    fn die(&mut self, desk: &mut Desk);
}

/// A terminal that runs on a thread of its own, until it is dropped.
pub(super) struct Running {
    desk: Arc<Mutex<Desk>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(super) fn start(door: Door, side: impl Side) -> io::Result<Self> {
        let desk = Desk {
            display: "READY".to_owned(),
            ledger: Vec::new(),
            presses: VecDeque::new(),
            always: None,
            plugged: true,
        };
        let (desk, stop) = (Arc::new(Mutex::new(desk)), Arc::new(AtomicBool::new(false)));
        let (at, until) = (Arc::clone(&desk), Arc::clone(&stop));
        let thread = thread::Builder::new()
            .name("terminal-twin".to_owned())
            .spawn(move || serve(&door, side, &at, &until))?;
        Ok(Self { desk, stop, thread: Some(thread) })
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        lock(&self.desk)
    }

    pub(super) fn press(&self, button: TerminalButton) {
        let mut desk = self.desk();
        match button {
            TerminalButton::PullThePlug => desk.plugged = false,
            TerminalButton::PlugIn => desk.plugged = true,
            other => desk.presses.push_back(other),
        }
    }

    pub(super) fn always(&self, button: Option<TerminalButton>) {
        self.desk().always = button;
    }

    pub(super) fn shows(&self) -> String {
        self.desk().display.clone()
    }

    pub(super) fn ledger(&self) -> Vec<Booking> {
        self.desk().ledger.clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(door: &Door, mut side: impl Side, desk: &Mutex<Desk>, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let plugged = lock(desk).plugged;
        let link = if plugged { door.accept(SLICE) } else { None };
        match link {
            Some(link) => serve_line(link, &mut side, desk, stop),
            None => {
                // Nobody hears it, but its customer may go on.
                let _ = side.tick(&mut lock(desk), Instant::now());
                if !plugged {
                    thread::sleep(SLICE);
                }
            }
        }
    }
}

fn serve_line(
    mut link: Box<dyn Link>,
    side: &mut impl Side,
    desk: &Mutex<Desk>,
    stop: &AtomicBool,
) {
    let mut buffer = [0; 1024];
    while !stop.load(Ordering::Relaxed) && lock(desk).plugged {
        let said = side.tick(&mut lock(desk), Instant::now());
        if !say(&mut *link, &said, desk) {
            break;
        }
        match link.read(&mut buffer, SLICE) {
            ReadOutcome::Data(count) => {
                let heard = buffer.get(..count).unwrap_or_default();
                let said = side.hear(heard, &mut lock(desk), Instant::now());
                if !say(&mut *link, &said, desk) {
                    break;
                }
            }
            ReadOutcome::Timeout => {}
            ReadOutcome::Closed => break,
        }
    }
    side.cut(&mut lock(desk));
}

/// False if the line is out, or was pulled out by what the terminal did just now.
fn say(link: &mut dyn Link, bytes: &[u8], desk: &Mutex<Desk>) -> bool {
    lock(desk).plugged && (bytes.is_empty() || link.write_all(bytes, WRITE).is_ok())
}

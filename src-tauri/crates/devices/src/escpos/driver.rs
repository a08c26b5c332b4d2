//! Printing that is finished only when the printer says so.

use std::time::{Duration, Instant};

use crate::address::Address;
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use crate::transport::{Link, ReadOutcome, open};
use crate::travel::travel_time;

use super::status::{Heard, PrinterState, StatusReader};
use super::trouble::{PrinterTrouble, TroubleCause};

/// Whether a printer is asked how it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// It always answers; silence means that it is off or gone.
    Always,
    /// It may answer; after a job without an answer it is not asked again until it is set up anew.
    Perhaps,
    /// It never does: what was sent counts as printed.
    Never,
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintTiming {
    /// For the connection.
    pub open: Duration,
    /// For a printer that takes no bytes, besides the time that they travel.
    pub write: Duration,
    /// For the answer to a question that is answered at once.
    pub answer: Duration,
    /// For the answer that the job is done, besides the time that its bytes travel.
    pub done: Duration,
    /// How often a printer in trouble is looked at.
    pub look: Duration,
    /// For the line to close.
    pub finish: Duration,
}

impl Default for PrintTiming {
    fn default() -> Self {
        Self {
            open: Duration::from_secs(5),
            write: Duration::from_secs(10),
            answer: Duration::from_millis(800),
            done: Duration::from_secs(15),
            look: Duration::from_secs(1),
            finish: Duration::from_secs(2),
        }
    }
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintOutcome {
    /// The printer says that it printed all of it.
    Printed,
    /// All of it was taken; this printer never says more.
    Sent,
    /// None of it left: it may be sent again without asking anyone.
    NotSent(PrinterTrouble),
    /// Some of it left and the rest did not; part of it may be on paper.
    PartlySent(PrinterTrouble),
    /// All of it left and the printer never said that it was done.
    Unknown(PrinterTrouble),
}

/// Hears how a job goes on, and whether to go on waiting.
pub trait JobWatch {
    /// The printer has stopped in the middle of the job and keeps the rest of it; asked again at every
    /// look. False gives the job up.
    fn stopped(&mut self, trouble: &PrinterTrouble) -> bool;

    /// It goes on.
    fn goes_on(&mut self) {}
}

/// Gives up at the first trouble.
impl JobWatch for () {
    fn stopped(&mut self, _: &PrinterTrouble) -> bool {
        false
    }
}

/// A receipt printer. Each job opens the line anew, so that a printer which was switched off and on
/// needs nothing from anyone.
#[derive(Clone, Debug)]
pub struct EscPosPrinter {
    address: Address,
    asks: Asks,
    timing: PrintTiming,
    /// The last job broke off, perhaps in the middle of a command.
    half_sent: bool,
}

/// What is sent at once: small enough that trouble is noticed before the printer is full.
const PIECE: usize = 256;
/// `ESC @`, with which a job begins; it switches off that the printer speaks of its own accord.
const INITIALISE: &[u8] = b"\x1b@";
/// `GS a 15`: say how you are when drawer, paper, cover or an error change.
const SPEAK_UP: &[u8] = b"\x1da\x0f";
const QUIET: &[u8] = b"\x1da\x00";
/// `GS r 1`: answered when all before it is printed.
const DONE: &[u8] = b"\x1dr\x01";
/// The longest command of a receipt: a large line that is drawn.
const LONGEST_COMMAND: usize = 4400;
/// A look at the line that waits for nothing.
const GLANCE: Duration = Duration::from_millis(1);

impl EscPosPrinter {
    /// The printer at `address`. A plain file is never asked.
    pub fn new(address: Address, asks: Asks) -> Self {
        let on_disk = matches!(&address, Address::File(file) if !file.path().starts_with("/dev/"));
        let asks = if on_disk { Asks::Never } else { asks };
        Self { address, asks, timing: PrintTiming::default(), half_sent: false }
    }

    /// With other waiting times.
    #[must_use]
    pub fn timed(self, timing: PrintTiming) -> Self {
        Self { timing, ..self }
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Prints a job; blocks until the printer is done with it, gave no answer in time, or `watch`
    /// gives up. A printer that stops for want of paper keeps what it has: it is waited for, so that
    /// nothing comes out twice.
    pub fn print(&mut self, job: &[u8], watch: &mut dyn JobWatch) -> PrintOutcome {
        let outcome = self.attempt(job, watch);
        match outcome {
            PrintOutcome::Printed | PrintOutcome::Sent => self.half_sent = false,
            PrintOutcome::PartlySent(_) | PrintOutcome::Unknown(_) => self.half_sent = true,
            PrintOutcome::NotSent(_) => {}
        }
        outcome
    }

    fn attempt(&mut self, job: &[u8], watch: &mut dyn JobWatch) -> PrintOutcome {
        let mut line = match self.line() {
            Ok(line) => line,
            Err(error) => return PrintOutcome::NotSent(self.wire(error)),
        };
        if let Err(error) = self.end_old_command(&mut line) {
            return PrintOutcome::NotSent(self.wire(error));
        }
        let talks = match self.ready(&mut line) {
            Ok(talks) => talks,
            Err(trouble) => return PrintOutcome::NotSent(trouble),
        };
        if let Err(outcome) = self.send(&mut line, job, talks, watch) {
            return outcome;
        }
        let travel = travel_time(&self.address, job.len());
        if talks {
            return self.until_done(line, travel, watch);
        }
        match line.link.finish(self.timing.finish + travel) {
            Ok(_) => PrintOutcome::Sent,
            Err(error) => PrintOutcome::PartlySent(self.wire(error)),
        }
    }

    /// How the printer is; none if it is one that says nothing.
    ///
    /// # Errors
    /// It is not there, or does not answer although it should.
    pub fn state(&mut self) -> Result<Option<PrinterState>, PrinterTrouble> {
        let mut line = self.line().map_err(|error| self.wire(error))?;
        if self.asks == Asks::Never {
            return Ok(None);
        }
        match line.check(&self.timing) {
            Ok(true) => Ok(Some(line.state)),
            Ok(false) if self.asks == Asks::Perhaps => Ok(None),
            Ok(false) => Err(self.trouble(TroubleCause::Silent)),
            Err(error) => Err(self.wire(error)),
        }
    }

    fn line(&self) -> Result<Line, DeviceError> {
        let link = open(&self.address, self.timing.open)?;
        let (reader, state) = (StatusReader::default(), PrinterState::default());
        Ok(Line { link, reader, state, replies: 0, full: false, gone: false })
    }

    fn trouble(&self, cause: TroubleCause) -> PrinterTrouble {
        PrinterTrouble::new(cause, &self.address)
    }

    fn wire(&self, error: DeviceError) -> PrinterTrouble {
        self.trouble(TroubleCause::Wire(error.of("printer")))
    }

    /// A serial line does not tell the printer that a job broke off: it may still wait for the rest of
    /// a picture. Zeros are no letters, and in a picture they are white.
    fn end_old_command(&self, line: &mut Line) -> Result<(), DeviceError> {
        if !self.half_sent || !matches!(self.address, Address::Serial(_)) {
            return Ok(());
        }
        let limit = self.timing.write + travel_time(&self.address, LONGEST_COMMAND);
        line.link.write_all(&[0; LONGEST_COMMAND], limit)
    }

    /// True if it answers and is ready, false if it is one that says nothing.
    fn ready(&mut self, line: &mut Line) -> Result<bool, PrinterTrouble> {
        if self.asks == Asks::Never {
            return Ok(false);
        }
        match line.check(&self.timing) {
            Ok(true) => match line.state.cause() {
                None => Ok(true),
                Some(cause) => Err(self.trouble(cause)),
            },
            Ok(false) if self.asks == Asks::Perhaps => {
                self.asks = Asks::Never;
                Ok(false)
            }
            Ok(false) => Err(self.trouble(TroubleCause::Silent)),
            Err(error) => Err(self.wire(error)),
        }
    }

    fn send(
        &self,
        line: &mut Line,
        job: &[u8],
        talks: bool,
        watch: &mut dyn JobWatch,
    ) -> Result<(), PrintOutcome> {
        let rest = job.strip_prefix(INITIALISE).unwrap_or(job);
        let start = job.get(..job.len() - rest.len()).unwrap_or_default();
        let speak_up = if talks { SPEAK_UP } else { b"" };
        let first = [start, speak_up].concat();
        let pieces = std::iter::once(first.as_slice()).chain(rest.chunks(PIECE));
        let mut sent = false;
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            let limit = self.timing.write + travel_time(&self.address, piece.len());
            if let Err(error) = line.link.write_all(piece, limit) {
                let nothing = !sent && error.phase() == Phase::BeforeSend;
                // What it said last tells more than that it took no more.
                let _ = line.listen(GLANCE);
                let trouble = line
                    .state
                    .cause()
                    .map_or_else(|| self.wire(error), |cause| self.trouble(cause));
                return Err(if nothing {
                    PrintOutcome::NotSent(trouble)
                } else {
                    PrintOutcome::PartlySent(trouble)
                });
            }
            sent = true;
            if talks {
                let _ = line.listen(GLANCE);
                // XOFF on a line that does not see to it itself.
                let until = Instant::now() + self.timing.write;
                while line.full && !line.gone && Instant::now() < until {
                    let _ = line.listen(self.timing.look);
                }
                self.while_stopped(line, watch).map_err(PrintOutcome::PartlySent)?;
            }
        }
        Ok(())
    }

    /// Waits while the printer says that it is in trouble. In the middle of a job it is not asked: a
    /// question could fall into a picture. It speaks up itself.
    fn while_stopped(
        &self,
        line: &mut Line,
        watch: &mut dyn JobWatch,
    ) -> Result<(), PrinterTrouble> {
        let mut stopped = false;
        while let Some(cause) = line.state.cause() {
            stopped = true;
            let trouble = self.trouble(cause);
            if !watch.stopped(&trouble) {
                return Err(trouble);
            }
            let _ = line.listen(self.timing.look);
            if line.gone {
                return Err(self.gone());
            }
        }
        if stopped {
            watch.goes_on();
        }
        Ok(())
    }

    fn gone(&self) -> PrinterTrouble {
        let kind = DeviceErrorKind::Disconnected;
        self.wire(DeviceError::new(kind, Phase::AfterSend, &self.address))
    }

    /// Asks whether all is printed and waits for the answer, for as long as the printer says what it
    /// is waiting for.
    fn until_done(
        &self,
        mut line: Line,
        travel: Duration,
        watch: &mut dyn JobWatch,
    ) -> PrintOutcome {
        line.replies = 0;
        if let Err(error) = line.link.write_all(DONE, self.timing.write + travel) {
            return PrintOutcome::Unknown(self.wire(error));
        }
        let patience = self.timing.done + travel;
        let mut until = Instant::now() + patience;
        let mut stopped = false;
        loop {
            let heard = line.listen(self.timing.look);
            // Between two jobs it may be asked, should it not speak up by itself.
            if heard.is_empty() && !line.gone && line.replies == 0 {
                let _ = line.check(&self.timing);
            }
            if line.replies > 0 {
                if stopped {
                    watch.goes_on();
                }
                let _ = line.link.write_all(QUIET, self.timing.write);
                let _ = line.link.finish(self.timing.finish);
                return PrintOutcome::Printed;
            }
            if line.gone {
                return PrintOutcome::Unknown(self.gone());
            }
            if let Some(cause) = line.state.cause() {
                stopped = true;
                let trouble = self.trouble(cause);
                if !watch.stopped(&trouble) {
                    return PrintOutcome::PartlySent(trouble);
                }
                until = Instant::now() + patience;
            } else if Instant::now() >= until {
                return PrintOutcome::Unknown(self.trouble(TroubleCause::Silent));
            }
        }
    }
}

/// An open line and what was heard on it.
struct Line {
    link: Box<dyn Link>,
    reader: StatusReader,
    state: PrinterState,
    /// Answers to `GS r`.
    replies: usize,
    /// It said XOFF.
    full: bool,
    /// The other end has hung up, or never says anything.
    gone: bool,
}

impl Line {
    /// What comes within `wait`, as soon as something does.
    fn listen(&mut self, wait: Duration) -> Vec<Heard> {
        let mut bytes = [0; 64];
        let heard = match self.link.read(&mut bytes, wait) {
            ReadOutcome::Data(count) => self.reader.push(bytes.get(..count).unwrap_or_default()),
            ReadOutcome::Timeout => Vec::new(),
            ReadOutcome::Closed => {
                self.gone = true;
                Vec::new()
            }
        };
        for one in &heard {
            match one {
                Heard::Automatic(four) => self.state.automatic(*four),
                Heard::Reply(byte) => {
                    self.replies += 1;
                    self.state.paper_reply(*byte);
                }
                Heard::Wait => self.full = true,
                Heard::Go => self.full = false,
                Heard::Realtime(_) | Heard::Noise(_) => {}
            }
        }
        heard
    }

    /// Asks how the printer is; false if it gives no answer. Only before and after a job.
    fn check(&mut self, timing: &PrintTiming) -> Result<bool, DeviceError> {
        let _ = self.listen(GLANCE);
        if !self.ask(1, timing)? {
            return Ok(false);
        }
        let more: &[u8] = if self.state.offline { &[2, 3, 4] } else { &[4] };
        for n in more {
            self.ask(*n, timing)?;
        }
        Ok(true)
    }

    /// `DLE EOT n`.
    fn ask(&mut self, n: u8, timing: &PrintTiming) -> Result<bool, DeviceError> {
        self.link.write_all(&[0x10, 0x04, n], timing.write)?;
        let until = Instant::now() + timing.answer;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || self.gone {
                return Ok(false);
            }
            for heard in self.listen(left) {
                if let Heard::Realtime(byte) = heard {
                    self.state.realtime(n, byte);
                    return Ok(true);
                }
            }
        }
    }
}

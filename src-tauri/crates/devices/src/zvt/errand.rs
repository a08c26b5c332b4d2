//! A command from its first byte to its end, where no money is at stake.

use countertop_domain::card::TerminalMark;

use super::apdu::Apdu;
use super::command;
use super::line::{Event, ZvtFraming};
use super::message::{self, Completion, Message, Status};
use super::slips::Slips;
use super::terminal::{ZvtTerminal, refusal};
use super::wire::Wire;
use super::words;
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use crate::terminal::{NotStored, PaymentWitness, Progress, TerminalError, TerminalSlip};
use crate::transport::Link;

/// What a terminal answers when it does not know this register any more.
pub(super) const NOT_SIGNED_ON: u8 = 0x6B;

/// Wait, the terminal is busy.
pub(super) const BUSY: u8 = 0x9C;

/// The printer is not ready.
const NOT_PRINTED: u8 = 0xCC;

/// That is not possible here.
const NOT_POSSIBLE: u8 = 0x83;

/// Why a command did not come to its end.
#[derive(Debug)]
pub(super) enum Fault {
    /// The line, or the silence of the terminal.
    Lost(DeviceError),
    /// The terminal said no.
    Refused(u8),
}

impl From<DeviceError> for Fault {
    fn from(fault: DeviceError) -> Self {
        Self::Lost(fault)
    }
}

impl From<Fault> for TerminalError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Lost(fault) => Self::Device(fault),
            Fault::Refused(code) => Self::Refused(refusal(code)),
        }
    }
}

/// When a command is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// The terminal took it.
    Reply,
    /// The terminal is done with it.
    Completion,
}

/// What came of a command.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The last status that the terminal sent for it.
    pub(super) status: Option<Status>,
    pub(super) completion: Completion,
}

/// Who hears what a terminal says besides.
pub(super) trait Listener {
    /// What it does meanwhile.
    fn progress(&mut self, words: &str);

    /// A slip to print.
    fn slip(&mut self, slip: TerminalSlip) -> Result<(), NotStored>;

    /// What became of a payment; `asked` is false if it came of itself. True if the terminal may
    /// hear that it arrived: for a payment that came of itself, that makes it final.
    fn status(&mut self, status: &Status, asked: bool) -> bool;
}

/// Nobody who could print or decide. A payment that comes of itself is acknowledged only if it is
/// the one that is known.
pub(super) struct Quiet<'a> {
    pub(super) last: Option<&'a TerminalMark>,
}

impl Listener for Quiet<'_> {
    fn progress(&mut self, _words: &str) {}

    fn slip(&mut self, _slip: TerminalSlip) -> Result<(), NotStored> {
        Err(NotStored("nobody prints".to_owned()))
    }

    fn status(&mut self, status: &Status, asked: bool) -> bool {
        asked || !status.is_success() || self.last.is_some_and(|last| status.is(last))
    }
}

/// A witness who prints, and has nothing to decide.
pub(super) struct Watched<'a> {
    witness: &'a mut dyn PaymentWitness,
    quiet: Quiet<'a>,
}

impl<'a> Watched<'a> {
    pub(super) fn by(witness: &'a mut dyn PaymentWitness, last: Option<&'a TerminalMark>) -> Self {
        Self { witness, quiet: Quiet { last } }
    }
}

impl Listener for Watched<'_> {
    fn progress(&mut self, words: &str) {
        self.witness.progress(Progress::Says(words.to_owned()));
    }

    fn slip(&mut self, slip: TerminalSlip) -> Result<(), NotStored> {
        self.witness.slip(slip)
    }

    fn status(&mut self, status: &Status, asked: bool) -> bool {
        self.quiet.status(status, asked)
    }
}

impl ZvtTerminal {
    /// The line, open and signed on. A terminal that is busy with the end of what was before gets a
    /// moment.
    pub(super) fn ready(&mut self, last: Option<&TerminalMark>) -> Result<(), Fault> {
        let timers = self.options.timers;
        let until = self.clock.now() + timers.t3;
        loop {
            self.connect(&mut Quiet { last })?;
            if self.signed_on {
                return Ok(());
            }
            match self.sign_on(&mut Quiet { last }) {
                Err(Fault::Refused(BUSY)) if self.clock.now() < until => {
                    self.listen(timers.poll, &mut Quiet { last })?;
                }
                signed_on => return signed_on,
            }
        }
    }

    /// Opens the line. The one before may take a moment to close.
    fn open(&mut self) -> Result<Box<dyn Link>, DeviceError> {
        let timers = self.options.timers;
        let until = self.clock.now() + timers.t1 * 5;
        loop {
            match (self.opener)() {
                Err(fault) if fault.kind() == DeviceErrorKind::Busy && self.clock.now() < until => {
                    self.clock.wait(timers.glance);
                }
                opened => return opened.map_err(|fault| fault.of("card terminal")),
            }
        }
    }

    /// Opens the line if it is not, and hears what the terminal had to say meanwhile.
    pub(super) fn connect(&mut self, listener: &mut dyn Listener) -> Result<(), DeviceError> {
        let timers = self.options.timers;
        let framing = self.options.framing_at(&self.address);
        let mut settling = timers.glance.min(timers.t1) / 100;
        if self.wire.is_none() {
            let link = self.open()?;
            let clock = self.clock.clone();
            self.wire = Some(Wire::new(link, framing, timers, clock, &self.address));
            self.signed_on = false;
            if framing == ZvtFraming::Serial {
                // Longer than any pause within a block: what is left of one is over then.
                settling = timers.t1 + timers.t1 / 2;
            }
        }
        self.listen(settling, listener)
    }

    /// Hears the terminal for so long.
    pub(super) fn listen(
        &mut self,
        time: std::time::Duration,
        listener: &mut dyn Listener,
    ) -> Result<(), DeviceError> {
        let until = self.clock.now() + time;
        let mut slips = Slips::default();
        loop {
            match self.next(until)? {
                None => return Ok(()),
                Some(Event::Arrived(apdu)) => {
                    if let Ok(message) = message::read(&apdu) {
                        self.hear(message, false, &mut slips, listener)?;
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// Signs on, and runs a diagnosis if the terminal wants one.
    pub(super) fn sign_on(&mut self, listener: &mut dyn Listener) -> Result<(), Fault> {
        let options = &self.options;
        let width = matches!(options.prints, super::ZvtPrints::Blocks).then_some(options.width);
        let currency = options.currency.numeric();
        let command = command::registration(options.password, options.wishes(), currency, width)
            .ok_or(Fault::Refused(0x6F))?;
        let done = self.errand(command, Until::Completion, listener)?;
        if !done.completion.terminal.is_empty() {
            self.id = done.completion.terminal;
        }
        self.signed_on = true;
        if done.completion.wants_diagnosis {
            self.errand(command::diagnosis(), Until::Completion, listener)?;
        }
        Ok(())
    }

    /// Sends a command and hears the terminal to its end.
    pub(super) fn errand(
        &mut self,
        command: Apdu,
        end: Until,
        listener: &mut dyn Listener,
    ) -> Result<Done, Fault> {
        let timers = self.options.timers;
        let mut done = Done::default();
        let mut slips = Slips::default();
        let mut accepted = false;
        self.send(command)?;
        let mut until = self.clock.now() + timers.t3;
        loop {
            let apdu = match self.next(until)? {
                Some(Event::Arrived(apdu)) => apdu,
                Some(Event::Delivered) => continue,
                Some(Event::Unreadable) => return Err(self.garbled("a block holds no message")),
                Some(Event::Undelivered) | None => return Err(self.silent()),
            };
            let message = message::read(&apdu).map_err(|fault| self.garbled(fault))?;
            match message {
                Message::Positive => accepted = true,
                Message::Negative(code) if !accepted => return Err(Fault::Refused(code)),
                Message::Negative(_) => {}
                message => {
                    let ended = self.hear(message, accepted, &mut slips, listener)?;
                    match ended {
                        // It belongs to whatever the terminal did before.
                        _ if !accepted => {}
                        Heard::Nothing => {}
                        Heard::Status(status) => done.status = Some(*status),
                        Heard::Completion(completion) => {
                            done.completion = completion;
                            self.settle();
                            return Ok(done);
                        }
                        Heard::Abort(code) => {
                            self.settle();
                            return Err(Fault::Refused(code));
                        }
                    }
                }
            }
            if accepted && end == Until::Reply {
                return Ok(done);
            }
            until = self.clock.now() + if accepted { timers.errand } else { timers.t3 };
        }
    }

    /// Takes in what the terminal says of itself, and answers it.
    pub(super) fn hear(
        &mut self,
        message: Message,
        asked: bool,
        slips: &mut Slips,
        listener: &mut dyn Listener,
    ) -> Result<Heard, DeviceError> {
        let mut heard = Heard::Nothing;
        let mut answer = Some(Apdu::positive());
        let mut slip = None;
        match message {
            Message::Positive | Message::Negative(_) => answer = None,
            Message::Status(status) => {
                if !listener.status(&status, asked) {
                    answer = None;
                }
                heard = Heard::Status(status);
            }
            Message::Completion(completion) => {
                slip = slips.rest();
                heard = Heard::Completion(completion);
            }
            Message::Abort(code) => heard = Heard::Abort(code),
            Message::Progress(progress) => {
                if let Some(words) = progress_words(&progress) {
                    listener.progress(&words);
                }
            }
            Message::PrintLine(line) => slip = slips.line(line),
            Message::PrintBlock(block) => slip = slips.block(block),
            Message::Clock => {}
            Message::Other => answer = Some(Apdu::negative(NOT_POSSIBLE)),
        }
        if let Some(slip) = slip
            && listener.slip(slip).is_err()
        {
            answer = Some(Apdu::negative(NOT_PRINTED));
        }
        if let Some(answer) = answer {
            self.send(answer)?;
        }
        Ok(heard)
    }

    /// Waits a moment until the terminal has our last word; without it, the line starts afresh.
    pub(super) fn settle(&mut self) {
        let until = self.clock.now() + self.options.timers.t1 * 5;
        while let Some(wire) = &self.wire
            && !wire.is_idle()
        {
            if self.clock.now() >= until || self.next(until).is_err() {
                self.hang_up();
            }
        }
    }

    pub(super) fn hang_up(&mut self) {
        self.wire = None;
        self.signed_on = false;
    }

    pub(super) fn send(&mut self, apdu: Apdu) -> Result<(), DeviceError> {
        let sent = match &mut self.wire {
            Some(wire) => wire.send(apdu),
            None => Err(self.gone()),
        };
        if sent.is_err() {
            self.hang_up();
        }
        sent
    }

    pub(super) fn next(
        &mut self,
        until: std::time::Duration,
    ) -> Result<Option<Event>, DeviceError> {
        let event = match &mut self.wire {
            Some(wire) => wire.next(until),
            None => Err(self.gone()),
        };
        if event.is_err() {
            self.hang_up();
        }
        event
    }

    fn gone(&self) -> DeviceError {
        DeviceError::new(DeviceErrorKind::Disconnected, Phase::BeforeSend, &self.address)
            .of("card terminal")
    }

    /// The terminal does not answer.
    pub(super) fn silent(&mut self) -> Fault {
        let fault = DeviceError::new(DeviceErrorKind::NoAnswer, Phase::AfterSend, &self.address)
            .of("card terminal");
        self.hang_up();
        Fault::Lost(fault)
    }

    /// What it says is no ZVT.
    fn garbled(&mut self, why: impl std::fmt::Display) -> Fault {
        let fault = DeviceError::new(DeviceErrorKind::Failed, Phase::AfterSend, &self.address)
            .of("card terminal")
            .because(why);
        self.hang_up();
        Fault::Lost(fault)
    }
}

/// What came besides answers.
#[derive(Debug)]
pub(super) enum Heard {
    Nothing,
    Status(Box<Status>),
    Completion(Completion),
    Abort(u8),
}

/// What to show while the terminal works; its own words, if it sent some.
pub(super) fn progress_words(progress: &message::Progress) -> Option<String> {
    if progress.words.is_empty() {
        words::of_progress(progress.code).map(str::to_owned)
    } else {
        Some(progress.words.clone())
    }
}

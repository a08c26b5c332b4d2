//! A scale on a wire: asked again until it stands still, or the wait is over.

use std::thread;
use std::time::{Duration, Instant};

use super::language::{Answer, Heard, Language, ScaleLanguage};
use super::{Scale, ScaleError, ScaleReading};
use crate::address::Address;
use crate::error::{DeviceError, DeviceErrorKind, Phase};
use crate::transport::{Link, ReadOutcome, open};

/// How long a scale may take.
#[derive(Clone, Copy, Debug)]
pub struct ScalePatience {
    /// To open its line.
    pub open: Duration,
    /// To answer one question.
    pub answer: Duration,
    /// To come to rest.
    pub rest: Duration,
    /// Between two questions.
    pub pause: Duration,
}

impl Default for ScalePatience {
    fn default() -> Self {
        Self {
            open: Duration::from_secs(3),
            answer: Duration::from_millis(800),
            rest: Duration::from_secs(3),
            pause: Duration::from_millis(100),
        }
    }
}

/// A scale at an address. The line is opened with the first question and kept; one that went away
/// is opened again with the next.
pub struct ScaleAt {
    address: Address,
    language: Box<dyn Language>,
    patience: ScalePatience,
    link: Option<Box<dyn Link>>,
}

impl ScaleAt {
    /// A scale that speaks `language`.
    pub fn new(address: Address, language: ScaleLanguage) -> Self {
        Self { address, language: language.speak(), patience: ScalePatience::default(), link: None }
    }

    /// With other waits.
    #[must_use]
    pub fn patient(mut self, patience: ScalePatience) -> Self {
        self.patience = patience;
        self
    }

    /// Sends a question and waits for its answer. A question changes nothing on the scale, so a line
    /// that turns out to be dead is opened anew, once.
    fn exchange(&mut self, question: Question) -> Result<Answer, ScaleError> {
        let was_open = self.link.is_some();
        match self.try_exchange(question) {
            Err(ScaleError::Device(_)) if was_open => self.try_exchange(question),
            outcome => outcome,
        }
    }

    fn try_exchange(&mut self, question: Question) -> Result<Answer, ScaleError> {
        let mut link = match self.link.take() {
            Some(link) => link,
            None => open(&self.address, self.patience.open).map_err(|error| error.of("scale"))?,
        };
        let outcome = self.converse(&mut *link, question);
        if !matches!(outcome, Err(ScaleError::Device(_))) {
            self.link = Some(link);
        }
        outcome
    }

    fn converse(&mut self, link: &mut dyn Link, question: Question) -> Result<Answer, ScaleError> {
        let words = match question {
            Question::Weight => Some(self.language.ask()),
            Question::Zero => self.language.zero(),
            Question::Tare => self.language.tare(),
        };
        let words = words.ok_or(ScaleError::KeyOnly)?;
        self.discard_old(link)?;
        let send = |link: &mut dyn Link, words: &[u8]| {
            link.write_all(words, self.patience.answer).map_err(|error| error.of("scale"))
        };
        send(link, words)?;
        let until = Instant::now() + self.patience.answer;
        let mut buffer = [0; 64];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ScaleError::Silent);
            }
            let count = match link.read(&mut buffer, left) {
                ReadOutcome::Data(count) => count,
                ReadOutcome::Timeout => continue,
                ReadOutcome::Closed => return Err(self.gone()),
            };
            for byte in buffer.iter().take(count) {
                match self.language.hear(*byte) {
                    Heard::More => {}
                    Heard::Say(words) => send(link, words)?,
                    Heard::Answer(answer) => return Ok(answer),
                }
            }
        }
    }

    /// An answer that came too late for its question is none to the next.
    fn discard_old(&self, link: &mut dyn Link) -> Result<(), ScaleError> {
        let mut scrap = [0; 256];
        // A scale that never stops talking is heard from where it is.
        for _ in 0..8 {
            match link.read(&mut scrap, Duration::from_millis(1)) {
                ReadOutcome::Data(_) => {}
                ReadOutcome::Timeout => break,
                ReadOutcome::Closed => return Err(self.gone()),
            }
        }
        Ok(())
    }

    fn gone(&self) -> ScaleError {
        let fault =
            DeviceError::new(DeviceErrorKind::Disconnected, Phase::BeforeSend, &self.address);
        fault.of("scale").into()
    }

    /// Zero or tare, and what the scale says to it.
    fn command(&mut self, question: Question) -> Result<(), ScaleError> {
        match self.exchange(question)? {
            Answer::Unknown => Err(ScaleError::KeyOnly),
            Answer::Moving => Err(ScaleError::Moving),
            Answer::TooHeavy => Err(ScaleError::TooHeavy),
            Answer::Refused | Answer::BelowZero => Err(ScaleError::Refused),
            Answer::Weight { .. } => Ok(()),
            Answer::Unreadable(shown) => Err(ScaleError::Unreadable(shown)),
        }
    }
}

#[derive(Clone, Copy)]
enum Question {
    Weight,
    Zero,
    Tare,
}

impl Scale for ScaleAt {
    fn weigh(&mut self) -> Result<ScaleReading, ScaleError> {
        let until = Instant::now() + self.patience.rest;
        loop {
            let reading = self.exchange(Question::Weight)?.reading();
            let is_late = Instant::now() + self.patience.pause >= until;
            if !matches!(reading, Err(ScaleError::Moving)) || is_late {
                return reading;
            }
            thread::sleep(self.patience.pause);
        }
    }

    fn zero(&mut self) -> Result<(), ScaleError> {
        self.command(Question::Zero)
    }

    fn tare(&mut self) -> Result<(), ScaleError> {
        self.command(Question::Tare)
    }
}

impl std::fmt::Debug for ScaleAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScaleAt").field("address", &self.address).finish_non_exhaustive()
    }
}

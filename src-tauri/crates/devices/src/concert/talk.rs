//! A conversation on a link: it does what the session says, and reads what an answer means.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use countertop_domain::card::CardFacts;

use super::message::{Answer, Order, Verdict};
use super::session::{End, Session, Settle, Step};
use super::terminal::Private;
use crate::error::{DeviceError, Phase};
use crate::framing::stx_etx_lrc::EOT;
use crate::hand_check;
use crate::order_token::{self, Echo};
use crate::terminal::{PaymentWitness, Progress, Refusal};
use crate::transport::{Link, ReadOutcome};

/// How long a few bytes may take to leave.
const WRITE: Duration = Duration::from_secs(2);

/// How long the line is read before the time, and the cashier's wish to stop, is looked at again.
const SLICE: Duration = Duration::from_millis(20);

const SILENT: &str = "The terminal does not answer.";
const CUT: &str = "The line to the terminal broke.";
const GARBLED: &str = "The terminal's answer came garbled.";
const NOT_KEPT: &str = "The terminal's answer could not be written down.";

/// How a conversation about an order ended.
pub(super) enum Ended {
    Approved(CardFacts),
    Declined(Refusal),
    /// No byte of the order left, and this is why; none if the terminal never listened.
    NotSent(Option<DeviceError>),
    /// The cashier stopped it before a byte of the order left.
    Stopped,
    InDoubt(&'static str, Option<CardFacts>),
}

/// What an answer means.
enum Judgement {
    Approved(CardFacts),
    Declined(Refusal),
    /// It answers another payment; in words.
    Another(String),
    InDoubt(&'static str, CardFacts),
}

/// A conversation about one order.
pub(super) struct Talk<'a> {
    link: Box<dyn Link>,
    session: Session,
    asked: &'a Order,
    private: Private,
    witness: &'a mut dyn PaymentWitness,
    heard: VecDeque<u8>,
    /// True once a byte of the order may have left.
    left: bool,
    /// True while nobody knows whether the terminal has the order.
    unsure: bool,
    /// True once the cashier was told how to stop.
    told: bool,
    /// What the answer meant.
    ended: Option<Ended>,
}

impl<'a> Talk<'a> {
    /// Carries out the order.
    pub(super) fn about(
        link: Box<dyn Link>,
        session: Session,
        asked: &'a Order,
        private: Private,
        witness: &'a mut dyn PaymentWitness,
    ) -> Self {
        let (heard, ended) = (VecDeque::new(), None);
        let (left, unsure, told) = (false, false, false);
        Self { link, session, asked, private, witness, heard, left, unsure, told, ended }
    }

    /// Only listens to what may still come of an order that left long ago.
    pub(super) fn after(mut self) -> Self {
        (self.left, self.unsure) = (true, true);
        self
    }

    /// Talks until the end.
    pub(super) fn run(mut self) -> Ended {
        loop {
            let ended = match self.step() {
                ControlFlow::Continue(()) => self.hearken(),
                ended => ended,
            };
            if let ControlFlow::Break(ended) = ended {
                return self.ended.unwrap_or(ended);
            }
        }
    }

    /// Does what is to be done now, by the clock and by what was heard.
    fn step(&mut self) -> ControlFlow<Ended> {
        let mut steps = self.session.tick(Instant::now());
        loop {
            let mut queue = VecDeque::from(steps);
            while let Some(step) = queue.pop_front() {
                queue.extend(self.perform(step)?);
            }
            let Some(byte) = self.heard.pop_front() else { return ControlFlow::Continue(()) };
            steps = self.session.hear(byte, Instant::now());
        }
    }

    /// Waits a moment for bytes, unless the cashier wants to stop.
    fn hearken(&mut self) -> ControlFlow<Ended> {
        if self.ended.is_none() && self.witness.wants_to_stop() {
            if !self.left {
                let _ = self.link.write_all(&[EOT], WRITE);
                return ControlFlow::Break(Ended::Stopped);
            }
            if self.unsure {
                return ControlFlow::Break(Ended::InDoubt(SILENT, None));
            }
            if !std::mem::replace(&mut self.told, true) {
                let words = hand_check::PRESS_THE_RED_KEY.to_owned();
                self.witness.progress(Progress::Says(words));
            }
        }
        let mut buffer = [0; 128];
        match self.link.read(&mut buffer, SLICE) {
            ReadOutcome::Data(count) => self.heard.extend(buffer.iter().take(count)),
            ReadOutcome::Timeout => {}
            ReadOutcome::Closed if self.left => {
                return ControlFlow::Break(Ended::InDoubt(CUT, None));
            }
            ReadOutcome::Closed => return ControlFlow::Break(Ended::NotSent(None)),
        }
        ControlFlow::Continue(())
    }

    /// Does one step; the steps that follow from it.
    fn perform(&mut self, step: Step) -> ControlFlow<Ended, Vec<Step>> {
        match step {
            Step::Say(byte) => self.send(&[byte], false)?,
            Step::Order(bytes) => {
                if !self.left && self.witness.wants_to_stop() {
                    let _ = self.link.write_all(&[EOT], WRITE);
                    return ControlFlow::Break(Ended::Stopped);
                }
                self.send(&bytes, true)?;
            }
            Step::Taken => {
                self.unsure = false;
                self.witness.progress(Progress::Accepted);
            }
            Step::Unsure => {
                self.unsure = true;
                self.witness.progress(Progress::Asking);
            }
            Step::Answer(text) => {
                let settle = self.answer(&text);
                return ControlFlow::Continue(self.session.settle(settle, Instant::now()));
            }
            Step::Over(end) => return ControlFlow::Break(over(end)),
        }
        ControlFlow::Continue(Vec::new())
    }

    fn send(&mut self, bytes: &[u8], is_order: bool) -> ControlFlow<Ended> {
        let Err(fault) = self.link.write_all(bytes, WRITE) else {
            self.left |= is_order;
            return ControlFlow::Continue(());
        };
        self.left |= is_order && fault.phase() == Phase::AfterSend;
        ControlFlow::Break(if self.left {
            Ended::InDoubt(CUT, None)
        } else {
            Ended::NotSent(Some(fault))
        })
    }

    /// Reads an answer, has it kept, and says what the terminal may be told.
    fn answer(&mut self, text: &[u8]) -> Settle {
        let expected = self.session.expects_an_answer();
        let (decision, ended) = match judge(text, self.asked, self.private, expected) {
            Judgement::Another(words) => {
                self.witness.progress(Progress::Says(words));
                return Settle::Another;
            }
            Judgement::InDoubt(why, seen) => {
                self.ended = Some(Ended::InDoubt(why, Some(seen)));
                return Settle::Keep;
            }
            Judgement::Approved(facts) => (Ok(facts.clone()), Ended::Approved(facts)),
            Judgement::Declined(refusal) => (Err(refusal.clone()), Ended::Declined(refusal)),
        };
        if self.witness.decided(&decision).is_err() {
            self.ended = Some(Ended::InDoubt(NOT_KEPT, decision.ok()));
            return Settle::Drop;
        }
        self.ended = Some(ended);
        Settle::Keep
    }
}

/// The end of a conversation without an answer.
fn over(end: End) -> Ended {
    match end {
        End::NotHeard => Ended::NotSent(None),
        End::NotUnderstood => Ended::Declined(Refusal {
            code: "NAK".to_owned(),
            words: "the terminal could not read the order: check the speed and parity of the line"
                .to_owned(),
            stopped: false,
        }),
        End::NoAnswer | End::Settled => Ended::InDoubt(SILENT, None),
        End::Garbled => Ended::InDoubt(GARBLED, None),
    }
}

/// What an answer means for the order. An answer counts only if register, amount, currency and
/// token are those of the order.
fn judge(text: &[u8], asked: &Order, private: Private, expected: bool) -> Judgement {
    let Some(answer) = Answer::read(text) else {
        return Judgement::InDoubt(GARBLED, CardFacts::default());
    };
    let echo = order_token::compare(&answer.private, &asked.private);
    if !expected || echo == Echo::Another {
        return Judgement::Another(told_of_another(&answer));
    }
    let facts = CardFacts { last_four: answer.last_four.clone(), ..CardFacts::default() };
    if echo == Echo::None && private == Private::Returned {
        return Judgement::InDoubt("The terminal's answer does not say for which payment.", facts);
    }
    if answer.pos != asked.pos || answer.currency != asked.currency {
        return Judgement::InDoubt("The terminal's answer is for another register.", facts);
    }
    match answer.verdict {
        Verdict::Done if answer.amount == asked.amount => Judgement::Approved(facts),
        Verdict::Done => Judgement::InDoubt("The terminal approved another amount.", facts),
        // Some leave the amount out of a refusal.
        Verdict::Refused if answer.amount == asked.amount || answer.amount == 0 => {
            Judgement::Declined(Refusal {
                code: "7".to_owned(),
                words: "the terminal refused the card, or somebody stopped it there".to_owned(),
                stopped: false,
            })
        }
        Verdict::Refused => {
            Judgement::InDoubt("The terminal refused a payment of another amount.", facts)
        }
        Verdict::NotVerified => Judgement::InDoubt(
            "The terminal itself does not know whether the payment went through (9).",
            facts,
        ),
        Verdict::Unknown(_) => {
            Judgement::InDoubt("The terminal answered with a sign that nobody knows.", facts)
        }
    }
}

fn told_of_another(answer: &Answer) -> String {
    let verdict = match answer.verdict {
        Verdict::Done => "approved",
        Verdict::Refused => "refused",
        Verdict::NotVerified | Verdict::Unknown(_) => "open",
    };
    format!("The terminal told of an earlier payment: {verdict}")
}

/// Asks a terminal whether it listens.
///
/// # Errors
/// The line broke.
pub(super) fn listens(mut link: Box<dyn Link>, mut session: Session) -> Result<bool, DeviceError> {
    let mut heard = Vec::new();
    loop {
        let mut steps = session.tick(Instant::now());
        for byte in heard.drain(..) {
            steps.extend(session.hear(byte, Instant::now()));
        }
        for step in steps {
            match step {
                Step::Say(byte) => link.write_all(&[byte], WRITE)?,
                Step::Over(end) => return Ok(end == End::Settled),
                Step::Order(_) | Step::Taken | Step::Unsure | Step::Answer(_) => {}
            }
        }
        let mut buffer = [0; 64];
        match link.read(&mut buffer, SLICE) {
            ReadOutcome::Data(count) => heard.extend(buffer.iter().take(count)),
            ReadOutcome::Timeout => {}
            ReadOutcome::Closed => return Ok(false),
        }
    }
}

//! One payment over a Concert line, from the register's side: bytes and the time in, bytes and
//! events out. Nothing here waits or reads a clock.

use std::time::{Duration, Instant};

use crate::framing::stx_etx_lrc::{ACK, ENQ, EOT, Framer, Heard, NAK, framed};

/// How long each step may take, and how often it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConcertTimers {
    /// Opening the line.
    pub open: Duration,
    /// How long a line that was just opened is listened to before the first word.
    pub quiet: Duration,
    /// From "may I speak" to the terminal's "yes".
    pub enquiry: Duration,
    /// Between two such questions.
    pub pause: Duration,
    /// From the order to the terminal's "understood".
    pub order: Duration,
    /// From there to the terminal's answer: the customer looks for the card.
    pub answer: Duration,
    /// For the rest of a message that has begun.
    pub message: Duration,
    /// For the end of the conversation.
    pub end: Duration,
    /// How long a terminal is listened to that may still want to tell of a payment in doubt.
    pub late: Duration,
    /// How often the terminal is asked whether it listens.
    pub enquiries: u32,
    /// How often the same message is sent to somebody who says that it came garbled.
    pub sends: u32,
}

impl Default for ConcertTimers {
    fn default() -> Self {
        Self {
            open: Duration::from_secs(5),
            quiet: Duration::from_millis(50),
            enquiry: Duration::from_secs(2),
            pause: Duration::from_secs(1),
            order: Duration::from_secs(3),
            answer: Duration::from_secs(180),
            message: Duration::from_secs(3),
            end: Duration::from_secs(2),
            late: Duration::from_secs(4),
            enquiries: 3,
            sends: 3,
        }
    }
}

/// What the driver has to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Send a control byte.
    Say(u8),
    /// Send the order: from its first byte on the terminal may act.
    Order(Vec<u8>),
    /// The terminal has the order.
    Taken,
    /// The order left, and the terminal did not say that it has it.
    Unsure,
    /// The text of an answer: read it, then say what to do with it by [`Session::settle`].
    Answer(Vec<u8>),
    /// It is over.
    Over(End),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The terminal never listened; no byte of the order left.
    NotHeard,
    /// The terminal said each time that the order came garbled.
    NotUnderstood,
    /// No answer came.
    NoAnswer,
    /// An answer came, and it came garbled each time.
    Garbled,
    /// The answer was settled.
    Settled,
}

/// What to do with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settle {
    /// It is kept: the terminal may know.
    Keep,
    /// It belongs to another payment: the terminal may know, and ours is still to come.
    Another,
    /// It could not be kept: the terminal must not be told that it was.
    Drop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// ENQ is out.
    Calling,
    /// Until the next ENQ.
    Pausing,
    /// The order is out.
    Ordered,
    /// The terminal works.
    Waiting,
    /// The terminal asked to speak and may.
    Listening,
    /// An answer is with the driver.
    Asked,
    /// It was kept.
    Closing,
    Over,
}

enum Purpose {
    /// To carry out this order, framed.
    Order(Vec<u8>),
    /// To hear what the terminal may have to say.
    Listen,
    /// To see whether it is there.
    Probe,
}

/// The register's side of a conversation.
pub(crate) struct Session {
    timers: ConcertTimers,
    purpose: Purpose,
    framer: Framer,
    state: State,
    /// When the present state ends.
    until: Instant,
    /// When nobody waits for an answer any more.
    give_up: Instant,
    /// When a message that has begun must be whole.
    message_until: Option<Instant>,
    calls: u32,
    sends: u32,
    naks: u32,
    ordered: bool,
    kept: Vec<u8>,
}

impl Session {
    /// A conversation that carries out an order.
    pub(crate) fn order(text: &[u8], timers: ConcertTimers, now: Instant) -> Self {
        Self::new(Purpose::Order(framed(text)), timers, now)
    }

    /// Only asks whether the terminal listens: settled if it does.
    pub(crate) fn probe(timers: ConcertTimers, now: Instant) -> Self {
        Self::new(Purpose::Probe, timers, now)
    }

    /// Only listens, for an answer that a terminal could not get rid of.
    pub(crate) fn listen(timers: ConcertTimers, now: Instant) -> Self {
        let mut session = Self::new(Purpose::Listen, timers, now);
        session.wait(now + timers.late, now);
        session
    }

    fn new(purpose: Purpose, timers: ConcertTimers, now: Instant) -> Self {
        Self {
            timers,
            purpose,
            framer: Framer::default(),
            state: State::Pausing,
            until: now + timers.quiet,
            give_up: now,
            message_until: None,
            calls: 0,
            sends: 0,
            naks: 0,
            ordered: false,
            kept: Vec::new(),
        }
    }

    /// True if an answer that comes now may be the one to our order.
    pub(crate) fn expects_an_answer(&self) -> bool {
        self.ordered || matches!(self.purpose, Purpose::Listen)
    }

    /// Takes bytes from the line. The steps that they lead to are to be done in order; after an
    /// [`Step::Answer`] nothing is taken until it is settled, so bytes are to be given one by one.
    pub(crate) fn hear(&mut self, byte: u8, now: Instant) -> Vec<Step> {
        let heard = self.framer.push(byte);
        let inside = self.framer.is_inside();
        self.message_until = match self.message_until {
            _ if !inside => None,
            Some(until) => Some(until),
            None => Some(now + self.timers.message),
        };
        heard.map_or_else(Vec::new, |heard| self.react(heard, now))
    }

    /// Lets the time pass.
    pub(crate) fn tick(&mut self, now: Instant) -> Vec<Step> {
        if self.message_until.is_some_and(|until| now >= until) {
            self.framer.give_up();
            self.message_until = None;
            return self.react(Heard::Garbled, now);
        }
        if now < self.until {
            return Vec::new();
        }
        match self.state {
            State::Calling => self.call_again(now),
            State::Pausing if self.calls >= self.timers.enquiries => self.over(End::NotHeard),
            State::Pausing => vec![self.call(now)],
            State::Ordered => {
                // It may have the order all the same: the end of the conversation is said, and its
                // answer waited for.
                self.wait(now + self.timers.answer, now);
                vec![Step::Say(EOT), Step::Unsure]
            }
            State::Waiting => self.over(End::NoAnswer),
            State::Listening => {
                self.go_on(now);
                Vec::new()
            }
            State::Closing => self.over(End::Settled),
            State::Asked | State::Over => Vec::new(),
        }
    }

    /// Says what became of the answer that was handed out last.
    pub(crate) fn settle(&mut self, how: Settle, now: Instant) -> Vec<Step> {
        match how {
            Settle::Keep => {
                (self.state, self.until) = (State::Closing, now + self.timers.end);
                vec![Step::Say(ACK)]
            }
            Settle::Another => {
                self.go_on(now);
                vec![Step::Say(ACK)]
            }
            Settle::Drop => self.over(End::Settled),
        }
    }

    fn react(&mut self, heard: Heard, now: Instant) -> Vec<Step> {
        match (self.state, heard) {
            (State::Calling, Heard::Yes) => self.send_order(now),
            (State::Calling, Heard::Again) => self.call_again(now),
            // It wants to tell of a payment. Whoever only asks how it is leaves that to others.
            (State::Calling | State::Pausing, Heard::Enquiry)
                if matches!(self.purpose, Purpose::Probe) =>
            {
                self.over(End::NotHeard)
            }
            // Before an order, that is a payment before this one.
            (
                State::Calling | State::Pausing | State::Waiting | State::Listening,
                Heard::Enquiry,
            ) => self.let_speak(now),
            (State::Ordered, Heard::Yes) => {
                self.wait(now + self.timers.answer, now);
                vec![Step::Say(EOT), Step::Taken]
            }
            (State::Ordered, Heard::Again) if self.sends < self.timers.sends => {
                self.send_order(now)
            }
            (State::Ordered, Heard::Again) => {
                let mut steps = vec![Step::Say(EOT)];
                steps.extend(self.over(End::NotUnderstood));
                steps
            }
            // Its "understood" was lost on the way: it answers already.
            (State::Ordered, Heard::Enquiry) => {
                self.give_up = now + self.timers.answer;
                let mut steps = vec![Step::Taken];
                steps.extend(self.let_speak(now));
                steps
            }
            (State::Waiting | State::Listening, Heard::Text(text)) => {
                (self.state, self.kept) = (State::Asked, text.clone());
                vec![Step::Answer(text)]
            }
            (State::Waiting | State::Listening, Heard::Garbled) => {
                self.naks += 1;
                if self.naks > self.timers.sends {
                    return self.over(End::Garbled);
                }
                (self.state, self.until) = (State::Listening, now + self.timers.message);
                vec![Step::Say(NAK)]
            }
            (State::Listening, Heard::End) => {
                self.go_on(now);
                Vec::new()
            }
            (State::Closing, Heard::End) => self.over(End::Settled),
            // Our "understood" was lost: it says the same once more.
            (State::Closing, Heard::Text(text)) if text == self.kept => {
                self.until = now + self.timers.end;
                vec![Step::Say(ACK)]
            }
            (State::Closing, Heard::Enquiry) => {
                self.until = now + self.timers.end;
                vec![Step::Say(ACK)]
            }
            _ => Vec::new(),
        }
    }

    fn call(&mut self, now: Instant) -> Step {
        self.calls += 1;
        (self.state, self.until) = (State::Calling, now + self.timers.enquiry);
        Step::Say(ENQ)
    }

    fn call_again(&mut self, now: Instant) -> Vec<Step> {
        if self.calls >= self.timers.enquiries {
            let mut steps = vec![Step::Say(EOT)];
            steps.extend(self.over(End::NotHeard));
            return steps;
        }
        (self.state, self.until) = (State::Pausing, now + self.timers.pause);
        vec![Step::Say(EOT)]
    }

    fn send_order(&mut self, now: Instant) -> Vec<Step> {
        let Purpose::Order(order) = &self.purpose else {
            let mut steps = vec![Step::Say(EOT)];
            steps.extend(self.over(End::Settled));
            return steps;
        };
        let order = order.clone();
        (self.sends, self.ordered) = (self.sends + 1, true);
        (self.state, self.until) = (State::Ordered, now + self.timers.order);
        vec![Step::Order(order)]
    }

    fn wait(&mut self, give_up: Instant, now: Instant) {
        self.give_up = give_up.max(now);
        (self.state, self.until) = (State::Waiting, self.give_up);
    }

    /// Back to what the conversation is for.
    fn go_on(&mut self, now: Instant) {
        if self.expects_an_answer() {
            self.wait(self.give_up, now);
        } else {
            (self.state, self.until) = (State::Pausing, now + self.timers.pause);
        }
    }

    fn let_speak(&mut self, now: Instant) -> Vec<Step> {
        (self.state, self.until) = (State::Listening, now + self.timers.message);
        vec![Step::Say(ACK)]
    }

    fn over(&mut self, end: End) -> Vec<Step> {
        self.state = State::Over;
        vec![Step::Over(end)]
    }
}

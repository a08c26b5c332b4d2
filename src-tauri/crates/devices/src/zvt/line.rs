//! Messages over a wire, without the wire: bytes and a time in, bytes and events out.
//!
//! On a serial line each message is a block that the other side acknowledges with one byte, at
//! once; on the network messages follow each other as they are.

use std::collections::VecDeque;
use std::time::Duration;

use super::apdu::Apdu;
use super::block::{self, Block, Reading};

const ACK: u8 = 0x06;
const NAK: u8 = 0x15;

/// A block is sent at most so often.
const SENDS: u32 = 3;

/// How messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZvtFraming {
    /// Blocks with a check sum, as on a serial port.
    Serial,
    /// One message after the other, as on the network.
    Net,
}

/// The timers of a serial line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineTimers {
    /// The longest pause between two bytes of a block.
    pub(crate) t1: Duration,
    /// The longest wait for the acknowledgement of a block.
    pub(crate) t2: Duration,
}

/// What happened on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A message came.
    Arrived(Apdu),
    /// A block that is whole and holds no message.
    Unreadable,
    /// What was sent last has arrived; on the network, it is on its way.
    Delivered,
    /// It was sent three times, and nobody acknowledged it.
    Undelivered,
}

/// One end of a line. At any time one block of ours waits for its acknowledgement at most; further
/// ones queue up.
#[derive(Debug)]
pub(crate) struct Line {
    framing: ZvtFraming,
    timers: LineTimers,
    output: Vec<u8>,
    events: VecDeque<Event>,
    waiting: VecDeque<Apdu>,
    sent: Option<Sent>,
    block: Block,
    /// The network's bytes that are no whole message yet.
    partial: Vec<u8>,
    /// When the last byte of a block that is not whole came.
    last_byte: Duration,
    /// The block that came last, until one of ours has arrived since: the same one again is a
    /// repetition, because its acknowledgement was lost.
    last_block: Option<Vec<u8>>,
}

#[derive(Debug)]
struct Sent {
    apdu: Apdu,
    times: u32,
    at: Duration,
}

impl Line {
    pub(crate) fn new(framing: ZvtFraming, timers: LineTimers) -> Self {
        Self {
            framing,
            timers,
            output: Vec::new(),
            events: VecDeque::new(),
            waiting: VecDeque::new(),
            sent: None,
            block: Block::default(),
            partial: Vec::new(),
            last_byte: Duration::ZERO,
            last_block: None,
        }
    }

    /// Sends a message, after those that still wait.
    pub(crate) fn send(&mut self, apdu: Apdu, now: Duration) {
        self.waiting.push_back(apdu);
        self.send_next(now);
    }

    /// Takes in what came.
    pub(crate) fn heard(&mut self, bytes: &[u8], now: Duration) {
        self.poll(now);
        match self.framing {
            ZvtFraming::Serial => bytes.iter().for_each(|byte| self.heard_byte(*byte, now)),
            ZvtFraming::Net => {
                self.partial.extend(bytes);
                let mut taken = 0;
                while let Some((apdu, length)) = Apdu::first(&self.partial[taken..]) {
                    taken += length;
                    self.events.push_back(Event::Arrived(apdu));
                }
                self.partial.drain(..taken);
            }
        }
    }

    /// Lets the timers run out that have.
    pub(crate) fn poll(&mut self, now: Duration) {
        if self.block.is_open() && now >= self.last_byte + self.timers.t1 {
            self.block = Block::default();
            self.output.push(NAK);
        }
        if self.sent.as_ref().is_some_and(|sent| now >= sent.at + self.timers.t2) {
            self.send_again(now);
        }
    }

    /// When [`Line::poll`] has something to do next.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        let t1 = self.block.is_open().then(|| self.last_byte + self.timers.t1);
        let t2 = self.sent.as_ref().map(|sent| sent.at + self.timers.t2);
        t1.into_iter().chain(t2).min()
    }

    /// True if nothing of ours waits for its acknowledgement.
    pub(crate) fn is_idle(&self) -> bool {
        self.sent.is_none() && self.waiting.is_empty()
    }

    /// What is to be written to the wire now.
    pub(crate) fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    /// What happened, oldest first.
    pub(crate) fn take_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    fn heard_byte(&mut self, byte: u8, now: Duration) {
        self.last_byte = now;
        match self.block.push(byte) {
            Reading::More => {}
            Reading::Outside(ACK) => self.delivered(now),
            Reading::Outside(NAK) if self.sent.is_some() => self.send_again(now),
            Reading::Outside(_) => {}
            Reading::Broken => self.output.push(NAK),
            Reading::Whole(body) => {
                // At once, before anyone looks inside.
                self.output.push(ACK);
                if self.last_block.as_ref() == Some(&body) {
                    return;
                }
                let event = Apdu::whole(&body).map_or(Event::Unreadable, Event::Arrived);
                self.last_block = Some(body);
                // An answer to a command, and the next command after an answer, say that ours came,
                // although its acknowledgement did not.
                if let (Event::Arrived(apdu), Some(sent)) = (&event, &self.sent)
                    && apdu.is_reply() != sent.apdu.is_reply()
                {
                    self.sent = None;
                    self.events.push_back(Event::Delivered);
                }
                self.events.push_back(event);
                self.send_next(now);
            }
        }
    }

    fn delivered(&mut self, now: Duration) {
        if self.sent.take().is_some() {
            self.last_block = None;
            self.events.push_back(Event::Delivered);
            self.send_next(now);
        }
    }

    fn send_next(&mut self, now: Duration) {
        while self.sent.is_none()
            && let Some(apdu) = self.waiting.pop_front()
        {
            match self.framing {
                ZvtFraming::Serial => {
                    self.output.extend(block::write(&apdu.bytes()));
                    self.sent = Some(Sent { apdu, times: 1, at: now });
                }
                ZvtFraming::Net => {
                    self.output.extend(apdu.bytes());
                    self.events.push_back(Event::Delivered);
                }
            }
        }
    }

    fn send_again(&mut self, now: Duration) {
        let Some(sent) = &mut self.sent else { return };
        if sent.times == SENDS {
            self.sent = None;
            self.events.push_back(Event::Undelivered);
            self.send_next(now);
            return;
        }
        sent.times += 1;
        sent.at = now;
        self.output.extend(block::write(&sent.apdu.bytes()));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Event, Line, LineTimers, ZvtFraming};
    use crate::zvt::apdu::Apdu;
    use crate::zvt::block;

    const TIMERS: LineTimers =
        LineTimers { t1: Duration::from_millis(200), t2: Duration::from_secs(5) };

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn serial() -> Line {
        Line::new(ZvtFraming::Serial, TIMERS)
    }

    fn status() -> (Apdu, Vec<u8>) {
        let apdu = Apdu::new(0x04, 0x0F, &[0x27, 0x00]);
        let block = block::write(&apdu.bytes());
        (apdu, block)
    }

    #[test]
    fn a_block_is_sent_three_times_at_most_and_then_given_up() {
        let mut line = serial();
        let block = block::write(&Apdu::positive().bytes());
        line.send(Apdu::positive(), at(0));
        assert_eq!(line.take_output(), block);
        // Refused at once, and then nobody answers.
        line.heard(&[0x15], at(10));
        assert_eq!(line.take_output(), block);
        assert_eq!(line.deadline(), Some(at(5_010)));
        line.poll(at(5_009));
        assert!(line.take_output().is_empty());
        line.poll(at(5_010));
        assert_eq!(line.take_output(), block);
        line.poll(at(10_010));
        assert!(line.take_output().is_empty());
        assert_eq!(line.take_event(), Some(Event::Undelivered));
        assert!(line.is_idle());
    }

    #[test]
    fn a_block_with_a_pause_in_it_or_a_wrong_check_sum_is_refused() {
        let (apdu, block) = status();
        let mut line = serial();
        line.heard(&block[..4], at(0));
        line.poll(at(199));
        assert!(line.take_output().is_empty());
        line.poll(at(200));
        assert_eq!(line.take_output(), [0x15]);
        let mut wrong = block.clone();
        wrong[4] ^= 1;
        line.heard(&wrong, at(300));
        assert_eq!(line.take_output(), [0x15]);
        line.heard(&block, at(400));
        assert_eq!(line.take_output(), [0x06]);
        assert_eq!(line.take_event(), Some(Event::Arrived(apdu)));
        assert_eq!(line.take_event(), None);
    }

    #[test]
    fn a_repeated_block_is_acknowledged_and_not_heard_twice() {
        let (apdu, block) = status();
        let mut line = serial();
        line.heard(&[block.clone(), block.clone()].concat(), at(0));
        assert_eq!(line.take_output(), [0x06, 0x06]);
        assert_eq!(line.take_event(), Some(Event::Arrived(apdu.clone())));
        assert_eq!(line.take_event(), None);
        // Once the answer has arrived, the same words are a new message.
        line.send(Apdu::positive(), at(1));
        line.heard(&[0x06], at(2));
        assert_eq!(line.take_event(), Some(Event::Delivered));
        line.heard(&block, at(3));
        assert_eq!(line.take_event(), Some(Event::Arrived(apdu)));
    }

    #[test]
    fn an_answer_says_that_the_command_came_although_its_acknowledgement_was_lost() {
        let mut line = serial();
        line.send(Apdu::new(0x06, 0xB0, &[]), at(0));
        // A command that crosses ours on the way says nothing of it.
        line.heard(&status().1, at(1));
        assert!(!line.is_idle());
        line.heard(&block::write(&Apdu::positive().bytes()), at(2));
        assert!(line.is_idle());
    }

    #[test]
    fn the_network_carries_messages_in_whatever_pieces() {
        let (apdu, _) = status();
        let bytes = [apdu.bytes(), Apdu::positive().bytes()].concat();
        for size in 1..bytes.len() {
            let mut line = Line::new(ZvtFraming::Net, TIMERS);
            bytes.chunks(size).for_each(|piece| line.heard(piece, at(0)));
            assert_eq!(line.take_event(), Some(Event::Arrived(apdu.clone())));
            assert_eq!(line.take_event(), Some(Event::Arrived(Apdu::positive())));
            assert!(line.take_output().is_empty(), "nothing is acknowledged there");
        }
    }
}

//! What a terminal does when it is told to.

use std::time::Duration;

use super::ledger::{ChargedKind, ChargedState};
use super::machine::{
    BUSY, CURRENCY, NO_PAYMENT, NOT_POSSIBLE, NOT_REVERSIBLE, NOT_SIGNED_ON, OTHER_AMOUNT, Ordered,
    Payment, REVERSED, STOPPED, Step, ZvtMachine,
};
use super::says;
use super::settings::{ZvtButton, ZvtTakingBack};
use crate::zvt::apdu::Apdu;

/// The bank's no.
const REFUSED: u8 = 0x05;

/// How long a slow terminal says that it may take.
const SLOW_MINUTES: u8 = 5;

/// The wishes of a register that signed off.
const SIGNED_OFF: u8 = 0x86;

impl ZvtMachine {
    /// A command of the register.
    pub(super) fn commanded(&mut self, apdu: &Apdu, now: Duration) {
        let data = apdu.data.as_slice();
        match (apdu.class, apdu.instr) {
            (0x06, 0xB0) => self.stop(now),
            _ if !self.is_idle() => self.reply(Apdu::negative(BUSY), now),
            (0x06, 0x00) => self.sign_on(data, now),
            _ if self.wishes.is_none() => self.reply(Apdu::negative(NOT_SIGNED_ON), now),
            (0x06, 0x02) => {
                self.reply(Apdu::positive(), now);
                self.wishes = Some(SIGNED_OFF);
            }
            (0x05, 0x01) => self.run(vec![completion(&[0x00])], now),
            (0x06, 0x70) => {
                self.run(vec![Step::Say(says::progress(0xC9, None, "")), completion(&[])], now);
            }
            (0x06, 0x01) => self.authorise(ChargedKind::Charge, data, now),
            (0x06, 0x31) => {
                self.authorise(ChargedKind::Refund, data.get(3..).unwrap_or_default(), now);
            }
            (0x06, 0x30) => self.reverse(data.get(3..).unwrap_or_default(), now),
            (0x06, 0x20) => self.tell_last(data.get(3..).unwrap_or_default(), now),
            (0x06, 0x50) => self.end_day(now),
            _ => self.reply(Apdu::negative(NOT_POSSIBLE), now),
        }
    }

    fn run(&mut self, steps: Vec<Step>, now: Duration) {
        self.reply(Apdu::positive(), now);
        self.steps.extend(steps);
    }

    fn sign_on(&mut self, data: &[u8], now: Duration) {
        let Some(wishes) = data.get(3) else {
            return self.reply(Apdu::negative(NOT_POSSIBLE), now);
        };
        self.wishes = Some(*wishes);
        self.blocks =
            Ordered::read(data.get(6..).unwrap_or_default()).is_some_and(|ordered| ordered.blocks);
        self.run(vec![Step::Say(says::signed_on(&self.settings))], now);
    }

    fn authorise(&mut self, kind: ChargedKind, data: &[u8], now: Duration) {
        let Some(ordered) = Ordered::read(data) else {
            return self.reply(Apdu::negative(NOT_POSSIBLE), now);
        };
        let Some(amount) = ordered.amount.filter(|amount| *amount > 0) else {
            return self.reply(Apdu::negative(NOT_POSSIBLE), now);
        };
        let ours = u64::from(self.settings.currency.numeric());
        if ordered.currency.is_some_and(|currency| currency != ours) {
            return self.reply(Apdu::negative(CURRENCY), now);
        }
        self.mirrored(ordered.mirrored);
        self.payment = Some(Payment {
            kind,
            amount,
            takes_back: None,
            entry: None,
            planned: None,
            open_since: None,
        });
        let until = now + self.settings.card;
        self.show(&format!("{},{:02} - card, please", amount / 100, amount % 100));
        let ask = Step::Say(says::progress(0x0A, None, ""));
        self.run(vec![ask, Step::Card(until)], now);
    }

    /// The register's last receipt is one behind: it never heard of the last one here.
    fn mirrored(&mut self, known: Option<u32>) {
        if self.settings.taking_back != ZvtTakingBack::Mirror {
            return;
        }
        let last = self.ledger.last().map(|last| last.trace);
        let behind = |last: u32| (last + 9_997) % 9_999 + 1;
        if let Some(known) = known
            && self.ledger.last().is_some_and(|last| behind(last.receipt) == known)
        {
            let place = self.ledger.entries.iter().rposition(|entry| Some(entry.trace) == last);
            if let Some(place) = place {
                self.ledger.take_back(place, true);
            }
        }
    }

    fn reverse(&mut self, data: &[u8], now: Duration) {
        let ordered = Ordered::read(data).unwrap_or_default();
        let found = ordered.receipt.and_then(|receipt| self.ledger.reversible(receipt)).cloned();
        let refused = match &found {
            None => Some(NOT_REVERSIBLE),
            Some(found) if found.reversed => Some(REVERSED),
            Some(found) if ordered.amount.is_some_and(|amount| amount != found.amount) => {
                Some(OTHER_AMOUNT)
            }
            Some(_) => None,
        };
        let (Some(found), None) = (found, refused) else {
            let code = refused.unwrap_or(NOT_REVERSIBLE);
            return self.run(self.failing(code, "Storno nicht möglich"), now);
        };
        self.payment = Some(Payment {
            kind: ChargedKind::Reversal,
            amount: found.amount,
            takes_back: Some(found.trace),
            entry: None,
            planned: None,
            open_since: None,
        });
        self.show("Reversal");
        let mut steps = vec![Step::Say(says::progress(0x04, None, ""))];
        steps.extend(self.succeeding());
        self.run(steps, now);
    }

    fn tell_last(&mut self, data: &[u8], now: Duration) {
        let service = Ordered::read(data).unwrap_or_default().service;
        let Some(last) = self.ledger.last().cloned() else {
            return self.run(vec![Step::Say(Apdu::new(0x06, 0x1E, &[NO_PAYMENT]))], now);
        };
        let mut steps = Vec::new();
        if service & 0x01 != 0 {
            steps.push(Step::Say(says::success(&self.settings, &last)));
        }
        if service & 0x02 == 0 && self.wishes.unwrap_or(0) & 0x80 != 0 {
            let slips = says::slips(&self.settings, &last, self.blocks);
            steps.extend(slips.into_iter().map(Step::Say));
        }
        steps.push(completion(&[]));
        self.run(steps, now);
    }

    fn end_day(&mut self, now: Duration) {
        let holds = |kind| {
            let day = self.ledger.entries.get(self.ledger.day..).unwrap_or_default();
            day.iter()
                .filter(|entry| entry.state == ChargedState::Booked && entry.kind == kind)
                .filter(|entry| !entry.reversed)
                .map(|entry| entry.amount)
                .sum::<u64>()
        };
        let total = holds(ChargedKind::Charge).saturating_sub(holds(ChargedKind::Refund));
        let totals = Step::Say(says::totals(&self.settings, total));
        self.run(vec![totals, Step::CloseDay, completion(&[])], now);
    }

    fn stop(&mut self, now: Duration) {
        let waits = matches!(self.steps.front(), Some(Step::Card(_)))
            || self.steps.iter().any(|step| matches!(step, Step::Card(_)));
        if !waits {
            return self.reply(Apdu::negative(NOT_POSSIBLE), now);
        }
        self.steps.clear();
        self.run(self.failing(STOPPED, "Abbruch durch Kasse"), now);
    }

    /// What the customer, or the bank, did.
    pub(super) fn choose(&mut self, choice: ZvtButton) {
        let asking = |minutes| Step::Say(says::progress(0x04, minutes, ""));
        let thinking = Step::Pause(self.settings.thinking);
        self.show("Please wait");
        let steps = match choice {
            ZvtButton::Approve => {
                let mut steps = vec![asking(None), thinking];
                steps.extend(self.succeeding());
                steps
            }
            ZvtButton::Slow => {
                let mut steps = vec![asking(Some(SLOW_MINUTES)), Step::Pause(self.settings.slow)];
                steps.extend(self.succeeding());
                steps
            }
            ZvtButton::Decline => {
                let mut steps = vec![asking(None), thinking];
                steps.extend(self.failing(REFUSED, "Autorisierung abgelehnt"));
                steps
            }
            ZvtButton::DieAfterCharging => vec![asking(None), thinking, Step::Charge, Step::Die],
            _ => self.failing(STOPPED, "Abbruch durch Kunde"),
        };
        self.steps.extend(steps);
    }

    fn succeeding(&self) -> Vec<Step> {
        vec![Step::Charge, Step::Status, Step::Commit, completion(&[])]
    }

    fn failing(&self, code: u8, words: &str) -> Vec<Step> {
        vec![
            Step::Say(says::failure(&self.settings, code, words)),
            Step::Say(Apdu::new(0x06, 0x1E, &[code])),
        ]
    }

    /// The payment that is being made, as its status tells it.
    pub(super) fn charged(&self) -> Option<super::ledger::Charged> {
        let payment = self.payment.as_ref()?;
        match payment.entry {
            Some(entry) => self.ledger.entries.get(entry).cloned(),
            None => payment.planned.clone(),
        }
    }

    /// The card is charged now, or, in Austria, once the register knows.
    pub(super) fn charge(&mut self, now: Duration) {
        let at = self.clock(now);
        let Some(mut payment) = self.payment.take() else { return };
        let entry = self.ledger.make(payment.kind, payment.amount, payment.takes_back, at);
        if self.settings.taking_back.charges_first() {
            payment.entry = Some(entry);
        } else {
            payment.planned = self.ledger.entries.pop();
        }
        self.payment = Some(payment);
        self.show("Approved");
    }

    /// The register knows: it holds.
    pub(super) fn commit(&mut self) {
        let Some(payment) = &mut self.payment else { return };
        let entry = match (payment.entry, payment.planned.take()) {
            (Some(entry), _) => entry,
            (None, Some(planned)) => {
                self.ledger.entries.push(planned);
                self.ledger.entries.len() - 1
            }
            (None, None) => return,
        };
        payment.entry = None;
        payment.open_since = None;
        self.ledger.book(entry);
    }

    /// A payment that nobody acknowledged ends as this kind of terminal ends it.
    pub(super) fn settle_open(&mut self) {
        self.steps.clear();
        let Some(payment) = self.payment.take() else { return };
        if let Some(planned) = payment.planned
            && !self.settings.uses_up_numbers
        {
            self.ledger.receipt = if planned.receipt == 1 { 9_999 } else { planned.receipt - 1 };
        }
        let Some(entry) = payment.entry else { return };
        match self.settings.taking_back {
            ZvtTakingBack::Mirror => self.ledger.book(entry),
            ZvtTakingBack::Classic | ZvtTakingBack::Austrian => {
                self.ledger.take_back(entry, self.settings.uses_up_numbers);
                self.show("Taken back");
            }
        }
    }

    /// The register cannot print: the payment is off.
    pub(super) fn slip_refused(&mut self, code: u8) {
        if self.payment.is_none() {
            return;
        }
        self.settle_open();
        self.steps.push_back(Step::Say(Apdu::new(0x06, 0x1E, &[code])));
    }

    pub(super) fn close_day(&mut self) {
        self.ledger.day = self.ledger.entries.len();
        if self.settings.day_restarts_numbers {
            self.ledger.receipt = 0;
        }
    }
}

fn completion(data: &[u8]) -> Step {
    Step::Say(Apdu::new(0x06, 0x0F, data))
}

//! Everything that can go wrong with a payment, at every byte and at every step: afterwards the
//! terminal's approvals are the register's tenders, nobody paid twice, and nobody is left in doubt.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use countertop_devices::{
    ChargedKind, ChargedState, PaymentKind, PaymentTerminal as _, ZvtButton, ZvtFraming,
    ZvtOptions, ZvtTakingBack, ZvtTerminal, ZvtTwinSettings,
};

use crate::books::{AT, Books, State, Watch};
use crate::world::{Fault, Shared, Way};

/// What kind of shop it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shop {
    pub(crate) framing: ZvtFraming,
    pub(crate) taking_back: ZvtTakingBack,
    pub(crate) print: &'static str,
    pub(crate) mirror: bool,
    pub(crate) button: ZvtButton,
}

pub(crate) const SHOP: Shop = Shop {
    framing: ZvtFraming::Serial,
    taking_back: ZvtTakingBack::Classic,
    print: "terminal",
    mirror: false,
    button: ZvtButton::Approve,
};

impl Shop {
    pub(crate) fn options(&self) -> ZvtOptions {
        let mirror = if self.mirror { "yes" } else { "no" };
        let pairs = [("print", self.print), ("mirror", mirror)];
        ZvtOptions::read(&pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
            .unwrap()
    }

    pub(crate) fn world(&self) -> Shared {
        Shared::new(ZvtTwinSettings {
            framing: self.framing,
            taking_back: self.taking_back,
            clock: AT,
            by_itself: Some(ZvtButton::Approve),
            ..ZvtTwinSettings::default()
        })
    }
}

/// What a register does about a payment that broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    /// It asks.
    Asks,
    /// It takes what was stored before the terminal heard of it as the last word.
    BelievesItsDisk,
    /// It sends the payment again.
    PaysAgain,
}

/// What came of many runs.
#[derive(Debug, Default)]
struct Tally {
    runs: usize,
    approvals: usize,
    tenders: usize,
    double: usize,
    in_doubt: usize,
    /// Runs where terminal and register do not agree.
    apart: Vec<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "zvt faults: {} runs, {} approvals = {} tenders, {} double, {} in doubt",
            self.runs, self.approvals, self.tenders, self.double, self.in_doubt
        )
    }
}

/// A register that may die.
struct Till<'a> {
    shop: &'a Shop,
    world: Shared,
    books: Books,
    terminal: Option<ZvtTerminal>,
}

impl Till<'_> {
    fn watch(&self) -> Watch {
        let world = self.world.clone();
        Watch { point: Box::new(move || world.point()), ..self.books.watch() }
    }

    /// True if the register lived through it.
    fn lives(&mut self, deed: impl FnOnce(&mut ZvtTerminal, &Books, &mut Watch)) -> bool {
        let mut terminal = match self.terminal.take() {
            Some(terminal) => terminal,
            None => self.world.register(&self.shop.options()),
        };
        let (books, mut watch) = (self.books.clone(), self.watch());
        let lived = catch_unwind(AssertUnwindSafe(|| {
            deed(&mut terminal, &books, &mut watch);
            terminal
        }));
        self.terminal = lived.ok();
        self.terminal.is_some()
    }

    fn pay(&mut self) -> bool {
        let order = self.books.intend(PaymentKind::Charge, 1610, self.world.wall_clock());
        self.lives(|terminal, books, watch| {
            books.run(terminal, &order, watch);
        })
    }
}

/// One payment with a fault, further ones while it is asked about, and what comes after it.
fn play(shop: &Shop, faults: &[Fault], habit: Habit, tally: &mut Tally) {
    let world = shop.world();
    let mut till = Till { shop, world: world.clone(), books: Books::default(), terminal: None };
    till.lives(|terminal, books, _| {
        let known = terminal.last_payment().unwrap().unwrap();
        books.with(|disk| disk.last_known = Some(known.mark()));
    });
    let before = world.lock().machine.ledger().len();
    world.press(shop.button);
    let (first, further) = faults.split_first().unwrap();
    world.plan(*first);
    let lived = till.pay();
    settle(&mut till, lived, habit, further);
    world.plan(Fault::None);
    world.rest();
    let (holds, held) = (holding(&world, before), till.books.tenders());
    let open = till.books.state() == State::Open;
    tally.runs += 1;
    tally.approvals += holds;
    tally.tenders += held;
    tally.double += usize::from(holds > 1);
    tally.in_doubt += usize::from(open);
    if holds != held || open {
        let doubt = till.books.with(|disk| disk.doubt.clone().unwrap_or_default());
        let state = till.books.state();
        tally
            .apart
            .push(format!("{shop:?} {faults:?}: {holds} at the terminal, {state:?} {doubt}"));
        return;
    }
    // The next customer pays as if nothing had been.
    world.plan(Fault::None);
    world.pass(Duration::from_secs(200));
    world.press(ZvtButton::Approve);
    till.pay();
    world.rest();
    if holding(&world, before) != held + 1 || till.books.tenders() != held + 1 {
        let state = till.books.state();
        tally.apart.push(format!("{shop:?} {faults:?}: then the next one ended {state:?}"));
    }
}

/// What a register does until the payment is no longer open.
fn settle(till: &mut Till<'_>, lived: bool, habit: Habit, further: &[Fault]) {
    let mut ask = !lived;
    for round in 0..20 {
        if till.books.state() != State::Open {
            return;
        }
        if !ask && !till.books.with(|disk| disk.may_ask_again) {
            return;
        }
        till.world.plan(further.get(round).copied().unwrap_or(Fault::None));
        till.world.pass(Duration::from_secs(10));
        till.world.plug_in();
        let decided = till.books.with(|disk| disk.decided.clone());
        match habit {
            Habit::BelievesItsDisk if decided.is_some() => {
                till.books.with(|disk| {
                    let state = match decided.unwrap() {
                        Ok(facts) => State::Approved(facts),
                        Err(refusal) => State::Declined(refusal),
                    };
                    disk.attempts.last_mut().unwrap().1 = state;
                });
            }
            Habit::PaysAgain => ask = !till.pay(),
            _ => ask = !till.lives(|terminal, books, watch| books.resolve(terminal, watch)),
        }
    }
}

/// How many payments of this run hold at the terminal.
fn holding(world: &Shared, before: usize) -> usize {
    let world = world.lock();
    let new = world.machine.ledger().iter().skip(before);
    new.filter(|entry| entry.kind == ChargedKind::Charge)
        .filter(|entry| entry.state == ChargedState::Booked && !entry.reversed)
        .count()
}

/// Every fault of a shop: what a payment without one has of bytes, pieces and points.
fn faults(shop: &Shop) -> Vec<Fault> {
    let world = shop.world();
    let mut till = Till { shop, world: world.clone(), books: Books::default(), terminal: None };
    till.lives(|terminal, _, _| drop(terminal.last_payment()));
    world.press(shop.button);
    world.plan(Fault::None);
    till.pay();
    let (bytes, pieces, points) = world.counted();
    let mut all = vec![Fault::None];
    let (short, long) = (Duration::from_secs(5), Duration::from_secs(100));
    for (way, bytes, pieces) in
        [(Way::ToTerminal, bytes[0], pieces[0]), (Way::ToRegister, bytes[1], pieces[1])]
    {
        for byte in 0..bytes {
            all.push(Fault::Cut { way, byte, outage: short, noticed: true });
            all.push(Fault::Cut { way, byte, outage: long, noticed: true });
            all.push(Fault::Restart { way, byte });
            // The network carries every byte as it is, or breaks.
            if shop.framing == ZvtFraming::Serial {
                all.push(Fault::Cut { way, byte, outage: short, noticed: false });
                all.push(Fault::Cut { way, byte, outage: long, noticed: false });
                all.push(Fault::Lose { way, byte });
                all.push(Fault::Flip { way, byte });
            }
        }
        for piece in 0..pieces {
            if shop.framing == ZvtFraming::Serial {
                all.push(Fault::Repeat { way, piece });
            }
            all.push(Fault::Merge { way, piece });
        }
    }
    all.extend((0..points).map(|point| Fault::Crash { point }));
    all
}

fn shops() -> Vec<Shop> {
    let mut shops = Vec::new();
    for framing in [ZvtFraming::Serial, ZvtFraming::Net] {
        for taking_back in [ZvtTakingBack::Classic, ZvtTakingBack::Mirror, ZvtTakingBack::Austrian]
        {
            for print in ["terminal", "lines"] {
                let mirror = taking_back == ZvtTakingBack::Mirror;
                shops.push(Shop { framing, taking_back, print, mirror, ..SHOP });
            }
        }
        for button in [
            ZvtButton::Decline,
            ZvtButton::Slow,
            ZvtButton::TimeOut,
            ZvtButton::CustomerStops,
            ZvtButton::DieAfterCharging,
        ] {
            shops.push(Shop { framing, button, ..SHOP });
        }
    }
    shops
}

#[test]
fn whatever_goes_wrong_nobody_pays_twice_and_nobody_is_left_in_doubt() {
    let mut tally = Tally::default();
    // The plainest shop at every byte and step; the others at every one of them in the long run.
    let stride = if std::env::var_os("COUNTERTOP_LONG").is_some() { 1 } else { 7 };
    for (at, shop) in shops().iter().enumerate() {
        let (skip, stride) = if at == 0 { (0, 1) } else { (at % stride, stride) };
        for fault in faults(shop).into_iter().skip(skip).step_by(stride) {
            play(shop, &[fault], Habit::Asks, &mut tally);
        }
    }
    agreed(&tally);
}

#[test]
fn one_fault_after_the_other_leaves_nobody_in_doubt_either() {
    let mut tally = Tally::default();
    let runs = if std::env::var_os("COUNTERTOP_LONG").is_some() { 50_000 } else { 2_000 };
    let shops = shops();
    let mut dice = Dice(20_261_123);
    for _ in 0..runs {
        let shop = &shops[dice.below(shops.len())];
        let faults: Vec<Fault> = (0..dice.below(4) + 2).map(|_| dice.fault(shop)).collect();
        play(shop, &faults, Habit::Asks, &mut tally);
    }
    agreed(&tally);
}

fn agreed(tally: &Tally) {
    println!("{tally}");
    for apart in tally.apart.iter().take(20) {
        println!("  {apart}");
    }
    assert!(tally.runs >= 2_000, "{tally}");
    assert!(tally.apart.is_empty(), "{} runs: {tally}", tally.apart.len());
    assert_eq!((tally.double, tally.in_doubt, tally.approvals), (0, 0, tally.tenders));
}

/// Numbers at random, the same ones every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn fault(&mut self, shop: &Shop) -> Fault {
        let way = if self.below(2) == 0 { Way::ToTerminal } else { Way::ToRegister };
        let byte = self.below(400);
        let piece = self.below(30);
        let outage = Duration::from_secs([1, 5, 40, 100][self.below(4)]);
        let on_net = shop.framing == ZvtFraming::Net;
        match self.below(9) {
            0 | 1 => Fault::Cut { way, byte, outage, noticed: true },
            2 => Fault::Cut { way, byte, outage, noticed: on_net },
            3 => Fault::Restart { way, byte },
            4 if !on_net => Fault::Lose { way, byte },
            5 if !on_net => Fault::Flip { way, byte },
            6 if !on_net => Fault::Repeat { way, piece },
            7 => Fault::Merge { way, piece },
            _ => Fault::Crash { point: self.below(120) },
        }
    }
}

#[test]
fn a_register_that_pays_again_charges_twice() {
    let mut tally = Tally::default();
    for fault in faults(&SHOP) {
        play(&SHOP, &[fault], Habit::PaysAgain, &mut tally);
        let mirror = Shop { taking_back: ZvtTakingBack::Mirror, ..SHOP };
        play(&mirror, &[fault], Habit::PaysAgain, &mut tally);
    }
    println!("control, retry as a new payment: {tally}");
    assert!(tally.double > 0, "the control must fail: {tally}");
}

#[test]
fn a_register_that_believes_what_it_stored_before_the_terminal_heard_counts_money_that_is_not_there()
 {
    let mut tally = Tally::default();
    for fault in faults(&SHOP) {
        play(&SHOP, &[fault], Habit::BelievesItsDisk, &mut tally);
    }
    println!("control, the stored decision is the last word: {tally}");
    assert!(tally.tenders > tally.approvals, "the control must fail: {tally}");
}

//! The register is killed again and again while it sells: what it acknowledged is there, once.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use countertop::{Config, Register};
use countertop_app::commands::{Clear, CurrentBasket};
use countertop_app::perform;
use countertop_app::wire::{BasketRequest, Nothing};

use crate::common::{Dice, daemon, sales_of, verify_ok};

/// Registers that are tried, and how often each is killed.
const REGISTERS: u64 = 20;
const KILLS_EACH: u64 = 5;
/// Customers of a run; more than any run lives to see.
const CUSTOMERS: usize = 400;

/// Two to four things a customer, all different within one basket.
fn customers() -> Vec<Vec<String>> {
    (0..CUSTOMERS)
        .map(|number| {
            let count = 2 + number % 3;
            (0..count).map(|line| format!("thing {}", (number * 7 + line * 3) % 40)).collect()
        })
        .collect()
}

fn write_customers(path: &Path, customers: &[Vec<String>]) {
    let mut text = String::new();
    for basket in customers {
        writeln!(text, "{}", basket.join(",")).unwrap();
    }
    fs::write(path, text).unwrap();
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// A sale that the register said is durable.
#[derive(Debug, PartialEq, Eq)]
struct Ack {
    receipt: String,
    id: String,
    total: i64,
}

fn ack(line: &str) -> Ack {
    let mut words = line.trim_end().split(' ');
    assert_eq!(words.next(), Some("ack"), "{line:?}");
    let mut word = || words.next().unwrap_or_else(|| panic!("half a line: {line:?}"));
    let (receipt, id, total) = (word().to_owned(), word().to_owned(), word().parse().unwrap());
    Ack { receipt, id, total }
}

/// When to kill: at a time after the start, or so long after an acknowledgement.
#[derive(Debug)]
enum Moment {
    AfterStart(Duration),
    AfterAck(u64, Duration),
}

fn moment(dice: &mut Dice) -> Moment {
    match dice.below(4) {
        // While it opens the folder, reads the baskets and looks for its items.
        0 => Moment::AfterStart(Duration::from_micros(dice.below(120_000))),
        // The very moment when it has said so.
        1 => Moment::AfterAck(1 + dice.below(40), Duration::ZERO),
        // Somewhere in the next few sales.
        _ => Moment::AfterAck(1 + dice.below(40), Duration::from_micros(dice.below(6_000))),
    }
}

/// Sells until the moment comes and kills it there. Everything that it acknowledged until its end.
fn sell_and_kill(folder: &Path, baskets: &Path, moment: &Moment) -> Vec<Ack> {
    let baskets = baskets.to_str().unwrap();
    let mut process =
        daemon::countertopd(folder, &["replay", baskets, "--acks", "--tender", "mixed"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
    let began = Instant::now();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let mut acks = Vec::new();
    let mut line = String::new();
    let wait = match moment {
        Moment::AfterStart(wait) => *wait,
        Moment::AfterAck(count, wait) => {
            while (acks.len() as u64) < *count && output.read_line(&mut line).unwrap() > 0 {
                acks.push(ack(&line));
                line.clear();
            }
            assert_eq!(acks.len() as u64, *count, "it ended by itself");
            began.elapsed() + *wait
        }
    };
    // A sleep is too coarse for a few microseconds.
    while began.elapsed() < wait {
        std::hint::spin_loop();
    }
    process.kill().unwrap();
    while output.read_line(&mut line).unwrap() > 0 {
        // Killed in the middle of a line, it has not said it.
        if line.ends_with('\n') {
            acks.push(ack(&line));
        }
        line.clear();
    }
    assert!(!process.wait().unwrap().success(), "it was to be killed, but came to its end");
    acks
}

/// Opens the register after the kill and compares it with what was acknowledged. Returns how many
/// sales it had not come to acknowledge, and how many lines it gave back.
fn check(
    folder: &Path,
    known: &mut Vec<Ack>,
    acks: Vec<Ack>,
    customers: &[Vec<String>],
) -> (usize, usize) {
    let register = Register::open(&Config::new(folder)).unwrap();
    let app = register.app();
    let sales = sales_of(app);
    let run = sales.len() - known.len();
    assert!(
        run >= acks.len(),
        "{} of {} acknowledged sales are lost",
        acks.len() - run,
        acks.len()
    );
    assert!(run <= acks.len() + 1, "{run} sales, but {} acknowledged", acks.len());

    let mut found: HashMap<String, usize> = HashMap::new();
    for sale in &sales {
        *found.entry(sale.id.to_string()).or_default() += 1;
    }
    for said in known.iter().chain(&acks) {
        assert_eq!(found.get(&said.id), Some(&1), "{said:?}");
        let sale = sales.iter().find(|sale| sale.id.to_string() == said.id).unwrap();
        assert_eq!(
            (sale.receipt.to_string(), sale.total.minor()),
            (said.receipt.clone(), said.total)
        );
    }
    // Sale by sale, what each customer had.
    for (sale, customer) in sales[known.len()..].iter().zip(customers) {
        let names: Vec<_> = sale.lines.iter().map(|line| line.name.clone()).collect();
        assert_eq!(&names, customer);
    }
    verify_ok(app);

    // The customer who stood at the till gets back what was scanned, in order.
    let caller = register.caller("countertopd").unwrap();
    let basket = perform::<CurrentBasket>(app, &caller, Nothing {}).unwrap();
    let names: Vec<_> = basket.lines.iter().map(|line| line.name.clone()).collect();
    assert!(customers[run].starts_with(&names), "{names:?} of {:?}", customers[run]);
    if !names.is_empty() {
        perform::<Clear>(app, &caller, BasketRequest { basket_id: basket.id }).unwrap();
    }
    *known = sales
        .iter()
        .map(|sale| Ack {
            receipt: sale.receipt.to_string(),
            id: sale.id.to_string(),
            total: sale.total.minor(),
        })
        .collect();
    (run - acks.len(), names.len())
}

#[test]
fn a_register_killed_at_a_hundred_moments_never_loses_or_doubles_a_sale() {
    let work = tempfile::tempdir().unwrap();
    let baskets = work.path().join("baskets.csv");
    let customers = customers();
    write_customers(&baskets, &customers);
    // Every register begins as a copy of one that has the items already.
    let first = work.path().join("first.csv");
    write_customers(&first, &customers[..40]);
    let begun = work.path().join("begun");
    let made = daemon::run(&begun, &["replay", first.to_str().unwrap()]);
    assert!(made.status.success(), "{}", daemon::complaint(&made));
    let before: Vec<Ack> = {
        let register = Register::open(&Config::new(&begun)).unwrap();
        sales_of(register.app())
            .iter()
            .map(|sale| Ack {
                receipt: sale.receipt.to_string(),
                id: sale.id.to_string(),
                total: sale.total.minor(),
            })
            .collect()
    };
    assert_eq!(before.len(), 40);

    let mut dice = Dice(20_261_123);
    let (mut acknowledged, mut unheard, mut given_back) = (0, 0, 0);
    for number in 0..REGISTERS {
        let folder = work.path().join(format!("register {number}"));
        copy_folder(&begun, &folder);
        let mut known: Vec<Ack> = before
            .iter()
            .map(|ack| Ack { receipt: ack.receipt.clone(), id: ack.id.clone(), total: ack.total })
            .collect();
        for _ in 0..KILLS_EACH {
            let acks = sell_and_kill(&folder, &baskets, &moment(&mut dice));
            acknowledged += acks.len();
            let (more, lines) = check(&folder, &mut known, acks, &customers);
            unheard += more;
            given_back += lines;
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    println!(
        "{} kills, {acknowledged} sales acknowledged, none lost or doubled; {unheard} durable but \
         not yet acknowledged; {given_back} scanned lines given back",
        REGISTERS * KILLS_EACH
    );
    assert!(acknowledged > 500 && given_back > 0, "the kills came too early to mean anything");
}

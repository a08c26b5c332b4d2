//! The register is killed again and again while cards pay at a terminal that speaks ZVT. At the end
//! the terminal's own books and the journal agree: nobody paid twice, and nothing is in doubt.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use countertop::{Config, Register};
use countertop_app::{Clock, SystemClock};
use countertop_devices::{
    Charged, ChargedKind, ChargedState, Door, ZvtButton, ZvtFraming, ZvtTakingBack, ZvtTwin,
    ZvtTwinSettings,
};
use countertop_domain::tender::TenderKind;
use serde_json::Value;

use crate::common::{Dice, books_agree, daemon, sales_of, wait_for};

/// How often each register is killed; three of them make more than a hundred.
const KILLS: u64 = 35;
/// Customers of a register: more than it serves between so many kills.
const CUSTOMERS: usize = 400;

/// A terminal whose customers are quick.
fn quick(framing: ZvtFraming, taking_back: ZvtTakingBack) -> ZvtTwinSettings {
    ZvtTwinSettings {
        framing,
        taking_back,
        by_itself: Some(ZvtButton::Approve),
        thinking: Duration::from_millis(5),
        repeating: Duration::from_secs(2),
        clock: SystemClock.now(),
        ..ZvtTwinSettings::default()
    }
}

fn write_customers(path: &Path) {
    let mut text = String::new();
    for number in 0..CUSTOMERS {
        writeln!(text, "thing {},thing {}", number % 40, (number * 7 + 3) % 40).unwrap();
    }
    fs::write(path, text).unwrap();
}

/// What the terminal holds for the shop: payments that stand, by amount.
fn stands(ledger: &[Charged]) -> Vec<i64> {
    // What it charged in earlier days is none of this.
    let (before, _) = ZvtTwinSettings::default().numbers;
    let standing = ledger.iter().filter(|charged| {
        charged.receipt > before
            && charged.state == ChargedState::Booked
            && charged.kind == ChargedKind::Charge
            && !charged.reversed
    });
    let mut amounts: Vec<i64> =
        standing.map(|charged| i64::try_from(charged.amount).unwrap()).collect();
    amounts.sort_unstable();
    amounts
}

fn replay(folder: &Path, file: &Path, limit: usize) -> Command {
    let file = file.display().to_string();
    let limit = limit.to_string();
    daemon::countertopd(
        folder,
        &[
            "replay",
            &file,
            "--limit",
            &limit,
            "--tender",
            "card",
            "--terminal",
            "Counter",
            "--acks",
        ],
    )
}

/// Kills a register in the middle, many times, and then lets it end. What the terminal holds, and
/// what was sold by card.
fn kill_and_count(twin: &ZvtTwin, port: &str, seed: u64) -> (usize, usize) {
    let home = tempfile::tempdir().unwrap();
    let (folder, file) = (home.path().join("data"), home.path().join("customers.csv"));
    write_customers(&file);
    let add = ["device", "add", "terminal", "--driver", "zvt", "--port", port, "--name", "Counter"];
    assert!(daemon::run(&folder, &add).status.success());
    let mut dice = Dice(seed);
    let mut killed = 0;
    while killed < KILLS {
        let mut process = replay(&folder, &file, CUSTOMERS)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let until = Instant::now() + Duration::from_millis(40 + dice.below(900));
        while Instant::now() < until && process.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        process.kill().unwrap();
        killed += u64::from(!process.wait().unwrap().success());
    }
    // So many customers more than the kills let through; whoever was charged is served in any case.
    let served = twin.ledger().len();
    let last = replay(&folder, &file, (served + 5).min(CUSTOMERS)).output().unwrap();
    assert!(last.status.success(), "{}", daemon::complaint(&last));
    let open = daemon::run(&folder, &["device", "resolve", "--json"]);
    assert!(open.status.success(), "{}", String::from_utf8_lossy(&open.stdout));
    let open: Value = serde_json::from_slice(&open.stdout).unwrap();
    assert_eq!(open["attempts"], Value::Array(Vec::new()), "nothing is in doubt");

    let sold = sales_now(&folder);
    assert_eq!(stands(&twin.ledger()), sold, "the terminal's books and the journal");
    (stands(&twin.ledger()).len(), sold.len())
}

/// What was paid by card, by amount, as the journal has it.
fn sales_now(folder: &Path) -> Vec<i64> {
    let register = Register::open(&Config::new(folder)).unwrap();
    let app = register.app();
    books_agree(app);
    let sales = sales_of(app);
    let tenders = sales.iter().flat_map(|sale| &sale.tenders);
    let mut amounts: Vec<i64> = tenders
        .filter(|tender| tender.kind == TenderKind::Card)
        .map(|tender| tender.amount.minor())
        .collect();
    amounts.sort_unstable();
    amounts
}

#[test]
fn killed_at_any_moment_nobody_pays_twice_at_a_terminal_on_the_network() {
    for (number, habit) in [ZvtTakingBack::Classic, ZvtTakingBack::Austrian].into_iter().enumerate()
    {
        let (twin, at) = ZvtTwin::on_tcp(0, quick(ZvtFraming::Net, habit)).unwrap();
        let (there, here) = kill_and_count(&twin, &at.to_string(), 11 + number as u64);
        println!(
            "card kills ({habit:?}, network): {KILLS} kills, {there} approvals = {here} tenders"
        );
    }
}

#[cfg(unix)]
#[test]
fn killed_at_any_moment_nobody_pays_twice_at_a_terminal_on_a_serial_line() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("terminal");
    let door = Door::serial(&path).unwrap();
    let settings = quick(ZvtFraming::Serial, ZvtTakingBack::Classic);
    let twin = ZvtTwin::at(door, settings).unwrap();
    let port = format!("serial:{}", path.display());
    let (there, here) = kill_and_count(&twin, &port, 5);
    println!("card kills (Classic, serial): {KILLS} kills, {there} approvals = {here} tenders");
}

/// What it took before the register was there is not taken for this payment, nor for a riddle.
#[test]
fn killed_while_the_very_first_customer_looks_for_a_card_nothing_was_charged_and_nothing_is_in_doubt()
 {
    let settings =
        ZvtTwinSettings { by_itself: None, ..quick(ZvtFraming::Net, ZvtTakingBack::Classic) };
    let (twin, at) = ZvtTwin::on_tcp(0, settings).unwrap();
    let home = tempfile::tempdir().unwrap();
    let (folder, file) = (home.path().join("data"), home.path().join("customers.csv"));
    write_customers(&file);
    let port = at.to_string();
    let add =
        ["device", "add", "terminal", "--driver", "zvt", "--port", &port, "--name", "Counter"];
    assert!(daemon::run(&folder, &add).status.success());
    let mut process = replay(&folder, &file, 1).stdout(Stdio::null()).spawn().unwrap();
    wait_for("the terminal to ask for a card", || twin.shows().contains("card").then_some(()));
    process.kill().unwrap();
    process.wait().unwrap();
    let open = daemon::run(&folder, &["device", "resolve"]);
    assert!(open.status.success(), "{}", String::from_utf8_lossy(&open.stdout));
    assert_eq!((stands(&twin.ledger()), sales_now(&folder)), (Vec::new(), Vec::new()));
}

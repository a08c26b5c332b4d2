//! How soon a program that listens hears of what happens: from the moment in which the till is told to
//! do something until the event has come over the wire, the wait for the disk and all.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use countertop::http::Door;
use countertop_app::commands::{CreateTokenCommand, SaveCustomerCommand};
use countertop_app::wire::{CreateToken, SaveCustomer};
use countertop_app::{import_catalogue, perform};

use super::Session;
use crate::catalogue::{Order, barcode, write_csv};
use crate::chance::Chance;
use crate::figures::Times;
use crate::report::{Row, Wanted};
use crate::till::Till;

const ITEMS: u64 = 1_000;
/// Half of them are sales, which the journal tells of, and half customers, whose change is noted.
const CHANGES: usize = 200;
const SCOPES: &[&str] = &["events", "sales:read", "customers:read"];
const HEARD: &str = "sale.completed,customer.created";
/// How long an event may take to come at all.
const PATIENCE: Duration = Duration::from_secs(20);

/// Measures and reports.
///
/// # Errors
/// The register's, or an event did not come.
pub(crate) fn measure(session: &mut Session) -> anyhow::Result<()> {
    let folder = session.folder.path().join("events");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("products.csv");
    write_csv(&file, Order::Running, 0, ITEMS)?;
    let till = Till::open(&folder.join("register"))?;
    import_catalogue(till.app(), &till.caller, &file)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let door = runtime.block_on(Door::bind(SocketAddr::from(([127, 0, 0, 1], 0))))?;
    let at = door.address();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = runtime.spawn(door.serve(till.shared(), None, async {
        let _ = stopped.await;
    }));
    let times = listen_and_change(&till, at)?;
    session.report.add(
        Row::new("events", "from a sale or an edit to its event at a listening program", "ms")
            .goal(5, Wanted { p99: Some(100.0), ..Wanted::default() })
            .measured(times.milliseconds())
            .note("half sales, half customers; the disk's part is in it"),
    );
    let _ = stop.send(());
    runtime.block_on(serving)?;
    Ok(())
}

fn listen_and_change(till: &Till, at: SocketAddr) -> anyhow::Result<Times> {
    let request = CreateToken {
        name: "Listener".to_owned(),
        scopes: SCOPES.iter().map(|&scope| scope.to_owned()).collect(),
        role: None,
    };
    let secret = perform::<CreateTokenCommand>(till.app(), &till.caller, request)?.secret;
    let (tell, told) = std::sync::mpsc::channel();
    let lines = open(at, &secret)?;
    std::thread::spawn(move || read(lines, &tell));
    next(&told)?; // The stream is there.
    let (mut times, mut chance) = (Times::default(), Chance::new(5));
    for number in 0..CHANGES {
        let request = match number % 2 {
            0 => {
                Some(Till::cash_for(&till.ring_up([barcode(Order::Running, chance.below(ITEMS))])?))
            }
            _ => None,
        };
        let began = Instant::now();
        match request {
            Some(request) => drop(till.pay(request)?),
            None => {
                drop(perform::<SaveCustomerCommand>(till.app(), &till.caller, customer(number))?)
            }
        }
        times.add(next(&told)?.saturating_duration_since(began));
    }
    Ok(times)
}

fn customer(number: usize) -> SaveCustomer {
    SaveCustomer {
        id: None,
        name: format!("Customer {number}"),
        email: String::new(),
        phone: String::new(),
        groups: Vec::new(),
        tax_exempt: false,
        tax_id: None,
        position: None,
        account_limit: None,
    }
}

/// Opens a stream; HTTP/1.0, so that its lines come as they are.
fn open(at: SocketAddr, secret: &str) -> anyhow::Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(at)?;
    write!(
        stream,
        "GET /v1/events?types={HEARD} HTTP/1.0\r\nHost: {at}\r\nAuthorization: Bearer {secret}\r\n\r\n"
    )?;
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first)?;
    ensure!(first.contains(" 200 "), "the stream was refused: {first}");
    Ok(lines)
}

/// Tells when the stream's place came for the first time, and when each event did.
fn read(mut lines: BufReader<TcpStream>, tell: &Sender<Instant>) {
    let (mut line, mut greeted) = (String::new(), false);
    while lines.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
        let now = Instant::now();
        let hello = !greeted && line.starts_with("id:");
        if (hello || line.starts_with("data:")) && tell.send(now).is_err() {
            return;
        }
        greeted |= hello;
        line.clear();
    }
}

fn next(told: &Receiver<Instant>) -> anyhow::Result<Instant> {
    told.recv_timeout(PATIENCE).context("an event did not come")
}

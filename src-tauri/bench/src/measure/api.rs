//! The cashier sells while other programs use the open API: what that costs the cashier, how fast the
//! programs are answered, and that connections which say nothing cost nobody anything.

use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use countertop::http::Door;
use countertop_app::commands::CreateTokenCommand;
use countertop_app::wire::CreateToken;
use countertop_app::{import_catalogue, perform};

use super::Session;
use super::pay::Metronome;
use crate::catalogue::{Order, barcode, write_csv};
use crate::chance::Chance;
use crate::figures::{Figure, Times};
use crate::report::{Row, Wanted};
use crate::till::Till;

const ITEMS: u64 = 10_000;
const CLIENTS: usize = 50;
const IDLE: usize = 1_000;
/// Connections that send one byte of a request a second.
const SLOW: usize = 200;
const LINES: usize = 3;
/// A quick cashier.
const PACE: Duration = Duration::from_millis(50);
const SCOPES: &[&str] = &["catalog:read", "customers:read", "customers:write", "sales:read"];
/// What the programs ask in turn: a name for the table, method and path, and the body.
const ASKED: &[(&str, &str, Option<&str>)] = &[
    ("token", "GET /v1/token", None),
    ("sales", "GET /v1/sales?limit=20", None),
    ("customers", "GET /v1/customers?limit=20", None),
    ("products", "GET /v1/products?limit=20", None),
    ("customers_add", "POST /v1/customers", Some(r#"{"name":"Ada"}"#)),
];

/// Measures and reports.
///
/// # Errors
/// The register's, or the system's.
pub(crate) fn measure(session: &mut Session) -> anyhow::Result<()> {
    let folder = session.folder.path().join("api");
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
    let mut cashier = Cashier { till, chance: Chance::new(1) };
    let long = Duration::from_secs(session.times(60, 10) as u64);

    cashier.sell_for(Duration::from_secs(2))?; // Warm.
    let idle = cashier.sell_for(long)?.milliseconds();
    let crowd = Crowd::begin(at, &cashier.till)?;
    let beside = cashier.sell_for(long)?.milliseconds();
    let answered = crowd.end()?;
    let quiet = Quiet::begin(at)?;
    let beside_quiet = cashier.sell_for(long)?.milliseconds();
    let connected = quiet.end();

    let wanted = Wanted { worst_ratio: Some(2.0), ..Wanted::default() };
    let row = |name: &str, what: &str| Row::new(name, what, "ms").goal(5, wanted);
    session.report.add(
        row("api_pay", "pay to durable beside 50 programs; yardstick: the same alone")
            .measured(beside)
            .beside(idle),
    );
    session.report.add(
        row("api_pay_quiet", "the same beside 1,000 idle and 200 slow connections")
            .measured(beside_quiet)
            .beside(idle)
            .note(format!("{connected} of 1,200 were still connected at the end")),
    );
    report_programs(session, answered, long);
    let _ = stop.send(());
    runtime.block_on(serving)?;
    Ok(())
}

fn report_programs(session: &mut Session, answered: Vec<Times>, long: Duration) {
    let all: usize = answered.iter().map(Times::count).sum();
    let rate = u32::try_from(all).map_or(f64::INFINITY, f64::from) / long.as_secs_f64();
    let row =
        Row::new("api_rate", "requests a second of 50 programs, while a cashier sells", "1/s");
    session.report.add(row.measured(Figure { n: all, ..Figure::single(rate) }));
    for ((name, what, _), times) in ASKED.iter().zip(answered) {
        let row = Row::new(&format!("api_{name}"), what, "ms");
        session.report.add(row.measured(times.milliseconds()));
    }
}

/// Who sells all the while, on the window's way to the register.
struct Cashier {
    till: Till,
    chance: Chance,
}

impl Cashier {
    fn sell_for(&mut self, long: Duration) -> anyhow::Result<Times> {
        let (until, mut times) = (Instant::now() + long, Times::default());
        let mut clock = Metronome::new(PACE);
        while Instant::now() < until {
            let codes = (0..LINES).map(|_| barcode(Order::Running, self.chance.below(ITEMS)));
            let codes: Vec<String> = codes.collect();
            let request = Till::cash_for(&self.till.ring_up(codes)?);
            clock.wait();
            times.time(|| self.till.pay(request))?;
        }
        Ok(times)
    }
}

/// Programs that ask as fast as they are answered.
struct Crowd {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<anyhow::Result<Vec<Times>>>>,
}

impl Crowd {
    fn begin(at: SocketAddr, till: &Till) -> anyhow::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut clients = Vec::new();
        for number in 0..CLIENTS {
            let request = CreateToken {
                name: format!("Program {number}"),
                scopes: SCOPES.iter().map(|&scope| scope.to_owned()).collect(),
                role: None,
            };
            let secret = perform::<CreateTokenCommand>(till.app(), &till.caller, request)?.secret;
            let stop = Arc::clone(&stop);
            clients.push(std::thread::spawn(move || {
                be_elsewhere();
                program(at, &secret, number, &stop)
            }));
        }
        Ok(Self { stop, clients })
    }

    /// The times of each kind of request, of all programs together.
    fn end(self) -> anyhow::Result<Vec<Times>> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = vec![Times::default(); ASKED.len()];
        for client in self.clients {
            let times = client.join().map_err(|_| anyhow::anyhow!("a program stopped"))??;
            for (whole, own) in all.iter_mut().zip(times) {
                whole.append(own);
            }
        }
        Ok(all)
    }
}

/// Programs run on other machines, or as the computer's owner lets them: what they compute is not what the
/// register is to be measured by. On Linux a thread has a niceness of its own.
fn be_elsewhere() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(19);
}

fn program(
    at: SocketAddr,
    secret: &str,
    number: usize,
    stop: &AtomicBool,
) -> anyhow::Result<Vec<Times>> {
    let mut times = vec![Times::default(); ASKED.len()];
    let mut stream = TcpStream::connect(at)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let mut turn = 0_u64;
    while !stop.load(Ordering::Relaxed) {
        turn += 1;
        for ((_, first, body), times) in ASKED.iter().zip(&mut times) {
            let body = body.unwrap_or_default();
            let request = format!(
                "{first} HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer {secret}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\
                 Idempotency-Key: {number}-{turn}\r\n\r\n{body}",
                body.len()
            );
            let status = times.time(|| {
                stream.write_all(request.as_bytes())?;
                answer(&mut answers)
            })?;
            anyhow::ensure!([200, 201].contains(&status), "{first} was answered with {status}");
        }
    }
    Ok(times)
}

/// Reads an answer to its end and gives its status.
fn answer(answers: &mut impl std::io::BufRead) -> anyhow::Result<u16> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.with_context(|| format!("{line:?} is no answer"))?;
    let mut length = 0;
    loop {
        line.clear();
        answers.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    std::io::copy(&mut answers.take(length), &mut std::io::sink())?;
    Ok(status)
}

/// Connections that say nothing, and some that never end saying it.
struct Quiet {
    stop: Arc<AtomicBool>,
    idle: Vec<TcpStream>,
    slow: JoinHandle<usize>,
}

impl Quiet {
    fn begin(at: SocketAddr) -> anyhow::Result<Self> {
        let connect = |count: usize| -> Vec<TcpStream> {
            (0..count).filter_map(|_| TcpStream::connect(at).ok()).collect()
        };
        let (idle, mut slow) = (connect(IDLE), connect(SLOW));
        let stop = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&stop);
        let head = format!("GET /v1/health HTTP/1.1\r\nHost: {at}\r\nX-Slow: ");
        let slow = std::thread::spawn(move || {
            for stream in &mut slow {
                let _ = stream.write_all(head.as_bytes());
            }
            while !ended.load(Ordering::Relaxed) {
                // Who is hung up on is gone.
                slow.retain_mut(|stream| stream.write_all(b"x").is_ok());
                std::thread::sleep(Duration::from_secs(1));
            }
            slow.len()
        });
        Ok(Self { stop, idle, slow })
    }

    /// How many were still connected at the end.
    fn end(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        let open = self.idle.iter().filter(|stream| {
            let _ = stream.set_nonblocking(true);
            let mut byte = [0];
            // Nothing to read is an open line; an end is a line that was hung up.
            matches!(stream.peek(&mut byte), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
        });
        open.count() + self.slow.join().unwrap_or(0)
    }
}

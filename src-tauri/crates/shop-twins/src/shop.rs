//! A twin that is served over HTTP on this machine.

use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::fault::{Fault, FaultKind, Script};
use crate::http::{Call, Reply, read};

/// Calls that are kept.
const MAX_CALLS: usize = 100_000;

/// One platform's side of its language, with its books.
pub trait Platform: Send + 'static {
    /// Answers a call and writes its books. `now_ms` is the shop's own clock, milliseconds since 1970
    /// UTC. Called with one call at a time.
    fn answer(&mut self, call: &Call, now_ms: i64) -> Reply;

    /// From now on no key is good (`true`), or the usual one is again.
    fn expire(&mut self, expired: bool);

    /// How this platform says "too many requests".
    fn busy(&self, retry_after_s: Option<u32>) -> Reply {
        let reply = Reply::json(429, &serde_json::json!({ "message": "Too Many Requests" }));
        match retry_after_s {
            Some(seconds) => reply.with("Retry-After", seconds),
            None => reply,
        }
    }

    /// How this platform says that it is in trouble.
    fn broken(&self, status: u16) -> Reply {
        Reply::text(status, "text/html", "<html><body>Something went wrong</body></html>")
    }
}

/// A shop that listens on this machine. Clones are the same shop; it ends with the last one.
#[derive(Debug)]
pub struct Shop<P: Platform> {
    inner: Arc<Inner<P>>,
    _open: Arc<Open>,
}

impl<P: Platform> Clone for Shop<P> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), _open: Arc::clone(&self._open) }
    }
}

#[derive(Debug)]
struct Inner<P> {
    address: SocketAddr,
    platform: Mutex<P>,
    script: Mutex<Script>,
    calls: Mutex<Vec<Call>>,
    skew_ms: AtomicI64,
    delay_ms: AtomicI64,
    shut: AtomicBool,
    /// One clone for each line that is served.
    lines: Arc<()>,
}

/// Ends the listening when the last clone goes.
#[derive(Debug)]
struct Open {
    address: SocketAddr,
    ended: Arc<AtomicBool>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // So that the listener looks.
        let _ = TcpStream::connect(self.address);
    }
}

impl<P: Platform> Shop<P> {
    /// Opens a shop on a port of its own.
    ///
    /// # Errors
    /// No port is free.
    pub fn open(platform: P) -> std::io::Result<Self> {
        Self::open_at("127.0.0.1:0", platform)
    }

    /// Opens a shop at an address, such as `127.0.0.1:8080`.
    ///
    /// # Errors
    /// The address is taken.
    pub fn open_at(address: &str, platform: P) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let inner = Arc::new(Inner {
            address: listener.local_addr()?,
            platform: Mutex::new(platform),
            script: Mutex::default(),
            calls: Mutex::default(),
            skew_ms: AtomicI64::new(0),
            delay_ms: AtomicI64::new(0),
            shut: AtomicBool::new(false),
            lines: Arc::default(),
        });
        let ended = Arc::new(AtomicBool::new(false));
        let open = Open { address: inner.address, ended: Arc::clone(&ended) };
        let served = Arc::clone(&inner);
        std::thread::Builder::new().name("shop".to_owned()).spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let served = Arc::clone(&served);
                let line = Arc::clone(&served.lines);
                std::thread::spawn(move || {
                    let _ = serve(&served, stream);
                    drop(line);
                });
            }
        })?;
        Ok(Self { inner, _open: Arc::new(open) })
    }

    /// Where it is: `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.inner.address)
    }

    /// Looks at the books, or changes them as the shop's owner would.
    pub fn books<T>(&self, look: impl FnOnce(&mut P) -> T) -> T {
        look(&mut lock(&self.inner.platform))
    }

    /// A fault is to strike.
    pub fn strike(&self, fault: Fault) {
        lock(&self.inner.script).add(fault);
    }

    /// True if every fault of the script has struck.
    pub fn script_is_over(&self) -> bool {
        lock(&self.inner.script).is_over()
    }

    /// Nothing strikes any more.
    pub fn clear_script(&self) {
        lock(&self.inner.script).clear();
    }

    /// Every call so far, in order, with what it was answered.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.inner.calls).clone()
    }

    /// How many lines are open. Whoever hung up has none any more when all that they sent is done.
    pub fn lines(&self) -> usize {
        // They are taken in turn: when this one was served, those that came before it are counted.
        if let Ok(mut line) = TcpStream::connect(self.inner.address) {
            let _ = line.shutdown(Shutdown::Write);
            let _ = line.read(&mut [0]);
        }
        Arc::strong_count(&self.inner.lines) - 1
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        lock(&self.inner.calls).clear();
    }

    /// The shop's clock goes so far ahead of this machine's (below nothing: behind).
    pub fn set_skew_ms(&self, skew_ms: i64) {
        self.inner.skew_ms.store(skew_ms, Ordering::SeqCst);
    }

    /// Every answer takes so long.
    pub fn set_delay_ms(&self, delay_ms: i64) {
        self.inner.delay_ms.store(delay_ms, Ordering::SeqCst);
    }

    /// The shop cannot be reached: every line is cut at once.
    pub fn shut(&self, shut: bool) {
        self.inner.shut.store(shut, Ordering::SeqCst);
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve<P: Platform>(shop: &Inner<P>, stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let Some(mut call) = read(&mut reader)? else { return Ok(()) };
        if shop.shut.load(Ordering::SeqCst) {
            return Ok(());
        }
        let delay = shop.delay_ms.load(Ordering::SeqCst);
        if delay > 0 {
            std::thread::sleep(Duration::from_millis(delay.unsigned_abs()));
        }
        let struck = lock(&shop.script).strikes(&call);
        let now = jiff::Timestamp::now().as_millisecond() + shop.skew_ms.load(Ordering::SeqCst);
        let date = date(now);
        let reply = {
            // Noted while the books are held: the list of calls is in the order of the books.
            let mut platform = lock(&shop.platform);
            let reply = answered(&mut *platform, &call, struck.as_ref(), now);
            call.status = reply.as_ref().map_or(0, |reply| reply.status);
            let mut calls = lock(&shop.calls);
            if calls.len() < MAX_CALLS {
                calls.push(call);
            }
            reply
        };
        let Some(mut reply) = reply else { return Ok(()) };
        match struck {
            Some(FaultKind::DropAfter) => return Ok(()),
            Some(FaultKind::Truncate) => {
                let half = reply.body.len() / 2;
                stream.write_all(reply.head(&date).as_bytes())?;
                stream.write_all(reply.body.get(..half).unwrap_or_default())?;
                return Ok(());
            }
            Some(FaultKind::Dawdle) => {
                stream.write_all(reply.head(&date).as_bytes())?;
                stream.write_all(reply.body.get(..1).unwrap_or_default())?;
                // Until the caller hangs up.
                let mut rest = [0; 64];
                while reader.read(&mut rest)? > 0 {}
                return Ok(());
            }
            Some(FaultKind::HalfJson) => reply.body.truncate(reply.body.len() / 2),
            Some(FaultKind::WrongType) => reply.kind = "text/plain".to_owned(),
            _ => {}
        }
        reply.send(&mut stream, &date)?;
    }
}

/// What a call is answered with the fault that strikes it; none if the line is cut before.
fn answered<P: Platform>(
    platform: &mut P,
    call: &Call,
    struck: Option<&FaultKind>,
    now: i64,
) -> Option<Reply> {
    Some(match struck {
        Some(FaultKind::DropBefore) => return None,
        Some(FaultKind::StatusBefore(status)) => platform.broken(*status),
        Some(FaultKind::Busy(seconds)) => platform.busy(*seconds),
        Some(FaultKind::Html) => {
            Reply::text(200, "text/html; charset=UTF-8", "<!doctype html><title>Hello</title>")
        }
        Some(FaultKind::Redirect(to)) => Reply::text(302, "text/html", "").with("Location", to),
        Some(FaultKind::Huge(bytes)) => Reply::text(200, "application/json", vec![b' '; *bytes]),
        Some(FaultKind::Expired) => {
            platform.expire(true);
            platform.answer(call, now)
        }
        Some(FaultKind::StatusAfter(status)) => {
            platform.answer(call, now);
            platform.broken(*status)
        }
        _ => platform.answer(call, now),
    })
}

fn date(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

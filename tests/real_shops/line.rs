//! A line to a shop that can be cut after the shop has done as it was asked, before it is heard.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Passes everything on to a shop on this machine.
pub(crate) struct Line {
    address: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    shop: String,
    requests: AtomicUsize,
    /// The answer to the next request with this in it is lost.
    lose: Mutex<Option<&'static str>>,
    ended: AtomicBool,
}

impl Line {
    pub(crate) fn to(shop: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shop = shop.trim_start_matches("http://").to_owned();
        let inner = Arc::new(Inner {
            shop,
            requests: AtomicUsize::new(0),
            lose: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let passed = Arc::clone(&inner);
        std::thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                if passed.ended.load(Ordering::SeqCst) {
                    return;
                }
                let passed = Arc::clone(&passed);
                std::thread::spawn(move || passed.pass(&caller));
            }
        });
        Self { address, inner }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> usize {
        self.inner.requests.load(Ordering::SeqCst)
    }

    /// The next answer to a request with this in it is lost.
    pub(crate) fn lose(&self, words: &'static str) {
        *self.inner.lose.lock().unwrap() = Some(words);
    }

    /// Whether what was to be lost is lost.
    pub(crate) fn has_lost(&self) -> bool {
        self.inner.lose.lock().unwrap().is_none()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.inner.ended.store(true, Ordering::SeqCst);
        // So that the listener looks.
        let _ = TcpStream::connect(self.address);
    }
}

impl Inner {
    fn pass(&self, caller: &TcpStream) {
        let Ok(shop) = TcpStream::connect(&self.shop) else { return };
        let cut = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // The shop's words, unless they are lost.
                let _ = each(&shop, |heard| {
                    if cut.load(Ordering::SeqCst) {
                        return Err(std::io::ErrorKind::ConnectionAborted.into());
                    }
                    (&mut &*caller).write_all(heard)
                });
                let _ = caller.shutdown(Shutdown::Both);
            });
            let _ = each(caller, |said| {
                let text = String::from_utf8_lossy(said);
                if ["GET /", "POST /", "PUT /"].iter().any(|verb| text.starts_with(verb)) {
                    self.requests.fetch_add(1, Ordering::SeqCst);
                }
                let mut lose = self.lose.lock().unwrap();
                if lose.is_some_and(|words| text.contains(words)) {
                    *lose = None;
                    cut.store(true, Ordering::SeqCst);
                }
                drop(lose);
                (&mut &shop).write_all(said)
            });
            let _ = shop.shutdown(Shutdown::Both);
        });
    }
}

/// Everything that comes, as it comes.
fn each(
    from: &TcpStream,
    mut take: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let (mut from, mut part) = (from, vec![0; 256 * 1024]);
    loop {
        match from.read(&mut part)? {
            0 => return Ok(()),
            got => take(part.get(..got).unwrap_or_default())?,
        }
    }
}

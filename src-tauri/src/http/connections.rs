//! The connections of a door: taken in, limited, answered, ended.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::Service;

use super::crowd::{Crowd, Limits, Seat, Underway};
use super::stall::Stalling;

/// How long the head of a request may take, and how long a connection may wait for its next one.
const HEAD: Duration = Duration::from_secs(30);
/// How long a client may take to read what was sent.
const STALL: Duration = Duration::from_secs(30);
/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long what is under way may take when the door shuts.
const ENDING: Duration = Duration::from_secs(10);
/// Until there are files for connections again.
const NO_FILES: Duration = Duration::from_millis(50);
/// Bytes of a request's head at most.
const MAX_HEAD: usize = 64 * 1024;
/// The first byte of a TLS handshake (RFC 8446, 5.1).
const TLS_HANDSHAKE: u8 = 0x16;

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer {
    /// The client's.
    pub(super) remote: SocketAddr,
    /// Ours: the address by which the client came in.
    pub(super) local: SocketAddr,
}

impl Peer {
    fn of(stream: &TcpStream, remote: SocketAddr) -> io::Result<Self> {
        let plain =
            |address: SocketAddr| SocketAddr::new(address.ip().to_canonical(), address.port());
        Ok(Self { remote: plain(remote), local: plain(stream.local_addr()?) })
    }
}

/// Answers until `stop` is done, then finishes what is under way.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let crowd = Crowd::new(limits);
    let (ending, _) = watch::channel(false);
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let (stream, remote) = tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // A client that went away again is no trouble; a want of files passes.
                    if error.kind() != io::ErrorKind::ConnectionAborted {
                        tracing::warn!(%error, "a connection could not be taken in");
                        tokio::time::sleep(NO_FILES).await;
                    }
                    continue;
                }
            },
        };
        let Ok(peer) = Peer::of(&stream, remote) else { continue };
        let Some(seat) = crowd.seat(peer.remote.ip()) else { continue };
        let _ = stream.set_nodelay(true);
        let (router, tls, ending) = (router.clone(), tls.clone(), ending.subscribe());
        connections.spawn(async move {
            let seat = Arc::new(seat);
            tokio::select! {
                () = seat.wanted() => {}
                () = take_in(stream, tls, peer, router, &seat, ending) => {}
            }
        });
    }
    drop(listener);
    ending.send_replace(true);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(ENDING, all).await.is_err() {
        connections.abort_all();
    }
}

async fn take_in(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    peer: Peer,
    router: Router,
    seat: &Arc<Seat>,
    ending: watch::Receiver<bool>,
) {
    let Some(tls) = tls else { return answer(stream, peer, router, seat, ending).await };
    let handshake = async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first != [TLS_HANDSHAKE] {
            refuse_plain(stream, peer.local).await?;
            return Ok(None);
        }
        tls.accept(stream).await.map(Some)
    };
    match timeout(HANDSHAKE, handshake).await {
        Ok(Ok(Some(stream))) => answer(stream, peer, router, seat, ending).await,
        Ok(Ok(None)) => {}
        Ok(Err(error)) => {
            tracing::debug!(remote = %peer.remote, %error, "no connection came about");
        }
        Err(_) => tracing::debug!(remote = %peer.remote, "a handshake took too long"),
    }
}

/// Says where to go to whoever does not speak TLS. Nothing of what they sent is read as a request.
async fn refuse_plain(mut stream: TcpStream, local: SocketAddr) -> io::Result<()> {
    let body = format!("This register speaks only HTTPS here: open https://{local}\n");
    let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
                Connection: close\r\nContent-Length: ";
    stream.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    stream.shutdown().await?;
    // Closed with bytes that nobody read, it would be reset before the answer is read. The time that
    // a handshake has is theirs.
    let mut rest = [0; 4096];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send,
    peer: Peer,
    router: Router,
    seat: &Arc<Seat>,
    mut ending: watch::Receiver<bool>,
) {
    let service = service_fn(|mut request: Request<Incoming>| {
        let under_way = seat.busy();
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(ConnectInfo(peer.remote));
        let answer = router.clone().call(request);
        async move {
            let answer: Response<Body> = answer.await?;
            Ok::<_, Infallible>(answer.map(|body| Marked { body, _under_way: under_way }))
        }
    });
    let stream = TokioIo::new(Stalling::new(stream, STALL));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(MAX_HEAD)
        .serve_connection(stream, service);
    tokio::pin!(connection);
    let shuts = async {
        let _ = ending.wait_for(|end| *end).await;
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shuts => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(remote = %peer.remote, %error, "a connection ended in trouble");
    }
}

/// An answer whose request is under way until its last byte.
struct Marked {
    body: Body,
    _under_way: Underway,
}

impl http_body::Body for Marked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

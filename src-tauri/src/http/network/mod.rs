//! The door to the network, for paired tablets and phones: shut until the owner opens it.
//!
//! TLS with a certificate of the register's own. Its `Host` is the address by which the client came in.
//! It has connections of its own, so that nobody in the network takes the till's.

mod addresses;
mod certificate;
mod pair;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::routing::post;
use countertop_app::{App, AppError, LanDoorState, LanSetting};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, watch};
use tokio_rustls::TlsAcceptor;

use super::connections;
use super::crowd::Limits;
use super::{Shell, finish, router};
use certificate::Certificate;

/// Connections: a tablet's browser opens six. Together with the till's they stay below the 1,024 files
/// that a process usually may open.
const IN_NETWORK: Limits = Limits { all: 256, each: 64 };
/// After a port was taken it is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// A bound door to the network that does not answer yet.
#[derive(Debug)]
pub struct NetworkDoor {
    listener: TcpListener,
    addresses: Vec<SocketAddr>,
}

/// A door to the network with its certificate.
pub struct OpenNetworkDoor {
    door: NetworkDoor,
    tls: TlsAcceptor,
    fingerprint: [u8; 32],
}

impl NetworkDoor {
    /// Binds an address; `0.0.0.0` is every one that this machine has.
    ///
    /// # Errors
    /// It is taken, or not this machine's.
    pub async fn bind(address: SocketAddr) -> Result<Self, std::io::Error> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let addresses = if address.ip().is_unspecified() {
            let own = addresses::of_this_machine(address.is_ipv6());
            own.into_iter().map(|ip| SocketAddr::new(ip, address.port())).collect()
        } else {
            vec![address]
        };
        Ok(Self { listener, addresses })
    }

    /// Reads the register's certificate from its data folder, or makes it. From now on the register says
    /// that it answers there; `for_this_run` says that the command line wanted it.
    ///
    /// # Errors
    /// A file that cannot be read, written or used.
    pub fn open(self, app: &App, for_this_run: bool) -> Result<OpenNetworkDoor, AppError> {
        let names: Vec<IpAddr> = self.addresses.iter().map(SocketAddr::ip).collect();
        let Certificate { tls, fingerprint } =
            certificate::read_or_make(app.store().folder(), &names)?;
        app.tell_lan(LanDoorState::Answers {
            addresses: self.addresses.clone(),
            fingerprint,
            for_this_run,
        });
        Ok(OpenNetworkDoor { door: self, tls, fingerprint })
    }
}

impl OpenNetworkDoor {
    /// Where it is: addresses of this machine, the likeliest first.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.door.addresses
    }

    /// SHA-256 of its certificate.
    pub const fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// Answers until `stop` is done.
    async fn serve(self, shell: Shell, stop: impl Future<Output = ()>) {
        let router = router(&shell)
            .route("/pair/claim", post(pair::claim))
            .route("/pair/wait", post(pair::wait));
        let router = finish(router, shell.clone());
        let until = async {
            stop.await;
            shell.end_streams();
        };
        connections::serve(self.door.listener, router, Some(self.tls), IN_NETWORK, until).await;
        shell.app.tell_lan(LanDoorState::Shut);
    }
}

/// Keeps the door as it is wanted: the one that is given for as long as the program runs, or else as the
/// owner's setting says, which may change at any time.
pub(super) async fn keep(
    shell: Shell,
    given: Option<OpenNetworkDoor>,
    mut ending: watch::Receiver<bool>,
) {
    let stop = async {
        let _ = ending.wait_for(|end| *end).await;
    };
    if let Some(door) = given {
        return door.serve(shell, stop).await;
    }
    tokio::select! {
        biased;
        () = stop => {}
        // Dropped at the end of the program with its connections: their streams never end by themselves.
        () = follow(&shell) => {}
    }
}

/// Follows the owner's setting.
async fn follow(shell: &Shell) {
    let app = &shell.app;
    let mut changes = shell.events.hear();
    loop {
        let setting = setting(app).await;
        if !setting.open {
            app.tell_lan(LanDoorState::Shut);
            another(app, &mut changes, setting).await;
            continue;
        }
        match bind(app, setting.port).await {
            Ok(door) => {
                let stop = another(app, &mut changes, setting);
                door.serve(shell.with_own_streams(), stop).await;
            }
            Err(trouble) => {
                app.tell_lan(LanDoorState::Trouble(trouble));
                let _ = tokio::time::timeout(AGAIN, another(app, &mut changes, setting)).await;
            }
        }
    }
}

async fn bind(app: &Arc<App>, port: u16) -> Result<OpenNetworkDoor, String> {
    let address = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port);
    let door = NetworkDoor::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("port {port} is taken by another program: choose another port")
        }
        _ => format!("port {port} cannot be opened ({error})"),
    })?;
    let app = Arc::clone(app);
    let opened = tokio::task::spawn_blocking(move || door.open(&app, false)).await;
    match opened {
        Ok(opened) => opened.map_err(|error| error.to_string()),
        Err(_) => Err("the register stumbled over its certificate: start it again".to_owned()),
    }
}

async fn setting(app: &Arc<App>) -> LanSetting {
    let app = Arc::clone(app);
    // A setting that cannot be read opens nothing.
    let read = tokio::task::spawn_blocking(move || app.lan_setting()).await;
    read.ok().and_then(Result::ok).unwrap_or_default()
}

/// Until the owner wants something else.
async fn another(
    app: &Arc<App>,
    changes: &mut broadcast::Receiver<countertop_app::wire::Changed>,
    known: LanSetting,
) {
    loop {
        match changes.recv().await {
            Ok(changed) if !changed.tags.iter().any(|tag| tag == "lan") => {}
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {
                if setting(app).await != known {
                    return;
                }
            }
            // The register is closing.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

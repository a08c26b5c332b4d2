//! The doors behind the window, from the opening of the register to its close: the open API for programs on
//! this machine, and the network for paired tablets and phones, as the owner's setting wants it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;

use countertop::http::{Door, serve_beside_window};
use tokio::sync::oneshot;

use super::till::Till;

/// Where programs on this machine ask, as the manual tells them.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7670);

/// The doors' keeper. It holds the register open, so it has to end before the register is closed.
pub(crate) struct Network {
    stop: oneshot::Sender<()>,
    keeper: JoinHandle<()>,
}

impl Network {
    /// Begins to keep them, on a thread of its own, once the register is open.
    ///
    /// # Errors
    /// The system has no thread left.
    pub(crate) fn begin(till: Till) -> std::io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let keep = move || {
            // A register that cannot be opened has no doors either; somebody else tells of it.
            let Ok(app) = till.with(|app| Ok(Arc::clone(app))) else { return };
            tauri::async_runtime::block_on(async {
                let door = Door::bind(LISTEN).await;
                if let Err(error) = &door {
                    tracing::warn!(%error, "programs on this machine cannot ask at {LISTEN}");
                }
                serve_beside_window(app, door.ok(), async {
                    let _ = stopped.await;
                })
                .await;
            });
        };
        let keeper = std::thread::Builder::new().name("network".to_owned()).spawn(keep)?;
        Ok(Self { stop, keeper })
    }

    /// Shuts them.
    pub(crate) fn end(self) {
        drop(self.stop);
        if self.keeper.join().is_err() {
            tracing::warn!("a door behind the window stumbled");
        }
    }
}

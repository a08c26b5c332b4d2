//! The door to the network behind the window, for paired tablets and phones: as the owner's setting wants
//! it, from the opening of the register to its close.

use std::sync::Arc;
use std::thread::JoinHandle;

use countertop::http::serve_network;
use tokio::sync::oneshot;

use super::till::Till;

/// The door's keeper. It holds the register open, so it has to end before the register is closed.
pub(crate) struct Network {
    stop: oneshot::Sender<()>,
    keeper: JoinHandle<()>,
}

impl Network {
    /// Begins to keep the door, on a thread of its own, once the register is open.
    ///
    /// # Errors
    /// The system has no thread left.
    pub(crate) fn begin(till: Till) -> std::io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let keep = move || {
            // A register that cannot be opened has no door either; somebody else tells of it.
            let Ok(app) = till.with(|app| Ok(Arc::clone(app))) else { return };
            tauri::async_runtime::block_on(serve_network(app, async {
                let _ = stopped.await;
            }));
        };
        let keeper = std::thread::Builder::new().name("network".to_owned()).spawn(keep)?;
        Ok(Self { stop, keeper })
    }

    /// Shuts the door.
    pub(crate) fn end(self) {
        drop(self.stop);
        if self.keeper.join().is_err() {
            tracing::warn!("the door to the network stumbled");
        }
    }
}

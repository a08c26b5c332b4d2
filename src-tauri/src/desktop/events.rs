//! The way from the register to the page: it is told what changed, and a shopkeeper is told when
//! there is no register to show.

use countertop_app::wire::Changed;
use tauri::{AppHandle, Emitter as _};

use super::till::Till;
use super::{links, notice, window};

/// The name under which the page hears of changes.
const CHANGED: &str = "changed";

/// Tells the page of every change, on a thread of its own, until the register is closed. The user's own
/// register also takes links made for Square while its owner wants that.
///
/// # Errors
/// The system has no thread left.
pub(crate) fn forward(handle: AppHandle, till: Till, own: bool) -> std::io::Result<()> {
    let forwarding = move || {
        if let Err(trouble) = till.wait() {
            // For whoever started it from a terminal; the notice is for whoever sees the screen.
            eprintln!("The register cannot be opened: {}.", trouble.refusal.message);
            notice::show(&handle, &trouble.refusal.message);
            return;
        }
        let Ok(changes) = till.with(|app| Ok(app.listen())) else {
            return;
        };
        let follows = own && !cfg!(target_os = "macos");
        if follows {
            links::follow_square(&handle, &till);
        }
        while let Ok(change) = changes.recv() {
            let mut news: Vec<Changed> = vec![change];
            // A burst that says the same thing is one piece of news.
            for change in changes.try_iter() {
                if change.scan.is_some() || !news.contains(&change) {
                    news.push(change);
                }
            }
            if follows && news.iter().any(|change| change.tags.iter().any(|tag| tag == "apps")) {
                links::follow_square(&handle, &till);
            }
            for change in news {
                for window in [window::MAIN, window::DISPLAY] {
                    if let Err(trouble) = handle.emit_to(window, CHANGED, &change) {
                        tracing::warn!(%trouble, window, "a page was not told of a change");
                    }
                }
            }
        }
    };
    std::thread::Builder::new().name("changes".to_owned()).spawn(forwarding).map(|_| ())
}

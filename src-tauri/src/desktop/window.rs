//! The one window, which shows the program's own page and can be led nowhere else.

use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Url};

/// The label of the register's window.
pub(crate) const MAIN: &str = "main";

/// Opens the window as tauri.conf.json describes it.
pub(crate) fn open(handle: &AppHandle) -> tauri::Result<()> {
    let Some(described) = handle.config().app.windows.iter().find(|window| window.label == MAIN)
    else {
        return Err(tauri::Error::WindowNotFound);
    };
    WebviewWindowBuilder::from_config(handle, described)?
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|_, page| tracing::debug!(event = ?page.event(), "page"))
        .build()?;
    Ok(())
}

/// True for the addresses of the program's own page. Windows has no schemes of a program's own and
/// uses a name under `localhost` for it.
fn is_own(address: &Url) -> bool {
    let own = if cfg!(any(windows, target_os = "android")) {
        matches!(address.scheme(), "http" | "https")
            && address.host_str() == Some("tauri.localhost")
            && address.port().is_none()
    } else {
        address.scheme() == "tauri" && address.host_str() == Some("localhost")
    };
    if !own {
        tracing::warn!(scheme = address.scheme(), "the page was kept from going elsewhere");
    }
    own
}

#[cfg(all(test, not(windows)))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_window_stays_on_the_programs_own_page() {
        for own in ["tauri://localhost", "tauri://localhost/index.html#/orders"] {
            assert!(is_own(&own.parse().unwrap()), "{own}");
        }
        for other in [
            "https://example.com/",
            "http://tauri.localhost/",
            "http://localhost:5173/",
            "tauri://elsewhere/",
            "notice://localhost/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:blank",
            "javascript:alert(1)",
        ] {
            assert!(!is_own(&other.parse().unwrap()), "{other}");
        }
    }
}

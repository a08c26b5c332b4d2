//! The one window, which shows the program's own page and can be led nowhere else.

use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Url};

use super::downloads;

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
        .on_download(downloads::decide)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|_, page| tracing::debug!(event = ?page.event(), "page"))
        .build()?;
    Ok(())
}

/// True for the addresses of the program's own page, and of files that this page has made and now
/// hands over as downloads. Windows has no schemes of a program's own and uses a name under
/// `localhost` for it.
fn is_own(address: &Url) -> bool {
    let made = if address.scheme() == "blob" { Url::parse(address.path()).ok() } else { None };
    let page = made.as_ref().unwrap_or(address);
    let own = if cfg!(any(windows, target_os = "android")) {
        matches!(page.scheme(), "http" | "https")
            && page.host_str() == Some("tauri.localhost")
            && page.port().is_none()
    } else {
        page.scheme() == "tauri" && page.host_str() == Some("localhost")
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
        for own in [
            "tauri://localhost",
            "tauri://localhost/index.html#/orders",
            "blob:tauri://localhost/6a0e4c0e",
        ] {
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
            "blob:https://example.com/6a0e4c0e",
            "blob:null/6a0e4c0e",
            "javascript:alert(1)",
        ] {
            assert!(!is_own(&other.parse().unwrap()), "{other}");
        }
    }
}

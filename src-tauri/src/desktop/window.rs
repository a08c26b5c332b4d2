//! The register's window and the one that faces the customer: both show the program's own page and
//! can be led nowhere else.

use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Manager as _, Url};

use super::downloads;

/// The label of the register's window.
pub(crate) const MAIN: &str = "main";

/// The label of the window that faces the customer.
pub(crate) const DISPLAY: &str = "display";

/// Opens the register's window.
pub(crate) fn open(handle: &AppHandle) -> tauri::Result<()> {
    open_described(handle, MAIN)
}

/// Shows the register's window to whoever asked for it from elsewhere.
pub(crate) fn bring_forward(handle: &AppHandle) {
    let Some(window) = handle.get_webview_window(MAIN) else { return };
    let brought =
        window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    if let Err(trouble) = brought {
        tracing::warn!(%trouble, "the window stays behind others");
    }
}

/// Opens the window that faces the customer, or brings it to the front if it is open.
fn open_display(handle: &AppHandle) {
    let opened = match handle.get_webview_window(DISPLAY) {
        Some(window) => window.set_focus(),
        None => open_described(handle, DISPLAY),
    };
    if let Err(trouble) = opened {
        tracing::warn!(%trouble, "the customer's window did not open");
    }
}

/// Closes the window that faces the customer, if it is open.
pub(crate) fn close_display(handle: &AppHandle) {
    if let Some(window) = handle.get_webview_window(DISPLAY)
        && let Err(trouble) = window.close()
    {
        tracing::warn!(%trouble, "the customer's window did not close");
    }
}

/// Opens a window as tauri.conf.json describes it.
fn open_described(handle: &AppHandle, label: &str) -> tauri::Result<()> {
    let Some(described) = handle.config().app.windows.iter().find(|window| window.label == label)
    else {
        return Err(tauri::Error::WindowNotFound);
    };
    let opener = handle.clone();
    WebviewWindowBuilder::from_config(handle, described)?
        .on_navigation(is_own)
        .on_download(downloads::decide)
        .on_new_window(move |address, _| {
            // The page opens no window of its own: of the one that it may ask for, this program makes
            // one as guarded as the first.
            if is_display(&address) {
                let handle = opener.clone();
                // Some systems cannot make a window while one of theirs is asking.
                tauri::async_runtime::spawn(async move { open_display(&handle) });
            }
            NewWindowResponse::Deny
        })
        .on_page_load(|_, page| tracing::debug!(event = ?page.event(), "page"))
        .build()?;
    Ok(())
}

/// True for the page that faces the customer.
fn is_display(address: &Url) -> bool {
    address.fragment() == Some("/display") && is_own(address)
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
    fn only_the_page_that_faces_the_customer_opens_in_a_window() {
        for own in ["tauri://localhost/#/display", "tauri://localhost/index.html#/display"] {
            assert!(is_display(&own.parse().unwrap()), "{own}");
        }
        for other in [
            "tauri://localhost/#/sell",
            "https://example.com/#/display",
            "data:text/html,#/display",
        ] {
            assert!(!is_display(&other.parse().unwrap()), "{other}");
        }
    }

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

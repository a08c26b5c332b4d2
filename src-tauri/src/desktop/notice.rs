//! What a shopkeeper sees instead of the register when it cannot be opened: a sentence, in a small
//! window without a line of script and without any permission.

use std::sync::{Mutex, PoisonError};

use tauri::http::{Request, Response, header};
use tauri::{
    AppHandle, Manager as _, Runtime, UriSchemeContext, Url, WebviewUrl, WebviewWindowBuilder,
};

use super::window;

/// The scheme of the notice's address.
pub(crate) const SCHEME: &str = "notice";
const LABEL: &str = "notice";
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 320.0;

/// The sentence to show.
struct Sentence(Mutex<String>);

/// Shows a sentence in place of the register's window. The program ends when it is closed.
pub(crate) fn show(handle: &AppHandle, sentence: &str) {
    handle.manage(Sentence(Mutex::new(sentence.to_owned())));
    let shown = format!("{SCHEME}://localhost/").parse().ok().map(|address: Url| {
        WebviewWindowBuilder::new(handle, LABEL, WebviewUrl::CustomProtocol(address))
            .title("Countertop")
            .inner_size(WIDTH, HEIGHT)
            .center()
            .on_navigation(|address| address.scheme() == SCHEME || cfg!(windows))
            .disable_javascript()
            .build()
    });
    if let Some(Err(trouble)) = shown {
        tracing::error!(%trouble, "the notice cannot be shown");
        handle.exit(0);
        return;
    }
    if let Some(main) = handle.get_webview_window(window::MAIN)
        && let Err(trouble) = main.destroy()
    {
        tracing::warn!(%trouble, "the empty window stays");
    }
}

/// Answers the notice's window with its page.
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    _: Request<Vec<u8>>,
) -> Response<Vec<u8>> {
    let sentence = context.app_handle().try_state::<Sentence>().map_or_else(String::new, |state| {
        state.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    });
    let mut response = Response::new(page(&sentence).into_bytes());
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
    ] {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}

fn page(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let begun: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let sentence = escaped(&format!("{begun}{}", letters.as_str()));
    format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Countertop</title>
<style>
  :root {{ color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }}
  body {{ margin: 0; padding: 32px; overflow-wrap: anywhere; }}
  h1 {{ margin: 0 0 16px; padding-left: 16px; border-left: 8px solid #0b5563; font-size: 1.5rem; }}
</style>
<h1>The register cannot be opened</h1>
<p>{sentence}.</p>
<p>Nothing was changed. Close this window when you have read it.</p>
</html>
"#
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folders_name_cannot_become_markup() {
        let page = page("the data folder /tmp/<script>alert(1)</script> is held");
        assert!(!page.contains("<script"));
        assert!(page.contains("The data folder /tmp/&lt;script&gt;"));
    }
}

//! The page's files, which are part of the program.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// In a debug build read from the folder at each request, in a release build part of the binary.
#[derive(RustEmbed)]
#[folder = "ui/dist"]
#[allow_missing = true]
struct Page;

const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob: data:; connect-src 'self'; object-src 'none'; frame-src 'none'; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

pub(super) async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let name = if path.is_empty() { "index.html" } else { path };
    if let Some(file) = Page::get(name) {
        let kind = file.metadata.mimetype().to_owned();
        // Names of built files carry their hash; the page itself is asked for each time.
        let keep = if name.starts_with("assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        return (
            [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep.to_owned())],
            Body::from(file.data.into_owned()),
        )
            .into_response();
    }
    if name == "index.html" {
        let text = "The page is not built: run `cargo xtask run`, or `npm run build` in ui/.";
        return (StatusCode::NOT_FOUND, text).into_response();
    }
    (StatusCode::NOT_FOUND, "There is no such file.").into_response()
}

/// What every answer says to the browser.
pub(super) fn protect(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

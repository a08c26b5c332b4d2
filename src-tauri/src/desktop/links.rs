//! Links of other programs, `countertop://…`: handed over by the system when the program starts, or by
//! a second start while it runs. A link asks for a payment and nothing else; what becomes of it is up
//! to the person at the till.

use std::sync::{Mutex, PoisonError};

use countertop_app::commands::{
    Command, EndRequest, ListApps, OpenRequestsCommand, ReceiveLinkCommand, RequestCalledBack,
};
use countertop_app::perform;
use countertop_app::wire::{Nothing, PaymentRequestRef, ReceiveLink, Refusal};
use serde_json::Value;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Emitter as _, Manager as _, Wry};
use tauri_plugin_deep_link::DeepLinkExt as _;

use super::till::Till;
use super::window;

/// The scheme of our links.
const SCHEME: &str = "countertop";
/// The scheme of links that were made for Square: ours only while the owner wants that.
const SQUARE: &str = "square-commerce-v1";
/// Who hands links in: another client than the page, which thus hears of them.
const CLIENT: &str = "links";
/// The name under which the page hears why a link came to nothing.
const REFUSED: &str = "link-refused";
/// Refusals that wait for the page at most.
const WAITING_MAX: usize = 10;

/// Links that came to nothing before there was a page to say why; none once it is there.
pub(crate) struct RefusedLinks(Mutex<Option<Vec<Refusal>>>);

impl Default for RefusedLinks {
    fn default() -> Self {
        Self(Mutex::new(Some(Vec::new())))
    }
}

/// True for an argument that is a link to this program.
pub(crate) fn is_link(argument: &str) -> bool {
    argument.split_once(':').is_some_and(|(scheme, _)| {
        [SCHEME, SQUARE].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    })
}

/// Has a second start on the same folder hand its link over, or bring the window to the front, and end.
pub(crate) fn second_start(till: Till) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::init(move |handle, arguments, _| match among(arguments) {
        Some(link) => receive(handle, &till, link),
        None => window::bring_forward(handle),
    })
}

/// The link among the arguments of a second start.
fn among(arguments: Vec<String>) -> Option<String> {
    arguments.into_iter().skip(1).find(|argument| is_link(argument))
}

/// Takes the link that the program was started with, hears of links that the system hands to the
/// running program (macOS), and has the system hand them to a program that no installer has registered:
/// one under development.
pub(crate) fn begin(handle: &AppHandle, till: &Till, link: Option<String>) {
    if let Some(link) = link {
        receive(handle, till, link);
    }
    let links = handle.deep_link();
    if cfg!(target_os = "macos") {
        let (receiver, till) = (handle.clone(), till.clone());
        links.on_open_url(move |event| {
            for link in event.urls() {
                receive(&receiver, &till, link.into());
            }
        });
    } else if cfg!(debug_assertions)
        && let Err(trouble) = links.register_all()
    {
        tracing::warn!(%trouble, "the system does not hand links to this program");
    }
}

/// Has the system hand links made for Square to this program, or no longer, as the owner set it. macOS
/// knows a program's schemes from its bundle alone.
pub(crate) fn follow_square(handle: &AppHandle, till: &Till) {
    let Ok(apps) = give::<ListApps>(till, CLIENT, Nothing {}) else { return };
    let links = handle.deep_link();
    let changed = match (apps.square_links, links.is_registered(SQUARE).unwrap_or(false)) {
        (true, false) => links.register(SQUARE),
        (false, true) => links.unregister(SQUARE),
        _ => Ok(()),
    };
    if let Err(trouble) = changed {
        tracing::warn!(%trouble, "links made for Square stay as they were");
    }
}

/// Takes a link in, once the register is open, and brings the window to the front.
fn receive(handle: &AppHandle, till: &Till, link: String) {
    window::bring_forward(handle);
    let (handle, till) = (handle.clone(), till.clone());
    // The register may still be opening, and it waits for the disk.
    tauri::async_runtime::spawn_blocking(move || {
        match give::<ReceiveLinkCommand>(&till, CLIENT, ReceiveLink { url: link }) {
            Ok(received) => {
                if let Some(code) = received.error_code {
                    tell(&handle, refused(&code, &received.message));
                }
                // A request that cannot be met is answered at once, in its own dialect.
                if let Some(reply) = received.end.and_then(|end| end.callback_url) {
                    open(&reply);
                }
            }
            Err(refusal) => tell(&handle, refusal),
        }
    });
}

/// What a command of the page means for this program, before the register carries it out: to say that a
/// callback was opened is to open it here, with the reply that the register has stored. The page names
/// the request and never an address.
///
/// # Errors
/// There is no such request, it has not ended, or no program takes its callback.
pub(crate) fn before(
    till: &Till,
    client: &str,
    command: &str,
    body: &Value,
) -> Result<(), Refusal> {
    if command != RequestCalledBack::NAME {
        return Ok(());
    }
    // A body of another shape is refused by the register itself, right after this.
    let Ok(request) = serde_json::from_value::<PaymentRequestRef>(body.clone()) else {
        return Ok(());
    };
    let ended = give::<EndRequest>(till, client, request)?;
    if ended.callback_url.is_some_and(|reply| !open(&reply)) {
        return Err(refused(
            "callback_not_opened",
            "no program on this computer opens that app's address: the result is kept, and the app can \
             ask for it",
        ));
    }
    Ok(())
}

/// Hears that the page asks what apps want: from then on it can be told of links that were refused, and
/// of those that came before it was there.
pub(crate) fn page_asks(handle: &AppHandle, command: &str) {
    if command != OpenRequestsCommand::NAME {
        return;
    }
    let refused = handle.state::<RefusedLinks>();
    for refusal in
        refused.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    {
        say(handle, &refusal);
    }
}

fn give<C: Command>(till: &Till, client: &str, request: C::Request) -> Result<C::Reply, Refusal> {
    till.with(|app| {
        let caller = countertop::caller(app, client)?;
        Ok(perform::<C>(app, &caller, request)?)
    })
}

/// Hands an address to the system. The register has checked it against what its owner registered.
fn open(address: &str) -> bool {
    let opened = tauri_plugin_opener::open_url(address, None::<&str>);
    if let Err(trouble) = &opened {
        tracing::warn!(%trouble, "a callback could not be opened");
    }
    opened.is_ok()
}

fn tell(handle: &AppHandle, refusal: Refusal) {
    tracing::warn!(code = refusal.code, "a link was refused");
    let waiting = handle.state::<RefusedLinks>();
    match waiting.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        Some(waiting) if waiting.len() < WAITING_MAX => waiting.push(refusal),
        Some(_) => {}
        None => say(handle, &refusal),
    }
}

fn say(handle: &AppHandle, refusal: &Refusal) {
    if let Err(trouble) = handle.emit_to(window::MAIN, REFUSED, refusal) {
        tracing::warn!(%trouble, "the page was not told of a refused link");
    }
}

fn refused(code: &str, message: &str) -> Refusal {
    Refusal { code: code.to_owned(), message: message.to_owned(), about: String::new() }
}

#[cfg(test)]
mod tests {
    use super::{among, is_link};

    #[test]
    fn only_our_own_scheme_is_a_link() {
        for link in [
            "countertop://payment/create?data=%7B%7D",
            "COUNTERTOP:charge",
            "square-commerce-v1://a",
        ] {
            assert!(is_link(link), "{link}");
        }
        for other in
            ["countertop", "--data", "https://example.com/countertop:", "xcountertop://a", ""]
        {
            assert!(!is_link(other), "{other}");
        }
    }

    #[test]
    fn a_second_start_hands_its_link_over_whatever_stands_beside_it() {
        let start = |arguments: &[&str]| among(arguments.iter().map(|a| (*a).to_owned()).collect());
        assert_eq!(start(&["countertop"]), None);
        assert_eq!(start(&["countertop:program"]), None, "the program's own name is no link");
        let link = Some("countertop://charge?a=b".to_owned());
        assert_eq!(start(&["countertop", "countertop://charge?a=b"]), link);
        assert_eq!(start(&["countertop", "--data", "/mnt/till", "countertop://charge?a=b"]), link);
    }
}

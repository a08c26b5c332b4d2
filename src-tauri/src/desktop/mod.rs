//! The window: the register's page in a web view, and nothing but that page.
//!
//! The register is opened while the web view starts, so the shopkeeper waits for the slower of the
//! two and not for both.

mod downloads;
mod events;
mod links;
mod network;
mod notice;
mod rpc;
mod till;
#[cfg(target_os = "linux")]
mod webkit;
mod window;

use std::path::Path;
use std::process::ExitCode;

use countertop::Config;
use sha2::{Digest as _, Sha256};
use tauri::{RunEvent, WindowEvent};

use links::RefusedLinks;
use network::Network;
use till::Till;

pub(crate) use links::is_link;

/// Exit code: the register cannot be opened, or there is nothing to show it on.
pub(crate) const CANNOT_OPEN: u8 = 2;
/// Exit code: another register holds the data folder.
pub(crate) const HELD: u8 = 3;

/// What the person, or the system, started the program with.
pub(crate) struct Start {
    /// The register to open.
    pub(crate) config: Config,
    /// Its folder is the user's own: the one that links are for.
    pub(crate) own: bool,
    /// A link of another program.
    pub(crate) link: Option<String>,
}

/// Opens the register and its window; comes back when the window is closed and the books are too. While
/// a register on the same folder is open in this session, its window comes to the front instead and is
/// given the link; this start then ends with 0.
pub(crate) fn run(start: Start) -> ExitCode {
    #[cfg(target_os = "linux")]
    {
        if !webkit::has_display() {
            eprintln!(
                "There is no display to open a window on. `countertopd serve` shows the same \
                 register in a browser."
            );
            return ExitCode::from(CANNOT_OPEN);
        }
        webkit::choose_renderer();
    }

    let Start { config, own, link } = start;
    let mut context = tauri::generate_context!();
    if !own {
        let identifier = &mut context.config_mut().identifier;
        *identifier = format!("{identifier}.{}", name_of(&config.folder));
    }
    let till = Till::open(config);
    let network = match Network::begin(till.clone()) {
        Ok(network) => Some(network),
        Err(trouble) => {
            tracing::warn!(%trouble, "there is no door to the network");
            None
        }
    };
    let built = tauri::Builder::default()
        // First, so that nothing else is begun in a start that only hands something over.
        .plugin(links::second_start(till.clone()))
        .plugin(tauri_plugin_deep_link::init())
        .manage(till.clone())
        .manage(RefusedLinks::default())
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .register_uri_scheme_protocol(notice::SCHEME, notice::serve)
        .setup({
            let till = till.clone();
            move |app| {
                window::open(app.handle())?;
                end_with_signal(app.handle().clone())?;
                links::begin(app.handle(), &till, link);
                events::forward(app.handle().clone(), till, own)?;
                Ok(())
            }
        })
        .build(context);
    let code = match built {
        Ok(app) => app.run_return(|handle, event| match event {
            // Without the till the customer's window has nothing to show, and would keep the program.
            RunEvent::WindowEvent { label, event: WindowEvent::Destroyed, .. }
                if label == window::MAIN =>
            {
                window::close_display(handle);
            }
            RunEvent::Exit => tracing::debug!("the window is closed"),
            _ => {}
        }),
        Err(trouble) => {
            eprintln!("The window cannot be opened: {trouble}");
            i32::from(CANNOT_OPEN)
        }
    };
    if let Some(network) = network {
        network.end();
    }
    let trouble = till.close();
    ExitCode::from(trouble.unwrap_or_else(|| u8::try_from(code).unwrap_or(CANNOT_OPEN)))
}

/// A data folder in letters that every system takes in a name: each folder is a program of its own.
fn name_of(folder: &Path) -> String {
    /// Bytes of the digest that are written out: enough that no two folders meet.
    const BYTES: usize = 8;
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    format!("f{}", hex::encode(&digest[..BYTES]))
}

/// A register that is told to end (the computer shuts down) ends as if its window were closed.
#[cfg(unix)]
fn end_with_signal(handle: tauri::AppHandle) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut end, mut interrupt) = tauri::async_runtime::block_on(async {
        Ok::<_, std::io::Error>((
            signal(SignalKind::terminate())?,
            signal(SignalKind::interrupt())?,
        ))
    })?;
    tauri::async_runtime::spawn(async move {
        tokio::select! { _ = end.recv() => {}, _ = interrupt.recv() => {} }
        handle.exit(0);
    });
    Ok(())
}

#[cfg(not(unix))]
fn end_with_signal(_: tauri::AppHandle) -> std::io::Result<()> {
    Ok(())
}

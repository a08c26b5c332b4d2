//! The window: the register's page in a web view, and nothing but that page.
//!
//! The register is opened while the web view starts, so the shopkeeper waits for the slower of the
//! two and not for both.

mod downloads;
mod events;
mod notice;
mod rpc;
mod till;
#[cfg(target_os = "linux")]
mod webkit;
mod window;

use std::process::ExitCode;

use countertop::Config;
use tauri::{RunEvent, WindowEvent};

use till::Till;

/// Exit code: the register cannot be opened, or there is nothing to show it on.
pub(crate) const CANNOT_OPEN: u8 = 2;
/// Exit code: another register holds the data folder.
pub(crate) const HELD: u8 = 3;

/// Opens the register and its window; comes back when the window is closed and the books are too.
pub(crate) fn run(config: Config) -> ExitCode {
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

    let till = Till::open(config);
    let built = tauri::Builder::default()
        .manage(till.clone())
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .register_uri_scheme_protocol(notice::SCHEME, notice::serve)
        .setup({
            let till = till.clone();
            move |app| {
                window::open(app.handle())?;
                end_with_signal(app.handle().clone())?;
                events::forward(app.handle().clone(), till)?;
                Ok(())
            }
        })
        .build(tauri::generate_context!());
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
    let trouble = till.close();
    ExitCode::from(trouble.unwrap_or_else(|| u8::try_from(code).unwrap_or(CANNOT_OPEN)))
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

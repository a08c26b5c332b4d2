//! Serving the page.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use countertop::Register;
use countertop::http::{Door, NetworkDoor};

use crate::answer::{Failure, config, refuse_other_currency};
use crate::cli::Cli;

pub(crate) fn serve(
    cli: &Cli,
    listen: SocketAddr,
    lan: Option<SocketAddr>,
) -> Result<ExitCode, Failure> {
    let config = config(cli)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // The doors first: a taken port is told before anything is founded.
        let door =
            Door::bind(listen).await.map_err(|error| not_there(listen, "--listen", error))?;
        let network = match lan {
            Some(lan) => {
                let door = NetworkDoor::bind(lan).await;
                Some(door.map_err(|error| not_there(lan, "--lan", error))?)
            }
            None => None,
        };
        let register = Register::open(&config)?;
        refuse_other_currency(cli, &register)?;
        let network = network.map(|door| door.open(register.app(), true)).transpose()?;
        let stop = asked_to_stop()?;
        let mut out = std::io::stdout();
        writeln!(out, "listening on http://{}", door.address())?;
        if let Some(network) = &network {
            let fingerprint = hex::encode(network.fingerprint());
            for address in network.addresses() {
                writeln!(out, "open to the network on https://{address} (SHA-256 {fingerprint})")?;
            }
        }
        out.flush()?;
        door.serve(Arc::clone(register.app()), network, stop).await;
        Ok(ExitCode::SUCCESS)
    })
}

fn not_there(listen: SocketAddr, option: &str, error: std::io::Error) -> Failure {
    if error.kind() == std::io::ErrorKind::AddrInUse {
        return Failure::bad_input(format!(
            "{listen} is taken, perhaps by a register that is served already: close that one, or choose \
             another port with {option} (port 0 is any free one)"
        ));
    }
    error.into()
}

/// Ctrl-C, or SIGTERM from the system. Heard from the call on, so that whoever has read that the register
/// is there may end it in order.
#[cfg(unix)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ctrl-C. Heard from the call on.
#[cfg(windows)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        let _ = ctrl_c.recv().await;
    })
}

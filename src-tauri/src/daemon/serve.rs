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
        let mut out = std::io::stdout();
        writeln!(out, "listening on http://{}", door.address())?;
        if let Some(network) = &network {
            let fingerprint = hex::encode(network.fingerprint());
            for address in network.addresses() {
                writeln!(out, "open to the network on https://{address} (SHA-256 {fingerprint})")?;
            }
        }
        out.flush()?;
        door.serve(Arc::clone(register.app()), network, asked_to_stop()).await;
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

/// Ctrl-C, or SIGTERM from the system.
async fn asked_to_stop() {
    let ctrl_c = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminate => {}
    }
}

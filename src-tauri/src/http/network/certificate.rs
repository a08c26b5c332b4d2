//! The register's certificate for the network. Nobody vouches for it: whoever scans the pairing code has
//! its fingerprint, and a program trusts exactly that. So it is made once and kept: it does not
//! end within the life of a register, and a new address of the machine does not change it.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use countertop_app::AppError;
use countertop_store::write_private;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, SanType,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use sha2::{Digest as _, Sha256};
use tokio_rustls::TlsAcceptor;

/// The certificate and its key, readable by their owner only.
const FILE: &str = "network.pem";
/// The name that the certificate has wherever the machine is, for programs that ask for one. `internal` is
/// kept out of the public names for this.
const NAME: &str = "countertop.internal";

pub(super) struct Certificate {
    pub(super) tls: TlsAcceptor,
    /// SHA-256 of the certificate, as browsers show it.
    pub(super) fingerprint: [u8; 32],
}

/// Reads the certificate of a data folder, or makes it.
pub(super) fn read_or_make(folder: &Path, addresses: &[IpAddr]) -> Result<Certificate, AppError> {
    let path = folder.join(FILE);
    let broken = |reason: String| AppError::Io {
        path: path.display().to_string(),
        reason: format!(
            "{reason}: put it back from where it came, or remove it: the register then makes another, and \
             every device warns of it"
        ),
    };
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let made = make(addresses).map_err(|error| AppError::Io {
                path: path.display().to_string(),
                reason: format!("no certificate can be made ({error})"),
            })?;
            write_private(&path, made.as_bytes())?;
            made.into_bytes()
        }
        Err(error) => return Err(broken(format!("it cannot be read ({error})"))),
    };
    open(&text).map_err(broken)
}

fn open(text: &[u8]) -> Result<Certificate, String> {
    let certificate = CertificateDer::from_pem_slice(text)
        .map_err(|_| "it holds no certificate of the register's".to_owned())?
        .into_owned();
    let key = PrivateKeyDer::from_pem_slice(text)
        .map_err(|_| "it holds no key of the register's".to_owned())?;
    let fingerprint = Sha256::digest(&certificate).into();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .map_err(|error| format!("its certificate and key do not fit ({error})"))?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Certificate { tls: TlsAcceptor::from(Arc::new(tls)), fingerprint })
}

/// A certificate and its key, as PEM.
fn make(addresses: &[IpAddr]) -> Result<String, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut parameters = CertificateParams::new(vec![NAME.to_owned()])?;
    parameters.subject_alt_names.extend(addresses.iter().map(|ip| SanType::IpAddress(*ip)));
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, "Countertop register");
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Whatever the clocks of the register and of a tablet say.
    parameters.not_before = date_time_ymd(2024, 1, 1);
    parameters.not_after = date_time_ymd(2049, 12, 31);
    let certificate = parameters.self_signed(&key)?;
    Ok(format!("{}{}", certificate.pem(), key.serialize_pem()))
}

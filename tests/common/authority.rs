//! An authority that gives out certificates, and servers that show them.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A server with a certificate of its own.
pub(crate) struct Shown {
    /// The certificate, as a person pastes it.
    pub(crate) pem: String,
    /// What the server shows.
    pub(crate) server: Arc<ServerConfig>,
}

/// An authority that nobody knows unless they are given its certificate.
pub(crate) struct Authority {
    /// Its certificate, as a person pastes it.
    pub(crate) pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A server that is called `host`, a name or an address.
    pub(crate) fn server(&self, host: &str) -> Shown {
        self.signed(params_of(host))
    }

    /// The same, but its certificate was good only until some years ago.
    pub(crate) fn expired_server(&self, host: &str) -> Shown {
        let mut params = params_of(host);
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
        self.signed(params)
    }

    fn signed(&self, params: CertificateParams) -> Shown {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        shown(&certificate, &key)
    }
}

/// A server whose certificate nobody gave out: it signed it itself.
pub(crate) fn self_signed(host: &str) -> Shown {
    let key = KeyPair::generate().unwrap();
    shown(&params_of(host).self_signed(&key).unwrap(), &key)
}

/// The same as `openssl req -x509` makes it: marked as an authority's.
pub(crate) fn self_signed_authority(host: &str) -> Shown {
    let mut params = params_of(host);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    shown(&params.self_signed(&key).unwrap(), &key)
}

fn params_of(host: &str) -> CertificateParams {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, host);
    params
}

fn shown(certificate: &rcgen::Certificate, key: &KeyPair) -> Shown {
    let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    Shown { pem: certificate.pem(), server: Arc::new(server) }
}

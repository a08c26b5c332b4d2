//! A device in the shop's network: it trusts the one certificate whose fingerprint it was told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned,
    SupportedProtocolVersion,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::wire::Answer;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An encrypted line.
pub(crate) type Line = StreamOwned<ClientConnection, TcpStream>;

/// Trusts one certificate, whatever it says of itself.
#[derive(Debug)]
struct Pinned {
    fingerprint: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let found: [u8; 32] = Sha256::digest(certificate).into();
        if found == self.fingerprint {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::General("another certificate".to_owned()))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A tablet: the door it knows, and what it was let in with.
#[derive(Clone, Debug)]
pub(crate) struct Tablet {
    pub(crate) door: SocketAddr,
    pub(crate) fingerprint: [u8; 32],
    pub(crate) token: Option<String>,
}

impl Tablet {
    /// Connects, with the newest TLS.
    pub(crate) fn line(&self) -> std::io::Result<Line> {
        self.line_of(&TLS13)
    }

    /// Connects with one version of TLS.
    pub(crate) fn line_of(
        &self,
        version: &'static SupportedProtocolVersion,
    ) -> std::io::Result<Line> {
        assert!([&TLS12, &TLS13].contains(&version));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Pinned { fingerprint: self.fingerprint, provider: Arc::clone(&provider) };
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let name = ServerName::from(self.door.ip());
        let client = ClientConnection::new(Arc::new(config), name).unwrap();
        let stream = TcpStream::connect(self.door)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut line = StreamOwned::new(client, stream);
        line.conn.complete_io(&mut line.sock)?;
        Ok(line)
    }

    /// Sends a request as it is given and reads to the end.
    pub(crate) fn send(&self, first: &str, headers: &[&str], body: &str) -> Answer {
        let mut line = self.line().unwrap();
        let mut text = format!("{first}\r\nConnection: close\r\n");
        for header in headers {
            text.push_str(header);
            text.push_str("\r\n");
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        line.write_all(text.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        // A line that is cut after the answer is as good as one that is ended.
        let _ = line.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Asks as the register's own page does on this device.
    pub(crate) fn ask(&self, path: &str, body: &Value) -> Answer {
        let host = format!("Host: {}", self.door);
        let origin = format!("Origin: https://{}", self.door);
        let token = self.token.as_ref().map(|token| format!("Authorization: Bearer {token}"));
        let mut headers = vec![host.as_str(), &origin, "Content-Type: application/json"];
        headers.extend(token.as_deref());
        self.send(&format!("POST {path} HTTP/1.1"), &headers, &body.to_string())
    }

    /// Gives a command.
    pub(crate) fn rpc(&self, command: &str, body: &Value) -> Answer {
        self.ask(&format!("/rpc/{command}"), body)
    }

    /// The same, where it must be carried out.
    pub(crate) fn done(&self, command: &str, body: &Value) -> Value {
        let answer = self.rpc(command, body);
        assert_eq!(answer.status, 200, "{command}: {}", answer.body);
        answer.json()
    }
}

//! Certificates for servers of tests: an authority, and what it signs.

use std::fmt::Write as _;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// Who signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, as PEM.
    pub certificate: String,
}

/// A certificate and its key, as PEM.
pub struct Identity {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

impl Authority {
    /// A new one, of this name.
    pub fn new(name: &str) -> Self {
        let mut of_itself = CertificateParams::default();
        of_itself.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        of_itself.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let certificate = pem_of(&of_itself.self_signed(&key).expect("a certificate"));
        Self { issuer: Issuer::new(of_itself, key), certificate }
    }

    /// A certificate for these names and addresses, good for a long time.
    pub fn sign(&self, names: &[&str]) -> Identity {
        self.sign_with(names, |_| {})
    }

    /// One that was good once.
    pub fn sign_expired(&self, names: &[&str]) -> Identity {
        self.sign_with(names, |of_it| of_it.not_after = date_time_ymd(2020, 1, 1))
    }

    fn sign_with(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut of_it = CertificateParams::new(names).expect("names");
        change(&mut of_it);
        let key = KeyPair::generate().expect("a key");
        let certificate = pem_of(&of_it.signed_by(&key, &self.issuer).expect("a certificate"));
        Identity { certificate, key: pem("PRIVATE KEY", &key.serialize_der()) }
    }
}

fn pem_of(certificate: &Certificate) -> String {
    pem("CERTIFICATE", certificate.der())
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        writeln!(pem, "{}", String::from_utf8_lossy(line)).expect("a string takes everything");
    }
    pem + &format!("-----END {label}-----\n")
}

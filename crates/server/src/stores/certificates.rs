//! The files that an address of a database names: read while they can be seen, and looked at, so that what can not be used is
//! said at the start and not with the first connection.

use std::fs::File;
use std::io::{self, Read};

use store::ClientCertificate;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;

use crate::callbacks::outside::Outside;

/// The longest file, in bytes: several times all that a host trusts.
const MOST_BYTES: u64 = 2 * 1024 * 1024;

/// Those that this host trusts, as PEM.
///
/// # Errors
/// There are none; fits after the name of the setting.
pub fn of_host(outside: &Outside) -> Result<Vec<u8>, String> {
    outside.authorities_as_pem().ok_or_else(|| {
        "has sslmode=verify-full or verify-ca, and this host has no certificates of authorities; name a file of some with sslrootcert"
            .to_owned()
    })
}

/// The authorities in a file, as PEM.
///
/// # Errors
/// It can not be read, or something in it is no certificate of an authority; fits after the name of the setting.
pub fn authorities(path: &str) -> Result<Vec<u8>, String> {
    let refused = |what: &str| format!("names as sslrootcert the file {path}, {what}");
    let pem = read(path).map_err(|error| refused(&format!("which can not be read: {error}")))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let added = certificate.map_err(|error| error.to_string());
        let added = added.and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
        added.map_err(|error| refused(&format!("which can not be used: {error}")))?;
    }
    if roots.is_empty() { Err(refused("in which there is no certificate as PEM")) } else { Ok(pem) }
}

/// What to show to the database.
///
/// # Errors
/// A file can not be read, holds something else, or the key is another certificate's; fits after the name of the setting.
pub fn of_client(certificate: &str, key: &str) -> Result<ClientCertificate, String> {
    let refused = |name: &str, path: &str, what: String| format!("names as {name} the file {path}, which {what}");
    let chain =
        read(certificate).map_err(|error| refused("sslcert", certificate, format!("can not be read: {error}")))?;
    let of_it = CertificateDer::pem_slice_iter(&chain)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| refused("sslcert", certificate, format!("can not be used: {error}")))?;
    if of_it.is_empty() {
        return Err(refused("sslcert", certificate, "holds no certificate as PEM".to_owned()));
    }
    // Of what is in the file nothing is said.
    let secret = read(key).map_err(|error| refused("sslkey", key, format!("can not be read: {error}")))?;
    let of_key = PrivateKeyDer::from_pem_slice(&secret)
        .map_err(|_| refused("sslkey", key, "holds no private key as PEM, without a passphrase".to_owned()))?;
    CertifiedKey::from_der(of_it, of_key, &ring::default_provider())
        .map_err(|error| refused("sslkey", key, format!("does not go with {certificate}: {error}")))?;
    Ok(ClientCertificate { chain, key: secret })
}

fn read(path: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use testdb::Authority;

    use super::*;

    /// A file of this content in the folder: its path.
    fn file(folder: &Path, name: &str, content: &str) -> String {
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_file_of_authorities_is_taken_as_it_is_or_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let both = Authority::new("one").certificate + &Authority::new("other").certificate;
        assert_eq!(authorities(&file(folder.path(), "both.crt", &both)), Ok(both.clone().into_bytes()));
        let garbled = format!("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{both}");
        for (content, reason) in
            [("", "no certificate as PEM"), ("text", "no certificate as PEM"), (&garbled, "can not be used")]
        {
            let error = authorities(&file(folder.path(), "root.crt", content)).unwrap_err();
            assert!(error.contains("root.crt") && error.contains(reason), "{error}");
        }
        let long = file(folder.path(), "long.crt", &both.repeat(4000));
        assert!(authorities(&long).unwrap_err().contains("can not be read"));
    }

    #[test]
    fn a_certificate_needs_its_own_key() {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new("ours");
        let (ours, other) = (authority.sign(&["ada"]), authority.sign(&["ada"]));
        let certificate = file(folder.path(), "ada.crt", &ours.certificate);
        let key = file(folder.path(), "ada.key", &ours.key);
        let made = of_client(&certificate, &key).unwrap();
        assert_eq!((made.chain, made.key), (ours.certificate.into_bytes(), ours.key.into_bytes()));
        let others = file(folder.path(), "other.key", &other.key);
        for (certificate, key, reason) in [
            (&certificate, &others, "does not go with"),
            (&certificate, &certificate, "holds no private key"),
            (&key, &key, "holds no certificate"),
        ] {
            let error = of_client(certificate, key).err().expect(reason);
            assert!(error.contains(reason) && !error.contains("PRIVATE KEY"), "{error}");
        }
    }
}

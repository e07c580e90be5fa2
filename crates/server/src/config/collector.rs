//! The setting that says where spans go.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::kinds::Kind;

/// Where a collector of spans listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector {
    /// Its address and port.
    pub address: SocketAddr,
    /// What stands before `/v1/traces`: empty, or a path that begins with `/` and does not end with it.
    pub path: String,
}

/// `http://`, an address, a port, and perhaps a path. No other names than `localhost`, because a server that has given up its
/// privileges does not see the files that say who knows names; no `https`, because it has no certificates either.
pub struct CollectorAddress;

impl Kind for CollectorAddress {
    type Value = Collector;

    fn parse(&self, text: &str) -> Option<Collector> {
        let rest = text.strip_prefix("http://")?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = path.trim_end_matches('/');
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte);
        if !path.bytes().all(is_plain) {
            return None;
        }
        let address = match authority.strip_prefix("localhost:") {
            Some(port) => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port.parse().ok()?),
            None => authority.parse().ok()?,
        };
        (address.port() != 0).then(|| Collector { address, path: path.to_owned() })
    }

    fn allowed(&self) -> String {
        "`http://`, an address or `localhost`, and a port, such as http://127.0.0.1:4318 or http://[::1]:4318/otlp"
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_port_is_taken_and_what_would_need_a_name_or_a_certificate_is_not() {
        let parse =
            |text: &str| CollectorAddress.parse(text).map(|Collector { address, path }| format!("{address}{path}"));
        for (text, expected) in [
            ("http://127.0.0.1:4318", "127.0.0.1:4318"),
            ("http://localhost:4318/", "127.0.0.1:4318"),
            ("http://[::1]:4318/otlp/a/", "[::1]:4318/otlp/a"),
            ("http://10.0.0.7:80/x", "10.0.0.7:80/x"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "127.0.0.1:4318",
            "https://127.0.0.1:4318",
            "http://127.0.0.1",
            "http://127.0.0.1:0",
            "http://127.0.0.1:99999",
            "http://collector:4318",
            "http://me:secret@127.0.0.1:4318",
            "http://127.0.0.1:4318/?a=b",
            "http://127.0.0.1:4318/a b",
            "http://127.0.0.1:4318\r\nx: y",
            "grpc://127.0.0.1:4317",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

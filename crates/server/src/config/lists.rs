//! Settings that are lists: names of this server, origins of pages that may use it, and where callbacks may go. They are given
//! with commas between their parts.

use super::kinds::Kind;
use crate::callbacks::targets::Targets;

/// Names and addresses by which clients call this server.
pub struct HostList;

impl Kind for HostList {
    type Value = Vec<String>;

    fn parse(&self, text: &str) -> Option<Vec<String>> {
        list(text, |name| (name == "*" || is_host(name)).then(|| name.to_ascii_lowercase()))
    }

    fn allowed(&self) -> String {
        "names and addresses without ports, with commas between them, such as run.school.example,[::1], or `*` for any"
            .to_owned()
    }
}

/// Origins of web pages.
pub struct OriginList;

impl Kind for OriginList {
    type Value = Vec<String>;

    fn parse(&self, text: &str) -> Option<Vec<String>> {
        list(text, |origin| is_origin(origin).then(|| origin.to_owned()))
    }

    fn allowed(&self) -> String {
        "origins as browsers send them, in lower case and with commas between them, such as https://lms.school.example,\
         http://localhost:3000; there is no `*`"
            .to_owned()
    }
}

/// Where callbacks may go.
pub struct TargetList;

impl Kind for TargetList {
    type Value = Targets;

    fn parse(&self, text: &str) -> Option<Targets> {
        Targets::parse(text)
    }

    fn allowed(&self) -> String {
        Targets::ALLOWED.to_owned()
    }
}

fn list(text: &str, part: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    text.split(',').map(|text| part(text.trim())).collect()
}

/// A name, an IPv4 address, or an IPv6 address in brackets.
fn is_host(text: &str) -> bool {
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// A scheme, a host and perhaps a port, and nothing behind it.
fn is_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let port_begin = rest.rfind(':').filter(|colon| !rest[*colon..].contains(']'));
    let (host, port) = rest.split_at(port_begin.unwrap_or(rest.len()));
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|number| number.to_string() == port);
    is_host(host) && !text.contains(|c: char| c.is_ascii_uppercase()) && port.strip_prefix(':').is_none_or(is_port)
}

//! Where callbacks may go: what the operator allows, and what an address of a callback may look like.
//!
//! Pure: names are resolved by [`super::outside`], and each address that comes of it is asked about here. An address is
//! public if it is in a list of what is, and not if it is missing from a list of what is not: of IPv6, that is what is given to
//! networks today. So whatever stands for an IPv4 address (mapped, 6to4, NAT64, Teredo) is not, wherever it leads.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The longest address of a callback, in bytes.
pub const MOST_URL: usize = 2048;

/// What the operator allows. Without any, nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets(Vec<Target>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// Every address of the public internet.
    Public,
    /// A host of this name, whatever its addresses are.
    Name(String),
    /// The addresses that begin like this one, with so many bits.
    Network(IpAddr, u8),
}

impl Targets {
    /// What may be given; fits after "allowed is ".
    pub const ALLOWED: &'static str = "`public`, names of hosts, addresses and networks, with commas between them, such as \
        public,lms.school.example,10.20.0.0/16,fd00::/8, or `none`";

    /// The targets in a list with commas, if each is one.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self(Vec::new()));
        }
        text.split(',').map(|part| Target::parse(part.trim())).collect::<Option<_>>().map(Self)
    }

    /// Can no callback be sent at all?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The address of a callback in its one spelling, in which a number is an IP address however it was written.
    ///
    /// # Errors
    /// What is wrong with it; fits after the name of the field. Nothing is resolved here, so that a name may be refused later.
    pub fn checked(&self, text: &str) -> Result<Url, &'static str> {
        if self.is_empty() {
            return Err("can not be used: callbacks are turned off on this server");
        }
        if text.len() > MOST_URL {
            return Err("must have at most 2048 bytes");
        }
        // What browsers forgive is where readers of addresses differ.
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err("must be an address without spaces, control characters and `\\`");
        }
        let url = Url::parse(text).map_err(|_| "must be an address such as https://lms.school.example/results")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("must begin with https:// or http://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must have no user and no password before the host");
        }
        if url.fragment().is_some() {
            return Err("must have no `#`");
        }
        if url.port() == Some(0) {
            return Err("must have a port from 1 to 65535, or none");
        }
        let may_be_allowed = match url.host() {
            None => false,
            Some(Host::Ipv4(ip)) => self.allows(url.host_str().unwrap_or_default(), ip.into()),
            Some(Host::Ipv6(ip)) => self.allows(url.host_str().unwrap_or_default(), ip.into()),
            Some(Host::Domain(name)) => self.0.iter().any(|target| match target {
                Target::Name(allowed) => is_name(name, allowed),
                Target::Public | Target::Network(..) => true,
            }),
        };
        if may_be_allowed { Ok(url) } else { Err("must lead to a host to which callbacks may go on this server") }
    }

    /// May a callback to this host go to this address?
    pub fn allows(&self, host: &str, ip: IpAddr) -> bool {
        // It would be connected to as the IPv4 address that it holds, and looked up as another.
        if matches!(ip, IpAddr::V6(ip) if ip.to_ipv4_mapped().is_some()) {
            return false;
        }
        self.0.iter().any(|target| match target {
            Target::Public => is_public(ip),
            Target::Name(allowed) => is_name(host, allowed),
            Target::Network(network, bits) => is_in(ip, *network, *bits),
        })
    }
}

impl Target {
    fn parse(text: &str) -> Option<Self> {
        if text == "public" {
            return Some(Self::Public);
        }
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        if let Ok(ip) = address.parse::<IpAddr>() {
            let all = if ip.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Some(all), |bits| bits.parse().ok().filter(|bits| *bits <= all))?;
            // A network whose address has more bits than that is probably meant to be another one.
            let is_whole = number(ip).checked_shl(128 - u32::from(all) + u32::from(bits)).unwrap_or(0) == 0;
            return is_whole.then_some(Self::Network(ip, bits));
        }
        // What ends in a number is an address to whoever reads a URL.
        let Ok(Host::Domain(name)) = Host::parse(text) else { return None };
        let name = name.strip_suffix('.').unwrap_or(&name);
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        // `none` is alone or not meant.
        (name != "none" && name.split('.').all(is_label)).then(|| Self::Name(name.to_owned()))
    }
}

/// Is a host of this name the one that is allowed? Both are in lower case.
fn is_name(host: &str, allowed: &str) -> bool {
    host.strip_suffix('.').unwrap_or(host) == allowed
}

fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(ip.to_bits()),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

/// Does an address begin with the first `bits` of another one?
fn is_in(ip: IpAddr, network: IpAddr, bits: u8) -> bool {
    let all: u32 = if network.is_ipv4() { 32 } else { 128 };
    let rest = all - u32::from(bits);
    ip.is_ipv4() == network.is_ipv4()
        && number(ip).checked_shr(rest).unwrap_or(0) == number(network).checked_shr(rest).unwrap_or(0)
}

/// Of IPv4, what is not for everybody: this network, private, shared, loopback, link-local, special, for documents, 6to4 relays,
/// for measuring, multicast, reserved and broadcast (RFC 6890 and those after it). And one that looks public and is the
/// machine below, where a host is one of Azure's.
const NOT_PUBLIC_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Of IPv6, what is given to networks today, and what of it is not for everybody: protocols (Teredo among them), documents,
/// 6to4, documents.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const NOT_PUBLIC_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Is it an address of the public internet?
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(_) => !NOT_PUBLIC_V4.into_iter().any(|(network, bits)| is_in(ip, network.into(), bits)),
        IpAddr::V6(_) => {
            let is_in = |(network, bits): (Ipv6Addr, u8)| is_in(ip, network.into(), bits);
            is_in(GLOBAL_V6) && !NOT_PUBLIC_V6.into_iter().any(is_in)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &str) -> Targets {
        Targets::parse(text).expect(text)
    }

    #[test]
    fn addresses_that_are_not_for_everybody_are_not_public() {
        let not = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255 169.254.169.254 168.63.129.16 172.16.0.1 \
            172.31.255.255 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 \
            224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 \
            64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 \
            2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00::1 fe80::1 fec0::1 ff02::1 ffff::1";
        for ip in not.split_whitespace() {
            assert!(!targets("public").allows("host", ip.parse().expect(ip)), "{ip}");
        }
        let public = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 128.0.0.1 172.15.255.255 172.32.0.0 \
            192.0.1.0 198.17.255.255 198.20.0.0 223.255.255.255 2001:200::1 2001:4860:4860::8888 2003::1 2606:4700::1111 2a00::1";
        for ip in public.split_whitespace() {
            assert!(targets("public").allows("host", ip.parse().expect(ip)), "{ip}");
            assert!(!targets("lms.school.example,10.0.0.0/8").allows("host", ip.parse().expect(ip)), "{ip}");
        }
    }

    #[test]
    fn what_the_operator_names_is_allowed_and_its_neighbours_are_not() {
        // The setting, a host, its address, and whether that is allowed.
        let cases = [
            ("10.20.0.0/16", "x", "10.20.255.255", true),
            ("10.20.0.0/16", "x", "10.21.0.0", false),
            ("10.20.0.0/16", "x", "::ffff:10.20.0.1", false),
            ("127.0.0.1", "x", "127.0.0.1", true),
            ("127.0.0.1", "x", "127.0.0.2", false),
            ("fd00::/8", "x", "fdff::1", true),
            ("fd00::/8", "x", "fc00::1", false),
            ("::1", "x", "::1", true),
            ("::1", "x", "::2", false),
            ("::/0", "x", "::ffff:127.0.0.1", false),
            ("::/0", "x", "127.0.0.1", false),
            ("0.0.0.0/0", "x", "127.0.0.1", true),
            ("lms.School.example", "lms.school.example", "10.0.0.1", true),
            ("lms.school.example.", "lms.school.example", "10.0.0.1", true),
            ("lms.school.example", "lms.school.example.", "10.0.0.1", true),
            ("lms.school.example", "a.lms.school.example", "10.0.0.1", false),
            ("lms.school.example", "lms.school.example", "::ffff:10.0.0.1", false),
            ("public,10.0.0.0/8", "x", "10.0.0.1", true),
            ("none", "x", "8.8.8.8", false),
        ];
        for (setting, host, ip, expected) in cases {
            assert_eq!(targets(setting).allows(host, ip.parse().unwrap()), expected, "{setting}: {host} at {ip}");
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for text in [
            "",
            ",",
            "public,",
            "10.0.0.1/8",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/",
            "fd00::1/8",
            "::/129",
            "10.0.0",
            "none,public",
        ]
        .into_iter()
        .chain(["a b", "http://x", "x:80", "x/8", "[::1]", "*", "0x7f000001"])
        {
            assert_eq!(Targets::parse(text), None, "{text}");
        }
    }

    /// B-075, as far as an address itself tells.
    #[test]
    fn an_address_that_leads_inside_or_is_no_address_is_refused() {
        let long = format!("http://lms.school.example/{}", "a".repeat(MOST_URL));
        let bad = [
            "",
            "lms.school.example",
            "//lms.school.example",
            "/results",
            "ftp://lms.school.example",
            "file:///etc/passwd",
            "gopher://lms.school.example",
            "javascript:1",
            "data:,x",
            "http://",
            "http:///",
            "https://user@lms.school.example",
            "https://user:word@lms.school.example",
            "https://:word@lms.school.example",
            "https://lms.school.example/#x",
            "https://lms.school.example:0/",
            "https://lms.school.example:65536/",
            " https://lms.school.example",
            "https://lms.school.example/a b",
            "https://lms.school.example\\@evil.example",
            "https://lms.\tschool.example",
            "http://127.0.0.1",
            "http://2130706433",
            "http://0x7f000001",
            "http://017700000001",
            "http://0177.0.0.1",
            "http://127.1",
            "http://0x7f.1",
            "http://0",
            "http://169.254.169.254/latest",
            "http://10.0.0.1",
            "http://192.168.0.1:80",
            "http://[::1]",
            "http://[::]",
            "http://[::ffff:127.0.0.1]",
            "http://[::ffff:8.8.8.8]",
            "http://[64:ff9b::7f00:1]",
            "http://[2002:7f00:1::]",
            "http://[fe80::1]",
            "http://[fe80::1%25eth0]",
            "http://[fd00::1]",
            "http://[ff02::1]",
            "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1",
            "http://256.256.256.256",
            "http://127.0.0.1.",
            &long,
        ];
        for text in bad {
            assert!(targets("public").checked(text).is_err(), "{text}");
        }
        for text in [
            "https://lms.school.example",
            "http://lms.school.example:8080/a/b?c=d",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(targets("public").checked(text).is_ok(), "{text}");
            assert!(targets("none").checked(text).is_err(), "{text}");
        }
        assert_eq!(targets("127.0.0.1").checked("http://2130706433/x").unwrap().as_str(), "http://127.0.0.1/x");
        let named = targets("lms.school.example");
        assert!(named.checked("https://LMS.school.example/x").is_ok());
        assert!(named.checked("https://other.example/x").is_err());
        assert!(named.checked("https://8.8.8.8/x").is_err());
    }
}

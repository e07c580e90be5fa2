//! Whoever resolves names: a DNS server on loopback that says what a test wants.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use tokio::net::UdpSocket;

/// Starts one. `addresses` is given the name, without the dot at its end, and how often it was asked for before.
pub async fn resolver(
    addresses: impl Fn(&str, usize) -> Vec<IpAddr> + Send + 'static,
) -> (ResolverConfig, ResolverOpts) {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a socket");
    let SocketAddr::V4(address) = socket.local_addr().expect("it has an address") else { panic!("of IPv4") };
    // Ends with the runtime of the test.
    tokio::spawn(async move {
        let mut asked = std::collections::HashMap::<(String, u16), usize>::new();
        let mut query = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut query).await {
            let (name, kind, end) = question(&query[..length]);
            let before = asked.entry((name.clone(), kind)).or_default();
            let found = addresses(&name, *before);
            *before += 1;
            let _ = socket.send_to(&answer(&query[..end], kind, &found), from).await;
        }
    });
    let mut connection = ConnectionConfig::udp();
    connection.port = address.port();
    let server = NameServerConfig::new(IpAddr::V4(Ipv4Addr::LOCALHOST), true, vec![connection]);
    (ResolverConfig::from_name_servers(vec![server]), ResolverOpts::default())
}

/// The name and the kind that are asked for, and where the question ends.
fn question(query: &[u8]) -> (String, u16, usize) {
    let (mut at, mut labels) = (12, Vec::new());
    while query[at] != 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_ascii_lowercase());
        at = end;
    }
    (labels.join("."), u16::from_be_bytes([query[at + 1], query[at + 2]]), at + 5)
}

/// Addresses that may not be kept, as far as they are of this kind: 1 is A, 28 is AAAA.
fn answer(question: &[u8], kind: u16, addresses: &[IpAddr]) -> Vec<u8> {
    let of_kind: Vec<Vec<u8>> = addresses
        .iter()
        .filter_map(|ip| match ip {
            IpAddr::V4(ip) if kind == 1 => Some(ip.octets().to_vec()),
            IpAddr::V6(ip) if kind == 28 => Some(ip.octets().to_vec()),
            _ => None,
        })
        .collect();
    let mut answer = question.to_vec();
    answer[2..4].copy_from_slice(&[0x81, 0x80]);
    answer[6..8].copy_from_slice(&(of_kind.len() as u16).to_be_bytes());
    // Neither authorities nor anything further.
    answer[8..12].fill(0);
    for octets in of_kind {
        answer.extend([0xc0, 0x0c, 0, kind as u8, 0, 1, 0, 0, 0, 0, 0, octets.len() as u8]);
        answer.extend(octets);
    }
    answer
}

//! A collector of spans on a loopback address, that takes what it is sent apart itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The head and the body of a request.
type Received = (String, Vec<u8>);

/// Collects until it is dropped.
pub struct Collector {
    pub endpoint: String,
    requests: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

/// A span, with its ids in hexadecimal and its times in nanoseconds.
#[derive(Debug, Clone, Default)]
pub struct Span {
    pub name: String,
    pub trace: String,
    pub id: String,
    pub parent: String,
    pub kind: u64,
    pub begin: u64,
    pub end: u64,
    pub attributes: BTreeMap<String, String>,
    /// 2 is an error.
    pub status: u64,
}

impl Collector {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        let endpoint = format!("http://{}/otlp", listener.local_addr().expect("an address"));
        let requests: Arc<Mutex<Vec<_>>> = Arc::default();
        let kept = requests.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = kept.clone();
                tokio::spawn(async move { serve(stream, &kept).await });
            }
        });
        Self { endpoint, requests, task }
    }

    /// The heads and bodies of all requests.
    pub fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }

    /// All spans that came.
    pub fn spans(&self) -> Vec<Span> {
        self.requests().iter().flat_map(|(_, body)| spans(body)).collect()
    }

    /// The value of this attribute of whoever sent the first request.
    pub fn resource(&self, name: &str) -> Option<String> {
        let requests = self.requests();
        let (_, body) = requests.first()?;
        let of_resource = fields(body).into_iter().filter(|(number, _)| *number == 1).flat_map(|(_, part)| {
            let of_resource = fields(part.bytes()).into_iter().filter(|(number, _)| *number == 1);
            of_resource.flat_map(|(_, resource)| attributes(resource.bytes(), 1)).collect::<Vec<_>>()
        });
        of_resource.collect::<BTreeMap<_, _>>().remove(name)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Takes requests from a connection until it ends.
async fn serve(mut stream: TcpStream, kept: &Mutex<Vec<Received>>) {
    let mut read = Vec::new();
    loop {
        let head_end = loop {
            if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
                return;
            }
        };
        let head = String::from_utf8(read[..head_end].to_vec()).expect("text").to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        let length: usize = length.parse().expect("a number");
        while read.len() < head_end + length {
            if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let body = read[head_end..head_end + length].to_vec();
        read.drain(..head_end + length);
        kept.lock().unwrap().push((head, body));
        if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.is_err() {
            return;
        }
    }
}

/// A field of a protobuf message.
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Number(number) => panic!("{number} is no message"),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes().to_vec()).expect("text")
    }

    fn hex(&self) -> String {
        self.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            Self::Bytes(_) => panic!("no number"),
        }
    }
}

/// The fields of a message with their numbers (protobuf.dev/programming-guides/encoding).
fn fields(mut message: &[u8]) -> Vec<(u64, Value<'_>)> {
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = varint(&mut message);
        let value = match key & 7 {
            0 => Value::Number(varint(&mut message)),
            1 => Value::Number(u64::from_le_bytes(take(&mut message, 8).try_into().expect("eight"))),
            2 => {
                let length = varint(&mut message) as usize;
                Value::Bytes(take(&mut message, length))
            }
            5 => Value::Number(u32::from_le_bytes(take(&mut message, 4).try_into().expect("four")).into()),
            kind => panic!("no kind of field: {kind}"),
        };
        found.push((key >> 3, value));
    }
    found
}

fn take<'a>(message: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (part, rest) = message.split_at(length);
    *message = rest;
    part
}

fn varint(message: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(message, 1)[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return number;
        }
    }
    panic!("a number has no end")
}

/// ExportTraceServiceRequest: resource_spans 1; ResourceSpans: scope_spans 2; ScopeSpans: spans 2.
fn spans(request: &[u8]) -> Vec<Span> {
    let within = |message: &[u8], wanted: u64| -> Vec<Vec<u8>> {
        let all = fields(message).into_iter().filter(|(number, _)| *number == wanted);
        all.map(|(_, value)| value.bytes().to_vec()).collect()
    };
    let scopes = within(request, 1).into_iter().flat_map(|resource| within(&resource, 2));
    scopes.flat_map(|scope| within(&scope, 2)).map(|message| span(&message)).collect()
}

fn span(message: &[u8]) -> Span {
    let mut span = Span { attributes: attributes(message, 9).into_iter().collect(), ..Span::default() };
    for (number, value) in fields(message) {
        match number {
            1 => span.trace = value.hex(),
            2 => span.id = value.hex(),
            4 => span.parent = value.hex(),
            5 => span.name = value.text(),
            6 => span.kind = value.number(),
            7 => span.begin = value.number(),
            8 => span.end = value.number(),
            15 => {
                let code = fields(value.bytes()).into_iter().find(|(number, _)| *number == 3);
                span.status = code.map_or(0, |(_, code)| code.number());
            }
            _ => {}
        }
    }
    span
}

/// KeyValue: key 1, value 2; AnyValue: string 1, bool 2, int 3.
fn attributes(message: &[u8], at: u64) -> Vec<(String, String)> {
    let pairs = fields(message).into_iter().filter(|(number, _)| *number == at);
    let pair = |message: &[u8]| {
        let (mut key, mut shown) = (String::new(), String::new());
        for (number, value) in fields(message) {
            match number {
                1 => key = value.text(),
                _ => {
                    for (kind, value) in fields(value.bytes()) {
                        shown = if kind == 1 { value.text() } else { value.number().to_string() };
                    }
                }
            }
        }
        (key, shown)
    };
    pairs.map(|(_, value)| pair(value.bytes())).collect()
}

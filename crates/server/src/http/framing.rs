//! Refuses requests whose end two readers could see in different places, before hyper reads them.
//!
//! hyper does what RFC 9112 allows a server to do: it takes a lone LF for the end of a line, lets `transfer-encoding` win
//! over a `content-length`, and takes the same length twice. A proxy before us may decide otherwise, and whoever knows it
//! can hide a request in another's body. Here such a head is cut at the offending byte and spoilt, so that hyper answers
//! 400, after the answers it owes, and closes.
//!
//! Only what says where a request ends is looked at; everything else is hyper's to judge. A chunked body is not followed:
//! the answer to one closes its connection (see [`crate::app`]), so that nothing behind it is read as a request.

/// The longest value of a header that says how long a body is, with its name.
const MOST_LINE: usize = 128;

/// What hyper takes nowhere in a head.
const SPOILT: u8 = 0;

/// Follows the bytes of one connection.
#[derive(Debug, Default)]
pub struct Framing {
    state: State,
}

#[derive(Debug)]
enum State {
    Head(Head),
    /// So many bytes of a body are to come.
    Body(u64),
    /// A chunked body, or what hyper is going to refuse: nothing behind it counts.
    Last,
    Refused,
}

impl Default for State {
    fn default() -> Self {
        Self::Head(Head::default())
    }
}

#[derive(Debug, Default)]
struct Head {
    /// The beginning of the line that is being read.
    line: Vec<u8>,
    line_length: usize,
    /// The byte before was a CR.
    returned: bool,
    has_request_line: bool,
    length: Option<u64>,
    is_chunked: bool,
}

/// What a byte of a head means.
enum Seen {
    More,
    End,
    Bad,
}

impl Framing {
    /// Looks at bytes as they come. `Some` is how many of them may be handed on: the last of these has been spoilt, and
    /// nothing that follows on this connection may be read any more.
    pub fn look(&mut self, bytes: &mut [u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            match &mut self.state {
                State::Last => return None,
                State::Refused => return Some(0),
                State::Body(left) => {
                    let here = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len() - at);
                    at += here;
                    *left -= here as u64;
                    if *left == 0 {
                        self.state = State::default();
                    }
                }
                State::Head(head) => {
                    match head.take(bytes[at]) {
                        Seen::More => {}
                        Seen::End => self.state = head.body(),
                        Seen::Bad => {
                            self.state = State::Refused;
                            bytes[at] = SPOILT;
                            return Some(at + 1);
                        }
                    }
                    at += 1;
                }
            }
        }
        None
    }

    /// Has a request been refused?
    pub fn has_refused(&self) -> bool {
        matches!(self.state, State::Refused)
    }
}

impl Head {
    fn take(&mut self, byte: u8) -> Seen {
        match (self.returned, byte) {
            (false, b'\r') => self.returned = true,
            (true, b'\n') => return self.end_of_line(),
            // Half of a line's end.
            (true, _) | (false, b'\n') => return Seen::Bad,
            (false, _) => {
                self.line_length += 1;
                if self.line.len() < MOST_LINE {
                    self.line.push(byte);
                }
            }
        }
        Seen::More
    }

    fn end_of_line(&mut self) -> Seen {
        self.returned = false;
        let line = std::mem::take(&mut self.line);
        let length = std::mem::take(&mut self.line_length);
        if !self.has_request_line {
            // Empty lines before a request are allowed.
            self.has_request_line = length > 0;
            return Seen::More;
        }
        if length == 0 {
            return Seen::End;
        }
        self.header(&line, length > line.len())
    }

    fn header(&mut self, line: &[u8], is_cut: bool) -> Seen {
        let name_end = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(name_end);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") {
            let number = std::str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            match number.and_then(|text| text.parse().ok()) {
                Some(length) if !is_cut && !self.is_chunked && self.length.is_none() => self.length = Some(length),
                _ => return Seen::Bad,
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            let is_only = !is_cut && !self.is_chunked && self.length.is_none();
            if !is_only || !value.eq_ignore_ascii_case(b"chunked") {
                return Seen::Bad;
            }
            self.is_chunked = true;
        }
        Seen::More
    }

    fn body(&self) -> State {
        match self.length {
            _ if self.is_chunked => State::Last,
            None | Some(0) => State::default(),
            Some(length) => State::Body(length),
        }
    }
}

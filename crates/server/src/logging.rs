//! The server's own messages, for the operator: to standard error, filtered by the setting `log`.
//!
//! A message is one line, whatever is in it. Parts of some come from programs that are not ours (what a tool chain says of
//! itself, what a library says of a request), so that every line is cleaned once more where it leaves the process: no
//! byte in it can move a cursor, end a line or turn the text around. There are no colours, which would need such bytes.

use std::io::{self, Write};

use tracing::{Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// The longest line, in characters.
const MOST_CHARS: usize = 4096;

/// Starts logging. `filter` is the setting `log`, which has been checked. Only the first call counts.
pub fn init(filter: &str) {
    let _ = tracing::subscriber::set_global_default(subscriber(filter, io::stderr));
}

/// What takes messages and writes them as clean lines.
pub fn subscriber<W>(filter: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(CleanLines(writer))
        .with_ansi(false)
        .finish()
}

/// Makes writers of clean lines.
struct CleanLines<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for CleanLines<W> {
    type Writer = CleanLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        CleanLine(self.0.make_writer())
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        CleanLine(self.0.make_writer_for(meta))
    }
}

/// Is given one message at a time, whole.
struct CleanLine<W>(W);

impl<W: Write> Write for CleanLine<W> {
    fn write(&mut self, message: &[u8]) -> io::Result<usize> {
        self.0.write_all(clean(&String::from_utf8_lossy(message)).as_bytes())?;
        Ok(message.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn clean(message: &str) -> String {
    let line = message.strip_suffix('\n').unwrap_or(message);
    let mut text = String::with_capacity(line.len() + 1);
    for (count, c) in line.chars().enumerate() {
        if count == MOST_CHARS {
            text.push('…');
            break;
        }
        if is_harmless(c) { text.push(c) } else { text.extend(c.escape_unicode()) }
    }
    text.push('\n');
    text
}

/// Neither a control character, nor the end of a line or a change of direction for whoever knows Unicode.
fn is_harmless(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

//! What values a setting can have: how each kind is read and what is said when it can not be.

use std::fmt::{self, Display};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use tracing_subscriber::EnvFilter;

/// A text that never appears in a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// How the text of a setting becomes its value.
pub trait Kind {
    /// The type of the value.
    type Value;
    /// The value, if the text is allowed.
    fn parse(&self, text: &str) -> Option<Self::Value>;
    /// What is allowed; fits after "allowed is ".
    fn allowed(&self) -> String;
    /// Must not be shown.
    fn is_secret(&self) -> bool {
        false
    }
}

/// What applies when nobody gives a setting.
pub trait Presence<K: Kind> {
    /// The type of the field: the value, or an option of it.
    type Field;
    /// The field without a given value.
    fn absent(&self, kind: &K) -> Self::Field;
    /// The field with one.
    fn present(&self, value: K::Value) -> Self::Field;
}

/// A default value.
pub struct Value<T>(pub T);

impl<T: Display> Value<T> {
    /// The default for the documentation.
    pub fn in_words(&self) -> String {
        format!("`{}`", self.0)
    }
}

impl<K: Kind, T: Display> Presence<K> for Value<T> {
    type Field = K::Value;

    fn absent(&self, kind: &K) -> K::Value {
        kind.parse(&self.0.to_string()).expect("every default is allowed; a test resolves them all")
    }

    fn present(&self, value: K::Value) -> K::Value {
        value
    }
}

/// No value; the words say what happens then.
pub struct Absent(pub &'static str);

impl Absent {
    /// The default for the documentation.
    pub fn in_words(&self) -> String {
        self.0.to_owned()
    }
}

impl<K: Kind> Presence<K> for Absent {
    type Field = Option<K::Value>;

    fn absent(&self, _: &K) -> Self::Field {
        None
    }

    fn present(&self, value: K::Value) -> Self::Field {
        Some(value)
    }
}

/// A path of a file or folder.
pub struct Path;

impl Kind for Path {
    type Value = PathBuf;

    fn parse(&self, text: &str) -> Option<PathBuf> {
        (!text.is_empty() && !text.contains('\0')).then(|| PathBuf::from(text))
    }

    fn allowed(&self) -> String {
        "a path".to_owned()
    }
}

/// The name of a language.
pub struct Name;

impl Kind for Name {
    type Value = String;

    fn parse(&self, text: &str) -> Option<String> {
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn allowed(&self) -> String {
        "the name of a language in the languages directory".to_owned()
    }
}

/// An address and port.
pub struct Address;

impl Kind for Address {
    type Value = SocketAddr;

    fn parse(&self, text: &str) -> Option<SocketAddr> {
        text.parse().ok()
    }

    fn allowed(&self) -> String {
        "an IP address and a port, such as 127.0.0.1:5000 or [::1]:5000".to_owned()
    }
}

/// A filter for log messages.
pub struct Filter;

impl Kind for Filter {
    type Value = String;

    fn parse(&self, text: &str) -> Option<String> {
        EnvFilter::try_new(text).ok().map(|_| text.to_owned())
    }

    fn allowed(&self) -> String {
        "error, warn, info, debug, trace or off, also per module (info,server::scheduler=debug)".to_owned()
    }
}

/// An API key. Whether it is a good one is for `keys` to say.
pub struct Token;

impl Kind for Token {
    type Value = Secret;

    fn parse(&self, text: &str) -> Option<Secret> {
        Some(Secret::new(text))
    }

    fn allowed(&self) -> String {
        "16 or more visible ASCII characters, no example key".to_owned()
    }

    fn is_secret(&self) -> bool {
        true
    }
}

/// One of a few words, each with what it stands for.
pub struct Word<T: 'static>(pub &'static [(&'static str, T)]);

impl<T: Copy> Kind for Word<T> {
    type Value = T;

    fn parse(&self, text: &str) -> Option<T> {
        self.0.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
    }

    fn allowed(&self) -> String {
        let words: Vec<&str> = self.0.iter().map(|(word, _)| *word).collect();
        words.join(" or ")
    }
}

/// A whole number within bounds.
pub struct Number<T> {
    least: T,
    most: T,
}

impl<T> Number<T> {
    /// At least this and at most that.
    pub const fn between(least: T, most: T) -> Self {
        Self { least, most }
    }
}

impl<T: FromStr + PartialOrd + Display> Kind for Number<T> {
    type Value = T;

    fn parse(&self, text: &str) -> Option<T> {
        text.parse().ok().filter(|value| (&self.least..=&self.most).contains(&value))
    }

    fn allowed(&self) -> String {
        format!("a whole number from {} to {}", self.least, self.most)
    }
}

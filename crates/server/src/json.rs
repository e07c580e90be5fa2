//! Strict JSON, read where it lies.
//!
//! [`check`] accepts one document and no more: UTF-8, no name twice in an object, no lone surrogate,
//! not too deep. It copies nothing, so that a hostile body costs no more memory than its length. What
//! comes out are slices of the text whose fields the caller takes by type; what a field means is not
//! known here. Numbers keep their text: `1e400` is a number that is too large, not bad JSON.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Objects and lists inside each other.
const MOST_DEPTH: usize = 32;
/// Names in one object.
const MOST_NAMES: usize = 100;

/// Why a text is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not a text.
    #[error("the body is not UTF-8; the first bad byte is number {}", .0 + 1)]
    NotUtf8(usize),
    /// Not JSON.
    #[error("the body is not JSON: {0}")]
    Syntax(String),
    /// Deeper than [`MOST_DEPTH`].
    #[error("the body has lists or objects inside each other more than {MOST_DEPTH} deep")]
    TooDeep,
    /// More than [`MOST_NAMES`].
    #[error("an object of the body has more than {MOST_NAMES} names")]
    TooManyNames,
    /// The same name twice.
    #[error("the body has `{0}` twice in one object")]
    Duplicate(String),
    /// `\ud800` alone.
    #[error("a text of the body has an escape that is half a character (a lone surrogate)")]
    LoneSurrogate,
}

/// A value, seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// Any number.
    Number,
    /// A string.
    Text,
    /// An array.
    List,
    /// An object.
    Object,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        })
    }
}

/// A value that has been checked, as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub struct Json<'a>(&'a RawValue);

/// Checks a whole document.
///
/// # Errors
/// [`Malformed`] says what is wrong with it.
pub fn check(body: &[u8]) -> Result<Json<'_>, Malformed> {
    let text = std::str::from_utf8(body).map_err(|error| Malformed::NotUtf8(error.valid_up_to()))?;
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| Malformed::Syntax(error.to_string()))?;
    walk(Json(raw), MOST_DEPTH)?;
    Ok(Json(raw))
}

fn walk(value: Json<'_>, depth_left: usize) -> Result<(), Malformed> {
    match value.shape() {
        Shape::Null | Shape::Bool | Shape::Number => Ok(()),
        Shape::Text => value.text().map(|_| ()).ok_or(Malformed::LoneSurrogate),
        Shape::List => {
            let deeper = depth_left.checked_sub(1).ok_or(Malformed::TooDeep)?;
            value.each_element(|_, element| walk(element, deeper))
        }
        Shape::Object => {
            let deeper = depth_left.checked_sub(1).ok_or(Malformed::TooDeep)?;
            let mut seen = HashSet::new();
            for (name, member) in value.members()? {
                if seen.contains(&name) {
                    return Err(Malformed::Duplicate(model::text::one_line(&name)));
                }
                seen.insert(name);
                walk(member, deeper)?;
            }
            Ok(())
        }
    }
}

impl<'a> Json<'a> {
    /// What kind of value it is.
    pub fn shape(self) -> Shape {
        match self.0.get().as_bytes().first() {
            Some(b'{') => Shape::Object,
            Some(b'[') => Shape::List,
            Some(b'"') => Shape::Text,
            Some(b't' | b'f') => Shape::Bool,
            Some(b'n') => Shape::Null,
            _ => Shape::Number,
        }
    }

    /// The text, if it is one.
    pub fn text(self) -> Option<Cow<'a, str>> {
        serde_json::from_str::<Text>(self.0.get()).ok().map(|text| text.0)
    }

    /// The number as written, if it is one.
    pub fn number(self) -> Option<&'a str> {
        (self.shape() == Shape::Number).then(|| self.0.get())
    }

    /// Which of the two it is, if it is `true` or `false`.
    pub fn boolean(self) -> Option<bool> {
        (self.shape() == Shape::Bool).then(|| self.0.get() == "true")
    }

    /// The members of an object in their order.
    ///
    /// # Errors
    /// [`Malformed`] if there are too many or a name is not a text. Never after [`check`].
    pub fn members(self) -> Result<Vec<(Cow<'a, str>, Json<'a>)>, Malformed> {
        // The grammar was checked before: what can still be wrong is a name.
        let members: Members = serde_json::from_str(self.0.get()).map_err(|_| Malformed::LoneSurrogate)?;
        if members.0.len() > MOST_NAMES { Err(Malformed::TooManyNames) } else { Ok(members.0) }
    }

    /// Calls `visit` for the elements of a list in their order, until it fails.
    ///
    /// # Errors
    /// That of `visit`.
    pub fn each_element<E>(self, visit: impl FnMut(usize, Json<'a>) -> Result<(), E>) -> Result<(), E> {
        let mut failure = None;
        let elements = Elements { visit, failure: &mut failure };
        // An error is either a failure of `visit` or impossible: the grammar was checked before.
        let _ = serde_json::Deserializer::from_str(self.0.get()).deserialize_seq(elements);
        failure.map_or(Ok(()), Err)
    }
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

struct Members<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    // One too many is enough to know, and all that is kept.
                    if members.len() <= MOST_NAMES {
                        members.push((name.0, Json(value)));
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

struct Elements<'f, F, E> {
    visit: F,
    failure: &'f mut Option<E>,
}

impl<'de, F: FnMut(usize, Json<'de>) -> Result<(), E>, E> Visitor<'de> for Elements<'_, F, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(element) = list.next_element::<&'de RawValue>()? {
            if let Err(error) = (self.visit)(index, Json(element)) {
                *self.failure = Some(error);
                return Err(A::Error::custom("stopped"));
            }
            index += 1;
        }
        Ok(())
    }
}

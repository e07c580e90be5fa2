//! The values of a TOML file with the place where each stands, so that whatever is wrong with one is said with file, line and
//! field. What the fields mean is for [`super::tests_file`] to say.

use std::fmt;

use model::text::one_line;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct FileError {
    /// The file, as it was named.
    pub file: String,
    /// The line, where one is known; the first is 1.
    pub line: Option<usize>,
    /// What is wrong, naming the field.
    pub message: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// A text and its name.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// The file, as it was named.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl<'a> Page<'a> {
    /// The table of the whole file.
    ///
    /// # Errors
    /// It is not TOML.
    pub fn table(self) -> Result<Spanned<DeTable<'a>>, FileError> {
        DeTable::parse(self.text).map_err(|error| {
            let message = one_line(error.message());
            match error.span() {
                Some(span) => self.at(span.start, message),
                None => FileError { file: self.file.to_owned(), line: None, message },
            }
        })
    }

    fn at(self, offset: usize, message: String) -> FileError {
        let line =
            self.text.as_bytes()[..offset.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count() + 1;
        FileError { file: self.file.to_owned(), line: Some(line), message }
    }
}

/// A value, what it is called, and where it stands.
pub struct Field<'a> {
    page: Page<'a>,
    name: String,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Field<'a> {
    /// What is wrong with it: `message` fits after its name.
    pub fn wrong(&self, message: impl fmt::Display) -> FileError {
        self.page.at(self.value.span().start, format!("`{}` {message}", self.name))
    }

    fn wrong_type(&self, wanted: &str) -> FileError {
        let kind = match self.value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.wrong(format!("must be {wanted}, not {kind}"))
    }

    /// Its text.
    ///
    /// # Errors
    /// It is none.
    pub fn text(&self) -> Result<&'a str, FileError> {
        self.value.get_ref().as_str().ok_or_else(|| self.wrong_type("a text"))
    }

    /// True or false.
    ///
    /// # Errors
    /// It is neither.
    pub fn truth(&self) -> Result<bool, FileError> {
        self.value.get_ref().as_bool().ok_or_else(|| self.wrong_type("true or false"))
    }

    /// A whole number.
    ///
    /// # Errors
    /// It is none, or less than 0.
    pub fn whole_number(&self) -> Result<u64, FileError> {
        let DeValue::Integer(number) = self.value.get_ref() else { return Err(self.wrong_type("a whole number")) };
        let parsed = u64::from_str_radix(number.as_str(), number.radix());
        parsed.map_err(|_| self.wrong("must be a whole number that is not less than 0"))
    }

    /// Any number, as it is written in decimal digits.
    ///
    /// # Errors
    /// It is none.
    pub fn number(&self) -> Result<f64, FileError> {
        let number = match self.value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse::<f64>().ok(),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => return Err(self.wrong_type("a number")),
        };
        number.filter(|number| number.is_finite()).ok_or_else(|| self.wrong("must be a number in decimal digits"))
    }

    /// Is it a text?
    pub fn is_text(&self) -> bool {
        self.value.get_ref().is_str()
    }

    /// The elements of a list.
    ///
    /// # Errors
    /// It is none.
    pub fn elements(&self) -> Result<Vec<Self>, FileError> {
        let list = self.value.get_ref().as_array().ok_or_else(|| self.wrong_type("a list"))?;
        let element = |(index, value)| Field { page: self.page, name: format!("{}[{index}]", self.name), value };
        Ok(list.iter().enumerate().map(element).collect())
    }

    /// The texts of a list.
    ///
    /// # Errors
    /// It is none, or something in it is no text.
    pub fn texts(&self) -> Result<Vec<String>, FileError> {
        self.elements()?.iter().map(|element| element.text().map(str::to_owned)).collect()
    }

    /// The fields of a table.
    ///
    /// # Errors
    /// It is none.
    pub fn fields(&self) -> Result<Fields<'a>, FileError> {
        let table = self.value.get_ref().as_table().ok_or_else(|| self.wrong_type("a table"))?;
        Ok(Fields { page: self.page, name: format!("{}.", self.name), start: self.value.span().start, table })
    }
}

/// The fields of a table.
pub struct Fields<'a> {
    page: Page<'a>,
    /// What stands before the names of the fields.
    name: String,
    start: usize,
    table: &'a DeTable<'a>,
}

impl<'a> Fields<'a> {
    /// Those of the whole file.
    pub fn new(page: Page<'a>, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self { page, name: String::new(), start: 0, table: table.get_ref() }
    }

    /// Refuses every field but these.
    ///
    /// # Errors
    /// There is another one.
    pub fn only(&self, known: &[&str]) -> Result<(), FileError> {
        match self.table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
            None => Ok(()),
            Some(key) => {
                let allowed = known.join("`, `");
                let name = one_line(key.get_ref());
                Err(self
                    .page
                    .at(key.span().start, format!("`{}{name}` is no field; allowed is `{allowed}`", self.name)))
            }
        }
    }

    /// The field of this name, if it is there.
    pub fn get(&self, name: &str) -> Option<Field<'a>> {
        let value = self.table.get(name)?;
        Some(Field { page: self.page, name: format!("{}{name}", self.name), value })
    }

    /// Each field with its name.
    pub fn all(&self) -> Vec<(String, Field<'a>)> {
        let field = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &'a Spanned<DeValue<'a>>)| {
            let key = key.get_ref().clone().into_owned();
            let name = format!("{}{key}", self.name);
            (key, Field { page: self.page, name, value })
        };
        self.table.iter().map(field).collect()
    }

    /// The sentence about a field that is not there.
    pub fn missing(&self, name: &str, hint: &str) -> FileError {
        self.page.at(self.start, format!("`{}{name}` is missing{hint}", self.name))
    }
}

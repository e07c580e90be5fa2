//! The languages as whoever grades knows them: the answer to `GET /languages`, from a server or from this program itself, which
//! makes the same.

use std::collections::BTreeMap;

use model::Language;
use serde::Deserialize;
use serde_json::Value;

/// One of them.
#[derive(Debug, Clone, Deserialize)]
pub struct KnownLanguage {
    /// What a request calls it.
    pub id: String,
    /// What a request may call it too.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Of its files, without the dot. Servers before these were told say none.
    #[serde(default)]
    pub extensions: Vec<String>,
    /// Its version, if that is known.
    pub version: Option<String>,
    /// Can it be used?
    #[serde(default)]
    available: bool,
    /// Why it can not be used, and the same in full, if that is told.
    reason: Option<String>,
    cause: Option<String>,
    /// What a run may use.
    #[serde(default)]
    pub limits: Value,
}

/// All of them.
#[derive(Debug, Clone, Deserialize)]
pub struct KnownLanguages {
    languages: Vec<KnownLanguage>,
}

impl KnownLanguage {
    fn answers_to(&self, name: &str) -> bool {
        self.id == name || self.aliases.iter().any(|alias| alias == name)
    }

    /// Is it yet to be seen whether it works, and in which version?
    pub fn is_untried(&self) -> bool {
        self.available && self.version.is_none()
    }

    /// Why nothing can be run in it.
    pub fn unavailable(&self) -> Option<String> {
        let reason =
            || self.cause.as_ref().or(self.reason.as_ref()).cloned().unwrap_or_else(|| "it does not work".to_owned());
        (!self.available).then(reason)
    }
}

impl KnownLanguages {
    /// These, before any was tried.
    pub fn untried(languages: &[Language]) -> Self {
        let known = |language: &Language| KnownLanguage {
            id: language.id.clone(),
            aliases: language.aliases.clone(),
            extensions: language.extensions().into_iter().map(str::to_owned).collect(),
            version: None,
            available: true,
            reason: None,
            cause: None,
            limits: Value::Null,
        };
        Self { languages: languages.iter().map(known).collect() }
    }

    /// Of an answer to `GET /languages`.
    ///
    /// # Errors
    /// It is none.
    pub fn from_json(answer: Value) -> Result<Self, String> {
        serde_json::from_value(answer).map_err(|error| format!("the languages are not told: {error}"))
    }

    /// The language of this id or other name.
    ///
    /// # Errors
    /// There is none; the sentence names those that there are.
    pub fn named(&self, name: &str) -> Result<&KnownLanguage, String> {
        self.languages.iter().find(|language| language.answers_to(name)).ok_or_else(|| {
            let ids: Vec<&str> = self.languages.iter().map(|language| language.id.as_str()).collect();
            format!("there is no language `{name}`; there are {}", ids.join(", "))
        })
    }

    /// Is it the extension of any?
    pub fn has_extension(&self, extension: &str) -> bool {
        self.languages.iter().flat_map(|known| &known.extensions).any(|of| of.eq_ignore_ascii_case(extension))
    }

    /// The one language whose files have this extension; `usual` says which where that is not told by the languages.
    ///
    /// # Errors
    /// There is none, or more than one. The reason fits after the name of the file.
    pub fn of_extension(&self, extension: &str, usual: &BTreeMap<String, String>) -> Result<&KnownLanguage, String> {
        if let Some(name) = usual.get(extension) {
            return self
                .named(name)
                .map_err(|error| format!("has an extension for which `extensions` is wrong: {error}"));
        }
        // As it is written first: `.C` is C++, and `.R` is R.
        let exact = |known: &&KnownLanguage| known.extensions.iter().any(|of| of == extension);
        let alike = |known: &&KnownLanguage| known.extensions.iter().any(|of| of.eq_ignore_ascii_case(extension));
        let mut found: Vec<&KnownLanguage> = self.languages.iter().filter(exact).collect();
        if found.is_empty() {
            found = self.languages.iter().filter(alike).collect();
        }
        match found.as_slice() {
            [language] => Ok(language),
            [] => Err(format!("has the extension `.{extension}`, which is that of no language here")),
            several => {
                let ids: Vec<&str> = several.iter().map(|language| language.id.as_str()).collect();
                Err(format!(
                    "has the extension `.{extension}`, which may be {}; say so with --language, or with `language` or `extensions` in the file of the tests",
                    ids.join(" or ")
                ))
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// Python, C, C++, Perl and Prolog.
    pub fn languages() -> KnownLanguages {
        let language = |id: &str, aliases: Value, extensions: Value| {
            json!({"id": id, "aliases": aliases, "extensions": extensions, "available": id != "cpp",
                   "version": format!("{id} 1"), "reason": "it is not installed", "limits": {}})
        };
        KnownLanguages::from_json(json!({"default": "python", "languages": [
            language("python", json!(["py"]), json!(["py"])),
            language("c", json!([]), json!(["c"])),
            language("cpp", json!(["c++"]), json!(["cpp", "C"])),
            language("perl", json!([]), json!(["pl"])),
            language("prolog", json!([]), json!(["pl"])),
        ]}))
        .unwrap()
    }

    #[test]
    fn the_extension_tells_the_language_unless_it_is_that_of_two() {
        let (languages, none) = (languages(), BTreeMap::new());
        let of = |extension: &str| languages.of_extension(extension, &none).map(|language| language.id.clone());
        assert_eq!(of("py").as_deref(), Ok("python"));
        assert_eq!(of("PY").as_deref(), Ok("python"));
        assert_eq!((of("c").as_deref(), of("C").as_deref()), (Ok("c"), Ok("cpp")));
        assert!(of("pl").unwrap_err().contains("may be perl or prolog; say so with --language"));
        assert_eq!(of("docx").unwrap_err(), "has the extension `.docx`, which is that of no language here");
        let usual = BTreeMap::from([("pl".to_owned(), "prolog".to_owned()), ("x".to_owned(), "cobol".to_owned())]);
        assert_eq!(languages.of_extension("pl", &usual).unwrap().id, "prolog");
        assert!(languages.of_extension("x", &usual).unwrap_err().contains("there is no language `cobol`"));
        assert_eq!(languages.named("c++").unwrap().unavailable().as_deref(), Some("it is not installed"));
        assert_eq!(languages.named("py").unwrap().unavailable(), None);
        assert!(KnownLanguages::from_json(json!([])).is_err());
    }
}

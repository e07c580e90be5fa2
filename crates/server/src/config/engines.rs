//! Settings of the executor for Dagger that are lists: its languages and its engines.

use super::kinds::Kind;

/// The languages that an engine runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DaggerLanguages {
    /// Each that says what its container is made from.
    All,
    /// These, by any of their names.
    These(Vec<String>),
}

/// Names of languages, or `*`.
pub struct LanguageList;

impl Kind for LanguageList {
    type Value = DaggerLanguages;

    fn parse(&self, text: &str) -> Option<DaggerLanguages> {
        if text == "*" {
            return Some(DaggerLanguages::All);
        }
        let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
        let is_name =
            |name: &String| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "+#.-".contains(c));
        names.iter().all(is_name).then_some(DaggerLanguages::These(names))
    }

    fn allowed(&self) -> String {
        "names of languages with commas between them, or `*` for each that has a table [dagger] in its language.toml"
            .to_owned()
    }
}

/// The schemes of an engine's address. The cloud's is not among them: code of students is not sent to somebody else.
const SCHEMES: [&str; 7] = ["unix://", "tcp://", "tls://", "ssh://", "kube-pod://", "container://", "image://"];

/// Addresses of engines.
pub struct EngineList;

impl Kind for EngineList {
    type Value = Vec<String>;

    fn parse(&self, text: &str) -> Option<Vec<String>> {
        let engine = |text: &str| {
            let scheme = SCHEMES.into_iter().find(|scheme| text.starts_with(scheme))?;
            let is_plain = text.len() > scheme.len() && text.chars().all(|c| c.is_ascii_graphic());
            is_plain.then(|| text.to_owned())
        };
        let engines: Option<Vec<String>> = text.split(',').map(|text| engine(text.trim())).collect();
        engines.filter(|engines| (1..engines.len()).all(|index| !engines[..index].contains(&engines[index])))
    }

    fn allowed(&self) -> String {
        format!("different addresses with commas between them, each of which begins with {}", SCHEMES.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_and_engines_are_lists() {
        assert_eq!(LanguageList.parse("*"), Some(DaggerLanguages::All));
        let two = ["python", "c++"].map(str::to_owned).to_vec();
        assert_eq!(LanguageList.parse("python, c++"), Some(DaggerLanguages::These(two)));
        let engines = ["unix:///run/dagger.sock", "kube-pod://engine-0?namespace=dagger"].map(str::to_owned).to_vec();
        assert_eq!(EngineList.parse("unix:///run/dagger.sock,kube-pod://engine-0?namespace=dagger"), Some(engines));
        for refused in ["", "python,", "a b", "*,python"] {
            assert_eq!(LanguageList.parse(refused), None, "{refused}");
        }
        for refused in ["", "unix://", "/run/dagger.sock", "dagger-cloud://x", "tcp://a,tcp://a", "tcp://a b"] {
            assert_eq!(EngineList.parse(refused), None, "{refused}");
        }
    }
}

//! `attacks/catalogue.toml`: every attack that was thought of, and whether there is a program for it in each language
//! it is about.
//!
//! ```toml
//! [[group]]
//! id = "A1"
//! title = "CPU, time and processes"
//!
//! [[attack]]
//! id = "A-001"
//! group = "A1"
//! what = "fork without end"
//! languages = ["bash", "c"]
//! absent = { bash = "why there can be none" }   # optional
//! elsewhere = "the test that shows it"          # optional: no program is needed
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::cases::Case;

/// The whole catalogue, in its order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// What the attacks are about.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// All attacks, benign twins included.
    #[serde(rename = "attack")]
    pub attacks: Vec<Attack>,
}

/// Attacks on the same thing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Such as `A1`.
    pub id: String,
    /// A few words.
    pub title: String,
}

/// One attack.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attack {
    /// Such as `A-001`.
    pub id: String,
    /// The group's id.
    pub group: String,
    /// One sentence, for people who read the file.
    #[serde(rename = "what")]
    _what: String,
    /// In which there must be a program.
    pub languages: BTreeSet<String>,
    /// In which there can be none after all, and why.
    #[serde(default)]
    pub absent: BTreeMap<String, String>,
    /// The test that shows it in a program's place.
    pub elsewhere: Option<String>,
}

/// The group of the programs that must not be hindered.
pub const BENIGN: &str = "G";

impl Catalogue {
    /// The one of this folder.
    pub fn load(attacks: &Path) -> Result<Self, String> {
        let path = attacks.join("catalogue.toml");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The group of an attack.
    pub fn group_of(&self, id: &str) -> Option<&str> {
        self.attacks.iter().find(|attack| attack.id == id).map(|attack| attack.group.as_str())
    }

    /// Everything that does not fit: attacks without a program, programs without an attack, and a catalogue at odds
    /// with itself.
    pub fn problems(&self, cases: &[Case]) -> Vec<String> {
        let covered: BTreeSet<(&str, &str)> = cases
            .iter()
            .flat_map(|case| case.header.ids.iter().map(|id| (id.as_str(), case.language.as_str())))
            .collect();
        let mut found = self.contradictions();
        for attack in &self.attacks {
            let has_program = |language: &str| covered.contains(&(attack.id.as_str(), language));
            for language in &attack.languages {
                if !has_program(language) && !attack.absent.contains_key(language) && attack.elsewhere.is_none() {
                    found.push(format!("{} has no program in {language}", attack.id));
                }
            }
            let not_absent = attack.absent.keys().filter(|language| has_program(language));
            found.extend(
                not_absent.map(|language| format!("{} is said to be absent in {language}, but is there", attack.id)),
            );
        }
        let known: BTreeSet<&str> = self.attacks.iter().map(|attack| attack.id.as_str()).collect();
        for case in cases {
            if case.header.ids.is_empty() {
                found.push(format!("{} has no id", case.name));
            }
            let unknown = case.header.ids.iter().filter(|id| !known.contains(id.as_str()));
            found.extend(unknown.map(|id| format!("{}: there is no {id}", case.name)));
        }
        found
    }

    fn contradictions(&self) -> Vec<String> {
        let groups: BTreeSet<&str> = self.groups.iter().map(|group| group.id.as_str()).collect();
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        for Attack { id, group, languages, absent, .. } in &self.attacks {
            if !seen.insert(id) {
                found.push(format!("{id} stands there twice"));
            }
            if !groups.contains(group.as_str()) {
                found.push(format!("{id}: there is no group {group}"));
            }
            let needless = absent.keys().filter(|language| !languages.contains(*language));
            found.extend(needless.map(|language| format!("{id}: {language} is absent, but nobody expects it")));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(attacks: &str) -> Catalogue {
        toml::from_str(&format!("[[group]]\nid = \"A1\"\ntitle = \"t\"\n{attacks}")).expect("is right")
    }

    fn case(name: &str, ids: &str) -> Case {
        let code = format!("#: what w\n#: id {ids}\n#: expect ok\n");
        let language = name.split('/').next().unwrap_or_default().to_owned();
        Case { name: name.to_owned(), language, header: code.parse().expect("is right"), code }
    }

    const ONE: &str = "[[attack]]\nid = \"A-001\"\ngroup = \"A1\"\nwhat = \"w\"\nlanguages = [\"c\", \"python\"]\n";

    #[test]
    fn a_covered_catalogue_has_no_problems() {
        assert!(catalogue(ONE).problems(&[case("c/a", "A-001"), case("python/a", "A-001")]).is_empty());
        let absent = format!("{ONE}absent = {{ python = \"reason\" }}\n");
        assert!(catalogue(&absent).problems(&[case("c/a", "A-001")]).is_empty());
        assert!(catalogue(&format!("{ONE}elsewhere = \"a test\"\n")).problems(&[]).is_empty());
    }

    #[test]
    fn every_gap_is_named() {
        let cases = [case("c/a", "A-001"), case("c/b", ""), case("c/c", "A-002")];
        let found = catalogue(ONE).problems(&cases);
        assert_eq!(found, ["A-001 has no program in python", "c/b has no id", "c/c: there is no A-002"]);
        let odd = format!("{ONE}absent = {{ c = \"r\", go = \"r\" }}\n{}", ONE.replace("A1", "A9"));
        let found = catalogue(&odd).problems(&[case("c/a", "A-001"), case("python/a", "A-001")]);
        assert_eq!(
            found,
            [
                "A-001: go is absent, but nobody expects it",
                "A-001 stands there twice",
                "A-001: there is no group A9",
                "A-001 is said to be absent in c, but is there",
            ]
        );
    }
}

//! A minimal reader of the Fluent files, enough for plain messages with `{ $arg }`.

use std::collections::HashMap;

/// The messages of one language.
pub struct Catalogue(HashMap<String, String>);

impl Catalogue {
    /// Vietnamese.
    pub fn vi() -> Self {
        Self::parse(include_str!("../../src/tasks/sheets.vi.ftl"))
    }

    /// English.
    #[allow(dead_code)]
    pub fn en() -> Self {
        Self::parse(include_str!("../../src/tasks/sheets.en.ftl"))
    }

    fn parse(text: &str) -> Self {
        // Names of states and timings belong to the area's own words; stand-ins here.
        let shared = include_str!("shared.ftl");
        let lines = text.lines().chain(shared.lines()).filter(|line| !line.starts_with('#'));
        Self(
            lines
                .filter_map(|line| line.split_once(" = "))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    /// Every key.
    #[allow(dead_code)]
    pub fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.0.keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys
    }

    /// Whether the key exists.
    #[allow(dead_code)]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The sentence for a key; a missing one fails the test.
    pub fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        let mut text = match self.0.get(key) {
            Some(text) => text.clone(),
            None => panic!("no word for {key}"),
        };
        for (name, value) in args {
            text = text.replace(&format!("{{ ${name} }}"), value);
        }
        assert!(!text.contains("{ $"), "argument left in {key}: {text}");
        text
    }
}

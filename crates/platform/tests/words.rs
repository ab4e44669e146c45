//! No word is missing in either language, and no sentence stands in code or template.

use std::path::Path;

#[test]
fn every_word_is_in_both_catalogues_and_nowhere_else() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let crates = crates.canonicalize().unwrap_or(crates);
    let problems = platform::i18n::check_words(&crates);
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// The audit log is read by people: every act that the code records has words in both languages, under one of
/// the names that the log looks for.
#[test]
fn every_recorded_act_has_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut code, mut words) = (String::new(), [String::new(), String::new()]);
    collect(&root, &mut |path, text| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match path.extension().and_then(|end| end.to_str()) {
            // What only tests record is never read.
            Some("rs")
                if !path.components().any(|part| part.as_os_str() == "tests") && name != "tests.rs" =>
            {
                code.push_str(text.split("#[cfg(test)]").next().unwrap_or_default());
            }
            Some("ftl") => words[usize::from(name.ends_with("en.ftl"))].push_str(text),
            _ => {}
        }
    });
    let acts: std::collections::BTreeSet<&str> = code
        .split('"')
        .filter(|text| {
            text.split_once('.').is_some_and(|(area, verb)| {
                ["task", "plan", "baseline", "filter", "feed", "report", "identity", "approval", "audit"]
                    .iter()
                    .chain(&[
                        "calendar",
                        "congress",
                        "file",
                        "job",
                        "body",
                        "number",
                        "decision",
                        "venue",
                        "briefing",
                        "delegate",
                        "letter",
                        "credentials",
                        "badge",
                        "accreditation",
                        "vehicle",
                        "attendance",
                        "printer",
                        "gate",
                        "terminal",
                        "seating",
                    ])
                    .any(|known| *known == area)
                    && !verb.is_empty()
                    && verb.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                    && !["rs", "css", "js", "html", "ftl", "jsonl", "xlsx"].contains(&verb)
            })
        })
        .collect();
    let mut missing = Vec::new();
    for act in &acts {
        let flat = act.replace(['.', '_'], "-");
        let (area, verb) = act.split_once('.').unwrap_or_default();
        let dashed = verb.replace('_', "-");
        let names = [
            format!("identity-act-{flat} ="),
            format!("{area}s-act-{dashed} ="),
            format!("{area}-act-{dashed} ="),
            format!("{area}-log-{verb} ="),
        ];
        for (language, text) in ["vi", "en"].iter().zip(&words) {
            if !text.lines().any(|line| names.iter().any(|name| line.starts_with(name.as_str()))) {
                missing.push(format!("{act} ({language})"));
            }
        }
    }
    assert!(acts.len() > 40, "{acts:?}");
    assert!(missing.is_empty(), "{missing:#?}");
}

fn collect(folder: &Path, see: &mut impl FnMut(&Path, &str)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, see);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            see(&path, &text);
        }
    }
}

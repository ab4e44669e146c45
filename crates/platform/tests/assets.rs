//! Every asset and icon a page names is in the binary, and no page carries anything inline.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::{Path, PathBuf};

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            if !path.ends_with("target") {
                sources(&path, out);
            }
        } else if path.extension().is_some_and(|e| e == "html" || e == "rs") {
            out.push(path);
        }
    }
}

/// The literals that follow `call("`.
fn named<'a>(text: &'a str, call: &str) -> Vec<&'a str> {
    text.match_indices(call)
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .filter_map(|(at, _)| text[at + call.len()..].split_once('"').map(|(name, _)| name))
        .collect()
}

#[test]
fn every_named_asset_and_icon_is_there() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut files);
    let sprite = String::from_utf8_lossy(platform::web::assets::bytes("icons.svg").unwrap());
    let mut wrong = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        for name in ["asset(\"", ".script(\"", ".style(\""].iter().flat_map(|call| named(&text, call)) {
            if !platform::web::assets::exists(name) {
                wrong.push(format!("{}: asset {name}", path.display()));
            }
        }
        for name in named(&text, "icon(\"") {
            if !sprite.contains(&format!("id=\"{name}\"")) {
                wrong.push(format!(
                    "{}: icon {name}; add it to web/icons.txt and run web/vendor.sh",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_template_has_an_inline_style_script_or_handler() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut files);
    let mut wrong = Vec::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|e| e == "html")) {
        let text = std::fs::read_to_string(path).unwrap();
        for (i, line) in text.lines().enumerate() {
            let lower = line.to_ascii_lowercase();
            let handler = lower.match_indices(" on").any(|(at, _)| {
                let rest = &lower[at + 3..];
                let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
                !word.is_empty() && rest[word.len()..].starts_with("=\"")
            });
            let inline =
                lower.contains(" style=") || lower.contains("<style") || lower.contains("javascript:");
            let script = lower.contains("<script") && !lower.contains("src=");
            let outside = lower.contains("src=\"http") || lower.contains("hx-on");
            if handler || inline || script || outside {
                wrong.push(format!("{}:{}: {line}", path.display(), i + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

//! Reads the sources of the workspace and says where a word is missing or stands in the wrong place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast;

/// The functions and methods whose first text argument is a key.
const TRANSLATORS: &[&str] = &["t", "t1", "t2", "t3", "tn", "ta", "tp", "key", "tr", "because", "field"];

/// Attributes whose value people read.
const READ_ATTRIBUTES: &[&str] =
    &["title", "placeholder", "aria-label", "aria-description", "alt", "label", "data-confirm"];

/// A Rust file that says so on a line of its own may hold Vietnamese text that is data of the
/// field (headings of an official table, vague words the lint looks for), not words of a screen.
const DATA_MARK: &str = "// words: data";

/// Everything wrong with the words under `root` (the folder `crates`), one sentence each; empty
/// when all is well:
///
/// - `vi.ftl` and `en.ftl` of every area (and `part.vi.ftl`, `part.en.ftl`) hold the same keys with the same placeables, no key
///   stands in two areas, and both files parse;
/// - every key used in a template or in code exists (for a composed key: one that begins so);
/// - no sentence stands in a template (text, or an attribute people read);
/// - no Vietnamese text stands in code, apart from tests, `rules`, the demo's data, and files marked
///   `// words: data` with a reason.
pub fn check_words(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    walk(root, &mut files);
    files.sort();
    let mut problems = Vec::new();
    if files.is_empty() {
        problems.push(format!("no file found under {}", root.display()));
    }
    let known = catalogues(root, &files, &mut problems);
    for path in &files {
        let name = show(root, path);
        let Ok(text) = std::fs::read_to_string(path) else {
            problems.push(format!("{name}: cannot be read as UTF-8"));
            continue;
        };
        match path.extension().and_then(|e| e.to_str()) {
            Some("html") => {
                for call in calls_in_template(&text) {
                    check_call(&name, &call, &known, &mut problems);
                }
                if name.contains("examples/") {
                    continue;
                }
                for (line, words) in literals_in_template(&text) {
                    problems.push(format!("{name}:{line}: words stand in the template: {words:?}"));
                }
            }
            Some("rs") => {
                let is_test =
                    name.contains("tests/") || name.ends_with("tests.rs") || name.ends_with("testing.rs");
                if is_test {
                    continue;
                }
                let tokens = tokens(&text);
                for call in calls_in_rust(&tokens) {
                    check_call(&name, &call, &known, &mut problems);
                }
                let exempt = name.starts_with("rules/src/")
                    || name.contains("examples/")
                    || name.contains("/demo/")
                    || name.ends_with("/demo.rs")
                    || text.lines().any(|line| line.trim_start().starts_with(DATA_MARK));
                if !exempt {
                    for token in &tokens {
                        if let Token::Text { line, text } = token
                            && text.chars().any(is_vietnamese)
                        {
                            problems.push(format!("{name}:{line}: words stand in the code: {text:?}"));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    problems
}

fn show(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn walk(dir: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            let name = entry.file_name();
            if name != "target" && name != "node_modules" && !name.to_string_lossy().starts_with('.') {
                walk(&path, files);
            }
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("html" | "rs" | "ftl")) {
            files.push(path);
        }
    }
}

/// The placeables of each key, by language, of all catalogues.
#[derive(Default)]
struct Known {
    keys: BTreeSet<String>,
}

fn catalogues(root: &Path, files: &[PathBuf], problems: &mut Vec<String>) -> Known {
    let mut known = Known::default();
    let mut home: BTreeMap<String, String> = BTreeMap::new();
    // `vi.ftl` and `en.ftl`, or `sheets.vi.ftl` and `sheets.en.ftl` where an area has several pairs.
    let pairs: BTreeSet<String> = files
        .iter()
        .filter_map(|path| {
            let name = show(root, path);
            let stem = name.strip_suffix("vi.ftl").or_else(|| name.strip_suffix("en.ftl"))?;
            (stem.is_empty() || stem.ends_with(['/', '.'])).then(|| stem.to_owned())
        })
        .collect();
    for name in pairs {
        let mut sides = Vec::new();
        for lang in ["vi", "en"] {
            let file = format!("{name}{lang}.ftl");
            match std::fs::read_to_string(root.join(&file)) {
                Ok(text) => sides.push(messages(&file, &text, problems)),
                Err(_) => problems.push(format!("{file} is missing")),
            }
        }
        let [vi, en] = sides.as_slice() else { continue };
        for key in vi.keys().chain(en.keys().filter(|key| !vi.contains_key(*key))) {
            match (vi.get(key), en.get(key)) {
                (Some(a), Some(b)) if a != b => {
                    problems.push(format!("{name}vi.ftl: {key} takes {a:?} in vi and {b:?} in en"));
                }
                (Some(_), None) => problems.push(format!("{name}en.ftl: {key} is missing")),
                (None, Some(_)) => problems.push(format!("{name}vi.ftl: {key} is missing")),
                _ => {}
            }
            if let Some(other) = home.insert(key.clone(), name.clone()) {
                problems.push(format!("{key} stands both in {other}vi.ftl and in {name}vi.ftl"));
            }
            known.keys.insert(key.clone());
        }
    }
    known
}

fn messages(name: &str, text: &str, problems: &mut Vec<String>) -> BTreeMap<String, BTreeSet<String>> {
    let resource = match fluent_syntax::parser::parse(text) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            for error in errors {
                let line = text.get(..error.pos.start).map_or(0, |before| before.lines().count().max(1));
                problems.push(format!("{name}:{line}: {error}"));
            }
            resource
        }
    };
    let mut found = BTreeMap::new();
    for entry in &resource.body {
        if let ast::Entry::Message(message) = entry {
            let mut places = BTreeSet::new();
            if let Some(value) = &message.value {
                pattern_places(value, &mut places);
            } else {
                problems.push(format!("{name}: {} has no text", message.id.name));
            }
            if found.insert(message.id.name.to_owned(), places).is_some() {
                problems.push(format!("{name}: {} stands twice", message.id.name));
            }
        }
    }
    found
}

fn pattern_places(pattern: &ast::Pattern<&str>, places: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            expression_places(expression, places);
        }
    }
}

fn expression_places(expression: &ast::Expression<&str>, places: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => inline_places(inline, places),
        ast::Expression::Select { selector, variants } => {
            inline_places(selector, places);
            for variant in variants {
                pattern_places(&variant.value, places);
            }
        }
    }
}

fn inline_places(inline: &ast::InlineExpression<&str>, places: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            places.insert(format!("${}", id.name));
        }
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                inline_places(argument, places);
            }
        }
        ast::InlineExpression::Placeable { expression } => expression_places(expression, places),
        _ => {}
    }
}

/// A key as it stands in a call: whole, or only its beginning when the rest is composed.
#[derive(Debug, PartialEq)]
struct Call {
    line: usize,
    key: String,
    whole: bool,
}

fn check_call(name: &str, call: &Call, known: &Known, problems: &mut Vec<String>) {
    let Call { line, key, whole } = call;
    if *whole {
        if !known.keys.contains(key) {
            problems.push(format!("{name}:{line}: {key} is in no catalogue"));
        }
    } else if !known.keys.iter().any(|k| k.starts_with(key.as_str())) {
        problems.push(format!("{name}:{line}: no key begins with {key}"));
    }
}

fn looks_like_key(text: &str) -> bool {
    text.contains('-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

// ---------------------------------------------------------------------------------------------
// Templates

/// The expressions of a template (`{{ }}`, `{% %}`) are close enough to Rust to be read as such.
fn calls_in_template(text: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut rest = text;
    let mut offset = 0;
    while let Some(start) = rest.find('{') {
        let tail = &rest[start..];
        let close = match tail.as_bytes().get(1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                rest = &tail[1..];
                offset += start + 1;
                continue;
            }
        };
        let end = tail.find(close).map_or(tail.len(), |end| end + 2);
        if close != "#}" {
            let first = line_of(text, offset + start);
            for call in calls_in_rust(&tokens(&tail[..end])) {
                calls.push(Call { line: call.line + first - 1, ..call });
            }
        }
        rest = &tail[end..];
        offset += start + end;
    }
    calls
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1
}

/// Text nodes and read attributes with letters that stand outside `{{ }}`.
fn literals_in_template(text: &str) -> Vec<(usize, String)> {
    let plain = blank(&blank(&blank(&blank(text, "{#", "#}"), "{{", "}}"), "{%", "%}"), "<!--", "-->");
    let mut found = Vec::new();
    let bytes = plain.as_bytes();
    let mut at = 0;
    let mut skip_until: Option<&str> = None;
    while at < bytes.len() {
        if bytes[at] == b'<'
            && bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/' || *b == b'!')
        {
            let end = tag_end(&plain, at);
            let tag = &plain[at..end];
            if let Some(close) = skip_until {
                if tag.to_ascii_lowercase().starts_with(close) {
                    skip_until = None;
                }
            } else {
                let lower = tag.to_ascii_lowercase();
                if lower.starts_with("<script") {
                    skip_until = Some("</script");
                } else if lower.starts_with("<kbd") {
                    // The names of keys are the same in every language.
                    skip_until = Some("</kbd");
                } else if lower.starts_with("<style") {
                    skip_until = Some("</style");
                }
                for name in READ_ATTRIBUTES {
                    if let Some(value) = attribute(tag, name)
                        && has_words(value)
                    {
                        found.push((line_of(&plain, at), format!("{name}={value}")));
                    }
                }
            }
            at = end;
        } else {
            // The first letter may be a long one, a dash between two values.
            let first = plain[at..].chars().next().map_or(1, char::len_utf8);
            let end = plain[at + first..].find('<').map_or(plain.len(), |next| at + first + next);
            let node = &plain[at..end];
            if skip_until.is_none() && has_words(&without_attributes(node)) {
                let lead = node.len() - node.trim_start().len();
                found.push((
                    line_of(&plain, at + lead),
                    node.split_whitespace().collect::<Vec<_>>().join(" "),
                ));
            }
            at = end;
        }
    }
    found
}

/// Where the tag that begins at `at` ends, minding quoted attributes.
fn tag_end(text: &str, at: usize) -> usize {
    let mut quote = None;
    for (i, b) in text.bytes().enumerate().skip(at) {
        match (quote, b) {
            (None, b'>') => return i + 1,
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    while let Some(found) = tag[from..].find(name) {
        let start = from + found;
        let after = start + name.len();
        let before_ok = tag[..start].ends_with(|c: char| c.is_whitespace());
        if before_ok && tag[after..].starts_with('=') {
            let value = &tag[after + 1..];
            let quote = value.chars().next()?;
            if quote == '"' || quote == '\'' {
                return value[1..].split(quote).next();
            }
        }
        from = after;
    }
    None
}

/// Letters that are not part of an entity such as `&nbsp;`.
fn has_words(text: &str) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        if rest[..start].chars().any(char::is_alphabetic) {
            return true;
        }
        match rest[start..].find(';') {
            Some(end) if end < 12 => rest = &rest[start + end + 1..],
            _ => rest = &rest[start + 1..],
        }
    }
    rest.chars().any(char::is_alphabetic)
}

/// Drops `name="value"` from a text node: the part of a tag that a macro writes.
fn without_attributes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("=\"") {
        let name = rest[..at].rfind(|c: char| !(c.is_ascii_lowercase() || c == '-')).map_or(0, |i| i + 1);
        let end = rest[at + 2..].find('"').map_or(rest.len(), |end| at + 2 + end + 1);
        if name == at || !rest[..name].is_empty() && !rest[..name].ends_with(char::is_whitespace) {
            out.push_str(&rest[..end]);
        } else {
            out.push_str(&rest[..name]);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Replaces everything from `open` to `close` by spaces, keeping lines.
fn blank(text: &str, open: &str, close: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        out.push_str(&rest[..start]);
        let tail = &rest[start..];
        let end = tail.find(close).map_or(tail.len(), |end| end + close.len());
        out.extend(tail[..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &tail[end..];
    }
    out.push_str(rest);
    out
}

// ---------------------------------------------------------------------------------------------
// Rust

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text { line: usize, text: String },
    Mark(char),
}

/// Words, text literals and marks of Rust code without comments and without `#[cfg(test)]` modules.
fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut out = Vec::new();
    let mut i = 0;
    let mut line = 1;
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    while i < chars.len() {
        let c = chars[i];
        match c {
            '\n' => {
                line += 1;
                i += 1;
            }
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && chars[i] != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 1;
                i += 2;
                while i < chars.len() && depth > 0 {
                    if chars[i] == '/' && at(i + 1) == '*' {
                        depth += 1;
                        i += 1;
                    } else if chars[i] == '*' && at(i + 1) == '/' {
                        depth -= 1;
                        i += 1;
                    } else if chars[i] == '\n' {
                        line += 1;
                    }
                    i += 1;
                }
            }
            '"' => {
                let start = line;
                let mut text = String::new();
                i += 1;
                while i < chars.len() && chars[i] != '"' {
                    if chars[i] == '\\' {
                        i += 1;
                    } else {
                        text.push(chars[i]);
                    }
                    if at(i) == '\n' {
                        line += 1;
                    }
                    i += 1;
                }
                i += 1;
                out.push(Token::Text { line: start, text });
            }
            '\'' => {
                // A character ('x', '\n') or a lifetime ('a).
                if at(i + 1) == '\\' {
                    i += 3;
                    while i < chars.len() && chars[i] != '\'' {
                        i += 1;
                    }
                    i += 1;
                } else if at(i + 2) == '\'' {
                    i += 3;
                } else {
                    i += 1;
                }
            }
            c if c.is_alphabetic() || c == '_' => {
                let start = i;
                while i < chars.len() && (chars[i].is_alphanumeric() || chars[i] == '_') {
                    i += 1;
                }
                let word: String = chars[start..i].iter().collect();
                let hashes = chars[i..].iter().take_while(|c| **c == '#').count();
                if matches!(word.as_str(), "r" | "br" | "cr") && at(i + hashes) == '"' {
                    let first = line;
                    i += hashes + 1;
                    let mut text = String::new();
                    while i < chars.len() {
                        if chars[i] == '"'
                            && chars[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
                        {
                            break;
                        }
                        if chars[i] == '\n' {
                            line += 1;
                        }
                        text.push(chars[i]);
                        i += 1;
                    }
                    i += hashes + 1;
                    out.push(Token::Text { line: first, text });
                } else {
                    out.push(Token::Word(word));
                }
            }
            c if c.is_whitespace() => i += 1,
            c => {
                out.push(Token::Mark(c));
                i += 1;
            }
        }
    }
    without_tests(out)
}

/// Drops `#[cfg(test)]` together with the module or item that follows it.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let word = |w: &str| Token::Word(w.to_owned());
    let mark = [
        Token::Mark('#'),
        Token::Mark('['),
        word("cfg"),
        Token::Mark('('),
        word("test"),
        Token::Mark(')'),
        Token::Mark(']'),
    ];
    let mut out = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        if !tokens[i..].starts_with(&mark) {
            out.push(tokens[i].clone());
            i += 1;
            continue;
        }
        i += mark.len();
        let mut depth = 0_i32;
        while i < tokens.len() {
            match tokens[i] {
                Token::Mark('{') => depth += 1,
                Token::Mark('}') => {
                    depth -= 1;
                    if depth == 0 {
                        i += 1;
                        break;
                    }
                }
                Token::Mark(';') if depth == 0 => {
                    i += 1;
                    break;
                }
                _ => {}
            }
            i += 1;
        }
    }
    out
}

/// Calls of translating functions: the first text literal among the arguments that looks like a key.
fn calls_in_rust(tokens: &[Token]) -> Vec<Call> {
    let mut calls = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let Token::Word(name) = token else { continue };
        if !TRANSLATORS.contains(&name.as_str()) || tokens.get(i + 1) != Some(&Token::Mark('(')) {
            continue;
        }
        if i > 0 && tokens[i - 1] == Token::Word("fn".to_owned()) {
            continue;
        }
        let mut depth = 0;
        let mut composed = name == "tp";
        // `.field("due", "tasks-due-past")` names the field first.
        let mut skip = usize::from(name == "field");
        for (j, token) in tokens.iter().enumerate().skip(i + 1) {
            match token {
                Token::Mark('(') => depth += 1,
                Token::Mark(')') => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Token::Word(word) if word == "format" => composed = true,
                Token::Text { .. } if skip > 0 => skip -= 1,
                Token::Text { line, text } => {
                    // In `tr(lang, "key", &[("name", …)])` the key comes first; the names of the
                    // values stand behind it and are never looked at.
                    let joined = tokens.get(j + 1) == Some(&Token::Mark('~'));
                    let beginning = text.split('{').next().unwrap_or_default();
                    if name == "tp" || (composed && text.contains('{')) || joined {
                        if beginning.contains('-') {
                            calls.push(Call { line: *line, key: beginning.to_owned(), whole: false });
                        }
                    } else if looks_like_key(text) {
                        calls.push(Call { line: *line, key: text.clone(), whole: true });
                    }
                    break;
                }
                _ => {}
            }
        }
    }
    calls
}

/// A letter that English does not have: the mark of Vietnamese text in code.
fn is_vietnamese(c: char) -> bool {
    matches!(c, '\u{00C0}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}') && c.is_alphabetic()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn words_in_a_template_are_found_and_expressions_are_not() {
        let text = "<p title=\"{{ cx.t(\"a-b\") }}\">{{ x }} &nbsp;·<b>Chào</b></p>\n<input placeholder='Tìm'>{# Ghi chú #}";
        let found: Vec<_> =
            literals_in_template(text).into_iter().map(|(line, words)| format!("{line} {words}")).collect();
        assert_eq!(found, ["1 Chào", "2 placeholder=Tìm"]);
    }

    #[test]
    fn keys_are_found_whole_and_composed() {
        let text = "{{ cx.t(\"tasks-title\") }}\n{{ cx.t1(\"tasks-left\", \"count\", n) }}{% if x %}{{ cx.t(format!(\"tasks-timing-{}\", t)) }}";
        let found: Vec<_> = calls_in_template(text).into_iter().map(|c| (c.line, c.key, c.whole)).collect();
        assert_eq!(
            found,
            [
                (1, "tasks-title".to_owned(), true),
                (2, "tasks-left".to_owned(), true),
                (2, "tasks-timing-".to_owned(), false)
            ]
        );
    }

    #[test]
    fn code_is_read_without_comments_and_tests() {
        let source = "// Chú thích\nfn f<'a>(x: &'a str) { g('\"', \"Lỗi\"); tr(lang, \"a-b\", &[(\"c-d\", x)]) }\n#[cfg(test)]\nmod tests { fn y() { \"Thử\" } }\nconst R: &str = r#\"Một \"hai\"\"#;";
        let tokens = tokens(source);
        let texts: Vec<_> = tokens
            .iter()
            .filter_map(|t| match t {
                Token::Text { line, text } => Some((*line, text.as_str())),
                _ => None,
            })
            .collect();
        assert_eq!(texts, [(2, "Lỗi"), (2, "a-b"), (2, "c-d"), (5, "Một \"hai\"")]);
        assert_eq!(calls_in_rust(&tokens), [Call { line: 2, key: "a-b".to_owned(), whole: true }]);
    }

    #[test]
    fn a_missing_word_a_missing_value_and_a_sentence_in_code_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let area = dir.path().join("areas/x/src");
        std::fs::create_dir_all(&area).unwrap();
        std::fs::write(area.join("vi.ftl"), "x-a = Một { $n }\nx-b = Hai\n").unwrap();
        std::fs::write(area.join("en.ftl"), "x-a = One\n").unwrap();
        std::fs::write(area.join("p.html"), "{{ cx.t(\"x-none\") }}<p>Ba</p>").unwrap();
        std::fs::write(area.join("m.rs"), "fn f() { g(\"Bốn\") }").unwrap();
        let problems = check_words(dir.path());
        assert_eq!(problems.len(), 5, "{problems:#?}");
        std::fs::write(area.join("vi.ftl"), "x-a = Một\n").unwrap();
        std::fs::write(area.join("p.html"), "{{ cx.t(\"x-a\") }}<b>–</b>").unwrap();
        std::fs::write(area.join("m.rs"), "// words: data, a sample\nfn f() { g(\"Bốn\") }").unwrap();
        assert_eq!(check_words(dir.path()), Vec::<String>::new());
    }
}

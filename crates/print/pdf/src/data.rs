//! What a template is given: the description as plain values. Text stays text.

use serde_json::Value;

/// Letters in a row without a place to break before one is offered.
const LONG_WORD: usize = 40;

/// Makes every text of a description fit to be set: control characters go, a word longer than a line may break.
pub fn clean(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(clean) = clean_text(text) {
                *text = clean;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(clean),
        Value::Object(values) => values.values_mut().for_each(clean),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text as it is set, where it is not the text itself.
fn clean_text(text: &str) -> Option<String> {
    let odd = |letter: char| letter.is_control() && letter != '\n';
    let long = text.split_whitespace().any(|word| word.len() > LONG_WORD);
    if !long && !text.contains(odd) {
        return None;
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut unbroken = 0;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' if letters.peek() == Some(&'\n') => continue,
            '\r' => out.push('\n'),
            '\t' => out.push(' '),
            letter if odd(letter) => continue,
            letter => out.push(letter),
        }
        unbroken = if letter.is_whitespace() { 0 } else { unbroken + 1 };
        if unbroken >= LONG_WORD {
            // A place to break that shows nothing.
            out.push('\u{200b}');
            unbroken = 0;
        }
    }
    Some(out)
}

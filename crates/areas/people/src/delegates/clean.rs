//! What may be stored of somebody: normal form, bounds, days that can be right. One place for the form, the
//! importer and programs, so that all three say the same about the same line.

use std::borrow::Cow;

use jiff::civil::Date;
use platform::{
    i18n::key,
    web::{FieldProblem, args},
};
use rules::{
    roll::{Days, faults},
    text::nfc,
};

use super::model::{Category, GroupRole, Private, Profile};

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 120;
/// Longest of all other texts, in characters.
pub const LONGEST: usize = 400;

/// A profile with what was wrong in it.
pub fn profile(given: &Profile, congress: Date) -> (Profile, Vec<FieldProblem>) {
    let mut clean = given.clone();
    let mut wrong = Vec::new();
    if clean.category.is_none() {
        wrong.push(FieldProblem::new("category", key("delegates-error-category")));
    }
    clean.name = line("name", &given.name, LONGEST_NAME, &mut wrong);
    if clean.name.is_empty() {
        wrong.push(FieldProblem::new("name", key("delegates-error-name")));
    } else if !clean.name.chars().any(char::is_alphabetic) || clean.name.chars().any(|c| c.is_ascii_digit()) {
        wrong.push(FieldProblem::new("name", key("delegates-error-name-letters")));
    }
    for (field, text) in [
        ("position", &mut clean.position),
        ("schooling", &mut clean.schooling),
        ("qualification", &mut clean.qualification),
        ("academic_title", &mut clean.academic_title),
        ("theory", &mut clean.theory),
        ("occupation", &mut clean.occupation),
        ("awards", &mut clean.awards),
        ("diet", &mut clean.diet),
        ("mobility", &mut clean.mobility),
    ] {
        *text = line(field, text, LONGEST, &mut wrong);
    }
    if clean.category == Some(Category::Delegate) {
        if clean.standing.is_none() {
            wrong.push(FieldProblem::new("standing", key("delegates-error-standing")));
        }
    } else {
        // Only delegates have these; a category that was changed leaves none of them behind.
        clean.standing = None;
        clean.alternate = false;
        clean.organ = None;
    }
    if clean.group_no.is_none() {
        clean.group_role = None;
    } else if clean.group_role.is_none() {
        clean.group_role = Some(GroupRole::Member);
    }
    if clean.party_badge.is_some_and(|years| years == 0 || years > 100) {
        wrong.push(FieldProblem::new("party_badge", key("delegates-error-badge")));
    }
    let days = Days { born: clean.born, joined: clean.joined, official: clean.official };
    for (field, fault) in faults(&days, congress) {
        wrong.push(FieldProblem { name: field.into(), message_key: fault.key(), args: args(fault.args()) });
    }
    (clean, wrong)
}

/// Restricted columns with what was wrong in them. The number of an identity card is not among them: see
/// [`citizen`].
pub fn private(given: &Private) -> (Private, Vec<FieldProblem>) {
    let mut clean = given.clone();
    let mut wrong = Vec::new();
    for (field, text) in [
        ("ethnicity", &mut clean.ethnicity),
        ("religion", &mut clean.religion),
        ("health", &mut clean.health),
        ("discipline", &mut clean.discipline),
        ("email", &mut clean.email),
    ] {
        *text = line(field, text, LONGEST, &mut wrong);
    }
    if !clean.email.is_empty() && !is_email(&clean.email) {
        wrong.push(FieldProblem::new("email", key("delegates-error-email")));
    }
    let digits: String = clean.phone.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')')).collect();
    let number = digits.strip_prefix("+84").map_or_else(|| digits.clone(), |rest| format!("0{rest}"));
    let fits =
        (9..=15).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+');
    if number.is_empty() || fits {
        clean.phone = number;
    } else {
        wrong.push(FieldProblem::new("phone", key("delegates-error-phone")));
    }
    (clean, wrong)
}

/// The twelve digits of an identity card, or the nine of an old one; empty text is none.
///
/// # Errors
/// The problem when it is neither.
pub fn citizen(typed: &str) -> Result<Option<String>, FieldProblem> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    match digits.len() {
        0 => Ok(None),
        9 | 12 if digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Some(digits)),
        _ => Err(FieldProblem::new("citizen", key("delegates-error-citizen"))),
    }
}

/// One line of text in its stored form.
pub fn line(
    field: impl Into<Cow<'static, str>>,
    typed: &str,
    most: usize,
    wrong: &mut Vec<FieldProblem>,
) -> String {
    let text = nfc(typed).replace('\n', " ");
    if text.chars().count() > most {
        wrong.push(FieldProblem::new(field, key("delegates-error-long")));
    } else if text
        .chars()
        .any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    {
        wrong.push(FieldProblem::new(field, key("delegates-error-control")));
    }
    text
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    !name.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && text.chars().all(|c| c.is_ascii_graphic())
        && text.matches('@').count() == 1
}

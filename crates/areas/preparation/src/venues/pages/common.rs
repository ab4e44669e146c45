//! What the pages of venues share: notices, moments, what a refused form shows again, who may print.

use std::collections::HashMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use platform::{
    clock,
    db::{DbError, Tx},
    i18n,
    identity::{OfficeId, UnitId, store as identity},
    papers,
    web::{AppError, Cx, FieldProblem, Made, download},
};
use print::{BodyKind, Issuer, Printable};

use crate::{
    tasks::pages::task::form::Typed,
    venues::{VenueError, paper::Head},
};

/// The notices that an address may ask for.
const NOTICES: &[&str] = &[
    "nominated",
    "edited",
    "moved",
    "measured",
    "photo",
    "judged",
    "weighed",
    "round-opened",
    "round-closed",
    "assigned",
    "discussed",
    "settled",
    "recommended",
    "returned",
    "signed",
    "handed-over",
    "handed-in",
];

/// The notice of the page, from its address.
pub(super) fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) { cx.tp("venues-told-", asked).into_owned() } else { String::new() }
}

/// Leads on after an act; `done` names the notice shown there.
pub(super) fn see(address: &str, done: &str) -> Response {
    let (path, place) =
        address.split_once('#').map_or((address, String::new()), |(path, place)| (path, format!("#{place}")));
    let mark = if path.contains('?') { '&' } else { '?' };
    let to = if done.is_empty() { address.to_owned() } else { format!("{path}{mark}xong={done}{place}") };
    let to = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/dia-diem"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// A moment in words.
pub(super) fn moment(at: Timestamp) -> String {
    i18n::fmt::moment(clock::local(at))
}

/// By whom and when.
pub(super) fn by_at(cx: &Cx, by: &str, at: Timestamp) -> String {
    cx.t2("venues-by-at", "by", by, "at", moment(at))
}

/// What is wrong with one field, in words; empty when nothing is.
pub(super) fn problem(cx: &Cx, problems: &[FieldProblem], name: &str) -> String {
    let said: Vec<String> =
        problems.iter().filter(|problem| problem.name == name).map(|problem| problem.message(cx)).collect();
    said.join(" ")
}

/// The sentence of a refusal; what hangs on single fields stands beside them.
pub(super) fn sentence(cx: &Cx, error: Option<&AppError>) -> String {
    error.map(|error| error.detail(cx.lang)).unwrap_or_default()
}

/// The address of a venue's page.
pub(super) fn at(code: &str) -> String {
    let mut address = String::from("/dia-diem/");
    for byte in code.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            address.push(char::from(byte));
        } else {
            address.push('%');
            address.push_str(&platform::hex(&[byte]).to_uppercase());
        }
    }
    address
}

/// Titles of offices.
#[derive(Debug, Clone, Default)]
pub(super) struct Offices(HashMap<OfficeId, (String, UnitId)>);

impl Offices {
    /// All of them.
    pub(super) fn load(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let offices = identity::offices(tx)?;
        Ok(Self(offices.into_iter().map(|office| (office.id, (office.title, office.unit_id))).collect()))
    }

    /// The title of one.
    pub(super) fn title(&self, id: OfficeId) -> String {
        self.0.get(&id).map(|(title, _)| title.clone()).unwrap_or_default()
    }

    /// For a choice: id and title, by title.
    pub(super) fn options(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> =
            self.0.iter().map(|(id, (title, _))| (id.to_string(), title.clone())).collect();
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    }
}

/// A number typed with a comma or a point, in whole `unit`ths: "1,8" m as 1 800 mm; none for nothing, an error for
/// what is no such number.
pub(super) fn measure(text: &str, unit: u32) -> Result<Option<u32>, ()> {
    let text: String = text.trim().chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, part) = text.split_once([',', '.']).unwrap_or((&text, ""));
    let digits = usize::try_from(unit.ilog10()).unwrap_or(0);
    let fits = !whole.is_empty()
        && whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit())
        && part.len() <= digits
        && (part.is_empty() || digits > 0);
    if !fits {
        return Err(());
    }
    let whole: u32 = whole.parse().map_err(|_| ())?;
    let part: u32 = format!("{part:0<digits$}").parse().unwrap_or(0);
    whole.checked_mul(unit).and_then(|whole| whole.checked_add(part)).map(Some).ok_or(())
}

/// The other way: 1 800 mm as "1,8".
pub(super) fn measured(cx: &Cx, value: Option<u32>, unit: u32) -> String {
    let Some(value) = value else { return String::new() };
    let digits = unit.ilog10();
    let exact = rules::scoring::Exact::new(i128::from(value), i128::from(unit))
        .unwrap_or(rules::scoring::Exact::ZERO)
        .decimal(digits, super::view::separator(cx));
    if digits == 0 {
        return exact.trim_end_matches(super::view::separator(cx)).to_owned();
    }
    exact.trim_end_matches('0').trim_end_matches(super::view::separator(cx)).to_owned()
}

/// A whole number typed with or without its thousands' points.
pub(super) fn whole(text: &str) -> Result<Option<u32>, ()> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| ()) }
}

/// The heading under which the actor's unit issues papers, and the office that signs.
pub(super) fn head(
    tx: &mut Tx<'_>,
    unit: UnitId,
    office: &str,
    on: jiff::civil::Date,
) -> Result<Head, VenueError> {
    let congress = platform::congress::store::find(tx)?;
    let body = match papers::store::body_of_unit(tx, unit)? {
        Some(body) => Some(body),
        None => papers::store::bodies(tx)?.into_iter().next(),
    };
    let (issuer, symbol) = match body {
        Some(body) => (
            Issuer {
                kind: match body.kind {
                    papers::BodyKind::Party => BodyKind::Party,
                    papers::BodyKind::Congress => BodyKind::Congress,
                    papers::BodyKind::State => BodyKind::State,
                },
                parent: body.parent_lines,
                name: body.name_lines,
                place: body.place,
                place_short: body.place_short,
            },
            body.symbol,
        ),
        None => (Issuer::default(), String::new()),
    };
    Ok(Head {
        issuer,
        symbol,
        on,
        congress: congress.map(|congress| congress.name).unwrap_or_default(),
        office: office.to_uppercase(),
    })
}

/// A paper as the file that was asked for.
pub(super) async fn paper(
    press: &print::PressRoom,
    paper: print::Paper,
    name: &str,
    docx: bool,
) -> Result<Response, AppError> {
    let (bytes, made) = if docx {
        let bytes = tokio::task::spawn_blocking(move || print::docx::write(&paper))
            .await
            .map_err(AppError::internal)?
            .map_err(AppError::internal)?;
        (bytes, Made::Docx)
    } else {
        let bytes = press.pdf(Printable::Paper(Box::new(paper))).await.map_err(AppError::internal)?;
        (bytes, Made::Pdf)
    };
    Ok(download(bytes, made, name))
}

/// One field of a plain form.
#[derive(Debug, Clone, Default)]
pub(super) struct Field {
    pub kind: &'static str,
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub help: String,
    pub attrs: &'static str,
    pub options: Vec<(String, String)>,
}

impl Field {
    /// A field with what was typed into it.
    pub(super) fn new(
        kind: &'static str,
        name: &'static str,
        label: impl Into<String>,
        typed: &Typed,
    ) -> Self {
        Self { kind, name, label: label.into(), value: typed.get(name).to_owned(), ..Self::default() }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    pub(super) fn attrs(mut self, attrs: &'static str) -> Self {
        self.attrs = attrs;
        self
    }

    pub(super) fn options(mut self, options: Vec<(String, String)>) -> Self {
        self.options = options;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_type_them() {
        assert_eq!(measure("1,8", 1000), Ok(Some(1800)));
        assert_eq!(measure(" 1.80 ", 1000), Ok(Some(1800)));
        assert_eq!(measure("2", 1000), Ok(Some(2000)));
        assert_eq!(measure("", 1000), Ok(None));
        for wrong in ["một", "1,8000", "-1", "1,8 m", ",5", "4294968"] {
            assert_eq!(measure(wrong, 1000), Err(()), "{wrong}");
        }
        assert_eq!(measure("100,5", 100), Ok(Some(10_050)));
        assert_eq!(whole("6.300"), Ok(Some(6300)));
    }
}

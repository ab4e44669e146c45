//! The committee's desk, a freeze with its list, a report before and after it is issued.

mod desk;
mod freeze;
mod report;

use jiff::Timestamp;
use platform::{
    clock,
    identity::{Actor, Capability, Right},
    web::{AppError, Cx},
};

pub(super) use desk::{ask, complete, desk, part, put_case};
pub(super) use freeze::{freeze, list_pdf, xlsx};
pub(super) use report::{issue, preview, report, report_docx, report_pdf, vote};

use super::AREA;
use crate::delegates::RESTRICTED;

fn manages<C: Capability>(actor: &Actor<C>) -> bool {
    actor.may(AREA, Right::Manage, None)
}

fn restricted<C: Capability>(actor: &Actor<C>) -> bool {
    actor.may(RESTRICTED, Right::Read, None)
}

fn at(cx: &Cx, at: Timestamp) -> String {
    cx.moment(&clock::local(at))
}

fn share(cx: &Cx, hundredths: u32) -> String {
    let mark = if cx.lang == platform::i18n::Lang::Vi { ',' } else { '.' };
    format!("{}{mark}{:02}%", hundredths / 100, hundredths % 100)
}

const NOTICES: &[&str] = &["asked", "frozen", "case", "issued", "decided"];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) {
        cx.tp("credentials-done-", asked).into_owned()
    } else {
        String::new()
    }
}

/// What is wrong, in words: of the fields, or of the whole.
fn said(cx: &Cx, error: &AppError) -> String {
    let said: Vec<String> = error.fields().iter().map(|one| one.message(cx)).collect();
    if said.is_empty() { error.detail(cx.lang) } else { said.join(" ") }
}

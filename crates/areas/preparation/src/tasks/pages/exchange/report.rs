//! The summary report: of this moment, signed, and the list of signed ones.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    clock,
    identity::{Actor, Right},
    web::{AppError, Cx, Icon, Page, Path, PrintSize, page, page_with},
};
use rules::{
    count::{Ratio, Tally, TwoByTwo},
    timing::{Timed, Timing},
};
use serde::Deserialize;

use super::see_other;
use crate::tasks::{
    AREA, DecideTasks, ReadTasks,
    error::TaskError,
    exchange::{
        annex, picture,
        report::{self, Item, Part, ReportError, Signed, SignedId, Summary},
        timing_words,
    },
    memory::Memory,
    pages::views::row,
    who,
};

/// One signed report in the list.
struct Line {
    id: String,
    as_of: String,
    by: String,
    at: String,
    sha256: String,
}

#[derive(Template)]
#[template(path = "tasks/pages/exchange/report.html")]
struct Report<'a> {
    cx: &'a Cx,
    summary: Summary,
    mark: String,
    signed: Option<Line>,
    list: Vec<Line>,
    may_sign: bool,
    refusal: String,
}

impl Report<'_> {
    fn tone(&self, timing: &Timing) -> &'static str {
        row::tone(*timing)
    }
    fn icon(&self, timing: &Timing) -> Icon {
        Icon(row::sign(*timing))
    }
    fn words(&self, item: &Item) -> String {
        timing_words(self.cx.lang, Timed { timing: item.timing, days: item.days })
    }
    fn due(&self, due: &Option<Date>) -> String {
        due.as_ref().map(|day| self.cx.date(day)).unwrap_or_default()
    }
    fn weekday(&self, due: &Option<Date>) -> String {
        match due.map(|day| day.weekday()) {
            Some(jiff::civil::Weekday::Saturday) => self.cx.t("exchange-saturday").into_owned(),
            Some(jiff::civil::Weekday::Sunday) => self.cx.t("exchange-sunday").into_owned(),
            Some(_) => self.cx.t("exchange-holiday").into_owned(),
            None => String::new(),
        }
    }
    fn href(&self, code: &str) -> String {
        picture::address(code)
    }
    fn what(&self, what: &str) -> String {
        if what.is_empty() { annex::redacted(self.cx.lang) } else { what.to_owned() }
    }
    /// A ratio with its denominator: 8/40 = 20,0%.
    fn ratio(&self, ratio: Ratio) -> String {
        let share = self.cx.percent(ratio.part, ratio.whole, 1);
        format!("{}/{} = {share}", self.cx.int(ratio.part), self.cx.int(ratio.whole))
    }
    fn share(&self, part: &u64, whole: &u64) -> String {
        self.ratio(Ratio::new(*part, *whole))
    }
    fn two(&self) -> TwoByTwo {
        self.summary.tally.two_by_two()
    }
    fn tables(&self) -> [(Cow<'static, str>, &[Part]); 2] {
        let cx = self.cx;
        [
            (cx.t("exchange-report-streams"), &self.summary.streams),
            (cx.t("exchange-report-units"), &self.summary.units),
        ]
    }
    fn blocks(&self) -> [(Cow<'static, str>, &[Item], &'static str); 3] {
        let cx = self.cx;
        [
            (cx.t("exchange-report-red"), &self.summary.red, "red"),
            (cx.t("exchange-report-asks"), &self.summary.asks, "asks"),
            (cx.t("exchange-report-weekend"), &self.summary.weekend, "weekend"),
        ]
    }
    fn open_share(&self) -> String {
        let two = self.summary.tally.two_by_two();
        self.share(&(two.open_in_time + two.open_overdue), &self.summary.total)
    }
    fn of(&self, timing: &Timing) -> u64 {
        self.summary.tally.of(*timing)
    }
    fn part_of(&self, part: &Part, timing: &Timing) -> u64 {
        part.tally.of(*timing)
    }
    fn tally(&self) -> &Tally {
        &self.summary.tally
    }
    fn list_href(&self, name: &str, value: &str) -> String {
        let mut out = format!("/nhiem-vu?{name}=");
        crate::tasks::pages::views::address::encode(&mut out, value);
        out
    }
    fn part_href(&self, part: &Part) -> String {
        match (part.id.is_empty(), part.name.is_empty()) {
            (false, _) => self.list_href("don-vi", &part.id),
            (true, false) => self.list_href("dong", &part.name),
            (true, true) => self.list_href("don-vi", crate::tasks::pages::views::address::NO_UNIT),
        }
    }
    fn cell_href(&self, part: &Part, timing: &Timing) -> String {
        format!("{}&den={timing}", self.part_href(part))
    }
    /// The timings that occur; a column of zeros would only take room.
    fn shown(&self) -> Vec<Timing> {
        Timing::ALL.into_iter().filter(|timing| self.of(timing) > 0).collect()
    }
}

fn line(cx: &Cx, signed: &Signed) -> Line {
    Line {
        id: signed.id.to_string(),
        as_of: cx.moment(&clock::local(signed.as_of)),
        by: signed.signed_by.clone(),
        at: cx.moment(&clock::local(signed.signed_at)),
        sha256: signed.sha256.clone(),
    }
}

async fn now_page(
    status: StatusCode,
    app: &App,
    cx: &Cx,
    may_sign: bool,
    refusal: Option<AppError>,
) -> Result<Response, AppError> {
    let memory = Memory::of(app);
    let (register, signed) =
        app.db.read(move |tx| Ok::<_, TaskError>((memory.register(tx)?, report::signed(tx)?))).await?;
    let summary = report::compute(&register);
    let mut words = refusal.map(|error| error.detail(cx.lang)).unwrap_or_default();
    if words.is_empty()
        && let Err(broken) = summary.reconciles()
    {
        words = broken.message(cx.lang);
    }
    let as_of = summary.as_of;
    let body = Report {
        cx,
        mark: summary.mark(),
        summary,
        signed: None,
        list: signed.iter().map(|one| line(cx, one)).collect(),
        may_sign,
        refusal: words,
    };
    Ok(page_with(
        status,
        cx,
        Page::new(cx.t("exchange-report-title"), body).print(PrintSize::A4).as_of(as_of),
    ))
}

/// `GET /bao-cao/nhiem-vu`: the report of this moment and the signed ones.
///
/// # Errors
/// Any refusal of the database.
pub async fn now(actor: Actor<ReadTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let may_sign = actor.may(AREA, Right::Decide, None);
    now_page(StatusCode::OK, &app, &cx, may_sign, None).await
}

/// What is signed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    dau: String,
}

/// `POST /bao-cao/nhiem-vu/ky`: signs what was shown. A report whose parts do not sum comes back with the
/// sentence that says where.
///
/// # Errors
/// Any refusal of the database.
pub async fn sign(
    actor: Actor<DecideTasks>,
    cx: Cx,
    State(app): State<App>,
    axum::Form(form): axum::Form<Sign>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let signed = app.db.write(actor.author(), move |tx| report::sign(tx, &who, &form.dau)).await;
    match signed {
        Ok(id) => Ok(see_other(&format!("/bao-cao/nhiem-vu/{id}"))),
        Err(error @ (ReportError::Changed | ReportError::Broken(_))) => {
            now_page(StatusCode::CONFLICT, &app, &cx, true, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /bao-cao/nhiem-vu/{id}`: a signed report, as it was signed.
///
/// # Errors
/// 404; 409 when its content no longer has its hash.
pub async fn show(
    _actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<SignedId>,
) -> Result<Response, AppError> {
    let (signed, summary) = app.db.read(move |tx| report::signed_content(tx, id)).await?;
    let as_of = summary.as_of;
    let body = Report {
        cx: &cx,
        summary,
        mark: String::new(),
        signed: Some(line(&cx, &signed)),
        list: Vec::new(),
        may_sign: false,
        refusal: String::new(),
    };
    Ok(page(&cx, Page::new(cx.t("exchange-report-title"), body).print(PrintSize::A4).as_of(as_of)))
}

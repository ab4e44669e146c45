//! The signed report as an official document: figures with their denominators, what is late and why it matters,
//! what comes, what is asked; the counts and the six rõ as annexes.

use axum::{Extension, extract::State, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    clock,
    i18n::{IntoArg as _, key},
    identity::Actor,
    web::{AppError, Cx, Path},
};
use print::{Align, Annex, Block, Kind, Number, Paper, PressRoom, Row, Signature, Table, Text, parts};
use rules::{
    count::Ratio,
    timing::{Timed, Timing},
};

use super::print::annex_table;
use crate::tasks::{
    Audience, ReadTasks,
    exchange::{
        annex,
        report::{self, Item, Part, ReportError, Signed, SignedId, Summary},
        timing_words,
    },
    pages::print::{Form, Issuing, mm, paper, row, share, total},
    register::Register,
};

/// Everything the document is made of.
pub(in crate::tasks) struct Source {
    signed: Signed,
    summary: Summary,
    /// The register of this moment; its six rõ are printed only while it says what was signed.
    register: Register,
    issuing: Issuing,
}

/// Reads a signed report, its hash checked.
///
/// # Errors
/// 404; 409 when its content no longer has its hash.
pub(in crate::tasks) async fn source(app: &App, id: SignedId) -> Result<Source, AppError> {
    Ok(app
        .db
        .read(move |tx| {
            let (signed, summary) = report::signed_content(tx, id)?;
            let register = Register::load(tx)?;
            let (unit, name) = Issuing::unit(&register, None);
            let issuing = Issuing::of(tx, unit, &name)?;
            Ok::<_, ReportError>(Source { signed, summary, register, issuing })
        })
        .await?)
}

fn ratio(cx: &Cx, ratio: Ratio) -> String {
    format!("{}/{} = {}", cx.int(ratio.part), cx.int(ratio.whole), cx.percent(ratio.part, ratio.whole, 1))
}

fn what(cx: &Cx, text: &str) -> String {
    if text.is_empty() { annex::redacted(cx.lang) } else { text.to_owned() }
}

fn point(text: String) -> Block {
    Block::Point("-".to_owned(), text.into())
}

fn item(cx: &Cx, item: &Item) -> Block {
    let due = item.due.as_ref().map(|due: &Date| cx.date(due)).unwrap_or_default();
    let timing = timing_words(cx.lang, Timed { timing: item.timing, days: item.days }).to_lowercase();
    point(cx.ta(
        "print-report-item",
        &[
            ("code", item.code.as_str().arg()),
            ("what", what(cx, &item.what).arg()),
            ("unit", item.unit.as_str().arg()),
            ("due", due.arg()),
            ("timing", timing.arg()),
        ],
    ))
}

/// The official table, two by two, each figure with its denominator.
fn two_by_two(cx: &Cx, summary: &Summary) -> Table {
    let two = summary.tally.two_by_two();
    let of = |part| ratio(cx, Ratio::new(part, summary.total));
    let figure = |width| mm(width, Align::Right);
    Table {
        columns: vec![share(1), figure(37.0), figure(37.0), figure(37.0)],
        head: vec![
            [
                String::new(),
                cx.t("exchange-report-in-time").into_owned(),
                cx.t("exchange-report-late").into_owned(),
                cx.t("exchange-report-sum").into_owned(),
            ]
            .map(Into::into)
            .to_vec(),
        ],
        rows: vec![
            row([
                cx.t("exchange-report-done").into_owned(),
                of(two.done_in_time),
                of(two.done_late),
                of(two.done_in_time + two.done_late),
            ]),
            row([
                cx.t("exchange-report-open").into_owned(),
                of(two.open_in_time),
                of(two.open_overdue),
                of(two.open_in_time + two.open_overdue),
            ]),
            row([
                cx.t("exchange-report-outside").into_owned(),
                String::new(),
                String::new(),
                of(two.outside),
            ]),
            total([
                cx.t("exchange-report-sum").into_owned(),
                of(two.done_in_time + two.open_in_time),
                of(two.done_late + two.open_overdue),
                of(summary.total),
            ]),
        ],
        size: 13.0,
    }
}

/// Counts by stream or by unit; timings that nobody has would only take room.
fn counts(cx: &Cx, summary: &Summary, caption: &str, parts: &[Part]) -> Table {
    let shown: Vec<Timing> = Timing::ALL.into_iter().filter(|timing| summary.tally.of(*timing) > 0).collect();
    let mut columns = vec![share(1), mm(16.0, Align::Right)];
    columns.extend(shown.iter().map(|_| mm(21.0, Align::Right)));
    let head = [caption.to_owned(), cx.t("exchange-report-sum").into_owned()]
        .into_iter()
        .chain(shown.iter().map(|timing| cx.tp("views-badge-", timing).into_owned()))
        .map(Into::into)
        .collect();
    let figures = |name: String, tally: &rules::count::Tally| -> Vec<String> {
        [name, cx.int(tally.total)]
            .into_iter()
            .chain(shown.iter().map(|one| cx.int(tally.of(*one))))
            .collect()
    };
    let name = |part: &Part| {
        if part.name.is_empty() { cx.t("exchange-report-none").into_owned() } else { part.name.clone() }
    };
    let mut rows: Vec<Row> = parts.iter().map(|part| row(figures(name(part), &part.tally))).collect();
    rows.push(total(figures(cx.t("exchange-report-sum").into_owned(), &summary.tally)));
    Table { columns, head: vec![head], rows, size: 11.0 }
}

/// The report as a document.
pub(in crate::tasks) fn document(cx: &Cx, source: &Source) -> Paper {
    let Source { signed, summary, register, issuing } = source;
    let (at, on) = (cx.moment(&summary.as_of), clock::local(signed.signed_at).date());
    let heading = |number, name| Block::Heading(2, Text::bold(parts::section(number, &cx.t(name))));
    let said = |text: String| Block::Paragraph(text.into());
    let mut body = vec![
        heading(1, key("print-report-results")),
        said(cx.t2("print-report-total", "total", summary.total, "at", at.as_str())),
        Block::Table(two_by_two(cx, summary)),
        point(cx.t1("exchange-report-ratio-in-time", "ratio", ratio(cx, summary.tally.in_time_over_done()))),
        point(cx.t1("exchange-report-ratio-due", "ratio", ratio(cx, summary.tally.done_over_due()))),
        heading(2, key("print-report-problems")),
    ];
    if summary.red.is_empty() {
        body.push(said(cx.t("print-report-red-none").into_owned()));
    } else {
        body.push(said(cx.tn("print-report-red", summary.red.len())));
        body.extend(summary.red.iter().map(|one| item(cx, one)));
    }
    if !summary.chains.is_empty() {
        body.push(said(cx.tn("print-report-chains", summary.chains.len())));
        body.extend(summary.chains.iter().map(|chain| {
            let codes = [chain.direct.as_slice(), chain.indirect.as_slice()].concat().join(", ");
            let text = what(cx, &chain.what);
            point(cx.t3(
                "print-report-chain",
                "code",
                chain.code.as_str(),
                "what",
                text.as_str(),
                "codes",
                codes.as_str(),
            ))
        }));
    }
    body.push(heading(3, key("print-report-next")));
    let open = summary.tally.open.total();
    let of = |timing| summary.tally.of(timing).arg();
    body.push(said(cx.ta(
        "print-report-coming",
        &[
            ("open", open.arg()),
            ("overdue", of(Timing::Overdue)),
            ("today", of(Timing::DueToday)),
            ("soon", of(Timing::DueSoon)),
            ("notyet", of(Timing::NotYet)),
            ("paused", of(Timing::Paused)),
            ("undated", of(Timing::Undated)),
        ],
    )));
    if !summary.weekend.is_empty() {
        body.push(said(cx.tn("print-report-weekend", summary.weekend.len())));
        body.extend(summary.weekend.iter().map(|one| item(cx, one)));
    }
    body.push(heading(4, key("print-report-asks")));
    if summary.asks.is_empty() {
        body.push(said(cx.t("print-report-no-asks").into_owned()));
    }
    body.extend(summary.asks.iter().map(|ask| {
        let text = what(cx, &ask.text);
        point(cx.t3(
            "print-report-ask",
            "code",
            ask.code.as_str(),
            "unit",
            ask.unit.as_str(),
            "ask",
            text.as_str(),
        ))
    }));
    Paper {
        kind: Kind::Report,
        title: None,
        issuer: issuing.issuer.clone(),
        date: Some(on),
        layout_on: on,
        number: Some(Number { number: None, symbol: issuing.symbol.clone() }),
        subject: cx.t2("print-report-subject", "congress", summary.congress.as_str(), "at", at.as_str()),
        urgency: None,
        to: Vec::new(),
        body,
        signatures: vec![Signature { office: signed.signed_by.clone(), ..Signature::default() }],
        recipients: vec![cx.t("print-keep").into_owned()],
        foot: cx.t1("print-report-foot", "hash", signed.sha256.as_str()),
        annexes: annexes(cx, summary, register),
        duplex: true,
    }
}

fn annexes(cx: &Cx, summary: &Summary, register: &Register) -> Vec<Annex> {
    let named =
        |number: u32, words: String| vec![cx.t1("print-annex-number", "number", parts::roman(number)), words];
    let mut out = vec![Annex {
        title: named(1, cx.t("print-annex-counts").into_owned()),
        landscape: true,
        blocks: [
            (cx.t("exchange-report-streams"), &summary.streams),
            (cx.t("exchange-report-units"), &summary.units),
        ]
        .into_iter()
        .map(|(caption, parts)| Block::Table(counts(cx, summary, &caption, parts)))
        .collect(),
    }];
    // What was signed holds counts, not each task's six rõ: these are printed as long as they are the same.
    if report::compute(register).mark() == summary.mark() {
        let tasks: Vec<_> = register.tasks.iter().collect();
        let table = annex_table(cx, register, &tasks, Audience::OPEN).table;
        out.push(Annex {
            title: named(2, cx.t1("print-annex-six", "at", cx.moment(&summary.as_of))),
            landscape: true,
            blocks: vec![Block::Table(table)],
        });
    }
    out
}

/// The document in the form that is wanted.
///
/// # Errors
/// Those of [`source`]; 500 when it cannot be set.
pub(in crate::tasks) async fn set(
    app: &App,
    cx: &Cx,
    press: &PressRoom,
    id: SignedId,
    form: Form,
) -> Result<Response, AppError> {
    let source = source(app, id).await?;
    let name = format!("bao-cao-nhiem-vu-{}", source.summary.as_of.date());
    paper(press, document(cx, &source), form, &name).await
}

/// `GET /bao-cao/nhiem-vu/{id}/bao-cao.pdf`
///
/// # Errors
/// Those of `set`.
pub async fn pdf(
    _actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(id): Path<SignedId>,
) -> Result<Response, AppError> {
    set(&app, &cx, &press, id, Form::Pdf).await
}

/// `GET /bao-cao/nhiem-vu/{id}/bao-cao.docx`
///
/// # Errors
/// Those of `set`.
pub async fn docx(
    _actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(id): Path<SignedId>,
) -> Result<Response, AppError> {
    set(&app, &cx, &press, id, Form::Docx).await
}

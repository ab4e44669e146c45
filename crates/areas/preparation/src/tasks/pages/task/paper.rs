//! A task's papers: the letter that urges, and the notice of what was decided about a deadline.

use axum::{Extension, extract::State, response::Response};
use platform::{
    app::App,
    clock,
    i18n::{IntoArg as _, key},
    identity::{Actor, OfficeId},
    web::{AppError, Cx, Path},
};
use print::{Align, Block, Kind, Number, Paper, PressRoom, Signature, Table, Text};

use super::{
    common::{Viewer, basis_words, timed_words},
    extension::{self, kept},
    urge,
};
use crate::tasks::{
    ReadTasks, TaskError,
    model::{Extension as Wanted, ExtensionId, ExtensionState, Task, Urge, UrgeId},
    pages::print::{Form, Issuing, mm, paper, row, share},
    register::Register,
};

/// A document of the plan's body, with nothing in it yet.
fn blank(kind: Kind, on: jiff::civil::Date, from: Issuing, subject: String, signer: &str) -> Paper {
    Paper {
        kind,
        title: None,
        issuer: from.issuer,
        date: Some(on),
        layout_on: on,
        number: Some(Number { number: None, symbol: from.symbol }),
        subject,
        urgency: None,
        to: Vec::new(),
        body: Vec::new(),
        signatures: vec![Signature { office: signer.to_owned(), ..Signature::default() }],
        recipients: Vec::new(),
        foot: String::new(),
        annexes: Vec::new(),
        duplex: true,
    }
}

async fn body_of(app: &App, register: &Register, task: &Task) -> Result<Issuing, AppError> {
    let (unit, name) = Issuing::unit(register, Some(task.plan));
    Ok(app.db.read(move |tx| Ok::<_, TaskError>(Issuing::of(tx, unit, &name)?)).await?)
}

/// Names beside what they hold.
fn facts(lines: Vec<(String, String)>) -> Table {
    Table {
        columns: vec![mm(42.0, Align::Left), share(1)],
        head: Vec::new(),
        rows: lines
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| row([Text::bold(name), Text::plain(value)]))
            .collect(),
        size: 13.0,
    }
}

/// The urge as a letter.
fn letter(cx: &Cx, register: &Register, task: &Task, urge: &Urge, from: Issuing) -> Paper {
    let people = &register.people;
    let fields = &task.fields;
    let office = |id: Option<OfficeId>| id.map(|id| people.office_title(id).to_owned()).unwrap_or_default();
    let to = people.office_title(urge.to_office);
    let unit = people.offices.get(&urge.to_office).map(|office| people.unit_name(office.unit_id));
    let name = |key: &str| cx.t(key).into_owned();
    let timing = format!("{}, {}%", timed_words(cx, register.timed(task)), task.percent);
    let due = fields.due.map(|due| format!("{} ({timing})", due.format_vn())).unwrap_or_default();
    let subject = cx.t1("print-letter-subject", "code", fields.code.as_str());
    let on = clock::local(urge.sent_at).date();
    let mut body: Vec<Block> = urge
        .text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| Block::Paragraph(line.into()))
        .collect();
    body.push(Block::Table(facts(vec![
        (name(key("task-label-what")), format!("{}: {}", fields.code, fields.what)),
        (name(key("task-label-basis")), fields.basis.iter().map(basis_words).collect::<Vec<_>>().join("; ")),
        (
            name(key("task-label-lead")),
            fields.lead_unit.map(|unit| people.unit_name(unit).to_owned()).unwrap_or_default(),
        ),
        (name(key("task-label-accountable")), office(fields.accountable_office)),
        (name(key("task-label-focal")), office(fields.focal_office)),
        (name(key("task-label-due")), due),
        (name(key("task-label-result")), fields.result.clone()),
    ])));
    Paper {
        to: vec![match unit {
            Some(unit) => cx.t2("print-letter-to", "office", to, "unit", unit),
            None => to.to_owned(),
        }],
        body,
        recipients: vec![cx.t("print-as-above").into_owned(), cx.t("print-keep").into_owned()],
        ..blank(Kind::Letter, on, from, subject, &urge.sent_by)
    }
}

async fn letter_in(
    app: &App,
    actor: &Actor<ReadTasks>,
    cx: &Cx,
    press: &PressRoom,
    (code, id): (String, UrgeId),
    form: Form,
) -> Result<Response, AppError> {
    let (task, register, urges) = urge::load(app, Viewer::of(actor), code).await?;
    let urge = urges.iter().find(|urge| urge.id == id).ok_or(TaskError::NotFound)?;
    let from = body_of(app, &register, &task).await?;
    let name = format!("cong-van-don-doc-{}", task.fields.code);
    paper(press, letter(cx, &register, &task, urge, from), form, &name).await
}

/// `GET /nhiem-vu/{code}/cong-van/{id}/cong-van.pdf`
pub(super) async fn letter_pdf(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(which): Path<(String, UrgeId)>,
) -> Result<Response, AppError> {
    letter_in(&app, &actor, &cx, &press, which, Form::Pdf).await
}

/// `GET /nhiem-vu/{code}/cong-van/{id}/cong-van.docx`
pub(super) async fn letter_docx(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(which): Path<(String, UrgeId)>,
) -> Result<Response, AppError> {
    letter_in(&app, &actor, &cx, &press, which, Form::Docx).await
}

/// What was decided about a deadline, as a notice to those it concerns.
fn decision(
    cx: &Cx,
    register: &Register,
    viewer: &Viewer,
    task: &Task,
    wanted: &Wanted,
    from: Issuing,
) -> Option<Paper> {
    let (by, at) = (wanted.decided_by.as_ref()?, wanted.decided_at?);
    let fields = &task.fields;
    let (was, to) = (wanted.from_due.format_vn(), wanted.to_due.format_vn());
    let said = |text: String| Block::Paragraph(text.into());
    let mut body = vec![
        said(cx.ta(
            "print-extension-asked",
            &[
                ("day", cx.date(&clock::local(wanted.requested_at).date()).arg()),
                ("by", wanted.requested_by.as_str().arg()),
                ("code", fields.code.as_str().arg()),
                ("what", fields.what.as_str().arg()),
                ("from", was.as_str().arg()),
                ("to", to.as_str().arg()),
                ("reason", wanted.reason.as_str().arg()),
            ],
        )),
        said(match wanted.state {
            ExtensionState::Granted => cx.t2("print-extension-granted", "by", by.as_str(), "to", to.as_str()),
            _ => cx.t2("print-extension-refused", "by", by.as_str(), "from", was.as_str()),
        }),
    ];
    if !wanted.decision_note.trim().is_empty() {
        body.push(said(cx.t1("print-extension-note", "note", wanted.decision_note.trim())));
    }
    let pushed = kept(register, viewer, wanted);
    if wanted.state == ExtensionState::Granted && !pushed.is_empty() {
        body.push(said(cx.tn("print-extension-pushed", pushed.len())));
        body.extend(pushed.into_iter().map(|one| {
            let text = cx.ta(
                "print-extension-push",
                &[
                    ("code", one.code.arg()),
                    ("what", one.what.arg()),
                    ("from", one.from.arg()),
                    ("to", one.to.arg()),
                ],
            );
            Block::Point("-".to_owned(), text.into())
        }));
    }
    let subject = cx.t1("print-extension-subject", "code", fields.code.as_str());
    Some(Paper {
        body,
        recipients: vec![wanted.requested_by.clone(), cx.t("print-keep").into_owned()],
        ..blank(Kind::Notice, clock::local(at).date(), from, subject, by)
    })
}

async fn decision_in(
    app: &App,
    actor: &Actor<ReadTasks>,
    cx: &Cx,
    press: &PressRoom,
    id: ExtensionId,
    form: Form,
) -> Result<Response, AppError> {
    let viewer = Viewer::of(actor);
    let (wanted, task, register, _) = extension::load_extension(app, viewer, id).await?;
    let from = body_of(app, &register, &task).await?;
    let Some(document) = decision(cx, &register, &viewer, &task, &wanted, from) else {
        return Err(AppError::conflict()
            .because(key("print-extension-undecided"))
            .slug("undecided")
            .next(format!("/gia-han/{id}"), key("task-back-to")));
    };
    paper(press, document, form, &format!("lui-han-{}", task.fields.code)).await
}

/// `GET /gia-han/{id}/thong-bao.pdf`
pub(super) async fn decision_pdf(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(id): Path<ExtensionId>,
) -> Result<Response, AppError> {
    decision_in(&app, &actor, &cx, &press, id, Form::Pdf).await
}

/// `GET /gia-han/{id}/thong-bao.docx`
pub(super) async fn decision_docx(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path(id): Path<ExtensionId>,
) -> Result<Response, AppError> {
    decision_in(&app, &actor, &cx, &press, id, Form::Docx).await
}

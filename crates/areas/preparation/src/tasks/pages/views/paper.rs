//! The views on paper: the same rows, filters and rights as on the screen, as lists that a press sets.

use axum::{Extension, extract::State, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx},
};
use print::{Align, Cell, Listing, PageSize, PressRoom, Text};

use super::{
    Choice, Eyes,
    address::Address,
    board,
    list::{self, FilterForm},
    live::{self, Picture},
    matrix, mine, month,
    row::{Badge, Row},
    summary::Summary,
};
use crate::tasks::{
    ReadTasks,
    pages::print::{across, as_of, group, list as listed, mm, row, share, total},
    register::{Register, Sort},
};

/// The conditions of an address in words; that it has none, when it has none.
pub(in crate::tasks) fn filter_words(
    cx: &Cx,
    register: &Register,
    address: &Address,
    path: &'static str,
) -> String {
    let form = FilterForm::of(cx, register, address, path);
    let mut out = Vec::new();
    if !form.q.is_empty() {
        out.push(format!("{}: “{}”", cx.t("shell-search"), form.q));
    }
    for (name, choices) in [
        (key("views-filter-stream"), &form.streams),
        (key("views-filter-unit"), &form.units),
        (key("views-filter-support"), &form.supports),
        (key("views-filter-office"), &form.offices),
        (key("views-filter-phase"), &form.phases),
        (key("views-filter-timing"), &form.timings),
        (key("views-filter-state"), &form.states),
    ] {
        let on: Vec<&str> =
            choices.iter().filter(|one| one.on).map(|one: &Choice| one.word.as_str()).collect();
        if !on.is_empty() {
            out.push(format!("{}: {}", cx.t(name), on.join(", ")));
        }
    }
    for (name, day) in
        [(key("views-filter-from"), address.filter.from), (key("views-filter-to"), address.filter.to)]
    {
        if let Some(day) = day {
            out.push(format!("{} {}", cx.t(name), cx.date(&day)));
        }
    }
    out.extend(form.flags.into_iter().filter(|flag| flag.on).map(|flag| flag.word));
    if !address.unread.is_empty() {
        out.push(cx.t1("views-unread", "what", address.unread.join(", ")));
    }
    if out.is_empty() { cx.t("print-whole").into_owned() } else { out.join(" · ") }
}

/// The deadline with what stands beside it on the screen.
fn due(cx: &Cx, row: &Row) -> Text {
    let Some(due) = &row.due else { return Text::italic(cx.t("views-no-due")) };
    let mut text = Text::plain(if due.time.is_empty() {
        due.date.clone()
    } else {
        format!("{} {}", due.time, due.date)
    });
    if !due.original.is_empty() {
        text = text.and(Text::italic(format!("\n{} {}", cx.t("views-due-original"), due.original)));
    }
    if !due.off.is_empty() {
        text = text.and(Text::italic(format!("\n{}", due.off)));
    }
    text
}

fn badge(badge: &Badge) -> String {
    if badge.days.is_empty() { badge.word.to_string() } else { format!("{} {}", badge.word, badge.days) }
}

fn percent(row: &Row) -> String {
    row.percent.map(|percent| format!("{percent}%")).unwrap_or_default()
}

/// What is to be done, and under it the state and what waits.
fn what(cx: &Cx, row: &Row) -> Text {
    let mut under = vec![row.state_word.to_string()];
    if row.unacknowledged {
        under.push(cx.t("views-flag-unacknowledged").into_owned());
    }
    if !row.wants.is_empty() {
        under.push(cx.t1("views-flag-wants", "to", row.wants.as_str()));
    }
    if !row.ask.is_empty() {
        under.push(cx.t("views-flag-asks").into_owned());
    }
    Text::plain(row.what.as_str()).and(Text::italic(format!("\n{}", under.join(" · "))))
}

/// The list, all pages of it.
pub(in crate::tasks) fn list(cx: &Cx, register: &Register, address: &Address, eyes: Eyes) -> Listing {
    let picked = list::ordered(register, address, eyes.audience);
    let streams = register.streams();
    let columns = vec![
        mm(19.0, Align::Left),
        share(1),
        mm(36.0, Align::Left),
        mm(40.0, Align::Left),
        mm(25.0, Align::Left),
        mm(31.0, Align::Left),
        mm(15.0, Align::Right),
        mm(13.0, Align::Centre),
    ];
    let grouped = address.filter.sort == Sort::Plan;
    let mut rows = Vec::with_capacity(picked.len());
    let mut current: Option<&str> = None;
    for task in &picked {
        let stream = task.fields.stream.as_str();
        if grouped && current != Some(stream) {
            current = Some(stream);
            let (name, words) = list::heading(cx, register, &streams, stream, &picked);
            rows.push(group(&columns, &name, &words));
        }
        let one = Row::of(cx, register, task, eyes.audience);
        let clear = eyes.audience.sees(task).then(|| register.clarity(task).score().clear);
        rows.push(row([
            Cell::from(one.code.as_str()),
            what(cx, &one).into(),
            one.lead.as_str().into(),
            one.accountable.as_str().into(),
            due(cx, &one).into(),
            badge(&one.badge).into(),
            percent(&one).into(),
            clear.map(|clear| format!("{clear}/6")).unwrap_or_default().into(),
        ]));
    }
    let head = [
        key("views-col-code"),
        key("views-col-what"),
        key("views-col-lead"),
        key("views-col-accountable"),
        key("views-col-due"),
        key("views-col-timing"),
        key("views-col-progress"),
        key("views-col-clarity"),
    ];
    let ground = address.ground().pick(register, eyes.audience);
    let summary = Summary::of(cx, &register.tally(ground.iter().copied()), address, list::PATH);
    Listing {
        lines: vec![
            register.congress.name.clone(),
            filter_words(cx, register, address, list::PATH),
            cx.t2("views-shown", "count", picked.len(), "all", register.tasks.len()),
        ],
        legend: counts(cx, &summary),
        ..across(
            cx.t("views-title").into_owned(),
            as_of(cx, &register.as_of),
            columns,
            head.map(|name| cx.t(name).into_owned()).to_vec(),
            rows,
        )
    }
}

/// The counts above the list in words, each share with its denominator; or that they do not add up.
pub(in crate::tasks) fn counts(cx: &Cx, summary: &Summary) -> Vec<String> {
    if let Some(refusal) = &summary.refusal {
        return vec![refusal.clone()];
    }
    let one = |word: &str, number: u64| format!("{word} {}", cx.int(number));
    let parts = |figures: &[super::summary::Figure]| {
        figures.iter().map(|part| one(&part.word, part.number)).collect::<Vec<_>>().join(", ")
    };
    let mut out = vec![
        format!("{}: {}", one(&summary.done.word, summary.done.number), parts(&summary.done_parts)),
        format!("{}: {}", one(&summary.open.word, summary.open.number), parts(&summary.open_parts)),
    ];
    if let Some(cancelled) = &summary.cancelled {
        out.push(one(&cancelled.word, cancelled.number));
    }
    out.push(
        summary
            .shares
            .iter()
            .map(|share| format!("{}: {}", share.word, share.text))
            .collect::<Vec<_>>()
            .join("; "),
    );
    out
}

/// The matrix of units and timings.
fn matrix(cx: &Cx, register: &Register, address: &Address, eyes: Eyes) -> Listing {
    let part = matrix::part(cx, register, address, eyes);
    let mut columns = vec![share(1)];
    columns.extend(part.columns.iter().map(|_| mm(19.0, Align::Right)));
    columns.extend([mm(15.0, Align::Right), mm(32.0, Align::Right)]);
    let head = std::iter::once(cx.t("views-col-lead").into_owned())
        .chain(part.columns.iter().map(|column| column.word.to_string()))
        .chain([cx.t("views-sum").into_owned(), cx.t("views-share-done").into_owned()])
        .collect();
    let cells = |line: &matrix::Line| -> Vec<String> {
        std::iter::once(line.name.clone())
            .chain(line.cells.iter().map(|cell| cx.int(cell.number)))
            .chain([cx.int(line.total.number), line.share.clone()])
            .collect()
    };
    let mut rows: Vec<_> = part.lines.iter().map(|line| row(cells(line))).collect();
    rows.push(total(cells(&part.sum)));
    Listing {
        lines: vec![register.congress.name.clone(), filter_words(cx, register, address, matrix::PATH)],
        legend: vec![part.refusal.unwrap_or(part.proof)],
        ..across(cx.t("views-matrix-title").into_owned(), as_of(cx, &register.as_of), columns, head, rows)
    }
}

/// The board: how many stand in each state, and which.
fn board(cx: &Cx, register: &Register, address: &Address, eyes: Eyes) -> Listing {
    let part = board::part(cx, register, address, eyes);
    let columns = short();
    let mut rows = Vec::new();
    let mut all = 0;
    for column in &part.columns {
        all += column.count;
        rows.push(group(&columns, &column.word, &cx.tn("views-tasks", column.count)));
        rows.extend(column.rows.iter().map(|one| row(short_cells(cx, one, String::new()))));
        if column.more > 0 {
            rows.push(group(&columns, &cx.tn("views-more", column.more), ""));
        }
    }
    let sum = Cell { columns: 5, ..Cell::from(format!("{}: {}", cx.t("views-sum"), cx.int(all))) };
    rows.push(total([sum]));
    Listing {
        lines: vec![
            register.congress.name.clone(),
            filter_words(cx, register, address, board::PATH),
            part.shown.clone(),
        ],
        legend: part.refusal.into_iter().collect(),
        ..across(
            cx.t("views-board-title").into_owned(),
            as_of(cx, &register.as_of),
            columns,
            short_head(cx),
            rows,
        )
    }
}

/// Columns of a task in short.
fn short() -> Vec<print::Column> {
    vec![mm(19.0, Align::Left), share(1), mm(45.0, Align::Left), mm(28.0, Align::Left), mm(34.0, Align::Left)]
}

fn short_head(cx: &Cx) -> Vec<String> {
    [
        key("views-col-code"),
        key("views-col-what"),
        key("views-col-lead"),
        key("views-col-due"),
        key("views-col-timing"),
    ]
    .map(|name| cx.t(name).into_owned())
    .to_vec()
}

fn short_cells(cx: &Cx, one: &Row, note: String) -> Vec<Cell> {
    let words = Text::plain(one.what.as_str());
    let words = if note.is_empty() { words } else { words.and(Text::italic(format!("\n{note}"))) };
    vec![
        one.code.as_str().into(),
        words.into(),
        one.lead.as_str().into(),
        due(cx, one).into(),
        badge(&one.badge).into(),
    ]
}

/// What waits for an office.
fn mine(cx: &Cx, picture: &Picture, me: mine::Me, office: &str) -> Listing {
    let columns = short();
    let sections = mine::sections(cx, picture, me);
    let mut rows = Vec::new();
    for section in &sections {
        rows.push(group(&columns, &format!("{} ({})", section.title, section.items.len()), &section.hint));
        rows.extend(section.items.iter().map(|item| row(short_cells(cx, &item.row, item.note.clone()))));
    }
    let count: usize = sections.iter().map(|section| section.items.len()).sum();
    Listing {
        lines: vec![office.to_owned(), cx.tn("views-mine-count", count)],
        ..across(
            cx.t("views-mine-title").into_owned(),
            as_of(cx, &picture.register.as_of),
            columns,
            short_head(cx),
            rows,
        )
    }
}

/// A month as weeks of seven days, on A3: the wall of an office.
fn month(cx: &Cx, register: &Register, address: &Address, eyes: Eyes) -> Listing {
    let part = month::part(cx, register, address, eyes, usize::MAX);
    let columns = (0..7).map(|_| share(1)).collect();
    let head = part.weekdays.iter().map(|day| day.0.clone()).collect();
    let rows =
        part.weeks
            .iter()
            .map(|week| {
                row(week.iter().map(|day| {
                    let mut text = Text::bold(day.number.to_string());
                    for mark in &day.marks {
                        text = text.and(Text::bold(format!("\n★ {mark}")));
                    }
                    if !day.note.is_empty() {
                        text = text.and(Text::italic(format!("\n{}", day.note)));
                    }
                    for one in &day.rows {
                        let time = one.due.as_ref().map(|due| due.time.as_str()).unwrap_or_default();
                        let time = if time.is_empty() { String::new() } else { format!(" {time}") };
                        text = text
                            .and(Text::bold(format!("\n{}{time}", one.code)))
                            .and(Text::plain(format!(" {} ({})", one.what, badge(&one.badge))));
                    }
                    text
                }))
            })
            .collect();
    let clashes = part.clashes.iter().map(|clash| {
        let why = cx.t3(
            "views-clash",
            "day",
            clash.day.as_str(),
            "why",
            clash.why.as_str(),
            "before",
            clash.before.as_str(),
        );
        format!("{} {} {why}", clash.row.code, clash.row.what)
    });
    let mut listing = across(
        format!("{}: {}", cx.t("views-calendar-title"), part.title),
        as_of(cx, &register.as_of),
        columns,
        head,
        rows,
    );
    listing.size = PageSize::A3;
    listing.lines = vec![
        register.congress.name.clone(),
        filter_words(cx, register, address, month::PATH),
        if part.undated > 0 {
            format!("{} · {}", part.count, cx.tn("views-undated", part.undated))
        } else {
            part.count.clone()
        },
    ];
    listing.legend = clashes.collect();
    listing
}

/// A view that is one list.
type Draw = fn(&Cx, &Register, &Address, Eyes) -> Listing;

async fn view(
    app: &App,
    actor: &Actor<ReadTasks>,
    cx: &Cx,
    press: &PressRoom,
    name: &str,
    draw: Draw,
) -> Result<Response, AppError> {
    let register = live::picture(app, None).await?.register;
    let listing = draw(cx, &register, &Address::parse(&cx.query), Eyes::of(actor));
    listed(press, listing, &format!("{name}-{}", register.as_of.date())).await
}

/// `GET /nhiem-vu/danh-sach.pdf`
///
/// # Errors
/// Any refusal of the database or of the press.
pub async fn list_pdf(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    view(&app, &actor, &cx, &press, "danh-sach-nhiem-vu", list).await
}

/// `GET /nhiem-vu/ma-tran.pdf`
///
/// # Errors
/// Any refusal of the database or of the press.
pub async fn matrix_pdf(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    view(&app, &actor, &cx, &press, "ma-tran-nhiem-vu", matrix).await
}

/// `GET /nhiem-vu/bang.pdf`
///
/// # Errors
/// Any refusal of the database or of the press.
pub async fn board_pdf(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    view(&app, &actor, &cx, &press, "bang-nhiem-vu", board).await
}

/// `GET /nhiem-vu/lich.pdf`
///
/// # Errors
/// Any refusal of the database or of the press.
pub async fn month_pdf(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    view(&app, &actor, &cx, &press, "lich-nhiem-vu", month).await
}

/// `GET /viec-cua-toi.pdf`
///
/// # Errors
/// Any refusal of the database or of the press.
pub async fn mine_pdf(
    actor: Actor<ReadTasks>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let picture = live::picture(&app, Some(actor.office.id)).await?;
    let office = format!("{} · {}", actor.office.title, actor.unit.name);
    let listing = mine(&cx, &picture, mine::me(&actor), &office);
    listed(&press, listing, &format!("viec-cua-toi-{}", picture.register.as_of.date())).await
}

//! Import and export on the screen: upload, look at everything it would do, say who is who, say yes.

use askama::Template;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Multipart, Path, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use platform::{
    app::App,
    audit::Event,
    db::DbError,
    i18n::{Lang, key},
    identity::Actor,
    web::{AppError, Cx, Layout, Made, Page, download, page, page_with, see},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    draft::{self, Applied, Draft, DraftId, IntakeError},
    out::{self, Cell, Line},
    plan::{self, Choices, Known, NEW, Preview, SKIP, Twin},
    read::{self, MOST_BYTES, ReadError, Reading},
    vocabulary::{Column, Worded as _},
};
use crate::delegates::{
    DelegateError, ManageDelegates, ReadDelegates, TOPIC, may_write,
    model::{Category, Private, Sight},
    pages::{Address, picked},
    query, sight,
};

/// Rows of one kind that a page shows; the rest is counted.
const SHOWN: usize = 200;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/dai-bieu/nhap",
            get(start).post(upload).layer(DefaultBodyLimit::max(MOST_BYTES + (64 << 10))),
        )
        .route("/dai-bieu/nhap/mau.xlsx", get(sample))
        .route("/dai-bieu/nhap/{id}", get(show))
        .route("/dai-bieu/nhap/{id}/chon", post(choose))
        .route("/dai-bieu/nhap/{id}/ap-dung", post(confirm))
        .route("/dai-bieu/nhap/{id}/bo", post(discard))
        .route("/dai-bieu/nhap/{id}/loi.xlsx", get(wrong))
        .route("/dai-bieu/xuat.xlsx", get(xlsx))
        .route("/dai-bieu/xuat.csv", get(csv))
}

/// Reads a file off the threads that serve.
///
/// # Errors
/// [`ReadError`] in words.
pub async fn parse(bytes: Bytes) -> Result<Reading, AppError> {
    let read = tokio::task::spawn_blocking(move || read::read(&bytes)).await.map_err(AppError::internal)?;
    Ok(read?)
}

#[derive(Template)]
#[template(path = "intake/start.html")]
struct Start<'a> {
    cx: &'a Cx,
    refusal: String,
    categories: Vec<(String, String)>,
    chosen: String,
    waiting: Vec<Draft>,
}

impl Start<'_> {
    fn at(&self, draft: &Draft) -> String {
        self.cx.moment(&platform::clock::local(draft.created_at))
    }
}

async fn start_page(
    status: StatusCode,
    app: &App,
    actor: &Actor<ManageDelegates>,
    cx: &Cx,
    refusal: String,
) -> Result<Response, AppError> {
    let office = actor.office.id;
    let waiting = app.db.read(move |tx| draft::drafts(tx, office)).await?;
    let mut categories = vec![(String::new(), cx.t("intake-default-none").into_owned())];
    categories.extend(Category::ALL.iter().map(|one| (one.to_string(), one.word(cx.lang).to_owned())));
    let now = app.db.clock().now();
    let body = Start {
        cx,
        refusal,
        categories,
        chosen: String::new(),
        waiting: waiting
            .into_iter()
            .filter(|draft| draft.applied.is_empty() && draft.expires_at >= now)
            .collect(),
    };
    Ok(page_with(status, cx, Page::new(cx.t("intake-title"), body)))
}

async fn start(actor: Actor<ManageDelegates>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    start_page(StatusCode::OK, &app, &actor, &cx, String::new()).await
}

async fn upload(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    form: Multipart,
) -> Result<Response, AppError> {
    match take(&app, &actor, form).await {
        Ok(id) => Ok(see(&format!("/dai-bieu/nhap/{id}"), "")),
        Err(error) if error.status().is_client_error() => {
            start_page(error.status(), &app, &actor, &cx, error.detail(cx.lang)).await
        }
        Err(error) => Err(error),
    }
}

async fn take(app: &App, actor: &Actor<ManageDelegates>, mut form: Multipart) -> Result<DraftId, AppError> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            AppError::from(ReadError::TooLarge)
        } else {
            AppError::bad_request().because(key("intake-interrupted")).caused_by(error)
        }
    };
    let (mut choices, mut file) = (Choices::default(), None);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "dien" => choices.category = field.text().await.map_err(broken)?.parse().ok(),
            "tep" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some((name, field.bytes().await.map_err(broken)?));
            }
            _ => return Err(AppError::bad_request().slug("form")),
        }
    }
    let (name, bytes) = file
        .filter(|(name, bytes)| !name.is_empty() || !bytes.is_empty())
        .ok_or_else(|| AppError::invalid(Vec::new()).because(key("intake-no-file")))?;
    let sha256 = draft::hash(&bytes);
    let reading = parse(bytes).await?;
    let (office, may) = (actor.office.id, may_write(actor));
    Ok(app
        .db
        .write(actor.author(), move |tx| draft::keep(tx, office, &name, &sha256, reading, &choices, may))
        .await?)
}

/// What waits and what it would do at this moment.
async fn look(
    app: &App,
    actor: &Actor<ManageDelegates>,
    lang: Lang,
    id: DraftId,
) -> Result<(Draft, Option<(Reading, Preview)>), AppError> {
    let (office, may) = (actor.office.id, may_write(actor));
    let found = app
        .db
        .read(move |tx| {
            let (draft, reading) = draft::draft(tx, office, id)?;
            let Some(mut reading) = reading else { return Ok((draft, None)) };
            reading.withhold(may);
            let known = Known::load(tx, reading.source)?;
            Ok::<_, IntakeError>((draft, Some((reading, known))))
        })
        .await?;
    let (draft, Some((reading, known))) = found else { return Ok((found.0, None)) };
    let choices = draft.choices();
    let seen = tokio::task::spawn_blocking(move || {
        let preview = plan::preview(&known, &reading, &choices, lang);
        (reading, preview)
    })
    .await
    .map_err(AppError::internal)?;
    Ok((draft, Some(seen)))
}

#[derive(Template)]
#[template(path = "intake/show.html")]
struct Show<'a> {
    cx: &'a Cx,
    draft: &'a Draft,
    preview: &'a Preview,
    sealed: bool,
    refusal: String,
    until: String,
}

impl Show<'_> {
    fn options(&self, twin: &Twin) -> Vec<(String, String)> {
        let mut out = vec![(String::new(), self.cx.t("intake-twin-choose").into_owned())];
        for like in twin.like.iter().filter(|like| !like.code.is_empty()) {
            let words = self.cx.t2("intake-twin-is", "code", like.code.as_str(), "name", like.name.as_str());
            out.push((like.code.clone(), words));
        }
        out.push((NEW.to_owned(), self.cx.t("intake-twin-new").into_owned()));
        out.push((SKIP.to_owned(), self.cx.t("intake-twin-skip").into_owned()));
        out
    }

    fn first<'t, T>(&self, list: &'t [T]) -> &'t [T] {
        list.get(..SHOWN.min(list.len())).unwrap_or_default()
    }

    fn more(&self, many: usize) -> usize {
        many.saturating_sub(SHOWN)
    }

    fn source(&self) -> String {
        self.cx.tp("intake-source-", self.preview.source.replace('_', "-")).into_owned()
    }
}

#[derive(Template)]
#[template(path = "intake/done.html")]
struct Done<'a> {
    cx: &'a Cx,
    draft: &'a Draft,
    done: Applied,
}

async fn show_page(
    status: StatusCode,
    app: &App,
    actor: &Actor<ManageDelegates>,
    cx: &Cx,
    id: DraftId,
    refusal: String,
) -> Result<Response, AppError> {
    let (draft, seen) = look(app, actor, cx.lang, id).await?;
    if let Some(done) = draft.applied() {
        let body = Done { cx, draft: &draft, done };
        return Ok(page(cx, Page::new(cx.t("intake-done"), body)));
    }
    let Some((reading, preview)) = seen else { return Err(IntakeError::NotFound.into()) };
    let body = Show {
        cx,
        draft: &draft,
        preview: &preview,
        sealed: reading.has_cards(),
        refusal,
        until: cx.moment(&platform::clock::local(draft.expires_at)),
    };
    Ok(page_with(status, cx, Page::new(cx.t("intake-title"), body).layout(Layout::Wide)))
}

async fn show(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DraftId>,
) -> Result<Response, AppError> {
    show_page(StatusCode::OK, &app, &actor, &cx, id, String::new()).await
}

async fn choose(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DraftId>,
    axum::Form(form): axum::Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (draft, seen) = look(&app, &actor, cx.lang, id).await?;
    let Some((_, preview)) = seen else { return Err(IntakeError::NotFound.into()) };
    let mut choices = draft.choices();
    choices.leave_wrong = form.iter().any(|(name, _)| name == "bo_loi");
    for twin in &preview.twins {
        let field = format!("dong-{}", twin.row);
        let Some((_, value)) = form.iter().find(|(name, _)| *name == field) else { continue };
        if value.len() <= 40 {
            choices.same.insert(twin.row, value.clone());
        }
    }
    let office = actor.office.id;
    app.db.write(actor.author(), move |tx| draft::choose(tx, office, id, &choices)).await?;
    Ok(see(&format!("/dai-bieu/nhap/{id}"), ""))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirm {
    dau: String,
}

async fn confirm(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DraftId>,
    axum::Form(form): axum::Form<Confirm>,
) -> Result<Response, AppError> {
    let (office, may) = (actor.office.id, may_write(&actor));
    let (lang, hash) = (cx.lang, form.dau);
    let done = app.db.write(actor.author(), move |tx| draft::confirm(tx, office, id, &hash, lang, may)).await;
    match done {
        Ok(_) => Ok(see(&format!("/dai-bieu/nhap/{id}"), "")),
        Err(error) => {
            let error = AppError::from(error);
            if !error.status().is_client_error() || error.status() == StatusCode::NOT_FOUND {
                return Err(error);
            }
            show_page(error.status(), &app, &actor, &cx, id, error.detail(cx.lang)).await
        }
    }
}

async fn discard(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(id): Path<DraftId>,
) -> Result<Response, AppError> {
    let office = actor.office.id;
    app.db.write(actor.author(), move |tx| draft::discard(tx, office, id)).await?;
    Ok(see("/dai-bieu/nhap", ""))
}

/// The rows that are wrong, as the file had them, with what is wrong in a column of its own.
async fn wrong(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DraftId>,
) -> Result<Response, AppError> {
    let (_, seen) = look(&app, &actor, cx.lang, id).await?;
    let Some((reading, preview)) = seen else { return Err(IntakeError::NotFound.into()) };
    let mut heads: Vec<String> = reading.heads.iter().map(|head| head.words.clone()).collect();
    heads.push(cx.t("intake-row").into_owned());
    heads.push(cx.t("intake-reason").into_owned());
    let mut rows = Vec::new();
    for row in &reading.rows {
        let reasons: Vec<String> = preview
            .faults
            .iter()
            .filter(|fault| fault.row == row.row)
            .map(|fault| format!("{}: {}", fault.heading, fault.message))
            .collect();
        if reasons.is_empty() {
            continue;
        }
        let mut cells: Vec<Cell> = row.cells.iter().map(|cell| Cell::Text(cell.shown())).collect();
        cells.push(Cell::Number(row.row));
        cells.push(Cell::Text(reasons.join(" ")));
        rows.push(cells);
    }
    made(heads, rows, "dai-bieu-dong-sai").await
}

async fn made(heads: Vec<String>, rows: Vec<Vec<Cell>>, name: &str) -> Result<Response, AppError> {
    let bytes = tokio::task::spawn_blocking(move || out::xlsx(&heads, &rows))
        .await
        .map_err(AppError::internal)?
        .map_err(AppError::internal)?;
    Ok(download(bytes, Made::Xlsx, name))
}

/// An empty table with all headings.
async fn sample(actor: Actor<ManageDelegates>, cx: Cx) -> Result<Response, AppError> {
    let mut columns = out::columns(may_write(&actor));
    columns.retain(|column| *column != Column::Status);
    columns.push(Column::Citizen);
    let heads = columns.iter().map(|column| column.heading(cx.lang).to_owned()).collect();
    made(heads, Vec::new(), "mau-danh-sach").await
}

/// The list as its address filters it, as a table. Restricted columns go out only to those who may see them, and then on the record.
async fn leave(
    app: &App,
    actor: &Actor<ReadDelegates>,
    cx: &Cx,
    form: &'static str,
) -> Result<(Vec<String>, Vec<Vec<Cell>>), AppError> {
    let (sight, lang) = (sight(actor), cx.lang);
    let address = Address::of(cx, sight);
    let gather = move |tx: &mut platform::db::Tx<'_>| {
        let people = picked(tx, &address)?;
        let privates = if sight == Sight::default() { Default::default() } else { query::privates(tx)? };
        let units: std::collections::HashMap<_, _> =
            query::delegations(tx)?.into_iter().map(|one| (one.id, one.name)).collect();
        let privates: Vec<Private> =
            people.iter().map(|one| sight.of(privates.get(&one.id).cloned().unwrap_or_default())).collect();
        let lines: Vec<Line<'_>> = people
            .iter()
            .zip(&privates)
            .map(|(one, private)| Line {
                code: &one.code,
                profile: &one.profile,
                private,
                delegation: one
                    .profile
                    .delegation
                    .and_then(|id| units.get(&id))
                    .map(String::as_str)
                    .unwrap_or_default(),
                status: Some(one.status),
            })
            .collect();
        Ok::<_, DbError>(out::table(&lines, sight, lang))
    };
    if sight == Sight::default() {
        return Ok(app.db.read(gather).await?);
    }
    let restricted: Vec<&str> = out::columns(sight)
        .into_iter()
        .filter(|column| column.is_restricted() || column.is_contact())
        .map(Column::as_str)
        .collect();
    Ok(app
        .db
        .write(actor.author(), move |tx| {
            let table = gather(tx)?;
            let data = json!({ "form": form, "people": table.1.len(), "restricted_columns": restricted });
            let event =
                Event::new("delegate.exported", "roll", form).topic(format!("{TOPIC}/xuat")).data(data);
            Ok::<_, DelegateError>(tx.record(event).with(table))
        })
        .await?)
}

async fn xlsx(actor: Actor<ReadDelegates>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let (heads, rows) = leave(&app, &actor, &cx, "xlsx").await?;
    made(heads, rows, &format!("danh-sach-{}", cx.now.date())).await
}

async fn csv(actor: Actor<ReadDelegates>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let (heads, rows) = leave(&app, &actor, &cx, "csv").await?;
    Ok(download(out::csv(&heads, &rows), Made::Csv, &format!("danh-sach-{}", cx.now.date())))
}

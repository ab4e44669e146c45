//! Importing the annex: upload, look at everything it would do, choose whom unknown names mean, say yes.

use askama::Template;
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, Multipart, State},
    http::StatusCode,
    response::Response,
};
use platform::{
    app::App,
    db::DbError,
    i18n::{Lang, key},
    identity::{Actor, AdminIdentity, Capability as _, Confidentiality},
    jobs::{self, JobCtx, JobError, Jobs, NewJob, Note},
    web::{AppError, Cx, Layout, Page, Path, page, page_with},
};
use rules::dates::YEARS;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::see_other;
use crate::tasks::{
    Audience, ManageTasks, Reach, audience,
    clarity::People,
    error::TaskError,
    exchange::{
        import::{
            self, Choices, Draft, DraftId, ImportError, LONG, MOST_BYTES, NameKind, NewPlan, Preview,
            UnknownName, Yes,
        },
        picture,
    },
    memory::Memory,
    model::{Plan, PlanId},
    register::Register,
    sheets::AnnexReading,
    store::{self, Who},
    who,
};

/// The kind of the job that applies a long annex.
pub const JOB: &str = "tasks.import";

/// The limit of an upload with the form around it.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MOST_BYTES + (64 << 10))
}

/// The refusal of an upload that is too large.
pub fn too_large() -> AppError {
    AppError::too_large().because(key("exchange-import-too-large")).with("limit", MOST_BYTES >> 20)
}

async fn parse(app: &App, bytes: Bytes) -> Result<AnnexReading, ImportError> {
    let year = platform::clock::local(app.db.clock().now()).date().year().clamp(*YEARS.start(), *YEARS.end());
    let read = tokio::task::spawn_blocking(move || import::read(&bytes, year)).await;
    read.map_err(|error| DbError::Other(error.to_string()))?.map_err(ImportError::from)
}

/// Keeps an upload that can be read at all.
///
/// # Errors
/// The sentence of a file that cannot be read.
pub async fn keep(
    app: &App,
    actor: &Actor<ManageTasks>,
    name: String,
    bytes: Bytes,
    choices: Choices,
) -> Result<DraftId, AppError> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    parse(app, bytes.clone()).await?;
    let office = actor.office.id;
    let id =
        app.db.write(actor.author(), move |tx| import::keep(tx, office, &name, &bytes, &choices)).await?;
    Ok(id)
}

/// An upload, read again.
///
/// # Errors
/// [`ImportError::NotFound`], [`ImportError::Expired`] in words.
pub async fn reading(app: &App, actor: &Actor<ManageTasks>, id: DraftId) -> Result<AnnexReading, AppError> {
    let office = actor.office.id;
    let (_, bytes) = app.db.read(move |tx| import::draft(tx, office, id)).await?;
    Ok(parse(app, bytes.into()).await?)
}

/// An upload and what it would do at this moment.
///
/// # Errors
/// [`ImportError::NotFound`], [`ImportError::Expired`] in words.
pub async fn look(
    app: &App,
    actor: &Actor<ManageTasks>,
    lang: Lang,
    id: DraftId,
) -> Result<(Draft, Register, Preview), AppError> {
    let (office, audience) = (actor.office.id, audience(actor));
    let memory = Memory::of(app);
    let (draft, bytes, register) = app
        .db
        .read(move |tx| {
            let (draft, bytes) = import::draft(tx, office, id)?;
            Ok::<_, ImportError>((draft, bytes, memory.register(tx)?))
        })
        .await?;
    let reading = parse(app, bytes.into()).await?;
    let choices = draft.choices();
    let (register, preview) = tokio::task::spawn_blocking(move || {
        let preview = import::preview(&register, audience, lang, &reading, &choices);
        (register, preview)
    })
    .await
    .map_err(AppError::internal)?;
    Ok((draft, register, preview))
}

fn may_make(actor: &Actor<ManageTasks>) -> bool {
    actor.may(AdminIdentity::AREA, AdminIdentity::RIGHT, None)
}

/// The yes of an actor to what was shown.
pub fn yes(actor: &Actor<ManageTasks>, lang: Lang, hash: String, reason: &str) -> Yes {
    Yes {
        who: who(actor),
        office: actor.office.id,
        unit: actor.unit.id,
        audience: audience(actor),
        may_make: may_make(actor),
        lang,
        hash,
        reason: rules::text::nfc(reason),
    }
}

// ---------------------------------------------------------------- pages

#[derive(Template)]
#[template(path = "tasks/pages/exchange/import.html")]
struct Start<'a> {
    cx: &'a Cx,
    plans: Vec<(String, String)>,
    chosen: String,
    waiting: Vec<Draft>,
    refusal: String,
}

impl Start<'_> {
    fn at(&self, draft: &Draft) -> String {
        self.cx.moment(&platform::clock::local(draft.created_at))
    }
}

async fn start_page(
    status: StatusCode,
    app: &App,
    actor: &Actor<ManageTasks>,
    cx: &Cx,
    refusal: String,
) -> Result<Response, AppError> {
    let office = actor.office.id;
    let (plans, waiting): (Vec<Plan>, Vec<Draft>) =
        app.db.read(move |tx| Ok::<_, TaskError>((store::plans(tx)?, import::drafts(tx, office)?))).await?;
    let body = Start {
        cx,
        chosen: String::new(),
        plans: plans
            .into_iter()
            .map(|plan| (plan.id.to_string(), format!("{} – {}", plan.code, plan.title)))
            .collect(),
        waiting: waiting.into_iter().filter(|draft| draft.applied_at.is_none()).collect(),
        refusal,
    };
    Ok(page_with(status, cx, Page::new(cx.t("exchange-import-title"), body)))
}

/// `GET /nhiem-vu/nhap`
///
/// # Errors
/// Any refusal of the database.
pub async fn start(actor: Actor<ManageTasks>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    start_page(StatusCode::OK, &app, &actor, &cx, String::new()).await
}

/// `POST /nhiem-vu/nhap`: takes the file and shows what it would do. A file that cannot be read leaves the page
/// as it was, with the sentence that says why.
///
/// # Errors
/// Any refusal of the database.
pub async fn upload(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    form: Multipart,
) -> Result<Response, AppError> {
    match take(&app, &actor, form).await {
        Ok(id) => Ok(see_other(&format!("/nhiem-vu/nhap/{id}"))),
        Err(error) if error.status().is_client_error() => {
            start_page(error.status(), &app, &actor, &cx, error.detail(cx.lang)).await
        }
        Err(error) => Err(error),
    }
}

async fn take(app: &App, actor: &Actor<ManageTasks>, mut form: Multipart) -> Result<DraftId, AppError> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_large()
        } else {
            AppError::bad_request().because(key("exchange-import-interrupted")).caused_by(error)
        }
    };
    let (mut choices, mut new_plan, mut file) = (Choices::default(), NewPlan::default(), None);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "ke_hoach" => choices.plan = field.text().await.map_err(broken)?.parse::<PlanId>().ok(),
            "ma_ke_hoach" => new_plan.code = rules::text::nfc(&field.text().await.map_err(broken)?),
            "ten_ke_hoach" => new_plan.title = rules::text::nfc(&field.text().await.map_err(broken)?),
            "tep" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some((name, field.bytes().await.map_err(broken)?));
            }
            _ => return Err(AppError::bad_request().slug("form")),
        }
    }
    let (name, bytes) = file
        .filter(|(name, bytes)| !name.is_empty() || !bytes.is_empty())
        .ok_or_else(|| AppError::invalid(Vec::new()).because(key("exchange-import-no-file")))?;
    if choices.plan.is_none() && !new_plan.code.is_empty() {
        if new_plan.code.chars().count() > 32
            || new_plan.title.is_empty()
            || new_plan.title.chars().count() > 300
        {
            return Err(AppError::invalid(Vec::new()).because(key("exchange-import-plan-wrong")));
        }
        choices.new_plan = Some(new_plan);
    }
    keep(app, actor, name, bytes, choices).await
}

/// A name with the people it could mean.
struct Open {
    name: UnknownName,
    field: String,
    rows: String,
    unit: bool,
    options: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "tasks/pages/exchange/import_show.html")]
struct Show<'a> {
    cx: &'a Cx,
    draft: &'a Draft,
    preview: &'a Preview,
    open: Vec<Open>,
    may_make: bool,
    ready: bool,
    running: bool,
    refusal: String,
    until: String,
}

impl Show<'_> {
    fn href(&self, code: &str) -> String {
        picture::address(code)
    }
}

/// The name of the form's field for a name of the file.
fn field_of(key: &str) -> String {
    format!("n-{}", &platform::hex(&Sha256::digest(key))[..16])
}

fn show_page(
    status: StatusCode,
    cx: &Cx,
    actor: &Actor<ManageTasks>,
    draft: &Draft,
    register: &Register,
    preview: &Preview,
    refusal: String,
) -> Response {
    let may_make = may_make(actor);
    let people = &register.people;
    let open = preview
        .unknown
        .iter()
        .map(|name| Open {
            field: field_of(&name.key),
            rows: name.rows.iter().take(12).map(ToString::to_string).collect::<Vec<_>>().join(", "),
            unit: name.kind == NameKind::Unit,
            options: options(cx, name, people, may_make),
            name: name.clone(),
        })
        .collect();
    let running = preview
        .changed
        .iter()
        .any(|row| register.by_code(&row.code).is_some_and(|task| task.assigned_at.is_some()));
    let show = Show {
        cx,
        draft,
        preview,
        open,
        may_make,
        ready: preview.ready(),
        running,
        refusal,
        until: cx.moment(&platform::clock::local(draft.expires_at)),
    };
    page_with(status, cx, Page::new(cx.t("exchange-import-title"), show).layout(Layout::Wide))
}

/// What can be chosen for a name: nothing yet, the likely ones, leave it out, a new one, then everybody.
fn options(cx: &Cx, name: &UnknownName, people: &People, may_make: bool) -> Vec<(String, String)> {
    let mut out = vec![(String::new(), cx.t("exchange-name-choose").into_owned())];
    let like = |text: &str| cx.t1("exchange-name-like", "name", text);
    out.extend(name.suggestions.iter().map(|one| (one.id.clone(), like(&one.name))));
    if may_make {
        let words = match name.kind {
            NameKind::Unit => cx.t1("exchange-name-new-unit", "name", &name.name),
            NameKind::Office => cx.t2("exchange-name-new-office", "name", &name.name, "unit", &name.unit),
        };
        out.push(("new".to_owned(), words));
    }
    out.push(("none".to_owned(), cx.t("exchange-name-none").into_owned()));
    let taken: Vec<String> = name.suggestions.iter().map(|one| one.id.clone()).collect();
    let all: Vec<(String, String)> = match name.kind {
        NameKind::Unit => {
            people.units_by_name().into_iter().map(|unit| (unit.id.to_string(), unit.name.clone())).collect()
        }
        NameKind::Office => people
            .offices_by_title()
            .into_iter()
            .map(|office| {
                (office.id.to_string(), format!("{} – {}", office.title, people.unit_name(office.unit_id)))
            })
            .collect(),
    };
    out.extend(all.into_iter().filter(|(id, _)| !taken.contains(id)));
    out
}

/// `GET /nhiem-vu/nhap/{id}`: what the file would do, or did.
///
/// # Errors
/// 404 when it is not an upload of this office, or too old.
pub async fn show(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DraftId>,
) -> Result<Response, AppError> {
    let (draft, register, preview) = look(&app, &actor, cx.lang, id).await?;
    if let Some(done) = draft.applied() {
        let body = Done { cx: &cx, draft: &draft, done };
        return Ok(page(&cx, Page::new(cx.t("exchange-import-done"), body)));
    }
    Ok(show_page(StatusCode::OK, &cx, &actor, &draft, &register, &preview, String::new()))
}

#[derive(Template)]
#[template(path = "tasks/pages/exchange/import_done.html")]
struct Done<'a> {
    cx: &'a Cx,
    draft: &'a Draft,
    done: import::Applied,
}

/// `POST /nhiem-vu/nhap/{id}/chon`: whom the unknown names mean.
///
/// # Errors
/// 404 when it is not an upload of this office.
pub async fn choose(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DraftId>,
    axum::Form(form): axum::Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (draft, _, preview) = look(&app, &actor, cx.lang, id).await?;
    let mut choices = draft.choices();
    for name in &preview.unknown {
        let field = field_of(&name.key);
        let Some((_, value)) = form.iter().find(|(name, _)| *name == field) else { continue };
        if value == "new" && !may_make(&actor) {
            return Err(ImportError::MayNotMake.into());
        }
        if value.is_empty() {
            choices.names.remove(&name.key);
        } else if value.len() <= 64 {
            choices.names.insert(name.key.clone(), value.clone());
        }
    }
    let office = actor.office.id;
    app.db.write(actor.author(), move |tx| import::choose(tx, office, id, &choices)).await?;
    Ok(see_other(&format!("/nhiem-vu/nhap/{id}")))
}

/// The yes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    dau: String,
    #[serde(default)]
    ly_do: String,
}

/// `POST /nhiem-vu/nhap/{id}/ap-dung`: applies exactly what was shown; a long file becomes a job.
///
/// # Errors
/// Those of the upload; a refusal comes back as the page with what would happen now.
pub async fn confirm(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<DraftId>,
    axum::Form(form): axum::Form<Confirm>,
) -> Result<Response, AppError> {
    let reason =
        if form.ly_do.trim().is_empty() { cx.t("exchange-import-reason").into_owned() } else { form.ly_do };
    let yes = yes(&actor, cx.lang, form.dau, &reason);
    let reading = reading(&app, &actor, id).await?;
    if reading.rows.len() > LONG {
        return queue(&app, &actor, id, reading.rows.len(), &yes).await;
    }
    let applied = app.db.write(actor.author(), move |tx| import::apply(tx, id, &reading, &yes)).await;
    match applied {
        Ok(_) => Ok(see_other(&format!("/nhiem-vu/nhap/{id}"))),
        Err(error) => {
            let error = AppError::from(error);
            if !error.status().is_client_error() || error.status() == StatusCode::NOT_FOUND {
                return Err(error);
            }
            let (draft, register, preview) = look(&app, &actor, cx.lang, id).await?;
            Ok(show_page(error.status(), &cx, &actor, &draft, &register, &preview, error.detail(cx.lang)))
        }
    }
}

/// `POST /nhiem-vu/nhap/{id}/bo`: throws the upload away.
///
/// # Errors
/// Any refusal of the database.
pub async fn discard(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    Path(id): Path<DraftId>,
) -> Result<Response, AppError> {
    let office = actor.office.id;
    app.db.write(actor.author(), move |tx| import::discard(tx, office, id)).await?;
    Ok(see_other("/nhiem-vu/nhap"))
}

// ---------------------------------------------------------------- the job

/// The yes as the job keeps it.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    draft: DraftId,
    office: platform::identity::OfficeId,
    unit: platform::identity::UnitId,
    decides: bool,
    internal: bool,
    may_make: bool,
    lang: Lang,
    hash: String,
    reason: String,
}

async fn queue(
    app: &App,
    actor: &Actor<ManageTasks>,
    id: DraftId,
    rows: usize,
    yes: &Yes,
) -> Result<Response, AppError> {
    let kept = Kept {
        draft: id,
        office: yes.office,
        unit: yes.unit,
        decides: yes.who.decides_all(),
        internal: yes.audience.reads(Confidentiality::Internal),
        may_make: yes.may_make,
        lang: yes.lang,
        hash: yes.hash.clone(),
        reason: yes.reason.clone(),
    };
    let params = serde_json::to_value(kept).map_err(AppError::internal)?;
    let rows = u64::try_from(rows).unwrap_or(u64::MAX);
    let office = yes.office;
    let job = app
        .db
        .write(actor.author(), move |tx| {
            let (draft, _) = import::draft(tx, office, id)?;
            if let (Some(job), None) = (&draft.job, draft.applied_at) {
                // Asked twice: the same job.
                return Ok(tx.unchanged(job.clone())?);
            }
            let title = Note::new(key("exchange-job-import")).with("rows", rows);
            let done = jobs::enqueue(tx, NewJob::new(JOB, title, params).total(rows))?;
            let job = done.value().to_string();
            let _ = import::follow(tx, id, &job)?;
            Ok::<_, ImportError>(done.map(|_| job))
        })
        .await?;
    Ok(see_other(&format!("/viec-nen/{job}")))
}

/// Says who applies long annexes. Call it before the jobs start.
pub fn register(jobs: &Jobs) {
    jobs.register(JOB, run);
}

async fn run(ctx: JobCtx) -> Result<serde_json::Value, JobError> {
    let kept: Kept = ctx.params()?;
    let (office, id, total) = (kept.office, kept.draft, ctx.job().total);
    let failed = |error: ImportError| match error {
        ImportError::Db(error) => JobError::Db(error),
        ImportError::Changed => JobError::Failed(Note::new(key("exchange-import-changed"))),
        ImportError::Expired | ImportError::NotFound => {
            JobError::Failed(Note::new(key("exchange-import-expired")))
        }
        ImportError::NotReady => JobError::Failed(Note::new(key("exchange-import-not-ready"))),
        ImportError::MayNotMake => JobError::Failed(Note::new(key("exchange-import-may-not-make"))),
        other => JobError::Failed(Note::new(key("exchange-job-refused")).with("reason", other.to_string())),
    };
    let href = format!("/nhiem-vu/nhap/{id}");
    ctx.note(Note::new(key("exchange-job-reading")));
    let (draft, bytes) = ctx.db().read(move |tx| import::draft(tx, office, id)).await.map_err(failed)?;
    if draft.applied_at.is_some() {
        // An earlier start of this job got through.
        return Ok(serde_json::json!({"href": href}));
    }
    ctx.check()?;
    let year = platform::clock::local(draft.created_at).date().year();
    let reading = tokio::task::spawn_blocking(move || import::read(&bytes, year))
        .await
        .map_err(|error| JobError::Internal(error.to_string()))?
        .map_err(|error| failed(ImportError::File(error)))?;
    ctx.check()?;
    ctx.progress(total / 3, total);
    ctx.note(Note::new(key("exchange-job-writing")));
    let yes = Yes {
        who: Who {
            office: Some(kept.office),
            organiser: Reach::Everywhere,
            decides: if kept.decides { Reach::Everywhere } else { Reach::Nowhere },
        },
        office: kept.office,
        unit: kept.unit,
        audience: Audience::everywhere(if kept.internal {
            Confidentiality::Internal
        } else {
            Confidentiality::Normal
        }),
        may_make: kept.may_make,
        lang: kept.lang,
        hash: kept.hash,
        reason: kept.reason,
    };
    let lease = ctx.lease();
    let done = ctx
        .db()
        .write(&ctx.author(), move |tx| {
            let done = import::apply(tx, id, &reading, &yes)?;
            lease.save(tx, &serde_json::json!("applied"))?;
            Ok::<_, ImportError>(done)
        })
        .await
        .map_err(failed)?;
    ctx.progress(total, total);
    Ok(serde_json::json!({"href": href, "done": done}))
}

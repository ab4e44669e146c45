//! Cards for windscreens as a job: sign, set, keep the file.

use axum::{
    Form,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use platform::{
    app::App,
    congress,
    files::{self, FileId, Kind, PutOptions},
    i18n::{IntoArg as _, Lang, fmt, key, t, tr},
    identity::Actor,
    jobs::{self, JobCtx, JobError, Jobs, NewJob, Note},
    web::{AppError, Cx, Path, Typed, see},
};
use print::{BadgeSize, Imposition, PressRoom, Printable, ZoneMark};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    ManageVehicles, VehicleError,
    model::{Pass, PassId, Vehicle},
    pages::list::{MOST, chosen},
    passes, query,
};
use crate::badges::{
    BadgeError,
    model::{Access, BadgeCategory},
    prints::Words,
    query as badges,
    seal::Seal,
};

/// The kind of the job.
pub const JOB: &str = "vehicles.print";
/// The largest file.
const MOST_BYTES: u64 = 64 << 20;
/// How files of this area are called.
const NAME: &str = "the-xe-";

#[derive(Debug, Serialize, Deserialize)]
struct AskedFor {
    vehicles: Vec<u32>,
    size: BadgeSize,
    imposition: Imposition,
    lang: String,
}

/// Says who does the job.
pub fn register(jobs: &Jobs, app: &App, press: PressRoom) {
    let app = app.clone();
    jobs.register(JOB, move |ctx: JobCtx| run(ctx, app.clone(), press.clone()));
}

/// `POST /xe/in`
pub(super) async fn begin(
    actor: Actor<ManageVehicles>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let vehicles = chosen(&typed);
    if vehicles.is_empty() || vehicles.len() > MOST {
        return Err(AppError::invalid(Vec::new()).because(key("vehicles-error-choose")));
    }
    let count = vehicles.len();
    let ask = AskedFor {
        vehicles,
        size: if typed.get("size") == "a6" { BadgeSize::WindscreenSmall } else { BadgeSize::Windscreen },
        imposition: if typed.get("sheet") == "a4" { Imposition::A4 } else { Imposition::Single },
        lang: cx.lang.code().to_owned(),
    };
    let params = serde_json::to_value(&ask).map_err(AppError::internal)?;
    let job = app
        .db
        .write(actor.author(), move |tx| {
            let title = Note::new(key("vehicles-job")).with("count", count);
            jobs::enqueue(tx, NewJob::new(JOB, title, params).total(u64::try_from(count).unwrap_or(0)))
        })
        .await?;
    Ok(see(&format!("/viec-nen/{job}"), ""))
}

/// `GET /xe/tap/{file}`
pub(super) async fn sheet(
    _actor: Actor<ManageVehicles>,
    State(app): State<App>,
    Path(id): Path<FileId>,
) -> Result<Response, AppError> {
    let file = app.db.read(move |tx| files::store::get(tx, id)).await?;
    // Only what this area made: a file of another has its own door.
    let file = file.filter(|file| file.kind == Kind::Pdf && file.name.starts_with(NAME));
    let file = file.ok_or_else(AppError::not_found)?;
    let mut response = app.files.download(&file).await?.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn failed(error: VehicleError) -> JobError {
    match error {
        VehicleError::Db(error) | VehicleError::Pass(BadgeError::Db(error)) => JobError::Db(error),
        VehicleError::Pass(BadgeError::NoKey) => JobError::Failed(Note::new(key("badges-error-no-key"))),
        other => JobError::Internal(other.to_string()),
    }
}

async fn run(ctx: JobCtx, app: App, press: PressRoom) -> Result<serde_json::Value, JobError> {
    let ask: AskedFor = ctx.params()?;
    let total = ctx.job().total.max(1);
    // Signed once: a second start of the job prints what the first has signed.
    let signed: Vec<PassId> = match ctx.resume() {
        Some(kept) => {
            serde_json::from_value(kept.clone()).map_err(|error| JobError::Internal(error.to_string()))?
        }
        None => {
            ctx.note(Note::new(key("badges-job-signing")));
            let seal = Seal::of(&app.config.data).map_err(|error| failed(error.into()))?;
            let (vehicles, lease) = (ask.vehicles.clone(), ctx.lease());
            ctx.db()
                .write(&ctx.author(), move |tx| {
                    let done = passes::print(tx, &seal, &vehicles)?;
                    lease.save(tx, &json!(done.value()))?;
                    Ok::<_, VehicleError>(done)
                })
                .await
                .map_err(failed)?
        }
    };
    if signed.is_empty() {
        return Err(JobError::Failed(Note::new(key("vehicles-job-nothing"))));
    }
    ctx.check()?;
    let (lang, ids) = (Lang::parse(&ask.lang).unwrap_or_default(), signed.clone());
    let (congress, access, rows) = ctx
        .db()
        .read(move |tx| {
            let mut rows: Vec<(Pass, Vehicle)> = Vec::with_capacity(ids.len());
            for id in &ids {
                let Some(pass) = query::pass(tx, *id)? else { continue };
                let vehicle = query::by_id(tx, pass.vehicle)?;
                rows.push((pass, vehicle));
            }
            Ok::<_, VehicleError>((congress::store::find(tx)?, badges::access(tx)?, rows))
        })
        .await
        .map_err(failed)?;
    ctx.note(Note::new(key("badges-job-setting")));
    let mut words = Words::of(lang, congress.as_ref(), &app.config.hotline);
    words.title = t(lang, key("vehicles-title")).into_owned();
    words.number_label = t(lang, key("vehicles-print-lot")).into_owned();
    let cards = rows.iter().map(|(pass, vehicle)| drawn(lang, &access, pass, vehicle)).collect();
    // What stands behind a windscreen has one side.
    let sheets = words.sheets(ask.size, ask.imposition, false, cards);
    let pdf =
        press.pdf(Printable::Badges(sheets)).await.map_err(|error| JobError::Internal(error.to_string()))?;
    ctx.check()?;
    let options = PutOptions::new(MOST_BYTES, &[Kind::Pdf]).named(format!("{NAME}{}.pdf", ctx.job().id));
    let stored = app.files.put_bytes(pdf.into(), options).await;
    let stored = stored.map_err(|error| JobError::Internal(error.to_string()))?;
    let file = ctx.db().write(&ctx.author(), move |tx| files::store::add(tx, &stored)).await?;
    ctx.progress(total, total);
    Ok(json!({ "href": format!("/xe/tap/{file}"), "passes": signed.len() }))
}

/// One card as it is printed.
fn drawn(lang: Lang, access: &Access, pass: &Pass, of: &Vehicle) -> print::Badge {
    let convoy = match (of.convoy, of.place) {
        (Some(convoy), Some(place)) => tr(
            lang,
            key("vehicles-convoy-place"),
            &[("convoy", i64::from(convoy).arg()), ("place", i64::from(place).arg())],
        ),
        _ => String::new(),
    };
    print::Badge {
        band: BadgeCategory::Vehicle.band(),
        title: t(lang, &format!("vehicles-kind-{}", of.kind)).to_uppercase(),
        name: pass.printed_plate.clone().unwrap_or_else(|| of.plate.clone()),
        under: of.unit.clone(),
        group: convoy,
        number: pass.printed_lot.clone().unwrap_or_default(),
        photo: None,
        zones: access
            .of_bits(pass.zones)
            .map(|zone| ZoneMark { icon: zone.icon.clone(), name: zone.name.clone() })
            .collect(),
        code: pass.code.clone().unwrap_or_default(),
        days: tr(
            lang,
            key("badges-print-days"),
            &[("first", fmt::date(pass.first_day).arg()), ("last", fmt::date(pass.last_day).arg())],
        ),
        serial: tr(
            lang,
            key("badges-print-serial"),
            &[("code", of.code().arg()), ("copy", i64::from(pass.copy).arg())],
        ),
    }
}

//! Sheets of badges as a job: sign, fetch the portraits, set, keep the file.

use std::collections::HashMap;

use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use platform::{
    app::App,
    congress,
    files::{self, FileId, Kind, PutOptions},
    i18n::{Lang, key},
    identity::Actor,
    jobs::{self, JobCtx, JobError, Jobs, NewJob, Note},
    web::{AppError, Cx, Typed, see},
};
use print::{BadgeSheets, BadgeSize, Imposition, PressRoom, Printable, ZoneMark};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    BadgeError, ManageBadges,
    model::{Access, Badge, BadgeId},
    query,
    seal::Seal,
    store,
};
use crate::delegates::{
    model::{Participant, ParticipantId},
    query as roll,
};

/// The kind of the job.
pub const JOB: &str = "badges.print";
/// The most badges of one run.
const MOST: usize = 1_000;
/// The largest file: sheets with portraits.
const MOST_BYTES: u64 = 256 << 20;

#[derive(Debug, Serialize, Deserialize)]
struct Ask {
    people: Vec<ParticipantId>,
    size: BadgeSize,
    imposition: Imposition,
    backs: bool,
    lang: String,
}

/// Says who does the job.
pub fn register(jobs: &Jobs, app: &App, press: PressRoom) {
    let app = app.clone();
    jobs.register(JOB, move |ctx: JobCtx| run(ctx, app.clone(), press.clone()));
}

/// `POST /the/in`
pub(super) async fn begin(
    actor: Actor<ManageBadges>,
    cx: Cx,
    State(app): State<App>,
    axum::Form(pairs): axum::Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let people: Vec<ParticipantId> = typed.all("person").iter().filter_map(|id| id.parse().ok()).collect();
    if people.is_empty() || people.len() > MOST {
        return Err(AppError::invalid(Vec::new()).because(key("badges-error-choose")));
    }
    let count = people.len();
    let ask = Ask {
        people,
        size: if typed.get("size") == "card" { BadgeSize::Card } else { BadgeSize::Lanyard },
        imposition: match typed.get("sheet") {
            "a3" => Imposition::A3,
            "single" => Imposition::Single,
            _ => Imposition::A4,
        },
        backs: typed.get("sides") != "front",
        lang: cx.lang.code().to_owned(),
    };
    let params = serde_json::to_value(&ask).map_err(AppError::internal)?;
    let job = app
        .db
        .write(actor.author(), move |tx| {
            let title = Note::new(key("badges-job")).with("count", count);
            jobs::enqueue(tx, NewJob::new(JOB, title, params).total(u64::try_from(count).unwrap_or(0)))
        })
        .await?;
    Ok(see(&format!("/viec-nen/{job}"), ""))
}

/// `GET /the/tap/{file}`
pub(super) async fn sheet(
    _actor: Actor<ManageBadges>,
    State(app): State<App>,
    Path(id): Path<FileId>,
) -> Result<Response, AppError> {
    let file = app.db.read(move |tx| files::store::get(tx, id)).await?;
    // Only what this area made: a file of another has its own door.
    let file = file.filter(|file| file.kind == Kind::Pdf && file.name.starts_with(NAME));
    let file = file.ok_or_else(AppError::not_found)?;
    let mut response = app.files.download(&file).await?.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.status_mut() = StatusCode::OK;
    Ok(response)
}

/// How files of this area are called.
const NAME: &str = "the-dai-bieu-";

fn failed(error: BadgeError) -> JobError {
    match error {
        BadgeError::Db(error) => JobError::Db(error),
        BadgeError::NoKey => JobError::Failed(Note::new(key("badges-error-no-key"))),
        other => JobError::Internal(other.to_string()),
    }
}

async fn run(ctx: JobCtx, app: App, press: PressRoom) -> Result<serde_json::Value, JobError> {
    let ask: Ask = ctx.params()?;
    let total = ctx.job().total.max(1);
    // Signed once: a second start of the job prints what the first has signed.
    let signed: Vec<BadgeId> = match ctx.resume() {
        Some(kept) => {
            serde_json::from_value(kept.clone()).map_err(|error| JobError::Internal(error.to_string()))?
        }
        None => {
            ctx.note(Note::new(key("badges-job-signing")));
            let seal = Seal::of(&app.config.data).map_err(failed)?;
            let (people, lease) = (ask.people.clone(), ctx.lease());
            ctx.db()
                .write(&ctx.author(), move |tx| {
                    let done = store::print(tx, &seal, &people)?;
                    lease.save(tx, &json!(done.value()))?;
                    Ok::<_, BadgeError>(done)
                })
                .await
                .map_err(failed)?
        }
    };
    if signed.is_empty() {
        return Err(JobError::Failed(Note::new(key("badges-job-nothing"))));
    }
    ctx.check()?;
    let lang = Lang::parse(&ask.lang).unwrap_or_default();
    let ids = signed.clone();
    let (congress, access, rows) = ctx
        .db()
        .read(move |tx| {
            let mut rows: Vec<(Badge, Participant, Option<files::File>)> = Vec::with_capacity(ids.len());
            for id in &ids {
                let Some(badge) = query::badge(tx, *id)? else { continue };
                let Some(person) = roll::participant(tx, badge.participant)? else { continue };
                let photo = match person.photo {
                    Some(file) => files::store::get(tx, file)?,
                    None => None,
                };
                rows.push((badge, person, photo));
            }
            Ok::<_, BadgeError>((congress::store::find(tx)?, query::access(tx)?, rows))
        })
        .await
        .map_err(failed)?;
    ctx.note(Note::new(key("badges-job-setting")));
    let mut photos = HashMap::new();
    for (at, (badge, _, photo)) in rows.iter().enumerate() {
        ctx.check()?;
        ctx.progress(
            u64::try_from(at).unwrap_or(0) * total / u64::try_from(rows.len()).unwrap_or(1).max(1),
            total,
        );
        if let Some(hash) = photo.as_ref().filter(|file| file.small.is_some()).map(|file| file.sha256) {
            // A portrait that the storage has lost leaves the initials.
            if let Ok(bytes) = app.files.get(&hash).await {
                photos.insert(badge.id, bytes.to_vec());
            }
        }
    }
    let words = Words::of(lang, congress.as_ref(), &app.config.hotline);
    let badges = rows
        .iter()
        .map(|(badge, person, _)| drawn(lang, &access, badge, person, photos.remove(&badge.id)))
        .collect();
    let sheets = words.sheets(ask.size, ask.imposition, ask.backs, badges);
    let pdf =
        press.pdf(Printable::Badges(sheets)).await.map_err(|error| JobError::Internal(error.to_string()))?;
    ctx.check()?;
    let name = format!("{NAME}{}.pdf", ctx.job().id);
    let options = PutOptions::new(MOST_BYTES, &[Kind::Pdf]).named(name);
    let stored = app.files.put_bytes(pdf.into(), options).await;
    let stored = stored.map_err(|error| JobError::Internal(error.to_string()))?;
    let file = ctx.db().write(&ctx.author(), move |tx| files::store::add(tx, &stored)).await?;
    ctx.progress(total, total);
    Ok(json!({ "href": format!("/the/tap/{file}"), "badges": signed.len() }))
}

/// The words that all badges of a run share.
pub(crate) struct Words {
    pub(crate) title: String,
    congress: String,
    term: String,
    pub(crate) number_label: String,
    lost: Vec<String>,
    hotline: String,
    code_label: String,
}

impl Words {
    pub(crate) fn of(lang: Lang, congress: Option<&congress::Congress>, hotline: &str) -> Self {
        let t = |name: &str| platform::i18n::t(lang, name).into_owned();
        let term = congress.map(|congress| congress.term.clone()).unwrap_or_default();
        let own = congress.map(|congress| congress.hotline.clone()).filter(|hotline| !hotline.is_empty());
        Self {
            title: t("badges-title"),
            congress: congress.map(|congress| congress.name.clone()).unwrap_or_default(),
            term: platform::i18n::tr(
                lang,
                key("badges-print-term"),
                &[("term", platform::i18n::IntoArg::arg(&term))],
            ),
            number_label: t("badges-print-number"),
            lost: vec![t("badges-print-lost"), t("badges-print-found")],
            hotline: own.unwrap_or_else(|| hotline.to_owned()),
            code_label: t("badges-print-code"),
        }
    }

    pub(crate) fn sheets(
        self,
        size: BadgeSize,
        imposition: Imposition,
        backs: bool,
        badges: Vec<print::Badge>,
    ) -> BadgeSheets {
        BadgeSheets {
            title: self.title,
            size,
            imposition,
            backs,
            congress: self.congress,
            term: self.term,
            number_label: self.number_label,
            lost: self.lost,
            hotline: self.hotline,
            code_label: self.code_label,
            badges,
        }
    }
}

/// One badge as it is printed.
pub(crate) fn drawn(
    lang: Lang,
    access: &Access,
    badge: &Badge,
    person: &Participant,
    photo: Option<Vec<u8>>,
) -> print::Badge {
    use platform::i18n::{IntoArg as _, fmt, t, tr};
    let group = badge.printed_group.clone().filter(|group| !group.is_empty());
    print::Badge {
        band: badge.category.band(),
        title: t(lang, &format!("badges-category-{}", badge.category)).to_uppercase(),
        name: badge.printed_name.clone().unwrap_or_else(|| person.profile.name.clone()),
        under: person.profile.position.clone(),
        group: group
            .map(|group| tr(lang, key("badges-print-group"), &[("group", group.arg())]))
            .unwrap_or_default(),
        number: person.number().to_owned(),
        photo,
        zones: access
            .of_bits(badge.zones)
            .map(|zone| ZoneMark { icon: zone.icon.clone(), name: zone.name.clone() })
            .collect(),
        code: badge.code.clone().unwrap_or_default(),
        days: tr(
            lang,
            key("badges-print-days"),
            &[("first", fmt::date(badge.first_day).arg()), ("last", fmt::date(badge.last_day).arg())],
        ),
        serial: tr(
            lang,
            key("badges-print-serial"),
            &[("code", person.code.arg()), ("copy", i64::from(badge.copy).arg())],
        ),
    }
}

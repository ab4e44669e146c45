//! Settings of the register, the working calendar, and plans from templates.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jiff::civil::Date;
use platform::{
    api::{self, Answer, IdempotencyKey, Json},
    app::App,
    congress::{self, LabelSet, WorkDay, WorkDayKind, store as congress_store},
    db::DbError,
    i18n::key,
    identity::{Actor, UnitId},
    web::{AppError, Cx, FieldProblem, Problem},
};
use rules::{clarity::SixKey, dates::YEARS, text::nfc, timing::Percent};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{Caller, about};
use crate::tasks::{
    ManageTasks, ReadTasks,
    error::TaskError,
    memory,
    model::Basis,
    pages::task::mau::Drafts,
    templates::{self, Template},
};

fn gone() -> (StatusCode, serde_json::Value) {
    (StatusCode::NO_CONTENT, serde_json::Value::Null)
}

/// The settings of the register.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsIo {
    /// Days before the deadline from which a task is due soon, 0–60.
    pub due_soon_days: u16,
    /// Or the last part of its duration, in percent, 1–100.
    #[serde(default)]
    pub due_soon_fraction: Option<u8>,
    /// Hours between two urges of one task, 0–720.
    pub urge_cool_down_hours: u16,
    /// The six keys in their order: `who what when authority accountable result`.
    #[schema(value_type = Vec<String>)]
    pub order: Vec<SixKey>,
    /// Words that replace the usual labels, by key.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub labels: BTreeMap<SixKey, String>,
    /// Whom to call.
    #[serde(default)]
    pub hotline: String,
    /// The version that was read; a change names it.
    pub version: i64,
}

/// The settings of the register.
#[utoipa::path(get, path = "/api/v1/task-settings", tag = "plans",
    responses((status = 200, body = SettingsIo), (status = "4XX", body = Problem)))]
pub(super) async fn settings(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
) -> Result<axum::Json<SettingsIo>, AppError> {
    let congress = app.db.read::<_, DbError, _>(congress_store::current).await?;
    Ok(axum::Json(SettingsIo {
        due_soon_days: congress.timing.threshold_days,
        due_soon_fraction: congress.timing.last_fraction.map(Percent::get),
        urge_cool_down_hours: congress.urge_cool_down_hours,
        order: congress.labels.order,
        labels: congress.labels.labels,
        hotline: congress.hotline,
        version: congress.version,
    }))
}

/// Changes the settings; 409 when somebody else did meanwhile.
#[utoipa::path(put, path = "/api/v1/task-settings", tag = "plans", request_body = SettingsIo,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn set(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    key_of: IdempotencyKey,
    body: Json<SettingsIo>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let new = body.into_inner();
    let labels = LabelSet {
        order: new.order,
        labels: new
            .labels
            .into_iter()
            .map(|(six, words)| (six, nfc(&words)))
            .filter(|(_, w)| !w.is_empty())
            .collect(),
    };
    let fraction = new.due_soon_fraction.map(|part| Percent::new(part).filter(|part| part.get() > 0));
    let wrong: Vec<FieldProblem> = [
        ("due_soon_days", new.due_soon_days > 60),
        ("due_soon_fraction", fraction == Some(None)),
        ("urge_cool_down_hours", new.urge_cool_down_hours > 720),
        ("order", !labels.is_complete()),
    ]
    .into_iter()
    .filter(|(_, wrong)| *wrong)
    .map(|(name, _)| FieldProblem::new(name, key("task-settings-number")))
    .collect();
    if !wrong.is_empty() {
        return Err(AppError::invalid(wrong));
    }
    let settings = congress_store::Settings {
        due_soon_days: new.due_soon_days,
        due_soon_fraction: fraction.flatten(),
        urge_cool_down_hours: new.urge_cool_down_hours,
        labels,
        hotline: nfc(&new.hotline),
    };
    api::idempotent::<AppError, _>(&app.db, &actor, &key_of, "settings.set", hash, move |tx| {
        let changed = congress_store::set(tx, new.version, &settings)?;
        if *changed.value() { Ok(changed.map(|_| gone())) } else { Err(AppError::conflict()) }
    })
    .await
}

/// A day of the calendar.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayIn {
    /// `nghi_le`: nobody works; `lam_bu`: everybody works.
    #[schema(value_type = String, example = "nghi_le")]
    pub kind: WorkDayKind,
    /// Its name.
    pub name: String,
}

/// Days that differ from their weekday: holidays and make-up days.
#[utoipa::path(get, path = "/api/v1/work-days", tag = "plans",
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn days(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<WorkDay>>, AppError> {
    Ok(axum::Json(app.db.read::<_, DbError, _>(congress_store::work_days).await?))
}

/// Enters or replaces a day.
#[utoipa::path(put, path = "/api/v1/work-days/{day}", tag = "plans", request_body = DayIn,
    params(("day" = String, Path, example = "2025-09-02"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn put_day(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    Path(day): Path<Date>,
    key_of: IdempotencyKey,
    body: Json<DayIn>,
) -> Result<Answer, AppError> {
    let hash = about(body.hash(), &[&day.to_string()]);
    let new = body.into_inner();
    let name = nfc(&new.name);
    if !YEARS.contains(&day.year()) || name.is_empty() || name.chars().count() > 120 {
        return Err(AppError::invalid(vec![FieldProblem::new("name", key("task-settings-day-name"))]));
    }
    let day = WorkDay { day, kind: new.kind, name };
    api::idempotent::<DbError, _>(&app.db, &actor, &key_of, "work-days.put", hash, move |tx| {
        Ok(congress_store::put_work_day(tx, &day)?.map(|()| gone()))
    })
    .await
}

/// Takes a day out.
#[utoipa::path(delete, path = "/api/v1/work-days/{day}", tag = "plans",
    params(("day" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn drop_day(
    actor: Actor<ManageTasks>,
    State(app): State<App>,
    Path(day): Path<Date>,
    key_of: IdempotencyKey,
) -> Result<Answer, AppError> {
    let hash = about([0; 32], &[&day.to_string()]);
    api::idempotent::<DbError, _>(&app.db, &actor, &key_of, "work-days.drop", hash, move |tx| {
        Ok(congress_store::drop_work_day(tx, day)?.map(|_| gone()))
    })
    .await
}

/// A template in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateOut {
    /// Its name in addresses.
    pub id: String,
    /// For whom it is.
    pub name: String,
    /// Its tasks on the days that the opening gives them.
    pub tasks: Vec<TemplateRow>,
}

/// A task of a template.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateRow {
    /// Its code.
    pub code: String,
    /// What is to be done.
    pub what: String,
    /// Who leads, as a role.
    pub lead: String,
    /// The first day.
    pub start: String,
    /// The deadline.
    pub due: String,
    /// The working day offered when the deadline is not worked.
    pub offered: Option<String>,
}

/// Templates with their tasks on this congress's days.
#[utoipa::path(get, path = "/api/v1/task-templates", tag = "plans",
    responses((status = 200, body = Vec<TemplateOut>), (status = "4XX", body = Problem)))]
pub(super) async fn templates(
    _actor: Actor<ReadTasks>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<TemplateOut>>, AppError> {
    let (congress, days) = app
        .db
        .read::<_, DbError, _>(|tx| Ok((congress_store::current(tx)?, congress_store::work_days(tx)?)))
        .await?;
    let calendar = congress::calendar(&days);
    let out = |template: &Template| TemplateOut {
        id: template.id.clone(),
        name: template.name.clone(),
        tasks: template
            .tasks
            .iter()
            .map(|task| {
                let (start, due) = task.dates(congress.opening_on, &calendar);
                TemplateRow {
                    code: task.code.clone(),
                    what: task.what.clone(),
                    lead: task.lead.clone(),
                    start: start.date.to_string(),
                    due: due.date.to_string(),
                    offered: due.suggestion.map(|offer| offer.date.to_string()),
                }
            })
            .collect(),
    };
    Ok(axum::Json(templates::all().iter().map(out).collect()))
}

/// Which tasks of a template to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FromTemplate {
    /// Codes of the tasks.
    pub codes: Vec<String>,
    /// D; the congress's opening when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub opening: Option<Date>,
    /// Codes whose deadline goes to the working day offered.
    #[serde(default)]
    pub moved: Vec<String>,
    /// Which unit plays which role.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub roles: BTreeMap<String, UnitId>,
    /// The document they follow from.
    #[serde(default)]
    pub basis: Option<Basis>,
}

/// Ids of what was made, in the order of the template.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeMany {
    /// The ids.
    pub ids: Vec<String>,
}

/// Makes tasks of a template as drafts, tied as in the template; all of them or none.
#[utoipa::path(post, path = "/api/v1/task-templates/{id}/drafts", tag = "plans", request_body = FromTemplate,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = MadeMany), (status = "4XX", body = Problem)))]
pub(super) async fn make_drafts(
    actor: Actor<ManageTasks>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<String>,
    key_of: IdempotencyKey,
    body: Json<FromTemplate>,
) -> Result<Answer, AppError> {
    let template = templates::find(&id).ok_or_else(AppError::not_found)?;
    let hash = about(body.hash(), &[&id]);
    let asked = body.into_inner();
    let chosen: Vec<_> = template.tasks.iter().filter(|task| asked.codes.contains(&task.code)).collect();
    if chosen.is_empty() || chosen.len() != asked.codes.len() {
        return Err(AppError::invalid(vec![FieldProblem::new("codes", key("task-template-none"))]));
    }
    let register = memory::register(&app).await?;
    let opening = asked.opening.unwrap_or(register.congress.opening_on);
    let moved = |code: &str| asked.moved.iter().any(|one| one == code);
    let units: BTreeMap<&str, UnitId> =
        asked.roles.iter().map(|(role, unit)| (role.as_str(), *unit)).collect();
    let drafts = Drafts::of(&cx, &register, &chosen, opening, &moved, &units, asked.basis.clone());
    let (caller, unit) = (Caller::of(&actor), actor.unit.id);
    api::idempotent::<TaskError, _>(&app.db, &actor, &key_of, "templates.drafts", hash, move |tx| {
        Ok(drafts.make(tx, &caller.who, unit)?.map(|ids| {
            let ids = ids.iter().map(ToString::to_string).collect();
            (StatusCode::CREATED, json!(MadeMany { ids }))
        }))
    })
    .await
}

//! All SQL of tasks, as functions over a transaction. Every change bumps the task's version and records
//! an event with what differs.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use platform::{
    audit::Event,
    clock, congress,
    db::{DbError, Done, Receipt, Row, Tx, WriteTx},
    files::FileId,
    identity::{Confidentiality, OfficeId, UnitId},
    params, sql,
};
use rules::{
    dates::Deadline,
    diff::Change,
    schedule::DepKind,
    state::{self, Move, Role, TaskState},
    urge::{self, UrgeRule, Urged},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    clarity::{self, People},
    error::TaskError,
    model::*,
    reach::Reach,
    schedule,
};

/// Topic of everything about tasks; screens that show many tasks listen to it.
pub const TOPIC: &str = "tasks";

/// Longest text of a field, in characters.
pub const LONGEST: usize = 4_000;

/// Who acts, as far as tasks care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// The acting office.
    pub office: Option<OfficeId>,
    /// Where it keeps the register (right to manage).
    pub organiser: Reach,
    /// Where it decides for any task (right to decide).
    pub decides: Reach,
}

impl Who {
    /// The program and the command line, which set up but never decide for people.
    pub const PROGRAM: Self = Self { office: None, organiser: Reach::Everywhere, decides: Reach::Everywhere };

    /// Keeps the whole register: ties, baselines, imports.
    pub fn keeps_register(&self) -> bool {
        self.organiser == Reach::Everywhere
    }

    /// Decides for the whole register: baselines, reports.
    pub fn decides_all(&self) -> bool {
        self.decides == Reach::Everywhere
    }

    /// What this office is to a task.
    pub fn roles(&self, fields: &TaskFields) -> Vec<Role> {
        let is = |office: Option<OfficeId>| office.is_some() && office == self.office;
        let mut roles = Vec::new();
        for (role, holds) in [
            (Role::Organiser, self.organiser.leads(fields)),
            (Role::Approver, self.decides.leads(fields) || is(fields.approver_office)),
            (Role::FocalOfficer, is(fields.focal_office)),
            (Role::Accountable, is(fields.accountable_office)),
            (Role::Acceptor, is(fields.acceptor_office)),
        ] {
            if holds {
                roles.push(role);
            }
        }
        roles
    }
}

// ---------------------------------------------------------------- plans

/// All plans.
///
/// # Errors
/// Any [`DbError`].
pub fn plans(tx: &mut Tx<'_>) -> Result<Vec<Plan>, DbError> {
    tx.query(sql!("SELECT id, code, title, unit FROM plan ORDER BY code"), &[])
}

/// Makes a plan.
///
/// # Errors
/// [`TaskError::DuplicateCode`].
pub fn create_plan(
    tx: &mut WriteTx<'_>,
    code: &str,
    title: &str,
    unit: UnitId,
) -> Result<Done<PlanId>, TaskError> {
    let id = PlanId(Uuid::now_v7());
    let now = tx.now();
    tx.execute(
        sql!("INSERT INTO plan(id, code, title, unit, created_at) VALUES($1, $2, $3, $4, $5)"),
        params![id, code, title, unit, now],
    )
    .map_err(|error| taken(error, code))?;
    Ok(tx.record(Event::new("plan.created", "plan", id).topic(TOPIC).data(json!({"code": code}))).with(id))
}

fn taken(error: DbError, code: &str) -> TaskError {
    match error {
        DbError::Unique { .. } => TaskError::DuplicateCode { code: code.to_owned() },
        other => other.into(),
    }
}

// ---------------------------------------------------------------- reading

/// Every task of every plan, in plan order.
///
/// # Errors
/// Any [`DbError`].
pub fn tasks(tx: &mut Tx<'_>) -> Result<Vec<Task>, DbError> {
    let rows: Vec<Row> = tx.query(sql!("SELECT * FROM task ORDER BY plan, position, code"), &[])?;
    let supports: Vec<Row> = tx.query(sql!("SELECT * FROM task_support ORDER BY task, position"), &[])?;
    let bases: Vec<Row> = tx.query(sql!("SELECT * FROM task_basis ORDER BY task, position"), &[])?;
    let milestones: Vec<Row> = tx.query(sql!("SELECT * FROM task_milestone ORDER BY task, position"), &[])?;
    assemble(&rows, &supports, &bases, &milestones)
}

/// One task.
///
/// # Errors
/// [`TaskError::NotFound`].
pub fn task(tx: &mut Tx<'_>, id: TaskId) -> Result<Task, TaskError> {
    let rows: Vec<Row> = tx.query(sql!("SELECT * FROM task WHERE id = $1"), params![id])?;
    let supports: Vec<Row> =
        tx.query(sql!("SELECT * FROM task_support WHERE task = $1 ORDER BY position"), params![id])?;
    let bases: Vec<Row> =
        tx.query(sql!("SELECT * FROM task_basis WHERE task = $1 ORDER BY position"), params![id])?;
    let milestones: Vec<Row> =
        tx.query(sql!("SELECT * FROM task_milestone WHERE task = $1 ORDER BY position"), params![id])?;
    assemble(&rows, &supports, &bases, &milestones)?.pop().ok_or(TaskError::NotFound)
}

/// The task with a code; codes are unique inside a plan, and the first plan that has it wins.
///
/// # Errors
/// [`TaskError::NotFound`].
pub fn task_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Task, TaskError> {
    let id = tx.scalar(sql!("SELECT id FROM task WHERE code = $1 ORDER BY plan LIMIT 1"), params![code])?;
    task(tx, id.ok_or(TaskError::NotFound)?)
}

fn assemble(rows: &[Row], supports: &[Row], bases: &[Row], milestones: &[Row]) -> Result<Vec<Task>, DbError> {
    let mut tasks = Vec::with_capacity(rows.len());
    let mut index = BTreeMap::new();
    for row in rows {
        let task = task_from(row)?;
        index.insert(task.id, tasks.len());
        tasks.push(task);
    }
    for row in supports {
        let id: TaskId = row.get("task")?;
        let Some(task) = index.get(&id).and_then(|at| tasks.get_mut(*at)) else { continue };
        let unit: UnitId = row.get("unit")?;
        if let Some(at) = row.get("confirmed_at")? {
            task.confirmed.insert(unit, at);
        }
        task.fields.supports.push(Support {
            unit,
            contribution: row.get("contribution")?,
            due: row.get("due")?,
        });
    }
    for row in bases {
        let id: TaskId = row.get("task")?;
        let Some(task) = index.get(&id).and_then(|at| tasks.get_mut(*at)) else { continue };
        task.fields.basis.push(Basis {
            symbol: row.get("symbol")?,
            issued_on: row.get("issued_on")?,
            clause: row.get("clause")?,
            subject: row.get("subject")?,
        });
    }
    for row in milestones {
        let id: TaskId = row.get("task")?;
        let Some(task) = index.get(&id).and_then(|at| tasks.get_mut(*at)) else { continue };
        task.fields.milestones.push(Milestone { title: row.get("title")?, due: row.get("due")? });
    }
    Ok(tasks)
}

fn task_from(row: &Row) -> Result<Task, DbError> {
    let kinds: String = row.get("evidence_kinds")?;
    let kinds = kinds
        .split_whitespace()
        .map(|kind| {
            kind.parse().map_err(|kind| DbError::Value { column: "evidence_kinds".to_owned(), reason: kind })
        })
        .collect::<Result<Vec<EvidenceKind>, _>>()?;
    Ok(Task {
        id: row.get("id")?,
        plan: row.get("plan")?,
        position: row.get("position")?,
        fields: TaskFields {
            code: row.get("code")?,
            stream: row.get("stream")?,
            phase: row.get("phase")?,
            confidentiality: row.get("confidentiality")?,
            what: row.get("what")?,
            scope: row.get("scope")?,
            basis: Vec::new(),
            lead_unit: row.get("lead_unit")?,
            focal_office: row.get("focal_office")?,
            supports: Vec::new(),
            start: row.get("start_on")?,
            due: row.get("due")?,
            due_text: row.get("due_text")?,
            event_on: row.get("event_on")?,
            milestones: Vec::new(),
            authority: row.get("authority")?,
            approver_office: row.get("approver_office")?,
            escalation: row.get("escalation")?,
            has_budget: row.get("has_budget")?,
            money_limit: row.get::<Option<u64>>("money_limit")?.map(Dong),
            accountable_office: row.get("accountable_office")?,
            deputy_office: row.get("deputy_office")?,
            result: row.get("result")?,
            result_quantity: row.get("result_quantity")?,
            result_form: row.get("result_form")?,
            acceptance: row.get("acceptance")?,
            acceptor_office: row.get("acceptor_office")?,
            evidence_kinds: kinds,
        },
        due_original: row.get("due_original")?,
        percent: row.get("percent")?,
        state: row.get("state")?,
        state_before_pause: row.get("state_before_pause")?,
        assigned_at: row.get("assigned_at")?,
        acknowledged_at: row.get("acknowledged_at")?,
        submitted_at: row.get("submitted_at")?,
        accepted_at: row.get("accepted_at")?,
        version: row.get("version")?,
        confirmed: BTreeMap::new(),
        updated_at: row.get("updated_at")?,
        updated_by: row.get("updated_by")?,
    })
}

// ---------------------------------------------------------------- writing down

fn check(fields: &TaskFields) -> Result<(), TaskError> {
    if fields.code.is_empty() || fields.code.chars().count() > 32 {
        return Err(TaskError::Code);
    }
    let texts = [
        ("stream", &fields.stream),
        ("what", &fields.what),
        ("scope", &fields.scope),
        ("due_text", &fields.due_text),
        ("authority", &fields.authority),
        ("escalation", &fields.escalation),
        ("result", &fields.result),
        ("result_quantity", &fields.result_quantity),
        ("result_form", &fields.result_form),
        ("acceptance", &fields.acceptance),
    ];
    if let Some((field, _)) = texts.iter().find(|(_, text)| text.chars().count() > LONGEST) {
        return Err(TaskError::TooLong { field });
    }
    if fields.confidentiality == Confidentiality::Secret && !is_stub(fields) {
        return Err(TaskError::SecretContent);
    }
    Ok(())
}

/// True when the fields say nothing beyond code, stream, unit, people and dates: all a secret task may hold.
fn is_stub(fields: &TaskFields) -> bool {
    let texts = [
        &fields.what,
        &fields.scope,
        &fields.due_text,
        &fields.authority,
        &fields.escalation,
        &fields.result,
        &fields.result_quantity,
        &fields.result_form,
        &fields.acceptance,
    ];
    texts.iter().all(|text| text.is_empty())
        && fields.basis.is_empty()
        && fields.milestones.is_empty()
        && fields.supports.iter().all(|support| support.contribution.is_empty())
        && fields.money_limit.is_none()
}

/// Writes down a new task as a draft.
///
/// # Errors
/// [`TaskError::DuplicateCode`], [`TaskError::Code`], [`TaskError::TooLong`], [`TaskError::SecretContent`].
pub fn create(tx: &mut WriteTx<'_>, plan: PlanId, fields: TaskFields) -> Result<Done<TaskId>, TaskError> {
    let fields = fields.normalised();
    check(&fields)?;
    let id = TaskId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    let last: Option<i64> =
        tx.scalar(sql!("SELECT MAX(position) FROM task WHERE plan = $1"), params![plan])?.flatten();
    tx.execute(
        sql!("INSERT INTO task(id, plan, code, position, stream, phase, confidentiality, what, scope, due_text,
                authority, escalation, has_budget, result, result_quantity, result_form, acceptance, evidence_kinds,
                percent, state, version, created_at, created_by, updated_at, updated_by)
              VALUES($1, $2, $3, $4, '', 'truoc', 'thuong', '', '', '', '', '', 0, '', '', '', '', '', 0, $5, 0, $6, $7,
                $6, $7)"),
        params![id, plan, fields.code, last.unwrap_or(0) + 1, TaskState::Draft, now, by],
    )
    .map_err(|error| taken(error, &fields.code))?;
    write_fields(tx, id, &fields)?;
    tx.execute(sql!("UPDATE task SET due_original = due WHERE id = $1"), params![id])?;
    Ok(touched(tx, id, "task.created", json!({"code": fields.code}), None)?.with(id))
}

/// Rewrites the six rõ. `version` is the version the writer saw. After assignment the deadline stays, a reason
/// is needed and the task must remain clear.
///
/// # Errors
/// [`TaskError::Conflict`] when somebody else wrote meanwhile; [`TaskError::DueLocked`];
/// [`TaskError::NotClear`]; and those of [`create`].
pub fn edit(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    version: i64,
    fields: TaskFields,
    reason: &str,
) -> Result<Done<bool>, TaskError> {
    let before = task(tx, id)?;
    expect_version(&before, version)?;
    let fields = fields.normalised();
    check(&fields)?;
    let settled = before.state.is_settled();
    let drafting = matches!(before.state, TaskState::Draft | TaskState::Proposed);
    let roles = who.roles(&before.fields);
    let may = roles.contains(&Role::Organiser)
        || drafting && (roles.contains(&Role::FocalOfficer) || roles.contains(&Role::Accountable));
    if !may || settled {
        return Err(if settled { TaskError::NotRunning } else { TaskError::NotPermitted });
    }
    // A right in one unit does not hand its tasks to another, nor take another's.
    if roles.contains(&Role::Organiser) && !who.organiser.leads(&fields) {
        return Err(TaskError::NotPermitted);
    }
    let changes = rules::diff::diff(&before.fields.texts(), &fields.texts());
    if changes.is_empty() {
        return Ok(tx.unchanged(false)?);
    }
    if !drafting {
        if fields.due != before.fields.due {
            return Err(TaskError::DueLocked);
        }
        if reason.trim().is_empty() {
            return Err(TaskError::ReasonNeeded);
        }
        let clarity = clarify(tx, &fields, before.assigned_at.is_some())?;
        if !clarity.assignable() && fields.confidentiality != Confidentiality::Secret {
            return Err(TaskError::NotClear(Box::new(clarity)));
        }
    }
    write_fields(tx, id, &fields)?;
    if drafting {
        tx.execute(sql!("UPDATE task SET due_original = due WHERE id = $1"), params![id])?;
    }
    let data = json!({"code": fields.code, "changes": shown(&changes)});
    Ok(touched(tx, id, "task.edited", data, Some(reason))?.with(true))
}

fn shown(changes: &[Change]) -> serde_json::Value {
    serde_json::to_value(changes).unwrap_or_default()
}

fn expect_version(task: &Task, version: i64) -> Result<(), TaskError> {
    if task.version == version {
        return Ok(());
    }
    Err(TaskError::Conflict { version: task.version, by: task.updated_by.clone(), at: task.updated_at })
}

fn write_fields(tx: &mut WriteTx<'_>, id: TaskId, fields: &TaskFields) -> Result<(), TaskError> {
    let kinds: Vec<&str> = fields.evidence_kinds.iter().map(|kind| kind.as_str()).collect();
    tx.execute(
        sql!("UPDATE task SET code = $2, stream = $3, phase = $4, confidentiality = $5, what = $6, scope = $7,
                lead_unit = $8, focal_office = $9, start_on = $10, due = $11, due_text = $12, event_on = $13,
                authority = $14, approver_office = $15, escalation = $16, has_budget = $17, money_limit = $18,
                accountable_office = $19, deputy_office = $20, result = $21, result_quantity = $22, result_form = $23,
                acceptance = $24, acceptor_office = $25, evidence_kinds = $26
              WHERE id = $1"),
        params![
            id,
            fields.code,
            fields.stream,
            fields.phase,
            fields.confidentiality,
            fields.what,
            fields.scope,
            fields.lead_unit,
            fields.focal_office,
            fields.start,
            fields.due,
            fields.due_text,
            fields.event_on,
            fields.authority,
            fields.approver_office,
            fields.escalation,
            fields.has_budget,
            fields.money_limit.map(|limit| limit.0),
            fields.accountable_office,
            fields.deputy_office,
            fields.result,
            fields.result_quantity,
            fields.result_form,
            fields.acceptance,
            fields.acceptor_office,
            kinds.join(" ")
        ],
    )
    .map_err(|error| taken(error, &fields.code))?;
    write_supports(tx, id, &fields.supports)?;
    tx.execute(sql!("DELETE FROM task_basis WHERE task = $1"), params![id])?;
    for (position, basis) in (0_u32..).zip(&fields.basis) {
        tx.execute(
            sql!(
                "INSERT INTO task_basis(task, position, symbol, issued_on, clause, subject)
                  VALUES($1, $2, $3, $4, $5, $6)"
            ),
            params![id, position, basis.symbol, basis.issued_on, basis.clause, basis.subject],
        )?;
    }
    tx.execute(sql!("DELETE FROM task_milestone WHERE task = $1"), params![id])?;
    for (position, milestone) in (0_u32..).zip(&fields.milestones) {
        tx.execute(
            sql!("INSERT INTO task_milestone(task, position, title, due) VALUES($1, $2, $3, $4)"),
            params![id, position, milestone.title, milestone.due],
        )?;
    }
    Ok(())
}

/// A coordinating unit keeps its confirmation as long as what it was asked for stays the same.
fn write_supports(tx: &mut WriteTx<'_>, id: TaskId, supports: &[Support]) -> Result<(), TaskError> {
    let old: Vec<Row> = tx.query(
        sql!("SELECT unit, contribution, confirmed_at, confirmed_by FROM task_support WHERE task = $1"),
        params![id],
    )?;
    tx.execute(sql!("DELETE FROM task_support WHERE task = $1"), params![id])?;
    for (position, support) in (0_u32..).zip(supports) {
        let mut confirmed: (Option<Timestamp>, Option<String>) = (None, None);
        for row in &old {
            let same = row.get::<UnitId>("unit")? == support.unit
                && row.get::<String>("contribution")? == support.contribution;
            if same {
                confirmed = (row.get("confirmed_at")?, row.get("confirmed_by")?);
            }
        }
        tx.execute(
            sql!("INSERT INTO task_support(task, unit, position, contribution, due, confirmed_at, confirmed_by)
                  VALUES($1, $2, $3, $4, $5, $6, $7)"),
            params![id, support.unit, position, support.contribution, support.due, confirmed.0, confirmed.1],
        )
        .map_err(|error| match error {
            DbError::Unique { .. } => TaskError::Name,
            other => other.into(),
        })?;
    }
    Ok(())
}

/// Bumps the version and puts the change on the record.
fn touched(
    tx: &mut WriteTx<'_>,
    id: TaskId,
    act: &'static str,
    data: serde_json::Value,
    why: Option<&str>,
) -> Result<Receipt, TaskError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE task SET version = version + 1, updated_at = $2, updated_by = $3 WHERE id = $1"),
        params![id, now, by],
    )?;
    let after = task(tx, id)?;
    let mut event =
        Event::new(act, "task", id).topic(TOPIC).topic(format!("{TOPIC}/{id}")).after(&after).data(data);
    if let Some(why) = why.filter(|why| !why.trim().is_empty()) {
        event = event.why(why.trim());
    }
    Ok(tx.record(event))
}

// ---------------------------------------------------------------- clarity and states

fn clarify(
    tx: &mut Tx<'_>,
    fields: &TaskFields,
    assigned_before: bool,
) -> Result<rules::clarity::Clarity, DbError> {
    let calendar = congress::calendar(&congress::store::work_days(tx)?);
    let people = People::load(tx)?;
    // A running task is not unclear because time has passed.
    let today = if assigned_before { Date::MIN } else { clock::local(tx.now()).date() };
    Ok(clarity::check(fields, &people, &calendar, today))
}

/// Moves a task to another state.
///
/// # Errors
/// [`TaskError::Move`] when the state or the office does not allow it, [`TaskError::NotClear`] when it is to be
/// assigned below six of six, [`TaskError::EvidenceMissing`] when it is to be handed in without what its result
/// demands, [`TaskError::ReasonNeeded`], [`TaskError::Conflict`].
pub fn step(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    version: i64,
    step: Move,
    reason: &str,
) -> Result<Done<TaskState>, TaskError> {
    let before = task(tx, id)?;
    expect_version(&before, version)?;
    state::authorise(step, &who.roles(&before.fields))?;
    let to = state::next(before.state, step, before.state_before_pause)?;
    if step.needs_reason() && reason.trim().is_empty() {
        return Err(TaskError::ReasonNeeded);
    }
    match step {
        Move::Assign => require_clear(tx, &before)?,
        Move::Submit => require_evidence(tx, &before)?,
        _ => {}
    }
    let now = tx.now();
    let paused_from = (step == Move::Pause).then_some(before.state);
    tx.execute(
        sql!("UPDATE task SET state = $2, state_before_pause = $3 WHERE id = $1"),
        params![id, to, paused_from],
    )?;
    match step {
        Move::Assign => {
            tx.execute(
                sql!("UPDATE task SET assigned_at = $2, due_original = due WHERE id = $1"),
                params![id, now],
            )?;
        }
        Move::Acknowledge => {
            tx.execute(sql!("UPDATE task SET acknowledged_at = $2 WHERE id = $1"), params![id, now])?;
        }
        Move::Submit => {
            tx.execute(sql!("UPDATE task SET submitted_at = $2 WHERE id = $1"), params![id, now])?;
        }
        Move::Accept => accept(tx, id, now)?,
        Move::Reopen => {
            tx.execute(sql!("UPDATE task SET accepted_at = NULL WHERE id = $1"), params![id])?;
        }
        _ => {}
    }
    let data = json!({"code": before.fields.code, "move": step.as_str(), "from": before.state.as_str(), "to": to.as_str()});
    Ok(touched(tx, id, "task.moved", data, Some(reason))?.with(to))
}

fn require_clear(tx: &mut WriteTx<'_>, task: &Task) -> Result<(), TaskError> {
    if task.fields.confidentiality == Confidentiality::Secret {
        return Ok(());
    }
    let clarity = clarify(tx, &task.fields, task.assigned_at.is_some())?;
    if clarity.assignable() { Ok(()) } else { Err(TaskError::NotClear(Box::new(clarity))) }
}

fn require_evidence(tx: &mut WriteTx<'_>, task: &Task) -> Result<(), TaskError> {
    let have = evidence(tx, task.id)?;
    let kinds: Vec<&'static str> = task
        .fields
        .evidence_kinds
        .iter()
        .filter(|kind| !have.iter().any(|one| one.kind == **kind))
        .map(|kind| kind.as_str())
        .collect();
    if kinds.is_empty() { Ok(()) } else { Err(TaskError::EvidenceMissing { kinds }) }
}

fn accept(tx: &mut WriteTx<'_>, id: TaskId, now: Timestamp) -> Result<(), TaskError> {
    let by = tx.author().office.clone();
    tx.execute(sql!("UPDATE task SET accepted_at = $2, percent = 100 WHERE id = $1"), params![id, now])?;
    tx.execute(
        sql!(
            "UPDATE evidence SET accepted_at = $2, accepted_by = $3 WHERE task = $1 AND accepted_at IS NULL"
        ),
        params![id, now, by],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO review(id, task, at, office, verdict, reason_code, reason)
              VALUES($1, $2, $3, $4, 'accepted', '', '')"
        ),
        params![Uuid::now_v7(), id, now, by],
    )?;
    Ok(())
}

/// Sends a result back with its reason; the task counts as not done meanwhile.
///
/// # Errors
/// Those of [`step`].
pub fn send_back(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    version: i64,
    code: ReturnReason,
    reason: &str,
) -> Result<Done<TaskState>, TaskError> {
    let done = step(tx, who, id, version, Move::Return, reason)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO review(id, task, at, office, verdict, reason_code, reason)
              VALUES($1, $2, $3, $4, 'returned', $5, $6)"
        ),
        params![Uuid::now_v7(), id, now, by, code, reason.trim()],
    )?;
    Ok(done)
}

/// Reviews of a task, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn reviews(tx: &mut Tx<'_>, id: TaskId) -> Result<Vec<Review>, DbError> {
    tx.query(
        sql!("SELECT task, at, office, verdict, reason_code, reason FROM review WHERE task = $1 ORDER BY at DESC, id DESC"),
        params![id],
    )
}

/// How often results of each task came back.
///
/// # Errors
/// Any [`DbError`].
pub fn returned_counts(tx: &mut Tx<'_>) -> Result<BTreeMap<TaskId, u32>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!("SELECT task, COUNT(*) AS times FROM review WHERE verdict = 'returned' GROUP BY task"),
        &[],
    )?;
    rows.iter().map(|row| Ok((row.get("task")?, row.get("times")?))).collect()
}

// ---------------------------------------------------------------- reports, evidence, confirmation

/// Takes down a progress report. The first report of an acknowledged task starts it.
///
/// # Errors
/// [`TaskError::NotRunning`], [`TaskError::NotPermitted`], [`TaskError::Percent`], [`TaskError::EmptyReport`].
pub fn report(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    new: &NewReport,
) -> Result<Done<ReportId>, TaskError> {
    let before = task(tx, id)?;
    let roles = who.roles(&before.fields);
    if ![Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role)) {
        return Err(TaskError::NotPermitted);
    }
    if !before.state.is_running() {
        return Err(TaskError::NotRunning);
    }
    if new.percent > 100 {
        return Err(TaskError::Percent);
    }
    let texts = [&new.done, &new.difficulty, &new.request, &new.next].map(|text| rules::text::nfc(text));
    if texts.iter().any(|text| text.chars().count() > LONGEST) {
        return Err(TaskError::TooLong { field: "report" });
    }
    if new.percent == before.percent && texts.iter().all(String::is_empty) {
        return Err(TaskError::EmptyReport);
    }
    let report = ReportId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    let [done, difficulty, request, next] = texts;
    tx.execute(
        sql!(
            "INSERT INTO progress_report(id, task, at, office, percent, done, difficulty, request, next)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![report, id, now, by, new.percent, done, difficulty, request, next],
    )?;
    tx.execute(sql!("UPDATE task SET percent = $2 WHERE id = $1"), params![id, new.percent])?;
    if before.state == TaskState::Acknowledged {
        tx.execute(sql!("UPDATE task SET state = $2 WHERE id = $1"), params![id, TaskState::InProgress])?;
    }
    let data = json!({"code": before.fields.code, "percent": new.percent});
    Ok(touched(tx, id, "task.reported", data, None)?.with(report))
}

/// Reports of a task, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn reports(tx: &mut Tx<'_>, id: TaskId) -> Result<Vec<Report>, DbError> {
    tx.query(
        sql!(
            "SELECT id, task, at, office, percent, done, difficulty, request, next FROM progress_report
              WHERE task = $1 ORDER BY at DESC, id DESC"
        ),
        params![id],
    )
}

/// The newest report of every task.
///
/// # Errors
/// Any [`DbError`].
pub fn last_reports(tx: &mut Tx<'_>) -> Result<BTreeMap<TaskId, Report>, DbError> {
    let reports: Vec<Report> = tx.query(
        sql!(
            "SELECT id, task, at, office, percent, done, difficulty, request, next FROM progress_report
              ORDER BY at, id"
        ),
        &[],
    )?;
    Ok(reports.into_iter().map(|report| (report.task, report)).collect())
}

/// Whether this office may hand in evidence now; asked before a file is taken in.
///
/// # Errors
/// [`TaskError::NotPermitted`], [`TaskError::NotRunning`], [`TaskError::SecretContent`].
pub fn may_add_evidence(who: &Who, task: &Task) -> Result<(), TaskError> {
    let roles = who.roles(&task.fields);
    if ![Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role)) {
        return Err(TaskError::NotPermitted);
    }
    if !task.state.is_running() {
        return Err(TaskError::NotRunning);
    }
    if task.fields.confidentiality == Confidentiality::Secret {
        return Err(TaskError::SecretContent);
    }
    Ok(())
}

/// Puts a stored file on a task as evidence.
///
/// # Errors
/// [`TaskError::NotPermitted`], [`TaskError::NotRunning`].
pub fn add_evidence(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    file: FileId,
    kind: EvidenceKind,
    note: &str,
) -> Result<Done<EvidenceId>, TaskError> {
    let before = task(tx, id)?;
    may_add_evidence(who, &before)?;
    let version: i64 = tx
        .scalar::<Option<i64>>(
            sql!("SELECT MAX(version) FROM evidence WHERE task = $1 AND kind = $2"),
            params![id, kind],
        )?
        .flatten()
        .unwrap_or(0)
        + 1;
    let evidence = EvidenceId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO evidence(id, task, file, kind, version, note, submitted_at, submitted_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![evidence, id, file, kind, version, rules::text::nfc(note), now, by],
    )?;
    let data = json!({"code": before.fields.code, "kind": kind.as_str(), "version": version, "file": file});
    Ok(touched(tx, id, "task.evidence_added", data, None)?.with(evidence))
}

/// Evidence of a task, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn evidence(tx: &mut Tx<'_>, id: TaskId) -> Result<Vec<Evidence>, DbError> {
    tx.query(
        sql!("SELECT evidence.id, evidence.task, evidence.file, file.name, file.sha256, file.size, evidence.kind,
                evidence.version, evidence.note, evidence.submitted_at, evidence.submitted_by, evidence.accepted_at,
                evidence.accepted_by
              FROM evidence JOIN file ON file.id = evidence.file
              WHERE evidence.task = $1 ORDER BY evidence.submitted_at DESC, evidence.id DESC"),
        params![id],
    )
}

/// A coordinating unit confirms that it will contribute. Says false when it had confirmed already.
///
/// # Errors
/// [`TaskError::NotPermitted`] when the unit does not coordinate this task.
pub fn confirm_support(tx: &mut WriteTx<'_>, id: TaskId, unit: UnitId) -> Result<Done<bool>, TaskError> {
    let before = task(tx, id)?;
    if !before.fields.supports.iter().any(|support| support.unit == unit) {
        return Err(TaskError::NotPermitted);
    }
    if before.confirmed.contains_key(&unit) {
        return Ok(tx.unchanged(false)?);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE task_support SET confirmed_at = $3, confirmed_by = $4 WHERE task = $1 AND unit = $2"),
        params![id, unit, now, by],
    )?;
    let data = json!({"code": before.fields.code, "unit": unit});
    Ok(touched(tx, id, "task.support_confirmed", data, None)?.with(true))
}

// ---------------------------------------------------------------- extensions

/// Asks to move the deadline. What it would push is written down as it stands now.
///
/// # Errors
/// [`TaskError::NotRunning`], [`TaskError::NotLater`], [`TaskError::ExtensionWaiting`],
/// [`TaskError::ReasonNeeded`], [`TaskError::NotPermitted`], [`TaskError::NoDeadline`].
pub fn ask_extension(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: TaskId,
    to: Deadline,
    reason: &str,
) -> Result<Done<ExtensionId>, TaskError> {
    let before = task(tx, id)?;
    let roles = who.roles(&before.fields);
    if ![Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role)) {
        return Err(TaskError::NotPermitted);
    }
    if !before.state.is_running() {
        return Err(TaskError::NotRunning);
    }
    let from = before.fields.due.ok_or(TaskError::NoDeadline)?;
    if to <= from {
        return Err(TaskError::NotLater { due: from });
    }
    let reason = rules::text::nfc(reason);
    if reason.is_empty() {
        return Err(TaskError::ReasonNeeded);
    }
    let (all, deps) = (tasks(tx)?, dependencies(tx)?);
    let impact = serde_json::to_string(&schedule::impact(&all, &deps, id, to)).unwrap_or_default();
    let extension = ExtensionId(Uuid::now_v7());
    let (now, by, office) = (tx.now(), tx.author().office.clone(), office_text(who));
    tx.execute(
        sql!("INSERT INTO extension(id, task, from_due, to_due, reason, impact, state, requested_at, requested_by,
                requested_by_office, decision_note)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')"),
        params![extension, id, from, to, reason, impact, ExtensionState::Waiting, now, by, office],
    )
    .map_err(|error| match error {
        DbError::Unique { .. } => TaskError::ExtensionWaiting,
        other => other.into(),
    })?;
    let data = json!({"code": before.fields.code, "from": from, "to": to});
    Ok(touched(tx, id, "task.extension_asked", data, Some(&reason))?.with(extension))
}

fn office_text(who: &Who) -> String {
    who.office.map(|office| office.to_string()).unwrap_or_default()
}

/// Grants or refuses a request; only a grant moves `due`.
///
/// # Errors
/// [`TaskError::AlreadyDecided`], [`TaskError::OwnRequest`], [`TaskError::NotPermitted`].
pub fn decide_extension(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: ExtensionId,
    grant: bool,
    note: &str,
) -> Result<Done<TaskId>, TaskError> {
    let row: Row = tx
        .query_opt(
            sql!("SELECT task, to_due, state, requested_by_office FROM extension WHERE id = $1"),
            params![id],
        )?
        .ok_or(TaskError::NotFound)?;
    if row.get::<ExtensionState>("state")? != ExtensionState::Waiting {
        return Err(TaskError::AlreadyDecided);
    }
    let before = task(tx, row.get("task")?)?;
    if !who.roles(&before.fields).contains(&Role::Approver) {
        return Err(TaskError::NotPermitted);
    }
    let asked_by: String = row.get("requested_by_office")?;
    if !asked_by.is_empty() && asked_by == office_text(who) {
        return Err(TaskError::OwnRequest);
    }
    let note = rules::text::nfc(note);
    if !grant && note.is_empty() {
        return Err(TaskError::ReasonNeeded);
    }
    let state = if grant { ExtensionState::Granted } else { ExtensionState::Refused };
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE extension SET state = $2, decided_at = $3, decided_by = $4, decision_note = $5 WHERE id = $1"),
        params![id, state, now, by, note],
    )?;
    let to: Deadline = row.get("to_due")?;
    if grant {
        tx.execute(sql!("UPDATE task SET due = $2 WHERE id = $1"), params![before.id, to])?;
    }
    let data = json!({"code": before.fields.code, "granted": grant, "to": to});
    Ok(touched(tx, before.id, "task.extension_decided", data, Some(&note))?.with(before.id))
}

/// Takes a waiting request back.
///
/// # Errors
/// [`TaskError::AlreadyDecided`], [`TaskError::NotPermitted`].
pub fn withdraw_extension(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: ExtensionId,
) -> Result<Done<TaskId>, TaskError> {
    let extension = extension(tx, id)?;
    if extension.state != ExtensionState::Waiting {
        return Err(TaskError::AlreadyDecided);
    }
    let before = task(tx, extension.task)?;
    let roles = who.roles(&before.fields);
    if ![Role::Organiser, Role::FocalOfficer, Role::Accountable].iter().any(|role| roles.contains(role)) {
        return Err(TaskError::NotPermitted);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE extension SET state = $2, decided_at = $3, decided_by = $4 WHERE id = $1"),
        params![id, ExtensionState::Withdrawn, now, by],
    )?;
    let data = json!({"code": before.fields.code});
    Ok(touched(tx, before.id, "task.extension_withdrawn", data, None)?.with(before.id))
}

/// One request.
///
/// # Errors
/// [`TaskError::NotFound`].
pub fn extension(tx: &mut Tx<'_>, id: ExtensionId) -> Result<Extension, TaskError> {
    tx.query_opt(
        sql!("SELECT id, task, from_due, to_due, reason, impact, state, requested_at, requested_by, decided_at,
                decided_by, decision_note FROM extension WHERE id = $1"),
        params![id],
    )?
    .ok_or(TaskError::NotFound)
}

/// The id of the office that asked, as text; `None` when a program did.
///
/// # Errors
/// Any [`DbError`].
pub fn asked_by(tx: &mut Tx<'_>, id: ExtensionId) -> Result<Option<String>, DbError> {
    let office: Option<String> =
        tx.scalar(sql!("SELECT requested_by_office FROM extension WHERE id = $1"), params![id])?;
    Ok(office.filter(|office| !office.is_empty()))
}

/// All requests, oldest first; those of one task with `task`.
///
/// # Errors
/// Any [`DbError`].
pub fn extensions(tx: &mut Tx<'_>, task: Option<TaskId>) -> Result<Vec<Extension>, DbError> {
    tx.query(
        sql!("SELECT id, task, from_due, to_due, reason, impact, state, requested_at, requested_by, decided_at,
                decided_by, decision_note FROM extension
              WHERE CAST($1 AS TEXT) IS NULL OR task = $1 ORDER BY requested_at, id"),
        params![task],
    )
}

// ---------------------------------------------------------------- urging

/// Urges the focal officer, one step up the ladder from last time.
///
/// # Errors
/// [`TaskError::CoolDown`], [`TaskError::NotRunning`], [`TaskError::NobodyToUrge`], [`TaskError::NotPermitted`].
pub fn urge(tx: &mut WriteTx<'_>, who: &Who, id: TaskId, text: &str) -> Result<Done<UrgeId>, TaskError> {
    let before = task(tx, id)?;
    let roles = who.roles(&before.fields);
    if !roles.contains(&Role::Organiser) && !roles.contains(&Role::Approver) {
        return Err(TaskError::NotPermitted);
    }
    if !before.state.is_running() {
        return Err(TaskError::NotRunning);
    }
    let congress = congress::store::current(tx)?;
    let previous: Vec<Urged> = urges(tx, id)?
        .iter()
        .rev()
        .map(|urge| Urged {
            level: urge.step(),
            at: clock::local(urge.sent_at),
            read: urge.seen_at.map(clock::local),
        })
        .collect();
    let rule = UrgeRule { cool_down_hours: congress.urge_cool_down_hours, ..UrgeRule::default() };
    let level = urge::next_urge(&previous, clock::local(tx.now()), &rule).map_err(TaskError::CoolDown)?;
    // Each step of the ladder speaks to somebody higher.
    let to = match level {
        urge::Level::Reminder => before.fields.focal_office,
        urge::Level::Accountable | urge::Level::Letter => before.fields.accountable_office,
        urge::Level::Approver => before.fields.approver_office,
    }
    .ok_or(TaskError::NobodyToUrge)?;
    let urge = UrgeId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("INSERT INTO urge(id, task, level, text, sent_at, sent_by, to_office) VALUES($1, $2, $3, $4, $5, $6, $7)"),
        params![urge, id, level.number(), rules::text::nfc(text), now, by, to],
    )?;
    let data = json!({"code": before.fields.code, "level": level.number()});
    Ok(touched(tx, id, "task.urged", data, None)?.with(urge))
}

/// Urges of a task, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn urges(tx: &mut Tx<'_>, id: TaskId) -> Result<Vec<Urge>, DbError> {
    tx.query(
        sql!(
            "SELECT id, task, level, text, sent_at, sent_by, to_office, seen_at FROM urge
              WHERE task = $1 ORDER BY sent_at DESC, id DESC"
        ),
        params![id],
    )
}

/// Urges addressed to an office that nobody there has seen.
///
/// # Errors
/// Any [`DbError`].
pub fn unseen_urges(tx: &mut Tx<'_>, office: OfficeId) -> Result<Vec<Urge>, DbError> {
    tx.query(
        sql!(
            "SELECT id, task, level, text, sent_at, sent_by, to_office, seen_at FROM urge
              WHERE to_office = $1 AND seen_at IS NULL ORDER BY sent_at, id"
        ),
        params![office],
    )
}

/// Gives the receipts of all urges of a task that were addressed to this office; how many.
///
/// # Errors
/// Any [`DbError`].
pub fn see_urges(tx: &mut WriteTx<'_>, id: TaskId, office: OfficeId) -> Result<Done<u64>, TaskError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    let seen = tx.execute(
        sql!("UPDATE urge SET seen_at = $3, seen_by = $4 WHERE task = $1 AND to_office = $2 AND seen_at IS NULL"),
        params![id, office, now, by],
    )?;
    if seen == 0 {
        return Ok(tx.unchanged(0)?);
    }
    let event = Event::new("task.urge_seen", "task", id).topic(TOPIC).topic(format!("{TOPIC}/{id}"));
    Ok(tx.record(event).with(seen))
}

// ---------------------------------------------------------------- dependencies

/// All dependencies.
///
/// # Errors
/// Any [`DbError`].
pub fn dependencies(tx: &mut Tx<'_>) -> Result<Vec<Dependency>, DbError> {
    tx.query(sql!("SELECT pred, succ, kind, lag_days FROM task_dep ORDER BY pred, succ"), &[])
}

/// Ties two tasks together, or changes how they are tied.
///
/// # Errors
/// [`TaskError::Cycle`], [`TaskError::NotPermitted`].
pub fn tie(tx: &mut WriteTx<'_>, who: &Who, new: &Dependency) -> Result<Done<()>, TaskError> {
    if !who.keeps_register() {
        return Err(TaskError::NotPermitted);
    }
    let (pred, succ) = (task(tx, new.pred)?, task(tx, new.succ)?);
    let mut deps = dependencies(tx)?;
    deps.retain(|dep| (dep.pred, dep.succ) != (new.pred, new.succ));
    deps.push(new.clone());
    if let Some(cycle) = schedule::cycle(&deps) {
        return Err(TaskError::Cycle(cycle));
    }
    tx.execute(sql!("DELETE FROM task_dep WHERE pred = $1 AND succ = $2"), params![new.pred, new.succ])?;
    tx.execute(
        sql!("INSERT INTO task_dep(pred, succ, kind, lag_days) VALUES($1, $2, $3, $4)"),
        params![new.pred, new.succ, new.kind, new.lag_days],
    )?;
    let data = json!({"code": succ.fields.code, "after": pred.fields.code, "kind": new.kind.to_string(), "lag": new.lag_days});
    Ok(touched(tx, new.succ, "task.tied", data, None)?.with(()))
}

/// Unties two tasks; false when they were not tied.
///
/// # Errors
/// [`TaskError::NotPermitted`].
pub fn untie(tx: &mut WriteTx<'_>, who: &Who, pred: TaskId, succ: TaskId) -> Result<Done<bool>, TaskError> {
    if !who.keeps_register() {
        return Err(TaskError::NotPermitted);
    }
    if tx.execute(sql!("DELETE FROM task_dep WHERE pred = $1 AND succ = $2"), params![pred, succ])? == 0 {
        return Ok(tx.unchanged(false)?);
    }
    Ok(touched(tx, succ, "task.untied", json!({"pred": pred}), None)?.with(true))
}

/// A dependency as it is written in a form: "FS+2".
///
/// # Errors
/// The text that is no dependency kind.
pub fn parse_tie(text: &str) -> Result<(DepKind, i32), String> {
    let text = text.trim();
    let (kind, lag) = text.split_at(text.len().min(2));
    let lag = if lag.is_empty() { 0 } else { lag.parse().map_err(|_| text.to_owned())? };
    Ok((kind.to_uppercase().parse().map_err(|_| text.to_owned())?, lag))
}

// ---------------------------------------------------------------- baselines

/// Takes a picture of the plan: fields, deadlines, states and dependencies of every task, hashed.
///
/// # Errors
/// [`TaskError::Name`] when the name is empty or taken, [`TaskError::NotPermitted`].
pub fn take_baseline(
    tx: &mut WriteTx<'_>,
    who: &Who,
    plan: PlanId,
    name: &str,
) -> Result<Done<BaselineId>, TaskError> {
    if !who.keeps_register() {
        return Err(TaskError::NotPermitted);
    }
    let name = rules::text::nfc(name);
    if name.is_empty() || name.chars().count() > 120 {
        return Err(TaskError::Name);
    }
    let tasks: Vec<Task> = tasks(tx)?.into_iter().filter(|task| task.plan == plan).collect();
    let content = serde_json::to_string(&json!({"tasks": tasks, "deps": dependencies(tx)?}))
        .map_err(|error| DbError::Other(error.to_string()))?;
    let sha256 = platform::hex(&Sha256::digest(&content));
    let id = BaselineId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO baseline(id, plan, name, taken_at, taken_by, content, sha256, tasks)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![id, plan, name, now, by, content, sha256, u32::try_from(tasks.len()).unwrap_or(u32::MAX)],
    )
    .map_err(|error| match error {
        DbError::Unique { .. } => TaskError::Name,
        other => other.into(),
    })?;
    let event = Event::new("baseline.taken", "baseline", id)
        .topic(TOPIC)
        .data(json!({"name": name, "sha256": sha256}));
    Ok(tx.record(event).with(id))
}

/// Approves a baseline under the number of the notice that says so. Whoever took it may not approve it.
///
/// # Errors
/// [`TaskError::AlreadyApproved`], [`TaskError::OwnRequest`], [`TaskError::BaselineChanged`],
/// [`TaskError::NotPermitted`], [`TaskError::ReasonNeeded`] without a notice number.
pub fn approve_baseline(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: BaselineId,
    notice: &str,
) -> Result<Done<()>, TaskError> {
    if !who.decides_all() {
        return Err(TaskError::NotPermitted);
    }
    let notice = rules::text::nfc(notice);
    if notice.is_empty() {
        return Err(TaskError::ReasonNeeded);
    }
    let (baseline, _) = baseline_content(tx, id)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    if baseline.taken_by == by {
        return Err(TaskError::OwnRequest);
    }
    tx.execute(
        sql!("INSERT INTO baseline_approval(baseline, at, approved_by, notice) VALUES($1, $2, $3, $4)"),
        params![id, now, by, notice],
    )
    .map_err(|error| match error {
        DbError::Unique { .. } => TaskError::AlreadyApproved,
        other => other.into(),
    })?;
    let event = Event::new("baseline.approved", "baseline", id)
        .topic(TOPIC)
        .data(json!({"sha256": baseline.sha256, "notice": notice}));
    Ok(tx.record(event).with(()))
}

/// All baselines, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn baselines(tx: &mut Tx<'_>) -> Result<Vec<Baseline>, DbError> {
    tx.query(
        sql!("SELECT baseline.id, plan, name, taken_at, taken_by, sha256, tasks, baseline_approval.at AS approved_at,
                approved_by, notice
              FROM baseline LEFT JOIN baseline_approval ON baseline_approval.baseline = baseline.id
              ORDER BY taken_at DESC, baseline.id DESC"),
        &[],
    )
}

/// A baseline with its content as JSON (`tasks`, `deps`), its hash checked.
///
/// # Errors
/// [`TaskError::NotFound`], [`TaskError::BaselineChanged`] when the content no longer has its hash.
pub fn baseline_content(tx: &mut Tx<'_>, id: BaselineId) -> Result<(Baseline, serde_json::Value), TaskError> {
    let baseline = baselines(tx)?.into_iter().find(|one| one.id == id).ok_or(TaskError::NotFound)?;
    let content: String = tx
        .scalar(sql!("SELECT content FROM baseline WHERE id = $1"), params![id])?
        .ok_or(TaskError::NotFound)?;
    if platform::hex(&Sha256::digest(&content)) != baseline.sha256 {
        return Err(TaskError::BaselineChanged);
    }
    let content = serde_json::from_str(&content).map_err(|_| TaskError::BaselineChanged)?;
    Ok((baseline, content))
}

// ---------------------------------------------------------------- filters and feeds

/// Keeps a filter under a name; the same name is replaced.
///
/// # Errors
/// [`TaskError::Name`].
pub fn save_filter(
    tx: &mut WriteTx<'_>,
    office: OfficeId,
    name: &str,
    query: &str,
) -> Result<Done<FilterId>, TaskError> {
    let name = rules::text::nfc(name);
    if name.is_empty() || name.chars().count() > 80 || query.len() > 2_000 {
        return Err(TaskError::Name);
    }
    let id = FilterId(Uuid::now_v7());
    tx.execute(sql!("DELETE FROM saved_filter WHERE office = $1 AND name = $2"), params![office, name])?;
    tx.execute(
        sql!("INSERT INTO saved_filter(id, office, name, query) VALUES($1, $2, $3, $4)"),
        params![id, office, name, query],
    )?;
    Ok(tx.record(Event::new("filter.saved", "filter", id).topic("filters")).with(id))
}

/// Drops a filter of this office; false when there is none.
///
/// # Errors
/// Any [`DbError`].
pub fn drop_filter(tx: &mut WriteTx<'_>, office: OfficeId, id: FilterId) -> Result<Done<bool>, TaskError> {
    if tx.execute(sql!("DELETE FROM saved_filter WHERE id = $1 AND office = $2"), params![id, office])? == 0 {
        return Ok(tx.unchanged(false)?);
    }
    Ok(tx.record(Event::new("filter.dropped", "filter", id).topic("filters")).with(true))
}

/// The filters of an office.
///
/// # Errors
/// Any [`DbError`].
pub fn filters(tx: &mut Tx<'_>, office: OfficeId) -> Result<Vec<SavedFilter>, DbError> {
    tx.query(
        sql!("SELECT id, name, query FROM saved_filter WHERE office = $1 ORDER BY name"),
        params![office],
    )
}

/// Opens a calendar feed for a unit or an office; only the hash of its secret is kept.
///
/// # Errors
/// Any [`DbError`].
pub fn open_feed(
    tx: &mut WriteTx<'_>,
    owner: OfficeId,
    hash: [u8; 32],
    kind: &str,
    target: &str,
) -> Result<Done<FeedId>, TaskError> {
    let id = FeedId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO feed(id, hash, kind, target, created_at, created_by, owner_office)
              VALUES($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, hash, kind, target, now, by, owner],
    )?;
    Ok(tx.record(Event::new("feed.opened", "feed", id).topic("feeds").data(json!({"kind": kind}))).with(id))
}

/// Closes a feed for good; false when it was closed already or belongs to another office.
///
/// # Errors
/// Any [`DbError`].
pub fn revoke_feed(tx: &mut WriteTx<'_>, owner: OfficeId, id: FeedId) -> Result<Done<bool>, TaskError> {
    let now = tx.now();
    let revoked = tx.execute(
        sql!("UPDATE feed SET revoked_at = $3 WHERE id = $1 AND owner_office = $2 AND revoked_at IS NULL"),
        params![id, owner, now],
    )?;
    if revoked == 0 {
        return Ok(tx.unchanged(false)?);
    }
    Ok(tx.record(Event::new("feed.revoked", "feed", id).topic("feeds")).with(true))
}

/// The feeds an office has opened.
///
/// # Errors
/// Any [`DbError`].
pub fn feeds(tx: &mut Tx<'_>, owner: OfficeId) -> Result<Vec<Feed>, DbError> {
    tx.query(
        sql!("SELECT id, kind, target, created_at, revoked_at FROM feed WHERE owner_office = $1 ORDER BY created_at DESC"),
        params![owner],
    )
}

/// The living feed with this secret's hash.
///
/// # Errors
/// [`TaskError::NotFound`] for an unknown or revoked one alike.
pub fn feed_by_hash(tx: &mut Tx<'_>, hash: [u8; 32]) -> Result<Feed, TaskError> {
    tx.query_opt(
        sql!(
            "SELECT id, kind, target, created_at, revoked_at FROM feed WHERE hash = $1 AND revoked_at IS NULL"
        ),
        params![hash],
    )?
    .ok_or(TaskError::NotFound)
}

// ---------------------------------------------------------------- bringing in what happened elsewhere

/// How a task stood when it was brought in from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: TaskState,
    /// How far.
    pub percent: u8,
    /// When it was assigned.
    pub assigned_at: Option<Timestamp>,
    /// When receipt was confirmed.
    pub acknowledged_at: Option<Timestamp>,
    /// When the result was handed in.
    pub submitted_at: Option<Timestamp>,
    /// When the result was accepted.
    pub accepted_at: Option<Timestamp>,
}

/// Sets where a draft stands, for a plan that was followed elsewhere until now. Only the program itself and the
/// command line may: people move tasks with [`step`].
///
/// # Errors
/// [`TaskError::NotPermitted`] for anybody else or a task that is no draft.
pub fn bring_in(tx: &mut WriteTx<'_>, id: TaskId, standing: &Standing) -> Result<Done<()>, TaskError> {
    use platform::audit::Via;
    let before = task(tx, id)?;
    if !matches!(tx.author().via, Via::Cli | Via::System) || before.state != TaskState::Draft {
        return Err(TaskError::NotPermitted);
    }
    tx.execute(
        sql!("UPDATE task SET state = $2, percent = $3, assigned_at = $4, acknowledged_at = $5, submitted_at = $6,
                accepted_at = $7 WHERE id = $1"),
        params![
            id,
            standing.state,
            standing.percent,
            standing.assigned_at,
            standing.acknowledged_at,
            standing.submitted_at,
            standing.accepted_at
        ],
    )?;
    let data =
        json!({"code": before.fields.code, "state": standing.state.as_str(), "percent": standing.percent});
    Ok(touched(tx, id, "task.brought_in", data, None)?.with(()))
}

/// Brings in a report that was made elsewhere at another time; the task's percent stays.
///
/// # Errors
/// [`TaskError::NotPermitted`] for anybody but the program itself and the command line.
pub fn bring_in_report(
    tx: &mut WriteTx<'_>,
    id: TaskId,
    office: &str,
    at: Timestamp,
    new: &NewReport,
) -> Result<Done<()>, TaskError> {
    use platform::audit::Via;
    if !matches!(tx.author().via, Via::Cli | Via::System) {
        return Err(TaskError::NotPermitted);
    }
    tx.execute(
        sql!(
            "INSERT INTO progress_report(id, task, at, office, percent, done, difficulty, request, next)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            ReportId(Uuid::now_v7()),
            id,
            at,
            office,
            new.percent,
            new.done,
            new.difficulty,
            new.request,
            new.next
        ],
    )?;
    let event =
        Event::new("task.report_brought_in", "task", id).topic(TOPIC).data(json!({"percent": new.percent}));
    Ok(tx.record(event).with(()))
}

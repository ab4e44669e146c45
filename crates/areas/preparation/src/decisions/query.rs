//! What reads the register of decisions: entries, chains of superseding, ties to tasks both ways.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use platform::{
    db::{DbError, Row, Tx},
    identity::Confidentiality,
    papers::BodyId,
    params, sql,
};
use rules::papers::{self as rule, Change, Force};

use super::{
    error::DecisionError,
    model::{Decision, DecisionId, DecisionKind, Relation, Tie},
};
use crate::tasks::model::{Basis, TaskId};

/// One entry.
///
/// # Errors
/// [`DecisionError::NotFound`].
pub fn decision(tx: &mut Tx<'_>, id: DecisionId) -> Result<Decision, DecisionError> {
    tx.query_opt(sql!("SELECT * FROM decision WHERE id = $1"), params![id])?.ok_or(DecisionError::NotFound)
}

/// An entry that may be read with this clearance.
///
/// # Errors
/// [`DecisionError::NotFound`] for a hidden one too.
pub fn open(tx: &mut Tx<'_>, id: DecisionId, clearance: Confidentiality) -> Result<Decision, DecisionError> {
    decision(tx, id)
        .and_then(|one| if one.class <= clearance { Ok(one) } else { Err(DecisionError::NotFound) })
}

/// What an entry says beside its head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Its numbered points.
    pub points: Vec<String>,
    /// The documents it stands on.
    pub basis: Vec<Basis>,
}

/// The points and the basis of an entry.
///
/// # Errors
/// Any [`DbError`].
pub fn parts(tx: &mut Tx<'_>, id: DecisionId) -> Result<Said, DbError> {
    let points: Vec<Row> =
        tx.query(sql!("SELECT text FROM decision_point WHERE decision = $1 ORDER BY position"), params![id])?;
    let basis: Vec<Row> = tx.query(
        sql!("SELECT symbol, issued_on, clause, subject FROM decision_basis WHERE decision = $1 ORDER BY position"),
        params![id],
    )?;
    Ok(Said {
        points: points.iter().map(|row| row.get("text")).collect::<Result<_, _>>()?,
        basis: basis
            .iter()
            .map(|row| {
                Ok::<_, DbError>(Basis {
                    symbol: row.get("symbol")?,
                    issued_on: row.get("issued_on")?,
                    clause: row.get("clause")?,
                    subject: row.get("subject")?,
                })
            })
            .collect::<Result<_, _>>()?,
    })
}

/// What later entries do to this one, the earliest first.
///
/// # Errors
/// Any [`DbError`].
pub fn changed_by(tx: &mut Tx<'_>, id: DecisionId) -> Result<Vec<(Decision, Change)>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT decision.*, change FROM decision_change JOIN decision ON decision.id = later
              WHERE earlier = $1 ORDER BY issued_on, decision.id"
        ),
        params![id],
    )?;
    with_change(&rows)
}

/// What this entry does to earlier ones, the latest first.
///
/// # Errors
/// Any [`DbError`].
pub fn changes_of(tx: &mut Tx<'_>, id: DecisionId) -> Result<Vec<(Decision, Change)>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT decision.*, change FROM decision_change JOIN decision ON decision.id = earlier
              WHERE later = $1 ORDER BY issued_on DESC, decision.id"
        ),
        params![id],
    )?;
    with_change(&rows)
}

fn with_change(rows: &[Row]) -> Result<Vec<(Decision, Change)>, DbError> {
    use platform::db::FromRow as _;
    rows.iter().map(|row| Ok((Decision::from_row(row)?, row.get("change")?))).collect()
}

/// Whether one entry changes another, directly or over others.
///
/// # Errors
/// Any [`DbError`].
pub fn reaches(tx: &mut Tx<'_>, from: DecisionId, to: DecisionId) -> Result<bool, DbError> {
    let (mut seen, mut ahead) = (BTreeSet::new(), vec![from]);
    while let Some(at) = ahead.pop() {
        if at == to {
            return Ok(true);
        }
        if seen.insert(at) {
            ahead.extend(changes_of(tx, at)?.into_iter().map(|(one, _)| one.id));
        }
    }
    Ok(false)
}

/// How every entry stands on a day: those that nothing changed are absent from the map of changes.
///
/// # Errors
/// Any [`DbError`].
pub fn all_changes(tx: &mut Tx<'_>) -> Result<HashMap<DecisionId, Vec<(Change, Date)>>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!("SELECT earlier, change, effect_from FROM decision_change JOIN decision ON decision.id = later"),
        &[],
    )?;
    let mut all: HashMap<DecisionId, Vec<(Change, Date)>> = HashMap::new();
    for row in &rows {
        all.entry(row.get("earlier")?).or_default().push((row.get("change")?, row.get("effect_from")?));
    }
    Ok(all)
}

/// How one entry stands on a day.
///
/// # Errors
/// Any [`DbError`].
pub fn force(tx: &mut Tx<'_>, one: &Decision, today: Date) -> Result<Force, DbError> {
    let changes: Vec<(Change, Date)> =
        changed_by(tx, one.id)?.into_iter().map(|(later, change)| (change, later.effect_from)).collect();
    Ok(rule::force(one.effect_from, today, &changes))
}

/// Which entries to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one body.
    pub body: Option<BodyId>,
    /// Of one kind.
    pub kind: Option<DecisionKind>,
    /// Issued from this day on.
    pub from: Option<Date>,
    /// Issued up to this day.
    pub to: Option<Date>,
    /// How they stand.
    pub force: Option<Force>,
    /// Words to find in number, subject, authority, body and points.
    pub words: String,
}

/// An entry in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The entry.
    pub decision: Decision,
    /// How it stands.
    pub force: Force,
    /// How many points.
    pub points: usize,
    /// The tasks tied to it.
    pub tasks: BTreeSet<TaskId>,
}

/// The entries that a filter picks, the newest issued first.
///
/// # Errors
/// Any [`DbError`].
pub fn list(
    tx: &mut Tx<'_>,
    filter: &Filter,
    clearance: Confidentiality,
    today: Date,
) -> Result<Vec<Listed>, DbError> {
    let rows: Vec<Row> =
        tx.query(sql!("SELECT * FROM decision ORDER BY issued_on DESC, created_at DESC, id"), &[])?;
    let changes = all_changes(tx)?;
    let points = point_counts(tx)?;
    let ties = all_ties(tx)?;
    let mut listed = Vec::new();
    for row in &rows {
        use platform::db::FromRow as _;
        let decision = Decision::from_row(row)?;
        let folded: String = row.get("folded")?;
        let force = rule::force(
            decision.effect_from,
            today,
            changes.get(&decision.id).map(Vec::as_slice).unwrap_or_default(),
        );
        let picked = decision.class <= clearance
            && filter.body.is_none_or(|body| decision.body == Some(body))
            && filter.kind.is_none_or(|kind| decision.kind == kind)
            && filter.from.is_none_or(|from| decision.issued_on >= from)
            && filter.to.is_none_or(|to| decision.issued_on <= to)
            && filter.force.is_none_or(|wanted| force == wanted)
            && rules::text::fold(&filter.words).split_whitespace().all(|word| folded.contains(word));
        if picked {
            let id = decision.id;
            let tasks = ties.iter().filter(|tie| tie.decision == id).map(|tie| tie.task).collect();
            let points = points.get(&id).copied().unwrap_or(0);
            listed.push(Listed { decision, force, points, tasks });
        }
    }
    Ok(listed)
}

fn point_counts(tx: &mut Tx<'_>) -> Result<HashMap<DecisionId, usize>, DbError> {
    let rows: Vec<Row> =
        tx.query(sql!("SELECT decision, COUNT(*) AS points FROM decision_point GROUP BY decision"), &[])?;
    rows.iter()
        .map(|row| {
            let points: u32 = row.get("points")?;
            Ok((row.get("decision")?, usize::try_from(points).unwrap_or(usize::MAX)))
        })
        .collect()
}

// ---------------------------------------------------------------- ties

fn made(row: &Row) -> Result<Tie, DbError> {
    let point: u16 = row.get("point")?;
    Ok(Tie {
        decision: row.get("decision")?,
        point: (point > 0).then_some(point),
        task: row.get("task")?,
        relation: row.get("relation")?,
        clause: String::new(),
        named: false,
    })
}

/// A registered number: the entry, the day, how many points.
struct Registered {
    id: DecisionId,
    on: Date,
}

/// A tie that nobody made: a task's basis names a registered number.
fn by_name(
    registered: &[Registered],
    task: TaskId,
    issued_on: Option<Date>,
    clause: String,
    points: &HashMap<DecisionId, usize>,
) -> Option<Tie> {
    let dates: Vec<Date> = registered.iter().map(|one| one.on).collect();
    let found = registered.get(rule::named(issued_on, &dates)?)?;
    let most = points.get(&found.id).copied().unwrap_or(0);
    let point = rule::point(&clause).filter(|point| usize::from(*point) <= most);
    Some(Tie { decision: found.id, point, task, relation: Relation::Basis, clause, named: true })
}

fn registered(tx: &mut Tx<'_>) -> Result<BTreeMap<String, Vec<Registered>>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!("SELECT id, number_key, issued_on FROM decision WHERE number_key IS NOT NULL ORDER BY issued_on, id"),
        &[],
    )?;
    let mut all: BTreeMap<String, Vec<Registered>> = BTreeMap::new();
    for row in &rows {
        all.entry(row.get("number_key")?)
            .or_default()
            .push(Registered { id: row.get("id")?, on: row.get("issued_on")? });
    }
    Ok(all)
}

/// Every tie: those that people and signatures made, and those that a task's basis names.
///
/// # Errors
/// Any [`DbError`].
pub fn all_ties(tx: &mut Tx<'_>) -> Result<Vec<Tie>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!("SELECT decision, point, task, relation FROM decision_task ORDER BY decision, point, task, relation"),
        &[],
    )?;
    let mut ties: Vec<Tie> = rows.iter().map(made).collect::<Result<_, _>>()?;
    // What a person or a signature tied says more than a number in a basis.
    let known: BTreeSet<(DecisionId, TaskId)> = ties.iter().map(|tie| (tie.decision, tie.task)).collect();
    let registered = registered(tx)?;
    if registered.is_empty() {
        return Ok(ties);
    }
    let points = point_counts(tx)?;
    let bases: Vec<Row> = tx
        .query(sql!("SELECT task, symbol, issued_on, clause FROM task_basis ORDER BY task, position"), &[])?;
    // The same plan stands under every task: each writing is read once.
    let mut keys: HashMap<String, Option<String>> = HashMap::new();
    for row in &bases {
        let symbol: String = row.get("symbol")?;
        let key = keys.entry(symbol).or_insert_with_key(|symbol| rule::key(symbol));
        let Some(same) = key.as_ref().and_then(|key| registered.get(key)) else { continue };
        let tie = by_name(same, row.get("task")?, row.get("issued_on")?, row.get("clause")?, &points);
        ties.extend(tie.filter(|tie| !known.contains(&(tie.decision, tie.task))));
    }
    Ok(ties)
}

/// The ties of one entry, in the order of its points.
///
/// # Errors
/// Any [`DbError`].
pub fn ties_of(tx: &mut Tx<'_>, id: DecisionId) -> Result<Vec<Tie>, DbError> {
    let mut ties: Vec<Tie> = all_ties(tx)?.into_iter().filter(|tie| tie.decision == id).collect();
    ties.sort_by_key(|tie| (tie.point.unwrap_or(u16::MAX), tie.relation, tie.task));
    Ok(ties)
}

/// A decision as a task shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfTask {
    /// The entry.
    pub decision: Decision,
    /// How it stands.
    pub force: Force,
    /// Which entry stands in its place, when one does.
    pub superseded_by: Option<Decision>,
    /// The tie.
    pub tie: Tie,
    /// The text of the point it is tied to.
    pub point: String,
}

/// The decisions that made, changed or carry one task, the oldest first.
///
/// # Errors
/// Any [`DbError`].
pub fn of_task(tx: &mut Tx<'_>, task: TaskId, today: Date) -> Result<Vec<OfTask>, DecisionError> {
    let ties: Vec<Tie> = all_ties(tx)?.into_iter().filter(|tie| tie.task == task).collect();
    let mut found = Vec::with_capacity(ties.len());
    for tie in ties {
        let decision = decision(tx, tie.decision)?;
        let changed = changed_by(tx, decision.id)?;
        let dates: Vec<(Change, Date)> =
            changed.iter().map(|(later, change)| (*change, later.effect_from)).collect();
        let point = match tie.point {
            Some(point) => tx
                .scalar(
                    sql!("SELECT text FROM decision_point WHERE decision = $1 AND position = $2"),
                    params![decision.id, point],
                )?
                .unwrap_or_default(),
            None => String::new(),
        };
        found.push(OfTask {
            force: rule::force(decision.effect_from, today, &dates),
            superseded_by: changed
                .into_iter()
                .rfind(|(later, change)| *change == Change::Supersedes && later.effect_from <= today)
                .map(|(later, _)| later),
            decision,
            tie,
            point,
        });
    }
    found.sort_by_key(|one| (one.decision.issued_on, one.decision.id, one.tie.point, one.tie.relation));
    Ok(found)
}

/// The code of a task.
///
/// # Errors
/// [`DecisionError::NotFound`].
pub fn code_of(tx: &mut Tx<'_>, task: TaskId) -> Result<String, DecisionError> {
    tx.scalar(sql!("SELECT code FROM task WHERE id = $1"), params![task])?.ok_or(DecisionError::NotFound)
}

/// The codes of the tasks tied to an entry, in order.
///
/// # Errors
/// Any [`DbError`].
pub fn task_codes(tx: &mut Tx<'_>, one: &Decision) -> Result<Vec<String>, DecisionError> {
    let mut codes = BTreeSet::new();
    for tie in ties_of(tx, one.id)? {
        codes.insert(code_of(tx, tie.task)?);
    }
    Ok(codes.into_iter().collect())
}

/// A step of the chain of superseding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The entry.
    pub decision: Decision,
    /// What the later one of the two does.
    pub change: Change,
    /// How it stands.
    pub force: Force,
    /// The number of the entry that it is tied to, for chains longer than one step.
    pub with: DecisionId,
}

/// The chain both ways: what this entry changed, directly or over others, the latest first; and what changed it,
/// the earliest first.
///
/// # Errors
/// Any [`DbError`].
pub fn chain(tx: &mut Tx<'_>, id: DecisionId, today: Date) -> Result<(Vec<Step>, Vec<Step>), DbError> {
    Ok((walk(tx, id, today, changes_of)?, walk(tx, id, today, changed_by)?))
}

type Next = fn(&mut Tx<'_>, DecisionId) -> Result<Vec<(Decision, Change)>, DbError>;

fn walk(tx: &mut Tx<'_>, from: DecisionId, today: Date, next: Next) -> Result<Vec<Step>, DbError> {
    let (mut seen, mut ahead, mut steps) = (BTreeSet::from([from]), vec![from], Vec::new());
    while let Some(at) = ahead.pop() {
        for (decision, change) in next(tx, at)? {
            if seen.insert(decision.id) {
                ahead.push(decision.id);
                let force = force(tx, &decision, today)?;
                steps.push(Step { decision, change, force, with: at });
            }
        }
    }
    Ok(steps)
}

/// The entry that a number names, if it is registered and may be read.
///
/// # Errors
/// Any [`DbError`].
pub fn named(
    tx: &mut Tx<'_>,
    basis: &Basis,
    clearance: Confidentiality,
) -> Result<Option<Decision>, DbError> {
    let Some(key) = rule::key(&basis.symbol) else { return Ok(None) };
    let same: Vec<Decision> =
        tx.query(sql!("SELECT * FROM decision WHERE number_key = $1 ORDER BY issued_on, id"), params![key])?;
    let dates: Vec<Date> = same.iter().map(|one| one.issued_on).collect();
    let found = rule::named(basis.issued_on, &dates).and_then(|at| same.into_iter().nth(at));
    Ok(found.filter(|one| one.class <= clearance))
}

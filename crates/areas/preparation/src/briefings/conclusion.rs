//! The lines of the minutes while they are typed: numbered by their order, each with its own version so that two
//! secretaries can type at once; what was taken out can be put back until the minutes are signed.

use platform::{
    clock,
    db::{DbError, Done, Tx, WriteTx},
    identity::UnitId,
    params, sql,
};
use rules::briefing::typed::{self, Known, Typed};
use serde_json::json;

use super::{BriefingError, Hand, agenda, model::*, store};
use crate::tasks::{
    clarity::People,
    model::{Milestone, Support, TaskId},
    store as tasks,
};

/// Most deadlines, milestones, units or tasks of one conclusion.
const MOST: usize = 20;

/// A conclusion as it comes from whoever types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConclusion {
    /// Chosen by who types, so that a line sent again after a cut stands once.
    pub id: ConclusionId,
    /// The item of the agenda under which it is drawn.
    pub item: Option<ItemId>,
    /// As typed, with shortcuts.
    pub typed: String,
    /// What it says.
    pub content: Content,
}

/// All conclusions of a meeting in their order, numbered; those that were taken out have number 0.
///
/// # Errors
/// Any [`DbError`].
pub fn conclusions(tx: &mut Tx<'_>, id: BriefingId) -> Result<Vec<Conclusion>, DbError> {
    let mut all: Vec<Conclusion> = tx.query(
        sql!("SELECT * FROM briefing_conclusion WHERE briefing = $1 ORDER BY position, id"),
        params![id],
    )?;
    let mut number = 0;
    for one in &mut all {
        if one.dropped_at.is_none() {
            number += 1;
            one.number = number;
        }
    }
    Ok(all)
}

/// Those that stand.
///
/// # Errors
/// Any [`DbError`].
pub fn standing(tx: &mut Tx<'_>, id: BriefingId) -> Result<Vec<Conclusion>, DbError> {
    let mut all = conclusions(tx, id)?;
    all.retain(|one| one.dropped_at.is_none());
    Ok(all)
}

/// One conclusion of a meeting.
///
/// # Errors
/// [`BriefingError::NotFound`].
pub fn conclusion(
    tx: &mut Tx<'_>,
    briefing: BriefingId,
    id: ConclusionId,
) -> Result<Conclusion, BriefingError> {
    conclusions(tx, briefing)?.into_iter().find(|one| one.id == id).ok_or(BriefingError::NotFound)
}

// ---------------------------------------------------------------- reading what was typed

/// The units that `@` may name: full name, short name.
///
/// # Errors
/// Any [`DbError`].
pub fn known_units(tx: &mut Tx<'_>) -> Result<Vec<Known<UnitId>>, DbError> {
    let people = People::load(tx)?;
    Ok(people
        .units_by_name()
        .into_iter()
        .map(|unit| Known { id: unit.id, names: vec![unit.name.clone(), unit.short.clone()] })
        .collect())
}

/// The tasks that `#` may name, by code.
///
/// # Errors
/// Any [`DbError`].
pub fn known_tasks(tx: &mut Tx<'_>) -> Result<Vec<Known<TaskId>>, DbError> {
    Ok(tasks::tasks(tx)?
        .into_iter()
        .map(|task| Known { id: task.id, names: vec![task.fields.code] })
        .collect())
}

/// Reads a sentence as the secretary types it.
///
/// # Errors
/// [`BriefingError::TooLong`].
pub fn read(tx: &mut Tx<'_>, typed: &str) -> Result<Typed<UnitId, TaskId>, BriefingError> {
    if typed.chars().count() > store::LONGEST {
        return Err(BriefingError::TooLong { field: "typed" });
    }
    let (units, tasks) = (known_units(tx)?, known_tasks(tx)?);
    Ok(typed::read(typed, &units, &tasks, clock::local(tx.now()).date()))
}

/// What a conclusion says that was only typed: the first unit leads, the others help.
pub fn understood(typed: &Typed<UnitId, TaskId>, disposition: Option<Disposition>) -> Content {
    let mut units = typed.units().into_iter();
    Content {
        text: typed.clean.clone(),
        lead_unit: units.next(),
        supports: units.map(|unit| Support { unit, contribution: String::new(), due: None }).collect(),
        deadlines: typed.deadlines(),
        result: typed.result(),
        disposition,
        task: typed.tasks().first().copied(),
        ..Content::default()
    }
}

/// What a conclusion says: spelled out, or read from what was typed.
///
/// # Errors
/// Those of [`read`].
pub fn said(
    tx: &mut Tx<'_>,
    content: Option<&Content>,
    typed: &str,
    disposition: Option<Disposition>,
) -> Result<Content, BriefingError> {
    match content {
        Some(content) => Ok(content.clone()),
        None => Ok(understood(&read(tx, typed)?, disposition)),
    }
}

/// The same conclusions as a hand may see them: what one changes in a task that is not open to it, or creates
/// above its class, is left out. The sentence itself is part of the minutes.
///
/// # Errors
/// Any [`DbError`].
pub fn for_audience(
    tx: &mut Tx<'_>,
    hand: &Hand,
    mut all: Vec<Conclusion>,
) -> Result<Vec<Conclusion>, BriefingError> {
    for one in &mut all {
        if let Some(task) = one.content.task
            && !hand.audience.sees(&tasks::task(tx, task)?)
        {
            one.content.amendment = Amendment::default();
        }
        one.content.tasks.retain(|task| {
            let supports = task.supports.iter().map(|support| support.unit);
            hand.audience.opens(task.confidentiality, task.lead_unit, supports)
        });
    }
    Ok(all)
}

// ---------------------------------------------------------------- writing

/// A meeting whose minutes are open to this hand.
fn open_for(tx: &mut Tx<'_>, hand: &Hand, id: BriefingId) -> Result<Briefing, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_contribute(series.unit)?;
    store::signed_or(tx, &briefing)?;
    if briefing.state == MeetingState::Running {
        Ok(briefing)
    } else {
        Err(BriefingError::TooLate { state: briefing.state })
    }
}

fn cleaned(tx: &mut Tx<'_>, hand: &Hand, content: &Content) -> Result<Content, BriefingError> {
    let mut content = content.clone();
    content.text = store::text("text", &content.text, store::LONGEST)?;
    content.result = store::text("result", &content.result, store::LONGEST)?;
    if content.text.is_empty() {
        return Err(BriefingError::Empty { field: "text" });
    }
    for (field, size) in [
        ("deadlines", content.deadlines.len()),
        ("milestones", content.milestones.len()),
        ("supports", content.supports.len()),
        ("tasks", content.tasks.len()),
    ] {
        if size > MOST {
            return Err(BriefingError::TooLong { field });
        }
    }
    content.deadlines.sort();
    content.deadlines.dedup();
    for support in &mut content.supports {
        support.contribution = store::text("supports", &support.contribution, store::LONGEST)?;
    }
    for milestone in &mut content.milestones {
        milestone.title = store::text("milestones", &milestone.title, store::LONGEST)?;
    }
    content.tasks = content.tasks.into_iter().map(|task| task.normalised()).collect();
    if let Some(task) = content.task {
        // A task whose words the hand may not see cannot be spoken of by it.
        let task = tasks::task(tx, task)?;
        if task.fields.confidentiality != platform::identity::Confidentiality::Secret
            && !hand.audience.sees(&task)
        {
            return Err(BriefingError::NotFound);
        }
    }
    let people = People::load(tx)?;
    let units = content.lead_unit.iter().chain(content.supports.iter().map(|support| &support.unit));
    if units.into_iter().any(|unit| !people.units.contains_key(unit)) {
        return Err(BriefingError::NotFound);
    }
    let offices = content.focal_office.iter().chain(&content.accountable_office);
    if offices.into_iter().any(|office| !people.offices.contains_key(office)) {
        return Err(BriefingError::NotFound);
    }
    Ok(content)
}

fn stored(content: &Content) -> Result<String, BriefingError> {
    Ok(serde_json::to_string(content).map_err(|error| DbError::Other(error.to_string()))?)
}

/// Writes a conclusion down at the end. Sent again with the same id it stands once.
///
/// # Errors
/// [`BriefingError::TooLate`] unless the meeting is running, [`BriefingError::SignedAlready`],
/// [`BriefingError::Empty`], [`BriefingError::TooLong`], [`BriefingError::NotFound`] for a unit, an office or a
/// task that is not there, [`BriefingError::NotPermitted`].
pub fn add(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    new: &NewConclusion,
) -> Result<Done<ConclusionId>, BriefingError> {
    let briefing = open_for(tx, hand, id)?;
    let had: Option<BriefingId> =
        tx.scalar(sql!("SELECT briefing FROM briefing_conclusion WHERE id = $1"), params![new.id])?;
    match had {
        Some(other) if other != id => return Err(BriefingError::NotFound),
        Some(_) => return Ok(tx.unchanged(new.id)?),
        None => {}
    }
    let content = cleaned(tx, hand, &new.content)?;
    let typed = store::text("typed", &new.typed, store::LONGEST)?;
    let item = match new.item.or(briefing.current_item) {
        Some(item) => Some(agenda::item(tx, id, item)?.id),
        None => None,
    };
    let last: Option<i64> = tx
        .scalar(sql!("SELECT MAX(position) FROM briefing_conclusion WHERE briefing = $1"), params![id])?
        .flatten();
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("INSERT INTO briefing_conclusion(id, briefing, position, item, typed, content, disposition, task, version,
                updated_at, updated_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)"),
        params![
            new.id,
            id,
            last.unwrap_or(0) + 1,
            item,
            typed,
            stored(&content)?,
            content.disposition,
            content.task,
            now,
            by
        ],
    )?;
    let data = json!({"no": briefing.no, "conclusion": new.id});
    Ok(store::noted(tx, id, "briefing.concluded", data, None).with(new.id))
}

fn expect(conclusion: &Conclusion, version: i64) -> Result<(), BriefingError> {
    if conclusion.version == version {
        return Ok(());
    }
    Err(BriefingError::Conflict {
        version: conclusion.version,
        by: conclusion.updated_by.clone(),
        at: conclusion.updated_at,
    })
}

fn write(
    tx: &mut WriteTx<'_>,
    id: ConclusionId,
    typed: &str,
    content: &Content,
) -> Result<(), BriefingError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE briefing_conclusion SET typed = $2, content = $3, disposition = $4, task = $5,
                version = version + 1, updated_at = $6, updated_by = $7 WHERE id = $1"
        ),
        params![id, typed, stored(content)?, content.disposition, content.task, now, by],
    )?;
    Ok(())
}

/// Rewrites a conclusion. `version` is the version the writer saw: of two secretaries on the same line the second
/// is told, and nothing is overwritten.
///
/// # Errors
/// [`BriefingError::Conflict`] and those of [`add`].
pub fn edit(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    briefing: BriefingId,
    id: ConclusionId,
    version: i64,
    typed: &str,
    content: &Content,
) -> Result<Done<()>, BriefingError> {
    let meeting = open_for(tx, hand, briefing)?;
    let before = conclusion(tx, briefing, id)?;
    expect(&before, version)?;
    let content = cleaned(tx, hand, content)?;
    let typed = store::text("typed", typed, store::LONGEST)?;
    if content == before.content && typed == before.typed {
        return Ok(tx.unchanged(())?);
    }
    write(tx, id, &typed, &content)?;
    let data = json!({"no": meeting.no, "conclusion": id});
    Ok(store::noted(tx, briefing, "briefing.conclusion_edited", data, None).with(()))
}

/// Takes a conclusion out, or puts it back; the numbers of the others follow.
///
/// # Errors
/// [`BriefingError::Conflict`] and those of [`add`].
pub fn drop_or_restore(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    briefing: BriefingId,
    id: ConclusionId,
    version: i64,
    dropped: bool,
) -> Result<Done<()>, BriefingError> {
    let meeting = open_for(tx, hand, briefing)?;
    let before = conclusion(tx, briefing, id)?;
    if before.dropped_at.is_some() == dropped {
        return Ok(tx.unchanged(())?);
    }
    expect(&before, version)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE briefing_conclusion SET dropped_at = $2, version = version + 1, updated_at = $3, updated_by = $4
              WHERE id = $1"),
        params![id, dropped.then_some(now), now, by],
    )?;
    let act = if dropped { "briefing.conclusion_dropped" } else { "briefing.conclusion_restored" };
    Ok(store::noted(tx, briefing, act, json!({"no": meeting.no, "conclusion": id}), None).with(()))
}

/// Puts the conclusions in another order; those that are not named keep theirs behind.
///
/// # Errors
/// Those of [`add`].
pub fn order(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    briefing: BriefingId,
    wanted: &[ConclusionId],
) -> Result<Done<()>, BriefingError> {
    let meeting = open_for(tx, hand, briefing)?;
    let all = conclusions(tx, briefing)?;
    if wanted.iter().any(|one| !all.iter().any(|had| had.id == *one)) {
        return Err(BriefingError::NotFound);
    }
    let place = |id: ConclusionId| wanted.iter().position(|one| *one == id).unwrap_or(usize::MAX);
    let mut sorted: Vec<&Conclusion> = all.iter().collect();
    sorted.sort_by_key(|one| (place(one.id), one.position));
    for (position, one) in (1_i64..).zip(sorted) {
        tx.execute(
            sql!("UPDATE briefing_conclusion SET position = $2 WHERE id = $1"),
            params![one.id, position],
        )?;
    }
    Ok(store::noted(tx, briefing, "briefing.conclusions_ordered", json!({"no": meeting.no}), None).with(()))
}

/// Makes one conclusion of each deadline: the first keeps its line, the others follow it with the same words, to
/// be corrected.
///
/// # Errors
/// [`BriefingError::OneDeadline`] and those of [`edit`].
pub fn split(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    briefing: BriefingId,
    id: ConclusionId,
    version: i64,
) -> Result<Done<Vec<ConclusionId>>, BriefingError> {
    let meeting = open_for(tx, hand, briefing)?;
    let before = conclusion(tx, briefing, id)?;
    expect(&before, version)?;
    let Some((first, others)) =
        before.content.deadlines.split_first().filter(|(_, others)| !others.is_empty())
    else {
        return Err(BriefingError::OneDeadline);
    };
    // Typed again it would have all its deadlines again.
    write(tx, id, &before.content.text, &Content { deadlines: vec![*first], ..before.content.clone() })?;
    let mut made = vec![id];
    let (now, by) = (tx.now(), tx.author().office.clone());
    let shift = i64::try_from(others.len()).unwrap_or(i64::MAX);
    tx.execute(
        sql!("UPDATE briefing_conclusion SET position = position + $3 WHERE briefing = $1 AND position > $2"),
        params![briefing, before.position, shift],
    )?;
    for (step, due) in (1_i64..).zip(others) {
        let next = ConclusionId(uuid::Uuid::now_v7());
        let content = Content { deadlines: vec![*due], ..before.content.clone() };
        tx.execute(
            sql!("INSERT INTO briefing_conclusion(id, briefing, position, item, typed, content, disposition, task,
                    version, updated_at, updated_by)
                  VALUES($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)"),
            params![
                next,
                briefing,
                before.position + step,
                before.item,
                content.text,
                stored(&content)?,
                content.disposition,
                content.task,
                now,
                by
            ],
        )?;
        made.push(next);
    }
    let data = json!({"no": meeting.no, "conclusion": id, "parts": made.len()});
    Ok(store::noted(tx, briefing, "briefing.conclusion_split", data, None).with(made))
}

/// Makes milestones of all deadlines but the last, which stays the deadline. `titles` name them in order; one
/// without a title has the words of the conclusion.
///
/// # Errors
/// [`BriefingError::OneDeadline`] and those of [`edit`].
pub fn make_milestones(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    briefing: BriefingId,
    id: ConclusionId,
    version: i64,
    titles: &[String],
) -> Result<Done<()>, BriefingError> {
    let meeting = open_for(tx, hand, briefing)?;
    let before = conclusion(tx, briefing, id)?;
    expect(&before, version)?;
    let mut content = before.content.clone();
    let Some((last, earlier)) = content.deadlines.split_last().filter(|(_, earlier)| !earlier.is_empty())
    else {
        return Err(BriefingError::OneDeadline);
    };
    let steps = earlier.iter().enumerate().map(|(at, due)| {
        let title = titles.get(at).filter(|title| !title.trim().is_empty());
        Milestone { title: title.unwrap_or(&before.content.text).clone(), due: due.date }
    });
    let milestones: Vec<Milestone> = content.milestones.iter().cloned().chain(steps).collect();
    content.deadlines = vec![*last];
    content.milestones = milestones;
    let content = cleaned(tx, hand, &content)?;
    write(tx, id, &content.text, &content)?;
    let data = json!({"no": meeting.no, "conclusion": id});
    Ok(store::noted(tx, briefing, "briefing.conclusion_edited", data, None).with(()))
}

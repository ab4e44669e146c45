//! The agenda: filled from the frozen figures, added to by people, gone through in the meeting, carried on to the
//! next one.

use platform::{
    db::{DbError, Done, Tx, WriteTx},
    params, sql,
};
use serde_json::json;
use uuid::Uuid;

use super::{BriefingError, Hand, model::*, snapshot::Snapshot, store};
use crate::tasks::model::TaskId;

/// The agenda in its order.
///
/// # Errors
/// Any [`DbError`].
pub fn items(tx: &mut Tx<'_>, id: BriefingId) -> Result<Vec<Item>, DbError> {
    tx.query(sql!("SELECT * FROM briefing_item WHERE briefing = $1 ORDER BY position, id"), params![id])
}

/// One item of a meeting.
///
/// # Errors
/// [`BriefingError::NotFound`].
pub fn item(tx: &mut Tx<'_>, briefing: BriefingId, id: ItemId) -> Result<Item, BriefingError> {
    tx.query_opt(sql!("SELECT * FROM briefing_item WHERE briefing = $1 AND id = $2"), params![briefing, id])?
        .ok_or(BriefingError::NotFound)
}

/// A meeting that still takes agenda items from this hand.
fn open_for(tx: &mut Tx<'_>, hand: &Hand, id: BriefingId) -> Result<(Briefing, Series), BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_contribute(series.unit)?;
    store::signed_or(tx, &briefing)?;
    if briefing.state.takes_agenda() {
        Ok((briefing, series))
    } else {
        Err(BriefingError::TooLate { state: briefing.state })
    }
}

fn last_position(tx: &mut Tx<'_>, id: BriefingId) -> Result<i64, DbError> {
    let last: Option<i64> = tx
        .scalar(sql!("SELECT MAX(position) FROM briefing_item WHERE briefing = $1"), params![id])?
        .flatten();
    Ok(last.unwrap_or(0))
}

struct Row<'a> {
    task: Option<TaskId>,
    reasons: &'a [Reason],
    new: &'a NewItem,
    carried_from: Option<ItemId>,
}

fn insert(
    tx: &mut WriteTx<'_>,
    id: BriefingId,
    position: i64,
    row: &Row<'_>,
) -> Result<ItemId, BriefingError> {
    let item = ItemId(Uuid::now_v7());
    let reasons: Vec<&str> = row.reasons.iter().map(|reason| reason.as_str()).collect();
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("INSERT INTO briefing_item(id, briefing, position, task, reasons, title, presenter_office, minutes,
                notes, state, carried_from, version, updated_at, updated_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13)"),
        params![
            item,
            id,
            position,
            row.task,
            reasons.join(" "),
            row.new.title,
            row.new.presenter_office,
            row.new.minutes,
            row.new.notes,
            ItemState::Open,
            row.carried_from,
            now,
            by
        ],
    )
    .map_err(|error| match error {
        DbError::Unique { .. } => BriefingError::OnAgenda,
        other => other.into(),
    })?;
    Ok(item)
}

/// Fills the agenda from the frozen figures: what was left open last time, and every task that a leader must look
/// at. Items that people had put there before stay and come after.
pub(super) fn fill(
    tx: &mut WriteTx<'_>,
    briefing: &Briefing,
    snapshot: &Snapshot,
) -> Result<(), BriefingError> {
    let left: Vec<Item> = match store::before(tx, briefing)? {
        Some(last) => {
            items(tx, last.id)?.into_iter().filter(|item| item.state == ItemState::Carried).collect()
        }
        None => Vec::new(),
    };
    let had = items(tx, briefing.id)?;
    let carried: Vec<TaskId> = left.iter().filter_map(|item| item.task).collect();
    let mut position = 0;
    for (task, reasons) in snapshot.agenda(&carried) {
        position += 1;
        if let Some(own) = had.iter().find(|item| item.task == Some(task)) {
            // Put there by hand before the cut-off: the figures now say why as well.
            let words: Vec<&str> = reasons.iter().chain(&own.reasons).map(|reason| reason.as_str()).collect();
            tx.execute(
                sql!("UPDATE briefing_item SET position = $2, reasons = $3 WHERE id = $1"),
                params![own.id, position, words.join(" ")],
            )?;
            continue;
        }
        let from = left.iter().find(|item| item.task == Some(task));
        let new = from.map(|item| NewItem {
            presenter_office: item.presenter_office,
            minutes: item.minutes,
            notes: item.notes.clone(),
            ..NewItem::default()
        });
        let row = Row {
            task: Some(task),
            reasons: &reasons,
            new: &new.unwrap_or_default(),
            carried_from: from.map(|item| item.id),
        };
        insert(tx, briefing.id, position, &row)?;
    }
    for item in left.iter().filter(|item| item.task.is_none()) {
        position += 1;
        let new = NewItem {
            task: None,
            title: item.title.clone(),
            presenter_office: item.presenter_office,
            minutes: item.minutes,
            notes: item.notes.clone(),
        };
        let row = Row { task: None, reasons: &[Reason::Carried], new: &new, carried_from: Some(item.id) };
        insert(tx, briefing.id, position, &row)?;
    }
    let filled: Vec<TaskId> = snapshot.agenda(&carried).into_iter().map(|(task, _)| task).collect();
    for item in had.iter().filter(|item| item.task.is_none_or(|task| !filled.contains(&task))) {
        position += 1;
        tx.execute(sql!("UPDATE briefing_item SET position = $2 WHERE id = $1"), params![item.id, position])?;
    }
    Ok(())
}

fn cleaned(tx: &mut Tx<'_>, new: &NewItem) -> Result<NewItem, BriefingError> {
    let title = store::text("title", &new.title, 300)?;
    if new.task.is_none() && title.is_empty() {
        return Err(BriefingError::Empty { field: "title" });
    }
    if let Some(office) = new.presenter_office {
        store::exists_office(tx, office)?;
    }
    if new.minutes.is_some_and(|minutes| minutes > 480) {
        return Err(BriefingError::TooLong { field: "minutes" });
    }
    Ok(NewItem {
        task: new.task,
        // A task speaks for itself: its words depend on who reads.
        title: if new.task.is_some() { String::new() } else { title },
        presenter_office: new.presenter_office,
        minutes: new.minutes,
        notes: store::text("notes", &new.notes, store::LONGEST)?,
    })
}

/// Puts an item at the end of the agenda. A task can stand there once; one whose content the hand may not see is
/// not there for it.
///
/// # Errors
/// [`BriefingError::OnAgenda`], [`BriefingError::Empty`], [`BriefingError::TooLate`],
/// [`BriefingError::SignedAlready`], [`BriefingError::NotPermitted`].
pub fn add(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    new: &NewItem,
) -> Result<Done<ItemId>, BriefingError> {
    let (briefing, _) = open_for(tx, hand, id)?;
    let new = cleaned(tx, new)?;
    if let Some(task) = new.task {
        crate::tasks::store::task(tx, task)?;
    }
    let position = last_position(tx, id)? + 1;
    let row = Row { task: new.task, reasons: &[Reason::Added], new: &new, carried_from: None };
    let item = insert(tx, id, position, &row)?;
    Ok(store::noted(tx, id, "briefing.item_added", json!({"no": briefing.no, "item": item}), None).with(item))
}

/// Rewrites presenter, minutes, notes and, for an item without a task, its title.
///
/// # Errors
/// [`BriefingError::Conflict`] and those of [`add`].
pub fn edit(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    item: ItemId,
    version: i64,
    new: &NewItem,
) -> Result<Done<()>, BriefingError> {
    let (briefing, _) = open_for(tx, hand, id)?;
    let before = self::item(tx, id, item)?;
    expect(&before, version)?;
    let new = cleaned(tx, &NewItem { task: before.task, ..new.clone() })?;
    tx.execute(
        sql!("UPDATE briefing_item SET title = $2, presenter_office = $3, minutes = $4, notes = $5 WHERE id = $1"),
        params![item, new.title, new.presenter_office, new.minutes, new.notes],
    )?;
    bump(tx, item)?;
    Ok(store::noted(tx, id, "briefing.item_edited", json!({"no": briefing.no, "item": item}), None).with(()))
}

fn expect(item: &Item, version: i64) -> Result<(), BriefingError> {
    if item.version == version {
        return Ok(());
    }
    Err(BriefingError::Conflict { version: item.version, by: item.updated_by.clone(), at: item.updated_at })
}

fn bump(tx: &mut WriteTx<'_>, item: ItemId) -> Result<(), DbError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE briefing_item SET version = version + 1, updated_at = $2, updated_by = $3 WHERE id = $1"
        ),
        params![item, now, by],
    )?;
    Ok(())
}

/// Takes an item off the agenda that a person had put there. What the figures put there stays: it can be left for
/// the next meeting, not made to vanish.
///
/// # Errors
/// [`BriefingError::NotPermitted`] for an item of the figures or one that has conclusions, and those of [`edit`].
pub fn remove(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    item: ItemId,
    version: i64,
) -> Result<Done<()>, BriefingError> {
    let (briefing, _) = open_for(tx, hand, id)?;
    let before = self::item(tx, id, item)?;
    expect(&before, version)?;
    let used: Option<i64> =
        tx.scalar(sql!("SELECT COUNT(*) FROM briefing_conclusion WHERE item = $1"), params![item])?;
    if before.reasons != [Reason::Added] || used.unwrap_or(0) > 0 {
        return Err(BriefingError::NotPermitted);
    }
    tx.execute(
        sql!("UPDATE briefing SET current_item = NULL WHERE id = $1 AND current_item = $2"),
        params![id, item],
    )?;
    tx.execute(sql!("DELETE FROM briefing_item WHERE id = $1"), params![item])?;
    Ok(store::noted(tx, id, "briefing.item_removed", json!({"no": briefing.no, "item": item}), None).with(()))
}

/// Puts the items in another order. Items that are not named keep their order behind those that are.
///
/// # Errors
/// [`BriefingError::NotFound`] for an item of another meeting, and those of [`add`].
pub fn order(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    wanted: &[ItemId],
) -> Result<Done<()>, BriefingError> {
    let (briefing, _) = open_for(tx, hand, id)?;
    let items = items(tx, id)?;
    if wanted.iter().any(|one| !items.iter().any(|item| item.id == *one)) {
        return Err(BriefingError::NotFound);
    }
    let place = |item: ItemId| wanted.iter().position(|one| *one == item).unwrap_or(usize::MAX);
    let mut sorted: Vec<&Item> = items.iter().collect();
    sorted.sort_by_key(|item| (place(item.id), item.position));
    for (position, item) in (1_i64..).zip(sorted) {
        tx.execute(sql!("UPDATE briefing_item SET position = $2 WHERE id = $1"), params![item.id, position])?;
    }
    Ok(store::noted(tx, id, "briefing.items_ordered", json!({"no": briefing.no}), None).with(()))
}

/// Goes to an item: every screen of the meeting shows it. The one before counts as taken.
///
/// # Errors
/// [`BriefingError::TooLate`] unless the meeting is running, and those of [`add`].
pub fn go_to(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    item: ItemId,
) -> Result<Done<()>, BriefingError> {
    let (briefing, _) = open_for(tx, hand, id)?;
    if briefing.state != MeetingState::Running {
        return Err(BriefingError::TooLate { state: briefing.state });
    }
    self::item(tx, id, item)?;
    if briefing.current_item == Some(item) {
        return Ok(tx.unchanged(())?);
    }
    if let Some(before) = briefing.current_item {
        tx.execute(
            sql!("UPDATE briefing_item SET state = $2 WHERE id = $1 AND state = $3"),
            params![before, ItemState::Taken, ItemState::Open],
        )?;
    }
    tx.execute(sql!("UPDATE briefing SET current_item = $2 WHERE id = $1"), params![id, item])?;
    Ok(store::noted(tx, id, "briefing.went_to", json!({"no": briefing.no, "item": item}), None).with(()))
}

/// Says that an item was taken, is open again, or is left for the next meeting.
///
/// # Errors
/// Those of [`add`].
pub fn mark(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    item: ItemId,
    state: ItemState,
) -> Result<Done<()>, BriefingError> {
    let (briefing, _) = open_for(tx, hand, id)?;
    let before = self::item(tx, id, item)?;
    if before.state == state {
        return Ok(tx.unchanged(())?);
    }
    tx.execute(sql!("UPDATE briefing_item SET state = $2 WHERE id = $1"), params![item, state])?;
    bump(tx, item)?;
    let data = json!({"no": briefing.no, "item": item, "state": state.as_str()});
    Ok(store::noted(tx, id, "briefing.item_marked", data, None).with(()))
}

/// When the minutes are closed: what has a conclusion or was shown last counts as taken, what nobody came to is
/// left for the next meeting.
pub(super) fn carry_open(tx: &mut WriteTx<'_>, id: BriefingId) -> Result<(), DbError> {
    tx.execute(
        sql!(
            "UPDATE briefing_item SET state = $2 WHERE briefing = $1 AND state = $3 AND (
                id IN (SELECT item FROM briefing_conclusion
                       WHERE briefing = $1 AND dropped_at IS NULL AND item IS NOT NULL)
                OR id IN (SELECT current_item FROM briefing WHERE id = $1 AND current_item IS NOT NULL))"
        ),
        params![id, ItemState::Taken, ItemState::Open],
    )?;
    tx.execute(
        sql!("UPDATE briefing_item SET state = $2 WHERE briefing = $1 AND state = $3"),
        params![id, ItemState::Carried, ItemState::Open],
    )?;
    Ok(())
}

/// When the minutes are opened again to be corrected: what was left is open again.
pub(super) fn reopen_carried(tx: &mut WriteTx<'_>, id: BriefingId) -> Result<(), DbError> {
    tx.execute(
        sql!("UPDATE briefing_item SET state = $2 WHERE briefing = $1 AND state = $3"),
        params![id, ItemState::Open, ItemState::Carried],
    )?;
    Ok(())
}

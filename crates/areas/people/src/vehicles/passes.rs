//! What happens to passes. What may happen is decided by the rules of badges; what a pass says is signed as theirs.

use platform::{
    audit::Event,
    db::{DbError, Done, Tx, WriteTx},
    identity::store::new_id,
    params, sql,
};
use rules::badge::{BadgeAct, BadgeState, after, revokes};
use serde_json::json;

use super::{
    TOPIC, VehicleError,
    model::{Pass, PassId, Vehicle},
    query,
    store::event,
};
use crate::badges::{
    BadgeError, REVOCATIONS, keys,
    model::BadgeCategory,
    offline, query as badges,
    seal::Seal,
    store::{Unsigned, fresh_pass, revoke, ruled, signed},
};

const fn act_name(state: BadgeState) -> &'static str {
    match state {
        BadgeState::Requested => "vehicle.pass_requested",
        BadgeState::Approved => "vehicle.pass_approved",
        BadgeState::Printed => "vehicle.pass_printed",
        BadgeState::Issued => "vehicle.pass_issued",
        BadgeState::Lost => "vehicle.pass_lost",
        BadgeState::Replaced => "vehicle.pass_replaced",
        BadgeState::Recalled => "vehicle.pass_recalled",
        BadgeState::Returned => "vehicle.pass_returned",
        BadgeState::Destroyed => "vehicle.pass_destroyed",
    }
}

/// Writes down what was done to a copy: the row, its history, the list of the revoked.
fn happens(
    tx: &mut WriteTx<'_>,
    pass: &Pass,
    act: BadgeAct,
    reason: &str,
) -> Result<BadgeState, VehicleError> {
    let moved = || VehicleError::Pass(BadgeError::State(pass.state.as_str()));
    let next = after(pass.state, act).ok_or_else(moved)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    let changed = tx.execute(
        sql!(
            "UPDATE vehicle_pass SET state = $2, changed_at = $3, changed_by = $4 WHERE id = $1 AND state = $5"
        ),
        params![pass.id, next.as_str(), now, by, pass.state.as_str()],
    )?;
    if changed != 1 {
        return Err(moved());
    }
    note(tx, pass.id, next, reason)?;
    if revokes(pass.state, act) {
        revoke(tx, &pass.pass)?;
    }
    Ok(next)
}

fn note(tx: &mut WriteTx<'_>, id: PassId, state: BadgeState, reason: &str) -> Result<(), DbError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    let last: Option<i64> =
        tx.scalar(sql!("SELECT COALESCE(MAX(seq), 0) FROM vehicle_pass_event WHERE pass = $1"), params![id])?;
    tx.execute(
        sql!(
            "INSERT INTO vehicle_pass_event(pass, seq, state, at, office, reason) VALUES($1, $2, $3, $4, $5, $6)"
        ),
        params![id, last.unwrap_or(0) + 1, state.as_str(), now, by, reason],
    )?;
    Ok(())
}

/// A new copy for a vehicle, at a state.
fn insert(tx: &mut WriteTx<'_>, of: &Vehicle, state: BadgeState) -> Result<PassId, VehicleError> {
    if query::live(tx, of.id)?.is_some() {
        return Err(BadgeError::HasOne.into());
    }
    if !of.comes() {
        return Err(VehicleError::Withdrawn);
    }
    let zones = badges::access(tx)?.bits(BadgeCategory::Vehicle);
    let copy = query::copies(tx, of.id)?.first().map_or(0, |newest| newest.copy) + 1;
    let id = PassId(new_id(tx));
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO vehicle_pass(id, vehicle, copy, zones, first_day, last_day, pass, key_id, code,
               printed_plate, printed_lot, state, changed_at, changed_by)
             VALUES($1, $2, $3, $4, $5, $6, $7, NULL, NULL, NULL, NULL, $8, $9, $10)"
        ),
        params![
            id,
            of.id,
            copy,
            i64::from(zones),
            of.first_day,
            of.last_day,
            fresh_pass(),
            state.as_str(),
            now,
            by
        ],
    )?;
    note(tx, id, state, "")?;
    Ok(id)
}

fn many(act: &'static str, numbers: &[u32]) -> Event {
    Event::new(act, "vehicle_pass", "many").topic(TOPIC).data(json!({ "vehicles": numbers }))
}

/// Asks for passes for vehicles, by number; those that have one or were withdrawn are passed over.
///
/// # Errors
/// [`VehicleError::NotFound`].
pub fn request(tx: &mut WriteTx<'_>, vehicles: &[u32]) -> Result<Done<usize>, VehicleError> {
    let mut asked = Vec::new();
    for no in vehicles {
        let one = query::vehicle(tx, *no)?;
        match insert(tx, &one, BadgeState::Requested) {
            Ok(_) => asked.push(*no),
            Err(VehicleError::Pass(BadgeError::HasOne) | VehicleError::Withdrawn) => {}
            Err(error) => return Err(error),
        }
    }
    if asked.is_empty() {
        return Ok(tx.unchanged(0)?);
    }
    Ok(tx.record(many(act_name(BadgeState::Requested), &asked)).with(asked.len()))
}

/// Approves what was asked for; what is not at that state is passed over. Who asked may not approve.
///
/// # Errors
/// [`VehicleError::NotFound`]; [`BadgeError::SameOffice`].
pub fn approve(tx: &mut WriteTx<'_>, vehicles: &[u32]) -> Result<Done<usize>, VehicleError> {
    let office = tx.author().office.clone();
    let mut approved = Vec::new();
    for no in vehicles {
        let one = query::vehicle(tx, *no)?;
        let waits = query::live(tx, one.id)?.filter(|pass| pass.state == BadgeState::Requested);
        let Some(pass) = waits else { continue };
        ruled(pass.state, &pass.changed_by, BadgeAct::Approve, "", &office)?;
        happens(tx, &pass, BadgeAct::Approve, "")?;
        approved.push(*no);
    }
    if approved.is_empty() {
        return Ok(tx.unchanged(0)?);
    }
    Ok(tx.record(many(act_name(BadgeState::Approved), &approved)).with(approved.len()))
}

/// Does one thing to one copy. Doing what is done already changes nothing.
///
/// # Errors
/// [`VehicleError::NotFound`], [`VehicleError::Withdrawn`]; what the life of a badge refuses.
pub fn act(
    tx: &mut WriteTx<'_>,
    id: PassId,
    act: BadgeAct,
    reason: &str,
) -> Result<Done<BadgeState>, VehicleError> {
    let pass = query::pass(tx, id)?.ok_or(VehicleError::NotFound)?;
    let vehicle = query::by_id(tx, pass.vehicle)?;
    let office = tx.author().office.clone();
    let Some(reason) = ruled(pass.state, &pass.changed_by, act, reason, &office)? else {
        return Ok(tx.unchanged(pass.state)?);
    };
    if act == BadgeAct::Issue && !vehicle.comes() {
        return Err(VehicleError::Withdrawn);
    }
    let next = happens(tx, &pass, act, &reason)?;
    let mut event = event(act_name(next), vehicle.no);
    if revokes(pass.state, act) {
        event = event.topic(REVOCATIONS);
    }
    Ok(tx.record(event).with(next))
}

/// A new copy for a vehicle whose pass is lost, given back or destroyed; it has a new random id.
///
/// # Errors
/// [`VehicleError::NotFound`] when it never had one, [`VehicleError::Withdrawn`]; [`BadgeError::HasOne`].
pub fn reissue(tx: &mut WriteTx<'_>, no: u32) -> Result<Done<PassId>, VehicleError> {
    let one = query::vehicle(tx, no)?;
    if query::copies(tx, one.id)?.is_empty() {
        return Err(VehicleError::NotFound);
    }
    let id = insert(tx, &one, BadgeState::Approved)?;
    Ok(tx.record(event("vehicle.pass_reissued", no)).with(id))
}

/// Takes away what the pass of a vehicle opens. Whether there was one. The caller records further.
pub(super) fn recall(tx: &mut WriteTx<'_>, of: &Vehicle) -> Result<Done<bool>, VehicleError> {
    let Some(pass) = query::live(tx, of.id)? else { return Ok(tx.unchanged(false)?) };
    let opens = pass.state.opens();
    let next = happens(tx, &pass, if opens { BadgeAct::Recall } else { BadgeAct::Destroy }, "")?;
    let mut event = event(act_name(next), of.no);
    if opens {
        event = event.topic(REVOCATIONS);
    }
    Ok(tx.record(event).with(true))
}

/// What a pass would say if it were printed now.
fn current(tx: &mut Tx<'_>, pass: &Pass, of: &Vehicle) -> Result<Unsigned, DbError> {
    Ok(Unsigned {
        pass: pass.pass,
        category: BadgeCategory::Vehicle,
        zones: badges::access(tx)?.bits(BadgeCategory::Vehicle),
        first_day: of.first_day,
        last_day: of.last_day,
    })
}

/// Approved copies that no code of the list says: to be signed on another machine.
pub(crate) fn unsigned(
    tx: &mut Tx<'_>,
    list: &::pass::KeyList,
) -> Result<Vec<(PassId, Unsigned)>, BadgeError> {
    let mut out = Vec::new();
    for line in query::lines(tx)? {
        let waits = line.pass.filter(|pass| pass.state == BadgeState::Approved && line.vehicle.comes());
        let Some(pass) = waits else { continue };
        let what = current(tx, &pass, &line.vehicle)?;
        let has = match &pass.code {
            Some(code) => offline::says(list, code, &what)?,
            None => false,
        };
        if !has {
            out.push((pass.id, what));
        }
    }
    Ok(out)
}

/// Takes in a code that was signed elsewhere; false when it is of no approved copy or does not say what is true now.
/// The caller records it.
pub(crate) fn take_in(
    tx: &mut WriteTx<'_>,
    list: &::pass::KeyList,
    copy: &str,
    code: &str,
) -> Result<bool, BadgeError> {
    let Ok(id) = copy.parse::<PassId>() else { return Ok(false) };
    let known =
        query::lines(tx)?.into_iter().find(|line| line.pass.as_ref().is_some_and(|pass| pass.id == id));
    let Some((pass, vehicle)) = known.and_then(|line| line.pass.map(|pass| (pass, line.vehicle))) else {
        return Ok(false);
    };
    let what = current(tx, &pass, &vehicle)?;
    let fits = pass.state == BadgeState::Approved && vehicle.comes() && offline::says(list, code, &what)?;
    let Some(digits) = ::pass::found(code).filter(|_| fits) else { return Ok(false) };
    tx.execute(
        sql!(
            "UPDATE vehicle_pass SET code = $2, zones = $3, first_day = $4, last_day = $5
             WHERE id = $1 AND state = 'da_duyet'"
        ),
        params![id, digits, i64::from(what.zones), what.first_day, what.last_day],
    )?;
    Ok(true)
}

/// Signs what is to be printed. An approved copy becomes printed; of one that was printed before, a new copy is made
/// and the earlier is revoked. Everything else is passed over. The ids are of the copies to be printed.
///
/// # Errors
/// [`BadgeError::NoKey`], [`BadgeError::Seal`].
pub fn print(tx: &mut WriteTx<'_>, seal: &Seal, vehicles: &[u32]) -> Result<Done<Vec<PassId>>, VehicleError> {
    let (mut out, mut killed) = (Vec::new(), false);
    for no in vehicles {
        let one = query::vehicle(tx, *no)?;
        let Some(mut pass) = query::live(tx, one.id)? else { continue };
        if pass.state == BadgeState::Requested || !one.comes() {
            continue;
        }
        if pass.state.opens() {
            happens(tx, &pass, BadgeAct::Replace, "")?;
            killed = true;
            let new = insert(tx, &one, BadgeState::Approved)?;
            pass = query::pass(tx, new)?.ok_or(VehicleError::NotFound)?;
        }
        // What the register and the matrix say at the moment of printing is what is printed.
        let what = current(tx, &pass, &one)?;
        // A code that was signed elsewhere is printed as it is, as long as it says what is true now.
        let list = keys::list(tx)?;
        let (code, key_id) = match pass.code.clone() {
            Some(code) if offline::says(&list, &code, &what)? => {
                let first = keys::day(what.first_day).ok_or(BadgeError::Days)?;
                let read = ::pass::read(&code, first, &list, &::pass::Revocations::default());
                (code, read.ok().map(|pass| pass.key))
            }
            _ => signed(tx, seal, &what)?,
        };
        tx.execute(
            sql!(
                "UPDATE vehicle_pass SET zones = $2, first_day = $3, last_day = $4, code = $5, key_id = $6,
                   printed_plate = $7, printed_lot = $8 WHERE id = $1"
            ),
            params![
                pass.id,
                i64::from(what.zones),
                what.first_day,
                what.last_day,
                code,
                key_id,
                one.plate,
                one.lot.clone().unwrap_or_default()
            ],
        )?;
        happens(tx, &pass, BadgeAct::Print, "")?;
        out.push(pass.id);
    }
    if out.is_empty() {
        return Ok(tx.unchanged(out)?);
    }
    let mut event = many(act_name(BadgeState::Printed), vehicles);
    if killed {
        event = event.topic(REVOCATIONS);
    }
    Ok(tx.record(event).with(out))
}

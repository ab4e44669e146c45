//! What changes who sits where.

use std::collections::{HashMap, HashSet};

use platform::{
    db::{DbError, Done, Receipt, WriteTx},
    params, sql,
};
use rules::seating::{
    Kind,
    assign::{self, Person},
    review::Unmet,
};
use serde_json::json;

use super::{
    SeatingError,
    model::{Move, Picture, Placement},
    query,
    store::{plan_event, seen, touch},
};
use crate::delegates::{
    model::{Category, Participant, ParticipantId},
    query as roll,
};

/// The most moves of one call.
pub const MOST_MOVES: usize = 2_000;

fn take_off(tx: &mut WriteTx<'_>, session: &str, who: ParticipantId) -> Result<(), DbError> {
    tx.execute(
        sql!("DELETE FROM seating_placement WHERE session = $1 AND participant = $2"),
        params![session, who],
    )?;
    Ok(())
}

fn put_down(
    tx: &mut WriteTx<'_>,
    session: &str,
    who: ParticipantId,
    (place, pinned): (&str, bool),
) -> Result<(), DbError> {
    tx.execute(
        sql!("INSERT INTO seating_placement(session, place, participant, pinned) VALUES($1, $2, $3, $4)"),
        params![session, place, who, pinned],
    )?;
    Ok(())
}

/// What an assignment came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// How many sit.
    pub seated: usize,
    /// What the plan does not hold.
    pub unmet: Vec<Unmet>,
}

/// Seats everybody by the rules: who was placed by hand stays, who left the roll loses the place.
///
/// # Errors
/// [`SeatingError::NoPlan`], [`SeatingError::Conflict`].
pub fn assign(tx: &mut WriteTx<'_>, session: &str, version: i64) -> Result<Done<Assigned>, SeatingError> {
    let plan = seen(tx, session, version)?;
    let mut picture = query::picture(tx, &plan.session)?;
    let people: Vec<Person> = picture.people.iter().map(|one| one.person.clone()).collect();
    let pinned: Vec<(usize, usize)> = picture
        .people
        .iter()
        .zip(&picture.placed)
        .enumerate()
        .filter_map(|(at, (one, place))| place.filter(|_| one.pinned).map(|place| (at, place)))
        .collect();
    let placed = assign::assign(&picture.layout, &people, &pinned, &plan.options);
    let kept = query::placements(tx, &plan.session)?;
    let mut wanted: HashMap<ParticipantId, (&str, bool)> = HashMap::with_capacity(people.len());
    for (one, place) in picture.people.iter().zip(&placed) {
        if let Some(place) = place.and_then(|at| picture.layout.places.get(at)) {
            wanted.insert(one.who.id, (place.id.as_str(), one.pinned));
        }
    }
    let stays = |one: &Placement| wanted.get(&one.participant).is_some_and(|(place, _)| *place == one.place);
    let mut changed = 0_usize;
    for one in kept.iter().filter(|one| !stays(one)) {
        take_off(tx, &plan.session, one.participant)?;
        changed += 1;
    }
    let same: HashSet<ParticipantId> =
        kept.iter().filter(|one| stays(one)).map(|one| one.participant).collect();
    for one in picture.people.iter().filter(|one| !same.contains(&one.who.id)) {
        if let Some(target) = wanted.get(&one.who.id) {
            put_down(tx, &plan.session, one.who.id, *target)?;
            changed += 1;
        }
    }
    picture.placed = placed;
    let out = Assigned { seated: picture.seated(), unmet: picture.unmet() };
    if changed == 0 {
        return Ok(tx.unchanged(out)?);
    }
    touch(tx, &plan.session)?;
    let data = json!({ "seated": out.seated, "changed": changed, "unmet": out.unmet.len() });
    Ok(tx.record(plan_event("seating.assigned", &plan.session).data(data)).with(out))
}

/// Whether somebody may be placed by hand: on the roll, and no alternate who still waits.
fn may_sit(who: &Participant) -> bool {
    who.status.is_on_roll() && !(who.category() == Category::Delegate && who.profile.alternate)
}

/// Moves people at once: all of them rise, then all sit down, so that two may swap. Whoever is moved to a place is
/// pinned there. A place held by somebody who left the roll is free.
///
/// # Errors
/// [`SeatingError::Taken`] by somebody who does not move, [`SeatingError::Moved`] when somebody sits elsewhere than
/// whoever asks has seen, [`SeatingError::Blocked`], [`SeatingError::Twice`], [`SeatingError::NotOnRoll`],
/// [`SeatingError::NotFound`].
pub fn shift(tx: &mut WriteTx<'_>, session: &str, moves: &[Move]) -> Result<Done<()>, SeatingError> {
    let picture = query::picture(tx, session)?;
    let session = picture.session.slug.clone();
    if moves.is_empty() || moves.len() > MOST_MOVES {
        return Err(SeatingError::NotFound);
    }
    let kept = query::placements(tx, &session)?;
    let by_place: HashMap<&str, &Placement> = kept.iter().map(|one| (one.place.as_str(), one)).collect();
    let by_who: HashMap<ParticipantId, &Placement> = kept.iter().map(|one| (one.participant, one)).collect();
    let movers: HashSet<ParticipantId> = moves.iter().map(|one| one.who).collect();
    if movers.len() != moves.len() {
        return Err(SeatingError::NotFound);
    }
    // What is so already was sent twice.
    let same = moves.iter().all(|one| {
        let kept = by_who.get(&one.who);
        kept.map(|kept| &kept.place) == one.to.as_ref() && kept.is_none_or(|kept| kept.pinned)
    });
    if same {
        return Ok(tx.unchanged(())?);
    }
    let text = |id: &str| said(&picture, id);
    let mut targets: HashSet<&str> = HashSet::new();
    let mut off: Vec<ParticipantId> = Vec::new();
    for one in moves {
        let now = by_who.get(&one.who).map(|kept| kept.place.as_str());
        if let Some(seen) = &one.seen
            && now != Some(seen.as_str()).filter(|seen| !seen.is_empty())
        {
            return Err(SeatingError::Moved(now.map(text)));
        }
        let Some(to) = &one.to else { continue };
        let who = roll::participant(tx, one.who)?.ok_or(SeatingError::NotFound)?;
        if !may_sit(&who) {
            return Err(SeatingError::NotOnRoll);
        }
        let place = picture.layout.find(to).and_then(|at| picture.layout.places.get(at));
        let place = place.ok_or(SeatingError::NotFound)?;
        if place.kind == Kind::Blocked {
            return Err(SeatingError::Blocked(text(to)));
        }
        if !targets.insert(place.id.as_str()) {
            return Err(SeatingError::Twice(text(to)));
        }
        let holder = by_place.get(place.id.as_str()).filter(|held| !movers.contains(&held.participant));
        if let Some(held) = holder {
            let sits = picture.people.iter().find(|sitter| sitter.who.id == held.participant);
            match sits {
                Some(sitter) => {
                    return Err(SeatingError::Taken {
                        place: text(to),
                        code: sitter.who.code.clone(),
                        name: sitter.who.profile.name.clone(),
                    });
                }
                None => off.push(held.participant),
            }
        }
    }
    for who in movers.iter().chain(&off) {
        take_off(tx, &session, *who)?;
    }
    for one in moves {
        if let Some(to) = &one.to {
            put_down(tx, &session, one.who, (to.as_str(), true))?;
        }
    }
    touch(tx, &session)?;
    Ok(tx.record(plan_event("seating.moved", &session).data(json!({ "people": moves.len() }))).with(()))
}

/// A place as people say it; its name where the hall has it no more.
fn said(picture: &Picture, id: &str) -> String {
    let place = picture.layout.find(id).and_then(|at| picture.layout.places.get(at));
    place.map_or_else(|| id.to_owned(), |place| picture.layout.text(place))
}

/// Pins somebody to their place, or lets the next assignment place them anew.
///
/// # Errors
/// [`SeatingError::NoPlan`], [`SeatingError::NotFound`] when they do not sit.
pub fn pin(
    tx: &mut WriteTx<'_>,
    session: &str,
    who: ParticipantId,
    pinned: bool,
) -> Result<Done<()>, SeatingError> {
    let session = query::plan(tx, session)?.ok_or(SeatingError::NoPlan)?.session;
    let kept = query::placements(tx, &session)?.into_iter().find(|one| one.participant == who);
    if kept.ok_or(SeatingError::NotFound)?.pinned == pinned {
        return Ok(tx.unchanged(())?);
    }
    tx.execute(
        sql!("UPDATE seating_placement SET pinned = $3 WHERE session = $1 AND participant = $2"),
        params![session, who, pinned],
    )?;
    touch(tx, &session)?;
    let act = if pinned { "seating.pinned" } else { "seating.unpinned" };
    Ok(tx.record(plan_event(act, &session)).with(()))
}

/// Empties a plan, of all or of those whom nobody placed by hand.
///
/// # Errors
/// [`SeatingError::NoPlan`], [`SeatingError::Conflict`].
pub fn clear(
    tx: &mut WriteTx<'_>,
    session: &str,
    version: i64,
    pinned_too: bool,
) -> Result<Done<usize>, SeatingError> {
    let plan = seen(tx, session, version)?;
    let all = query::placements(tx, &plan.session)?;
    let gone: Vec<&Placement> = all.iter().filter(|one| pinned_too || !one.pinned).collect();
    if gone.is_empty() {
        return Ok(tx.unchanged(0)?);
    }
    for one in &gone {
        take_off(tx, &plan.session, one.participant)?;
    }
    touch(tx, &plan.session)?;
    let data = json!({ "people": gone.len() });
    Ok(tx.record(plan_event("seating.cleared", &plan.session).data(data)).with(gone.len()))
}

/// Gives the seat of somebody who was replaced to whoever took their place.
///
/// # Errors
/// [`SeatingError::NoHeir`] when nobody did, or when they sit already.
pub fn inherit(tx: &mut WriteTx<'_>, session: &str, leaver: ParticipantId) -> Result<Receipt, SeatingError> {
    let picture = query::picture(tx, session)?;
    let gone = picture.gone.iter().find(|one| one.who.id == leaver).ok_or(SeatingError::NoHeir)?;
    let comer = gone.comer.as_ref().ok_or(SeatingError::NoHeir)?;
    let place = gone.place.and_then(|at| picture.layout.places.get(at)).ok_or(SeatingError::NoHeir)?;
    let session = &picture.session.slug;
    take_off(tx, session, leaver)?;
    take_off(tx, session, comer.id)?;
    put_down(tx, session, comer.id, (place.id.as_str(), true))?;
    touch(tx, session)?;
    Ok(tx.record(plan_event("seating.inherited", session)))
}

//! What reads halls and plans.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::Mutex,
};

use jiff::Timestamp;
use platform::{
    db::{DbError, Tx},
    params, sql,
};
use rules::{
    seating::{
        Kind,
        assign::{Needs, Person, Rank, Team},
    },
    text::{fold, matches_folded},
};

use super::{
    SeatingError,
    model::{Drawn, Gone, Hall, Known, LayoutId, Picture, Placement, Plan, Seen, Sitter},
};
use crate::{
    attendance::query as roll_call,
    delegates::{
        model::{Category, GroupRole, Organ, Participant, ParticipantId},
        query as roll, replacing,
    },
};

/// All halls by name.
///
/// # Errors
/// Any [`DbError`].
pub fn halls(tx: &mut Tx<'_>) -> Result<Vec<Hall>, DbError> {
    tx.query(sql!("SELECT * FROM seating_hall ORDER BY name, slug"), params![])
}

/// A hall.
///
/// # Errors
/// [`SeatingError::NoHall`].
pub fn hall(tx: &mut Tx<'_>, slug: &str) -> Result<Hall, SeatingError> {
    tx.query_opt(sql!("SELECT * FROM seating_hall WHERE slug = $1"), params![slug])?
        .ok_or(SeatingError::NoHall)
}

/// A version of a hall.
///
/// # Errors
/// [`SeatingError::NoHall`].
pub fn drawn(tx: &mut Tx<'_>, slug: &str, version: i64) -> Result<Drawn, SeatingError> {
    tx.query_opt(
        sql!("SELECT source, layout FROM seating_layout WHERE hall = $1 AND version = $2"),
        params![slug, version],
    )?
    .ok_or(SeatingError::NoHall)
}

/// Versions of halls that are kept in memory. A version never changes, so that its id names its bytes for good.
const KEPT: usize = 8;
static VERSIONS: Mutex<VecDeque<(LayoutId, Known)>> = Mutex::new(VecDeque::new());

/// A version of a hall, read once and kept: gates ask for a seat with each scan.
///
/// # Errors
/// [`SeatingError::NoHall`].
pub fn known(tx: &mut Tx<'_>, slug: &str, version: i64) -> Result<Known, SeatingError> {
    let id: Option<LayoutId> = tx.scalar(
        sql!("SELECT id FROM seating_layout WHERE hall = $1 AND version = $2"),
        params![slug, version],
    )?;
    let id = id.ok_or(SeatingError::NoHall)?;
    let kept = |all: &VecDeque<(LayoutId, Known)>| {
        all.iter().find(|(one, _)| *one == id).map(|(_, known)| known.clone())
    };
    if let Some(known) = VERSIONS.lock().ok().and_then(|all| kept(&all)) {
        return Ok(known);
    }
    let known = Known::of(drawn(tx, slug, version)?.layout);
    if let Ok(mut all) = VERSIONS.lock() {
        all.push_front((id, known.clone()));
        all.truncate(KEPT);
    }
    Ok(known)
}

/// All plans, by session.
///
/// # Errors
/// Any [`DbError`].
pub fn plans(tx: &mut Tx<'_>) -> Result<BTreeMap<String, Plan>, DbError> {
    let all: Vec<Plan> = tx.query(sql!("SELECT * FROM seating_plan ORDER BY session"), params![])?;
    Ok(all.into_iter().map(|plan| (plan.session.clone(), plan)).collect())
}

/// The plan of a session.
///
/// # Errors
/// Any [`DbError`].
pub fn plan(tx: &mut Tx<'_>, session: &str) -> Result<Option<Plan>, DbError> {
    tx.query_opt(sql!("SELECT * FROM seating_plan WHERE session = $1"), params![session])
}

/// Who sits where, by the names of places.
///
/// # Errors
/// Any [`DbError`].
pub fn placements(tx: &mut Tx<'_>, session: &str) -> Result<Vec<Placement>, DbError> {
    tx.query(
        sql!("SELECT place, participant, pinned FROM seating_placement WHERE session = $1 ORDER BY place"),
        params![session],
    )
}

/// Whether somebody is seated by a plan: every summoned delegate, and guests where the plan has them.
pub fn is_seated(who: &Participant, guests: bool) -> bool {
    who.is_summoned_delegate() || guests && who.category() == Category::Guest && who.status.is_on_roll()
}

/// What the roll says of somebody, as the rules ask.
pub fn person(who: &Participant) -> Person {
    let mobility = fold(&who.profile.mobility);
    let says = |words: &[&str]| words.iter().any(|word| mobility.contains(word));
    let team = match (who.category(), who.profile.group_no) {
        (Category::Delegate, Some(no)) => Team::Group(no),
        (Category::Delegate, None) => Team::Loose,
        _ => Team::Guests,
    };
    Person {
        code: who.code.clone(),
        team,
        rank: match who.profile.group_role {
            Some(GroupRole::Head) => Rank::Head,
            Some(GroupRole::Deputy) => Rank::Deputy,
            Some(GroupRole::Secretary) => Rank::Secretary,
            Some(GroupRole::Member) | None => Rank::Member,
        },
        presidium: who.profile.organ == Some(Organ::Presidium),
        needs: Needs {
            wheelchair: says(&["xe lan", "wheelchair"]),
            aisle: says(&["loi di", "nang", "gay", "kho di", "aisle", "crutch", "stick"]),
            front: who.profile.large_text || says(&["hang dau", "front"]),
        },
    }
}

/// A plan with its people.
///
/// # Errors
/// [`SeatingError::NoPlan`] when the session has none, [`SeatingError::Attendance`] when there is no such session.
pub fn picture(tx: &mut Tx<'_>, session: &str) -> Result<Picture, SeatingError> {
    let session = roll_call::session(tx, session)?;
    let plan = plan(tx, &session.slug)?.ok_or(SeatingError::NoPlan)?;
    let hall = hall(tx, &plan.hall)?;
    let Known { layout, index, doors } = known(tx, &plan.hall, plan.layout)?;
    let mut held: HashMap<ParticipantId, Placement> =
        placements(tx, &session.slug)?.into_iter().map(|one| (one.participant, one)).collect();
    let (mut people, mut placed, mut off) = (Vec::new(), Vec::new(), Vec::new());
    for who in roll::everybody(tx)? {
        let own = held.remove(&who.id);
        let place = own.as_ref().and_then(|own| index.get(&own.place).copied());
        // Whom somebody has placed by hand is shown too: the press, a technician.
        let waits = who.category() == Category::Delegate && who.profile.alternate;
        let stays = own.is_some() && who.status.is_on_roll() && !waits;
        if is_seated(&who, plan.guests) || stays {
            let pinned = own.is_some_and(|own| own.pinned);
            people.push(Sitter { person: person(&who), pinned, who });
            placed.push(place);
        } else if own.is_some() {
            off.push((who, place));
        }
    }
    let sits: HashSet<ParticipantId> =
        people.iter().zip(&placed).filter(|(_, place)| place.is_some()).map(|(one, _)| one.who.id).collect();
    let mut gone = Vec::with_capacity(off.len());
    for (who, place) in off {
        let comer = heir(tx, who.id)?.filter(|comer| !sits.contains(&comer.id));
        gone.push(Gone { who, place, comer });
    }
    Ok(Picture { session, hall, plan, layout, doors, people, placed, gone })
}

/// Who took somebody's place at the congress: through several replacements the last, who still comes.
///
/// # Errors
/// Any [`DbError`].
pub fn heir(tx: &mut Tx<'_>, leaver: ParticipantId) -> Result<Option<Participant>, DbError> {
    let (mut at, mut seen) = (leaver, HashSet::from([leaver]));
    while let Some(next) = replacing::of(tx, at)?.into_iter().find(|one| one.leaver == at) {
        if !seen.insert(next.comer) {
            break;
        }
        at = next.comer;
    }
    if at == leaver {
        return Ok(None);
    }
    Ok(roll::participant(tx, at)?.filter(Participant::is_summoned_delegate))
}

/// How the delegates of a session stand, by person.
///
/// # Errors
/// [`SeatingError`].
pub fn seen(
    tx: &mut Tx<'_>,
    picture: &Picture,
    until: Timestamp,
) -> Result<HashMap<ParticipantId, Seen>, SeatingError> {
    let all = roll_call::attending(tx, &picture.session, until)?;
    Ok(all.into_iter().map(|one| (one.who.id, Seen::of(&one.standing))).collect())
}

/// A seat as a gate says it: its row and number, and the number of the door that leads there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// `F-12`.
    pub text: String,
    /// The nearest door; none where the hall has no doors.
    pub door: Option<u16>,
}

/// The seats of people in a session whose plan is published; of all of them without `only`.
///
/// # Errors
/// Any [`DbError`].
pub fn seats(
    tx: &mut Tx<'_>,
    session: &str,
    only: Option<ParticipantId>,
) -> Result<HashMap<ParticipantId, Seat>, DbError> {
    let Some(plan) = plan(tx, session)?.filter(|plan| plan.published) else { return Ok(HashMap::new()) };
    let own: Vec<Placement> = match only {
        Some(who) => tx.query(
            sql!(
                "SELECT place, participant, pinned FROM seating_placement WHERE session = $1 AND participant = $2"
            ),
            params![session, who],
        )?,
        None => placements(tx, session)?,
    };
    if own.is_empty() {
        return Ok(HashMap::new());
    }
    let known = match known(tx, &plan.hall, plan.layout) {
        Ok(known) => known,
        Err(SeatingError::Db(error)) => return Err(error),
        Err(_) => return Ok(HashMap::new()),
    };
    Ok(own
        .into_iter()
        .filter_map(|one| {
            let at = *known.index.get(&one.place)?;
            let door = known.doors.get(at).copied().flatten().and_then(|door| known.layout.doors.get(door));
            let text = known.layout.text(known.layout.places.get(at)?);
            Some((one.participant, Seat { text, door: door.map(|door| door.no) }))
        })
        .collect())
}

/// People whom words find: name without diacritics, code, number, or seat. In the order of the roll.
pub fn search<'a>(picture: &'a Picture, words: &str) -> Vec<(&'a Sitter, Option<usize>)> {
    let words = words.trim();
    let seat = fold(words).replace([' ', '-', '.'], "");
    let number = words.trim_start_matches('0');
    let is_number = !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit());
    picture
        .people
        .iter()
        .zip(&picture.placed)
        .filter(|(one, place)| {
            let there = place.and_then(|at| picture.layout.places.get(at));
            let sits = there.is_some_and(|place| fold(&picture.layout.text(place)).replace('-', "") == seat);
            sits || if is_number {
                one.who.number() == number
            } else {
                matches_folded(&format!("{} {}", one.who.profile.name, one.who.code), words)
            }
        })
        .map(|(one, place)| (one, *place))
        .collect()
}

/// Ordinary places, places for wheelchairs and on the stage on which nobody sits, by their place in the layout.
pub fn free(picture: &Picture) -> Vec<usize> {
    let taken = picture.by_place();
    let all = picture.layout.places.iter().enumerate();
    all.filter(|(at, place)| place.kind != Kind::Blocked && !taken.contains_key(at))
        .map(|(at, _)| at)
        .collect()
}

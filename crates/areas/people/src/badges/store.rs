//! What changes badges and zones, as functions over a transaction.

use jiff::civil::{Date, DateTime};
use pass::Grant;
use platform::{
    audit::Event,
    db::{DbError, Done, Receipt, WriteTx},
    i18n::key,
    identity::store::new_id,
    params, sql,
    web::FieldProblem,
};
use rand::RngCore as _;
use rules::badge::{BadgeAct, BadgeState, after, revokes};
use serde_json::json;

use super::{
    BadgeError, REVOCATIONS, TOPIC, keys,
    model::{Badge, BadgeCategory, BadgeId, Zone, ZoneRule, group_of},
    offline, query,
    seal::Seal,
};
use crate::delegates::{
    clean,
    model::{Participant, ParticipantId},
    query as roll,
};

const fn act_name(state: BadgeState) -> &'static str {
    match state {
        BadgeState::Requested => "badge.requested",
        BadgeState::Approved => "badge.approved",
        BadgeState::Printed => "badge.printed",
        BadgeState::Issued => "badge.issued",
        BadgeState::Lost => "badge.lost",
        BadgeState::Replaced => "badge.replaced",
        BadgeState::Recalled => "badge.recalled",
        BadgeState::Returned => "badge.returned",
        BadgeState::Destroyed => "badge.destroyed",
    }
}

/// Writes down what was done to a copy: the row, its history, the list of the revoked.
fn happens(
    tx: &mut WriteTx<'_>,
    badge: &Badge,
    act: BadgeAct,
    reason: &str,
) -> Result<BadgeState, BadgeError> {
    let next = after(badge.state, act).ok_or(BadgeError::State(badge.state.as_str()))?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    let changed = tx.execute(
        sql!("UPDATE badge SET state = $2, changed_at = $3, changed_by = $4 WHERE id = $1 AND state = $5"),
        params![badge.id, next.as_str(), now, by, badge.state.as_str()],
    )?;
    if changed != 1 {
        return Err(BadgeError::State(badge.state.as_str()));
    }
    note(tx, badge.id, next, reason)?;
    if revokes(badge.state, act) {
        revoke(tx, &badge.pass)?;
    }
    Ok(next)
}

fn note(tx: &mut WriteTx<'_>, id: BadgeId, state: BadgeState, reason: &str) -> Result<(), DbError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    let last: Option<i64> =
        tx.scalar(sql!("SELECT COALESCE(MAX(seq), 0) FROM badge_event WHERE badge = $1"), params![id])?;
    tx.execute(
        sql!("INSERT INTO badge_event(badge, seq, state, at, office, reason) VALUES($1, $2, $3, $4, $5, $6)"),
        params![id, last.unwrap_or(0) + 1, state.as_str(), now, by, reason],
    )?;
    Ok(())
}

/// Puts a pass on the list of the revoked. The caller records it with the topic [`REVOCATIONS`].
pub(crate) fn revoke(tx: &mut WriteTx<'_>, pass: &[u8; 6]) -> Result<(), DbError> {
    let last: Option<i64> =
        tx.scalar(sql!("SELECT COALESCE(MAX(sequence), 0) FROM badge_revocation"), params![])?;
    let now = tx.now();
    tx.execute(
        sql!("INSERT INTO badge_revocation(sequence, pass, at) VALUES($1, $2, $3)"),
        params![last.unwrap_or(0) + 1, pass, now],
    )?;
    Ok(())
}

/// The id of a new pass, which nobody can guess.
pub(crate) fn fresh_pass() -> [u8; 6] {
    let mut pass = [0_u8; 6];
    rand::rng().fill_bytes(&mut pass);
    pass
}

/// A new copy for somebody, at a state, with an id that nobody can guess.
fn insert(tx: &mut WriteTx<'_>, one: &Participant, state: BadgeState) -> Result<BadgeId, BadgeError> {
    if query::live(tx, one.id)?.is_some() {
        return Err(BadgeError::HasOne);
    }
    if !one.status.is_on_roll() {
        return Err(BadgeError::OffRoll);
    }
    let category = BadgeCategory::of(one);
    let zones = query::access(tx)?.bits(category);
    let (first, last) = query::days(tx, category)?;
    let copy: Option<i64> =
        tx.scalar(sql!("SELECT COALESCE(MAX(copy), 0) FROM badge WHERE participant = $1"), params![one.id])?;
    let pass = fresh_pass();
    let id = BadgeId(new_id(tx));
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO badge(id, participant, copy, category, zones, first_day, last_day, pass, key_id, code,
               printed_name, printed_group, state, changed_at, changed_by)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL, NULL, $9, $10, $11)"
        ),
        params![
            id,
            one.id,
            copy.unwrap_or(0) + 1,
            category,
            i64::from(zones),
            first,
            last,
            pass,
            state.as_str(),
            now,
            by
        ],
    )?;
    note(tx, id, state, "")?;
    Ok(id)
}

/// Asks for badges for people; those who have one, or have left the roll, are passed over.
///
/// # Errors
/// Any [`DbError`].
pub fn request(tx: &mut WriteTx<'_>, people: &[ParticipantId]) -> Result<Done<usize>, BadgeError> {
    let mut codes = Vec::new();
    for id in people {
        let Some(one) = roll::participant(tx, *id)? else { continue };
        match insert(tx, &one, BadgeState::Requested) {
            Ok(_) => codes.push(one.code),
            Err(BadgeError::HasOne | BadgeError::OffRoll) => {}
            Err(error) => return Err(error),
        }
    }
    if codes.is_empty() {
        return Ok(tx.unchanged(0)?);
    }
    let count = codes.len();
    let event = Event::new("badge.requested", "badge", "many").topic(TOPIC).data(json!({ "codes": codes }));
    Ok(tx.record(event).with(count))
}

/// Approves what was asked for; what is not at that state is passed over. Who asked may not approve.
///
/// # Errors
/// [`BadgeError::SameOffice`].
pub fn approve(tx: &mut WriteTx<'_>, people: &[ParticipantId]) -> Result<Done<usize>, BadgeError> {
    let by = tx.author().office.clone();
    let mut codes = Vec::new();
    for id in people {
        let Some(badge) = query::live(tx, *id)? else { continue };
        if badge.state != BadgeState::Requested {
            continue;
        }
        if badge.changed_by == by {
            return Err(BadgeError::SameOffice);
        }
        happens(tx, &badge, BadgeAct::Approve, "")?;
        codes.extend(roll::participant(tx, *id)?.map(|one| one.code));
    }
    if codes.is_empty() {
        return Ok(tx.unchanged(0)?);
    }
    let count = codes.len();
    let event = Event::new("badge.approved", "badge", "many").topic(TOPIC).data(json!({ "codes": codes }));
    Ok(tx.record(event).with(count))
}

/// Whether an act may be done to a copy, of a badge or of a vehicle's pass: the reason in its stored form, or `None`
/// when a second press of the same button finds its work done.
///
/// # Errors
/// [`BadgeError::State`], [`BadgeError::Reason`], [`BadgeError::SameOffice`].
pub(crate) fn ruled(
    state: BadgeState,
    changed_by: &str,
    act: BadgeAct,
    reason: &str,
    office: &str,
) -> Result<Option<String>, BadgeError> {
    let mut wrong = Vec::new();
    let reason = clean::line("reason", reason, clean::LONGEST, &mut wrong);
    if !wrong.is_empty() {
        return Err(BadgeError::Fields(wrong));
    }
    let done = [BadgeAct::Issue, BadgeAct::Lose, BadgeAct::Return, BadgeAct::Destroy].contains(&act)
        && BadgeState::ALL.into_iter().any(|from| after(from, act) == Some(state));
    if done {
        return Ok(None);
    }
    if after(state, act).is_none() {
        return Err(BadgeError::State(state.as_str()));
    }
    if act.needs_reason() && reason.is_empty() {
        return Err(BadgeError::Reason);
    }
    if act == BadgeAct::Approve && changed_by == office {
        return Err(BadgeError::SameOffice);
    }
    Ok(Some(reason))
}

/// Does one thing to the badge that counts of somebody. Doing what is done already changes nothing.
///
/// # Errors
/// [`BadgeError::NotFound`], [`BadgeError::State`], [`BadgeError::Reason`], [`BadgeError::SameOffice`].
pub fn act(
    tx: &mut WriteTx<'_>,
    id: BadgeId,
    act: BadgeAct,
    reason: &str,
) -> Result<Done<BadgeState>, BadgeError> {
    let badge = query::badge(tx, id)?.ok_or(BadgeError::NotFound)?;
    let office = tx.author().office.clone();
    let Some(reason) = ruled(badge.state, &badge.changed_by, act, reason, &office)? else {
        return Ok(tx.unchanged(badge.state)?);
    };
    if act == BadgeAct::Issue {
        let one = roll::participant(tx, badge.participant)?.ok_or(BadgeError::NotFound)?;
        if !one.status.is_on_roll() {
            return Err(BadgeError::OffRoll);
        }
    }
    let next = happens(tx, &badge, act, &reason)?;
    let mut event = event(act_name(next), id);
    if revokes(badge.state, act) {
        event = event.topic(REVOCATIONS);
    }
    Ok(tx.record(event).with(next))
}

fn event(act: &'static str, id: BadgeId) -> Event {
    Event::new(act, "badge", id).topic(TOPIC).topic(format!("{TOPIC}/{id}"))
}

/// A new copy for somebody whose badge is lost, given back or destroyed. What was approved once needs no second
/// approval; the copy has a new random id.
///
/// # Errors
/// [`BadgeError::NotFound`] when they never had one, [`BadgeError::HasOne`], [`BadgeError::OffRoll`].
pub fn reissue(tx: &mut WriteTx<'_>, of: ParticipantId) -> Result<Done<BadgeId>, BadgeError> {
    let one = roll::participant(tx, of)?.ok_or(BadgeError::NotFound)?;
    if query::copies(tx, of)?.is_empty() {
        return Err(BadgeError::NotFound);
    }
    let id = insert(tx, &one, BadgeState::Approved)?;
    Ok(tx.record(event("badge.reissued", id)).with(id))
}

/// Takes away what somebody's badge opens, because they have no place at the congress any more: a printed one is on
/// the list of the revoked at once, one that was not printed is destroyed. Whether there was one.
///
/// # Errors
/// Any [`DbError`].
pub fn recall(tx: &mut WriteTx<'_>, of: ParticipantId) -> Result<Done<bool>, BadgeError> {
    let Some(badge) = query::live(tx, of)? else { return Ok(tx.unchanged(false)?) };
    let opens = badge.state.opens();
    let next = happens(tx, &badge, if opens { BadgeAct::Recall } else { BadgeAct::Destroy }, "")?;
    let mut event = event(act_name(next), badge.id);
    if opens {
        event = event.topic(REVOCATIONS);
    }
    Ok(tx.record(event).with(true))
}

/// Signs what is to be printed. An approved copy becomes printed; of one that was printed before, a new copy is made
/// and the earlier is revoked. Everything else is passed over. The ids are of the copies to be printed.
///
/// # Errors
/// [`BadgeError::NoKey`], [`BadgeError::Seal`].
pub fn print(
    tx: &mut WriteTx<'_>,
    seal: &Seal,
    people: &[ParticipantId],
) -> Result<Done<Vec<BadgeId>>, BadgeError> {
    let mut out = Vec::new();
    let mut killed = false;
    for id in people {
        let Some(mut badge) = query::live(tx, *id)? else { continue };
        let Some(one) = roll::participant(tx, *id)? else { continue };
        if badge.state == BadgeState::Requested || !one.status.is_on_roll() {
            continue;
        }
        if badge.state.opens() {
            happens(tx, &badge, BadgeAct::Replace, "")?;
            killed = true;
            let new = insert(tx, &one, BadgeState::Approved)?;
            badge = query::badge(tx, new)?.ok_or(BadgeError::NotFound)?;
        } else {
            // What the roll and the matrix say at the moment of printing is what is printed.
            refresh(tx, &mut badge, &one)?;
        }
        // A code that was signed elsewhere is printed as it is, as long as it says what is true now.
        let what = offline::current(tx, &badge, &one)?;
        let list = keys::list(tx)?;
        match badge.code.clone() {
            Some(code) if offline::says(&list, &code, &what)? => keep(tx, &list, &badge, &one, &code)?,
            _ => sign(tx, seal, &badge, &one)?,
        }
        happens(tx, &badge, BadgeAct::Print, "")?;
        out.push(badge.id);
    }
    if out.is_empty() {
        return Ok(tx.unchanged(out)?);
    }
    let mut event = Event::new("badge.printed", "badge", "many").topic(TOPIC).data(json!({ "badges": out }));
    if killed {
        event = event.topic(REVOCATIONS);
    }
    Ok(tx.record(event).with(out))
}

fn refresh(tx: &mut WriteTx<'_>, badge: &mut Badge, one: &Participant) -> Result<(), BadgeError> {
    badge.category = BadgeCategory::of(one);
    badge.zones = query::access(tx)?.bits(badge.category);
    (badge.first_day, badge.last_day) = query::days(tx, badge.category)?;
    tx.execute(
        sql!("UPDATE badge SET category = $2, zones = $3, first_day = $4, last_day = $5 WHERE id = $1"),
        params![badge.id, badge.category, i64::from(badge.zones), badge.first_day, badge.last_day],
    )?;
    Ok(())
}

fn sign(tx: &mut WriteTx<'_>, seal: &Seal, badge: &Badge, one: &Participant) -> Result<(), BadgeError> {
    let (code, key_id) = signed(
        tx,
        seal,
        &Unsigned {
            pass: badge.pass,
            category: badge.category,
            zones: badge.zones,
            first_day: badge.first_day,
            last_day: badge.last_day,
        },
    )?;
    tx.execute(
        sql!("UPDATE badge SET code = $2, key_id = $3, printed_name = $4, printed_group = $5 WHERE id = $1"),
        params![badge.id, code, key_id, one.profile.name, group_of(one)],
    )?;
    Ok(())
}

/// Signs the copy of somebody that a printer is about to be sent, without marking it as printed: a printer that takes
/// nothing leaves it as it was, and the same code is sent again. Of one that is out, a new copy is made and the earlier
/// is revoked first.
///
/// # Errors
/// [`BadgeError::State`] when there is no approved copy, [`BadgeError::OffRoll`], [`BadgeError::NoKey`],
/// [`BadgeError::Seal`].
pub fn ready(tx: &mut WriteTx<'_>, seal: &Seal, of: ParticipantId) -> Result<Done<BadgeId>, BadgeError> {
    let one = roll::participant(tx, of)?.ok_or(BadgeError::NotFound)?;
    let mut badge = query::live(tx, of)?.ok_or(BadgeError::NotFound)?;
    if badge.state == BadgeState::Requested {
        return Err(BadgeError::State(badge.state.as_str()));
    }
    if !one.status.is_on_roll() {
        return Err(BadgeError::OffRoll);
    }
    let killed = badge.state.opens();
    if killed {
        happens(tx, &badge, BadgeAct::Replace, "")?;
        let new = insert(tx, &one, BadgeState::Approved)?;
        badge = query::badge(tx, new)?.ok_or(BadgeError::NotFound)?;
    }
    refresh(tx, &mut badge, &one)?;
    let (what, list) = (offline::current(tx, &badge, &one)?, keys::list(tx)?);
    match badge.code.clone() {
        Some(code) if offline::says(&list, &code, &what)? => keep(tx, &list, &badge, &one, &code)?,
        _ => sign(tx, seal, &badge, &one)?,
    }
    let mut event = event("badge.signed", badge.id);
    if killed {
        event = event.topic(REVOCATIONS);
    }
    Ok(tx.record(event).with(badge.id))
}

/// Keeps a code that was signed elsewhere as the one that is printed.
fn keep(
    tx: &mut WriteTx<'_>,
    list: &pass::KeyList,
    badge: &Badge,
    one: &Participant,
    code: &str,
) -> Result<(), BadgeError> {
    let first = keys::day(badge.first_day).ok_or(BadgeError::Days)?;
    let read = pass::read(code, first, list, &pass::Revocations::default());
    let key_id = read.ok().map(|pass| pass.key);
    tx.execute(
        sql!("UPDATE badge SET code = $2, key_id = $3, printed_name = $4, printed_group = $5 WHERE id = $1"),
        params![badge.id, code, key_id, one.profile.name, group_of(one)],
    )?;
    Ok(())
}

/// What a pass says before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsigned {
    /// Its random id.
    pub(crate) pass: [u8; 6],
    /// The category.
    pub(crate) category: BadgeCategory,
    /// The zones it opens.
    pub(crate) zones: u16,
    /// The first day.
    pub(crate) first_day: Date,
    /// The last.
    pub(crate) last_day: Date,
}

impl Unsigned {
    /// What it grants.
    ///
    /// # Errors
    /// [`BadgeError::Days`].
    pub(crate) fn grant(&self) -> Result<Grant, BadgeError> {
        let days = keys::day(self.first_day).zip(keys::day(self.last_day));
        let (first, last) = days.ok_or(BadgeError::Days)?;
        Ok(Grant {
            id: self.pass,
            category: self.category.number(),
            zones: self.zones,
            first,
            last,
            name: None,
        })
    }
}

/// Signs a pass with the newest key that counts on its days: the digits, and the number of the key.
///
/// # Errors
/// [`BadgeError::NoKey`], [`BadgeError::Seal`], [`BadgeError::Days`].
pub(crate) fn signed(
    tx: &mut WriteTx<'_>,
    seal: &Seal,
    what: &Unsigned,
) -> Result<(String, Option<u8>), BadgeError> {
    let signer = keys::signer(tx, seal, what.first_day, what.last_day)?;
    let code = signer.issue(keys::mark(tx)?, &what.grant()?).map_err(|_| BadgeError::Days)?;
    let key_id = keys::keys(tx)?.into_iter().find(|key| key.public == signer.public()).map(|key| key.id);
    Ok((code, key_id))
}

/// Zones and rules as they shall be.
#[derive(Debug, Clone, Default)]
pub struct NewAccess {
    /// The zones.
    pub zones: Vec<Zone>,
    /// Who may enter them when.
    pub rules: Vec<ZoneRule>,
}

/// Replaces zones and rules. Badges that are out keep the zones they were signed with.
///
/// # Errors
/// [`BadgeError::Fields`].
pub fn save_access(tx: &mut WriteTx<'_>, new: &NewAccess) -> Result<Receipt, BadgeError> {
    let mut wrong = Vec::new();
    let mut named = Vec::new();
    for zone in &new.zones {
        let name = clean::line("name", &zone.name, 60, &mut wrong);
        if zone.bit > 15 || name.is_empty() || print::badge::icon_svg(&zone.icon).is_none() {
            wrong.push(FieldProblem::new(format!("name-{}", zone.bit), key("badges-error-zone")));
        }
        named.push(Zone { name, ..zone.clone() });
    }
    for rule in &new.rules {
        if let (Some(from), Some(to)) = (rule.from_at, rule.to_at)
            && from >= to
        {
            let field = format!("to-{}-{}", rule.category, rule.bit);
            wrong.push(FieldProblem::new(field, key("badges-error-window")));
        }
    }
    if !wrong.is_empty() {
        return Err(BadgeError::Fields(wrong));
    }
    tx.execute(sql!("DELETE FROM badge_rule"), params![])?;
    tx.execute(sql!("DELETE FROM badge_zone"), params![])?;
    for zone in &named {
        tx.execute(
            sql!("INSERT INTO badge_zone(bit, name, icon) VALUES($1, $2, $3)"),
            params![i64::from(zone.bit), zone.name, zone.icon],
        )?;
    }
    for rule in new.rules.iter().filter(|rule| named.iter().any(|zone| zone.bit == rule.bit)) {
        tx.execute(
            sql!("INSERT INTO badge_rule(category, bit, from_at, to_at) VALUES($1, $2, $3, $4)"),
            params![rule.category, i64::from(rule.bit), rule.from_at, rule.to_at],
        )?;
    }
    Ok(tx.record(Event::new("badge.rules_saved", "badge_zone", "all").topic(TOPIC).topic(REVOCATIONS)))
}

/// A local moment as a browser's field sends it; none for an empty one.
///
/// # Errors
/// What was typed, when it is no moment.
pub fn moment(text: &str) -> Result<Option<DateTime>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.trim().parse().map(Some).map_err(|_| text.to_owned())
}

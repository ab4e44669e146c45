//! What reads badges.

use std::collections::HashMap;

use jiff::civil::Date;
use pass::Revocations;
use platform::{
    clock, congress,
    db::{DbError, Row, Tx},
    params, sql,
};
use rules::{badge::BadgeState, text::matches_folded};

use super::{
    model::{Access, Badge, BadgeCategory, BadgeId, Happened, Zone, ZoneRule},
    usual,
};
use crate::delegates::{
    model::{Participant, ParticipantId},
    query as roll,
};

/// One copy.
///
/// # Errors
/// Any [`DbError`].
pub fn badge(tx: &mut Tx<'_>, id: BadgeId) -> Result<Option<Badge>, DbError> {
    tx.query_opt(sql!("SELECT * FROM badge WHERE id = $1"), params![id])
}

/// The copy with this pass.
///
/// # Errors
/// Any [`DbError`].
pub fn by_pass(tx: &mut Tx<'_>, pass: &[u8; 6]) -> Result<Option<Badge>, DbError> {
    tx.query_opt(sql!("SELECT * FROM badge WHERE pass = $1"), params![pass])
}

/// All copies of somebody, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn copies(tx: &mut Tx<'_>, of: ParticipantId) -> Result<Vec<Badge>, DbError> {
    tx.query(sql!("SELECT * FROM badge WHERE participant = $1 ORDER BY copy DESC"), params![of])
}

/// The one live badge of somebody.
///
/// # Errors
/// Any [`DbError`].
pub fn live(tx: &mut Tx<'_>, of: ParticipantId) -> Result<Option<Badge>, DbError> {
    tx.query_opt(
        sql!(
            "SELECT * FROM badge WHERE participant = $1 AND state IN ('de_nghi', 'da_duyet', 'da_in', 'da_phat')"
        ),
        params![of],
    )
}

/// What was done to the copies of somebody, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn history(tx: &mut Tx<'_>, of: ParticipantId) -> Result<Vec<Happened>, DbError> {
    tx.query(
        sql!(
            "SELECT e.badge, e.seq, e.state, e.at, e.office, e.reason FROM badge_event e JOIN badge b ON b.id = e.badge
              WHERE b.participant = $1 ORDER BY e.at DESC, b.copy DESC, e.seq DESC"
        ),
        params![of],
    )
}

/// Zones and rules: the usual ones until somebody changes them.
///
/// # Errors
/// Any [`DbError`].
pub fn access(tx: &mut Tx<'_>) -> Result<Access, DbError> {
    let zones: Vec<Zone> =
        tx.query(sql!("SELECT bit, name, icon FROM badge_zone ORDER BY bit"), params![])?;
    if zones.is_empty() {
        return Ok(usual::access());
    }
    let rules: Vec<ZoneRule> = tx.query(
        sql!("SELECT category, bit, from_at, to_at FROM badge_rule ORDER BY category, bit"),
        params![],
    )?;
    Ok(Access { zones, rules })
}

/// The list of the revoked as gates have it.
///
/// # Errors
/// Any [`DbError`].
pub fn revocations(tx: &mut Tx<'_>) -> Result<Revocations, DbError> {
    let rows: Vec<Row> = tx.query(sql!("SELECT pass FROM badge_revocation ORDER BY sequence"), params![])?;
    let mut list = Revocations::default();
    for row in &rows {
        list.revoke(row.get("pass")?);
    }
    Ok(list)
}

/// Somebody and the copy that counts: the live one, or the newest.
#[derive(Debug, Clone)]
pub struct Line {
    /// Who.
    pub person: Participant,
    /// The copy; none was ever asked for.
    pub badge: Option<Badge>,
}

/// What a list asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of name, code or position.
    pub words: String,
    /// Only this category of badge.
    pub category: Option<BadgeCategory>,
    /// Only this state.
    pub state: Option<BadgeState>,
    /// Only those without any badge.
    pub without: bool,
    /// Only this group.
    pub group: Option<u16>,
    /// Only those that do not agree with the roll.
    pub mismatched: bool,
}

impl Filter {
    /// Whether it picks a line.
    pub fn picks(&self, line: &Line) -> bool {
        let (person, badge) = (&line.person, line.badge.as_ref());
        self.category.is_none_or(|wanted| BadgeCategory::of(person) == wanted)
            && self.state.is_none_or(|wanted| badge.is_some_and(|badge| badge.state == wanted))
            && (!self.without || badge.is_none())
            && self.group.is_none_or(|wanted| person.profile.group_no == Some(wanted))
            && (!self.mismatched || badge.is_some_and(|badge| !badge.mismatches(person).is_empty()))
            && (self.words.trim().is_empty()
                || matches_folded(
                    &format!("{} {} {}", person.profile.name, person.code, person.profile.position),
                    &self.words,
                ))
    }
}

/// The newest copy of everybody who ever had one.
///
/// # Errors
/// Any [`DbError`].
pub fn newest(tx: &mut Tx<'_>) -> Result<HashMap<ParticipantId, Badge>, DbError> {
    let all: Vec<Badge> = tx.query(sql!("SELECT * FROM badge ORDER BY participant, copy"), params![])?;
    Ok(all.into_iter().map(|badge| (badge.participant, badge)).collect())
}

/// Everybody on the roll, and those who left it with a badge: with the copy that counts.
///
/// # Errors
/// Any [`DbError`].
pub fn lines(tx: &mut Tx<'_>) -> Result<Vec<Line>, DbError> {
    let mut newest = newest(tx)?;
    let people = roll::everybody(tx)?;
    Ok(people
        .into_iter()
        .filter_map(|person| {
            let badge = newest.remove(&person.id);
            let waits = person.profile.alternate && badge.is_none();
            ((person.status.is_on_roll() && !waits) || badge.is_some()).then_some(Line { person, badge })
        })
        .collect())
}

/// The days of the badges of a category.
///
/// # Errors
/// Any [`DbError`].
pub fn days(tx: &mut Tx<'_>, category: BadgeCategory) -> Result<(Date, Date), DbError> {
    let congress = congress::store::find(tx)?;
    let today = clock::local(tx.now()).date();
    let (first, last) = congress.map_or((today, today), |it| (it.preparatory_on, it.closing_on));
    let (before, after) = category.days_around();
    let moved = |date: Date, days: i8| date.checked_add(jiff::Span::new().days(days)).unwrap_or(date);
    Ok((moved(first, -before), moved(last, after)))
}

/// How many copies came to each state on a day, and how many stand there at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    /// The state.
    pub state: BadgeState,
    /// Came to it on the day.
    pub moved: usize,
    /// Stood there at the end of the day.
    pub stands: usize,
}

/// The reconciliation of a day: every copy that existed at its end stands in one state.
///
/// # Errors
/// Any [`DbError`].
pub fn day(tx: &mut Tx<'_>, on: Date) -> Result<(Vec<DayCount>, Vec<Happened>), DbError> {
    let begin = clock::instant(on.at(0, 0, 0, 0));
    let end = clock::instant(on.tomorrow().unwrap_or(on).at(0, 0, 0, 0));
    let all: Vec<Happened> = tx.query(
        sql!(
            "SELECT badge, seq, state, at, office, reason FROM badge_event WHERE at < $1 ORDER BY badge, seq"
        ),
        params![end],
    )?;
    let mut at_end: HashMap<BadgeId, String> = HashMap::new();
    for one in &all {
        at_end.insert(one.badge, one.state.clone());
    }
    let counts = BadgeState::ALL
        .into_iter()
        .map(|state| DayCount {
            state,
            moved: all.iter().filter(|one| one.at >= begin && one.state == state.as_str()).count(),
            stands: at_end.values().filter(|name| name.as_str() == state.as_str()).count(),
        })
        .collect();
    let today = all.into_iter().filter(|one| one.at >= begin).collect();
    Ok((counts, today))
}

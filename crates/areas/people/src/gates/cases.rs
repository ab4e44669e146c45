//! Conflicts of a session: read from what gates and desks wrote down, owned and ended by somebody.
//!
//! A conflict is never stored, so it is there as long as what it is made of is, and gone when a void or a late scan
//! explains it. What is stored is what somebody did about it.

use std::collections::HashMap;

use jiff::Timestamp;
use platform::{
    audit::Event as Record,
    db::{DbError, Done, Row, Tx, WriteTx},
    i18n::key,
    names, params, row, sql,
    web::FieldProblem,
};
use rules::{
    attendance as rule,
    gate::{Conflict, Passage, Way, conflicts},
};
use serde_json::json;

use super::{
    GateError,
    model::{Mode, Scan},
};
use crate::{
    attendance::{
        TOPIC as ATTENDANCE,
        model::{Event, EventId, Mark, NewMark},
        query as roll_call, store as roll_call_store,
    },
    delegates::{
        clean,
        model::{Participant, ParticipantId},
        query as roll,
    },
};

/// What a scan says of an event besides the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The device.
    pub place: String,
    /// Decided by the lane alone.
    pub isolated: bool,
    /// The lane was the home of the pass.
    pub home: bool,
    /// By a supervisor.
    pub overridden: bool,
}

fn fact(row: &Row) -> Result<(EventId, Fact), DbError> {
    Ok((
        row.get("id")?,
        Fact {
            place: row.get("device")?,
            isolated: row.get::<Mode>("mode")? == Mode::Isolated,
            home: row.get("home")?,
            overridden: row.get("overridden")?,
        },
    ))
}

/// What scans say of the events of a session.
///
/// # Errors
/// Any [`DbError`].
pub fn facts(tx: &mut Tx<'_>, session: &str) -> Result<HashMap<EventId, Fact>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!("SELECT id, device, mode, home, overridden FROM gate_scan WHERE session = $1 AND has_event = 1"),
        params![session],
    )?;
    rows.iter().map(fact).collect()
}

/// What scans say of the events of one person in a session.
///
/// # Errors
/// Any [`DbError`].
pub fn facts_of(
    tx: &mut Tx<'_>,
    session: &str,
    who: ParticipantId,
) -> Result<HashMap<EventId, Fact>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT s.id, s.device, s.mode, s.home, s.overridden FROM attendance_event e JOIN gate_scan s ON s.id = e.id
              WHERE e.session = $1 AND e.participant = $2"
        ),
        params![session, who],
    )?;
    rows.iter().map(fact).collect()
}

/// Events of one person as the look for conflicts sees them: the void ones left out.
pub fn passages(events: &[Event], facts: &HashMap<EventId, Fact>) -> Vec<Passage<EventId>> {
    let counted: Vec<_> = events.iter().map(Event::counted).collect();
    let void = rule::voided(&counted);
    events
        .iter()
        .filter(|event| !void.contains(&event.id))
        .filter_map(|event| {
            let way = match event.kind {
                Mark::In => Way::In,
                Mark::Out | Mark::Leave => Way::Out,
                Mark::Void => return None,
            };
            let fact = facts.get(&event.id);
            Some(Passage {
                id: event.id,
                way,
                at: event.at,
                place: fact.map_or_else(String::new, |fact| fact.place.clone()),
                isolated: fact.is_some_and(|fact| fact.isolated),
                home: fact.is_none_or(|fact| fact.home),
                overridden: fact.is_some_and(|fact| fact.overridden),
            })
        })
        .collect()
}

names! {
    /// What does not fit.
    CaseKind {
        /// Một người vào hai cổng.
        DoubleEntry = "vao_hai_lan",
        /// Thẻ đã khóa từ trước khi quét.
        Revoked = "the_da_khoa",
        /// Không còn trong danh sách.
        Replaced = "khong_con_trong_danh_sach",
        /// Cổng cô lập cho vào thẻ của cổng khác.
        NotHome = "khong_dung_cong",
        /// Mã không có trong hệ thống.
        Unknown = "khong_ro_ma",
    }
}

names! {
    /// How a conflict ended.
    Resolution {
        /// Đúng người, giữ nguyên.
        Stands = "giu_nguyen",
        /// Lần quét này không tính.
        Void = "khong_tinh",
        /// Chuyển bộ phận an ninh.
        Security = "chuyen_an_ninh",
    }
}

impl CaseKind {
    /// How such a conflict may end.
    pub fn resolutions(self) -> &'static [Resolution] {
        match self {
            Self::Unknown | Self::Replaced => &[Resolution::Void, Resolution::Security],
            _ => Resolution::ALL,
        }
    }
}

row! {
    /// What somebody did about a conflict.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Handled {
        /// The scan.
        pub scan: EventId,
        /// What did not fit.
        pub kind: CaseKind,
        /// The office that looks after it.
        pub owner: String,
        /// How it ended.
        pub resolution: Option<Resolution>,
        /// What was found.
        pub note: String,
        /// When.
        pub at: Timestamp,
        /// By which office.
        pub by_office: String,
        /// Grows with each change.
        pub version: i64,
    }
}

/// A conflict with everything that a board shows.
#[derive(Debug, Clone)]
pub struct Case {
    /// What does not fit.
    pub kind: CaseKind,
    /// The scan that does not.
    pub scan: Scan,
    /// The entry that it contradicts: when, at which gate or desk, how.
    pub other: Option<Event>,
    /// Who.
    pub who: Option<Participant>,
    /// What somebody did.
    pub handled: Option<Handled>,
}

impl Case {
    /// Whether it has not ended.
    pub fn is_open(&self) -> bool {
        self.handled.as_ref().is_none_or(|handled| handled.resolution.is_none())
    }
}

/// The conflicts of a session: the open ones first, then by instant.
///
/// # Errors
/// Any [`DbError`].
pub fn of_session(tx: &mut Tx<'_>, session: &str) -> Result<Vec<Case>, DbError> {
    let scans: Vec<Scan> =
        tx.query(sql!("SELECT * FROM gate_scan WHERE session = $1 AND opened = 1"), params![session])?;
    let handled: Vec<Handled> = tx.query(
        sql!("SELECT c.* FROM gate_case c JOIN gate_scan s ON s.id = c.scan WHERE s.session = $1"),
        params![session],
    )?;
    let mut handled: HashMap<(EventId, CaseKind), Handled> =
        handled.into_iter().map(|one| ((one.scan, one.kind), one)).collect();
    let facts = facts(tx, session)?;
    let events = roll_call::events(tx, session)?;
    let mut found: Vec<(CaseKind, EventId, Option<Event>)> = Vec::new();
    for own in events.values() {
        if !own.iter().any(|event| facts.get(&event.id).is_some_and(|fact| fact.isolated)) {
            continue;
        }
        for conflict in conflicts(&passages(own, &facts)) {
            match conflict {
                Conflict::DoubleEntry { first, second } => {
                    let event = |id| own.iter().find(|event| event.id == id).cloned();
                    // The later may be a desk, which is no scan: then the scan is the other one.
                    let (scan, other) = if facts.contains_key(&second) {
                        (second, event(first))
                    } else {
                        (first, event(second))
                    };
                    found.push((CaseKind::DoubleEntry, scan, other));
                }
                Conflict::NotHome { entry } => found.push((CaseKind::NotHome, entry, None)),
            }
        }
    }
    for scan in &scans {
        if scan.mode == Mode::Isolated && scan.kind == Mark::In {
            let kind = match scan.verdict.as_str() {
                "revoked" => CaseKind::Revoked,
                "replaced" => CaseKind::Replaced,
                "unknown" => CaseKind::Unknown,
                _ => continue,
            };
            found.push((kind, scan.id, None));
        }
    }
    // What was ended as not counting is void now and no conflict any more; it stays on the board as ended.
    for (scan, kind) in handled.keys() {
        if !found.iter().any(|(known, id, _)| id == scan && known == kind) {
            found.push((*kind, *scan, None));
        }
    }
    let by_id: HashMap<EventId, Scan> = scans.into_iter().map(|scan| (scan.id, scan)).collect();
    let mut out = Vec::with_capacity(found.len());
    for (kind, id, other) in found {
        let Some(scan) = by_id.get(&id).cloned() else { continue };
        let who = match scan.participant {
            Some(who) => roll::participant(tx, who)?,
            None => None,
        };
        out.push(Case { kind, other, who, handled: handled.remove(&(id, kind)), scan });
    }
    out.sort_by_key(|case| (!case.is_open(), case.scan.at, case.scan.id, case.kind));
    Ok(out)
}

/// What somebody does about a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The scan.
    pub scan: EventId,
    /// What did not fit.
    pub kind: CaseKind,
    /// The version that was seen; 0 when nobody had done anything.
    pub version: i64,
    /// How it ends; `None` to look after it.
    pub resolution: Option<Resolution>,
    /// What was found.
    pub note: String,
}

/// Takes a conflict over, or ends it. Ended as standing, an entry that was held back counts from now on; ended as not
/// counting, its event is void. Both are events of their own: nothing is changed.
///
/// # Errors
/// [`GateError::NotFound`], [`GateError::Conflict`], [`GateError::Fields`], [`GateError::Attendance`].
pub fn decide(tx: &mut WriteTx<'_>, session: &str, given: &Decision) -> Result<Done<()>, GateError> {
    let mut wrong = Vec::new();
    let note = clean::line("note", &given.note, 300, &mut wrong);
    if given.resolution.is_some() && note.is_empty() {
        wrong.push(FieldProblem::new("note", key("gates-error-note")));
    }
    if !wrong.is_empty() {
        return Err(GateError::Fields(wrong));
    }
    roll_call::session(tx, session)?;
    let all = of_session(tx, session)?;
    let case = all.into_iter().find(|case| (case.scan.id, case.kind) == (given.scan, given.kind));
    let case = case.ok_or(GateError::NotFound)?;
    if !case.is_open() || case.handled.as_ref().map_or(0, |handled| handled.version) != given.version {
        return Err(GateError::Conflict);
    }
    if given.resolution.is_some_and(|resolution| !given.kind.resolutions().contains(&resolution)) {
        return Err(GateError::Fields(vec![FieldProblem::new("resolution", key("gates-error-resolution"))]));
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    let owner = match (&case.handled, given.resolution) {
        (Some(handled), Some(_)) => handled.owner.clone(),
        _ => by.clone(),
    };
    tx.execute(
        sql!(
            "INSERT INTO gate_case(scan, kind, owner, resolution, note, at, by_office, version)
             VALUES($1, $2, $3, $4, $5, $6, $7, 1)
             ON CONFLICT(scan, kind) DO UPDATE SET owner = excluded.owner, resolution = excluded.resolution,
               note = excluded.note, at = excluded.at, by_office = excluded.by_office, version = gate_case.version + 1"
        ),
        params![given.scan, given.kind, owner, given.resolution, note, now, by],
    )?;
    if let (Some(resolution), Some(who)) = (given.resolution, case.scan.participant) {
        let held_back = given.kind == CaseKind::Revoked;
        let mark = match resolution {
            Resolution::Stands if held_back => Some(NewMark {
                method: case.scan.method,
                gate: case.scan.gate.clone(),
                at: Some(case.scan.at),
                device: Some((format!("mau-thuan:{}", case.scan.device), case.scan.seq)),
                ..NewMark::by_hand(Mark::In, note.clone())
            }),
            Resolution::Void if case.scan.has_event => {
                let void = Mark::Void;
                Some(NewMark { voids: Some(case.scan.id), ..NewMark::by_hand(void, note.clone()) })
            }
            _ => None,
        };
        if let Some(mark) = mark {
            match roll_call_store::mark(tx, session, who, &mark) {
                // Somebody took it back meanwhile: that is what was wanted.
                Ok(_) | Err(crate::attendance::AttendanceError::NothingToVoid) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    let act = if given.resolution.is_some() { "gate.case_ended" } else { "gate.case_taken" };
    let event = Record::new(act, "gate_scan", given.scan)
        .topic(ATTENDANCE)
        .topic(format!("{ATTENDANCE}/{session}"))
        .data(json!({ "session": session, "kind": given.kind, "resolution": given.resolution }));
    Ok(tx.record(event).with(()))
}

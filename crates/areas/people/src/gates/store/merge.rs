//! What devices scanned: decided now, or taken in as it was decided without a network.
//!
//! One transaction for a batch. What a batch needs is read set by set before the first scan, so five thousand scans
//! cost a handful of queries and their own rows; a batch of one reads one person. The same scan again, by its device
//! and number, changes nothing and is told what it was told before; half a batch, or batches out of order, end in the
//! same state.

mod book;
mod lines;

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use pass::{Refusal, Revocations};
use platform::{
    audit::Event as Record,
    clock,
    db::{Done, Tx, WriteTx},
    identity::store::new_id,
    params, row, sql,
};
use rules::{
    attendance as rule,
    gate::{Conflict, Copy, Facts, Lane, Way, conflicts, decide},
};
use serde_json::json;

use self::book::{Book, Found, find, id_of};
use crate::{
    attendance::{
        TOPIC as ATTENDANCE,
        model::{Event, EventId, Mark, Session},
    },
    badges::keys,
    delegates::{clean, model::ParticipantId},
    gates::{
        GateError, cases,
        heard::Heard,
        model::{Device, Gate, Mode, ScanIn, ScanOut, session_at},
        query::{self, Move},
        scene::Scene,
    },
};

/// The most scans of one batch.
pub const MOST: usize = 5_000;
row! {
    struct Before {
        id: EventId,
        seq: u64,
        session: Option<String>,
        participant: Option<ParticipantId>,
        kind: Mark,
        verdict: String,
        has_event: bool,
        voids: Option<u64>,
        reason: String,
        at: Timestamp,
    }
}

/// A void that came before what it takes back.
const WAITING: &str = "waiting";

struct Merge<'a> {
    device: &'a Device,
    gate: &'a Gate,
    book: Book,
    before: HashMap<u64, Before>,
    waiting: HashMap<u64, (u64, EventId, String, Timestamp)>,
    sessions: BTreeSet<String>,
    kept: u64,
    conflicts: u64,
    /// Whom the last scan was about.
    about: Option<About>,
}

/// Whom a scan was about.
#[derive(Debug, Clone, Copy)]
struct About {
    who: ParticipantId,
    pass: Option<[u8; 6]>,
    /// Whether they came or went by it.
    moved: bool,
}

/// A batch that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// What became of each scan, in its place. A batch of one tells the person too.
    pub results: Vec<ScanOut>,
    /// Of a batch of one: how the holder of the pass stands now.
    pub moved: Option<Move>,
}

/// What is kept of one scan.
struct Line<'a> {
    id: EventId,
    scan: &'a ScanIn,
    at: Timestamp,
    session: Option<String>,
    who: Option<ParticipantId>,
    pass: Option<[u8; 6]>,
    home: bool,
    opened: bool,
    verdict: String,
    reason: String,
    event: bool,
}

/// Takes in a batch of one device and answers each scan in its place.
///
/// # Errors
/// [`GateError::TooMany`]; any [`platform::db::DbError`].
pub fn merge(
    tx: &mut WriteTx<'_>,
    (scene, gate, device): (&Scene, &Gate, &Device),
    heard: &Heard,
    scans: &[ScanIn],
) -> Result<Done<Merged>, GateError> {
    if scans.len() > MOST {
        return Err(GateError::TooMany(MOST));
    }
    let book = Book::open(tx, (scene, gate), heard, scans.len())?;
    let (least, most) = scans.iter().fold((u64::MAX, 0), |(least, most), scan| {
        let named = scan.voids.unwrap_or(scan.seq);
        (least.min(scan.seq).min(named), most.max(scan.seq).max(named))
    });
    let before: Vec<Before> = tx.query(
        sql!(
            "SELECT id, seq, session, participant, kind, verdict, has_event, voids, reason, at FROM gate_scan
              WHERE device = $1 AND seq BETWEEN $2 AND $3"
        ),
        params![device.id, least, most],
    )?;
    let waiting: Vec<Before> = tx.query(
        sql!(
            "SELECT id, seq, session, participant, kind, verdict, has_event, voids, reason, at FROM gate_scan
              WHERE device = $1 AND voids BETWEEN $2 AND $3 AND verdict = 'waiting'"
        ),
        params![device.id, least, most],
    )?;
    let mut merge = Merge {
        device,
        gate,
        book,
        before: before.into_iter().map(|one| (one.seq, one)).collect(),
        waiting: waiting
            .into_iter()
            .filter_map(|one| Some((one.voids?, (one.seq, one.id, one.reason, one.at))))
            .collect(),
        sessions: BTreeSet::new(),
        kept: 0,
        conflicts: 0,
        about: None,
    };
    let mut order: Vec<usize> = (0..scans.len()).collect();
    order.sort_by_key(|at| scans.get(*at).map(|scan| scan.seq));
    let mut out: Vec<Option<ScanOut>> = vec![None; scans.len()];
    for at in order {
        if let (Some(scan), Some(place)) = (scans.get(at), out.get_mut(at)) {
            *place = Some(merge.one(tx, scan)?);
        }
    }
    let mut out = Merged { results: out.into_iter().flatten().collect(), moved: None };
    if let [one] = out.results.as_mut_slice() {
        out.moved = merge.show(tx, one)?;
    }
    if merge.kept == 0 {
        return Ok(tx.unchanged(out)?);
    }
    let mut event = Record::new("gate.merged", "gate", &gate.slug)
        .topic(ATTENDANCE)
        .data(json!({ "device": device.id, "scans": merge.kept, "conflicts": merge.conflicts }));
    for session in &merge.sessions {
        event = event.topic(format!("{ATTENDANCE}/{session}"));
    }
    Ok(tx.record(event).with(out))
}

impl Merge<'_> {
    /// Puts the person of the only scan beside its verdict.
    fn show(&mut self, tx: &mut WriteTx<'_>, out: &mut ScanOut) -> Result<Option<Move>, GateError> {
        let Some(About { who, pass, moved }) = self.about else { return Ok(None) };
        let Some(person) = self.book.person(tx, who)? else { return Ok(None) };
        let now = self.book.now;
        let session = session_at(&self.book.sessions, now).cloned();
        let events = match &session {
            Some(session) => &self.book.story(tx, &session.slug, who)?.events[..],
            None => &[],
        };
        let card = query::card(&self.gate.slug, &person, session.as_ref(), events, now);
        let card = query::seated(tx, session.as_ref(), who, card)?;
        let inside = card.inside;
        out.card = Some(card);
        if !moved {
            return Ok(None);
        }
        let pass = match pass {
            Some(pass) => Some(pass),
            None => self.book.live(tx, who)?,
        };
        Ok(pass.map(|pass| (pass, inside)))
    }

    fn one(&mut self, tx: &mut WriteTx<'_>, scan: &ScanIn) -> Result<ScanOut, GateError> {
        if let Some(before) = self.before.get(&scan.seq) {
            let mut out = ScanOut::new(scan.seq, "duplicate");
            out.was = Some(before.verdict.clone());
            self.about = before.participant.map(|who| About { who, pass: None, moved: true });
            return Ok(out);
        }
        let mut wrong = Vec::new();
        let reason = clean::line("reason", &scan.reason, 300, &mut wrong);
        let needs = scan.overridden || matches!(scan.kind, Mark::Leave | Mark::Void);
        let told = usize::from(scan.pass.is_some())
            + usize::from(scan.card.is_some())
            + usize::from(scan.person.is_some());
        let shaped = if scan.kind == Mark::Void {
            scan.voids.is_some_and(|seq| seq < scan.seq)
        } else {
            told == 1 && scan.voids.is_none()
        };
        if !wrong.is_empty()
            || !shaped
            || (needs && reason.is_empty())
            || (scan.overridden && !self.device.supervisor)
        {
            return Ok(ScanOut::new(scan.seq, "invalid"));
        }
        // What the server decides happens now; a lane's clock that runs ahead does not reach into the future.
        let at = if scan.mode == Mode::Online { self.book.now } else { scan.at.min(self.book.now) };
        let session = session_at(&self.book.sessions, at).cloned();
        let line = Line {
            id: EventId(new_id(tx)),
            scan,
            at,
            session: session.as_ref().map(|session| session.slug.clone()),
            who: None,
            pass: None,
            home: true,
            opened: false,
            verdict: String::new(),
            reason,
            event: false,
        };
        if scan.kind == Mark::Void {
            return self.void(tx, line);
        }
        let Some(found) = find(tx, &mut self.book, self.gate, scan, at)? else {
            return self.unknown(tx, line);
        };
        self.known(tx, line, session.as_ref(), &found)
    }

    /// A code that nobody has.
    fn unknown(&mut self, tx: &mut WriteTx<'_>, mut line: Line<'_>) -> Result<ScanOut, GateError> {
        let mut out = ScanOut::new(line.scan.seq, "unknown");
        line.opened = line.scan.mode == Mode::Isolated && line.scan.opened;
        if line.opened {
            out.conflict = Some("unknown");
            self.conflicts += 1;
        }
        if let (true, Some(text)) = (self.book.few, &line.scan.pass) {
            out.why = why(tx, text, line.at)?;
        }
        line.pass = line.scan.pass.as_deref().and_then(id_of).map(|(_, pass)| pass);
        line.verdict = out.verdict.clone();
        self.keep(tx, &line)?;
        Ok(out)
    }

    fn known(
        &mut self,
        tx: &mut WriteTx<'_>,
        mut line: Line<'_>,
        session: Option<&Session>,
        found: &Found,
    ) -> Result<ScanOut, GateError> {
        let (scan, who) = (line.scan, found.who.id);
        let on_roll = found.who.status.is_on_roll();
        (line.who, line.pass) = (Some(who), found.pass);
        let home = found.pass.as_ref().and_then(|pass| self.book.lanes.home(pass));
        line.home = home.is_none_or(|home| home == self.gate.lane);
        let mut out = ScanOut::new(scan.seq, "");
        if scan.kind == Mark::Leave {
            let granted = on_roll && session.is_some();
            out.verdict = if granted { "leave_granted" } else { "replaced" }.to_owned();
            line.event = granted;
        } else if scan.mode == Mode::Online {
            let inside = match session {
                Some(session) => {
                    let story = self.book.story(tx, &session.slug, who)?;
                    query::inside(session, &story.events, line.at).0
                }
                None => false,
            };
            let facts = Facts {
                copy: found.copy,
                on_roll,
                summoned: query::is_summoned(&found.who),
                zone: found.zone,
                inside,
            };
            let cut_off = found.pass.as_ref().and_then(|pass| self.book.lanes.cut_off(pass, self.gate.lane));
            let way = if scan.kind == Mark::Out { Way::Out } else { Way::In };
            let verdict = decide(way, &facts, &Lane::Server { cut_off }, scan.overridden);
            if let rules::gate::Verdict::HomeLane(lane) = verdict {
                out.lane = Some(lane);
            }
            out.verdict = verdict.as_str().to_owned();
            line.opened = verdict.opens();
            line.event = verdict.opens() && session.is_some() && on_roll;
        } else {
            line.opened = scan.opened;
            let entered = scan.opened && scan.kind == Mark::In;
            out.verdict = match () {
                () if !scan.opened => "noted",
                () if entered && found.copy == Copy::Revoked => "revoked",
                () if !on_roll => "replaced",
                () => "accepted",
            }
            .to_owned();
            if entered && matches!(out.verdict.as_str(), "revoked" | "replaced") {
                out.conflict = Some(if out.verdict == "revoked" { "revoked" } else { "replaced" });
                debug_assert!(out.verdict != "revoked" || found.revoked_at.is_some());
            }
            line.event = out.verdict == "accepted" && session.is_some();
        }
        if line.event {
            self.event(tx, &line)?;
            if let (Some(session), Mode::Isolated) = (session, scan.mode) {
                let story = self.book.story_with_facts(tx, &session.slug, who)?;
                let found = conflicts(&cases::passages(&story.events, &story.facts));
                out.conflict = found.iter().find_map(|one| match *one {
                    Conflict::DoubleEntry { second, .. } if second == line.id => Some("double_entry"),
                    Conflict::NotHome { entry } if entry == line.id => Some("not_home"),
                    _ => None,
                });
                if out.conflict.is_some() {
                    "conflict".clone_into(&mut out.verdict);
                }
            }
        }
        self.conflicts += u64::from(out.conflict.is_some());
        line.verdict = out.verdict.clone();
        self.keep(tx, &line)?;
        if let Some((seq, id, reason, at)) = self.waiting.remove(&scan.seq)
            && line.event
        {
            self.take_back(tx, &line, (seq, id, &reason, at))?;
        }
        Ok(out)
    }

    fn void(&mut self, tx: &mut WriteTx<'_>, mut line: Line<'_>) -> Result<ScanOut, GateError> {
        let target = line.scan.voids.unwrap_or_default();
        let Some(before) = self.before.get(&target) else {
            WAITING.clone_into(&mut line.verdict);
            self.keep(tx, &line)?;
            self.waiting.insert(target, (line.scan.seq, line.id, line.reason.clone(), line.at));
            return Ok(ScanOut::new(line.scan.seq, WAITING));
        };
        (line.session, line.who) = (before.session.clone(), before.participant);
        let (taken, had) = (before.id, before.has_event && before.kind != Mark::Void);
        let mut stands = false;
        if let (true, Some(session), Some(who)) = (had, &line.session, line.who) {
            let story = self.book.story(tx, session, who)?;
            let counted: Vec<_> = story.events.iter().map(Event::counted).collect();
            stands = !rule::voided(&counted).contains(&taken);
        }
        line.verdict = if stands { "voided" } else { "noted" }.to_owned();
        line.event = stands;
        if stands {
            self.write_event(tx, &line, Some(taken), line.scan.seq)?;
        }
        self.keep(tx, &line)?;
        Ok(ScanOut::new(line.scan.seq, line.verdict))
    }

    /// Takes back what came after the void that names it.
    fn take_back(
        &mut self,
        tx: &mut WriteTx<'_>,
        line: &Line<'_>,
        (seq, id, reason, at): (u64, EventId, &str, Timestamp),
    ) -> Result<(), GateError> {
        let scan = ScanIn { kind: Mark::Void, ..line.scan.clone() };
        let void = Line {
            id,
            scan: &scan,
            at: at.max(line.at),
            session: line.session.clone(),
            who: line.who,
            pass: None,
            home: true,
            opened: false,
            verdict: String::new(),
            reason: reason.to_owned(),
            event: true,
        };
        self.write_event(tx, &void, Some(line.id), seq)
    }

    fn event(&mut self, tx: &mut WriteTx<'_>, line: &Line<'_>) -> Result<(), GateError> {
        self.write_event(tx, line, None, line.scan.seq)
    }
}

/// Why a text is no pass of this congress: the key of the words.
fn why(tx: &mut Tx<'_>, text: &str, at: Timestamp) -> Result<Option<&'static str>, GateError> {
    let Some(day) = keys::day(clock::local(at).date()) else { return Ok(None) };
    let list = keys::list(tx)?;
    Ok(match pass::read(text, day, &list, &Revocations::default()) {
        Ok(_) => None,
        Err(refusal) => Some(Refusal::key(&refusal)),
    })
}

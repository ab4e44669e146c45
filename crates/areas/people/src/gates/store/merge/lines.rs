//! The rows of a scan: the scan itself, and its event of the roll-call.

use platform::{db::WriteTx, params, sql};

use super::{About, Before, Line, Merge};
use crate::{
    attendance::model::{Event, EventId, Mark, Method},
    gates::{GateError, cases, model::Mode},
};

impl Merge<'_> {
    pub(super) fn write_event(
        &mut self,
        tx: &mut WriteTx<'_>,
        line: &Line<'_>,
        voids: Option<EventId>,
        seq: u64,
    ) -> Result<(), GateError> {
        let (Some(session), Some(who)) = (line.session.clone(), line.who) else { return Ok(()) };
        let by = tx.author().office.clone();
        let method = if line.scan.kind == Mark::Void { Method::Manual } else { line.scan.method };
        tx.execute(
            sql!(
                "INSERT INTO attendance_event(id, session, participant, kind, method, gate, device, device_seq, at,
                   received_at, by_office, reason, voids)
                 VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            ),
            params![
                line.id,
                session,
                who,
                line.scan.kind,
                method,
                self.gate.slug,
                self.device.id,
                seq,
                line.at,
                self.book.now,
                by,
                line.reason,
                voids
            ],
        )?;
        let event = Event {
            id: line.id,
            participant: who,
            kind: line.scan.kind,
            method,
            gate: self.gate.slug.clone(),
            at: line.at,
            by_office: by,
            reason: line.reason.clone(),
            voids,
        };
        let fact = cases::Fact {
            place: self.device.id.to_string(),
            isolated: line.scan.mode == Mode::Isolated,
            home: line.home,
            overridden: line.scan.overridden,
        };
        let story = if line.scan.mode == Mode::Isolated {
            self.book.story_with_facts(tx, &session, who)?
        } else {
            self.book.story(tx, &session, who)?
        };
        // A story that was read after the line was written has it already.
        if !story.events.iter().any(|known| known.id == event.id) {
            story.events.push(event);
            story.events.sort_by_key(|event| (event.at, event.id));
        }
        story.facts.insert(line.id, fact);
        self.sessions.insert(session);
        Ok(())
    }

    pub(super) fn keep(&mut self, tx: &mut WriteTx<'_>, line: &Line<'_>) -> Result<(), GateError> {
        let scan = line.scan;
        let pass = line.pass.map(|pass| pass.to_vec());
        tx.execute(
            sql!(
                "INSERT INTO gate_scan(id, device, seq, gate, session, participant, pass, kind, method, mode, home,
                   overridden, opened, verdict, reason, voids, has_event, at, received_at)
                 VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
            ),
            params![
                line.id,
                self.device.id,
                scan.seq,
                self.gate.slug,
                line.session,
                line.who,
                pass,
                scan.kind,
                scan.method,
                scan.mode,
                line.home,
                scan.overridden,
                line.opened,
                line.verdict,
                line.reason,
                scan.voids,
                line.event,
                line.at,
                self.book.now
            ],
        )?;
        self.before.insert(
            scan.seq,
            Before {
                id: line.id,
                seq: scan.seq,
                session: line.session.clone(),
                participant: line.who,
                kind: scan.kind,
                verdict: line.verdict.clone(),
                has_event: line.event,
                voids: scan.voids,
                reason: line.reason.clone(),
                at: line.at,
            },
        );
        if let Some(session) = &line.session {
            self.sessions.insert(session.clone());
        }
        self.kept += 1;
        self.about = line.who.map(|who| About { who, pass: line.pass, moved: line.event });
        Ok(())
    }
}

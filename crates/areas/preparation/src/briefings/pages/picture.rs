//! Everything about one meeting, read in one snapshot.

use std::collections::BTreeMap;

use platform::db::Tx;
use rules::briefing::Week;

use crate::{
    briefings::{
        BriefingError, Hand, agenda, conclusion,
        model::{
            Acknowledged, Attendance, Briefing, BriefingId, Conclusion, Frozen, Item, MeetingState, Notice,
            Outcome, Preview, Series, Signed, Supplement,
        },
        notice, report, sign,
        snapshot::{self, Drift, FrozenTask, Snapshot},
        store,
    },
    tasks::{Register, model::TaskId},
};

/// One meeting at one instant, as one hand may see it.
pub(super) struct Picture {
    pub hand: Hand,
    pub briefing: Briefing,
    pub series: Series,
    pub register: Register,
    /// The frozen figures, without words that are not for the hand.
    pub frozen: Option<(Frozen, Snapshot)>,
    /// Why the figures are not shown although they were frozen.
    pub broken: Option<BriefingError>,
    /// What moved since the picture of the meeting before.
    pub week: Option<(Frozen, Week<TaskId>)>,
    /// What is no longer as it was frozen.
    pub drift: Vec<Drift>,
    pub items: Vec<Item>,
    pub attendance: Vec<Attendance>,
    pub conclusions: Vec<Conclusion>,
    pub dropped: Vec<Conclusion>,
    /// What signing would do; only while there is something to sign.
    pub preview: Option<Preview>,
    pub outcomes: Vec<Outcome>,
    pub receipts: Vec<Acknowledged>,
    pub signed: Option<Signed>,
    pub supplements: Vec<Supplement>,
    pub notice: Option<Notice>,
    /// The report of the week as it was issued.
    pub report: Option<Notice>,
}

impl Picture {
    pub(super) fn load(tx: &mut Tx<'_>, hand: Hand, id: BriefingId) -> Result<Self, BriefingError> {
        let (briefing, series) = store::briefing(tx, &hand, id)?;
        let register = Register::load(tx)?;
        let (mut frozen, mut broken, mut week, mut drift) = (None, None, None, Vec::new());
        match snapshot::load(tx, id) {
            Ok((head, figures)) => {
                drift = snapshot::drift(&figures, &register);
                for one in &mut drift {
                    let open = one.now.open_to(&hand.audience);
                    if !open {
                        one.now = stub(&one.now);
                        one.frozen = one.frozen.as_ref().map(stub);
                    }
                }
                match snapshot::since_last(tx, &briefing) {
                    Ok(moved) => week = moved,
                    Err(error) => broken = Some(error),
                }
                frozen = Some((head, figures.for_audience(&hand.audience)));
            }
            Err(BriefingError::NotFrozen) => {}
            Err(error @ (BriefingError::Tampered | BriefingError::DoesNotSum { .. })) => broken = Some(error),
            Err(error) => return Err(error),
        }
        let all = conclusion::conclusions(tx, id)?;
        let (conclusions, dropped) = all.into_iter().partition(|one| one.dropped_at.is_none());
        let open = matches!(briefing.state, MeetingState::Running | MeetingState::AwaitingSignature);
        let preview = if open { Some(sign::preview(tx, &hand, id)?) } else { None };
        Ok(Self {
            frozen,
            broken,
            week,
            drift,
            items: agenda::items(tx, id)?,
            attendance: store::attendance(tx, id)?,
            conclusions,
            dropped,
            preview,
            outcomes: sign::outcomes(tx, id)?,
            receipts: notice::receipts(tx, id)?,
            signed: sign::record(tx, id, 0)?,
            supplements: sign::supplements(tx, id)?,
            notice: notice::notice(tx, id)?,
            report: report::issued(tx, id)?,
            hand,
            briefing,
            series,
            register,
        })
    }

    /// Whether the hand may take minutes here.
    pub(super) fn writes(&self) -> bool {
        self.hand.contributes.covers(Some(self.series.unit))
    }

    /// Whether the hand may set up this meeting.
    pub(super) fn manages(&self) -> bool {
        self.hand.manages.covers(Some(self.series.unit))
    }

    /// Whether the hand signs: it may decide here and it is the chair.
    pub(super) fn signs(&self) -> bool {
        self.hand.decides.covers(Some(self.series.unit))
            && self.hand.office == Some(self.briefing.chair_office)
    }

    /// The title of an office.
    pub(super) fn office(&self, id: platform::identity::OfficeId) -> &str {
        self.register.people.office_title(id)
    }

    /// A task as it was frozen, or as it is when it came later.
    pub(super) fn figures(&self) -> Option<&Snapshot> {
        self.frozen.as_ref().map(|(_, figures)| figures)
    }

    /// What is no longer as it was frozen, by task.
    pub(super) fn drifted(&self) -> BTreeMap<TaskId, &Drift> {
        self.drift.iter().map(|one| (one.now.id, one)).collect()
    }
}

/// A task whose words are not for the reader.
fn stub(task: &FrozenTask) -> FrozenTask {
    FrozenTask {
        what: String::new(),
        authority: String::new(),
        accountable: String::new(),
        result: String::new(),
        report: None,
        waiting: None,
        ..task.clone()
    }
}

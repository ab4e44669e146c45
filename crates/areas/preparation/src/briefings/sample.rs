// words: data — the meetings of the fictional congress, as their papers say them
//! The weekly briefing of the demo: meeting 04 held, signed and announced last week; meeting 05 with its figures
//! frozen on Thursday 25/09/2025 16:00, ready to be held on Friday, and two tasks changed since.

use std::sync::Arc;

use jiff::{
    Timestamp,
    civil::{DateTime, Weekday, date, time},
};
use platform::{
    clock,
    db::{DbError, Done, WriteTx},
    identity::{OfficeId, UnitId},
    papers::{self, BodyKind, NewBody},
    params, sql,
};
use rules::{briefing::Cadence, state::TaskState};
use uuid::Uuid;

use super::{
    BriefingError, Hand, agenda,
    conclusion::{self, NewConclusion},
    model::*,
    notice, sign,
    snapshot::{self, Snapshot},
    store,
};
use crate::tasks::{
    Register,
    model::{Report, Task},
    register::Facts,
};

/// The cut-off of meeting 04.
const CUTOFF_04: DateTime = date(2025, 9, 18).at(16, 0, 0, 0);
/// The cut-off of meeting 05.
const CUTOFF_05: DateTime = date(2025, 9, 25).at(16, 0, 0, 0);

/// Who takes part in the demo's briefings.
#[derive(Debug, Clone)]
pub struct Seats {
    /// The unit that holds them.
    pub unit: UnitId,
    /// Presides.
    pub chair: OfficeId,
    /// Keeps the minutes.
    pub secretary: OfficeId,
    /// Everybody who is called, in order.
    pub members: Vec<OfficeId>,
}

/// A conclusion of meeting 04: the words, the disposition, the task, what happened to it.
const CONCLUSIONS: &[(&str, Disposition, &str, Option<Effect>)] = &[
    (
        "Chốt danh sách đại biểu triệu tập theo đoàn và 12 tổ; tách riêng số đã xác nhận và số chờ xác nhận.",
        Disposition::Amend,
        "DB-01",
        Some(Effect::Amended),
    ),
    (
        "Tổ chức sơ duyệt và tổng duyệt toàn chương trình trong ba ngày 10–12/10; lập bảng lệch giờ từng nội dung.",
        Disposition::Create,
        "DD-06",
        Some(Effect::Proposed),
    ),
    (
        "Hoàn trả, kiểm kê, quyết toán và báo cáo tiết kiệm sau Đại hội.",
        Disposition::Create,
        "SD-01",
        Some(Effect::Proposed),
    ),
    (
        "Lập và nộp lưu hồ sơ Đại hội đủ bốn loại: giấy, ảnh, ghi âm, dữ liệu điện tử.",
        Disposition::Create,
        "SD-02",
        Some(Effect::Proposed),
    ),
    (
        "Ghi nhận kết quả dự toán theo định mức; các đơn vị tiếp tục dùng lại, mượn trước khi thuê, mua.",
        Disposition::Nothing,
        "",
        None,
    ),
];

/// Fills in the series and its two meetings.
///
/// # Errors
/// [`BriefingError`].
pub fn seed(tx: &mut WriteTx<'_>, seats: &Seats) -> Result<Done<()>, BriefingError> {
    body(tx, seats.unit)?;
    let hand = Hand::PROGRAM;
    let series = NewSeries {
        unit: seats.unit,
        title: "Giao ban tuần Tiểu ban Tổ chức phục vụ".to_owned(),
        cadence: Cadence {
            weekday: Weekday::Friday,
            time: time(16, 30, 0, 0),
            cutoff_weekday: Weekday::Thursday,
            cutoff_time: time(16, 0, 0, 0),
        },
        chair_office: seats.chair,
        secretary_office: seats.secretary,
        place: "Phòng họp A, Văn phòng Thành ủy".to_owned(),
        members: seats.members.clone(),
    };
    let id = *store::save_series(tx, &hand, None, &series)?.value();
    let series = store::series(tx, &hand, id)?;
    held(tx, &series, seats)?;
    ready(tx, &series)
}

/// The body that issues the notices, unless the demo has one already.
fn body(tx: &mut WriteTx<'_>, unit: UnitId) -> Result<(), BriefingError> {
    if papers::store::body_of_unit(tx, unit)?.is_some() {
        return Ok(());
    }
    let new = NewBody {
        unit: Some(unit),
        kind: BodyKind::Party,
        name: "Tiểu ban Tổ chức phục vụ Đại hội".to_owned(),
        parent_lines: vec!["THÀNH ỦY THÀNH PHỐ".to_owned()],
        name_lines: vec!["TIỂU BAN TỔ CHỨC".to_owned(), "PHỤC VỤ ĐẠI HỘI".to_owned()],
        place: "Thành phố".to_owned(),
        symbol: "TBPV".to_owned(),
        term: "2025–2030".to_owned(),
        ..NewBody::default()
    };
    papers::store::save_body(tx, None, 0, &new)?;
    Ok(())
}

fn meeting(series: &Series, at: DateTime, cutoff: DateTime) -> NewBriefing {
    NewBriefing {
        at: clock::instant(at),
        cutoff_at: clock::instant(cutoff),
        place: series.place.clone(),
        chair_office: series.chair_office,
        secretary_office: series.secretary_office,
    }
}

fn set(
    tx: &mut WriteTx<'_>,
    series: &Series,
    no: i64,
    at: DateTime,
    cutoff: DateTime,
    snapshot: &Snapshot,
) -> Result<BriefingId, BriefingError> {
    let id = *store::insert(tx, series, no, &meeting(series, at, cutoff))?.value();
    let (briefing, _) = store::briefing(tx, &Hand::PROGRAM, id)?;
    snapshot::freeze_as(tx, &briefing, snapshot, How::Clock, clock::instant(cutoff), "briefings")?;
    Ok(id)
}

/// Meeting 04: held, signed, announced as 06-TB/TBPV.
fn held(tx: &mut WriteTx<'_>, series: &Series, seats: &Seats) -> Result<(), BriefingError> {
    let hand = Hand::PROGRAM;
    let facts = Facts::load(tx, None)?;
    let (begins, ends) = (date(2025, 9, 19).at(16, 30, 0, 0), date(2025, 9, 19).at(17, 20, 0, 0));
    let id = set(tx, series, 4, begins, CUTOFF_04, &Snapshot::of(&week_before(facts)))?;
    let new = NewItem {
        title: "Phương án trực và tiếp nhận phản ánh của đại biểu".to_owned(),
        minutes: Some(10),
        ..NewItem::default()
    };
    let left = *agenda::add(tx, &hand, id, &new)?.value();
    let secretary = title(tx, seats.secretary)?;
    let chair = title(tx, seats.chair)?;
    store::move_to(tx, id, MeetingState::Running)?;
    attend(tx, id, seats, clock::instant(begins), &secretary)?;
    let mut outcomes = Vec::new();
    for (text, disposition, code, effect) in CONCLUSIONS {
        let task = if code.is_empty() { None } else { Some(crate::tasks::store::task_by_code(tx, code)?) };
        let content = Content {
            text: (*text).to_owned(),
            lead_unit: task.as_ref().and_then(|task| task.fields.lead_unit),
            deadlines: task.as_ref().and_then(|task| task.fields.due).into_iter().collect(),
            result: task.as_ref().map(|task| task.fields.result.clone()).unwrap_or_default(),
            disposition: Some(*disposition),
            task: task.as_ref().map(|task| task.id),
            ..Content::default()
        };
        let new = NewConclusion {
            id: ConclusionId(Uuid::now_v7()),
            item: None,
            typed: (*text).to_owned(),
            content,
        };
        let one = *conclusion::add(tx, &hand, id, &new)?.value();
        if let Some((task, effect)) = task.zip(*effect) {
            outcomes.push(Outcome { conclusion: one, briefing: id, task: task.id, effect });
        }
    }
    tx.execute(
        sql!("UPDATE briefing_conclusion SET updated_at = $2, updated_by = $3 WHERE briefing = $1"),
        params![id, clock::instant(ends), secretary],
    )?;
    tx.execute(
        sql!("UPDATE briefing_item SET state = $2, updated_at = $4, updated_by = $5 WHERE briefing = $1 AND id <> $3"),
        params![id, ItemState::Taken, left, clock::instant(ends), secretary],
    )?;
    tx.execute(
        sql!("UPDATE briefing_item SET state = $2, updated_at = $3, updated_by = $4 WHERE id = $1"),
        params![left, ItemState::Carried, clock::instant(ends), secretary],
    )?;
    tx.execute(
        sql!("UPDATE briefing SET started_at = $2, closed_at = $3, closed_by = $4 WHERE id = $1"),
        params![id, clock::instant(begins), clock::instant(ends), secretary],
    )?;
    store::move_to(tx, id, MeetingState::AwaitingSignature)?;
    let signed_at = clock::instant(date(2025, 9, 19).at(17, 45, 0, 0));
    let signer = Signer { at: signed_at, by: &chair, office: seats.chair };
    sign_held(tx, id, &outcomes, &signer)?;
    let (briefing, series) = store::briefing(tx, &hand, id)?;
    let on = date(2025, 9, 20);
    let new = NewNotice {
        number: Some(6),
        gap_reason: "Các số trước đã vào sổ giấy trước khi dùng hệ thống.".to_owned(),
        on,
        subject: "Kết luận của Trưởng Tiểu ban tại phiên giao ban tuần 04".to_owned(),
        recipients: vec![
            "Thường trực Thành ủy (để báo cáo);".to_owned(),
            "Các đơn vị được giao nhiệm vụ;".to_owned(),
            "Lưu Văn phòng.".to_owned(),
        ],
    };
    let issued = clock::instant(on.at(9, 0, 0, 0));
    notice::issue_as(tx, &briefing, &series, &new, issued, &secretary)?;
    Ok(())
}

struct Signer<'a> {
    at: Timestamp,
    by: &'a str,
    office: OfficeId,
}

/// Keeps the minutes of a meeting whose tasks were made at the time: they are named, not made again.
fn sign_held(
    tx: &mut WriteTx<'_>,
    id: BriefingId,
    outcomes: &[Outcome],
    signer: &Signer<'_>,
) -> Result<(), BriefingError> {
    let minutes = sign::draft(tx, &Hand::PROGRAM, id)?;
    let office = signer.office.to_string();
    sign::keep_as(tx, id, 0, &minutes, signer.at, signer.by, &office)?;
    for outcome in outcomes {
        sign::keep_outcome(tx, outcome)?;
    }
    let (briefing, series) = store::briefing(tx, &Hand::PROGRAM, id)?;
    let conclusions = conclusion::standing(tx, id)?;
    let on = clock::local(signer.at).date();
    sign::enter(tx, &briefing, &series, &minutes, on, outcomes, &conclusions)?;
    store::move_to(tx, id, MeetingState::Signed)?;
    Ok(())
}

fn title(tx: &mut WriteTx<'_>, office: OfficeId) -> Result<String, BriefingError> {
    Ok(tx.scalar(sql!("SELECT title FROM office WHERE id = $1"), params![office])?.unwrap_or_default())
}

fn attend(
    tx: &mut WriteTx<'_>,
    id: BriefingId,
    seats: &Seats,
    at: Timestamp,
    by: &str,
) -> Result<(), DbError> {
    let away = [(3, "Đi công tác theo kế hoạch của cơ quan"), (9, "Dự họp khác, cử cán bộ dự thay")];
    for (place, office) in seats.members.iter().enumerate() {
        let reason = away.iter().find(|(absent, _)| *absent == place).map(|(_, reason)| *reason);
        let presence = if reason.is_some() { Presence::Absent } else { Presence::Present };
        tx.execute(
            sql!(
                "UPDATE briefing_attendance SET presence = $3, reason = $4, updated_at = $5, updated_by = $6
                  WHERE briefing = $1 AND office = $2"
            ),
            params![id, office, presence, reason.unwrap_or_default(), at, by],
        )?;
    }
    Ok(())
}

/// Meeting 05: its figures are frozen; it is to be held this afternoon.
fn ready(tx: &mut WriteTx<'_>, series: &Series) -> Result<Done<()>, BriefingError> {
    let register = day_before(Facts::load(tx, None)?);
    let at = date(2025, 9, 26).at(16, 30, 0, 0);
    let id = set(tx, series, 5, at, CUTOFF_05, &Snapshot::of(&register))?;
    let new = NewItem {
        title: "Phân công trực tuần cao điểm 06–12/10".to_owned(),
        presenter_office: Some(series.secretary_office),
        minutes: Some(10),
        notes: "Mỗi đơn vị một đầu mối trực 24/24; danh sách gửi trước 17:00 ngày 02/10.".to_owned(),
        ..NewItem::default()
    };
    Ok(agenda::add(tx, &Hand::PROGRAM, id, &new)?.map(|_| ()))
}

fn earlier(task: &mut Task, state: TaskState, percent: u8) {
    task.state = state;
    task.percent = percent;
    task.version -= 1;
    if state != TaskState::Accepted {
        task.accepted_at = None;
    }
}

fn said(report: &mut Report, percent: u8, at: DateTime) {
    *report = Report {
        percent,
        at: clock::instant(at),
        done: format!("Đã thực hiện {percent}% khối lượng."),
        difficulty: String::new(),
        request: String::new(),
        next: String::new(),
        ..report.clone()
    };
}

/// The register as it stood at the cut-off of meeting 05: a day later HC-01 was reported further on and the result
/// of CN-01 came back.
fn day_before(mut facts: Facts) -> Register {
    let morning = CUTOFF_05.date().at(9, 0, 0, 0);
    for task in &mut facts.tasks {
        let percent = match task.fields.code.as_str() {
            "HC-01" => {
                earlier(task, TaskState::InProgress, 70);
                70
            }
            "CN-01" => {
                earlier(task, TaskState::Submitted, 60);
                60
            }
            _ => continue,
        };
        if let Some(report) = facts.last_reports.get_mut(&task.id) {
            said(report, percent, morning);
        }
    }
    Register::new(Arc::new(facts), CUTOFF_05)
}

/// The register as it stood at the cut-off of meeting 04.
fn week_before(mut facts: Facts) -> Register {
    let cutoff = clock::instant(CUTOFF_04);
    let morning = CUTOFF_04.date().at(9, 0, 0, 0);
    for task in &mut facts.tasks {
        if task.accepted_at.is_some_and(|at| at <= cutoff) {
            continue;
        }
        let begun = task.fields.start.is_some_and(|start| start <= CUTOFF_04.date());
        let percent = if begun { task.percent / 10 * 7 } else { 0 };
        let state = match (task.assigned_at.is_some_and(|at| at <= cutoff), begun) {
            (false, _) => TaskState::Proposed,
            (true, false) => TaskState::Acknowledged,
            (true, true) => TaskState::InProgress,
        };
        earlier(task, state, percent);
        if percent == 0 {
            facts.last_reports.remove(&task.id);
        } else if let Some(report) = facts.last_reports.get_mut(&task.id) {
            said(report, percent, morning);
        }
    }
    Register::new(Arc::new(facts), CUTOFF_04)
}

//! The fictional city congress: 40 tasks as they stood at 16:00 on Friday 26/09/2025 (preparation reference
//! C.1), with the units and offices they need. Persons appear by office only.

use std::collections::BTreeMap;

use jiff::{
    ToSpan,
    civil::{Date, DateTime, date},
};
use platform::{
    clock,
    congress::{WorkDay, WorkDayKind, store as congress},
    db::{Done, WriteTx},
    identity::{
        OfficeId, UnitId,
        store::{self as identity, NewUnit},
    },
};
use rules::{dates::Deadline, state::TaskState, text::fold};
use serde::Deserialize;
use thiserror::Error;

use crate::briefings::sample::{self, Seats};
use crate::decisions;
use crate::tasks::{
    TaskError,
    model::{Basis, Dependency, EvidenceKind, Milestone, NewReport, Phase, Support, TaskFields, TaskId},
    store::{self, Standing, Who},
};

/// The instant at which the demo begins: the cut-off of the sample data.
pub const AS_OF: DateTime = date(2025, 9, 26).at(16, 0, 0, 0);

/// Why the demo could not be filled in.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The sample data is not what it should be.
    #[error("the sample plan: {0}")]
    Data(String),
    /// Tasks.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// Venues.
    #[error(transparent)]
    Venue(#[from] crate::venues::VenueError),
    /// Briefings.
    #[error(transparent)]
    Briefing(#[from] crate::briefings::BriefingError),
    /// Papers and decisions.
    #[error(transparent)]
    Decision(#[from] decisions::DecisionError),
    /// Units and offices.
    #[error(transparent)]
    Identity(#[from] platform::identity::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] platform::db::DbError),
}

/// The offices that the demo's people sign in for.
#[derive(Debug, Clone)]
pub struct Offices {
    /// Keeps the register.
    pub organiser: OfficeId,
    /// Decides.
    pub leader: OfficeId,
    /// Administers the installation.
    pub admin: OfficeId,
    /// The focal officer of each lead unit, by the unit's name.
    pub focal: BTreeMap<String, OfficeId>,
    /// The unit that holds the weekly briefing.
    pub subcommittee: UnitId,
}

#[derive(Deserialize)]
struct Sample {
    tasks: Vec<SampleTask>,
}

#[derive(Deserialize)]
struct SampleTask {
    stt: u32,
    code: String,
    stream: String,
    what: String,
    who: SampleWho,
    accountable: String,
    start: Date,
    due: Date,
    authority: String,
    result: String,
    state: TaskState,
    progress: u8,
    done: Option<Date>,
    deps: Vec<String>,
}

#[derive(Deserialize)]
struct SampleWho {
    lead: String,
    support: String,
}

/// What the sample leaves out: contributions that its table does not print.
const CONTRIBUTIONS: &[(&str, &str, &str)] = &[
    ("AN-04", "Sở Y tế", "tổ cấp cứu và đánh giá tình huống y tế"),
    ("AN-04", "Điện lực", "tình huống mất điện, máy phát"),
    ("AN-04", "doanh nghiệp viễn thông", "tình huống mất mạng, đường truyền dự phòng"),
    ("HC-04", "Bệnh viện được phân công", "ê-kíp trực, giường dự phòng"),
    ("HC-05", "các đơn vị cho mượn máy", "bàn giao máy kèm bộ sạc"),
    ("CN-01", "Doanh nghiệp viễn thông", "hai tuyến truyền dẫn độc lập"),
    ("CN-01", "Điện lực Thành phố", "nguồn điện thứ hai và máy phát"),
    ("TC-02", "Học viện Cán bộ Thành phố", "danh mục thiết bị dùng lại"),
    ("TC-02", "các đơn vị cho mượn", "danh mục thiết bị cho mượn"),
    ("SD-01", "Sở Tài chính", "thẩm tra quyết toán"),
    ("SD-01", "các đơn vị cho mượn", "xác nhận nhận lại tài sản"),
];

/// What focal officers said last about tasks that need attention.
const WORDS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "DB-01",
        "Đã đối chiếu 11/12 tổ; còn đoàn khối Doanh nghiệp chưa gửi xác nhận.",
        "03 đảng bộ gửi danh sách sai mẫu, phải đối chiếu lại từng trường hợp.",
        "Đề nghị Chánh Văn phòng đôn đốc 03 đảng bộ gửi xác nhận trước 10:00 ngày 27/9.",
        "Trình Ban Thường vụ danh sách chốt.",
    ),
    (
        "TT-03",
        "Đã trình dự thảo quyết định, quy chế và danh sách phân công.",
        "Chưa có ý kiến của Công an Thành phố về phân khu tác nghiệp.",
        "Đề nghị Công an Thành phố cho ý kiến trong ngày 27/9.",
        "Hoàn chỉnh và trình ký.",
    ),
    (
        "CN-01",
        "Đã xong tuyến chính và wifi hội trường.",
        "Tuyến dự phòng đi chung cống cáp với tuyến chính, không đạt yêu cầu độc lập.",
        "Đề nghị cho phép đi tuyến dự phòng qua cổng phía Nam Học viện.",
        "Kéo lại tuyến dự phòng, thử chuyển mạch.",
    ),
    (
        "HC-01",
        "Đã chốt 4 cơ sở lưu trú, xếp phòng cho 9/12 tổ.",
        "Một cơ sở sửa thang máy đến 08/10.",
        "",
        "Xếp phòng 3 tổ còn lại trong ngày.",
    ),
    (
        "AN-03",
        "Đã kiểm tra hội trường và 10/12 phòng tổ.",
        "02 phòng tổ có cửa thoát nạn mở vào trong.",
        "",
        "Phúc tra ngày 27/9.",
    ),
    (
        "TT-07",
        "Đã nộp bản dựng lần hai, 13 phút 20 giây.",
        "Vượt thời lượng; 02 số liệu chưa khớp sổ số liệu công bố.",
        "Đề nghị xác nhận số liệu tăng trưởng dùng trong phim.",
        "Rút gọn, thay số liệu.",
    ),
    (
        "DD-03",
        "Nghiệm thu 3/5 hệ thống: âm thanh, ánh sáng, điều hòa.",
        "",
        "",
        "Chạy thử liên tục 02 giờ ngày 29/9.",
    ),
    (
        "DB-03",
        "Đã tiếp nhận, chuẩn bị mẫu thư và mã QR.",
        "Chờ danh sách chốt của DB-01.",
        "Đề nghị chốt danh sách đợt một trước 28/9.",
        "Phát hành đợt một.",
    ),
];

/// Fills an empty database with the congress, its calendar, units, offices and the 40 tasks.
///
/// # Errors
/// [`DemoError`].
pub fn seed(tx: &mut WriteTx<'_>) -> Result<Done<Offices>, DemoError> {
    let sample: Sample = serde_json::from_str(include_str!("../demo/plan.json"))
        .map_err(|error| DemoError::Data(error.to_string()))?;
    seed_congress(tx)?;
    let mut people = People::default();
    let subcommittee = people.unit(tx, "Tiểu ban Tổ chức phục vụ Đại hội")?;
    let leader = people.office(tx, subcommittee, "Trưởng Tiểu ban Tổ chức phục vụ")?;
    let organiser = people.office(tx, subcommittee, "Tổ trưởng Tổ Thư ký giúp việc")?;
    let admin = people.office(tx, subcommittee, "Cán bộ quản trị hệ thống")?;
    let plan = *store::create_plan(
        tx,
        "KH-PV",
        "Kế hoạch tổ chức phục vụ Đại hội đại biểu Đảng bộ Thành phố",
        subcommittee,
    )?
    .value();
    let mut focal = BTreeMap::new();
    let mut ids: BTreeMap<&str, TaskId> = BTreeMap::new();
    for task in &sample.tasks {
        let unit = people.unit(tx, &task.who.lead)?;
        let focal_office = people.office(tx, unit, &format!("Cán bộ đầu mối {}", task.who.lead))?;
        focal.insert(task.who.lead.clone(), focal_office);
        let fields = fields(tx, &mut people, task, unit, focal_office, leader)?;
        let id = *store::create(tx, plan, fields)?.value();
        ids.insert(&task.code, id);
        bring_in(tx, task, id)?;
    }
    let mut done = None;
    for task in &sample.tasks {
        for pred in &task.deps {
            let pred = *ids.get(pred.as_str()).ok_or_else(|| DemoError::Data(format!("no task {pred}")))?;
            let tie = Dependency {
                pred,
                succ: ids[task.code.as_str()],
                kind: rules::schedule::DepKind::FS,
                lag_days: 0,
            };
            done = Some(store::tie(tx, &Who::PROGRAM, &tie)?);
        }
    }
    let done = done.ok_or_else(|| DemoError::Data("no dependencies".to_owned()))?;
    let department = people.unit(tx, "Sở Xây dựng")?;
    decisions::demo::seed(tx, &decisions::demo::Ground { subcommittee, department, tasks: &ids })?;
    Ok(done.map(|()| Offices { organiser, leader, admin, focal, subcommittee }))
}

/// Fills in the weekly briefing over those tasks; the office that keeps its minutes.
///
/// # Errors
/// [`DemoError`].
pub fn briefings(tx: &mut WriteTx<'_>, offices: &Offices) -> Result<Done<OfficeId>, DemoError> {
    let unit = offices.subcommittee;
    let secretary =
        *identity::create_office(tx, unit, "Thư ký giao ban, Tổ Thư ký giúp việc", 1_000)?.value();
    let called = [offices.leader, offices.organiser].into_iter().chain(offices.focal.values().copied());
    let seats = Seats { unit, chair: offices.leader, secretary, members: called.collect() };
    Ok(sample::seed(tx, &seats)?.map(|()| secretary))
}

fn seed_congress(tx: &mut WriteTx<'_>) -> Result<(), DemoError> {
    congress::create(
        tx,
        &congress::NewCongress {
            name: "Đại hội đại biểu Đảng bộ Thành phố lần thứ I, nhiệm kỳ 2025–2030".to_owned(),
            short_name: "Đại hội Đảng bộ Thành phố".to_owned(),
            level: platform::congress::Level::Tinh,
            term: "2025–2030".to_owned(),
            preparatory_on: date(2025, 10, 13),
            opening_on: date(2025, 10, 14),
            closing_on: date(2025, 10, 15),
            place: "Học viện Cán bộ Thành phố".to_owned(),
            hotline: String::new(),
        },
    )?;
    for (day, kind, name) in [
        (date(2025, 4, 26), WorkDayKind::LamBu, "Làm bù ngày 02/5"),
        (date(2025, 4, 30), WorkDayKind::NghiLe, "Ngày Chiến thắng"),
        (date(2025, 5, 1), WorkDayKind::NghiLe, "Quốc tế Lao động"),
        (date(2025, 5, 2), WorkDayKind::NghiLe, "Nghỉ hoán đổi"),
        (date(2025, 9, 1), WorkDayKind::NghiLe, "Nghỉ Quốc khánh"),
        (date(2025, 9, 2), WorkDayKind::NghiLe, "Quốc khánh"),
        (date(2026, 1, 1), WorkDayKind::NghiLe, "Tết Dương lịch"),
    ] {
        congress::put_work_day(tx, &WorkDay { day, kind, name: name.to_owned() })?;
    }
    Ok(())
}

fn fields(
    tx: &mut WriteTx<'_>,
    people: &mut People,
    task: &SampleTask,
    unit: UnitId,
    focal: OfficeId,
    leader: OfficeId,
) -> Result<TaskFields, DemoError> {
    let supports = people.supports(tx, &task.code, &task.who.support)?;
    let after = task.code.starts_with("SD-");
    let middle = task.start.until(task.due).map(|span| span.get_days()).unwrap_or(0);
    Ok(TaskFields {
        code: task.code.clone(),
        stream: task.stream.clone(),
        phase: if after { Phase::After } else { Phase::Before },
        what: task.what.clone(),
        basis: vec![Basis {
            symbol: "15-KH/TBPV".to_owned(),
            issued_on: Some(date(2025, 7, 15)),
            clause: format!("mục II, nhiệm vụ {}", task.stt),
            subject: "Kế hoạch tổ chức phục vụ Đại hội".to_owned(),
        }],
        lead_unit: Some(unit),
        focal_office: Some(focal),
        supports,
        start: Some(task.start),
        due: Some(Deadline::on(task.due)),
        event_on: (!after).then(|| date(2025, 10, 13)),
        milestones: if middle > 14 {
            vec![Milestone {
                title: "Báo cáo tiến độ giữa kỳ".to_owned(),
                due: task.start.saturating_add((middle / 2).days()),
            }]
        } else {
            Vec::new()
        },
        authority: task.authority.clone(),
        approver_office: Some(leader),
        escalation: "Vượt thẩm quyền thì báo cáo Thường trực Thành ủy".to_owned(),
        accountable_office: Some(people.office(tx, unit, &task.accountable)?),
        result: task.result.clone(),
        result_quantity: if task.code == "HC-03" { "01 bộ".to_owned() } else { String::new() },
        acceptance: "Đúng, đủ sản phẩm nêu trên; có văn bản hoặc biên bản xác nhận".to_owned(),
        acceptor_office: Some(leader),
        evidence_kinds: vec![if task.result.contains("biên bản") || task.result.contains("Biên bản") {
            EvidenceKind::Minutes
        } else {
            EvidenceKind::Document
        }],
        ..TaskFields::default()
    })
}

fn bring_in(tx: &mut WriteTx<'_>, task: &SampleTask, id: TaskId) -> Result<(), DemoError> {
    let at = |day: Date, hour: i8| clock::instant(day.at(hour, 0, 0, 0));
    let assigned = task.start.saturating_sub(7.days()).min(date(2025, 9, 22));
    let acknowledged = task.state != TaskState::Assigned;
    let submitted = matches!(task.state, TaskState::Submitted | TaskState::Returned | TaskState::Accepted);
    store::bring_in(
        tx,
        id,
        &Standing {
            state: task.state,
            percent: task.progress,
            // What starts after the congress was assigned on the morning of the last cut-off.
            assigned_at: Some(if acknowledged { at(assigned, 8) } else { at(date(2025, 9, 25), 8) }),
            acknowledged_at: acknowledged.then(|| at(assigned, 14)),
            submitted_at: submitted.then(|| at(task.done.unwrap_or(date(2025, 9, 24)), 9)),
            accepted_at: task.done.map(|done| at(done, 16)),
        },
    )?;
    if task.progress == 0 {
        return Ok(());
    }
    let words = WORDS.iter().find(|(code, ..)| *code == task.code);
    let report = NewReport {
        percent: task.progress,
        done: words
            .map_or_else(|| format!("Đã thực hiện {}% khối lượng.", task.progress), |w| w.1.to_owned()),
        difficulty: words.map_or("", |w| w.2).to_owned(),
        request: words.map_or("", |w| w.3).to_owned(),
        next: words.map_or("", |w| w.4).to_owned(),
    };
    let when = task.done.unwrap_or(date(2025, 9, 26));
    store::bring_in_report(tx, id, &format!("Cán bộ đầu mối {}", task.who.lead), at(when, 9), &report)?;
    Ok(())
}

/// Units and offices made so far, found by their folded names.
#[derive(Default)]
struct People {
    units: BTreeMap<String, UnitId>,
    offices: BTreeMap<(UnitId, String), OfficeId>,
}

impl People {
    fn unit(&mut self, tx: &mut WriteTx<'_>, name: &str) -> Result<UnitId, DemoError> {
        let key = fold(name);
        if let Some(id) = self.units.get(&key) {
            return Ok(*id);
        }
        let mut letters = name.chars();
        let name: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let new = NewUnit {
            short: name.clone(),
            name,
            kind: String::new(),
            parent_id: None,
            header_lines: Vec::new(),
            symbol: String::new(),
            position: i64::try_from(self.units.len()).unwrap_or(i64::MAX),
        };
        let id = *identity::create_unit(tx, &new)?.value();
        self.units.insert(key, id);
        Ok(id)
    }

    fn office(&mut self, tx: &mut WriteTx<'_>, unit: UnitId, title: &str) -> Result<OfficeId, DemoError> {
        let key = (unit, fold(title));
        if let Some(id) = self.offices.get(&key) {
            return Ok(*id);
        }
        let position = i64::try_from(self.offices.len()).unwrap_or(i64::MAX);
        let id = *identity::create_office(tx, unit, title, position)?.value();
        self.offices.insert(key, id);
        Ok(id)
    }

    /// Reads "A (what it gives); B, C (what both give)".
    fn supports(&mut self, tx: &mut WriteTx<'_>, code: &str, text: &str) -> Result<Vec<Support>, DemoError> {
        let mut supports = Vec::new();
        for part in text.split(';') {
            let (names, contribution) = match part.split_once('(') {
                Some((names, rest)) => (names.trim(), rest.trim_end_matches([')', ' '])),
                None => (part.trim(), ""),
            };
            // A list of units such as "Công an Thành phố, Sở Xây dựng" but not "UBND các phường, xã, đặc khu".
            let list: Vec<&str> =
                if names.contains("phường, xã") { vec![names] } else { names.split(", ").collect() };
            for name in list {
                let given =
                    CONTRIBUTIONS.iter().find(|(task, unit, _)| *task == code && fold(unit) == fold(name));
                let contribution = given.map_or(contribution, |(_, _, words)| words);
                let unit = self.unit(tx, name)?;
                supports.push(Support { unit, contribution: contribution.to_owned(), due: None });
            }
        }
        Ok(supports)
    }
}

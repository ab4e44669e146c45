#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;
use unicode_normalization::UnicodeNormalization;

use super::FindingKind as K;
use super::*;
use crate::calendar::DayKind;

const FOCAL: Office<'static> = Office::titled("Trưởng phòng Tổng hợp");
const ACCOUNTABLE: Office<'static> = Office::titled("Phó Trưởng ban Tổ chức phụ trách");
const APPROVER: Office<'static> = Office::titled("Trưởng Tiểu ban Tổ chức phục vụ");
const ACCEPTOR: Office<'static> = Office::titled("Trưởng ban Tổ chức Thành ủy");

fn calendar() -> WorkCalendar {
    WorkCalendar::new([(date(2025, 9, 27), DayKind::MakeUp)])
}

/// A task with nothing to find.
fn clear(calendar: &WorkCalendar) -> TaskDraft<'_> {
    TaskDraft {
        what: "Rà soát, chốt danh sách đại biểu triệu tập theo đoàn và 12 tổ",
        basis_count: 1,
        lead_units: &["Ban Tổ chức Thành ủy"],
        focal_offices: &[FOCAL],
        accountable_offices: &[ACCOUNTABLE],
        deputy_office: Some(Office::titled("Phó Trưởng phòng Tổ chức Đảng")),
        supports: &[Support { unit: "Ủy ban Kiểm tra Thành ủy", contribution: "đối chiếu" }],
        authority_text: "Ban Thường vụ phê duyệt danh sách",
        approver_offices: &[APPROVER],
        escalation: Some("Thường trực Thành ủy"),
        start: Some(date(2025, 9, 22)),
        due: Some(Deadline::on(date(2025, 10, 3))),
        event_date: Some(date(2025, 10, 13)),
        result_text: "01 danh sách ký số có thời điểm chốt",
        acceptance_criteria: "0 trường hợp thiếu đoàn, tổ, số đại biểu",
        acceptor_offices: &[ACCEPTOR],
        evidence_kinds: 1,
        ..TaskDraft::new(calendar, date(2025, 9, 15))
    }
}

fn kinds(draft: &TaskDraft<'_>) -> Vec<K> {
    check(draft).findings.into_iter().map(|f| f.kind).collect()
}

fn excerpts(draft: &TaskDraft<'_>) -> Vec<String> {
    check(draft).findings.into_iter().filter_map(|f| f.excerpt).collect()
}

fn what(text: &str) -> Vec<K> {
    let c = calendar();
    kinds(&TaskDraft { what: text, ..clear(&c) })
}

fn result(text: &str) -> Vec<K> {
    let c = calendar();
    kinds(&TaskDraft { result_text: text, ..clear(&c) })
}

#[test]
fn a_clear_task_has_no_finding() {
    let c = calendar();
    let clarity = check(&clear(&c));
    assert_eq!(clarity.findings, vec![]);
    assert!(clarity.assignable());
    assert_eq!(clarity.score().to_string(), "6/6");
}

#[test]
fn an_empty_task_has_no_clear_key() {
    let c = calendar();
    let clarity = check(&TaskDraft::new(&c, date(2025, 9, 15)));
    assert_eq!(clarity.score(), Score { clear: 0, of: 6 });
    assert!(!clarity.assignable());
    for f in &clarity.findings {
        assert!(FindingKind::KEYS.contains(&f.message()));
    }
    let keys: Vec<SixKey> = clarity.findings.iter().map(|f| f.key).collect();
    assert!(keys.is_sorted(), "in the order of the keys");
}

#[test]
fn who() {
    let c = calendar();
    let base = clear(&c);
    assert_eq!(kinds(&TaskDraft { lead_units: &[" "], ..base }), vec![K::NoLead]);
    assert_eq!(
        kinds(&TaskDraft { lead_units: &["Sở Y tế", "Sở Xây dựng"], ..base }),
        vec![K::SeveralLeads { count: 2 }]
    );
    for vague in [
        "các đơn vị liên quan",
        "Các cơ quan, đơn vị liên quan",
        "CÁC CƠ QUAN, ĐƠN VỊ CÓ LIÊN QUAN",
        "cac don vi lien quan",
        "Sở Y tế và các cơ quan chức năng",
    ] {
        let supports = [Support { unit: vague, contribution: "phối hợp" }];
        assert_eq!(kinds(&TaskDraft { supports: &supports, ..base }), vec![K::VagueUnit], "{vague}");
        assert_eq!(kinds(&TaskDraft { lead_units: &[vague], ..base }), vec![K::VagueUnit]);
        let nfd: String = vague.nfd().collect();
        let supports = [Support { unit: &nfd, contribution: "phối hợp" }];
        assert_eq!(kinds(&TaskDraft { supports: &supports, ..base }), vec![K::VagueUnit]);
    }
    let supports = [
        Support { unit: "Sở Y tế", contribution: " " },
        Support { unit: "Các đảng bộ trực thuộc", contribution: "xác nhận" },
    ];
    let draft = TaskDraft { supports: &supports, ..base };
    assert_eq!(kinds(&draft), vec![K::NoContribution]);
    assert_eq!(excerpts(&draft), vec!["Sở Y tế"]);
    let supports = [Support { unit: "ban tổ chức thành uỷ", contribution: "x" }];
    assert_eq!(kinds(&TaskDraft { supports: &supports, ..base }), vec![K::LeadCoordinates]);
    assert_eq!(kinds(&TaskDraft { focal_offices: &[], ..base }), vec![K::NoFocalOfficer]);
    assert_eq!(
        kinds(&TaskDraft {
            focal_offices: &[FOCAL, Office::titled("Phó Trưởng phòng Tổng hợp")], ..base
        }),
        vec![K::SeveralFocalOfficers { count: 2 }]
    );
    let draft = TaskDraft { what: "Phối hợp với các đơn vị liên quan lập danh sách", ..base };
    assert_eq!(kinds(&draft), vec![K::VagueUnitInText]);
    assert!(check(&draft).assignable(), "in the text it only advises");
}

#[test]
fn what_begins_with_a_verb() {
    for good in [
        "Lập danh sách đại biểu",
        "lap danh sach dai bieu",
        "1. Lập danh sách đại biểu",
        "a) In thẻ đại biểu",
        "Tiếp tục rà soát hồ sơ",
        "Chủ trì, phối hợp kiểm tra hội trường",
        "Xây dưng kế hoạch phục vụ", // a wrong mark in a longer verb is forgiven
        "Hoà giải",                  // see below: not in the list
    ] {
        let found = what(good);
        if good == "Hoà giải" {
            assert_eq!(found, vec![K::NoActionVerb]);
            continue;
        }
        assert_eq!(found, vec![], "{good}");
    }
    let nfd: String = "Kiểm tra phòng cháy".nfd().collect();
    assert_eq!(what(&nfd), vec![]);
    for bad in [
        "Danh sách đại biểu",
        "Thư triệu tập đại biểu",
        "Giao thông tuyến chính",
        "Cấp ủy các cấp",
        "Công tác hậu cần",
    ] {
        assert_eq!(what(bad), vec![K::NoActionVerb], "{bad}");
    }
    assert_eq!(what("  "), vec![K::NoTaskText]);
    assert_eq!(what("12"), vec![K::NoActionVerb]);
    assert_eq!(what("Rà soát"), vec![K::NoObject]);
    assert_eq!(what("Tăng cường công tác tuyên truyền"), vec![K::VagueVerb]);
    let c = calendar();
    let draft = TaskDraft { what: "Hoà giải tranh chấp", extra_verbs: &["hòa giải"], ..clear(&c) };
    assert_eq!(kinds(&draft), vec![], "a congress may add verbs");
    assert_eq!(kinds(&TaskDraft { basis_count: 0, ..clear(&c) }), vec![K::NoBasis]);
}

#[test]
fn two_tasks_in_one() {
    for bad in [
        "Lập danh sách đại biểu, đồng thời in thẻ",
        "Lập danh sách đại biểu và đồng thời in thẻ",
        "Lập danh sách đại biểu và in thẻ, đồng thời bố trí xe",
        "Lập danh sách đại biểu; in thẻ",
        "Lập danh sách đại biểu. Ngoài ra bố trí xe",
    ] {
        assert_eq!(what(bad), vec![K::TwoTasks], "{bad}");
    }
    assert_eq!(what("Lập danh sách: đại biểu; khách mời"), vec![K::MaybeTwoTasks]);
    for good in [
        "Kiểm thử 700 người dùng đồng thời",
        "Phát sóng đồng thời trên hai kênh",
        "Trình chọn địa điểm và ban hành thông báo kết luận",
    ] {
        assert_eq!(what(good), vec![], "{good}");
    }
    let c = calendar();
    let draft = TaskDraft { what: "Lập danh sách và đồng thời in thẻ đại biểu", ..clear(&c) };
    assert_eq!(excerpts(&draft), vec!["và đồng thời in thẻ"]);
}

#[test]
fn when() {
    let c = calendar();
    let base = clear(&c);
    let due = |d| Some(Deadline::on(d));
    assert_eq!(kinds(&TaskDraft { due: None, ..base }), vec![K::NoDeadline]);
    for vague in ["sớm", "Kịp thời", "thường xuyên", "khẩn trương", "trong thời gian sớm nhất", "kip thoi"]
    {
        let draft = TaskDraft { due: None, deadline_text: Some(vague), ..base };
        assert_eq!(kinds(&draft), vec![K::VagueDeadline], "{vague}");
        assert_eq!(excerpts(&draft), vec![vague]);
    }
    assert_eq!(
        kinds(&TaskDraft { due: None, deadline_text: Some("trước Đại hội"), ..base }),
        vec![K::DeadlineNotADate]
    );
    assert_eq!(
        kinds(&TaskDraft { deadline_text: Some("khẩn trương"), ..base }),
        vec![],
        "beside a date it is harmless"
    );
    let draft = TaskDraft { due: due(date(2025, 9, 28)), ..base };
    assert_eq!(
        kinds(&draft),
        vec![K::DueOnDayOff {
            due: date(2025, 9, 28),
            why: NonWorking::Sunday,
            suggestion: date(2025, 9, 29)
        }]
    );
    assert!(check(&draft).assignable(), "a weekend asks again and does not block");
    assert_eq!(kinds(&TaskDraft { due: due(date(2025, 9, 27)), ..base }), vec![], "a make-up day");
    assert_eq!(
        kinds(&TaskDraft { due: due(date(2025, 10, 14)), milestones: 1, ..base }),
        vec![K::DueAfterEvent { due: date(2025, 10, 14), event: date(2025, 10, 13) }]
    );
    let past = TaskDraft { start: Some(date(2025, 9, 1)), due: due(date(2025, 9, 12)), ..base };
    assert_eq!(kinds(&past), vec![K::DueInThePast { due: date(2025, 9, 12) }]);
    assert_eq!(kinds(&TaskDraft { new_assignment: false, ..past }), vec![]);
    assert_eq!(
        kinds(&TaskDraft { start: Some(date(2025, 10, 6)), ..base }),
        vec![K::StartAfterDue { start: date(2025, 10, 6), due: date(2025, 10, 3) }]
    );
    assert_eq!(kinds(&TaskDraft { start: None, ..base }), vec![K::NoStart]);
    let long = TaskDraft { start: Some(date(2025, 9, 18)), ..base };
    assert_eq!(kinds(&long), vec![K::NoMilestone { days: 15 }]);
    assert!(check(&long).assignable());
    assert_eq!(kinds(&TaskDraft { milestones: 1, ..long }), vec![]);
    assert_eq!(kinds(&TaskDraft { start: Some(date(2025, 9, 19)), ..base }), vec![]);
}

#[test]
fn authority() {
    let c = calendar();
    let base = clear(&c);
    assert_eq!(kinds(&TaskDraft { approver_offices: &[], ..base }), vec![K::NoApprover]);
    for doer in [FOCAL, ACCOUNTABLE] {
        let draft = TaskDraft { approver_offices: &[doer], ..base };
        assert_eq!(kinds(&draft), vec![K::ApproverIsDoer]);
        assert_eq!(excerpts(&draft), vec![doer.title]);
    }
    assert_eq!(kinds(&TaskDraft { escalation: Some(" "), ..base }), vec![K::NoEscalation]);
    assert_eq!(kinds(&TaskDraft { authority_text: "", ..base }), vec![K::NoAuthorityText]);
    let money = TaskDraft { has_budget_line: true, ..base };
    assert_eq!(kinds(&money), vec![K::NoMoneyLimit]);
    assert_eq!(kinds(&TaskDraft { money_limit: Some(Dong(50_000_000)), ..money }), vec![]);
}

#[test]
fn offices_are_compared_by_id_when_they_have_one() {
    let a = Office::new("1", "Trưởng phòng nghiệp vụ");
    let b = Office::new("2", "Trưởng phòng nghiệp vụ");
    assert!(!a.same(&b), "one title in two units");
    assert!(a.same(&Office::titled("trưởng phòng  NGHIỆP VỤ")));
}

#[test]
fn accountable() {
    let c = calendar();
    let base = clear(&c);
    let with =
        |title: &'static str| kinds(&TaskDraft { accountable_offices: &[Office::titled(title)], ..base });
    assert_eq!(kinds(&TaskDraft { accountable_offices: &[], ..base }), vec![K::NoAccountable]);
    assert_eq!(
        kinds(&TaskDraft {
            accountable_offices: &[ACCOUNTABLE, APPROVER],
            approver_offices: &[Office::titled("Chánh Văn phòng")],
            ..base
        }),
        vec![K::SeveralAccountable { count: 2 }]
    );
    for body in [
        "Tập thể Ban Thường vụ",
        "Ban Thường vụ Thành ủy",
        "Các Phó Chánh Văn phòng",
        "Các đồng chí Phó Giám đốc Sở",
        "Sở Y tế",
        "Lãnh đạo Sở Y tế",
        "Thường trực Thành uỷ",
        "UBND Thành phố",
        "Tổ Biên tập",
        "Văn phòng Thành ủy",
    ] {
        assert_eq!(with(body), vec![K::Collective], "{body}");
    }
    assert_eq!(with("Thường trực Tiểu ban Văn kiện"), vec![K::MaybeCollective]);
    for one in [
        "Tổ trưởng Tổ Biên tập",
        "Trưởng phòng Cảnh sát PCCC và CNCH",
        "Trưởng ban Tuyên giáo và Dân vận",
        "Phó Giám đốc Sở, Trưởng Tiểu ban Hậu cần",
        "Đồng chí Chánh Văn phòng",
    ] {
        assert_eq!(with(one), vec![], "{one}");
    }
    for two in ["Chánh Văn phòng và Trưởng ban Tổ chức", "Giám đốc Sở Y tế; Giám đốc Sở Xây dựng"]
    {
        assert_eq!(with(two), vec![K::SeveralAccountable { count: 2 }], "{two}");
    }
    assert_eq!(kinds(&TaskDraft { accountable_offices: &[FOCAL], ..base }), vec![K::AccountableIsFocal]);
    assert_eq!(kinds(&TaskDraft { deputy_office: None, ..base }), vec![K::NoDeputy]);
}

#[test]
fn results_can_be_counted() {
    for good in [
        "01 báo cáo tổng hợp",
        "Một báo cáo tổng hợp",
        "Năm biên bản kiểm tra",
        "Biên bản nghiệm thu 05 hệ thống",
        "100% thẻ in đúng",
        "1.200 thẻ",
        "Báo cáo; mỗi dòng có căn cứ",
        "Thông báo cho người dân trước ≥ 5 ngày",
    ] {
        assert_eq!(result(good), vec![], "{good}");
    }
    for bad in [
        "Báo cáo tổng hợp",
        "Báo cáo trước 10/10",
        "Báo cáo trước ngày 5/10/2025",
        "Báo cáo theo Kế hoạch số 12",
        "Báo cáo theo Quyết định 42/QĐ",
        "Báo cáo năm 2025",
        "Một số báo cáo",
        "Báo cáo của năm nay",
    ] {
        assert_eq!(result(bad), vec![K::NoQuantity], "{bad}");
    }
    let c = calendar();
    let base = clear(&c);
    assert_eq!(kinds(&TaskDraft { result_text: "Báo cáo tổng hợp", result_qty: Some("1"), ..base }), vec![]);
    assert_eq!(kinds(&TaskDraft { result_text: "", ..base }), vec![K::NoResult, K::NoQuantity]);
}

#[test]
fn results_have_a_form_and_no_vague_words() {
    assert_eq!(result("100% đại biểu được đón"), vec![K::NoForm]);
    let c = calendar();
    let base = clear(&c);
    assert_eq!(
        kinds(&TaskDraft {
            result_text: "100% đại biểu được đón", result_form: Some("biên bản"), ..base
        }),
        vec![]
    );
    assert_eq!(result("Hoàn thành tốt nhiệm vụ"), vec![K::OnlyVagueResult, K::NoForm, K::NoQuantity]);
    assert_eq!(result("Đạt yêu cầu"), vec![K::OnlyVagueResult, K::NoForm, K::NoQuantity]);
    assert_eq!(result("01 báo cáo đầy đủ"), vec![K::VagueResultWord]);
    assert_eq!(kinds(&TaskDraft { acceptance_criteria: "", ..base }), vec![K::NoCriterion]);
    assert_eq!(
        kinds(&TaskDraft { acceptance_criteria: "Đầy đủ, đạt yêu cầu", ..base }),
        vec![K::VagueCriterion]
    );
    assert_eq!(kinds(&TaskDraft { evidence_kinds: 0, ..base }), vec![K::NoEvidence]);
}

#[test]
fn nobody_accepts_their_own_work() {
    let c = calendar();
    let base = clear(&c);
    assert_eq!(kinds(&TaskDraft { acceptor_offices: &[], ..base }), vec![K::NoAcceptor]);
    assert_eq!(kinds(&TaskDraft { acceptor_offices: &[FOCAL], ..base }), vec![K::AcceptorIsFocal]);
    assert_eq!(
        kinds(&TaskDraft { acceptor_offices: &[ACCOUNTABLE, APPROVER], ..base }),
        vec![K::SeveralAcceptors { count: 2 }]
    );
}

#[test]
fn a_classified_stub_says_nothing_and_still_has_owners_and_a_date() {
    let c = calendar();
    let stub = TaskDraft {
        what: "",
        scope: "",
        basis_count: 0,
        authority_text: "",
        result_text: "",
        acceptance_criteria: "",
        evidence_kinds: 0,
        confidential_stub: true,
        ..clear(&c)
    };
    assert_eq!(kinds(&stub), vec![]);
    assert_eq!(kinds(&TaskDraft { result_text: "01 phương án", ..stub }), vec![K::StubSaysTooMuch]);
    assert_eq!(kinds(&TaskDraft { lead_units: &[], due: None, ..stub }), vec![K::NoLead, K::NoDeadline]);
}

#[test]
fn findings_carry_arguments_and_serialise() {
    let c = calendar();
    let found = check(&TaskDraft { due: Some(Deadline::on(date(2025, 10, 5))), ..clear(&c) });
    let f = &found.findings[0];
    assert_eq!(f.message(), "clarity-due-on-day-off");
    assert_eq!(
        f.args(),
        vec![
            ("due", Arg::Date(date(2025, 10, 5))),
            ("why", Arg::Text("sunday".into())),
            ("suggestion", Arg::Date(date(2025, 10, 6))),
        ]
    );
    let json = serde_json::to_value(f).unwrap();
    assert_eq!(json["key"], "when");
    assert_eq!(json["finding"], "due_on_day_off");
    assert_eq!(json["severity"], "advice");
    let mut keys = FindingKind::KEYS.to_vec();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), FindingKind::KEYS.len(), "every kind has its own key");
    for k in SixKey::ALL {
        assert_eq!(k.as_str().parse::<SixKey>().unwrap(), k);
    }
}

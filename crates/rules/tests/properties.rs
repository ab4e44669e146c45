//! What holds for every input, not only for the examples.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Time, date};
use proptest::prelude::*;
use rules::calendar::{DayKind, Weekend, WorkCalendar};
use rules::clarity::{Dong, Office, Severity, SixKey, Support, TaskDraft, check};
use rules::count::{Ratio, Tally, reconcile};
use rules::dates::{Deadline, format_vn_date, parse_vn_date};
use rules::diff::diff;
use rules::schedule::{Dep, DepKind, Node, critical_path, find_cycle, knock_on, ripple};
use rules::state::{Move, TaskState, moves_from, next};
use rules::template::DMinus;
use rules::text::{fold, matches_folded, nfc};
use rules::timing::{Timing, TimingInput, TimingRule, days_between, timing};
use unicode_normalization::UnicodeNormalization;

fn day() -> impl Strategy<Value = Date> {
    (0i64..36_000).prop_map(|n| date(2000, 1, 1).saturating_add(n.days()))
}

fn near() -> impl Strategy<Value = Date> {
    (0i64..120).prop_map(|n| date(2025, 8, 1).saturating_add(n.days()))
}

fn calendar() -> impl Strategy<Value = WorkCalendar> {
    let kind = prop_oneof![Just(DayKind::Holiday), Just(DayKind::MakeUp)];
    let weekend = prop_oneof![Just(Weekend::SaturdaySunday), Just(Weekend::SundayOnly), Just(Weekend::None)];
    (prop::collection::vec((near(), kind), 0..30), weekend)
        .prop_map(|(days, weekend)| WorkCalendar::new(days).with_weekend(weekend))
}

/// Letters of Vietnamese in either normal form, with spaces and punctuation.
fn vietnamese() -> impl Strategy<Value = String> {
    ("[ a-zA-Z0-9đĐăâêôơưáàảãạếềểễệộợựỷỹ,;.–-]{0,40}", any::<bool>())
        .prop_map(|(s, nfd)| if nfd { s.nfd().collect() } else { s })
}

type Tasks = (Vec<Node>, Vec<Dep>);

/// A plan without cycles: dependencies lead from a lower to a higher index.
fn tasks() -> impl Strategy<Value = Tasks> {
    let node = (near(), 0i64..30, 0u8..10).prop_map(|(start, length, kind)| Node {
        start: (kind > 0).then_some(start),
        due: (kind > 1).then(|| start.saturating_add(length.days())),
        settled: kind == 2,
    });
    prop::collection::vec(node, 2..12).prop_flat_map(|nodes| {
        let n = nodes.len();
        let kind = prop::sample::select(DepKind::ALL.to_vec());
        let dep = (0..n - 1, 1..n, kind, -5i32..10).prop_map(move |(a, b, kind, lag_days)| {
            let (pred, succ) = if a < b { (a, b) } else { (a, (a + 1).min(n - 1)) };
            Dep { pred, succ, kind, lag_days }
        });
        (
            Just(nodes),
            prop::collection::vec(dep, 0..20)
                .prop_map(|deps| deps.into_iter().filter(|d| d.pred < d.succ).collect()),
        )
    })
}

fn gap(dep: &Dep, nodes: &[Node]) -> Option<i32> {
    let span = |i: usize| {
        let node: &Node = &nodes[i];
        let due = node.due.filter(|_| !node.settled)?;
        Some((node.start.unwrap_or(due).min(due), due))
    };
    let ((ps, pd), (ss, sd)) = (span(dep.pred)?, span(dep.succ)?);
    Some(
        match dep.kind {
            DepKind::FS => days_between(pd, ss) - 1,
            DepKind::SS => days_between(ps, ss),
            DepKind::FF => days_between(pd, sd),
            DepKind::SF => days_between(ps, sd),
        } - dep.lag_days,
    )
}

proptest! {
    #[test]
    fn folding_is_idempotent_and_blind_to_the_normal_form(s in "\\PC{0,40}") {
        let once = fold(&s);
        prop_assert_eq!(&fold(&once), &once);
        let nfd: String = s.nfd().collect();
        prop_assert_eq!(fold(&nfd), once);
        prop_assert!(matches_folded(&s, &s));
    }

    #[test]
    fn the_stored_form_is_idempotent(s in "[\\PC\n\r\t ]{0,40}") {
        let once = nfc(&s);
        prop_assert_eq!(nfc(&once), once);
    }

    #[test]
    fn a_day_reads_back_as_written(d in day()) {
        prop_assert_eq!(parse_vn_date(&format_vn_date(d), None), Ok(d));
        prop_assert_eq!(parse_vn_date(&d.to_string(), None), Ok(d));
        let short = format!("{}/{}", d.day(), d.month());
        prop_assert_eq!(parse_vn_date(&short, Some(d.year())), Ok(d));
    }

    #[test]
    fn a_deadline_reads_back_as_written(d in day(), hour in prop::option::of((0i8..24, 0i8..60))) {
        let deadline = Deadline { date: d, time: hour.map(|(h, m)| Time::constant(h, m, 0, 0)) };
        prop_assert_eq!(Deadline::parse(&deadline.format_vn(), None), Ok(deadline));
        prop_assert_eq!(deadline.to_string().parse(), Ok(deadline));
        let json = serde_json::to_string(&deadline).unwrap();
        prop_assert_eq!(serde_json::from_str::<Deadline>(&json).unwrap(), deadline);
        prop_assert!(deadline <= Deadline::on(d));
    }

    #[test]
    fn no_text_breaks_the_readers(s in "\\PC{0,30}") {
        let _ = parse_vn_date(&s, Some(2025));
        let _ = Deadline::parse(&s, Some(2025));
        let _ = s.parse::<DMinus>();
    }

    #[test]
    fn adding_working_days_lands_on_a_working_day(c in calendar(), d in near(), n in -40i32..40) {
        let landed = c.add_working_days(d, n);
        prop_assert!(c.is_working(landed));
        if n != 0 {
            prop_assert_eq!((landed > d, landed < d), (n > 0, n < 0));
        }
        if n > 0 {
            prop_assert_eq!(c.working_days_between(d, landed), n);
        }
    }

    #[test]
    fn the_parts_of_a_tally_sum(timings in prop::collection::vec(prop::sample::select(Timing::ALL.to_vec()), 0..200)) {
        let tally: Tally = timings.iter().copied().collect();
        prop_assert_eq!(tally.total, timings.len() as u64);
        prop_assert!(tally.reconciles().is_ok());
        prop_assert!(tally.two_by_two().reconciles(tally.total).is_ok());
        prop_assert_eq!(tally.done.total() + tally.open.total() + tally.cancelled, tally.total);
    }

    #[test]
    fn a_wrong_total_never_reconciles(parts in prop::collection::vec(0u64..1_000_000, 0..10), off in 1u64..1000) {
        let sum: u64 = parts.iter().sum();
        prop_assert!(reconcile(sum, &parts).is_ok());
        prop_assert_eq!(reconcile(sum + off, &parts).unwrap_err().diff, off as i64);
    }

    #[test]
    fn percentages_are_within_half_a_unit(part in 0u64..100_000, whole in 1u64..100_000, decimals in 0u8..5) {
        let scaled = Ratio::new(part, whole).percent_scaled(decimals).unwrap();
        let exact = u128::from(part) * 100 * 10u128.pow(decimals.into());
        let twice = 2 * scaled * u128::from(whole);
        prop_assert!(twice <= 2 * exact + u128::from(whole));
        prop_assert!(twice + u128::from(whole) > 2 * exact);
    }

    #[test]
    fn every_task_has_exactly_one_timing(
        state in prop::sample::select(TaskState::ALL.to_vec()),
        start in prop::option::of(near()), due in prop::option::of(near()),
        accepted in prop::option::of(near()), today in near(), threshold in 0u16..20,
    ) {
        let input = TimingInput {
            state, start, due: due.map(Deadline::on), accepted_at: accepted.map(|d| d.at(9, 0, 0, 0)),
        };
        let rule = TimingRule { threshold_days: threshold, last_fraction: None };
        let t = timing(&input, today.at(16, 0, 0, 0), &rule);
        prop_assert_eq!(t.timing.is_done(), state == TaskState::Accepted);
        prop_assert_eq!(t.timing == Timing::Overdue, t.days < 0 && !t.timing.is_done() && !matches!(t.timing, Timing::Paused | Timing::Cancelled));
    }

    #[test]
    fn no_way_from_a_draft_to_accepted_skips_the_assignment(choices in prop::collection::vec(0usize..12, 0..30)) {
        let (mut state, mut before, mut assigned) = (TaskState::Draft, None, false);
        for choice in choices {
            let moves = moves_from(state);
            let mv = moves[choice % moves.len()];
            if mv == Move::Pause { before = Some(state); }
            assigned |= mv == Move::Assign;
            state = next(state, mv, before).unwrap();
            prop_assert!(assigned || !state.is_running() && state != TaskState::Accepted);
        }
    }

    #[test]
    fn a_ripple_only_pushes_later_keeps_durations_and_settles(
        (nodes, deps) in tasks(), which in 0usize..12, to in near(), with in prop::option::of(calendar()),
    ) {
        let which = which % nodes.len();
        let shifts = ripple(&nodes, &deps, (which, to), with.as_ref()).unwrap();
        let mut after = nodes.clone();
        if let Some(due) = nodes[which].due.filter(|_| !nodes[which].settled) {
            after[which].due = Some(due.max(to));
        }
        for s in &shifts {
            prop_assert!(s.new_due > s.old_due && !nodes[s.id].settled && s.id != which);
            if let (Some(a), Some(b)) = (s.old_start, s.new_start) {
                prop_assert_eq!(days_between(a, b), days_between(s.old_due, s.new_due));
            }
            after[s.id].start = s.new_start;
            after[s.id].due = Some(s.new_due);
        }
        for dep in deps.iter().filter(|d| d.succ != which) {
            if let (Some(before), Some(now)) = (gap(dep, &nodes), gap(dep, &after)) {
                prop_assert!(now >= before.min(0), "no overlap grows: {dep:?} {before} {now}");
            }
        }
        prop_assert_eq!(ripple(&after, &deps, (which, to), with.as_ref()).unwrap(), vec![]);
        let reach = knock_on(&nodes, &deps, which).unwrap();
        for s in &shifts {
            prop_assert!(reach.direct.contains(&s.id) || reach.indirect.contains(&s.id));
        }
    }

    #[test]
    fn slipping_by_the_slack_keeps_the_opening((nodes, deps) in tasks(), which in 0usize..12) {
        let opening = date(2025, 10, 13);
        let which = which % nodes.len();
        let slack = critical_path(&nodes, &deps, opening).unwrap();
        let Some(s) = slack.iter().find(|s| s.id == which && s.slack_days > 0) else { return Ok(()) };
        for shift in ripple(&nodes, &deps, (which, s.latest_due), None).unwrap() {
            let before = shift.old_due <= opening;
            prop_assert!(!before || shift.new_due <= opening, "{shift:?}");
        }
    }

    #[test]
    fn a_cycle_is_found_and_is_one(edges in prop::collection::vec((0usize..8, 0usize..8), 0..16)) {
        let deps: Vec<Dep> = edges.iter().map(|(a, b)| Dep::fs(*a, *b)).collect();
        let nodes = vec![Node::default(); 8];
        let cycle = find_cycle(8, &deps);
        prop_assert_eq!(cycle.is_some(), ripple(&nodes, &deps, (0, opening()), None).is_err());
        if let Some(cycle) = cycle {
            prop_assert!(!cycle.is_empty());
            for (i, id) in cycle.iter().enumerate() {
                prop_assert!(edges.contains(&(*id, cycle[(i + 1) % cycle.len()])));
            }
        }
    }

    #[test]
    fn six_of_six_means_no_blocking_finding(
        words in prop::collection::vec(vietnamese(), 9),
        counts in prop::collection::vec(0usize..3, 6), flags in any::<[bool; 6]>(),
        start in prop::option::of(near()), due in prop::option::of(near()), c in calendar(),
    ) {
        let good = flags[0];
        let pick = |i: usize, fallback: &'static str| -> String {
            if good { fallback.to_owned() } else { words[i].clone() }
        };
        let counts: Vec<usize> = if good { vec![1; 6] } else { counts };
        let texts = [
            pick(0, "Lập danh sách"), pick(1, "Sở Y tế"), pick(2, "Chuyên viên"),
            pick(3, "Chánh Văn phòng"), pick(4, "Trưởng ban"), pick(5, "01 báo cáo"),
            pick(6, "đủ 12 tổ"), pick(7, "Phó Giám đốc"), pick(8, "cung cấp số liệu"),
        ];
        let leads: Vec<&str> = vec![texts[1].as_str(); counts[0]];
        let one = |i: usize, n: usize| vec![Office::titled(texts[i].as_str()); n];
        let (focal, answers) = (one(2, counts[1]), one(3, counts[2]));
        let (approves, accepts) = (one(4, counts[3]), one(7, counts[4]));
        let supports = [Support { unit: "Công an Thành phố", contribution: &texts[8] }];
        let clarity = check(&TaskDraft {
            what: &texts[0], basis_count: counts[5], lead_units: &leads, focal_offices: &focal,
            accountable_offices: &answers, supports: &supports, approver_offices: &approves,
            has_budget_line: flags[1], money_limit: flags[2].then_some(Dong(1)),
            start, due: due.map(Deadline::on), result_text: &texts[5],
            acceptance_criteria: &texts[6], acceptor_offices: &accepts,
            evidence_kinds: usize::from(flags[3]), new_assignment: flags[4],
            confidential_stub: flags[5],
            ..TaskDraft::new(&c, date(2025, 9, 1))
        });
        let blocking = clarity.blocking().count();
        prop_assert_eq!(clarity.score().clear == 6, blocking == 0);
        prop_assert_eq!(clarity.assignable(), blocking == 0);
        for key in SixKey::ALL {
            let stops = clarity.of(key).any(|f| f.severity == Severity::Blocking);
            prop_assert_eq!(clarity.is_clear(key), !stops);
        }
        for f in &clarity.findings {
            prop_assert_eq!((f.key, f.severity), (f.kind.about(), f.kind.severity()));
        }
    }

    #[test]
    fn a_diff_is_empty_only_between_equals(a in fields(), b in fields()) {
        prop_assert_eq!(diff(&a, &b).is_empty(), a == b);
        prop_assert_eq!(diff(&a, &b).len(), diff(&b, &a).len());
    }

    #[test]
    fn a_relative_date_is_as_far_as_it_says(n in -400i32..400, opening in day(), c in calendar()) {
        let r = DMinus(n).resolve(opening, &c);
        prop_assert_eq!(days_between(opening, r.date), n);
        prop_assert_eq!(r.suggestion.is_none(), c.is_working(r.date));
        if let Some(s) = r.suggestion {
            prop_assert!(c.is_working(s.date));
            prop_assert!(n >= 0 || s.date < opening);
        }
        prop_assert_eq!(DMinus(n).to_string().parse(), Ok(DMinus(n)));
    }
}

fn opening() -> Date {
    date(2025, 10, 13)
}

fn fields() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map("[a-d]", "[xy]", 0..4)
}

// ---------------------------------------------------------------- briefings

fn lines() -> impl Strategy<Value = Vec<rules::briefing::Line<u8>>> {
    let timing = prop::sample::select(Timing::ALL.to_vec());
    let line = (0u8..30, 0u8..4, timing, prop::option::of(near()));
    prop::collection::vec(line, 0..30).prop_map(|lines| {
        let mut seen = BTreeMap::new();
        for (task, stream, timing, due) in lines {
            seen.entry(task).or_insert_with(|| rules::briefing::Line {
                task,
                stream: format!("dòng {stream}"),
                timing,
                due: due.map(Deadline::on),
            });
        }
        seen.into_values().collect()
    })
}

proptest! {
    /// Parts sum: the lists of the week account for every counter, and the streams for every list.
    #[test]
    fn the_week_accounts_for_the_counters(before in lines(), after in lines()) {
        let week = rules::briefing::week::compare(&before, &after);
        prop_assert_eq!(week.accounts(&before, &after), Ok(()));
    }

    /// Between a picture and itself nothing moved; backwards, what came goes.
    #[test]
    fn the_week_is_empty_against_itself_and_turns_round(before in lines(), after in lines()) {
        use rules::briefing::week::compare;
        prop_assert!(compare(&before, &before).all.is_empty());
        let (there, back) = (compare(&before, &after).all, compare(&after, &before).all);
        let same = |a: &[u8], b: &[u8]| {
            let (mut a, mut b) = (a.to_vec(), b.to_vec());
            a.sort_unstable();
            b.sort_unstable();
            a == b
        };
        prop_assert!(same(&there.added, &back.removed));
        prop_assert!(same(&there.done, &back.undone));
        prop_assert!(same(&there.newly_overdue, &back.no_longer_overdue));
        prop_assert!(same(&there.extended, &back.brought_forward));
    }

    /// Whatever is asked in whatever order: a meeting is signed at most once, and nothing leads back from there.
    #[test]
    fn a_meeting_is_signed_once(steps in prop::collection::vec(
        prop::sample::select(rules::briefing::Step::ALL.to_vec()), 0..40,
    )) {
        use rules::briefing::{Meeting, Step, state::next};
        let (mut state, mut signed) = (Meeting::Planned, 0);
        for step in steps {
            match next(state, step) {
                Ok(to) => {
                    prop_assert!(!state.is_signed() || to == Meeting::Announced);
                    signed += u32::from(step == Step::Sign);
                    state = to;
                }
                Err(error) => prop_assert_eq!((error.from, error.step), (state, step)),
            }
        }
        prop_assert!(signed <= 1);
        prop_assert_eq!(signed == 1, state.is_signed());
    }

    /// The cut-off is before the meeting and, with a calendar that has working days, on a working day; so is the
    /// meeting.
    #[test]
    fn a_proposal_is_later_and_its_cutoff_earlier(after in near(), hour in 0i8..24, calendar in calendar()) {
        use jiff::civil::{Weekday, time};
        let cadence = rules::briefing::Cadence {
            weekday: Weekday::Friday,
            time: time(16, 30, 0, 0),
            cutoff_weekday: Weekday::Thursday,
            cutoff_time: time(16, 0, 0, 0),
        };
        let after = after.at(hour, 0, 0, 0);
        let next = cadence.propose(&calendar, after);
        prop_assert!(next.at > after && next.cutoff_at < next.at);
        prop_assert!(calendar.is_working(next.at.date()) && calendar.is_working(next.cutoff_at.date()));
        prop_assert_eq!(next.moved.is_none(), next.at.date() == next.regular);
    }

    /// Reading what was typed never fails, loses no letter outside the shortcuts, and its pieces are in order.
    #[test]
    fn what_is_typed_is_read(text in "[ a-zđạâờĐ@#/,.0-9hạn-]{0,60}") {
        use rules::briefing::typed::{Known, read};
        let units = [Known { id: 1, names: vec!["đa".to_owned()] }];
        let tasks = [Known { id: 2, names: vec!["a-1".to_owned()] }];
        let typed = read(&text, &units, &tasks, date(2025, 9, 26));
        let long = text.encode_utf16().count();
        let mut last = 0;
        for piece in &typed.pieces {
            prop_assert!(last <= piece.start && piece.start < piece.end && piece.end <= long);
            last = piece.end;
        }
    }
}

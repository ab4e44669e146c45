//! From the picture of a meeting to what its pages show.

use platform::{
    clock,
    i18n::{IntoArg as _, fmt},
    web::Cx,
};
use rules::{
    briefing::{Problem, week::Moved},
    timing::Timing,
};

use super::{
    common::{self, at, moment, two},
    picture::Picture,
    view::{
        Act, Attendee, Came, Changed, Chip, Choice, ConclusionView, Delta, Figure, ItemView, PaperLink,
        Stage, StreamDelta, mark,
    },
};
use crate::{
    briefings::{
        model::{
            Briefing, Conclusion, Content, Disposition, Effect, How, Item, ItemState, MeetingState, Presence,
            Reason, Receipt, Series,
        },
        snapshot::FrozenTask,
    },
    tasks::{
        model::TaskId,
        pages::views::row::{Badge, deadline, sign, tone},
        register::Register,
    },
};

/// "Giao ban tuần 05": what a meeting is called.
pub(super) fn name(cx: &Cx, briefing: &Briefing) -> String {
    cx.t1("meet-name", "number", two(briefing.no))
}

/// Colour, icon and word of a state.
pub(super) fn state(cx: &Cx, state: MeetingState) -> Chip {
    let (tone, icon) = match state {
        MeetingState::Planned => ("grey", "calendar-event"),
        MeetingState::Frozen => ("blue", "lock"),
        MeetingState::Running => ("red", "message-circle"),
        MeetingState::AwaitingSignature => ("amber", "hourglass"),
        MeetingState::Signed => ("green", "signature"),
        MeetingState::Announced => ("green", "checks"),
        MeetingState::Cancelled => ("grey", "ban"),
    };
    Chip { tone, icon, word: cx.t(state.key()).into_owned() }
}

/// The stages of the loop.
pub(super) fn stages(
    cx: &Cx,
    briefing: &Briefing,
    frozen: Option<jiff::Timestamp>,
    signed: Option<jiff::Timestamp>,
    notice: &str,
) -> Vec<Stage> {
    let order = [
        MeetingState::Planned,
        MeetingState::Frozen,
        MeetingState::Running,
        MeetingState::AwaitingSignature,
        MeetingState::Signed,
        MeetingState::Announced,
    ];
    let here = order.iter().position(|one| *one == briefing.state);
    let short = |at: jiff::Timestamp| {
        let at = clock::local(at);
        format!("{} {}", fmt::time(at.time()), fmt::day(at.date()))
    };
    order
        .into_iter()
        .enumerate()
        .map(|(place, one)| {
            let detail = match one {
                MeetingState::Planned => short(briefing.at),
                MeetingState::Frozen => short(frozen.unwrap_or(briefing.cutoff_at)),
                MeetingState::Running => briefing.started_at.map(short).unwrap_or_default(),
                MeetingState::AwaitingSignature => briefing.closed_at.map(short).unwrap_or_default(),
                MeetingState::Signed => signed.map(short).unwrap_or_default(),
                MeetingState::Announced => notice.to_owned(),
                MeetingState::Cancelled => String::new(),
            };
            Stage {
                word: cx.t(one.key()).into_owned(),
                detail,
                done: here
                    .is_some_and(|here| place < here || (place == here && one == MeetingState::Announced)),
                current: here == Some(place) && one != MeetingState::Announced,
            }
        })
        .collect()
}

/// The stages of a meeting whose picture is there.
pub(super) fn stages_of(cx: &Cx, picture: &Picture) -> Vec<Stage> {
    stages(
        cx,
        &picture.briefing,
        picture.frozen.as_ref().map(|(head, _)| head.as_of),
        picture.signed.as_ref().map(|one| one.signed_at),
        picture.notice.as_ref().map_or("", |one| one.written.as_str()),
    )
}

/// Where we are, in large words, and what comes next.
pub(super) fn stage(cx: &Cx, picture: &Picture) -> (String, String) {
    let briefing = &picture.briefing;
    let title = cx.tp("meet-stage-", briefing.state).into_owned();
    let (chair, secretary) =
        (picture.office(briefing.chair_office), picture.office(briefing.secretary_office));
    let text = match briefing.state {
        MeetingState::Planned => {
            cx.t1("meet-stage-text-du_kien", "at", common::day(cx, clock::local(briefing.cutoff_at)))
        }
        MeetingState::Frozen => cx.t2(
            "meet-stage-text-chot_so_lieu",
            "items",
            picture.items.len(),
            "at",
            common::day(cx, clock::local(briefing.at)),
        ),
        MeetingState::Running => {
            cx.t2("meet-stage-text-dang_hop", "count", picture.conclusions.len(), "office", secretary)
        }
        MeetingState::AwaitingSignature => {
            let broken = picture.preview.as_ref().map_or(0, |preview| {
                preview.conclusions.iter().filter(|one| !one.problems.is_empty()).count()
            });
            if broken == 0 {
                cx.t2("meet-stage-text-cho_ky", "count", picture.conclusions.len(), "office", chair)
            } else {
                cx.t2("meet-stage-text-cho_ky-broken", "count", broken, "all", picture.conclusions.len())
            }
        }
        MeetingState::Signed => match &picture.signed {
            Some(signed) => cx.t2(
                "meet-stage-text-da_ky",
                "by",
                signed.signed_by.as_str(),
                "at",
                moment(signed.signed_at),
            ),
            None => String::new(),
        },
        MeetingState::Announced => match &picture.notice {
            Some(notice) => cx.t2(
                "meet-stage-text-da_ban_hanh",
                "number",
                notice.written.as_str(),
                "date",
                cx.date(&notice.issued_on),
            ),
            None => String::new(),
        },
        MeetingState::Cancelled => cx.t1("meet-stage-text-huy", "reason", briefing.cancel_reason.as_str()),
    };
    (title, text)
}

/// What the viewer may do now; the step of the loop first.
pub(super) fn acts(cx: &Cx, picture: &Picture) -> Vec<Act> {
    let address = &picture.briefing.address;
    let mut acts = Vec::new();
    let mut push = |words: &str, icon, below: &str, post, class, confirm: String| {
        acts.push(Act {
            words: cx.t(words).into_owned(),
            icon,
            href: at(address, below),
            post,
            class,
            confirm,
        });
    };
    let (first, other) = ("btn-primary", "btn-outline-secondary");
    let none = String::new;
    match picture.briefing.state {
        MeetingState::Planned if picture.manages() => {
            push(
                "meet-do-freeze",
                "lock",
                "buoc/freeze",
                true,
                first,
                cx.t1("meet-freeze-confirm", "count", picture.register.tasks.len()),
            );
        }
        MeetingState::Frozen if picture.writes() => {
            push("meet-do-open", "player-play", "buoc/open", true, first, none());
        }
        MeetingState::Running if picture.writes() => {
            push("meet-desk", "writing", "bien-ban", false, first, none());
        }
        MeetingState::AwaitingSignature => {
            if picture.signs() {
                push("meet-sign", "signature", "ky", false, first, none());
            } else {
                push("meet-sign-see", "eye", "ky", false, other, none());
            }
            if picture.writes() {
                push("meet-do-reopen", "rotate-clockwise", "buoc/reopen", true, other, none());
            }
        }
        MeetingState::Signed if picture.manages() => {
            push("meet-issue", "send", "van-ban/thong-bao", false, first, none());
        }
        _ => {}
    }
    match picture.briefing.state {
        MeetingState::Planned => {
            push("meet-wall", "device-desktop", "tuong", false, other, none());
        }
        MeetingState::Frozen | MeetingState::Running => {
            if !picture.writes() && picture.briefing.state == MeetingState::Running {
                push("meet-desk-see", "eye", "bien-ban", false, other, none());
            }
            push("meet-wall", "device-desktop", "tuong", false, other, none());
            push("meet-present", "device-mobile", "trinh-bay", false, other, none());
        }
        _ => {}
    }
    if picture.manages() && matches!(picture.briefing.state, MeetingState::Planned | MeetingState::Frozen) {
        push("meet-change", "pencil", "sua", false, other, none());
        push("meet-do-cancel", "ban", "buoc/cancel", false, "btn-outline-danger", none());
    }
    acts
}

/// The figures at the cut-off, each with its whole and the list behind it.
pub(super) fn figures(cx: &Cx, picture: &Picture) -> Vec<Figure> {
    let Some(figures) = picture.figures() else { return Vec::new() };
    let tally = &figures.tally;
    let share = |part: u64| format!("{}/{}", cx.int(part), cx.int(figures.total));
    let part = |timing: Timing| Figure {
        number: tally.of(timing),
        word: cx.tp("views-part-", timing).into_owned(),
        href: format!("/nhiem-vu?den={timing}"),
        tone: tone(timing),
        icon: sign(timing),
        share: share(tally.of(timing)),
    };
    let asks = figures.tasks.iter().filter(|task| task.asks()).count();
    let asks = u64::try_from(asks).unwrap_or(u64::MAX);
    vec![
        part(Timing::Overdue),
        part(Timing::DueToday),
        part(Timing::DueSoon),
        Figure {
            number: asks,
            word: cx.t("meet-asks").into_owned(),
            href: "/nhiem-vu?kien-nghi=1".to_owned(),
            tone: "orange",
            icon: "hand-stop",
            share: share(asks),
        },
        Figure {
            number: tally.done.total(),
            word: cx.t("views-done").into_owned(),
            href: "/nhiem-vu?trang-thai=hoan_thanh".to_owned(),
            tone: "green",
            icon: "circle-check",
            share: share(tally.done.total()),
        },
        Figure {
            number: figures.total,
            word: cx.t("views-total").into_owned(),
            href: "/nhiem-vu".to_owned(),
            tone: "ink",
            icon: "list-check",
            share: String::new(),
        },
    ]
}

/// When the figures were frozen and by whom.
pub(super) fn frozen_words(cx: &Cx, picture: &Picture) -> (String, String, String) {
    let Some((head, _)) = &picture.frozen else { return Default::default() };
    let title = cx.t1("meet-frozen-title", "at", common::day(cx, clock::local(head.as_of)));
    let by = match head.how {
        How::Clock => cx.t("meet-frozen-clock").into_owned(),
        How::Hand => cx.t2("meet-frozen-hand", "by", head.frozen_by.as_str(), "at", moment(head.frozen_at)),
    };
    (title, by, head.sha256.clone())
}

/// A task's standing in short lines: timing, state, percent, deadline.
fn standing(cx: &Cx, task: &FrozenTask) -> [String; 4] {
    let badge = Badge::of(cx, task.timed());
    let timing =
        if badge.days.is_empty() { badge.word.to_string() } else { format!("{} {}", badge.word, badge.days) };
    [
        timing,
        cx.t(task.state.key()).into_owned(),
        format!("{}%", task.percent),
        task.due.map(|due| cx.t1("meet-due", "due", deadline(cx, due))).unwrap_or_default(),
    ]
}

/// What somebody changed between the cut-off and now: only what differs stands there twice.
pub(super) fn changed(cx: &Cx, picture: &Picture) -> Vec<Changed> {
    picture
        .drift
        .iter()
        .filter(|one| one.changed)
        .map(|one| {
            let now = standing(cx, &one.now);
            let (frozen, present): (Vec<String>, Vec<String>) = match &one.frozen {
                None => (vec![cx.t("meet-not-there").into_owned()], now.into_iter().collect()),
                Some(was) => {
                    let pairs: Vec<(String, String)> =
                        standing(cx, was).into_iter().zip(now).filter(|(was, now)| was != now).collect();
                    if pairs.is_empty() {
                        (
                            vec![cx.t("meet-other-words").into_owned()],
                            vec![cx.t("meet-other-words-now").into_owned()],
                        )
                    } else {
                        pairs.into_iter().unzip()
                    }
                }
            };
            Changed {
                code: one.now.code.clone(),
                href: common::task(&one.now.code),
                what: words(cx, &one.now.what),
                frozen: frozen.into_iter().filter(|line| !line.is_empty()).collect(),
                present: present.into_iter().filter(|line| !line.is_empty()).collect(),
            }
        })
        .collect()
}

/// Words of a task, or what stands in their place.
fn words(cx: &Cx, what: &str) -> String {
    if what.is_empty() { cx.t("meet-hidden").into_owned() } else { what.to_owned() }
}

/// The numbers of a comparison that are not zero.
pub(super) fn deltas(cx: &Cx, register: &Register, moved: &Moved<TaskId>) -> Vec<Delta> {
    moved
        .lists()
        .into_iter()
        .filter(|(_, tasks)| !tasks.is_empty())
        .map(|(name, tasks)| Delta {
            number: match name {
                "done" | "added" => format!("+{}", cx.int(tasks.len())),
                _ => cx.int(tasks.len()),
            },
            word: cx.tp("meet-week-", name).into_owned(),
            tone: match name {
                "done" | "no_longer_overdue" => "green",
                "newly_overdue" | "undone" => "red",
                "extended" => "amber",
                _ => "grey",
            },
            codes: tasks
                .iter()
                .filter_map(|id| register.by_id(*id))
                .map(|task| (task.fields.code.clone(), common::task(&task.fields.code)))
                .collect(),
        })
        .collect()
}

/// The comparison with the meeting before: its title, all together, stream by stream.
pub(super) fn week(cx: &Cx, picture: &Picture) -> (String, Vec<Delta>, Vec<StreamDelta>) {
    let Some((was, week)) = &picture.week else { return Default::default() };
    let title = cx.t1("meet-week-title", "at", common::day(cx, clock::local(was.as_of)));
    let streams = week
        .streams
        .iter()
        .filter(|(_, moved)| !moved.is_empty())
        .map(|(stream, moved)| StreamDelta {
            stream: stream.clone(),
            deltas: deltas(cx, &picture.register, moved),
        })
        .collect();
    (title, deltas(cx, &picture.register, &week.all), streams)
}

fn reason(cx: &Cx, reason: Reason, task: Option<&FrozenTask>) -> Chip {
    let (tone, icon) = match reason {
        Reason::Overdue => ("red", "alert-triangle"),
        Reason::Returned => ("orange", "arrow-back-up"),
        Reason::Unacknowledged => ("red", "clock-exclamation"),
        Reason::ExtensionWaiting => ("amber", "hourglass"),
        Reason::Ask => ("orange", "hand-stop"),
        Reason::DueSoon => ("amber", "circle-half-2"),
        Reason::Carried => ("grey", "history"),
        Reason::Added => ("blue", "plus"),
    };
    // The days stand with the word they explain.
    let word = match (reason, task) {
        (Reason::Overdue | Reason::DueSoon, Some(task)) => {
            let badge = Badge::of(cx, task.timed());
            if badge.days.is_empty() {
                badge.word.to_string()
            } else {
                format!("{} {}", badge.word, badge.days)
            }
        }
        _ => cx.t(reason.key()).into_owned(),
    };
    Chip { tone, icon, word }
}

/// The agenda.
pub(super) fn items(cx: &Cx, picture: &Picture) -> Vec<ItemView> {
    let drifted = picture.drifted();
    let view = |(place, item): (usize, &Item)| {
        let register = &picture.register;
        let frozen = item.task.and_then(|id| picture.figures().and_then(|figures| figures.task(id)));
        let live = item.task.and_then(|id| register.by_id(id));
        let code = live.map(|task| task.fields.code.clone()).unwrap_or_default();
        let title = match (item.task, frozen, live) {
            (None, ..) => item.title.clone(),
            (_, Some(task), _) => words(cx, &task.what),
            (_, None, Some(task)) if picture.hand.audience.sees(task) => words(cx, &task.fields.what),
            _ => words(cx, ""),
        };
        let facts = frozen.map(|task| {
            let mut facts: Vec<String> = vec![task.lead_name.clone()];
            facts.extend(task.due.map(|due| cx.t1("meet-due", "due", deadline(cx, due))));
            facts.push(format!("{}%", task.percent));
            facts.retain(|one| !one.is_empty());
            facts.join(" · ")
        });
        let report = frozen.and_then(|task| task.report.as_ref());
        let present = item.task.and_then(|id| drifted.get(&id)).filter(|one| one.changed).map(|one| {
            let now = standing(cx, &one.now);
            let was = one.frozen.as_ref().map(|was| standing(cx, was));
            let new: Vec<String> = now
                .into_iter()
                .enumerate()
                .filter(|(place, line)| {
                    was.as_ref().is_none_or(|was| was.get(*place) != Some(line)) && !line.is_empty()
                })
                .map(|(_, line)| line)
                .collect();
            if new.is_empty() {
                cx.t("meet-other-words-now").into_owned()
            } else {
                cx.t1("meet-now", "what", new.join(" · "))
            }
        });
        ItemView {
            id: item.id.to_string(),
            number: place + 1,
            title,
            href: if code.is_empty() { String::new() } else { common::task(&code) },
            code,
            reasons: item.reasons.iter().map(|one| reason(cx, *one, frozen)).collect(),
            presenter: item.presenter_office.map(|id| picture.office(id).to_owned()).unwrap_or_default(),
            minutes: item.minutes.map(|count| cx.tn("meet-minutes", count)).unwrap_or_default(),
            facts: facts.unwrap_or_default(),
            difficulty: report.map(|one| one.difficulty.clone()).unwrap_or_default(),
            ask: report.map(|one| one.request.clone()).unwrap_or_default(),
            notes: item.notes.clone(),
            current: picture.briefing.state == MeetingState::Running
                && picture.briefing.current_item == Some(item.id),
            done: item.state == ItemState::Taken,
            present: present.unwrap_or_default(),
        }
    };
    picture.items.iter().enumerate().map(view).collect()
}

/// What was understood of a conclusion, as chips.
pub(super) fn chips(cx: &Cx, register: &Register, content: &Content) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut push = |tone, icon, word: String| chips.push(Chip { tone, icon, word });
    if let Some(unit) = content.lead_unit {
        push("blue", "building", cx.t1("meet-chip-lead", "unit", register.people.unit_name(unit)));
    }
    for support in &content.supports {
        push("grey", "users", cx.t1("meet-chip-support", "unit", register.people.unit_name(support.unit)));
    }
    for due in &content.deadlines {
        push("amber", "calendar-due", cx.t1("meet-due", "due", deadline(cx, *due)));
    }
    for step in &content.milestones {
        push("grey", "flag", cx.t1("meet-chip-milestone", "due", cx.date(&step.due)));
    }
    if let Some(task) = content.task.and_then(|id| register.by_id(id)) {
        push("brown", "link", task.fields.code.clone());
    }
    chips
}

/// A conclusion; `problems` keep it from being signed.
pub(super) fn conclusion(
    cx: &Cx,
    picture: &Picture,
    line: &Conclusion,
    problems: &[Problem],
) -> ConclusionView {
    let register = &picture.register;
    let edit = at(&picture.briefing.address, &format!("ket-luan/{}", line.id));
    let content = &line.content;
    let came = picture
        .outcomes
        .iter()
        .filter(|one| one.conclusion == line.id)
        .map(|one| {
            let code = register.by_id(one.task).map(|task| task.fields.code.clone()).unwrap_or_default();
            let receipt = picture.receipts.iter().find(|receipt| receipt.task == one.task);
            Came {
                href: common::task(&code),
                relation: effect(cx, one.effect),
                receipt: receipt.map(|one| self::receipt(cx, one)).unwrap_or_default(),
                code,
            }
        })
        .collect();
    ConclusionView {
        id: line.id.to_string(),
        mark: mark(line.number),
        number: line.number,
        text: content.text.clone(),
        chips: chips(cx, register, content),
        choices: Disposition::ALL
            .into_iter()
            .enumerate()
            .map(|(place, one)| Choice {
                number: place + 1,
                value: one.as_str(),
                word: cx.t(one.key()).into_owned(),
                on: content.disposition == Some(one),
                // What needs a task, or says what changes, is asked on the page of the conclusion.
                href: match one {
                    Disposition::Amend => format!("{edit}?huong={one}"),
                    Disposition::Extend if content.task.is_none() || content.deadlines.is_empty() => {
                        format!("{edit}?huong={one}")
                    }
                    _ => String::new(),
                },
            })
            .collect(),
        outcome: match content.disposition {
            Some(one) => cx.t(one.key()).into_owned(),
            None => cx.t("meet-undecided").into_owned(),
        },
        problems: problems.iter().map(|one| common::rule(cx, one.key(), one.args())).collect(),
        edit,
        version: line.version,
        came,
    }
}

/// All conclusions that stand.
pub(super) fn conclusions(cx: &Cx, picture: &Picture) -> Vec<ConclusionView> {
    picture
        .conclusions
        .iter()
        .map(|line| {
            let planned = picture
                .preview
                .as_ref()
                .and_then(|preview| preview.conclusions.iter().find(|one| one.conclusion == line.id));
            conclusion(cx, picture, line, planned.map_or(&[], |one| one.problems.as_slice()))
        })
        .collect()
}

/// What a signature does to a task, in words.
pub(super) fn effect(cx: &Cx, effect: Effect) -> String {
    cx.tp("meet-effect-", effect).into_owned()
}

fn receipt(cx: &Cx, one: &crate::briefings::model::Acknowledged) -> Chip {
    let (tone, icon) = match one.receipt {
        Receipt::InTime => ("green", "circle-check"),
        Receipt::Late => ("brown", "check"),
        Receipt::Waiting => ("blue", "clock"),
        Receipt::Missing => ("red", "clock-exclamation"),
    };
    let word = match one.acknowledged_at {
        Some(at) => cx.t1("meet-receipt-given", "at", moment(at)),
        None => cx.t1("meet-receipt-until", "date", cx.date(&one.limit)),
    };
    Chip { tone, icon, word }
}

/// "Tiếp nhận 2/3": how many of the assigned tasks were acknowledged.
pub(super) fn receipts(cx: &Cx, picture: &Picture) -> String {
    if picture.receipts.is_empty() {
        return String::new();
    }
    let given = picture.receipts.iter().filter(|one| one.acknowledged_at.is_some()).count();
    cx.t2("meet-receipts", "given", given, "all", picture.receipts.len())
}

/// Who was called and who came.
pub(super) fn people(cx: &Cx, picture: &Picture) -> Vec<Attendee> {
    let people = &picture.register.people;
    picture
        .attendance
        .iter()
        .map(|one| {
            let (tone, icon) = match one.presence {
                Presence::Unknown => ("grey", "circle-dashed"),
                Presence::Present => ("green", "circle-check"),
                Presence::Absent => ("orange", "circle-x"),
            };
            let unit = people.offices.get(&one.office).map(|office| people.unit_name(office.unit_id));
            Attendee {
                id: one.office.to_string(),
                office: people.office_title(one.office).to_owned(),
                unit: unit.unwrap_or_default().to_owned(),
                mark: Chip { tone, icon, word: cx.tp("meet-presence-", one.presence).into_owned() },
                value: one.presence.as_str(),
                reason: one.reason.clone(),
            }
        })
        .collect()
}

/// "có mặt 9/11".
pub(super) fn people_count(cx: &Cx, picture: &Picture) -> String {
    if picture.attendance.is_empty() {
        return String::new();
    }
    let present = picture.attendance.iter().filter(|one| one.presence == Presence::Present).count();
    cx.t2("meet-people-count", "present", present, "all", picture.attendance.len())
}

/// The papers of the meeting.
pub(super) fn papers(cx: &Cx, picture: &Picture) -> Vec<PaperLink> {
    let address = &picture.briefing.address;
    let link = |name: String, file: &str, detail: String, draft: bool| PaperLink {
        name,
        detail,
        href: at(address, &format!("van-ban/{file}")),
        pdf: at(address, &format!("van-ban/{file}.pdf")),
        docx: at(address, &format!("van-ban/{file}.docx")),
        draft,
    };
    let hash = |sha: &str| cx.t1("meet-hash-is", "hash", sha);
    let mut papers = Vec::new();
    if let Some((head, _)) = &picture.frozen {
        let (name, said) = match &picture.report {
            Some(one) => (
                cx.t1("meet-paper-report-no", "number", one.written.as_str()),
                format!(
                    "{} {}",
                    cx.t2("meet-issued-by", "by", one.issued_by.as_str(), "at", moment(one.issued_at)),
                    hash(&head.sha256)
                ),
            ),
            None => (cx.t("meet-paper-report").into_owned(), hash(&head.sha256)),
        };
        papers.push(link(name, "bao-cao", said, picture.report.is_none()));
    }
    if picture.briefing.state != MeetingState::Planned && picture.briefing.state != MeetingState::Cancelled {
        let minutes = picture.signed.as_ref();
        papers.push(link(
            cx.t("meet-paper-minutes").into_owned(),
            "bien-ban",
            minutes.map_or_else(String::new, |one| {
                format!(
                    "{} {}",
                    cx.t2("meet-signed-by", "by", one.signed_by.as_str(), "at", moment(one.signed_at)),
                    hash(&one.sha256)
                )
            }),
            minutes.is_none(),
        ));
        for one in &picture.supplements {
            papers.push(link(
                cx.t1("meet-paper-supplement", "number", two(one.no)),
                &format!("bo-sung-{}", one.no),
                one.signed.as_ref().map_or_else(String::new, |signed| {
                    format!(
                        "{} {}",
                        cx.t2(
                            "meet-signed-by",
                            "by",
                            signed.signed_by.as_str(),
                            "at",
                            moment(signed.signed_at)
                        ),
                        hash(&signed.sha256)
                    )
                }),
                one.signed.is_none(),
            ));
        }
    }
    if picture.signed.is_some() {
        papers.push(link(
            match &picture.notice {
                Some(one) => cx.t1("meet-paper-notice-no", "number", one.written.as_str()),
                None => cx.t("meet-paper-notice").into_owned(),
            },
            "thong-bao",
            picture
                .notice
                .as_ref()
                .map(|one| cx.t2("meet-issued-by", "by", one.issued_by.as_str(), "at", moment(one.issued_at)))
                .unwrap_or_default(),
            picture.notice.is_none(),
        ));
    }
    papers
}

/// The rhythm of a series in words.
pub(super) fn rhythm(cx: &Cx, series: &Series) -> String {
    let cadence = &series.cadence;
    let words = [
        ("weekday", common::weekday(cx, cadence.weekday)),
        ("time", cx.time(&cadence.time)),
        ("cutoff", common::weekday(cx, cadence.cutoff_weekday)),
        ("hour", cx.time(&cadence.cutoff_time)),
    ];
    cx.ta("meet-rhythm", &words.each_ref().map(|(name, word)| (*name, word.arg())))
}

//! The counts above a list: every number opens the list behind it, and the parts are checked against the whole.

use std::borrow::Cow;

use platform::web::{Cx, Icon};
use rules::{
    count::{Ratio, Tally, reconcile},
    timing::Timing,
};

use super::{
    address::Address,
    row::{sign, tone},
};

/// A number that opens its list.
#[derive(Debug, Clone)]
pub struct Figure {
    /// How many.
    pub number: u64,
    /// Of what.
    pub word: Cow<'static, str>,
    /// The list behind it.
    pub href: String,
    /// The class of its colour.
    pub tone: &'static str,
    /// The name of its sign.
    pub sign: &'static str,
    /// Whether the list shown is this one.
    pub current: bool,
}

impl Figure {
    /// Its sign.
    pub fn icon(&self) -> Icon {
        Icon(self.sign)
    }
}

/// A share with its denominator in numbers and in words.
#[derive(Debug, Clone)]
pub struct Share {
    /// Of what.
    pub word: Cow<'static, str>,
    /// `8/40 = 20,0 %`
    pub text: String,
}

/// The counts of a list.
#[derive(Debug, Clone)]
pub struct Summary {
    /// All.
    pub total: Figure,
    /// Accepted, and the three ways of it.
    pub done: Figure,
    /// The parts of `done`.
    pub done_parts: Vec<Figure>,
    /// Neither accepted nor cancelled, and the ways of it.
    pub open: Figure,
    /// The parts of `open`.
    pub open_parts: Vec<Figure>,
    /// Cancelled, when there are any.
    pub cancelled: Option<Figure>,
    /// The official table: done in time, done late, open in time, open overdue.
    pub official: [Figure; 4],
    /// What fits no cell of the official table, when there is any.
    pub outside: Option<Figure>,
    /// Done over all; done in time over done; done over those that had to be.
    pub shares: Vec<Share>,
    /// What the parts come to, when all is well.
    pub proof: String,
    /// What does not add up; then nothing above may be relied on.
    pub refusal: Option<String>,
}

const DONE: [Timing; 3] = [Timing::DoneEarly, Timing::DoneOnTime, Timing::DoneLate];
const OPEN: [Timing; 6] =
    [Timing::Overdue, Timing::DueToday, Timing::DueSoon, Timing::NotYet, Timing::Paused, Timing::Undated];
const IN_TIME: [Timing; 3] = [Timing::DueToday, Timing::DueSoon, Timing::NotYet];
const OUTSIDE: [Timing; 3] = [Timing::Paused, Timing::Undated, Timing::Cancelled];

impl Summary {
    /// The summary of a tally taken over the ground of an address; the numbers link to lists at `path`.
    pub fn of(cx: &Cx, tally: &Tally, address: &Address, path: &str) -> Self {
        let ground = address.ground();
        let figure = |number: u64, word: Cow<'static, str>, timings: &[Timing], tone, sign| {
            let mut sorted = timings.to_vec();
            sorted.sort_unstable();
            let current = address.filter.states.is_empty() && address.filter.timings == sorted;
            let href = ground.but(|to| to.filter.timings = sorted).link(path);
            Figure { number, word, href, tone, sign, current }
        };
        let part = |timing: Timing| {
            figure(tally.of(timing), cx.tp("views-part-", timing), &[timing], tone(timing), sign(timing))
        };
        // The usual parts always stand there; the rare ones only when there are any.
        let rare = |timing: &Timing| !OUTSIDE.contains(timing) || tally.of(*timing) > 0;
        let four = tally.two_by_two();
        let cell =
            |number, timings: &[Timing], tone, sign| figure(number, Cow::Borrowed(""), timings, tone, sign);
        let shares = [
            (cx.t("views-share-done"), tally.done_over_total()),
            (cx.t("views-share-in-time"), tally.in_time_over_done()),
            (cx.t("views-share-due"), tally.done_over_due()),
        ];
        let halves = [tally.done.total(), tally.open.total(), tally.cancelled];
        let wrong = tally
            .reconciles()
            .and_then(|()| four.reconciles(tally.total))
            .and_then(|()| reconcile(tally.total, &halves))
            .err();
        Self {
            total: figure(tally.total, cx.t("views-total"), &[], "ink", "list-check"),
            done: figure(tally.done.total(), cx.t("views-done"), &DONE, "green", "circle-check"),
            done_parts: DONE.into_iter().map(part).collect(),
            open: figure(tally.open.total(), cx.t("views-open"), &OPEN, "ink", "progress-check"),
            open_parts: OPEN.into_iter().filter(rare).map(part).collect(),
            cancelled: (tally.cancelled > 0).then(|| part(Timing::Cancelled)),
            official: [
                cell(four.done_in_time, &[Timing::DoneEarly, Timing::DoneOnTime], "green", "circle-check"),
                cell(four.done_late, &[Timing::DoneLate], "brown", "check"),
                cell(four.open_in_time, &IN_TIME, "blue", "circle"),
                cell(four.open_overdue, &[Timing::Overdue], "red", "alert-triangle"),
            ],
            outside: (four.outside > 0)
                .then(|| figure(four.outside, cx.t("views-outside"), &OUTSIDE, "grey", "dots")),
            shares: shares.into_iter().map(|(word, ratio)| Share { word, text: share(cx, &ratio) }).collect(),
            proof: proof(cx, tally),
            refusal: wrong.map(|wrong| refusal(cx, wrong.total, wrong.sum)),
        }
    }
}

/// `8/40 = 20,0 %`; without a denominator only `0/0`.
pub fn share(cx: &Cx, ratio: &Ratio) -> String {
    let separator = if cx.lang == platform::i18n::Lang::Vi { ',' } else { '.' };
    let (part, whole) = (cx.int(ratio.part), cx.int(ratio.whole));
    match ratio.percent(1, separator) {
        Some(percent) => format!("{part}/{whole} = {percent}\u{a0}%"),
        None => format!("{part}/{whole}"),
    }
}

/// `40 = 8 + 32`.
fn proof(cx: &Cx, tally: &Tally) -> String {
    let mut text =
        format!("{} = {} + {}", cx.int(tally.total), cx.int(tally.done.total()), cx.int(tally.open.total()));
    if tally.cancelled > 0 {
        text.push_str(&format!(" + {}", cx.int(tally.cancelled)));
    }
    text
}

/// The sentence that stands in place of figures that do not add up.
pub fn refusal(cx: &Cx, total: u64, sum: u64) -> String {
    cx.t2("views-refusal", "total", total, "sum", sum)
}

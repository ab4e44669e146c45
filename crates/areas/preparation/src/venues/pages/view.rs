//! The choice in words: what the comparison page shows and its paper prints, made once for both.

use platform::web::Cx;
use rules::scoring::{Exact, Gate};

use crate::venues::refusals;

/// A venue at the head of the comparison.
#[derive(Debug, Clone, Default)]
pub struct Contender {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Whether it is ranked.
    pub ranked: bool,
    /// Whether it stands first, alone or with others.
    pub leads: bool,
    /// Its place; 0 when not ranked.
    pub rank: usize,
    /// Its total, "8,36"; also when it is not ranked, then only for reference.
    pub total: String,
    /// Colour of its gates.
    pub tone: &'static str,
    /// Icon of its gates.
    pub icon: &'static str,
    /// Its gates in a word.
    pub gate: String,
    /// Why it is not ranked, or what it was let through with.
    pub why: Vec<String>,
}

/// A cell of the table of gates.
#[derive(Debug, Clone, Default)]
pub struct GateCell {
    /// The venue's code.
    pub code: String,
    /// Colour.
    pub tone: &'static str,
    /// Icon.
    pub icon: &'static str,
    /// The result.
    pub word: String,
    /// Evidence or condition.
    pub detail: String,
}

/// A line of the table of gates.
#[derive(Debug, Clone, Default)]
pub struct GateRow {
    /// The gate.
    pub name: String,
    /// One for each venue.
    pub cells: Vec<GateCell>,
}

/// A cell of the table of scores.
#[derive(Debug, Clone, Default)]
pub struct ScoreCell {
    /// The mean, empty when nobody rated.
    pub mean: String,
    /// The length of its bar, 0 to 100.
    pub width: u32,
    /// From the lowest to the highest, in words; empty when all agree.
    pub spread: String,
    /// Weight times mean.
    pub weighted: String,
    /// The best of those that are ranked.
    pub best: bool,
    /// Not ranked: only for reference.
    pub out: bool,
}

/// A line of the table of scores.
#[derive(Debug, Clone, Default)]
pub struct ScoreRow {
    /// The criterion's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its weight in percent.
    pub weight: String,
    /// One for each venue.
    pub cells: Vec<ScoreCell>,
}

/// A line of the table of sensitivity.
#[derive(Debug, Clone, Default)]
pub struct SureRow {
    /// The criterion.
    pub label: String,
    /// The lead with half of its weight.
    pub less: String,
    /// The lead with one and a half times its weight.
    pub more: String,
    /// What its weight would have to become for the order to turn.
    pub flip: String,
}

/// How firm the ranking is.
#[derive(Debug, Clone, Default)]
pub struct Sure {
    /// Cases in which the same venue leads.
    pub held: usize,
    /// All cases.
    pub cases: usize,
    /// What that count means.
    pub held_words: String,
    /// Sentences: the cases, equal weights, the flip point.
    pub words: Vec<String>,
    /// The picture for a desk and for paper.
    pub wide: String,
    /// The picture for a phone.
    pub narrow: String,
    /// What it shows.
    pub caption: String,
    /// The same numbers as a table.
    pub rows: Vec<SureRow>,
}

/// One line of the working of the way out.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// What was computed, from what.
    pub text: String,
    /// The clause it follows from.
    pub clause: String,
    /// The last line: enough or not.
    pub end: bool,
}

/// What was found besides the numbers.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Colour.
    pub tone: &'static str,
    /// Icon.
    pub icon: &'static str,
    /// The sentence.
    pub text: String,
    /// The clause.
    pub clause: String,
}

/// The working of one space.
#[derive(Debug, Clone, Default)]
pub struct Egress {
    /// The venue's code.
    pub code: String,
    /// The space.
    pub space: String,
    /// The safe capacity in words; empty when it cannot be computed.
    pub safe: String,
    /// Colour of the result.
    pub tone: &'static str,
    /// The result in a word.
    pub word: String,
    /// Line by line.
    pub work: Vec<Work>,
    /// Findings.
    pub found: Vec<Found>,
}

/// Everything on the comparison page.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The round and how many forms it stands on.
    pub round: String,
    /// The venues: ranked first, in their order.
    pub contenders: Vec<Contender>,
    /// The result in one sentence; empty while nobody is ranked.
    pub verdict: String,
    /// What must still be done: sentence, address, words of the link.
    pub blocked: Vec<(String, String, String)>,
    /// How many people the hall must hold.
    pub need: String,
    /// The gates.
    pub gates: Vec<GateRow>,
    /// The scores.
    pub scores: Vec<ScoreRow>,
    /// Where the weights come from.
    pub weights_line: String,
    /// All weights together.
    pub weight_total: String,
    /// How the scores came about.
    pub scores_line: String,
    /// The sensitivity; none while fewer than two are ranked.
    pub sensitivity: Option<Sure>,
    /// The workings, for the annex.
    pub egress: Vec<Egress>,
    /// The sentence under every screening.
    pub disclaimer: String,
}

/// A score or a total in the reader's language.
pub fn points(cx: &Cx, value: Exact, digits: u32) -> String {
    value.decimal(digits, separator(cx))
}

/// The decimal mark of the reader's language.
pub fn separator(cx: &Cx) -> char {
    if cx.lang == platform::i18n::Lang::Vi { ',' } else { '.' }
}

/// A mean: whole when it is whole, else with two decimals.
pub fn mean(cx: &Cx, value: Exact) -> String {
    let long = points(cx, value, 2);
    long.strip_suffix(&format!("{}00", separator(cx))).map_or(long.clone(), str::to_owned)
}

/// A weight, hundredths of a percent, as percent.
pub fn percent(cx: &Cx, weight: u32) -> String {
    let exact = Exact::new(i128::from(weight), 100).unwrap_or(Exact::ZERO);
    mean(cx, exact)
}

/// Colour and icon of a gate.
pub fn gate_look(gate: Gate) -> (&'static str, &'static str) {
    match gate {
        Gate::Pass => ("green", "circle-check"),
        Gate::Conditional => ("amber", "alert-triangle"),
        Gate::Fail => ("red", "circle-x"),
        Gate::NoEvidence => ("grey", "question-mark"),
    }
}

/// The words of a rule's message.
pub fn said(cx: &Cx, key: &str, args: rules::message::Args) -> String {
    cx.ta(key, &refusals::args(args))
}

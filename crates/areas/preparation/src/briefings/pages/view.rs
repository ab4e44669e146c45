//! What the pages show, as plain values: drawn from a picture, put into templates, sent over streams.

use platform::web::Icon;

/// One stage of the loop.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    /// Its name.
    pub word: String,
    /// What there is to know of it: a moment, a number.
    pub detail: String,
    /// Behind us.
    pub done: bool,
    /// Where we are.
    pub current: bool,
}

/// Something the viewer may do now.
#[derive(Debug, Clone, Default)]
pub struct Act {
    /// Its words.
    pub words: String,
    /// Its icon.
    pub icon: &'static str,
    /// Where it leads or what it posts to.
    pub href: String,
    /// Posts at once; otherwise a page follows.
    pub post: bool,
    /// The class of its button.
    pub class: &'static str,
    /// What is asked before.
    pub confirm: String,
}

/// A state or a reason: colour, icon, word.
#[derive(Debug, Clone, Default)]
pub struct Chip {
    /// The class of its colour.
    pub tone: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Its word.
    pub word: String,
}

impl Chip {
    /// Its icon in the page.
    pub fn sign(&self) -> Icon {
        Icon(self.icon)
    }
}

/// A meeting in a list.
#[derive(Debug, Clone, Default)]
pub struct MeetingRow {
    /// Its page.
    pub href: String,
    /// Its name: "Giao ban tuần 05".
    pub name: String,
    /// The series.
    pub series: String,
    /// The day of the week and the moment.
    pub at: String,
    /// Its state.
    pub state: Chip,
    /// How many conclusions.
    pub conclusions: usize,
    /// Its number of notice, when issued.
    pub notice: String,
    /// The page of the notice.
    pub notice_href: String,
}

/// A figure with its whole.
#[derive(Debug, Clone, Default)]
pub struct Figure {
    /// How many.
    pub number: u64,
    /// Of what.
    pub word: String,
    /// The list behind it.
    pub href: String,
    /// The class of its colour.
    pub tone: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// `2/40`; empty for the whole itself.
    pub share: String,
}

impl Figure {
    /// Its icon in the page.
    pub fn sign(&self) -> Icon {
        Icon(self.icon)
    }
}

/// A task that stands otherwise now than at the cut-off.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    /// Its code.
    pub code: String,
    /// Its page.
    pub href: String,
    /// What it is.
    pub what: String,
    /// How it stood.
    pub frozen: Vec<String>,
    /// How it stands.
    pub present: Vec<String>,
}

/// One number of the comparison and the tasks behind it.
#[derive(Debug, Clone, Default)]
pub struct Delta {
    /// `+5`, `2`.
    pub number: String,
    /// Of what.
    pub word: String,
    /// The class of its colour.
    pub tone: &'static str,
    /// The codes with their pages.
    pub codes: Vec<(String, String)>,
}

/// The comparison of one stream.
#[derive(Debug, Clone, Default)]
pub struct StreamDelta {
    /// The stream.
    pub stream: String,
    /// Its numbers, those that are not zero.
    pub deltas: Vec<Delta>,
}

/// An item of the agenda.
#[derive(Debug, Clone, Default)]
pub struct ItemView {
    /// Its id.
    pub id: String,
    /// Its place, from 1.
    pub number: usize,
    /// Its title.
    pub title: String,
    /// The code of its task, when it has one.
    pub code: String,
    /// The page of its task.
    pub href: String,
    /// Why it stands here.
    pub reasons: Vec<Chip>,
    /// Who presents it.
    pub presenter: String,
    /// Minutes planned; empty for none.
    pub minutes: String,
    /// Unit, deadline, percent in one line.
    pub facts: String,
    /// What the last report says of difficulties.
    pub difficulty: String,
    /// What the last report asks.
    pub ask: String,
    /// For the presenter.
    pub notes: String,
    /// The item that the room is at.
    pub current: bool,
    /// Dealt with.
    pub done: bool,
    /// How it stands now, when that differs from the cut-off.
    pub present: String,
}

/// A number key of a conclusion.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// 1 to 4.
    pub number: usize,
    /// The stable name.
    pub value: &'static str,
    /// Its words.
    pub word: String,
    /// Whether it is the one chosen.
    pub on: bool,
    /// Where more is asked first; empty when it is done at once.
    pub href: String,
}

/// A task that came from a conclusion.
#[derive(Debug, Clone, Default)]
pub struct Came {
    /// Its code.
    pub code: String,
    /// Its page.
    pub href: String,
    /// What the conclusion did to it.
    pub relation: String,
    /// Whether its receipt was confirmed, and when.
    pub receipt: Chip,
}

/// A numbered conclusion.
#[derive(Debug, Clone, Default)]
pub struct ConclusionView {
    /// Its id.
    pub id: String,
    /// `①`.
    pub mark: String,
    /// Its number.
    pub number: u32,
    /// Its text.
    pub text: String,
    /// What was understood: units, deadline, tasks.
    pub chips: Vec<Chip>,
    /// What it leads to.
    pub choices: Vec<Choice>,
    /// What it leads to, in words.
    pub outcome: String,
    /// What keeps it from being signed.
    pub problems: Vec<String>,
    /// The page that edits it.
    pub edit: String,
    /// The version to change.
    pub version: i64,
    /// The tasks that came of it.
    pub came: Vec<Came>,
}

/// An office at the meeting.
#[derive(Debug, Clone, Default)]
pub struct Attendee {
    /// Its id.
    pub id: String,
    /// Its title.
    pub office: String,
    /// Its unit.
    pub unit: String,
    /// Present, absent or not said.
    pub mark: Chip,
    /// `co_mat`, `vang`, or empty.
    pub value: &'static str,
    /// Why it is away.
    pub reason: String,
}

/// A paper of the meeting.
#[derive(Debug, Clone, Default)]
pub struct PaperLink {
    /// Its name.
    pub name: String,
    /// Its number or that it is a draft.
    pub detail: String,
    /// On the screen.
    pub href: String,
    /// As PDF.
    pub pdf: String,
    /// As DOCX.
    pub docx: String,
    /// Nobody has signed it.
    pub draft: bool,
}

/// `①` to `⑳`, then `(21)`.
pub fn mark(number: u32) -> String {
    match number {
        1..=20 => char::from_u32(0x2460 + number - 1).map_or_else(|| number.to_string(), String::from),
        _ => format!("({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn conclusions_are_circled_up_to_twenty() {
        assert_eq!([mark(1), mark(12), mark(20), mark(21)], ["①", "⑫", "⑳", "(21)"]);
    }
}

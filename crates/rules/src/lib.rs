//! Pure decisions of Diên Hồng.
//!
//! Nothing in this crate reads a file, a clock, a random source or a database: the caller passes
//! today's date, the working calendar and the facts, and gets a decision back. The same input
//! always gives the same answer, so a whole congress can be replayed and every number checked.
//!
//! | module | decides |
//! |---|---|
//! | [`text`] | when two Vietnamese strings are the same for a search |
//! | [`dates`] | what date a person meant, and deadlines to the day or to the hour |
//! | [`briefing`] | how a weekly briefing goes, what is on its agenda, what moved, what a conclusion lacks |
//! | [`calendar`] | which days are worked: weekends, holidays, make-up days |
//! | [`state`] | which move a task may make, and who may make it |
//! | [`timing`] | the light of a task, derived from its dates and never stored |
//! | [`clarity`] | which of the six keys of a task are not clear, and why |
//! | [`schedule`] | cycles, knock-on of a late task, ripple of a moved deadline, slack |
//! | [`credentials`] | the figures of a credential report |
//! | [`count`] | totals that reconcile and percentages that name their denominator |
//! | [`accreditation`] | who may be nominated by the press when, and which step follows which |
//! | [`parking`] | how full a parking lot is on its fullest day |
//! | [`plate`] | number plates of vehicles in one spelling |
//! | [`badge`] | what may happen to a badge, and when a zone is open to a category |
//! | [`attendance`] | who is in the hall at a moment |
//! | [`gate`] | what a gate says with and without a network, which lane is home to a pass, what conflicts after a merge |
//! | [`citizen`] | what the code on a citizen's card says, by shape |
//! | [`urge`] | which urge may be sent, and when the next one |
//! | [`template`] | dates relative to the opening day |
//! | [`diff`] | what changed between two snapshots |
//! | [`egress`] | how many people a hall lets out, by QCVN 06:2022/BXD, with the working |
//! | [`scoring`] | gates, exact weighted totals, spread between assessors, who may be ranked |
//! | [`ahp`] | weights from comparing two at a time, and which answer contradicts the others |
//! | [`sensitivity`] | how firm a ranking is |
//! | [`venue`] | which step a venue may take from nomination to hand-back |
//! | [`seating`] | halls, who sits where and why not, the way to a seat |
//! | [`merge`] | what two people wrote on one form while apart |
//! | [`papers`] | numbers of documents: how they read, when two are the same, in which series they run |
//!
//! The crate holds no sentence for people. What it has to say is a key and arguments
//! ([`message`]); the words live in the Fluent files of the area that shows them. The only
//! Vietnamese text here is vocabulary that the lint recognises in what people typed.

pub mod accreditation;
pub mod ahp;
pub mod arrival;
pub mod attendance;
pub mod badge;
pub mod briefing;
pub mod calendar;
pub mod citizen;
pub mod clarity;
pub mod count;
pub mod credentials;
pub mod dates;
pub mod diff;
pub mod egress;
pub mod gate;
pub mod merge;
pub mod message;
pub mod papers;
pub mod parking;
pub mod plate;
pub mod roll;
pub mod schedule;
pub mod scoring;
pub mod seating;
pub mod sensitivity;
pub mod state;
pub mod template;
pub mod text;
pub mod timing;
pub mod urge;
pub mod venue;

//! The weekly briefing (*giao ban*): when it is held, how it goes from plan to notice, what stands on its agenda,
//! what moved since last week, and what each conclusion must say before it is signed
//! (preparation reference 1.5 and part (a) C).
//!
//! | module | decides |
//! |---|---|
//! | [`address`] | what a meeting is called in addresses |
//! | [`state`] | which step a meeting may take |
//! | [`cadence`] | the next day of a series and its cut-off on the working calendar |
//! | [`agenda`] | which tasks the leader must look at, and why |
//! | [`week`] | what moved between two snapshots, with the tasks behind each number |
//! | [`conclusion`] | what a conclusion lacks, and how its receipt is measured |
//! | [`typed`] | what a secretary typed: `@unit`, `#task`, `/hạn 30/9` |

pub mod address;
pub mod agenda;
pub mod cadence;
pub mod conclusion;
pub mod state;
pub mod typed;
pub mod week;

pub use agenda::Reason;
pub use cadence::{Cadence, Proposal};
pub use conclusion::{Disposition, Problem, Receipt};
pub use state::{Meeting, Step, StepError};
pub use typed::Typed;
pub use week::{Line, Week};

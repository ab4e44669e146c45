//! Dependencies between the tasks of the register: what moves when a deadline moves, what is critical.

use jiff::civil::Date;
use rules::{
    calendar::WorkCalendar,
    dates::Deadline,
    schedule::{KnockOn, Node, Plan, Shift, Slack},
};
use serde::{Deserialize, Serialize};

use super::model::{Dependency, Task, TaskId};

/// The tasks with their dates and ties, ready to be asked. Ties to tasks that are not in `tasks` are left out.
pub fn plan(tasks: &[Task], deps: &[Dependency]) -> Plan<TaskId> {
    let mut plan = Plan::new(tasks.iter().map(|task| {
        let node = Node {
            start: task.fields.start,
            due: task.fields.due.map(|due| due.date),
            settled: task.state.is_settled(),
        };
        (task.id, node)
    }));
    for dep in deps {
        // The only refusal is a task outside `tasks`, whose tie is meant to be left out.
        let _ = plan.link(dep.pred, dep.succ, dep.kind, dep.lag_days);
    }
    plan
}

/// The tasks of a circle, if there is one.
pub fn cycle(deps: &[Dependency]) -> Option<Vec<TaskId>> {
    let node = Node { start: None, due: None, settled: false };
    let mut plan = Plan::new(deps.iter().flat_map(|dep| [(dep.pred, node), (dep.succ, node)]));
    for dep in deps {
        let _ = plan.link(dep.pred, dep.succ, dep.kind, dep.lag_days);
    }
    plan.find_cycle()
}

/// What a later deadline would push, as it is kept with the request and shown before deciding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// The task that would move.
    pub code: String,
    /// Its deadline now.
    pub from: Date,
    /// Its deadline then.
    pub to: Date,
}

/// The tasks that a deadline of `id` at `to` would push.
pub fn impact(tasks: &[Task], deps: &[Dependency], id: TaskId, to: Deadline) -> Vec<Pushed> {
    ripple(tasks, deps, id, to, None)
        .into_iter()
        .filter_map(|shift| {
            let code = tasks.iter().find(|task| task.id == shift.id)?.fields.code.clone();
            Some(Pushed { code, from: shift.old_due, to: shift.new_due })
        })
        .collect()
}

/// The same as shifts, with the working calendar if deadlines should land on working days.
pub fn ripple(
    tasks: &[Task],
    deps: &[Dependency],
    id: TaskId,
    to: Deadline,
    calendar: Option<&WorkCalendar>,
) -> Vec<Shift<TaskId>> {
    let shifts = plan(tasks, deps).ripple(&id, to.date, calendar).unwrap_or_default();
    shifts.into_iter().filter(|shift| shift.id != id).collect()
}

/// Unfinished tasks that wait for this one, directly and further on.
pub fn knock_on(tasks: &[Task], deps: &[Dependency], id: TaskId) -> KnockOn<TaskId> {
    plan(tasks, deps).knock_on(&id).unwrap_or(KnockOn { direct: Vec::new(), indirect: Vec::new() })
}

/// Slack of every dated task against the opening day; zero or less is critical.
pub fn slack(tasks: &[Task], deps: &[Dependency], opening: Date) -> Vec<Slack<TaskId>> {
    plan(tasks, deps).critical_path(opening).unwrap_or_default()
}

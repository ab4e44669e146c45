# Timing: derived from dates, never stored
timing-chua_den_han = Not yet due
timing-sap_den_han = Due soon
timing-den_han_hom_nay = Due today
timing-qua_han = Overdue
timing-hoan_thanh_truoc_han = Done early
timing-hoan_thanh_dung_han = Done on time
timing-hoan_thanh_tre_han = Done late
timing-tam_dung = Paused
timing-huy = Cancelled
timing-chua_co_han = No deadline

# State: recorded by those who work
state-nhap = Draft
state-de_xuat = Proposed
state-da_duyet_giao = Assigned
state-da_tiep_nhan = Acknowledged
state-dang_thuc_hien = In progress
state-trinh_san_pham = Submitted
state-yeu_cau_bo_sung = Returned
state-hoan_thanh = Done
state-tam_dung = Paused
state-huy = Cancelled

# Phases
phase-truoc = Before the congress
phase-trong = During the congress
phase-sau = After the congress

# Short labels in tables
views-badge-chua_den_han = Not yet due
views-badge-sap_den_han = Due soon
views-badge-den_han_hom_nay = Due today
views-badge-qua_han = Overdue
views-badge-hoan_thanh_truoc_han = Done early
views-badge-hoan_thanh_dung_han = Done on time
views-badge-hoan_thanh_tre_han = Done late
views-badge-tam_dung = Paused
views-badge-huy = Cancelled
views-badge-chua_co_han = No deadline
views-part-chua_den_han = Not yet due
views-part-sap_den_han = Due soon
views-part-den_han_hom_nay = Due today
views-part-qua_han = Overdue
views-part-hoan_thanh_truoc_han = Early
views-part-hoan_thanh_dung_han = On time
views-part-hoan_thanh_tre_han = Late
views-part-tam_dung = Paused
views-part-huy = Cancelled
views-part-chua_co_han = No deadline
views-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
views-days-left = { $count ->
    [one] { $count } day left
   *[other] { $count } days left
}
views-hours-over = by hours
views-legend = Legend of timings

# The views
views-tabs = Views of the tasks
views-tab-list = List
views-tab-board = Board
views-tab-month = Calendar
views-tab-gantt = Gantt
views-tab-matrix = Matrix
views-tab-mine = My work
views-tab-wall = Wall

# List
views-title = Tasks
views-new = Add a task
views-shown = { $count } of { $all } tasks
views-tasks = { $count ->
    [one] { $count } task
   *[other] { $count } tasks
}
views-overdue = { $count } overdue
views-more = { $count } more in the list
views-no-stream = No stream yet
views-no-unit = No lead unit yet
views-no-due = No deadline
views-col-code = Code
views-col-what = What
views-col-lead = Lead
views-col-accountable = Accountable
views-col-due = Due
views-col-timing = Timing
views-col-progress = Progress
views-col-clarity = Six clear
views-due-original = Original deadline
views-due-off = The deadline falls on a day off
views-progress-of = Progress of { $code }
views-flag-unacknowledged = Not acknowledged after 1 working day
views-flag-wants = Asks to move to { $to }
views-flag-asks = Has a request
views-stub-secret = Classified task, followed outside the system
views-stub-internal = Internal task, its content is not shown to this office
views-stub-unit = Task of another unit, its content is not shown to this office
views-print-selected = Print the selected rows
views-unread = Conditions that could not be read were not applied: { $what }. Clear the filter and choose again.
views-empty-title = No tasks yet
views-empty-text = This is the register of tasks in six clear points. Write the first one down, or import the assignment table from an Excel file.
views-empty-reader = This is the register of tasks in six clear points. Tasks appear here once the plan has been entered.
views-empty-button = Add the first task
views-none-title = No task fits
views-none-text = No task meets all conditions of the filter.

# Figures
views-tally = Summary
views-total = Tasks in all
views-sum = Total
views-done = Done
views-open = Not done
views-outside = Outside the table (paused, cancelled, no deadline):
views-official = As reports count: done and not done, in time and overdue
views-official-in-time = In time
views-official-late = Overdue
views-official-done = Done
views-official-open = Not done
views-share-done = Done of all
views-share-in-time = Early and on time of those done
views-share-due = Done of those that had to be
views-proof = Reconciled
views-refusal = The figures do not add up: the total says { $total } but the parts come to { $sum }. Do not report any figure of this page; ask the technical desk to look.

# Filter
views-filter-more = More conditions
views-filter-stream = Stream
views-filter-unit = Lead unit
views-filter-support = Coordinating unit
views-filter-office = Office concerned
views-filter-phase = Phase
views-filter-timing = Timing
views-filter-state = State
views-filter-from = Due from
views-filter-to = Due until
views-filter-unclear = Below six of six
views-filter-waiting = Extension waiting
views-filter-asks = Has a request
views-all-streams = All streams
views-all-units = All units
views-all-offices = All offices
views-all-phases = All phases
views-saved = Saved filters
views-saved-none = No filter saved yet. Choose conditions and give them a name to use them again.
views-saved-name = Save the present filter as
views-saved-drop = Drop the filter { $name }

# Board by state
views-board-title = Task board

# Calendar
views-calendar-title = Calendar of deadlines
views-month = { $month } { $year }
views-month-1 = January
views-month-2 = February
views-month-3 = March
views-month-4 = April
views-month-5 = May
views-month-6 = June
views-month-7 = July
views-month-8 = August
views-month-9 = September
views-month-10 = October
views-month-11 = November
views-month-12 = December
views-month-nav = Change the month
views-month-back = Previous month
views-month-forth = Next month
views-month-now = This month
views-month-tasks = { $count ->
    [one] { $count } task due this month
   *[other] { $count } tasks due this month
}
views-undated = { $count } without a deadline
views-weekday-1 = Monday
views-weekday-2 = Tuesday
views-weekday-3 = Wednesday
views-weekday-4 = Thursday
views-weekday-5 = Friday
views-weekday-6 = Saturday
views-weekday-7 = Sunday
views-weekday-short-1 = Mon
views-weekday-short-2 = Tue
views-weekday-short-3 = Wed
views-weekday-short-4 = Thu
views-weekday-short-5 = Fri
views-weekday-short-6 = Sat
views-weekday-short-7 = Sun
views-holiday = Public holiday
views-make-up = Make-up day
views-make-up-named = Make-up day: { $name }
views-preparatory = Preparatory session
views-opening = Opening of the congress
views-closing = Closing of the congress
views-clashes = { $count ->
    [one] { $count } deadline on a day off
   *[other] { $count } deadlines on a day off
}
views-clashes-hint = This is only a reminder; whether to keep or move a deadline is decided by those in charge.
views-clash = Due { $day }, { $why }; the working day before is { $before }.

# Matrix
views-matrix-title = Units by timing
views-matrix-proof = Reconciled: by { $units } units and by timing both come to { $total } tasks

# My work
views-mine-title = My work
views-mine-all = All tasks concerned
views-mine-count = { $count } things wait
views-mine-none-title = Nothing waits
views-mine-none-text = What must be acknowledged, is due, came back or waits for a decision appears here.
views-mine-urges = Urges not seen
views-mine-urges-hint = Open the task to confirm that you have seen it.
views-mine-urged = No. { $level }, { $by }: { $text }
views-mine-acknowledge = To acknowledge
views-mine-acknowledge-hint = Confirm within 1 working day of assignment.
views-mine-assigned = Assigned { $at }
views-mine-assigned-late = Assigned { $at }, more than 1 working day ago
views-mine-returned = Came back, to be completed
views-mine-returned-hint = A returned result still counts as not done.
views-mine-overdue = Overdue
views-mine-overdue-hint = Report, hand in the result, or ask for more time.
views-mine-today = Due today
views-mine-today-hint = Hand in the result before the day ends.
views-mine-soon = Due soon
views-mine-soon-hint = Within the reminder threshold.
views-mine-extensions = Extensions to decide
views-mine-extensions-hint = Look at the tasks it would push before deciding.
views-mine-wants = From { $from } to { $to }. Reason: { $reason }
views-mine-results = Results to accept
views-mine-results-hint = Accept, or return with a reason.
views-mine-submitted = Handed in { $at }
views-mine-proposals = Assignments to approve
views-mine-proposals-hint = Only what is clear on all six points can be assigned.
views-mine-contributions = Contributions to confirm
views-mine-contributions-hint = The coordinating unit confirms its own part.
views-mine-contribution = Our part: { $what }

# Wall
views-wall-title = Task wall
views-wall-opening = { $count ->
    [one] { $count } day to the opening, { $date }
   *[other] { $count } days to the opening, { $date }
}
views-wall-opening-today = The congress opens today
views-wall-overdue = Overdue
views-wall-today = Due today
views-wall-soon = Due soon
views-wall-asks = Requests
views-wall-extensions = Extensions to decide
views-wall-wants = Asks to move to { $to }
views-wall-calm = Nothing is overdue, due or waiting for a decision.

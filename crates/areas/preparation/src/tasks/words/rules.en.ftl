# Words of the rules: why a key is not clear, why a move is refused, what is wrong with a date.

# Who
clarity-no-lead = No lead unit. Choose one.
clarity-several-leads = There are { $count } lead units ({ $excerpt }). Keep one; the others coordinate.
clarity-vague-unit = “{ $excerpt }” names no unit. Write each unit's name.
clarity-vague-unit-in-text = The text says “{ $excerpt }”. Name the units as coordinating units instead.
clarity-no-contribution = The coordinating unit “{ $excerpt }” has no contribution. Say what it adds.
clarity-lead-coordinates = “{ $excerpt }” leads and is also listed as coordinating. Take it off that list.
clarity-no-focal-officer = No focal officer. Choose the office that does the work.
clarity-several-focal-officers = There are { $count } focal officers ({ $excerpt }). Keep one.

# What
clarity-no-task-text = Nothing says what is to be done.
clarity-no-action-verb = The text begins with “{ $excerpt }”, which is no action verb. Begin with what must be done: draft, submit, organise, inspect…
clarity-no-object = There is only the verb “{ $excerpt }”. Add its object and scope.
clarity-vague-verb = “{ $excerpt }” is an intention; nobody knows when it is done. Use a verb that ends.
clarity-no-basis = No legal basis. Give the document's number and the clause.
clarity-two-tasks = Two tasks in one: “{ $excerpt }”. Split it.
clarity-maybe-two-tasks = Perhaps two tasks: “{ $excerpt }”. Look again, and split if so.

# When
clarity-no-deadline = No deadline. Give the day, or day and hour.
clarity-vague-deadline = “{ $excerpt }” is no deadline. Give a day.
clarity-deadline-not-a-date = The deadline says “{ $excerpt }”, which is no date. Write day/month/year.
clarity-due-on-day-off = The deadline { $due } falls on { $why ->
    [saturday] a Saturday
    [sunday] a Sunday
   *[holiday] a public holiday
 }. Confirm it, or move to the working day { $suggestion }.
clarity-due-after-event = The deadline { $due } is after the event that needs the result ({ $event }). Bring it forward.
clarity-due-in-the-past = The deadline { $due } has passed. A new assignment is due today or later.
clarity-start-after-due = The first day { $start } is after the deadline { $due }. Correct one of them.
clarity-no-start = No first day. Give one, so that it is known when work must begin.
clarity-no-milestone = The work takes { $days } days without a milestone. Set at least one.

# Authority
clarity-no-authority-text = Nothing says what the lead may decide alone. Say what may be decided and what must be asked.
clarity-no-approver = Nobody approves. Choose the office that approves assignment and result.
clarity-approver-is-doer = “{ $excerpt }” does the work and approves it. Choose another approver.
clarity-no-escalation = Nothing says whom to ask beyond that authority. Name the next level.
clarity-no-money-limit = Money is spent, but no limit is set. Give the largest amount.

# Accountable
clarity-no-accountable = No leader answers for the result. Choose one office.
clarity-several-accountable = { $count } leaders answer together ({ $excerpt }). Keep one.
clarity-collective = “{ $excerpt }” is a body. One person must answer, by office.
clarity-maybe-collective = “{ $excerpt }” may be a body. If so, write the office of its head.
clarity-accountable-is-focal = “{ $excerpt }” is focal officer and answers for it too. Choose another leader.
clarity-no-deputy = Nobody stands in. Choose an office.

# Result
clarity-no-result = No result. Say what must be handed in.
clarity-only-vague-result = “{ $excerpt }” is no result. Name something that can be counted.
clarity-vague-result-word = The word “{ $excerpt }” cannot be measured. Use a number or a standard.
clarity-no-quantity = The result has no quantity. Say how many: 1 report, 12 rooms, 100% of delegates…
clarity-no-form = Nothing says in which form. Say: document, decision, minutes, list, working installation.
clarity-no-criterion = No acceptance criterion. Say when it is good enough.
clarity-vague-criterion = “{ $excerpt }” is no criterion. Write a condition that can be checked.
clarity-no-acceptor = Nobody accepts the result. Choose an office.
clarity-several-acceptors = { $count } offices accept it ({ $excerpt }). One is better.
clarity-acceptor-is-focal = “{ $excerpt }” accepts their own work. Choose another acceptor.
clarity-no-evidence = No evidence is asked for. Choose at least one kind.
clarity-stub-says-too-much = A secret task keeps only its line of follow-up. Remove the content.

# Moves
move-propose = Propose
move-send_back = Send back
move-assign = Approve assignment
move-acknowledge = Acknowledge
move-start = Start
move-submit = Hand in the result
move-return = Ask for completion
move-accept = Accept
move-pause = Pause
move-resume = Resume
move-cancel = Cancel the task
move-reopen = Reopen
move-error-wrong-state = The task is “{ $state ->
    [nhap] Draft
    [de_xuat] Proposed
    [da_duyet_giao] Assigned
    [da_tiep_nhan] Acknowledged
    [dang_thuc_hien] In progress
    [trinh_san_pham] Handed in
    [yeu_cau_bo_sung] Completion asked
    [hoan_thanh] Accepted
    [tam_dung] Paused
   *[huy] Cancelled
 }” and cannot be { $move ->
    [propose] proposed
    [send_back] sent back
    [assign] assigned
    [acknowledge] acknowledged
    [start] started
    [submit] handed in
    [return] returned
    [accept] accepted
    [pause] paused
    [resume] resumed
    [cancel] cancelled
   *[reopen] reopened
 } now. Reload the page to see where it stands.
move-error-nothing-to-resume = It is not known where the task stopped. Ask the approver to reopen it.
move-error-not-permitted = Your office may not { $move ->
    [propose] propose
    [send_back] send back
    [assign] approve
    [acknowledge] acknowledge
    [start] start
    [submit] hand in
    [return] return
    [accept] accept
    [pause] pause
    [resume] resume
    [cancel] cancel
   *[reopen] reopen
 } this task.
move-error-own-work = The focal officer may not { $move ->
    [assign] approve
    [return] return
   *[accept] accept
 } their own work. Another approver or acceptor must do it.

# Dates
date-empty = No date.
date-not-a-date = “{ $text }” is no date. Write day/month/year, such as 05/10/2025.
date-month-first = The month stands first. Did you mean { $suggestion }? Write day/month/year.
date-year-out-of-range = The year { $year } cannot be right; a damaged spreadsheet cell looks like this. Write the date again.
date-no-year = The date has no year. Write day/month/year.
date-short-year = “{ $text }” has a year of two digits. Write four.
date-no-such-day = There is no { $day }/{ $month }/{ $year }.
date-no-such-time = “{ $text }” is no time. Write 00:00 to 23:59.
day-saturday = Saturday
day-sunday = Sunday
day-holiday = public holiday
relative-date-invalid = “{ $text }” is no date relative to the opening. Write D-60 or D+45.
relative-date-too-far = “{ $text }” is more than ten years from the opening.

# Dependencies, totals, urges
schedule-cycle = A circle: { $codes }. These tasks wait for each other; untie one of them.
schedule-unknown-task = The task { $codes } is not in the plan.
count-mismatch = The total says { $total }, but the parts sum to { $sum }, a difference of { $diff }. The report cannot be signed; check the figures.
urge-level-1 = Reminder to the focal officer
urge-level-2 = Reminder to the accountable leader
urge-level-3 = Letter
urge-level-4 = Report to the approver
urge-cool-down = An urge was sent a short while ago. The next one may be sent from { $until }.

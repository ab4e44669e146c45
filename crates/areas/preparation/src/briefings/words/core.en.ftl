# Words of briefings that rules, refusals, papers and the log need; those of the pages are in the files beside.

briefing-state-du_kien = Planned
briefing-state-chot_so_lieu = Figures frozen
briefing-state-dang_hop = In session
briefing-state-cho_ky = Awaiting signature
briefing-state-da_ky = Signed
briefing-state-da_ban_hanh = Notice issued
briefing-state-huy = Not held

briefing-step-freeze = Freeze the figures
briefing-step-open = Open the meeting
briefing-step-close = Close the minutes for signing
briefing-step-reopen = Open again to correct
briefing-step-sign = Sign the minutes
briefing-step-announce = Issue the notice of conclusions
briefing-step-cancel = Do not hold this meeting

briefing-reason-qua_han = Overdue
briefing-reason-tra_lai = Sent back
briefing-reason-chua_tiep_nhan = Receipt not confirmed
briefing-reason-xin_lui_han = More time asked for
briefing-reason-kien_nghi = Asks for something
briefing-reason-sap_den_han = Due now or soon
briefing-reason-chuyen_tiep = Carried over
briefing-reason-them = Added

briefing-disposition-nhiem_vu = New task
briefing-disposition-sua_nhiem_vu = Amend a task
briefing-disposition-lui_han = Move a deadline
briefing-disposition-khong_phat_sinh = No task arises

briefing-receipt-in_time = Confirmed in time
briefing-receipt-late = Confirmed late
briefing-receipt-waiting = Still in time to confirm
briefing-receipt-missing = Confirmation overdue

briefing-problem-empty = The conclusion says nothing yet.
briefing-problem-no-disposition = Choose what becomes of it: a new task, an amended task, a moved deadline, or no task.
briefing-problem-no-unit = A new task needs one lead unit. Type @ and the unit’s name.
briefing-problem-many-units = The conclusion names { $units } lead units. Choose one; the others support it.
briefing-problem-no-deadline = There is no deadline. Type /hạn and the day, for example /hạn 30/9.
briefing-problem-many-deadlines = The conclusion has { $number } deadlines ({ $deadlines }). Split it into { $number } conclusions, or make the earlier ones milestones and keep the last.
briefing-problem-past-deadline = The deadline { $due } was over before the meeting. Name one after it.
briefing-problem-no-task = No task is named. Type # and the task’s code.
briefing-problem-task-not-open = The task is “{ $state ->
    [nhap] Draft
    [de_xuat] Proposed
    [da_duyet_giao] Assigned
    [da_tiep_nhan] Acknowledged
    [dang_thuc_hien] In progress
    [trinh_san_pham] Handed in
    [yeu_cau_bo_sung] Sent back
    [hoan_thanh] Done
    [tam_dung] Paused
   *[huy] Cancelled
 }”, so this conclusion can neither amend nor extend it.
briefing-problem-task-undated = The task has no deadline to move. Choose “Amend a task”.
briefing-problem-not-later = The new deadline must be later than the one in force ({ $due }).
briefing-problem-nothing-amended = It does not say what changes in the task.
briefing-problem-unclear = Amended like this the task would be clear in only { $clear } of 6. Complete it.
briefing-problem-not-approver = The chair may not decide about this task, so its deadline cannot be moved here.

briefing-error-not-found = There is no such meeting, or your unit may not see it.
briefing-error-not-permitted = Your office may not do this in a briefing.
briefing-error-not-chair = Only { $chair }, who chairs this meeting, can sign.
briefing-error-conflict = { $by } changed this at { $at }. What you typed is still there; load the page again, read the new version and go on.
briefing-error-step = The meeting is at “{ $state ->
    [du_kien] Planned
    [chot_so_lieu] Figures frozen
    [dang_hop] In session
    [cho_ky] Awaiting signature
    [da_ky] Signed
    [da_ban_hanh] Notice issued
   *[huy] Not held
 }”, so it is not possible to { $step ->
    [freeze] freeze the figures
    [open] open it
    [close] close the minutes
    [reopen] open it again
    [sign] sign
    [announce] issue the notice
   *[cancel] cancel it
 } now.
briefing-error-too-late = The meeting is at “{ $state ->
    [du_kien] Planned
    [chot_so_lieu] Figures frozen
    [dang_hop] In session
    [cho_ky] Awaiting signature
    [da_ky] Signed
    [da_ban_hanh] Notice issued
   *[huy] Not held
 }”, so this cannot be written now.
briefing-error-frozen-already = The figures were frozen at { $at }; that happens once for each meeting.
briefing-error-not-frozen = The figures are not frozen yet.
briefing-error-signed-already = { $by } signed the minutes at { $at }; they can be neither signed again nor changed. To correct them, write a supplementary record.
briefing-error-not-signed = The minutes are not signed yet.
briefing-error-reported-already = The weekly report was issued as { $number } by { $by } at { $at }; that happens once for each meeting.
briefing-error-issued-already = The notice was issued as { $number } by { $by } at { $at }; that happens once for each meeting.
briefing-error-changed = It was changed just now and is no longer what you saw. Load the page again, read it and sign.
briefing-error-no-conclusion = The minutes have no conclusion yet, so they cannot be signed.
briefing-error-not-closed = The secretary has not closed the minutes, so they cannot be signed.
briefing-error-no-plan = There is no plan in which a new task could stand. Make one before signing.
briefing-error-problems = It cannot be signed: conclusions { $numbers } are not complete. The reason stands beside each.
briefing-error-one-deadline = The conclusion has only one deadline, so there is nothing to split.
briefing-error-cutoff-late = The cut-off must be before the meeting.
briefing-error-same-office = Chair and secretary must be two different offices.
briefing-error-day-off = { $why ->
    [saturday] The meeting would be on a Saturday.
    [sunday] The meeting would be on a Sunday.
   *[holiday] The meeting would be on a public holiday.
 } Choose a working day.
briefing-error-reason = Give a reason.
briefing-error-empty = This field is empty.
briefing-error-too-long = This is too long (at most { $most } characters). Shorten it and send it again.
briefing-error-on-agenda = This task is on the agenda already.
briefing-error-no-body = The unit that holds the briefing is not among the issuing bodies, so no number can be taken.
briefing-error-no-body-open = Open the issuing bodies
briefing-error-tampered = What was frozen or signed no longer matches its hash and is not shown. Tell the administrator at once.
briefing-error-does-not-sum = The figures do not add up at { $place }: total { $total }, parts { $sum }. They are not frozen; ask the administrator to check.

briefing-basis-symbol = Minutes of briefing { $no }
briefing-basis-clause = conclusion { $number }
briefing-reason-of-task = Conclusion { $number }, { $series }, meeting { $no }
briefing-decision-subject = Conclusions of { $series }, meeting { $no }
briefing-task-authority = { $chair } decides; the lead unit decides within the task
briefing-task-escalation = Beyond that, report to { $chair } at the next briefing
briefing-task-acceptance = The result named above, complete and confirmed in writing; { $chair } accepts it
briefing-task-stream = Tasks from briefings

briefing-act-series-saved = Series of briefings saved
briefing-act-set = Briefing set
briefing-act-changed = Briefing changed
briefing-act-moved = Briefing moved to another step
briefing-act-frozen = Figures frozen
briefing-act-attended = Attendance noted
briefing-act-item-added = Agenda item added
briefing-act-item-edited = Agenda item edited
briefing-act-item-removed = Agenda item removed
briefing-act-item-marked = Agenda item marked
briefing-act-items-ordered = Agenda put in order
briefing-act-went-to = Went to an agenda item
briefing-act-concluded = Conclusion written
briefing-act-conclusion-edited = Conclusion edited
briefing-act-conclusion-dropped = Conclusion taken out
briefing-act-conclusion-restored = Conclusion put back
briefing-act-conclusion-split = Conclusion split
briefing-act-conclusions-ordered = Conclusions put in order
briefing-act-signed = Minutes signed
briefing-act-reported = Weekly report issued
briefing-act-announced = Notice of conclusions issued
briefing-act-supplement-begun = Supplementary record begun
briefing-act-supplement-edited = Supplementary record edited
briefing-act-supplement-signed = Supplementary record signed
task-log-cited = Document noted as basis

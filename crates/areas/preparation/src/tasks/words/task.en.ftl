# Words of the task page and of everything done to a task

# Refusals
task-error-not-found = There is no such task, or your office may not see it. Check the code.
task-error-conflict = { $by } changed this task at { $at }. Reload the page and go on from there; nothing was overwritten.
task-error-duplicate-code = The code { $code } is taken in this plan. Choose another.
task-error-code = A task needs a code of at most 32 characters.
task-error-too-long = This field is longer than { $most } characters. Shorten it, or put the long part into an attached document.
task-error-not-clear = Only { $clear } of six keys are clear, so it cannot be assigned. Correct what is named.
task-error-reason = A reason is needed; it is kept with the change.
task-error-due-locked = An assigned deadline moves only by a granted extension. Ask for one.
task-error-secret-content = A secret task keeps only its code, units, offices and dates. Remove the content and follow it outside the system.
task-error-not-permitted = Your office may not do this to this task. Ask the office that keeps the plan, or the approver.
task-error-percent = Progress is a number from 0 to 100.
task-error-empty-report = The report says nothing new. Change the percentage or write at least one line.
task-error-not-running = The task is not running, so this cannot be done.
task-error-evidence = Evidence is missing. Hand in the missing kinds, then submit again.
task-error-evidence-kind = Missing: { $kind ->
    [van_ban] an issued document
    [quyet_dinh] a decision
    [bien_ban] minutes
    [danh_sach] a list, table or ledger
    [anh] a photo
   *[khac] other evidence
 }.
task-error-extension-waiting = A request to move the deadline is waiting. Wait for the decision, or withdraw it.
task-error-not-later = The new deadline must be later than the one in force ({ $due }).
task-error-already-decided = This request was decided or withdrawn already.
task-error-no-deadline = The task has no deadline to move. Set one first.
task-error-own-request = Who asks may not decide. Another approver must do it.
task-error-nobody-to-urge = The task names no office to urge at this step. Add the focal officer, the accountable leader or the approver.
task-error-name = A name is needed that is not taken, of at most 120 characters.
task-error-baseline-changed = The baseline no longer has the hash that was kept: its data was changed outside the system. Do not use it; ask the administrator to check the log and the backup.
task-error-already-approved = This baseline has been approved already.

# The task page
task-all = Task register
task-acts = What you may do now
task-six = Six keys
task-six-who = Who
task-six-what = What
task-six-when = When
task-six-authority = Authority
task-six-accountable = Accountable
task-six-result = Result
task-clear = Clear { $clear }/6
task-is-clear = Clear
task-is-unclear = Not clear
task-none = None yet
task-choose = Choose…
task-yes = Yes
task-no = No
task-emptied = empty
task-untitled = Not written yet
task-secret-title = Secret task
task-secret-note = Its content is followed outside the system. Here stand only code, units and dates, so that counts are complete.
task-by-at = { $by }, { $at }
task-back-to = Back to the task
task-days-left = { $count ->
    [one] { $count } day
    *[other] { $count } days
 } left
task-days-late = { $count ->
    [one] { $count } day
    *[other] { $count } days
 }
task-days-early = { $count ->
    [one] { $count } day
    *[other] { $count } days
 } early
task-days-more = { $count ->
    [one] { $count } more day
    *[other] { $count } more days
 }
task-before = by { $due }
task-dong = { $amount } đồng
task-kilobytes = { $size } kB
task-megabytes = { $size } MB
task-version = version { $version }
task-phase-truoc = Before
task-phase-trong = During
task-phase-sau = After
task-class-thuong = Open
task-class-noi_bo = Internal
task-class-mat = Secret
task-evidence-van_ban = Issued document
task-evidence-quyet_dinh = Decision
task-evidence-bien_ban = Minutes
task-evidence-danh_sach = List, table, ledger
task-evidence-anh = Photo
task-evidence-khac = Other
task-return-thieu = Less than asked for
task-return-sai = Wrong content
task-return-the_thuc = Wrong form
task-return-minh_chung = Evidence missing
task-return-khac = Another reason
task-extension-cho = Waiting
task-extension-dong_y = Granted
task-extension-khong_dong_y = Refused
task-extension-rut = Withdrawn
task-dep-FS = finish to start
task-dep-SS = start to start
task-dep-FF = finish to finish
task-dep-SF = start to finish
task-knock-on = Being late here holds up { $direct }.
task-knock-on-further = Being late here holds up { $direct }, and further on { $indirect }.
task-urged-you = { $count ->
    [one] An urge
    *[other] { $count } urges
 } on this task { $count ->
    [one] waits
    *[other] wait
 } for your receipt.
task-extension-waits = Asked to move the deadline from { $from } to { $to }
task-confirmed-at = confirmed { $at }
task-not-confirmed = not confirmed

# Parts
task-reports = Progress reports
task-reports-none = No report yet.
task-evidence = Evidence
task-evidence-none = No evidence yet.
task-evidence-missing = Still to hand in:
task-evidence-accepted = accepted: { $who }
task-reviews = Acceptance and returns
task-review-accepted = Accepted
task-deps = Dependencies
task-deps-before = Must come first
task-deps-after = Waits for this
task-deps-none = None.
task-extensions = Extensions
task-decided = Decided: { $who }
task-urges = Urges
task-urge-unseen = not seen
task-urge-seen = seen { $at }
task-urge-letter = Letter to print
task-log = Record of changes
task-log-why = Reason: { $why }
task-log-created = Written down
task-log-edited = Edited
task-log-moved = Moved
task-log-reported = Reported
task-log-evidence_added = Evidence handed in
task-log-support_confirmed = Coordinating unit confirmed
task-log-extension_asked = Extension asked
task-log-extension_decided = Extension decided
task-log-extension_withdrawn = Extension withdrawn
task-log-urged = Urged
task-log-urge_seen = Urge seen
task-log-tied = Tied
task-log-untied = Untied
task-log-brought_in = Brought in from earlier follow-up
task-log-report_brought_in = Earlier report brought in
task-log-imported = Imported from the annex

# Names of fields
task-label-plan = Plan
task-label-code = Code
task-label-stream = Stream
task-label-phase = Phase
task-label-class = Class
task-label-what = Task
task-label-scope = Scope, notes
task-label-basis = Basis
task-label-symbol = Number and symbol
task-label-issued = Issued on
task-label-clause = Clause
task-label-subject = Subject
task-label-lead = Lead unit
task-label-focal = Focal officer
task-label-supports = Coordinating units
task-label-support-unit = Unit
task-label-contribution = Contribution
task-label-own-due = Own deadline
task-label-start = Start
task-label-due = Deadline
task-label-new-due = Deadline asked for
task-label-due-text = Deadline in words
task-label-original = Original deadline
task-label-event = Event that needs it
task-label-milestones = Milestones
task-label-milestone = Milestone
task-label-by = Date
task-label-authority = What may be decided
task-label-approver = Approver
task-label-escalation = Escalate to
task-label-budget = Money is spent
task-label-money = Limit (đồng)
task-label-accountable = Accountable
task-label-deputy = Deputy
task-label-result = Result
task-label-quantity = Quantity
task-label-form = Form
task-label-acceptance = Acceptance criteria
task-label-acceptor = Acceptor
task-label-evidence = Evidence asked for
task-label-percent = Progress
task-label-done = Done
task-label-difficulty = Difficulties
task-label-request = Requests
task-label-next = Next
task-label-reason = Reason
task-label-return = Why it comes back
task-label-decision = Words of the decision
task-label-kind = Kind of evidence
task-label-note = Note
task-label-file = File
task-field-code = Code
task-field-stream = Stream
task-field-phase = Phase
task-field-confidentiality = Class
task-field-what = Task
task-field-scope = Scope, notes
task-field-basis = Basis
task-field-lead_unit = Lead unit
task-field-focal_office = Focal officer
task-field-supports = Coordinating units
task-field-start = Start
task-field-due = Deadline
task-field-due_original = Original deadline
task-field-due_text = Deadline in words
task-field-event_on = Event that needs it
task-field-milestones = Milestones
task-field-authority = Authority
task-field-approver_office = Approver
task-field-escalation = Escalate to
task-field-has_budget = Money is spent
task-field-money_limit = Limit
task-field-accountable_office = Accountable
task-field-deputy_office = Deputy
task-field-result = Result
task-field-result_quantity = Quantity
task-field-result_form = Form
task-field-acceptance = Acceptance criteria
task-field-acceptor_office = Acceptor
task-field-evidence_kinds = Evidence asked for
task-field-state = State
task-field-percent = Progress (%)

# Buttons
task-act-report = Report progress
task-act-edit = Edit
task-act-extend = Ask for more time
task-act-extension-open = Look and decide
task-act-urge = Urge
task-act-evidence = Hand in evidence
task-act-confirm = Confirm contribution
task-act-seen = Seen
task-act-tie = Edit dependencies

# The form
task-new = New task
task-edit = Edit { $code }
task-first-plan = Plan of preparation and service
task-date-hint = 05/10/2025
task-symbol-hint = 127-KH/TU
task-sha256 = SHA-256
task-add-support = Add a unit
task-add-basis = Add a basis
task-add-milestone = Add a milestone
task-help-code = Short and unique: PV-07.
task-help-class = A secret task holds only code, units, offices and dates.
task-help-what = Begin with a verb; one task, one thing.
task-help-due = Day/month/year; an hour may stand before it: 16:00 05/10/2025.
task-help-due-text = As the annex has it; it goes when a date is given.
task-help-event = The meeting or issue that needs the result.
task-help-locked = An assigned deadline is not edited here.
task-help-authority = What the lead decides, what must be asked, who signs.
task-help-reason = The reason goes on the record.
task-form-choose-again = That choice is no longer there. Choose again.
task-form-unit-twice = A unit stands twice. Put its contributions on one line.
task-form-unit-missing = A line has no unit.
task-form-symbol-missing = A basis has no document number.
task-form-milestone-date = A milestone has no date.
task-form-money = Write the amount in digits, such as 50.000.000.
task-merge = { $code }: two people edited
task-merge-lead = { $by } saved at { $at }, after you opened the page. Choose for each field; nothing is lost.
task-merge-mine = Yours
task-merge-theirs = By { $by }
task-merge-taken = Taken from the other version, since you did not change it
task-merge-save = Save what was chosen

# Moves
task-ask-unclear = It cannot be assigned because:
task-ask-send-back = The task becomes a draft again, to be made clearer.
task-ask-return = The result goes back to the lead and counts as not done.
task-ask-pause = The task stops and is not overdue until it goes on.
task-ask-cancel = The task is cancelled, stays in the register and is counted.
task-ask-reopen = The task is opened again.
task-confirm-assign = Approve { $code }? From now on its deadline moves only by an extension.
task-confirm-submit = Hand in the result of { $code }?
task-confirm-accept = Accept { $code }? It counts as done from this moment.
task-confirm-cancel = Cancel { $code }? Tasks that wait for it no longer wait.
task-confirm-pause = Pause { $code }?
task-assign-many = Approve assignments
task-assign-lead = { $count } proposed, { $ready } ready to be assigned.
task-assign-against = Compared with the baseline “{ $name }”.
task-assign-changes = Changes since the baseline
task-assign-new = New
task-assign-same = Unchanged
task-assign-do = Approve those chosen
task-assign-confirm = Approve { $count } chosen tasks? From now on their deadlines move only by an extension.
task-assign-none = Nothing was chosen.
task-assign-stopped = None was assigned because of { $code }: { $why }
task-assign-empty = Nothing waits for approval
task-assign-empty-text = Proposed tasks stand here.
task-assign-empty-act = See the drafts

# Report, evidence
task-report = Report on { $code }
task-report-send = Send
task-report-starts = The first report starts the task.
task-percent-slider = Slide to set progress
task-help-request = What is asked of the level above; it goes to the weekly briefing.
task-evidence-add = Evidence for { $code }
task-evidence-send = Hand in
task-evidence-no-file = No file was chosen.
task-evidence-no-kind = No kind was chosen.
task-help-file = PDF, image, .docx, .xlsx, .pptx, .csv or .txt of at most { $limit } MB. No secret documents.

# Extensions
task-extend = More time for { $code }
task-extend-now = The deadline in force is { $due }.
task-extend-original = The original one was { $due }.
task-extend-send = Send the request
task-extend-preview = See the effect
task-help-extend-reason = Why it is late, what was done, what the new deadline needs.
task-day-off = { $due } is a { $day }. The nearest working day is { $offer }.
task-day-off-keep = Keep { $due } all the same
task-day-off-confirm = The deadline is a day off: confirm it, or give a working day.
task-effect = Effect on other tasks
task-effect-none = { $to } pushes no other task.
task-effect-some = { $to } pushes { $count ->
    [one] { $count } other task
    *[other] { $count } other tasks
 }:
task-effect-from = Now
task-effect-to = Then
task-effect-days = Days
task-effect-past-opening = past the opening
task-decide = Extension of { $code }
task-decide-title = Decision
task-decide-asked = Asked
task-decide-decided = Decided
task-decide-so-far = Granted so far
task-decide-counts = this task { $task }, the lead unit { $unit }
task-help-decision = A refusal needs its reason.
task-decide-grant = Grant
task-decide-refuse = Refuse
task-decide-withdraw = Withdraw
task-confirm-grant = Grant { $code } until { $to }? { $count } other tasks are affected; their deadlines do not move by themselves.
task-confirm-withdraw = Withdraw the request for { $code }?

# Urging
task-urge = Urge { $code }
task-urge-ladder = Steps of urging
task-urge-to = To { $to }
task-urge-send = Send
task-help-urge = Change the words as needed; the receipt is kept with its time.
task-confirm-urge = Urge { $to } about { $code }?
task-urge-text-1 = Please report on { $code } “{ $what }”, due { $due } ({ $timing }), now at { $percent }%, and name what stands in the way.
task-urge-text-2 = { $code } “{ $what }”, due { $due } ({ $timing }), stands at { $percent }%. Please take it in hand and say how the time will be kept.
task-urge-text-3 = { $code } “{ $what }”, due { $due } ({ $timing }), stands at { $percent }%. Please complete it and report in writing, within two working days, the cause, who answers for it and the date of remedy.
task-urge-text-4 = For your attention: { $code } “{ $what }”, due { $due } ({ $timing }), stands at { $percent }% after three urges. Please decide at the weekly briefing.
task-letter = Letter about { $code }
task-letter-party = COMMUNIST PARTY OF VIETNAM
task-letter-number = No. ……… -CV/………
task-letter-about = Re: urging task { $code }
task-letter-date = …………, { $day }/{ $month }/{ $year }
task-letter-to = To: { $to }
task-letter-copies = Copies to:
task-letter-copy-to = As above; task file.
task-letter-signed = (signature and name)

# Ties
task-tie = Dependencies of { $code }
task-tie-new = Tie another
task-tie-side = Order
task-tie-before = The other comes before { $code }
task-tie-after = The other comes after { $code }
task-tie-other = Task
task-tie-kind = Kind
task-tie-days = Days between
task-help-lag = A negative number lets them overlap.
task-tie-lag = Days from −366 to 366.
task-tie-self = A task cannot wait for itself.
task-tie-do = Tie
task-tie-effect = The tie pushes { $count ->
    [one] { $count } task
    *[other] { $count } tasks
 }:
task-tie-effect-none = The tie pushes no task.
task-untie = Untie
task-confirm-untie = Untie { $a } → { $b }?

# Baselines
task-baselines = Baselines
task-baselines-lead = Named pictures of the plan, hashed, never changed.
task-baselines-none = No baseline yet
task-baselines-none-text = Take one when the plan is agreed, to see later what has changed.
task-baseline = Baseline “{ $name }”
task-baseline-name = Name
task-baseline-name-hint = Name, such as: Plan as issued 26/9
task-baseline-take = Take a baseline
task-baseline-tasks = Tasks
task-baseline-taken = Taken
task-baseline-approved = Approved
task-baseline-approve = Approve
task-baseline-waits = Not approved
task-baseline-own = Whoever took it may not approve it.
task-baseline-whole = Hash matches
task-baseline-notice = Number of the notice
task-help-baseline = The document that approves this plan.
task-baseline-number = The number of the notice is needed.
task-confirm-baseline = Approve { $name }? This cannot be undone.
task-baseline-now = The present
task-baseline-against = Compare with
task-baseline-compare = Compare
task-baseline-diff = Compared with: { $name }
task-baseline-sum = { $same } unchanged, { $changed } changed, { $added } added, { $removed } removed.
task-baseline-changed = Changed
task-baseline-added = Added
task-baseline-removed = Removed

# Settings
task-settings = Settings of the register
task-settings-six = Order and names as the congress writes them; an empty name uses the usual one.
task-settings-order = Place
task-settings-order-of = Place of { $name }
task-settings-words = Name
task-settings-words-of = Name of { $name }
task-settings-thresholds = Thresholds
task-settings-soon = Due soon from (days)
task-help-soon = Usually 7.
task-settings-fraction = Or in the last part of its time (%)
task-help-fraction = Leave empty if not used.
task-settings-cool = Between two urges (hours)
task-help-cool = Usually 24.
task-settings-hotline = Hotline
task-settings-number = Write a number in the range.
task-settings-place = Each key has its own place from 1 to 6.
task-settings-label = The name is longer than 60 characters.
task-settings-conflict = Somebody saved the settings meanwhile. What you typed is still there; look again and save.
task-settings-calendar = Working calendar
task-settings-calendar-text = Saturdays and Sundays are off. Enter holidays and make-up days; every deadline is read against them.
task-settings-no-days = No day yet.
task-settings-day = Day
task-settings-kind = Kind
task-settings-day-words = Name of the day
task-settings-day-name = Name the day, in at most 120 characters.
task-settings-add-day = Add the day
task-settings-drop-day = Remove
task-confirm-day = Remove { $day }? Deadlines on it will be read anew.
task-day-nghi_le = Holiday
task-day-lam_bu = Make-up day
task-weekday-1 = Monday
task-weekday-2 = Tuesday
task-weekday-3 = Wednesday
task-weekday-4 = Thursday
task-weekday-5 = Friday
task-weekday-6 = Saturday
task-weekday-7 = Sunday

# Templates
task-template = Start from a template
task-template-lead-in = A template has its six keys; days count back from the opening. Choose tasks, name units, make drafts.
task-template-opening = Opening day
task-template-preview = Work out the days
task-template-roles = Who plays which role
task-template-roles-text = A role without a unit is written into the scope, to be added later.
task-template-basis = One basis for all tasks made here.
task-template-count = { $count } chosen; { $off } deadlines fall on a day off, tick those to be moved.
task-template-move = { $why }: move to { $offer }
task-template-past = past
task-template-taken = exists
task-template-none = Nothing was chosen.
task-template-make = Make those chosen
task-template-confirm = Make { $count } drafts?
task-template-lead = Lead in the template: { $role }.
task-template-support = Coordinates in the template: { $role } ({ $part }).

# Done
task-done-created = { $count ->
    [0] Saved as a draft.
    *[other] { $count } drafts were made.
 }
task-done-edited = Saved.
task-done-unchanged = Nothing changed.
task-done-moved = Moved.
task-done-reported = Report sent.
task-done-evidence = Evidence handed in.
task-done-confirmed = Contribution confirmed.
task-done-asked = Request sent; the old deadline holds until it is decided.
task-done-granted = Granted; the new deadline is in force.
task-done-refused = Refused; the deadline stays.
task-done-withdrawn = Withdrawn.
task-done-urged = Urge sent.
task-done-seen = Receipt kept.
task-done-tied = Tied.
task-done-untied = Untied.
task-done-taken = Baseline taken.
task-done-approved = Approved.
task-done-settings = Settings saved.
task-done-day-set = Entered in the calendar.
task-done-day-dropped = Removed from the calendar.
task-done-assigned = { $count ->
    [one] { $count } task was
    *[other] { $count } tasks were
 } assigned.

# The log of the whole house
task-log-import_uploaded = File uploaded for import
task-log-import_chosen = Names of an import chosen
task-log-import_queued = Import agreed to
task-log-import_discarded = Import discarded
plan-log-created = Plan set up
baseline-log-taken = Baseline taken
baseline-log-approved = Baseline approved
filter-log-saved = Filter saved
filter-log-dropped = Filter dropped
feed-log-opened = Calendar opened
feed-log-revoked = Calendar revoked
report-log-signed = Report signed
calendar-log-day_set = Holiday or make-up day set
calendar-log-day_dropped = Holiday or make-up day dropped
task-hash = SHA-256
task-symbol-example = 127-KH/TU

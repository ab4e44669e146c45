# The register in and out as files: import, export, chart, calendars, the signed report.

exchange-api-value = The value cannot be read.
exchange-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
 }
exchange-calendar = Working calendar
exchange-copy = Copy
exchange-back = Task register
exchange-phase-truoc = Before the congress
exchange-phase-trong = During the congress
exchange-phase-sau = After the congress
exchange-evidence-van_ban = Document
exchange-evidence-quyet_dinh = Decision
exchange-evidence-bien_ban = Minutes
exchange-evidence-danh_sach = List
exchange-evidence-anh = Photo
exchange-evidence-khac = Other
exchange-row = row { $row }

# Importing the annex
exchange-import-title = Import the annex
exchange-import-intro = Choose the annex of assignments. You will first see what would change; nothing is written until you agree.
exchange-import-file = .xlsx file
exchange-import-file-help = The annex as offices use it: headings in any order, Roman groups, dates as day/month/year. At most 10 MB.
exchange-import-look = See what would change
exchange-import-sample = Download the annex as it is
exchange-import-waiting = Files waiting for a yes
exchange-import-no-file = No file was chosen.
exchange-import-too-large = The file is larger than { $limit } MB. Remove pictures or split it.
exchange-import-interrupted = The upload was cut off. Choose the file again; nothing was written.
exchange-import-plan-wrong = A new plan needs a code of at most 32 characters and a title.
exchange-import-gone = This file is no longer here. Upload it again.
exchange-import-expired = The file waited for more than a day and was dropped. Upload it again.
exchange-import-applied = This file has been written to the register already. It is not written twice.
exchange-import-changed = The register changed after you looked. Nothing was written; look again at what would change, then agree.
exchange-import-not-ready = Cannot be written yet: there are errors or names to choose, or the file changes nothing.
exchange-import-may-not-make = This office may not add units or offices. Choose an existing name, or ask an administrator to add it.
exchange-plan = Belongs to the plan
exchange-plan-help = A file exported from here is recognised by itself.
exchange-plan-code = Code of the plan
exchange-plan-code-help = There is no plan yet; this one is made when you agree to the import.
exchange-plan-title = Title of the plan
exchange-import-would = What this file would change
exchange-import-head = { $name }: { $rows } tasks. Waits for your yes until { $until }.
exchange-import-nothing = The file says the same as the register. There is nothing to write.
exchange-count-errors = Errors to mend
exchange-count-names = Names to choose
exchange-count-held = Not written
exchange-errors-title = { $count ->
    [one] { $count } place to mend in the file
   *[other] { $count } places to mend in the file
 }
exchange-errors-text = Mend all of them in the spreadsheet and upload it again. With a single error left, nothing is written.
exchange-error-sheet = Sheet
exchange-error-cell = Cell
exchange-error-what = What is wrong and what to do
exchange-error-unit-twice = The unit “{ $unit }” stands twice among the coordinating units. Make it one.
exchange-error-phase = The phase “{ $text }” is not understood. Write before, during or after the congress.
exchange-error-long = The text has { $length } characters, more than { $limit }.
exchange-error-code-long = The code “{ $code }” has more than 32 characters.
exchange-error-code-taken = The code { $code } belongs to another task. Choose another code.
exchange-error-other-plan = Task { $code } belongs to another plan. Import the file into that plan, or clear the hidden identifier of the row.
exchange-error-hidden = Task { $code } has content that this office may not see, so it cannot be changed from a file. Remove the row.
exchange-error-no-plan = It is not known to which plan the file belongs. Upload it again and choose the plan.
exchange-warnings-title = Good to know
exchange-warning-domain = The column of fields of work is not kept; tasks are grouped by the Roman headings.
exchange-warning-stub = Row { $row } is a secret task that the register does not have; it is not imported.
exchange-warning-state = { $count } tasks have another state or progress than the register. Both change by reports and decisions only, not from a file.
exchange-names-title = { $count ->
    [one] { $count } name is not in the register
   *[other] { $count } names are not in the register
 }
exchange-names-text = For each name choose the unit or office that is meant, add a new one, or leave it empty.
exchange-names-text-no-new = For each name choose the unit or office that is meant, or leave it empty. Ask an administrator to add new ones.
exchange-names-save = Use these choices
exchange-name-written = As written
exchange-name-rows = In rows
exchange-name-means = Means
exchange-name-means-of = Which unit or office “{ $name }” means
exchange-name-choose = Choose…
exchange-name-like = Similar: { $name }
exchange-name-new-unit = Add the unit “{ $name }”
exchange-name-new-office = Add the office “{ $name }” to { $unit }
exchange-name-none = Leave empty
exchange-held-title = { $count ->
    [one] { $count } place is not written
   *[other] { $count } places are not written
 }
exchange-held-text = These need another step. The rest of the file is still written.
exchange-held-deadline = is assigned, so a file does not move its deadline: { $from } → { $to }. Open { $code } and ask for an extension.
exchange-held-settled = is finished and no longer edited ({ $fields }). If needed, reopen { $code } first.
exchange-held-unclear = would no longer have all six points clear. Edit { $code } directly.
exchange-changed-title = { $count ->
    [one] { $count } task changes
   *[other] { $count } tasks change
 }
exchange-added-title = { $count ->
    [one] { $count } new task
   *[other] { $count } new tasks
 }
exchange-added-text = New tasks enter the register as drafts; they can be assigned once all six points are clear.
exchange-missing-title = { $count ->
    [one] { $count } task is not in the file
   *[other] { $count } tasks are not in the file
 }
exchange-missing-text = They stay as they are; an import never deletes.
exchange-field = Field
exchange-fields = Fields
exchange-before = Before
exchange-after = After
exchange-row-head = Row
exchange-reason = Why assigned tasks are edited
exchange-reason-help = Goes on the record of each task.
exchange-import-reason = Imported from the annex
exchange-import-sum = Will add { $added } and change { $changed } tasks; { $held } places are not written.
exchange-import-apply = Agree, write to the register
exchange-import-discard = Drop this file
exchange-import-done = The annex was imported
exchange-import-sum-done = Added { $added } and changed { $changed } tasks; { $held } places were not written.
exchange-import-people-done = Added { $units } units and { $offices } offices.
exchange-import-again = Import another file
exchange-job-import = Import an annex of { $rows } rows
exchange-job-reading = Reading the file
exchange-job-writing = Writing to the register
exchange-job-refused = Could not be written: { $reason }. Open the file again to see.

# Gantt chart
exchange-gantt-title = Gantt chart
exchange-gantt-empty = No task to draw
exchange-gantt-empty-text = The filter leaves no task, or the register has none yet.
exchange-gantt-sum = { $count } tasks; { $critical } on the critical path to the opening on { $opening }.
exchange-gantt-table = The numbers of the chart
exchange-gantt-days = Days
exchange-gantt-slack = Slack (days)
exchange-gantt-critical = critical
exchange-gantt-waits = Waits for
exchange-gantt-svg = Download SVG
exchange-export-project = Microsoft Project
exchange-print-a3 = Print A3

# Calendars
exchange-feeds-title = My calendars
exchange-feeds-intro = Brings deadlines into the calendar of a phone or computer. It tells the code, the task, the unit and the deadline only.
exchange-feeds-mine = Open calendars
exchange-feeds-none = No calendar yet
exchange-feeds-none-text = Open one below and paste its address into your calendar program.
exchange-feeds-whose = Of
exchange-feeds-since = Opened
exchange-feeds-state = State
exchange-feeds-open = Open
exchange-feeds-revoke = Revoke
exchange-feeds-revoked = Revoked { $at }
exchange-feeds-revoke-sure = Revoke the calendar “{ $name }”? Devices that use its address get no deadlines any more.
exchange-feeds-new = Open a new calendar
exchange-feeds-for-unit = Calendar of a unit
exchange-feeds-for-unit-help = Every task that the unit leads or supports.
exchange-feeds-for-office = Calendar of an office
exchange-feeds-for-office-help = Every task of which the office is focal officer, accountable, approver or acceptor.
exchange-feeds-for-whom = Choose a unit or an office.
exchange-feeds-make = Open the calendar
exchange-feeds-made = The calendar “{ $name }” is open
exchange-feeds-once = The address is shown this once. Whoever has it can read the calendar; do not pass it on. If it leaks, revoke it and open a new one.
exchange-feeds-address = Address of the calendar
exchange-feeds-how = In your calendar program choose to add a calendar from an address (URL) and paste it.

# Report
exchange-report-title = Report on the tasks
exchange-report-as-of = Figures as of { $at }
exchange-report-signed-by = Signed by { $office } at { $at }
exchange-report-hash = Mark of the content (SHA-256):
exchange-report-results = Results
exchange-report-total = { $total } tasks in all
exchange-report-in-time = In time
exchange-report-late = Late
exchange-report-sum = Total
exchange-report-done = Done
exchange-report-open = Not done
exchange-report-outside = Paused, cancelled, without a deadline
exchange-report-ratio-in-time = Done in time over done: { $ratio }
exchange-report-ratio-due = Done over done and overdue: { $ratio }
exchange-report-streams = By stream
exchange-report-units = By lead unit
exchange-report-none = Not written
exchange-report-red = Overdue
exchange-report-asks = Requests
exchange-report-ask = Request
exchange-report-weekend = Deadlines on days off
exchange-report-nothing = None.
exchange-report-chains = Tasks affected
exchange-report-returned = Sent back
exchange-report-direct = Waits directly:
exchange-report-indirect = Waits further on:
exchange-report-signed-list = Signed reports
exchange-report-signed-none = No report has been signed yet.
exchange-report-sign = Sign the report
exchange-report-sign-text = A signed report can no longer be changed. Every total is added up at signing; one that does not add up cannot be signed.
exchange-report-sign-sure = Sign the report with the figures shown? It cannot be changed afterwards.
exchange-report-changed = The figures changed after you looked. Not signed; look at the new figures below, then sign.
exchange-report-tampered = The content of the report no longer has the mark it was signed with. Tell an administrator at once.
exchange-report-refused = The report cannot be signed. { $place }: { $numbers }
exchange-report-refused-place = The report cannot be signed: the total says { $total } but its parts sum to { $sum }, a difference of { $diff } ({ $place }). Check the figures.
exchange-report-mismatch = the total says { $total } but its parts sum to { $sum }, a difference of { $diff }.
exchange-report-sum-all = Overall
exchange-report-sum-two_by_two = Two by two
exchange-report-sum-streams = By stream
exchange-report-sum-units = By lead unit
exchange-report-sum-red = Overdue list
exchange-saturday = Saturday
exchange-sunday = Sunday
exchange-holiday = holiday

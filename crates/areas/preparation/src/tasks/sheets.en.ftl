# Gantt chart
gantt-description = { $rows } tasks from { $from } to { $to }; figures as of { $asof }. The table beside the chart holds the same figures.
gantt-row = { $code } – { $title }. Lead: { $unit }. { $start } → { $due }, { $percent }% done, { $timing }.
gantt-as-of = Figures as of { $at }
gantt-page = Page { $page } of { $pages }
gantt-today = Today { $date }
gantt-opening = Opening { $date }
gantt-group-continued = { $group } (continued)
gantt-column-code = Code
gantt-column-what = Task
gantt-column-lead = Lead unit
gantt-column-due = Due
gantt-month = { $name } { $year }
gantt-month-short = M{ $month }
gantt-month-1 = January
gantt-month-2 = February
gantt-month-3 = March
gantt-month-4 = April
gantt-month-5 = May
gantt-month-6 = June
gantt-month-7 = July
gantt-month-8 = August
gantt-month-9 = September
gantt-month-10 = October
gantt-month-11 = November
gantt-month-12 = December
gantt-legend-progress = Part done
gantt-legend-critical = Critical path
gantt-legend-original = Original deadline
gantt-legend-baseline = Approved baseline
gantt-legend-link = Dependency
gantt-legend-off = Day off
gantt-sign-prepared = Prepared by
gantt-sign-approved = Approved by

# Annex: the sheet written
annex-sheet = Annex
annex-party = COMMUNIST PARTY OF VIET NAM
annex-title = ANNEX: ASSIGNMENT OF TASKS
annex-as-of = Figures as of { $at }
annex-attached = ({ $document }; figures as of { $at })
annex-no-stream = Tasks without a stream
annex-redacted = Classified task, followed outside the system
annex-counts = Total { $total } tasks at { $at }: done { $done }/{ $total } (early { $early }, on time { $ontime }, late { $late }); open { $open }/{ $total } (overdue { $overdue }, due today { $today }, due soon { $soon }, not due yet { $notyet }, paused { $paused }, no deadline { $undated }); cancelled { $cancelled }/{ $total }.
annex-legend = Legend: { $signs }
annex-field-number = No.
annex-field-code = Code
annex-field-stream = Stream
annex-field-domain = Domain
annex-field-what = Task
annex-field-lead = Lead unit
annex-field-supports = Coordinating units
annex-field-who = Who
annex-field-focal = Focal officer
annex-field-accountable = Accountable office
annex-field-authority = Authority
annex-field-approver = Approver
annex-field-acceptor = Accepted by
annex-field-start = Start
annex-field-due = Deadline
annex-field-when = When
annex-field-result = Result
annex-field-criteria = Acceptance criteria
annex-field-evidence = Evidence
annex-field-basis = Basis
annex-field-note = Note
annex-field-state = State
annex-field-percent = Percent
annex-field-phase = Phase
annex-field-id = Identifier (hidden)
annex-field-exact = Exact data (hidden)
annex-field-derived = Timing

# Annex: a file that cannot be read
annex-file-empty = The file is empty. Choose the annex .xlsx again.
annex-file-too-large = The file has { $size } MB, more than { $limit } MB. Remove pictures or split it.
annex-file-xls = This is an old .xls file. Open it in a spreadsheet program, save it as .xlsx and import that.
annex-file-encrypted = The file is protected by a password. Remove the password and import again.
annex-file-not-xlsx = This is not an .xlsx file. Choose a spreadsheet saved as .xlsx.
annex-file-damaged = The file is damaged or was not uploaded whole. Open it, save it and import again; nothing was written.
annex-file-macros = The file holds macros and is not accepted. Save it as .xlsx without macros.
annex-file-bomb = The file unpacks to far too much and is refused. Copy the annex table alone into a new file.
annex-file-entities = The file holds unusual declarations and is refused. Open and save it in a spreadsheet program.
annex-file-rows = Sheet “{ $sheet }” has data beyond row { $limit }. Delete the extra rows below the table.
annex-file-columns = Sheet “{ $sheet }” has data beyond column { $limit }. Delete the extra columns to the right.
annex-file-cells = The file has more than { $limit } filled cells. Split it.
annex-file-no-header = No heading row of an annex in the first 30 rows. At least the task, the lead unit and the deadline are needed.
annex-file-no-tasks = There is a heading row but no task below it.
annex-file-later-format = A later version of the program wrote this file (format { $version }). Update the program, then import.

# Annex: cells that are wrong
annex-cell-place = Sheet “{ $sheet }”, cell { $column }{ $row }
annex-cell-missing-what = The task itself is missing.
annex-cell-two-leads = More than one lead unit: { $units }. Keep one and move the others to the coordinating units.
annex-cell-start-after-due = The start { $start } is after the deadline { $due }.
annex-cell-duplicate-code = Code { $code } already stands on row { $row }.
annex-cell-duplicate-id = This row was copied from row { $row } with its hidden identifier. If it is a new task, clear the identifier.
annex-cell-bad-id = The hidden identifier was changed. Clear that cell to import by code.
annex-cell-unknown-state = The state “{ $text }” is not known.
annex-cell-bad-percent = “{ $text }” is not a percentage from 0 to 100.
annex-cell-formula = The formula in this cell gives the error { $code }.
annex-cell-too-long = The text has { $length } characters, more than { $limit }.

# Annex: worth knowing
annex-warning-unknown-column = Sheet “{ $sheet }”: column { $column } “{ $heading }” is not used.
annex-warning-repeated-column = Sheet “{ $sheet }”: column { $column } “{ $heading }” means the same as another and is not used.
annex-warning-serial-date = Sheet “{ $sheet }”, cell { $column }{ $row }: the number was read as { $date }.
annex-warning-external-links = The file takes figures from other files; only the saved values were read.

# Annex: compared with the register
annex-change-added = New
annex-change-changed = Changed
annex-change-unchanged = Unchanged
annex-change-missing = Not in the file

annex-write-too-long = Task { $code } has a text of { $length } characters, too long for one cell.
annex-write-failed = The spreadsheet could not be made.

# Lịch
feed-description = Due { $due }. Lead: { $unit }. Code { $code }.

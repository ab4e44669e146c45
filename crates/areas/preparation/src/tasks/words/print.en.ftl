# Prints: lists, annex, report, letters on paper.

print-pdf = PDF
print-word = Word
print-annex = Annex as PDF
print-annex-sheet = Annex as Excel
print-csv = CSV
print-list = List as PDF
print-chart = PDF on A3
print-whole = The whole register
print-keep = The task's file
print-as-above = As above

# The signed report
print-report-subject = progress of the tasks for { $congress }, figures as of { $at }
print-report-results = Results
print-report-problems = Shortcomings and causes
print-report-next = Tasks of the next period
print-report-asks = Proposals
print-report-total = The register in six rõ holds { $total } tasks. Figures as of { $at }; every share shows its denominator.
print-report-red = { $count } tasks are overdue:
print-report-red-none = No task is overdue.
print-report-chains = { $count } tasks that are overdue or came back hold up others:
print-report-chain = { $code }: { $what }; waiting: { $codes }
print-report-item = { $code }: { $what } ({ $unit }; due { $due }; { $timing })
print-report-coming = { $open } tasks are not done: overdue { $overdue }, due today { $today }, due soon { $soon }, not yet due { $notyet }, paused { $paused }, without a deadline { $undated }.
print-report-weekend = { $count } tasks are due on a day off; keep or move the deadline:
print-report-ask = { $code } ({ $unit }): { $ask }
print-report-no-asks = No proposals.
print-report-foot = Hash of what was signed (SHA-256): { $hash }
print-annex-number = Annex { $number }
print-annex-counts = Counts by stream and by lead unit
print-annex-six = Tasks in six rõ, figures as of { $at }

# The letter that urges
print-letter-subject = urging task { $code }
print-letter-to = { $office }, { $unit }

# What was decided about a deadline
print-extension-subject = the request to move the deadline of task { $code }
print-extension-asked = On { $day } { $by } asked to move the deadline of task { $code } “{ $what }” from { $from } to { $to }. Reason: { $reason }
print-extension-granted = { $by } agrees. The new deadline is { $to }.
print-extension-refused = { $by } does not agree. The deadline remains { $from }.
print-extension-note = Remark: { $note }
print-extension-pushed = The new deadline moves { $count } tasks:
print-extension-push = { $code } { $what }: from { $from } to { $to }
print-extension-undecided = Nothing has been decided yet about this request, so there is no paper to print.

# Comparing a baseline
print-diff-title = Baseline “{ $name }” compared with { $against }
print-diff-kind-changed = Changed
print-diff-kind-added = New
print-diff-kind-removed = Gone
print-diff-emptied = (emptied)
print-diff-hash = Hash of the baseline (SHA-256): { $hash }

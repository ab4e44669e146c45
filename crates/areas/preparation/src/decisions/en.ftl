# The register of conclusions and decisions

decisions-error-empty = This field cannot be empty.
decisions-error-long = The text is too long. Please shorten it.
decisions-error-control = There is a character that cannot be printed. Please type it again.
decisions-error-points = There are too many items. Split the paper in two or join some of them.
decisions-error-number = This is no document number. Write it like 07-TB/TBPV or 15/QĐ-UBND.
decisions-error-number-taken = Number { $number } is in the register already: the paper of { $on } by { $authority }. Open that entry, or give the right term for this paper.
decisions-error-open = Open the entry
decisions-error-has-number = This entry has the number { $number }; a number is written once.
decisions-error-signed = A signature entered this, so it is neither edited nor removed. Enter a new paper that amends or supersedes it.
decisions-error-referred = It cannot be removed because something refers to it: { $what }. Enter a paper that supersedes it.
decisions-error-order = { $later } was issued before { $earlier } and cannot amend or supersede it.
decisions-error-circle = Two papers cannot supersede each other. Look at the chain again.
decisions-error-secret = Secret content does not enter the system. Follow this paper in the secret book.
decisions-error-conflict = { $by } has just changed this entry. Look at the new version; what you typed is still here.
decisions-error-point = This paper has no conclusion with that number.

decision-act-entered = Decision entered
decision-act-edited = Entry of a decision corrected
decision-act-numbered = Number given to a conclusion
decision-act-removed = Entry removed that was made by mistake
decision-act-superseded = Paper superseded
decision-act-amended = Paper amended
decision-act-linked = Task tied to a decision
decision-act-unlinked = Task untied from a decision

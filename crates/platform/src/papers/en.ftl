# Issuing bodies and the register of numbers

papers-error-empty = This field cannot be empty.
papers-error-long = The text is too long. Please shorten it.
papers-error-control = There is a character that cannot be printed. Please type it again.
papers-error-lines = A heading has four lines at most. Please take one away.
papers-error-symbol = A symbol has only letters, digits, dots or hyphens and begins with a letter, such as TBPV.
papers-error-unit = This unit does not exist or is another issuing body already. Please choose again.
papers-error-type = The type of document is not clear. Please choose one of the list.
papers-error-number = A number is between 1 and 999,999.
papers-error-used = Number { $number } is used by the paper of { $on } “{ $subject }”, entered by { $by }. Please take another number.
papers-error-used-closed = Number { $number } is used by a paper of { $on }, entered by { $by }. Please take another number.
papers-error-used-open = See what uses this number
papers-error-cancelled = Number { $number } was cancelled by { $by } and is not used again. The reason: { $reason }
papers-error-gap = With this number, those from { $from } to { $to } would be left out. Give the reason or take the next number.
papers-error-gap-one = With this number, number { $from } would be left out. Give the reason or take the next number.
papers-error-bound = Number { $number } belongs to a paper of the register of decisions and is not cancelled apart from it. Enter a paper that supersedes it.
papers-error-already-cancelled = This number was cancelled before.
papers-error-secret = A secret paper has no subject here: only its number is kept, its content stays in its own book. Leave this field empty.
papers-error-conflict = Somebody else has just changed this issuing body. Look at the new version and change it again.
papers-error-symbol-taken = The symbol { $symbol } belongs to { $by }. Please use another one.

body-act-saved = Issuing body saved
number-act-taken = Document number taken
number-act-cancelled = Document number cancelled
number-act-claimed = Document number tied to its paper

check-tab = Layout check
check-title = Check the layout of a document
check-intro = Choose a .docx file. Each departure is shown with its clause. The file is not kept.
check-file = The document (.docx)
check-file-help = 20 MB at most. No document that bears a mark of secrecy.
check-family = Rule to apply
check-family-auto = By the document's heading
check-family-party = Party document
check-family-state = State document
check-day = Day of issue
check-day-help = Leave empty to use the day on the document.
check-do = Check
check-correct = Download a corrected copy
check-correct-done = Download the copy with { $count } corrections
check-correct-why = Only what a machine can put right: margins, font, sizes, lines, colon, zeros, marks. The original stays as it is.
check-correct-again = A large file: choose it again and press “Download a corrected copy”.
check-clean = Keeps the rule
check-clean-more = Nothing departs from the rule.
check-count = { $count ->
    [one] { $count } departure
   *[other] { $count } departures
 }
check-by = Held to { $rule }
check-dated = Dated { $day }
check-undated = Not dated
check-kind = Type: { $kind }
check-kind-none = Type not recognised
check-letter = Công văn
check-what = Departure
check-clause = Clause
check-at = At
check-times = { $count ->
    [one] { $count } paragraph
   *[other] { $count } paragraphs
 }
check-mechanical = a machine can put it right
check-place-page = The page
check-place-heading = The heading
check-place-body = The text
check-place-end = Signature and recipients
check-unsure = Worth a look
check-unsure-more = The sources disagree on these, so they are not counted.
check-no-file = No file was chosen. Choose a .docx file and press again.
check-interrupted = The upload broke off. Please send it again.
check-day-wrong = The day of issue is not in the calendar. Write it as 05/10/2025.
check-family-wrong = Choose Party or State.
check-refused-not-docx = This is no .docx document. Open it in a word processor and save it as .docx.
check-refused-old-or-locked = The file is an old .doc or has a password. Save it as a .docx without one.
check-refused-too-large = The file is larger than 20 MB or unpacks to too much. Take out pictures and send it again.
check-refused-macros = The file has macros and is not accepted. Save it as a .docx without them.
check-refused-hostile = The file is built in a way that is not accepted.
check-refused-damaged = The file is damaged. Open it in a word processor and save it again.
check-refused-secret = A document that bears a mark of secrecy does not enter this system. Check it on a machine without a network, as the rules say.
check-fault-paper-size = The sheet is { $found }; it must be { $right }.
check-fault-margin-top = The top margin is { $found }; it must be { $right }.
check-fault-margin-bottom = The bottom margin is { $found }; it must be { $right }.
check-fault-margin-left = The left margin is { $found }; it must be { $right }.
check-fault-margin-right = The right margin is { $found }; it must be { $right }.
check-fault-font-family = The font is { $found }; it must be { $right }.
check-fault-font-encoding = The font { $found } has an old encoding; type the text again in Unicode, font { $right }.
check-fault-page-number-missing = The document has several pages but no page numbers.
check-fault-page-number-first = The first page has a number; the first page has none.
check-fault-page-number-place = The page number is not in the middle of the top margin.
check-fault-page-number-size = The page number is { $found }; it must be { $right }.
check-fault-motto-missing = The line “{ $right }” at the top right is missing.
check-fault-motto-size = The heading at the right is { $found }; it must be { $right }.
check-fault-motto-bold = The heading at the right is not bold.
check-fault-motto-rule = The rule under the heading at the right is missing.
check-fault-parent-size = The name of the body above is { $found }; it must be { $right }.
check-fault-name-missing = No issuing body in bold capitals was found.
check-fault-name-size = The issuing body is { $found }; it must be { $right }.
check-fault-star-missing = The star ({ $right }) under the issuing body is missing.
check-fault-star-unneeded = A state body's paper has no star ({ $found }).
check-fault-number-missing = No number was found.
check-fault-number-colon = “{ $found }” must be “{ $right }”: the colon after “Số” is wrong.
check-fault-number-zero = “{ $found }” must be “{ $right }”: a number under 10 has a zero before it.
check-fault-number-form = “{ $found }” must be “{ $right }”: hyphen and slash are in the wrong place.
check-fault-number-size = The number is { $found }; it must be { $right }.
check-fault-abbreviation-unknown = “{ $found }” is no abbreviation of this type; it must be “{ $right }”.
check-fault-abbreviation-other = The symbol “{ $found }” belongs to another type; this one is “{ $right }”.
check-fault-date-missing = No place and date were found.
check-fault-date-padding = “{ $found }” must be “{ $right }”.
check-fault-date-italic = Place and date are not italic.
check-fault-date-size = Place and date are { $found }; they must be { $right }.
check-fault-date-impossible = “{ $found }” is not in the calendar.
check-fault-date-other = The paper is dated { $found }, when { $right } was not in force.
check-fault-title-size = The type is { $found }; it must be { $right }.
check-fault-title-bold = The type is not bold.
check-fault-subject-size = The subject is { $found }; it must be { $right }.
check-fault-subject-bold = The subject is not bold.
check-fault-dashes-missing = Under the subject stands { $found ->
    [blank] nothing
   *[other] “{ $found }”
 }; it must be { $right ->
    [blank] a solid rule, not typed hyphens
   *[other] five hyphens ({ $right })
 }.
check-fault-letter-subject-form = The subject of the letter begins with “{ $found }”; it must be “{ $right }”.
check-fault-letter-subject-size = The subject of the letter is { $found }; it must be { $right }.
check-fault-body-size = The text is { $found }; it must be { $right }.
check-fault-body-align = The paragraph is not justified.
check-fault-body-gap = Paragraphs are { $found } apart; it must be { $right } or more.
check-fault-body-indent = The first line is indented { $found }; it must be { $right }.
check-fault-body-step = The line step is { $found }; it must be { $right }.
check-fault-end-mark = The text ends with “{ $found }”; it must be “{ $right }”.
check-fault-end-missing = The last sentence “{ $found }” lacks its “{ $right }”.
check-fault-authority-form = The authority is written “{ $found }”; it must be “{ $right }”.
check-fault-authority-choice = “{ $found }” does not fit the office that signs; look again, it may have to be “{ $right }”.
check-fault-authority-bold = The authority is not bold.
check-fault-office-weight = The office that signs has the wrong weight.
check-fault-signer-title = “{ $found }” stands before the signer's name; only the name belongs there: “{ $right }”.
check-fault-signer-bold = The signer's name is not bold.
check-fault-recipients-missing = “{ $right }” was not found.
check-fault-recipients-marks = “{ $found }” must be “{ $right }”.
check-fault-recipients-keep = The last recipient is “{ $found }”; it must be “{ $right }”.
check-fault-recipients-size = The recipients are { $found }; they must be { $right }.
check-fault-recipients-head = “Nơi nhận:” has the wrong look or size.
check-fault-to-label = “{ $found }” must be “{ $right }”.

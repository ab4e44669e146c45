letters-title = Summonses, invitations and answers
letters-lead = Who has a letter, who answered, who needs what. Alternates get no letter.
letters-empty = Once there are people on the roll, this page says who answered.
letters-by-category = Answers by category
letters-by-group = Answers by group of delegates
letters-all = All
letters-with = With a valid letter
letters-come = Come
letters-not-come = Do not come
letters-silent = No answer yet
letters-needs = Need something
letters-needs-count = { $count ->
    [one] { $count } person who comes needs something: a way for a wheelchair, a diet or to be met. The whole list is in the XLSX and the PDF.
   *[other] { $count } people who come need something: a way for a wheelchair, a diet or to be met. The whole list is in the XLSX and the PDF.
 }
letters-edit = What the letter says
letters-print = Print letters
letters-print-lead = A letter for each person in one PDF. Where letters carry a code, each print makes a new one; the code of an earlier letter is worthless.
letters-print-silent = Only those who have not answered
letters-print-sure = The codes in letters printed before for these people become worthless. Print?
letters-print-do = Print letters
letters-print-marked = Print letters for those marked
letters-job = { $count ->
    [one] Print { $count } letter
   *[other] Print { $count } letters
 }
letters-job-codes = Making the codes
letters-job-setting = Setting the pages
letters-form = What letters say: { $category }
letters-form-lead = These words are used for all letters of the category. Letters are printed in Vietnamese, in the layout of the issuing body.
letters-part-words = Words
letters-part-answer = Answer
letters-part-paper = Layout and signature
letters-field-title = Title
letters-help-title = For example Thư triệu tập, Giấy triệu tập, Giấy mời.
letters-field-salutation = Address before the name
letters-help-salutation = Left empty, the name stands alone. What is entered here stands before the name as typed.
letters-field-opening = First paragraph
letters-field-points = Time, place and the like
letters-help-points = One point a line.
letters-field-dress = Dress
letters-field-bring = What to bring, and what not
letters-field-contact = Contact
letters-help-contact = A section and its common number, not a personal one.
letters-field-closing = Last paragraph
letters-field-link = Letters carry a code and a link to answer
letters-help-link = The code is for one person, to say whether they come and nothing else.
letters-field-until = Answers are taken until the end of
letters-help-until = Left empty, until the end of { $day }. Until then an answer can be changed.
letters-field-sheet = Sheet of the PDF
letters-help-sheet = A DOCX is always A4.
letters-sheet-a4 = A4
letters-sheet-a5 = A5
letters-field-body = Issuing body
letters-help-body = From the issuing bodies under Papers.
letters-body-none = The congress, without a number
letters-field-issued = Day of issue
letters-help-issued = Left empty, the letter leaves it open.
letters-field-authority = Authority
letters-authority-none = Signs directly
letters-authority-t_m = T/M
letters-authority-k_t = K/T
letters-authority-t_l = T/L
letters-field-authority-for = On behalf of, in place of, by order of
letters-help-authority-for = For example BAN THƯỜNG VỤ.
letters-field-office = Office of the signer
letters-field-signer = Name of the signer
letters-help-signer = Left empty, space is left.
letters-field-recipients = Recipients
letters-help-recipients = One a line.
letters-saved = The words of the letter are saved.
letters-numbered = The number is taken.
letters-number = Number
letters-number-lead = Takes the next number of the issuing body; all letters of this category carry it.
letters-number-take = Take a number
letters-number-not = A number can be taken once there are an issuing body and a day of issue.
letters-error-empty = This needs words.
letters-error-body = There is no such issuing body.
letters-error-authority = Say on whose behalf or in whose place.
letters-error-number = No number can be taken: it needs an issuing body and a day of issue, and there must be none yet.
letters-error-nobody = Nobody gets a letter by this choice. Choose a category, or mark people on the list.
letters-error-sheets = Those chosen get letters on different sheets. Print each category by itself.
letters-error-code = This code opens no letter: it may be mistyped, over, or another letter took its place. Look at the code of the newest letter, or call the contact named in it.
letters-error-many = { $count ->
    [one] Too many wrong codes from this network. Try again in { $count } second.
   *[other] Too many wrong codes from this network. Try again in { $count } seconds.
 }
letters-error-choose = Choose whether you come or not.
letters-door = Answer a summons or an invitation
letters-code = The code of the letter
letters-code-help = 26 letters and digits as printed in the letter; hyphens and capitals do not matter.
letters-open = Open
letters-ask = Answer
letters-comes = I come
letters-away = I do not come
letters-if-comes = If you come: what should be prepared
letters-diet = Food to avoid, vegetarian
letters-if-away = If you do not come
letters-send = Send the answer
letters-done = The answer has arrived.
letters-now-comes = The answer now: comes.
letters-now-away = The answer now: does not come.
letters-until = It can be changed until the end of { $day }.
letters-until-first = Answers are taken until the end of { $day }.
letters-col-answer = Answer
letters-col-what = Reason, needs
letters-col-at = At
letters-col-way = How it came
letters-answers-count = { $count ->
    [one] { $count } person answered.
   *[other] { $count } people answered.
 }
letters-one = The letter to this person
letters-one-lead = Where letters carry a code, each letter made has a new one; the code of the letter before becomes worthless.
letters-one-pdf = Letter as PDF
letters-one-docx = Letter as DOCX
letters-one-revoke = Revoke the code
letters-one-revoke-sure = The code in the letter sent to this person will open nothing any more. Revoke it?
letter-act-template-saved = Words of letters saved
letter-act-numbered = Number taken for letters
letter-act-issued = Codes made for letters
letter-act-revoked = Code of a letter revoked
letter-act-refused = A wrong code of a letter refused

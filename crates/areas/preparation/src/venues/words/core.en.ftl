# Words of the rules for choosing a venue: egress, gates, scores, comparing pairs, and why a step is refused.

# Egress: the sentence under every number
egress-disclaimer = A first screening. It does not replace the conclusion of the fire police.

# Egress: the working
egress-step-need = Places needed: { $people } people, reserve { $reserve }% → { $need } people
egress-step-by-area = People by area: { $area } m² ÷ { $norm } m² each = { $people } people
egress-step-seats = Seats by design: { $seats }
egress-step-widths = Clear width of { $count } exits: { $widths } = { $total } m
egress-step-without-widest = Without the widest: { $total } − { $widest } = { $left } m
egress-step-flow = Volume { $volume } m³, fire grade { $grade } → { $per_metre } people for each metre
egress-step-egress = Egress: { $left } m × { $per_metre } people/m = { $egress } people
egress-step-safe = Safe capacity: the smaller of { $seats } places and egress { $egress } = { $safe } people
egress-step-enough = { $safe } people ≥ { $need } people needed: enough
egress-step-short = { $safe } people < { $need } people needed: not enough

# Egress: what was found
egress-no-exits = No exit is written down, so egress cannot be computed. Measure and write down each exit.
egress-one-exit = Fewer than two exits of sufficient size for { $people } people. From 50 people on there must be at least two.
egress-too-narrow = { $exit } is { $width } m wide, less than { $least } m: it does not count as an exit.
egress-too-low = { $exit } is { $height } m high, less than { $least } m: it does not count as an exit.
egress-height-unknown = The height of { $exit } was not measured.
egress-too-close = The two exits farthest apart are { $apart } m apart; they must be at least { $least } m apart.
egress-apart-unknown = The diagonal and the distance between exits were not measured, so their spread was not judged.
egress-too-far = The way to an exit is { $length } m, above the limit of { $most } m.
egress-dead-end-too-far = The dead end is { $length } m, above the limit of { $most } m.
egress-travel-unknown = The longest way to an exit was not measured.
egress-travel-not-stated = No limit of the way is known for fire grade { $grade }. Ask a fire engineer.
egress-volume-unknown = The volume is not known, so people for each metre cannot be looked up. Measure length, width, height.
egress-grade-unknown = The fire grade is not known, so people for each metre cannot be looked up. See the approval file.
egress-flow-not-stated = People for each metre are not known for fire grade { $grade }, volume { $volume } m³. Ask a fire engineer.
egress-seats-unknown = Neither seats by design nor an area to compute them from is known.
egress-fixed-seats = A hall with fixed seats: a fire engineer must choose the table. Here “other rooms” is used for now.

# Gates
venue-gate-dat = Passed
venue-gate-dat_co_dieu_kien = Passed on a condition
venue-gate-khong_dat = Failed
venue-gate-chua_co = No evidence yet

# Scores and weights
scoring-weights-none = There is no criterion to rate. Add at least one.
scoring-weights-zero = All weights are 0, so no criterion counts. Give at least one a weight.
scoring-weights-sum = The weights add up to { $sum }%; they must add up to exactly 100%. Correct and save again.
scoring-blocked-gate = Not ranked: gate { $code } failed.
scoring-blocked-no-evidence = Not ranked: gate { $code } has no evidence yet.
scoring-blocked-unrated = Not ranked yet: too few people have rated { $code }.
scoring-blocked-assessors = Not ranked yet: { $have }/{ $need } independent assessors have handed in.
scoring-blocked-discussion = Not ranked yet: ratings of { $code } go from { $low } to { $high }, more than 3 apart. Talk about it and write down why.
scoring-blocked-cases = Not ranked yet: { $count } records disagree and nobody has chosen.

# Comparing pairs
ahp-size = { $count } groups are compared. Between 1 and { $most } can be.
ahp-incomplete = { $given }/{ $needed } pairs are answered. Answer all pairs, then save.
ahp-inconsistent = The answers contradict each other: consistency ratio { $cr }, it must be 0.10 at most. Look at the pairs again.
ahp-inconsistent-pair = The answers contradict each other: consistency ratio { $cr }, it must be 0.10 at most. The pair farthest off is “{ $first }” and “{ $second }”: answered { $given_times ->
    [1] alike
   *[other] “{ $given_name }” { $given_times } times as much
 }, what fits the other pairs is { $fits_times ->
    [1] alike
   *[other] “{ $fits_name }” { $fits_times } times as much
 }.
ahp-answer-alike = alike
ahp-answer-more = “{ $name }” { $times } times as much

# Steps of a venue
venue-state-de_cu = Nominated
venue-state-khao_sat = Being surveyed
venue-state-dat_dieu_kien = Qualified
venue-state-khong_dat_dieu_kien = Not qualified
venue-state-cham = Being rated
venue-state-trinh = Submitted
venue-state-chon = Chosen
venue-state-khong_chon = Not chosen
venue-state-ban_giao = Taken over
venue-state-hoan_tra = Given back
venue-state-rut = Withdrawn
venue-move-survey = Begin the survey
venue-move-conclude = Conclude the gates
venue-move-resurvey = Survey again
venue-move-score = Open rating
venue-move-submit = Submit
venue-move-send_back = Send back to rating
venue-move-choose = Choose
venue-move-pass_over = Pass over
venue-move-hand_over = Take over
venue-move-give_back = Give back
venue-move-withdraw = Withdraw
venue-move-nominate = Nominate again
venue-move-not-from = The venue is at “{ $from ->
    [de_cu] { venue-state-de_cu }
    [khao_sat] { venue-state-khao_sat }
    [dat_dieu_kien] { venue-state-dat_dieu_kien }
    [khong_dat_dieu_kien] { venue-state-khong_dat_dieu_kien }
    [cham] { venue-state-cham }
    [trinh] { venue-state-trinh }
    [chon] { venue-state-chon }
    [khong_chon] { venue-state-khong_chon }
    [ban_giao] { venue-state-ban_giao }
    [hoan_tra] { venue-state-hoan_tra }
   *[rut] { venue-state-rut }
 }”; “{ $step ->
    [survey] { venue-move-survey }
    [conclude] { venue-move-conclude }
    [resurvey] { venue-move-resurvey }
    [score] { venue-move-score }
    [submit] { venue-move-submit }
    [send_back] { venue-move-send_back }
    [choose] { venue-move-choose }
    [pass_over] { venue-move-pass_over }
    [hand_over] { venue-move-hand_over }
    [give_back] { venue-move-give_back }
    [withdraw] { venue-move-withdraw }
   *[nominate] { venue-move-nominate }
 }” is not possible from there.
venue-move-gate-open = Not concluded: a gate has no evidence yet. Judge all gates first.

# Why it is refused
venue-error-not-found = There is no such thing, or you may not see it.
venue-error-conflict = { $by } changed it at { $at }. Open the page again to see the new version, then go on; what you typed is still below.
venue-error-duplicate-code = The code { $code } is taken. Choose another.
venue-error-code = “{ $code }” cannot be a code. A code has 1 to 16 letters, digits, dots or hyphens.
venue-error-empty = Nothing is written here.
venue-error-too-long = Longer than { $most } characters. Make it shorter.
venue-error-range = This number is out of range. Check the unit of measure.
venue-error-not-plain = This step is part of a recommendation, a decision or a hand-over; open that to take it.
venue-error-reason = A reason is needed.
venue-error-not-permitted = Your office may not do this.
venue-error-not-open = The venue is submitted or decided; nothing of it changes any more.
venue-error-gates-concluded = The gates are concluded. To change one, choose “Survey again”.
venue-error-gate-computed = This gate is computed from the hall's measurements. Change those and it follows.
venue-error-condition = A conditional gate needs its condition written down.
venue-error-evidence = Evidence is needed: minutes, a document, or what was seen.
venue-error-criterion = The present criteria have no { $code }.
venue-error-no-criteria = There are no criteria yet. Write them down first.
venue-error-group = The group “{ $group }” does not fit: each group has a criterion, each criterion a group, and no name stands twice.
venue-error-no-round = No round of surveys was opened. Open one first.
venue-error-round-closed = The round is closed.
venue-error-round-open = A round is still open. Close it first.
venue-error-assigned = This office surveys this venue already.
venue-error-unfinished = { $have }/{ $need } criteria are rated. Missing: { $missing }.
venue-error-cases = { $count } records disagree. Choose, then hand in.
venue-error-handed-in = The form was handed in; it no longer changes.
venue-error-no-case = There is nothing left to choose here.
venue-error-case-changed = Another record of this came just now. Look again, then choose.
venue-error-no-gap = Ratings of this criterion are not more than 3 apart; no note is needed.
venue-error-not-ranked = This venue is not ranked, so it can be neither submitted nor chosen.
venue-error-waiting = A recommendation waits for a decision already.
venue-error-returned = This recommendation came back. Make a new one.
venue-error-signed = The decision is signed. It is not signed twice and does not change.
venue-error-content = What you were shown is no longer what is to be signed. Open the page again, look, then sign.
venue-error-photos = At least one photograph of the place is needed before a hand-over or hand-back.
venue-error-batch = Too much at once. Send it in parts.

# Why a record is not taken
venue-refused-criterion = This criterion is no longer among the criteria.
venue-refused-rating = A rating is a whole number from 0 to 10.
venue-refused-too-long = The remark is too long. Make it shorter.
venue-refused-exit = The exit lacks a name or its measures are out of range.
venue-refused-space = The surveyed venue has no such space.
venue-refused-sequence = This device sent something else under the same number.

# What the register says of a decision
venue-decision-subject = { $name } chosen as the venue of the congress
venue-decision-point = { $name } is chosen as the venue of the congress.

# The log
venues-act-nominated = Venue nominated
venues-act-edited = Venue edited
venues-act-moved = Venue moved on
venues-act-measured = Space measured
venues-act-criteria-set = Version of the criteria made
venues-act-round-opened = Round of surveys opened
venues-act-round-closed = Round of surveys closed
venues-act-survey-assigned = Survey assigned
venues-act-survey-written = Records of a survey taken in
venues-act-case-settled = Chosen between records that disagree
venues-act-survey-handed-in = Survey handed in
venues-act-photo-added = Picture of a venue added
venues-act-photo-removed = Picture of a venue removed
venues-act-gate-judged = Gate judged
venues-act-gap-discussed = Discussion of a gap written down
venues-act-recommended = Venue recommended
venues-act-recommendation-returned = Recommendation sent back
venues-act-decision-signed = Decision on the venue signed
venues-act-handed-over = Hand-over or hand-back written down

# Lời của luật chọn địa điểm: thoát nạn, điều kiện, điểm, so sánh cặp, và vì sao một bước bị từ chối.

# Thoát nạn: lời dưới mọi con số
egress-disclaimer = Sàng lọc sơ bộ, không thay thế kết luận của cơ quan Cảnh sát PCCC&CNCH.

# Thoát nạn: từng bước tính
egress-step-need = Cần chỗ: { $people } người, dự phòng { $reserve }% → { $need } người
egress-step-by-area = Số người theo diện tích: { $area } m² ÷ { $norm } m²/người = { $people } người
egress-step-seats = Số ghế thiết kế: { $seats }
egress-step-widths = Tổng bề rộng thông thủy { $count } lối: { $widths } = { $total } m
egress-step-without-widest = Trừ lối rộng nhất: { $total } − { $widest } = { $left } m
egress-step-flow = Khối tích { $volume } m³, bậc chịu lửa { $grade } → { $per_metre } người trên 1 m
egress-step-egress = Sức thoát: { $left } m × { $per_metre } người/m = { $egress } người
egress-step-safe = Sức chứa an toàn: số nhỏ hơn của { $seats } chỗ và sức thoát { $egress } = { $safe } người
egress-step-enough = { $safe } người ≥ { $need } người cần chỗ: đủ
egress-step-short = { $safe } người < { $need } người cần chỗ: không đủ

# Thoát nạn: điều nhận thấy
egress-no-exits = Chưa ghi lối ra nào, nên chưa tính được sức thoát. Đo và ghi từng lối ra.
egress-one-exit = Chưa đủ hai lối ra đạt kích thước cho { $people } người. Từ 50 người phải có ít nhất hai lối.
egress-too-narrow = { $exit } rộng { $width } m, hẹp hơn { $least } m: không tính là lối thoát nạn.
egress-too-low = { $exit } cao { $height } m, thấp hơn { $least } m: không tính là lối thoát nạn.
egress-height-unknown = Chưa đo chiều cao { $exit }.
egress-too-close = Hai lối ra xa nhau nhất chỉ cách { $apart } m, phải cách ít nhất { $least } m.
egress-apart-unknown = Chưa đo đường chéo và khoảng cách giữa các lối ra, nên chưa xét được việc bố trí phân tán.
egress-too-far = Đường đi đến lối ra dài { $length } m, quá giới hạn { $most } m.
egress-dead-end-too-far = Đường cụt dài { $length } m, quá giới hạn { $most } m.
egress-travel-unknown = Chưa đo đường đi xa nhất đến lối ra.
egress-travel-not-stated = Chưa có giới hạn đường đi cho bậc chịu lửa { $grade }. Hỏi kỹ sư phòng cháy.
egress-volume-unknown = Chưa có khối tích, nên chưa tra được số người trên 1 m. Đo dài, rộng, cao.
egress-grade-unknown = Chưa có bậc chịu lửa, nên chưa tra được số người trên 1 m. Xem hồ sơ thẩm duyệt.
egress-flow-not-stated = Chưa có số người trên 1 m cho bậc chịu lửa { $grade }, khối tích { $volume } m³. Hỏi kỹ sư phòng cháy.
egress-seats-unknown = Chưa có số ghế thiết kế, cũng chưa có diện tích để tính thay.
egress-fixed-seats = Hội trường có ghế cố định: bảng tra phải do kỹ sư phòng cháy chọn. Ở đây tạm dùng mục “các gian phòng khác”.

# Điều kiện
venue-gate-dat = Đạt
venue-gate-dat_co_dieu_kien = Đạt có điều kiện
venue-gate-khong_dat = Không đạt
venue-gate-chua_co = Chưa có căn cứ

# Điểm và trọng số
scoring-weights-none = Chưa có tiêu chí chấm điểm nào. Thêm ít nhất một tiêu chí.
scoring-weights-zero = Mọi trọng số đều bằng 0 nên không tiêu chí nào được tính. Cho ít nhất một tiêu chí trọng số.
scoring-weights-sum = Tổng trọng số đang là { $sum }%, phải đúng 100%. Sửa cho đủ rồi lưu lại.
scoring-blocked-gate = Không xếp hạng: không đạt điều kiện { $code }.
scoring-blocked-no-evidence = Không xếp hạng: điều kiện { $code } chưa có căn cứ.
scoring-blocked-unrated = Chưa xếp hạng: tiêu chí { $code } chưa đủ người chấm.
scoring-blocked-assessors = Chưa xếp hạng: mới có { $have }/{ $need } người chấm độc lập nộp phiếu.
scoring-blocked-discussion = Chưa xếp hạng: tiêu chí { $code } có điểm từ { $low } đến { $high }, lệch quá 3. Trao đổi và ghi lại lý do.
scoring-blocked-cases = Chưa xếp hạng: còn { $count } chỗ hai người ghi khác nhau, chưa chọn.

# So sánh cặp
ahp-size = Đang so sánh { $count } nhóm. Chỉ so sánh được từ 1 đến { $most } nhóm.
ahp-incomplete = Mới trả lời { $given }/{ $needed } cặp. Trả lời hết các cặp rồi lưu.
ahp-inconsistent = Các câu trả lời mâu thuẫn nhau: tỉ số nhất quán { $cr }, phải từ 0,10 trở xuống. Xem lại các cặp.
ahp-inconsistent-pair = Các câu trả lời mâu thuẫn nhau: tỉ số nhất quán { $cr }, phải từ 0,10 trở xuống. Lệch nhất là cặp “{ $first }” và “{ $second }”: đang chọn { $given_times ->
    [1] ngang nhau
   *[other] “{ $given_name }” hơn { $given_times } lần
 }, hợp với các cặp khác là { $fits_times ->
    [1] ngang nhau
   *[other] “{ $fits_name }” hơn { $fits_times } lần
 }.
ahp-answer-alike = ngang nhau
ahp-answer-more = “{ $name }” hơn { $times } lần

# Bước đi của một địa điểm
venue-state-de_cu = Đề cử
venue-state-khao_sat = Đang khảo sát
venue-state-dat_dieu_kien = Đạt điều kiện
venue-state-khong_dat_dieu_kien = Không đạt điều kiện
venue-state-cham = Đang chấm
venue-state-trinh = Đã trình
venue-state-chon = Được chọn
venue-state-khong_chon = Không chọn
venue-state-ban_giao = Đã bàn giao
venue-state-hoan_tra = Đã hoàn trả
venue-state-rut = Đã rút
venue-move-survey = Bắt đầu khảo sát
venue-move-conclude = Kết luận điều kiện
venue-move-resurvey = Khảo sát lại
venue-move-score = Mở chấm điểm
venue-move-submit = Trình
venue-move-send_back = Trả lại để chấm
venue-move-choose = Chọn
venue-move-pass_over = Không chọn
venue-move-hand_over = Bàn giao
venue-move-give_back = Hoàn trả
venue-move-withdraw = Rút đề cử
venue-move-nominate = Đề cử lại
venue-move-not-from = Địa điểm đang ở bước “{ $from ->
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
 }”, chưa làm được “{ $step ->
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
 }”.
venue-move-gate-open = Chưa kết luận được: còn điều kiện chưa có căn cứ. Xét hết các điều kiện trước.

# Vì sao bị từ chối
venue-error-not-found = Không có mục này, hoặc đồng chí chưa được xem.
venue-error-conflict = { $by } đã sửa lúc { $at }. Mở lại trang để xem bản mới rồi sửa tiếp; những gì đồng chí nhập vẫn còn ở dưới.
venue-error-duplicate-code = Mã { $code } đã có. Chọn mã khác.
venue-error-code = “{ $code }” không dùng làm mã được. Mã có từ 1 đến 16 chữ, số, dấu chấm hoặc gạch nối.
venue-error-empty = Mục này chưa ghi gì.
venue-error-too-long = Dài quá { $most } ký tự. Viết ngắn lại.
venue-error-range = Số này ngoài khoảng cho phép. Kiểm tra lại đơn vị đo.
venue-error-not-plain = Bước này đi cùng việc trình, ký quyết định hoặc bàn giao; mở mục đó để làm.
venue-error-reason = Cần ghi lý do.
venue-error-not-permitted = Chức danh của đồng chí không làm được việc này.
venue-error-not-open = Địa điểm đã trình hoặc đã quyết định nên không sửa được nữa.
venue-error-gates-concluded = Điều kiện đã kết luận. Muốn sửa thì chọn “Khảo sát lại”.
venue-error-gate-computed = Điều kiện này tính từ số đo của hội trường. Sửa số đo thì kết quả đổi theo.
venue-error-condition = Đạt có điều kiện thì phải ghi điều kiện là gì.
venue-error-evidence = Cần ghi căn cứ: biên bản, văn bản hoặc điều đã thấy.
venue-error-criterion = Bộ tiêu chí hiện tại không có { $code }.
venue-error-no-criteria = Chưa có bộ tiêu chí. Lập bộ tiêu chí trước.
venue-error-group = Nhóm “{ $group }” không khớp: mỗi nhóm so sánh phải có tiêu chí, mỗi tiêu chí phải thuộc một nhóm, tên nhóm không trùng.
venue-error-no-round = Chưa mở đợt khảo sát. Mở một đợt trước.
venue-error-round-closed = Đợt khảo sát đã đóng.
venue-error-round-open = Đang có một đợt khảo sát chưa đóng. Đóng đợt đó trước.
venue-error-assigned = Cơ quan này đã được giao khảo sát địa điểm này.
venue-error-unfinished = Mới chấm { $have }/{ $need } tiêu chí. Còn thiếu: { $missing }.
venue-error-cases = Còn { $count } chỗ hai người ghi khác nhau. Chọn xong mới nộp được.
venue-error-handed-in = Phiếu đã nộp nên không sửa được nữa.
venue-error-no-case = Không còn gì phải chọn ở mục này.
venue-error-case-changed = Vừa có thêm một bản ghi khác của mục này. Xem lại rồi chọn.
venue-error-no-gap = Điểm của tiêu chí này không lệch quá 3, chưa cần ghi trao đổi.
venue-error-not-ranked = Địa điểm này chưa được xếp hạng nên không trình, không chọn được.
venue-error-waiting = Đã có một đề xuất đang chờ quyết định.
venue-error-returned = Đề xuất này đã trả lại. Lập đề xuất mới.
venue-error-signed = Quyết định đã ký. Không ký lần hai, không sửa được.
venue-error-content = Nội dung đồng chí đã xem không còn là nội dung đang chờ ký. Mở lại trang, xem lại rồi ký.
venue-error-photos = Cần ít nhất một ảnh hiện trạng trước khi ghi bàn giao hoặc hoàn trả.
venue-error-batch = Gửi quá nhiều mục một lần. Chia thành nhiều lần.

# Vì sao một bản ghi không được nhận
venue-refused-criterion = Tiêu chí này không còn trong bộ tiêu chí.
venue-refused-rating = Điểm phải là số nguyên từ 0 đến 10.
venue-refused-too-long = Nhận xét quá dài. Viết ngắn lại.
venue-refused-exit = Lối ra thiếu tên hoặc số đo ngoài khoảng cho phép.
venue-refused-space = Không có gian phòng này ở địa điểm đang khảo sát.
venue-refused-sequence = Máy này đã gửi một nội dung khác với cùng số thứ tự.

# Lời của quyết định trong sổ
venue-decision-subject = Chọn { $name } làm địa điểm tổ chức Đại hội
venue-decision-point = Chọn { $name } làm địa điểm tổ chức Đại hội.

# Nhật ký
venues-act-nominated = Đề cử địa điểm
venues-act-edited = Sửa thông tin địa điểm
venues-act-moved = Chuyển bước địa điểm
venues-act-measured = Ghi số đo gian phòng
venues-act-criteria-set = Lập phiên bản tiêu chí
venues-act-round-opened = Mở đợt khảo sát
venues-act-round-closed = Đóng đợt khảo sát
venues-act-survey-assigned = Giao khảo sát
venues-act-survey-written = Nhận bản ghi khảo sát
venues-act-case-settled = Chọn giữa hai bản ghi khác nhau
venues-act-survey-handed-in = Nộp phiếu khảo sát
venues-act-photo-added = Thêm ảnh địa điểm
venues-act-photo-removed = Bỏ ảnh địa điểm
venues-act-gate-judged = Xét điều kiện
venues-act-gap-discussed = Ghi trao đổi về điểm lệch
venues-act-recommended = Trình đề xuất địa điểm
venues-act-recommendation-returned = Trả lại đề xuất địa điểm
venues-act-decision-signed = Ký quyết định chọn địa điểm
venues-act-handed-over = Ghi bàn giao, hoàn trả địa điểm

# Thời hạn: suy ra từ ngày tháng, không lưu
timing-chua_den_han = Chưa đến hạn
timing-sap_den_han = Sắp đến hạn
timing-den_han_hom_nay = Đến hạn hôm nay
timing-qua_han = Quá hạn
timing-hoan_thanh_truoc_han = Hoàn thành trước hạn
timing-hoan_thanh_dung_han = Hoàn thành đúng hạn
timing-hoan_thanh_tre_han = Hoàn thành trễ hạn
timing-tam_dung = Tạm dừng
timing-huy = Huỷ
timing-chua_co_han = Chưa có hạn

# Trạng thái: do người làm ghi
state-nhap = Nháp
state-de_xuat = Đề xuất
state-da_duyet_giao = Đã duyệt giao
state-da_tiep_nhan = Đã tiếp nhận
state-dang_thuc_hien = Đang thực hiện
state-trinh_san_pham = Trình sản phẩm
state-yeu_cau_bo_sung = Yêu cầu bổ sung
state-hoan_thanh = Hoàn thành
state-tam_dung = Tạm dừng
state-huy = Huỷ

# Giai đoạn
phase-truoc = Trước Đại hội
phase-trong = Trong Đại hội
phase-sau = Sau Đại hội

# Nhãn ngắn trong bảng
views-badge-chua_den_han = Chưa đến hạn
views-badge-sap_den_han = Sắp đến hạn
views-badge-den_han_hom_nay = Hạn hôm nay
views-badge-qua_han = Quá hạn
views-badge-hoan_thanh_truoc_han = Xong trước hạn
views-badge-hoan_thanh_dung_han = Xong đúng hạn
views-badge-hoan_thanh_tre_han = Xong trễ hạn
views-badge-tam_dung = Tạm dừng
views-badge-huy = Huỷ
views-badge-chua_co_han = Chưa có hạn
views-part-chua_den_han = Chưa đến hạn
views-part-sap_den_han = Sắp đến hạn
views-part-den_han_hom_nay = Hạn hôm nay
views-part-qua_han = Quá hạn
views-part-hoan_thanh_truoc_han = Trước hạn
views-part-hoan_thanh_dung_han = Đúng hạn
views-part-hoan_thanh_tre_han = Trễ hạn
views-part-tam_dung = Tạm dừng
views-part-huy = Huỷ
views-part-chua_co_han = Chưa có hạn
views-days = { $count } ngày
views-days-left = còn { $count } ngày
views-hours-over = quá giờ
views-legend = Chú giải thời hạn

# Các cách xem
views-tabs = Cách xem nhiệm vụ
views-tab-list = Danh sách
views-tab-board = Bảng
views-tab-month = Lịch
views-tab-gantt = Gantt
views-tab-matrix = Ma trận
views-tab-mine = Việc của tôi
views-tab-wall = Bảng tường

# Danh sách
views-title = Nhiệm vụ
views-new = Thêm nhiệm vụ
views-shown = { $count } trên { $all } nhiệm vụ
views-tasks = { $count } nhiệm vụ
views-overdue = { $count } quá hạn
views-more = Còn { $count } nhiệm vụ trong danh sách
views-no-stream = Chưa xếp mảng việc
views-no-unit = Chưa có đơn vị chủ trì
views-no-due = Chưa có hạn
views-col-code = Mã
views-col-what = Rõ việc
views-col-lead = Chủ trì
views-col-accountable = Chịu trách nhiệm
views-col-due = Hạn
views-col-timing = Thời hạn
views-col-progress = Tiến độ
views-col-clarity = Sáu rõ
views-due-original = Hạn gốc
views-due-off = Hạn rơi vào ngày nghỉ
views-progress-of = Tiến độ { $code }
views-flag-unacknowledged = Chưa tiếp nhận quá 1 ngày làm việc
views-flag-wants = Xin lùi đến { $to }
views-flag-asks = Có kiến nghị
views-stub-secret = Nhiệm vụ mật, theo dõi ngoài hệ thống
views-stub-internal = Nhiệm vụ nội bộ, không hiện nội dung với chức danh này
views-stub-unit = Nhiệm vụ của đơn vị khác, không hiện nội dung với chức danh này
views-print-selected = In các dòng đã chọn
views-unread = Điều kiện lọc không đọc được nên không áp dụng: { $what }. Bỏ lọc rồi chọn lại.
views-empty-title = Chưa có nhiệm vụ nào
views-empty-text = Đây là sổ nhiệm vụ theo sáu rõ. Viết nhiệm vụ đầu tiên, hoặc nhập bảng phân công từ tệp Excel.
views-empty-reader = Đây là sổ nhiệm vụ theo sáu rõ. Nhiệm vụ sẽ hiện ở đây khi cơ quan thường trực nhập kế hoạch.
views-empty-button = Thêm nhiệm vụ đầu tiên
views-none-title = Không có nhiệm vụ nào khớp
views-none-text = Không nhiệm vụ nào thoả mọi điều kiện lọc đang đặt.

# Số liệu
views-tally = Số liệu tổng hợp
views-total = Tổng số nhiệm vụ
views-sum = Tổng
views-done = Hoàn thành
views-open = Chưa hoàn thành
views-outside = Ngoài bảng (tạm dừng, huỷ, chưa có hạn):
views-official = Đếm theo báo cáo: hoàn thành và chưa hoàn thành, trong hạn và quá hạn
views-official-in-time = Trong hạn
views-official-late = Quá hạn
views-official-done = Hoàn thành
views-official-open = Chưa hoàn thành
views-share-done = Hoàn thành trên tổng số
views-share-in-time = Trước và đúng hạn trên số hoàn thành
views-share-due = Hoàn thành trên số phải xong
views-proof = Đối chiếu khớp
views-refusal = Số liệu không khớp: tổng ghi { $total } nhưng các phần cộng lại được { $sum }. Không dùng các số trên trang này để báo cáo; báo bộ phận kỹ thuật kiểm tra.

# Bộ lọc
views-filter-more = Thêm điều kiện
views-filter-stream = Mảng việc
views-filter-unit = Đơn vị chủ trì
views-filter-support = Đơn vị phối hợp
views-filter-office = Chức danh liên quan
views-filter-phase = Giai đoạn
views-filter-timing = Thời hạn
views-filter-state = Trạng thái
views-filter-from = Hạn từ ngày
views-filter-to = Hạn đến ngày
views-filter-unclear = Chưa đủ sáu rõ
views-filter-waiting = Đang xin lùi hạn
views-filter-asks = Có kiến nghị
views-all-streams = Mọi mảng việc
views-all-units = Mọi đơn vị
views-all-offices = Mọi chức danh
views-all-phases = Mọi giai đoạn
views-saved = Bộ lọc đã lưu
views-saved-none = Chưa lưu bộ lọc nào. Chọn điều kiện lọc rồi đặt tên để dùng lại.
views-saved-name = Lưu bộ lọc đang xem với tên
views-saved-drop = Bỏ bộ lọc { $name }

# Bảng theo trạng thái
views-board-title = Bảng nhiệm vụ

# Lịch
views-calendar-title = Lịch hạn
views-month = { $month } năm { $year }
views-month-1 = Tháng 1
views-month-2 = Tháng 2
views-month-3 = Tháng 3
views-month-4 = Tháng 4
views-month-5 = Tháng 5
views-month-6 = Tháng 6
views-month-7 = Tháng 7
views-month-8 = Tháng 8
views-month-9 = Tháng 9
views-month-10 = Tháng 10
views-month-11 = Tháng 11
views-month-12 = Tháng 12
views-month-nav = Chuyển tháng
views-month-back = Tháng trước
views-month-forth = Tháng sau
views-month-now = Tháng này
views-month-tasks = { $count } nhiệm vụ có hạn trong tháng
views-undated = { $count } chưa có hạn
views-weekday-1 = Thứ Hai
views-weekday-2 = Thứ Ba
views-weekday-3 = Thứ Tư
views-weekday-4 = Thứ Năm
views-weekday-5 = Thứ Sáu
views-weekday-6 = Thứ Bảy
views-weekday-7 = Chủ nhật
views-weekday-short-1 = T2
views-weekday-short-2 = T3
views-weekday-short-3 = T4
views-weekday-short-4 = T5
views-weekday-short-5 = T6
views-weekday-short-6 = T7
views-weekday-short-7 = CN
views-holiday = Nghỉ lễ
views-make-up = Làm bù
views-make-up-named = Làm bù: { $name }
views-preparatory = Phiên trù bị
views-opening = Khai mạc Đại hội
views-closing = Bế mạc Đại hội
views-clashes = { $count } hạn rơi vào ngày nghỉ
views-clashes-hint = Hệ thống chỉ nhắc; giữ hay lùi hạn do người có thẩm quyền quyết định.
views-clash = Hạn { $day } là { $why }; ngày làm việc liền trước: { $before }.

# Ma trận
views-matrix-title = Ma trận đơn vị và thời hạn
views-matrix-proof = Đối chiếu khớp: cộng theo { $units } đơn vị và theo thời hạn đều được { $total } nhiệm vụ

# Việc của tôi
views-mine-title = Việc của tôi
views-mine-all = Mọi nhiệm vụ liên quan
views-mine-count = { $count } việc đang chờ
views-mine-none-title = Không có việc nào đang chờ
views-mine-none-text = Việc cần tiếp nhận, đến hạn, bị trả lại hoặc chờ quyết định sẽ hiện ở đây.
views-mine-urges = Đôn đốc chưa xem
views-mine-urges-hint = Mở nhiệm vụ để xác nhận đã xem.
views-mine-urged = Lần { $level }, { $by }: { $text }
views-mine-acknowledge = Chờ tiếp nhận
views-mine-acknowledge-hint = Xác nhận trong 1 ngày làm việc kể từ khi được giao.
views-mine-assigned = Giao lúc { $at }
views-mine-assigned-late = Giao lúc { $at }, đã quá 1 ngày làm việc
views-mine-returned = Bị trả lại, cần bổ sung
views-mine-returned-hint = Kết quả bị trả lại vẫn tính là chưa hoàn thành.
views-mine-overdue = Quá hạn
views-mine-overdue-hint = Báo cáo tiến độ, trình sản phẩm hoặc xin lùi hạn.
views-mine-today = Đến hạn hôm nay
views-mine-today-hint = Trình sản phẩm trước khi hết ngày.
views-mine-soon = Sắp đến hạn
views-mine-soon-hint = Còn trong ngưỡng nhắc hạn.
views-mine-extensions = Chờ quyết định lùi hạn
views-mine-extensions-hint = Xem nhiệm vụ bị kéo theo trước khi quyết định.
views-mine-wants = Từ { $from } đến { $to }. Lý do: { $reason }
views-mine-results = Chờ nghiệm thu
views-mine-results-hint = Nghiệm thu, hoặc trả lại kèm lý do.
views-mine-submitted = Trình lúc { $at }
views-mine-proposals = Chờ duyệt giao
views-mine-proposals-hint = Chỉ giao được khi đủ sáu rõ.
views-mine-contributions = Phần phối hợp chờ xác nhận
views-mine-contributions-hint = Đơn vị phối hợp xác nhận phần việc của mình.
views-mine-contribution = Phần việc: { $what }

# Bảng tường
views-wall-title = Bảng theo dõi nhiệm vụ
views-wall-opening = Còn { $count } ngày đến khai mạc, { $date }
views-wall-opening-today = Khai mạc hôm nay
views-wall-overdue = Quá hạn
views-wall-today = Đến hạn hôm nay
views-wall-soon = Sắp đến hạn
views-wall-asks = Kiến nghị
views-wall-extensions = Chờ quyết định lùi hạn
views-wall-wants = Xin lùi đến { $to }
views-wall-calm = Không có nhiệm vụ quá hạn, đến hạn hay chờ quyết định.

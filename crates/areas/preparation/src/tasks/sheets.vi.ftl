# Biểu đồ Gantt
gantt-description = { $rows } nhiệm vụ từ { $from } đến { $to }; số liệu đến { $asof }. Bảng số liệu nằm cạnh biểu đồ.
gantt-row = { $code } – { $title }. Chủ trì: { $unit }. { $start } → { $due }, đạt { $percent }%, { $timing }.
gantt-as-of = Số liệu đến { $at }
gantt-page = Trang { $page }/{ $pages }
gantt-today = Hôm nay { $date }
gantt-opening = Khai mạc { $date }
gantt-group-continued = { $group } (tiếp)
gantt-column-code = Mã
gantt-column-what = Nhiệm vụ
gantt-column-lead = Chủ trì
gantt-column-due = Hạn
gantt-month = { $name }/{ $year }
gantt-month-short = T{ $month }
gantt-month-1 = Tháng 1
gantt-month-2 = Tháng 2
gantt-month-3 = Tháng 3
gantt-month-4 = Tháng 4
gantt-month-5 = Tháng 5
gantt-month-6 = Tháng 6
gantt-month-7 = Tháng 7
gantt-month-8 = Tháng 8
gantt-month-9 = Tháng 9
gantt-month-10 = Tháng 10
gantt-month-11 = Tháng 11
gantt-month-12 = Tháng 12
gantt-legend-progress = Phần đã làm
gantt-legend-critical = Đường găng
gantt-legend-original = Hạn gốc
gantt-legend-baseline = Mốc đã duyệt
gantt-legend-link = Phụ thuộc
gantt-legend-off = Ngày nghỉ
gantt-sign-prepared = Người lập biểu
gantt-sign-approved = Thủ trưởng đơn vị

# Phụ lục phân công nhiệm vụ: tờ xuất ra
annex-sheet = Phụ lục
annex-party = ĐẢNG CỘNG SẢN VIỆT NAM
annex-title = PHỤ LỤC PHÂN CÔNG NHIỆM VỤ
annex-as-of = Số liệu đến { $at }
annex-attached = ({ $document }; số liệu đến { $at })
annex-no-stream = Nhiệm vụ chưa phân nhóm
annex-redacted = Nhiệm vụ mật, theo dõi ngoài hệ thống
annex-counts = Tổng { $total } nhiệm vụ, đến { $at }: hoàn thành { $done }/{ $total } (trước hạn { $early }, đúng hạn { $ontime }, trễ hạn { $late }); chưa hoàn thành { $open }/{ $total } (quá hạn { $overdue }, đến hạn hôm nay { $today }, sắp đến hạn { $soon }, chưa đến hạn { $notyet }, tạm dừng { $paused }, chưa có hạn { $undated }); huỷ { $cancelled }/{ $total }.
annex-legend = Chú giải: { $signs }
annex-field-number = STT
annex-field-code = Mã
annex-field-stream = Nhóm
annex-field-domain = Lĩnh vực
annex-field-what = Nội dung công việc
annex-field-lead = Cơ quan chủ trì
annex-field-supports = Cơ quan phối hợp
annex-field-who = Rõ người
annex-field-focal = Cán bộ đầu mối
annex-field-accountable = Người chịu trách nhiệm
annex-field-authority = Thẩm quyền
annex-field-approver = Người duyệt
annex-field-acceptor = Người nghiệm thu
annex-field-start = Bắt đầu
annex-field-due = Thời gian hoàn thành
annex-field-when = Rõ tiến độ
annex-field-result = Sản phẩm, kết quả
annex-field-criteria = Tiêu chí nghiệm thu
annex-field-evidence = Minh chứng
annex-field-basis = Căn cứ
annex-field-note = Ghi chú
annex-field-state = Trạng thái
annex-field-percent = Tiến độ %
annex-field-phase = Giai đoạn
annex-field-id = Mã định danh (ẩn)
annex-field-exact = Dữ liệu đối chiếu (ẩn)
annex-field-derived = Đèn báo

# Phụ lục: tệp không đọc được
annex-file-empty = Tệp trống. Hãy chọn lại tệp .xlsx của phụ lục.
annex-file-too-large = Tệp nặng { $size } MB, quá mức { $limit } MB. Hãy bỏ hình ảnh hoặc tách thành nhiều tệp.
annex-file-xls = Đây là tệp .xls kiểu cũ. Hãy mở bằng phần mềm bảng tính, lưu lại dạng .xlsx rồi nhập.
annex-file-encrypted = Tệp có mật khẩu. Hãy bỏ mật khẩu rồi nhập lại.
annex-file-not-xlsx = Đây không phải tệp .xlsx. Hãy chọn tệp bảng tính lưu dạng .xlsx.
annex-file-damaged = Tệp bị hỏng hoặc tải lên chưa đủ. Hãy mở, lưu lại rồi nhập; chưa có gì được ghi.
annex-file-macros = Tệp có macro nên không được nhận. Hãy lưu lại dạng .xlsx không có macro.
annex-file-bomb = Tệp giải nén ra quá lớn nên bị từ chối. Hãy chép riêng bảng phụ lục sang một tệp mới.
annex-file-entities = Tệp có khai báo lạ bên trong nên bị từ chối. Hãy mở và lưu lại bằng phần mềm bảng tính.
annex-file-rows = Trang “{ $sheet }” có dữ liệu quá dòng { $limit }. Hãy xoá các dòng thừa phía dưới bảng.
annex-file-columns = Trang “{ $sheet }” có dữ liệu quá cột thứ { $limit }. Hãy xoá các cột thừa bên phải bảng.
annex-file-cells = Tệp có hơn { $limit } ô dữ liệu. Hãy tách thành nhiều tệp.
annex-file-no-header = Không tìm thấy dòng tiêu đề của phụ lục trong 30 dòng đầu. Cần có ít nhất cột nội dung công việc, cơ quan chủ trì và thời hạn.
annex-file-no-tasks = Có dòng tiêu đề nhưng không có nhiệm vụ nào bên dưới.
annex-file-later-format = Tệp do phiên bản mới hơn của phần mềm xuất ra (kiểu { $version }). Hãy cập nhật phần mềm rồi nhập.

# Phụ lục: ô sai
annex-cell-place = Trang “{ $sheet }”, ô { $column }{ $row }
annex-cell-missing-what = Thiếu nội dung công việc.
annex-cell-two-leads = Có hơn một cơ quan chủ trì: { $units }. Hãy để một cơ quan, chuyển các cơ quan khác sang cột phối hợp.
annex-cell-start-after-due = Ngày bắt đầu { $start } sau thời hạn { $due }.
annex-cell-duplicate-code = Mã { $code } đã có ở dòng { $row }.
annex-cell-duplicate-id = Dòng này chép từ dòng { $row }, cùng một định danh ẩn. Nếu là nhiệm vụ mới, hãy xoá ô định danh của dòng.
annex-cell-bad-id = Ô định danh ẩn đã bị sửa. Hãy xoá ô đó để nhập theo mã nhiệm vụ.
annex-cell-unknown-state = Không hiểu trạng thái “{ $text }”.
annex-cell-bad-percent = “{ $text }” không phải tỷ lệ từ 0 đến 100.
annex-cell-formula = Công thức trong ô cho kết quả lỗi { $code }.
annex-cell-too-long = Nội dung dài { $length } ký tự, quá mức { $limit }.

# Phụ lục: điều cần biết
annex-warning-unknown-column = Trang “{ $sheet }”: không dùng cột { $column } “{ $heading }”.
annex-warning-repeated-column = Trang “{ $sheet }”: cột { $column } “{ $heading }” trùng nghĩa với cột khác nên không dùng.
annex-warning-serial-date = Trang “{ $sheet }”, ô { $column }{ $row }: số trong ô được hiểu là ngày { $date }.
annex-warning-external-links = Tệp lấy số liệu từ tệp khác; chỉ đọc giá trị đã lưu.

# Phụ lục: so với sổ nhiệm vụ
annex-change-added = Thêm mới
annex-change-changed = Thay đổi
annex-change-unchanged = Không đổi
annex-change-missing = Không có trong tệp

annex-write-too-long = Nhiệm vụ { $code } có nội dung dài { $length } ký tự, không vừa một ô bảng tính.
annex-write-failed = Không lập được tệp bảng tính.

# Lịch
feed-description = Hạn { $due }. Chủ trì: { $unit }. Mã { $code }.

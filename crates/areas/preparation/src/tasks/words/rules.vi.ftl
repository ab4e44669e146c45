# Lời của các luật: vì sao một rõ chưa rõ, vì sao một bước không đi được, ngày viết sai chỗ nào.

# Rõ người
clarity-no-lead = Chưa có đơn vị chủ trì. Chọn một đơn vị.
clarity-several-leads = Có { $count } đơn vị chủ trì ({ $excerpt }). Chỉ để một; các đơn vị khác chuyển sang phối hợp.
clarity-vague-unit = “{ $excerpt }” không chỉ ra đơn vị nào. Ghi tên từng đơn vị.
clarity-vague-unit-in-text = Nội dung còn cụm “{ $excerpt }”. Nên ghi tên từng đơn vị ở mục phối hợp.
clarity-no-contribution = Đơn vị phối hợp “{ $excerpt }” chưa có phần việc. Ghi rõ đơn vị này góp gì.
clarity-lead-coordinates = “{ $excerpt }” vừa chủ trì vừa ghi ở phối hợp. Nên bỏ khỏi danh sách phối hợp.
clarity-no-focal-officer = Chưa có cán bộ đầu mối. Chọn một chức danh trực tiếp làm.
clarity-several-focal-officers = Có { $count } cán bộ đầu mối ({ $excerpt }). Chỉ để một.

# Rõ việc
clarity-no-task-text = Chưa ghi nội dung công việc.
clarity-no-action-verb = Nội dung mở đầu bằng “{ $excerpt }”, chưa phải động từ hành động. Mở đầu bằng việc phải làm: lập, trình, tổ chức, kiểm tra…
clarity-no-object = Mới có động từ “{ $excerpt }”. Ghi thêm làm việc gì, trong phạm vi nào.
clarity-vague-verb = “{ $excerpt }” là ý định, khó biết lúc nào xong. Nên dùng động từ có điểm kết thúc.
clarity-no-basis = Chưa có căn cứ. Ghi số, ký hiệu văn bản và khoản, mục giao việc.
clarity-two-tasks = Có hai việc trong một nhiệm vụ: “{ $excerpt }”. Tách thành hai nhiệm vụ.
clarity-maybe-two-tasks = Có thể là hai việc: “{ $excerpt }”. Xem lại, nếu đúng thì tách.

# Rõ tiến độ
clarity-no-deadline = Chưa có hạn. Ghi ngày, hoặc ngày giờ, phải xong.
clarity-vague-deadline = “{ $excerpt }” không phải là hạn. Ghi một ngày cụ thể.
clarity-deadline-not-a-date = Hạn ghi là “{ $excerpt }”, không phải một ngày. Ghi ngày/tháng/năm.
clarity-due-on-day-off = Hạn { $due } rơi vào { $why ->
    [saturday] thứ Bảy
    [sunday] Chủ nhật
   *[holiday] ngày nghỉ lễ
 }. Xác nhận giữ, hoặc dời sang ngày làm việc { $suggestion }.
clarity-due-after-event = Hạn { $due } sau sự kiện cần kết quả ({ $event }). Dời hạn lên trước sự kiện.
clarity-due-in-the-past = Hạn { $due } đã qua. Giao việc mới phải có hạn từ hôm nay.
clarity-start-after-due = Ngày bắt đầu { $start } sau hạn { $due }. Sửa một trong hai ngày.
clarity-no-start = Chưa có ngày bắt đầu. Nên ghi để biết lúc nào phải khởi động.
clarity-no-milestone = Việc kéo dài { $days } ngày mà chưa có mốc giữa. Nên đặt ít nhất một mốc.

# Rõ thẩm quyền
clarity-no-authority-text = Chưa ghi chủ trì được tự quyết đến đâu. Nên ghi việc gì tự quyết, việc gì phải xin ý kiến.
clarity-no-approver = Chưa có người duyệt. Chọn chức danh duyệt giao và duyệt kết quả.
clarity-approver-is-doer = “{ $excerpt }” vừa làm vừa duyệt. Chọn người duyệt khác.
clarity-no-escalation = Chưa ghi khi vượt thẩm quyền thì báo cáo ai. Nên ghi cấp kế tiếp.
clarity-no-money-limit = Có dùng kinh phí mà chưa có mức được tự quyết. Ghi số tiền tối đa.

# Rõ trách nhiệm
clarity-no-accountable = Chưa có lãnh đạo chịu trách nhiệm. Chọn một chức danh.
clarity-several-accountable = Có { $count } lãnh đạo cùng chịu trách nhiệm ({ $excerpt }). Chỉ để một.
clarity-collective = “{ $excerpt }” là tập thể. Trách nhiệm phải thuộc một người theo chức danh.
clarity-maybe-collective = “{ $excerpt }” có thể là tập thể. Xem lại, nếu đúng thì ghi chức danh người đứng đầu.
clarity-accountable-is-focal = “{ $excerpt }” vừa là đầu mối vừa chịu trách nhiệm. Chọn lãnh đạo khác chịu trách nhiệm.
clarity-no-deputy = Chưa có người thay khi vắng. Nên chọn một chức danh.

# Rõ kết quả
clarity-no-result = Chưa ghi kết quả. Ghi sản phẩm phải nộp.
clarity-only-vague-result = “{ $excerpt }” chưa phải là kết quả. Ghi sản phẩm đếm được.
clarity-vague-result-word = Từ “{ $excerpt }” không đo được. Nên thay bằng số hoặc tiêu chuẩn.
clarity-no-quantity = Kết quả chưa có số lượng. Ghi bao nhiêu: 01 báo cáo, 12 phòng, 100% đại biểu…
clarity-no-form = Chưa ghi kết quả ở dạng nào. Nên ghi: văn bản, quyết định, biên bản, danh sách, hệ thống vận hành.
clarity-no-criterion = Chưa có tiêu chí nghiệm thu. Ghi thế nào là đạt.
clarity-vague-criterion = “{ $excerpt }” chưa phải là tiêu chí. Ghi điều kiện kiểm tra được.
clarity-no-acceptor = Chưa có người nghiệm thu. Chọn một chức danh.
clarity-several-acceptors = Có { $count } người nghiệm thu ({ $excerpt }). Nên để một.
clarity-acceptor-is-focal = “{ $excerpt }” tự nghiệm thu việc của mình. Chọn người nghiệm thu khác.
clarity-no-evidence = Chưa yêu cầu minh chứng nào. Chọn ít nhất một loại phải nộp.
clarity-stub-says-too-much = Nhiệm vụ mật chỉ giữ dòng theo dõi. Bỏ phần nội dung đã ghi.

# Bước chuyển
move-propose = Đề xuất giao
move-send_back = Trả về để làm rõ
move-assign = Duyệt giao
move-acknowledge = Tiếp nhận
move-start = Bắt đầu thực hiện
move-submit = Trình sản phẩm
move-return = Yêu cầu bổ sung
move-accept = Nghiệm thu
move-pause = Tạm dừng
move-resume = Tiếp tục
move-cancel = Huỷ nhiệm vụ
move-reopen = Mở lại
move-error-wrong-state = Nhiệm vụ đang ở trạng thái “{ $state ->
    [nhap] Nháp
    [de_xuat] Đề xuất
    [da_duyet_giao] Đã duyệt giao
    [da_tiep_nhan] Đã tiếp nhận
    [dang_thuc_hien] Đang thực hiện
    [trinh_san_pham] Trình sản phẩm
    [yeu_cau_bo_sung] Yêu cầu bổ sung
    [hoan_thanh] Hoàn thành
    [tam_dung] Tạm dừng
   *[huy] Huỷ
 }” nên chưa thể { $move ->
    [propose] đề xuất giao
    [send_back] trả về
    [assign] duyệt giao
    [acknowledge] tiếp nhận
    [start] bắt đầu
    [submit] trình sản phẩm
    [return] yêu cầu bổ sung
    [accept] nghiệm thu
    [pause] tạm dừng
    [resume] tiếp tục
    [cancel] huỷ
   *[reopen] mở lại
 }. Tải lại trang để xem trạng thái mới nhất.
move-error-nothing-to-resume = Không biết nhiệm vụ dừng ở bước nào nên không tiếp tục được. Đề nghị người duyệt mở lại.
move-error-not-permitted = Chức danh của đồng chí không có quyền { $move ->
    [propose] đề xuất giao
    [send_back] trả về
    [assign] duyệt giao
    [acknowledge] tiếp nhận
    [start] bắt đầu
    [submit] trình sản phẩm của
    [return] yêu cầu bổ sung
    [accept] nghiệm thu
    [pause] tạm dừng
    [resume] cho tiếp tục
    [cancel] huỷ
   *[reopen] mở lại
 } nhiệm vụ này.
move-error-own-work = Cán bộ đầu mối không được tự { $move ->
    [assign] duyệt giao
    [return] trả lại
   *[accept] nghiệm thu
 } việc của mình. Người duyệt hoặc người nghiệm thu khác phải làm bước này.

# Ngày
date-empty = Chưa ghi ngày.
date-not-a-date = “{ $text }” không phải là ngày. Ghi theo ngày/tháng/năm, ví dụ 05/10/2025.
date-month-first = Ngày đang ghi tháng trước ngày. Có phải ý là { $suggestion }? Ghi lại theo ngày/tháng/năm.
date-year-out-of-range = Năm { $year } không hợp lệ, thường do ô bảng tính bị hỏng. Ghi lại ngày.
date-no-year = Ngày chưa có năm. Ghi đủ ngày/tháng/năm.
date-short-year = “{ $text }” ghi năm hai chữ số. Ghi đủ bốn chữ số.
date-no-such-day = Không có ngày { $day }/{ $month }/{ $year }.
date-no-such-time = “{ $text }” không phải giờ. Ghi từ 00:00 đến 23:59.
day-saturday = thứ Bảy
day-sunday = Chủ nhật
day-holiday = ngày nghỉ lễ
relative-date-invalid = “{ $text }” không phải ngày tính từ khai mạc. Ghi như D-60, D+45.
relative-date-too-far = “{ $text }” cách khai mạc quá mười năm.

# Phụ thuộc, tổng, đôn đốc
schedule-cycle = Vòng lặp: { $codes }. Các việc này chờ lẫn nhau; bỏ bớt một mối nối.
schedule-unknown-task = Nhiệm vụ { $codes } không có trong kế hoạch.
count-mismatch = Tổng ghi { $total } nhưng các phần cộng lại được { $sum }, lệch { $diff }. Chưa ký được báo cáo; kiểm tra lại số liệu.
urge-level-1 = Nhắc cán bộ đầu mối
urge-level-2 = Nhắc lãnh đạo chịu trách nhiệm
urge-level-3 = Công văn đôn đốc
urge-level-4 = Báo cáo người duyệt
urge-cool-down = Vừa đôn đốc gần đây. Được đôn đốc tiếp từ { $until }.

# Lời của khung trang

shell-description = Chuẩn bị và điều hành đại hội
shell-skip = Tới nội dung chính
shell-nav = Các mục
shell-nav-groups = Các mảng việc
shell-other-lang = EN
shell-switch-lang = Switch to English
shell-to-theme-dark = Chuyển sang nền tối
shell-to-theme-light = Chuyển sang nền sáng
shell-to-theme-auto = Theo cài đặt của thiết bị
shell-account = Tài khoản và thiết bị
shell-sign-out = Đăng xuất
shell-search = Tìm
shell-close = Đóng
shell-rows = { $count } dòng
shell-as-of = Số liệu đến
shell-hotline = Đường dây hỗ trợ:
shell-copied = Đã chép.

# Kết nối
shell-offline = Mất mạng từ { "{time}" }. Trang vẫn đọc được; chữ đang gõ được giữ lại trên máy này.
shell-live-lost = Chưa cập nhật được từ { "{time}" }. Vẫn xem và gửi được; số liệu có thể đã cũ.
shell-live-back = Đã kết nối lại.
shell-fresh = Trang có số liệu mới.
shell-reload = Tải lại
shell-request-failed = Chưa gửi được. Kiểm tra kết nối rồi bấm lại; chữ đã gõ còn nguyên.
shell-draft-restored = Đã khôi phục phần đang gõ dở lúc { "{time}" }.
shell-draft-discard = Bỏ phần khôi phục

# Hộp xác nhận
shell-confirm-title = Xác nhận
shell-confirm-yes = Thực hiện
shell-confirm-no = Không, quay lại

# Trợ giúp bàn phím
shell-help = Phím tắt
shell-help-keys = Phím tắt
shell-help-search = Tìm trong trang
shell-help-this = Bảng phím tắt này
shell-help-rows = Dòng trên, dòng dưới trong bảng
shell-help-open = Mở dòng đang chọn
shell-help-select = Đánh dấu dòng
shell-help-close = Đóng hộp, thôi tìm

# Bảng và biểu mẫu
shell-filter = Lọc
shell-filter-clear = Bỏ lọc
shell-search-hint = Tìm có dấu hoặc không dấu
shell-selected = Đã chọn { $count }
shell-select-all = Chọn tất cả
shell-select-row = Chọn { $name }
shell-select-clear = Bỏ chọn
shell-print = In
shell-export = Xuất tệp
shell-required = bắt buộc
shell-optional = không bắt buộc
shell-save = Lưu
shell-cancel = Thôi
shell-back = Quay lại
shell-form-errors = Còn { $count } chỗ cần sửa
shell-page-prev = Trang trước
shell-page-next = Trang sau
shell-page-of = Trang { $page } trên { $pages }
shell-crumbs = Đường dẫn
shell-board-page = Bảng { $page } trên { $pages }
shell-stale = Số liệu cũ

# Lỗi
shell-error-home = Về trang đầu
shell-error-id = Mã để báo bộ phận kỹ thuật:
shell-retry-after = Thử lại sau { $count } giây.
shell-error-title-400 = Yêu cầu không đọc được
shell-error-title-401 = Cần đăng nhập
shell-error-title-403 = Không có quyền
shell-error-title-404 = Không tìm thấy
shell-error-title-405 = Không làm được ở đây
shell-error-title-409 = Nội dung đã thay đổi
shell-error-title-413 = Tệp quá lớn
shell-error-title-415 = Loại tệp không nhận
shell-error-title-422 = Còn chỗ cần sửa
shell-error-title-429 = Gửi quá nhanh
shell-error-title-500 = Hệ thống gặp lỗi
shell-error-title-503 = Hệ thống tạm bận
shell-error-bad-request = Máy chủ không hiểu yêu cầu này. Quay lại trang trước và thử lại.
shell-error-unauthenticated = Phiên làm việc đã hết hoặc chưa đăng nhập. Đăng nhập rồi mở lại trang này.
shell-error-forbidden = Chức danh đang dùng chưa được giao quyền làm việc này. Đề nghị quản trị giao quyền nếu cần.
shell-error-foreign = Yêu cầu không xuất phát từ trang này nên bị từ chối. Mở lại trang rồi làm lại từ đầu.
shell-error-not-found = Trang này không có, đã chuyển đi hoặc không dành cho chức danh đang dùng. Kiểm tra địa chỉ hoặc về trang đầu.
shell-error-method = Địa chỉ này không nhận thao tác vừa gửi. Quay lại trang trước và dùng nút trên trang.
shell-error-conflict = Có người vừa sửa nội dung này trước. Tải lại để xem bản mới, rồi sửa tiếp.
shell-error-too-large = Phần gửi lên lớn hơn mức cho phép. Chọn tệp nhỏ hơn rồi gửi lại.
shell-error-type = Máy chủ không nhận loại nội dung này. Chọn đúng loại tệp ghi trên trang rồi gửi lại.
shell-error-invalid = Một số mục chưa đúng; phần còn lại được giữ nguyên. Sửa các mục được nêu rồi gửi lại.
shell-error-too-many = Có quá nhiều lần gửi trong thời gian ngắn. Chờ một lát rồi thử lại; không mất gì đã lưu.
shell-error-unavailable = Máy chủ chưa lưu được lúc này và chưa ghi gì. Giữ nguyên trang, chờ một lát rồi gửi lại.
shell-error-internal = Có lỗi ngoài dự kiến; việc vừa làm có thể chưa được lưu. Thử lại; nếu còn lỗi, gửi mã dưới đây cho bộ phận kỹ thuật.

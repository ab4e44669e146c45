# Lời của tệp gửi lên và tải về

files-too-large = Tệp lớn hơn { $limit } MB. Hãy giảm dung lượng ảnh hoặc chia tệp rồi gửi lại.
files-empty = Tệp trống, không có nội dung. Hãy chọn tệp khác.
files-damaged = Tệp bị hỏng hoặc chưa tải xong. Hãy mở thử trên máy, lưu lại rồi gửi lần nữa.
files-encrypted = Tệp có mật khẩu nên không kiểm tra được. Hãy bỏ mật khẩu rồi gửi lại.
files-bomb = Tệp nén chứa quá nhiều dữ liệu so với dung lượng. Hãy lưu lại tệp từ phần mềm soạn thảo rồi gửi.
files-interrupted = Kết nối bị ngắt khi đang gửi tệp. Hãy gửi lại.
files-storage = Chưa lưu được tệp vì kho lưu trữ gặp sự cố. Hãy thử lại sau ít phút.
files-changed = Tệp trong kho không còn nguyên vẹn nên không được mở. Hãy báo bộ phận hỗ trợ.
files-found-zip = Ở đây không nhận tệp nén. Hãy gửi từng tệp bên trong.
files-found-kind = Ở đây không nhận loại tệp này. Hãy chọn loại tệp được ghi cạnh ô.
files-found-program = Tệp này là chương trình nên không được nhận.
files-found-markup = Không nhận trang web, SVG hoặc XML. Hãy lưu thành PDF rồi gửi.
files-found-macro = Tệp có macro nên không được nhận. Hãy lưu thành tệp không có macro (.docx, .xlsx, .pptx).
files-found-old-office = Định dạng Office cũ không được nhận. Hãy lưu thành .docx, .xlsx, .pptx hoặc PDF.
files-found-unknown = Không nhận ra loại tệp. Hãy gửi PDF, ảnh, .docx, .xlsx hoặc .pptx.
files-picture-heic = Ảnh HEIC của điện thoại chưa đọc được ở đây. Hãy chụp lại sau khi chọn trong Cài đặt máy ảnh định dạng tương thích nhất (JPEG), hoặc lưu ảnh thành JPEG rồi gửi.
files-picture-none = Ở đây chỉ nhận ảnh JPEG, PNG hoặc WebP. Hãy chọn một tấm ảnh.
files-picture-pixels = Ảnh { $width } × { $height } điểm là quá lớn. Hãy thu nhỏ còn dưới 50 triệu điểm rồi gửi lại.
files-picture-narrow = Ảnh { $width } × { $height } điểm quá dài so với bề ngang. Hãy cắt thành từng đoạn rồi gửi.
files-picture-animated = Ảnh động không được nhận. Hãy gửi ảnh tĩnh.
files-picture-cmyk = Ảnh dùng hệ màu in (CMYK). Hãy lưu lại theo hệ màu màn hình (RGB) rồi gửi.
files-picture-damaged = Ảnh bị hỏng hoặc chưa tải xong. Hãy mở thử trên máy, chụp hoặc lưu lại rồi gửi lần nữa.

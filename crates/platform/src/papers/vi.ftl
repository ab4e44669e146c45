# Cơ quan ban hành và sổ số văn bản

papers-error-empty = Ô này không được để trống.
papers-error-long = Nội dung quá dài. Hãy viết gọn lại.
papers-error-control = Có ký tự không in được. Hãy gõ lại.
papers-error-lines = Phần tiêu đề nhiều nhất 4 dòng. Hãy bớt một dòng.
papers-error-symbol = Ký hiệu chỉ gồm chữ, số, dấu chấm hoặc gạch nối và bắt đầu bằng chữ, ví dụ TBPV.
papers-error-unit = Đơn vị này không có, hoặc đã là một cơ quan ban hành khác. Hãy chọn lại.
papers-error-type = Chưa rõ loại văn bản. Hãy chọn một loại trong danh sách.
papers-error-number = Số phải từ 1 đến 999.999.
papers-error-used = Số { $number } đã dùng cho văn bản ngày { $on } “{ $subject }”, { $by } vào sổ. Hãy lấy số khác.
papers-error-used-closed = Số { $number } đã dùng cho một văn bản ngày { $on }, { $by } vào sổ. Hãy lấy số khác.
papers-error-used-open = Xem nơi dùng số này
papers-error-cancelled = Số { $number } đã được { $by } hủy và không dùng lại. Lý do hủy: { $reason }
papers-error-gap = Nếu dùng số này, các số từ { $from } đến { $to } sẽ bị bỏ trống. Hãy ghi lý do hoặc lấy số tiếp theo.
papers-error-gap-one = Nếu dùng số này, số { $from } sẽ bị bỏ trống. Hãy ghi lý do hoặc lấy số tiếp theo.
papers-error-bound = Số { $number } thuộc một văn bản đã vào sổ kết luận nên không hủy riêng số. Hãy vào sổ văn bản thay thế.
papers-error-already-cancelled = Số này đã được hủy trước đó.
papers-error-secret = Văn bản mật không ghi trích yếu ở đây: chỉ giữ số, nội dung theo sổ riêng. Hãy để trống ô này.
papers-error-conflict = Người khác vừa sửa cơ quan ban hành này. Hãy xem bản mới rồi sửa lại.
papers-error-symbol-taken = Ký hiệu { $symbol } đã thuộc về { $by }. Hãy dùng ký hiệu khác.

body-act-saved = Ghi cơ quan ban hành
number-act-taken = Lấy số văn bản
number-act-cancelled = Hủy số văn bản
number-act-claimed = Gắn số với văn bản

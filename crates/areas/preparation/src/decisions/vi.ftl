# Sổ kết luận, quyết định

decisions-error-empty = Ô này không được để trống.
decisions-error-long = Nội dung quá dài. Hãy viết gọn lại.
decisions-error-control = Có ký tự không in được. Hãy gõ lại.
decisions-error-points = Có quá nhiều mục. Hãy tách thành hai văn bản hoặc gộp bớt.
decisions-error-number = Chưa đúng dạng số, ký hiệu. Hãy ghi như 07-TB/TBPV hoặc 15/QĐ-UBND.
decisions-error-number-taken = Số { $number } đã có trong sổ: văn bản ngày { $on } của { $authority }. Hãy xem mục đó, hoặc ghi đúng nhiệm kỳ của văn bản này.
decisions-error-open = Mở mục đã có
decisions-error-has-number = Mục này đã có số { $number }; số chỉ ghi một lần.
decisions-error-signed = Mục này vào sổ từ văn bản đã ký nên không sửa, không xóa. Muốn thay đổi, hãy vào sổ một văn bản mới sửa đổi hoặc thay thế.
decisions-error-referred = Không xóa được vì còn nơi dẫn chiếu: { $what }. Hãy vào sổ văn bản thay thế.
decisions-error-order = { $later } ban hành trước { $earlier } nên không thể sửa đổi hoặc thay thế văn bản đó.
decisions-error-circle = Hai văn bản không thể thay thế lẫn nhau. Hãy xem lại chuỗi thay thế.
decisions-error-secret = Nội dung mật không nhập vào hệ thống. Hãy theo dõi văn bản này trong sổ mật.
decisions-error-conflict = { $by } vừa sửa mục này. Hãy xem bản mới; nội dung đồng chí gõ vẫn còn.
decisions-error-point = Văn bản này không có kết luận mang số đó.

decision-act-entered = Vào sổ kết luận, quyết định
decision-act-edited = Sửa mục trong sổ kết luận
decision-act-numbered = Ghi số cho kết luận
decision-act-removed = Xóa mục vào sổ nhầm
decision-act-superseded = Văn bản bị thay thế
decision-act-amended = Văn bản được sửa đổi, bổ sung
decision-act-linked = Gắn nhiệm vụ với kết luận
decision-act-unlinked = Gỡ nhiệm vụ khỏi kết luận

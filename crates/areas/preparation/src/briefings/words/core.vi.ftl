# Words of briefings that rules, refusals, papers and the log need; those of the pages are in the files beside.

briefing-state-du_kien = Dự kiến
briefing-state-chot_so_lieu = Đã chốt số liệu
briefing-state-dang_hop = Đang họp
briefing-state-cho_ky = Chờ ký
briefing-state-da_ky = Đã ký
briefing-state-da_ban_hanh = Đã ban hành thông báo
briefing-state-huy = Không tổ chức

briefing-step-freeze = Chốt số liệu
briefing-step-open = Mở phiên họp
briefing-step-close = Khóa biên bản, trình ký
briefing-step-reopen = Mở lại để sửa
briefing-step-sign = Ký biên bản
briefing-step-announce = Ban hành thông báo kết luận
briefing-step-cancel = Không tổ chức phiên này

briefing-reason-qua_han = Quá hạn
briefing-reason-tra_lai = Yêu cầu bổ sung
briefing-reason-chua_tiep_nhan = Chưa xác nhận tiếp nhận
briefing-reason-xin_lui_han = Đề nghị lùi hạn
briefing-reason-kien_nghi = Có kiến nghị
briefing-reason-sap_den_han = Đến hạn, sắp đến hạn
briefing-reason-chuyen_tiep = Phiên trước chuyển sang
briefing-reason-them = Bổ sung

briefing-disposition-nhiem_vu = Giao nhiệm vụ
briefing-disposition-sua_nhiem_vu = Sửa nhiệm vụ
briefing-disposition-lui_han = Lùi hạn
briefing-disposition-khong_phat_sinh = Không phát sinh nhiệm vụ

briefing-receipt-in_time = Tiếp nhận đúng hạn
briefing-receipt-late = Tiếp nhận chậm
briefing-receipt-waiting = Còn trong thời hạn tiếp nhận
briefing-receipt-missing = Quá hạn tiếp nhận

briefing-problem-empty = Kết luận chưa có nội dung.
briefing-problem-no-disposition = Chưa chọn xử lý: giao nhiệm vụ, sửa nhiệm vụ, lùi hạn hay không phát sinh nhiệm vụ.
briefing-problem-no-unit = Giao nhiệm vụ phải nêu một đơn vị chủ trì. Gõ @ rồi tên đơn vị.
briefing-problem-many-units = Kết luận nêu { $units } đơn vị chủ trì. Chọn một đơn vị chủ trì, các đơn vị khác là phối hợp.
briefing-problem-no-deadline = Chưa có thời hạn. Gõ /hạn rồi ngày, ví dụ /hạn 30/9.
briefing-problem-many-deadlines = Kết luận có { $number } thời hạn ({ $deadlines }). Tách thành { $number } kết luận, hoặc chuyển các hạn trước thành mốc và giữ hạn cuối.
briefing-problem-past-deadline = Thời hạn { $due } đã qua trước giờ họp. Nêu thời hạn sau phiên họp.
briefing-problem-no-task = Chưa nêu nhiệm vụ. Gõ # rồi mã nhiệm vụ.
briefing-problem-task-not-open = Nhiệm vụ đang ở trạng thái “{ $state ->
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
 }” nên không sửa, không lùi hạn được bằng kết luận này.
briefing-problem-task-undated = Nhiệm vụ chưa có hạn nên không có gì để lùi. Chọn “Sửa nhiệm vụ”.
briefing-problem-not-later = Hạn mới phải sau hạn đang có hiệu lực ({ $due }).
briefing-problem-nothing-amended = Chưa nêu sửa điều gì trong nhiệm vụ.
briefing-problem-unclear = Sửa như vậy thì nhiệm vụ chỉ còn rõ { $clear }/6. Bổ sung cho đủ sáu rõ.
briefing-problem-not-approver = Chủ trì không có quyền quyết định nhiệm vụ này nên không quyết định lùi hạn được.

briefing-error-not-found = Không có phiên giao ban này, hoặc đơn vị của đồng chí không được xem.
briefing-error-not-permitted = Chức danh của đồng chí không được làm việc này trong phiên giao ban.
briefing-error-not-chair = Chỉ { $chair } chủ trì phiên này mới ký được.
briefing-error-conflict = { $by } đã sửa nội dung này lúc { $at }. Bản đồng chí đang gõ vẫn còn; tải lại để xem bản mới rồi sửa tiếp.
briefing-error-step = Phiên họp đang ở bước “{ $state ->
    [du_kien] Dự kiến
    [chot_so_lieu] Đã chốt số liệu
    [dang_hop] Đang họp
    [cho_ky] Chờ ký
    [da_ky] Đã ký
    [da_ban_hanh] Đã ban hành thông báo
   *[huy] Không tổ chức
 }” nên chưa { $step ->
    [freeze] chốt số liệu
    [open] mở họp
    [close] khóa biên bản
    [reopen] mở lại
    [sign] ký
    [announce] ban hành thông báo
   *[cancel] hủy phiên
 } được.
briefing-error-too-late = Phiên họp đang ở bước “{ $state ->
    [du_kien] Dự kiến
    [chot_so_lieu] Đã chốt số liệu
    [dang_hop] Đang họp
    [cho_ky] Chờ ký
    [da_ky] Đã ký
    [da_ban_hanh] Đã ban hành thông báo
   *[huy] Không tổ chức
 }” nên không ghi nội dung này được.
briefing-error-frozen-already = Số liệu đã được chốt lúc { $at }; mỗi phiên chỉ chốt một lần.
briefing-error-not-frozen = Số liệu chưa được chốt.
briefing-error-signed-already = Biên bản đã được { $by } ký lúc { $at }; không ký lại, không sửa được. Nếu cần đính chính, lập biên bản bổ sung.
briefing-error-not-signed = Biên bản chưa được ký.
briefing-error-reported-already = Báo cáo tuần đã ban hành là { $number }, do { $by } phát hành lúc { $at }; mỗi phiên chỉ ban hành một lần.
briefing-error-issued-already = Thông báo kết luận đã ban hành là { $number }, do { $by } phát hành lúc { $at }; mỗi phiên chỉ ban hành một lần.
briefing-error-changed = Nội dung vừa được sửa nên không còn như bản đồng chí xem. Tải lại, đọc bản mới rồi ký.
briefing-error-no-conclusion = Biên bản chưa có kết luận nào nên chưa ký được.
briefing-error-not-closed = Thư ký chưa khóa biên bản nên chưa ký được.
briefing-error-no-plan = Chưa có kế hoạch nào để ghi nhiệm vụ mới. Lập kế hoạch trước khi ký.
briefing-error-problems = Chưa ký được: kết luận { $numbers } còn thiếu. Xem lý do cạnh từng kết luận.
briefing-error-one-deadline = Kết luận chỉ có một thời hạn nên không cần tách.
briefing-error-cutoff-late = Giờ chốt số liệu phải trước giờ họp.
briefing-error-same-office = Người chủ trì và thư ký phải là hai chức danh khác nhau.
briefing-error-day-off = { $why ->
    [saturday] Ngày họp rơi vào thứ Bảy.
    [sunday] Ngày họp rơi vào Chủ nhật.
   *[holiday] Ngày họp rơi vào ngày nghỉ lễ.
 } Chọn ngày làm việc khác.
briefing-error-reason = Nêu lý do.
briefing-error-empty = Ô này chưa có nội dung.
briefing-error-too-long = Nội dung dài quá mức cho phép (tối đa { $most } ký tự). Rút gọn rồi gửi lại.
briefing-error-on-agenda = Nhiệm vụ này đã có trong chương trình họp.
briefing-error-no-body = Đơn vị tổ chức giao ban chưa có trong danh sách cơ quan ban hành nên chưa lấy số được.
briefing-error-no-body-open = Mở danh sách cơ quan ban hành
briefing-error-tampered = Nội dung đã chốt hoặc đã ký không còn khớp với mã kiểm tra nên không hiển thị. Báo ngay cho quản trị.
briefing-error-does-not-sum = Số liệu không khớp ở mục { $place }: tổng { $total }, cộng lại { $sum }. Chưa chốt được; báo quản trị kiểm tra.

briefing-basis-symbol = Biên bản giao ban số { $no }
briefing-basis-clause = kết luận { $number }
briefing-reason-of-task = Kết luận { $number }, { $series }, phiên { $no }
briefing-decision-subject = Kết luận { $series }, phiên { $no }
briefing-task-authority = { $chair } quyết định; đơn vị chủ trì quyết định trong phạm vi nhiệm vụ được giao
briefing-task-escalation = Vượt thẩm quyền thì báo cáo { $chair } tại phiên giao ban gần nhất
briefing-task-acceptance = Đúng, đủ sản phẩm nêu trên, có văn bản xác nhận; { $chair } nghiệm thu
briefing-task-stream = Việc giao tại giao ban

briefing-act-series-saved = Lưu lịch giao ban định kỳ
briefing-act-set = Đặt phiên giao ban
briefing-act-changed = Sửa phiên giao ban
briefing-act-moved = Chuyển bước phiên giao ban
briefing-act-frozen = Chốt số liệu giao ban
briefing-act-attended = Ghi dự họp
briefing-act-item-added = Thêm mục vào chương trình họp
briefing-act-item-edited = Sửa mục của chương trình họp
briefing-act-item-removed = Bỏ mục khỏi chương trình họp
briefing-act-item-marked = Đánh dấu mục của chương trình họp
briefing-act-items-ordered = Sắp xếp chương trình họp
briefing-act-went-to = Chuyển sang mục họp
briefing-act-concluded = Ghi kết luận
briefing-act-conclusion-edited = Sửa kết luận
briefing-act-conclusion-dropped = Bỏ kết luận
briefing-act-conclusion-restored = Khôi phục kết luận
briefing-act-conclusion-split = Tách kết luận
briefing-act-conclusions-ordered = Sắp xếp kết luận
briefing-act-signed = Ký biên bản giao ban
briefing-act-reported = Ban hành báo cáo tuần
briefing-act-announced = Ban hành thông báo kết luận
briefing-act-supplement-begun = Lập biên bản bổ sung
briefing-act-supplement-edited = Sửa biên bản bổ sung
briefing-act-supplement-signed = Ký biên bản bổ sung
task-log-cited = Ghi văn bản làm căn cứ

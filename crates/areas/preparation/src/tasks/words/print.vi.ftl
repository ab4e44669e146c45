# Bản in: các danh sách, phụ lục, báo cáo, công văn ra giấy.

print-pdf = PDF
print-word = Word
print-annex = Phụ lục PDF
print-annex-sheet = Phụ lục Excel
print-csv = CSV
print-list = Danh sách PDF
print-chart = PDF khổ A3
print-whole = Toàn bộ sổ nhiệm vụ
print-keep = Lưu hồ sơ nhiệm vụ
print-as-above = Như trên

# Báo cáo đã ký
print-report-subject = tình hình thực hiện nhiệm vụ phục vụ { $congress }, số liệu đến { $at }
print-report-results = Kết quả
print-report-problems = Tồn tại, nguyên nhân
print-report-next = Nhiệm vụ kỳ tới
print-report-asks = Kiến nghị
print-report-total = Sổ nhiệm vụ theo sáu rõ có { $total } nhiệm vụ. Số liệu chốt lúc { $at }; tỷ lệ nào cũng ghi mẫu số.
print-report-red = Có { $count } nhiệm vụ quá hạn:
print-report-red-none = Không có nhiệm vụ nào quá hạn.
print-report-chains = Có { $count } nhiệm vụ quá hạn hoặc phải bổ sung mà việc khác đang chờ:
print-report-chain = { $code }: { $what }; đang chờ: { $codes }
print-report-item = { $code }: { $what } ({ $unit }; hạn { $due }; { $timing })
print-report-coming = Còn { $open } nhiệm vụ chưa hoàn thành: quá hạn { $overdue }, đến hạn hôm nay { $today }, sắp đến hạn { $soon }, chưa đến hạn { $notyet }, tạm dừng { $paused }, chưa có hạn { $undated }.
print-report-weekend = Có { $count } nhiệm vụ hạn rơi vào ngày nghỉ, cần giữ hay lùi hạn:
print-report-ask = { $code } ({ $unit }): { $ask }
print-report-no-asks = Không có kiến nghị.
print-report-foot = Dấu nội dung đã ký (SHA-256): { $hash }
print-annex-number = Phụ lục { $number }
print-annex-counts = Số liệu theo nhóm nhiệm vụ và đơn vị chủ trì
print-annex-six = Nhiệm vụ theo sáu rõ, số liệu đến { $at }

# Công văn đôn đốc
print-letter-subject = đôn đốc thực hiện nhiệm vụ { $code }
print-letter-to = Đồng chí { $office }, { $unit }

# Quyết định về đề nghị lùi hạn
print-extension-subject = ý kiến về đề nghị lùi hạn nhiệm vụ { $code }
print-extension-asked = Ngày { $day }, { $by } đề nghị lùi hạn nhiệm vụ { $code } “{ $what }” từ { $from } sang { $to }. Lý do: { $reason }
print-extension-granted = { $by } đồng ý. Thời hạn mới là { $to }.
print-extension-refused = { $by } không đồng ý. Thời hạn vẫn là { $from }.
print-extension-note = Ý kiến kèm theo: { $note }
print-extension-pushed = Thời hạn mới làm { $count } nhiệm vụ phải lùi theo:
print-extension-push = { $code } { $what }: từ { $from } sang { $to }
print-extension-undecided = Đề nghị này chưa được quyết định nên chưa có văn bản để in.

# So sánh đường cơ sở
print-diff-title = So sánh đường cơ sở “{ $name }” với { $against }
print-diff-kind-changed = Thay đổi
print-diff-kind-added = Thêm mới
print-diff-kind-removed = Không còn
print-diff-emptied = (bỏ trống)
print-diff-hash = Dấu nội dung đường cơ sở (SHA-256): { $hash }

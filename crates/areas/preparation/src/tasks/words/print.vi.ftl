# Bản in: các danh sách, phụ lục, báo cáo, công văn ra giấy.

print-pdf = PDF
print-word = Word
print-annex = Phụ lục PDF
print-annex-sheet = Phụ lục Excel
print-csv = CSV
print-list = Danh sách PDF
print-chart = PDF khổ A3
print-whole = Toàn bộ sổ nhiệm vụ

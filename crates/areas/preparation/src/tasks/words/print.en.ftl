# Prints: lists, annex, report, letters on paper.

print-pdf = PDF
print-word = Word
print-annex = Annex as PDF
print-annex-sheet = Annex as Excel
print-csv = CSV
print-list = List as PDF
print-chart = PDF on A3
print-whole = The whole register

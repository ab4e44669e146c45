# Words of files sent in and out

files-too-large = The file is larger than { $limit } MB. Make its pictures smaller or split it, then send it again.
files-empty = The file has no content. Choose another one.
files-damaged = The file is damaged or incomplete. Open it on your device, save it again and send it once more.
files-encrypted = The file has a password, so it cannot be checked. Remove the password and send it again.
files-bomb = The file unpacks to far more than its size. Save it again from the program it was made with, then send it.
files-interrupted = The connection was lost while sending the file. Send it again.
files-storage = The file was not kept because the storage is in trouble. Try again in a few minutes.
files-changed = The stored file is no longer intact and was not opened. Tell the help desk.
files-found-zip = Archives are not taken here. Send the files inside one by one.
files-found-kind = This kind of file is not taken here. Choose one of the kinds named beside the field.
files-found-program = This file is a program and was not taken.
files-found-markup = Web pages, SVG and XML are not taken. Save it as PDF and send that.
files-found-macro = The file has macros and was not taken. Save it without macros (.docx, .xlsx, .pptx).
files-found-old-office = Old Office formats are not taken. Save it as .docx, .xlsx, .pptx or PDF.
files-found-unknown = The kind of file is not known. Send PDF, an image, .docx, .xlsx or .pptx.

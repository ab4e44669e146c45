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
files-picture-heic = HEIC pictures of a phone cannot be read here. Choose the most compatible format (JPEG) in the camera settings and take it again, or save the picture as JPEG and send that.
files-picture-none = Only JPEG, PNG or WebP pictures are taken here. Choose a picture.
files-picture-pixels = A picture of { $width } × { $height } pixels is too large. Make it smaller than 50 million pixels and send it again.
files-picture-narrow = A picture of { $width } × { $height } pixels is too long for its width. Cut it into parts and send those.
files-picture-animated = Pictures that move are not taken. Send a still picture.
files-picture-cmyk = The picture has colours for printing (CMYK). Save it with colours for the screen (RGB) and send it again.
files-picture-damaged = The picture is damaged or incomplete. Open it on your device, take or save it again and send it once more.

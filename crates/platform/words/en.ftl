# The words of the frame

shell-description = Prepares and runs a congress
shell-skip = Skip to the main part
shell-nav = Sections
shell-nav-groups = Areas of work
shell-other-lang = VI
shell-switch-lang = Chuyển sang tiếng Việt
shell-to-theme-dark = Switch to dark
shell-to-theme-light = Switch to light
shell-to-theme-auto = Follow the device
shell-account = Account and devices
shell-sign-out = Sign out
shell-search = Search
shell-close = Close
shell-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
shell-as-of = Figures as of
shell-hotline = Help line:
shell-copied = Copied.

# Connection
shell-offline = No network since { "{time}" }. The page can still be read; what you type is kept on this device.
shell-live-lost = Not updated since { "{time}" }. You can still read and send; figures may be old.
shell-live-back = Connected again.
shell-fresh = This page has new figures.
shell-reload = Reload
shell-request-failed = Not sent. Check the connection and press again; what you typed is kept.
shell-draft-restored = What you were typing at { "{time}" } is back.
shell-draft-discard = Discard it

# Confirm
shell-confirm-title = Please confirm
shell-confirm-yes = Do it
shell-confirm-no = No, go back

# Keyboard help
shell-help = Keyboard
shell-help-keys = Keyboard
shell-help-search = Search on this page
shell-help-this = This list of keys
shell-help-rows = Row up, row down in a table
shell-help-open = Open the current row
shell-help-select = Mark the row
shell-help-close = Close a dialog, leave the search

# Tables and forms
shell-filter = Filter
shell-filter-clear = Clear filters
shell-search-hint = With or without diacritics
shell-selected = { $count ->
    [one] { $count } selected
   *[other] { $count } selected
}
shell-select-all = Select all
shell-select-row = Select { $name }
shell-select-clear = Clear selection
shell-print = Print
shell-export = Export
shell-required = required
shell-optional = optional
shell-save = Save
shell-cancel = Cancel
shell-back = Back
shell-form-errors = { $count ->
    [one] { $count } thing to correct
   *[other] { $count } things to correct
}
shell-page-prev = Previous page
shell-page-next = Next page
shell-page-of = Page { $page } of { $pages }
shell-crumbs = Path
shell-board-page = Board { $page } of { $pages }
shell-stale = Old figures

# Errors
shell-error-home = To the first page
shell-error-id = Code for the technical desk:
shell-retry-after = { $count ->
    [one] Try again in { $count } second.
   *[other] Try again in { $count } seconds.
}
shell-error-title-400 = The request cannot be read
shell-error-title-401 = Please sign in
shell-error-title-403 = Not allowed
shell-error-title-404 = Not found
shell-error-title-405 = Not possible here
shell-error-title-409 = It has changed meanwhile
shell-error-title-413 = Too large
shell-error-title-415 = This type is not accepted
shell-error-title-422 = Some things need correcting
shell-error-title-429 = Too fast
shell-error-title-500 = Something failed
shell-error-title-503 = Busy for a moment
shell-error-bad-request = The server does not understand this request. Go back to the previous page and try again.
shell-error-unauthenticated = You are not signed in, or your session has ended. Sign in and open this page again.
shell-error-forbidden = Your office has not been given this right. Ask the administrator for it if you need it.
shell-error-foreign = The request did not come from a page of this site and was refused. Open the page again and start over.
shell-error-not-found = This page does not exist, has moved, or is not for your office. Check the address or go to the first page.
shell-error-method = This address does not take what was sent. Go back and use the buttons of the page.
shell-error-conflict = Someone changed this before you. Reload to see the new version, then go on.
shell-error-too-large = What was sent is larger than allowed. Choose a smaller file and send again.
shell-error-type = The server does not take this type of content. Choose a file of the type named on the page and send again.
shell-error-invalid = Some fields are not right; the rest is kept. Correct the fields named and send again.
shell-error-too-many = Too many requests in a short time. Wait a moment and try again; nothing saved is lost.
shell-error-unavailable = The server cannot save just now and has saved nothing. Keep the page open, wait a moment and send again.
shell-error-internal = Something unexpected failed; what you did may not be saved. Try again; if it stays, give the code below to the technical desk.

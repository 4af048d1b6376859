# Papo in English. The server and the browser read this same file; pt-BR.ftl has the same keys.

app-name = Papo
lang-name = English
lang-other-name = Português
tagline = chat like it used to be :-)
skip-to-composer = Skip to the message box
skip-to-form = Skip to the form
noscript = The room needs JavaScript to talk live. Turn on JavaScript for this site and reload the page.

## Signing in and registering

login-title = Sign in
login-lead = The room is already open.
login-field = Username or e-mail
login-submit = Sign in
login-busy = Signing in
login-no-account = No account yet?
login-create-account = Create one
register-title = Create an account
register-lead = It takes less than a minute.
register-submit = Create account and sign in
register-busy = Creating the account
register-have-account = Already have an account?
register-sign-in = Sign in
field-name = Name
field-username = Username
field-email = E-mail
field-password = Password
tip-username = Lower-case letters, digits, dot, hyphen and underscore.
tip-password = At least 8 characters.
password-show = Show the password
password-hide = Hide the password

## What is wrong with a field

field-required = Please fill in this field.
field-too-short = { $min ->
    [one] Use at least { $min } character.
   *[other] Use at least { $min } characters.
}
field-too-long = { $max ->
    [one] Use at most { $max } character.
   *[other] Use at most { $max } characters.
}
field-bad-characters = There is a character that cannot be used here.
field-bad-email = That e-mail does not look right.
field-too-common = That password is easy to guess. Choose another one.
field-taken-username = That username is taken.
field-taken-email = There is already an account with that e-mail.

## What went wrong with a request, by code

problem-bad-credentials = Username or password do not match.
problem-rate-limited = { $seconds ->
    [one] Too many attempts in a row. Wait { $seconds } second.
   *[other] Too many attempts in a row. Wait { $seconds } seconds.
}
problem-invalid = Please check the marked fields.
problem-unauthenticated = Your session is over. Please sign in again.
problem-too-large = The file is too large.
problem-forbidden = You are not allowed to do that.
problem-not-found = We could not find what you are looking for.
problem-busy = The server is busy. Try again in a moment.
problem-internal = Something went wrong on our side. Please try again.
problem-network = We could not reach the server. Check your connection and try again.

## Error pages

error-home = Back to the start
error-400-title = We did not understand the request
error-400-text = The address or the form arrived incomplete. Go back and try again.
error-403-title = You cannot come in here
error-403-text = You are not allowed to see this page.
error-404-title = Page not found
error-404-text = The address has changed or never existed.
error-413-title = Too large
error-413-text = What you sent is over the allowed size.
error-429-title = Easy there
error-429-text = That was a lot of requests in a row. Wait a little and try again.
error-500-title = Something broke here
error-500-text = It was our fault. Try again in a moment.
error-503-title = Back in a moment
error-503-text = The server is busy or restarting. Try again in a few seconds.

## Rooms

rooms = Rooms
rooms-list = List of rooms
rooms-open = Open the rooms
room-members = { $count ->
    [0] nobody here
    [one] { $count } person now
   *[other] { $count } people now
}
room-draft = Draft:
room-new = New room
room-new-title = Create a room
room-new-lead = Everyone on the server can come in.
room-new-name = Room name
room-new-tip = Up to 40 letters, digits, spaces, hyphens and underscores.
room-new-submit = Create room
room-bad-title = This room cannot be opened
room-bad-text = Its name has a character that cannot be used.
room-first = Go to { $room }

## People

people = People in the room
people-show = Show the people in the room
people-hide = Hide the people in the room
people-here = In the room
person-you = you
person-typing = typing…
person-guest = Guest
profile-here = In { $room } now
profile-away = Not in this room
profile-username = Username
profile-email = E-mail
profile-no-email = not given
profile-since = On Papo since
profile-failed = The profile could not be loaded.
profile-open = See the profile of { $name }

## Messages

log = Messages of { $room }
log-loading = Loading the messages
log-older = Loading older messages
log-older-failed = The older messages could not be loaded.
log-start = The conversation starts here
log-empty-title = Nobody has said anything yet
log-empty-text = Say hi and get it started.
log-failed-title = It could not be loaded
log-failed-text = The room did not answer.
day-today = Today
day-yesterday = Yesterday
new-messages = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
jump = Go to the end of the conversation
jump-new = { $count ->
    [one] Go to the new message
   *[other] Go to the { $count } new messages
}
sys-joined = → { $name } joined the room · { $time }
sys-left = ← { $name } left the room · { $time }
sys-moved = ← { $name } went to another room · { $time }
sys-disconnected = ← { $name } lost the connection · { $time }
sys-kicked = ← { $name } was removed from the room · { $time }
message-pending = Sending
message-sent = Sent
message-failed = Not sent.
message-failed-why = Not sent: { $why }
message-retry = Try again
message-delete = Delete
message-images = { $count ->
    [one] { $count } image
   *[other] { $count } images
}
message-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
announce-message = { $name }: { $text }
announce-many = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
why-no-answer = the server did not answer in time
why-too-long = the text is too long
why-upload = an attachment is no longer available
why-refused = the server refused the message

## Typing

typing-one = { $a } is typing…
typing-two = { $a } and { $b } are typing…
typing-three = { $a }, { $b } and { $c } are typing…
typing-many = { $count ->
    [one] { $a }, { $b } and { $count } other are typing…
   *[other] { $a }, { $b } and { $count } others are typing…
}

## Writing and attaching

composer = Write a message
composer-label = Message to { $room }
composer-placeholder = Write a message
composer-send = Send
composer-waiting = Uploading the attachments
composer-wait-cancel = Wait before sending
composer-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
composer-over = { $count ->
    [one] { $count } character over the limit
   *[other] { $count } characters over the limit
}
attach = Attach files
attachments = Attachments
attach-drop = Drop here to attach
attach-queued = Waiting
attach-progress = { $sent } of { $total }
attach-ready = { $size } · ready
attach-too-large = Over the limit of { $size }
attach-too-many = { $count ->
    [one] Only { $count } attachment fits in a message.
   *[other] Only { $count } attachments fit in a message.
}
attach-failed = Not uploaded.
attach-retry = Try again
attach-sending = Uploading { $name }
attach-cancel = Cancel the upload of { $name }
attach-remove = Remove { $name }
file-download = Download { $name }
image-open = Open the image { $name }
image-failed = image not available
kind-pdf = PDF
kind-archive = archive
kind-document = document
kind-sheet = spreadsheet
kind-slides = slides
kind-audio = audio
kind-video = video
kind-image = image
kind-text = text
kind-code = code
kind-other = file

## Looking at an image

lightbox = Image
lightbox-position = { $index } of { $count }
lightbox-previous = Previous image
lightbox-next = Next image
lightbox-download = Download

## Connection and session

offline = You are offline. Your messages go out as soon as you are back.
offline-retry = Try now
connecting = Connecting…
restarting = The server is restarting. Back in a moment.
moved = You opened { $room } in another tab.
moved-here = Use it here
kicked = You were removed from the server.
too-many-tabs = Too many tabs are open for this account. Close one of them.
outdated = Papo has changed. Reload the page to go on.
reload = Reload
rate-limited = { $seconds ->
    [one] Too many messages in a row. This one goes out in { $seconds } second.
   *[other] Too many messages in a row. This one goes out in { $seconds } seconds.
}
session-over-title = Your session is over
session-over-text = Sign in again to go on. What you were writing has been kept.
session-over-action = Sign in
sign-out = Sign out
sign-out-failed = Signing out did not work. Please try again.

## Preferences

preferences = Preferences
pref-language = Language
pref-theme = Theme
pref-theme-system = System
pref-theme-light = Light
pref-theme-dark = Dark

## Dialogs

close = Close
cancel = Cancel
ok = OK
try-again = Try again

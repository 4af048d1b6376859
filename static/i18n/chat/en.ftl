# Papo in English: the first screen of the chat. pt-BR.ftl has the same keys; a few stand in ../en.ftl too, and say the same there.

app-name = Papo
skip-to-composer = Skip to the message box

## What went wrong with a request, by code

problem-network = We could not reach the server. Check your connection and try again.

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
room-unsent = { $count ->
    [one] { $count } message to send
   *[other] { $count } messages to send
}
room-failed = { $count ->
    [one] { $count } message not sent
   *[other] { $count } messages not sent
}
bell = Notifications of this room
room-new = New room

## People

people = People in the room
people-show = Show the people in the room
people-hide = Hide the people in the room
people-here = In the room
person-you = you
person-typing = typing…
person-guest = Guest

## Messages

log = Messages of { $room }
log-loading = Loading the messages
log-older = Loading older messages
log-older-failed = The older messages could not be loaded.
log-newer = Loading newer messages
log-newer-failed = The newer messages could not be loaded.
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
why-stale = it has waited for more than a day

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
attach-drop = Drop here to attach
attach-guest = Guests do not send files here.
image-open = Open the image { $name }
image-failed = image not available

## Connection and session

offline = You are offline. Your messages go out as soon as you are back.
offline-retry = Try now
restarting = The server is restarting. Back in a moment.
moved = You opened { $room } in another tab.
moved-here = Use it here
kicked = You were removed from the server.
too-many-tabs = Too many tabs are open for this account. Close one of them.
outdated = Papo has changed. Reload the page to go on.
reload = Reload
queue-full = Too many messages are waiting for the connection already. The text stays here.
rate-limited = { $seconds ->
    [one] Too many messages in a row. This one goes out in { $seconds } second.
   *[other] Too many messages in a row. This one goes out in { $seconds } seconds.
}
session-over-title = Your session is over
session-over-text = Sign in again to go on. What you were writing has been kept.
session-over-guest = The name of a guest is free again when you leave or stay away. Sign in again with it or with another. What you were writing comes back with the same name.
session-over-action = Sign in
sign-out = Sign out
sign-out-failed = Signing out did not work. Please try again.

## Preferences

preferences = Preferences

## Dialogs

close = Close
ok = OK
try-again = Try again

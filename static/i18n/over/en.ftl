# Papo in English: what lies over the chat, fetched when it is first needed. pt-BR.ftl has the same keys.

## Rooms

room-new-title = Create a room
room-new-lead = Everyone on the server can come in.
room-new-lead-guest = Everyone on this server can come in. The room goes when it is empty.
room-new-name = Room name
room-new-tip = Up to 40 letters, digits, spaces, hyphens and underscores.
room-new-submit = Create room
bell-is-on = You will get a notice when somebody writes in { $room }.
bell-denied = The browser does not let Papo tell you. Allow notifications in the settings of this site.

## People

profile-here = In { $room } now
profile-away = Not in this room
profile-username = Username
profile-email = E-mail
profile-no-email = not given
profile-since = On Papo since
profile-failed = The profile could not be loaded.
profile-guest = Here without an account: the name is free again when they leave.
profile-gone = This person has left, and the name was free again.

## Writing and attaching

attachments = Attachments
attach-queued = Waiting
attach-progress = { $sent } of { $total }
attach-ready = { $size } · ready
attach-too-large = Over the limit of { $size }
attach-too-many = { $count ->
    [one] Only { $count } attachment fits in a message.
   *[other] Only { $count } attachments fit in a message.
}
attach-failed = Not uploaded.
attach-waiting = Waiting for the connection.
attach-retry-now = Try now
attach-quota = Your space for attachments is used up.
attach-no-space = The server is out of space.
attach-retry = Try again
attach-sending = Uploading { $name }
attach-cancel = Cancel the upload of { $name }
attach-remove = Remove { $name }

## Files

file-download = Download
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

## Preferences

pref-language = Language
pref-theme = Theme
pref-theme-system = System
pref-theme-light = Light
pref-theme-dark = Dark

## Dialogs

cancel = Cancel

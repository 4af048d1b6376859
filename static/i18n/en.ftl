# Papo in English: the pages that the server draws, and what may be wrong with a request. pt-BR.ftl has the same keys.

app-name = Papo
lang-other-name = Português
tagline = chat like it used to be :-)
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
guest-heading = Just passing by?
guest-field = Guest name
guest-tip = No password. The name is free again when you leave.
guest-submit = Come in as a guest
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
tip-username = Letters, digits, dot, hyphen and underscore.
tip-password = At least 8 characters.
password-show = Show the password
password-hide = Hide the password

## Even and odd numbers

numbers-title = Even and odd numbers

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
field-look-alike = That name looks too much like one that is taken.
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
room-bad-title = This room cannot be opened
room-bad-text = Its name has a character that cannot be used.

## People

people = People in the room
people-here = In the room
person-guest = Guest

## The page of the API

docs-title = The API
docs-skip = Skip to the operations
docs-failed = The description cannot be fetched. Reload the page.
docs-noscript = This page needs JavaScript. The description itself does not:

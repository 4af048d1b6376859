# Papo in English: the page of the API. What it says of the API itself comes from the description, in English.

docs-heading = The API
docs-nav = Operations
docs-identity = Who you are here
docs-nobody = Nobody is signed in in this browser.
docs-somebody = Requests are sent as { $username }, who is signed in in this browser.
docs-sign-in = Sign in
docs-token = Token, to be someone else
docs-token-tip = The token that signing in answers. It is sent with every request and kept nowhere.
docs-optional = optional
docs-fields = Fields
docs-try = Try it
docs-send = Send
docs-body = Body
docs-headers = Headers
docs-took = { $ms } ms
docs-responses = Answers
docs-no-answer = No answer.
docs-answer-picture = The picture that was answered
docs-socket = A page cannot send this by itself; in a terminal:

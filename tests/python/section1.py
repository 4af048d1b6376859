#!/usr/bin/env python3
"""A plain WebSocket client that knows only PROTOCOL.md, and does all of its section 1.

    pip install websockets
    python tests/python/section1.py --url http://127.0.0.1:8080

Prints each step; exits with 1 at the first surprise. It makes accounts of its own, and needs the rooms sala-1 and sala-2.
"""
import argparse
import asyncio
import json
import secrets
import sys
import urllib.error
import urllib.request

import websockets

DEADLINE_S = 20
PASSWORD = "goiabada com queijo"


class Surprise(Exception):
    """Something PROTOCOL.md does not say."""


def step(text):
    print(f"ok  {text}", flush=True)


def check(holds, what):
    if not holds:
        raise Surprise(what)


def contains(value, fields):
    if isinstance(fields, dict):
        return isinstance(value, dict) and all(name in value and contains(value[name], field) for name, field in fields.items())
    return value == fields


def http(url, method, path, body=None, token=None):
    """Status and JSON of one request."""
    request = urllib.request.Request(url + path, method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    data = None
    if body is not None:
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data, DEADLINE_S) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    return status, json.loads(text) if text else None


def upload(url, token, name, content):
    edge = secrets.token_hex(8)
    head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={edge}"}
    with urllib.request.urlopen(urllib.request.Request(url + "/api/uploads", body, headers), timeout=DEADLINE_S) as answer:
        return json.loads(answer.read())[0]["url"]


class Client:
    """One socket. `rooms` and `ping` events come by themselves and are set aside."""

    def __init__(self, socket):
        self.socket, self.id, self.events, self.answers = socket, 0, [], []

    @classmethod
    async def open(cls, url, token):
        address = url.replace("http", "ws", 1) + "/ws"
        client = cls(await websockets.connect(address, additional_headers={"Authorization": f"Bearer {token}"}))
        hello = await client.event()
        check(hello["type"] == "hello", f"hello is first, not {hello}")
        client.hello = hello
        return client

    async def read(self):
        frame = await asyncio.wait_for(self.socket.recv(), DEADLINE_S)
        check(isinstance(frame, str), "the server sends text frames")
        for line in frame.split("\n"):
            thing = json.loads(line)
            (self.answers if thing["type"] in ("ok", "error") else self.events).append(thing)

    async def event(self, kind=None):
        while True:
            while self.events:
                event = self.events.pop(0)
                if event["type"] == kind or event["type"] not in ("rooms", "ping"):
                    return event
            await self.read()

    async def hears(self, **fields):
        event = await self.event(fields.get("type"))
        check(contains(event, fields), f"expected {fields}, heard {event}")
        return event

    async def send(self, **command):
        self.id += 1
        await self.socket.send(json.dumps({"id": self.id, **command}))
        return self.id

    async def answer(self):
        while not self.answers:
            await self.read()
        return self.answers.pop(0)

    async def asks(self, **command):
        number = await self.send(**command)
        answer = await self.answer()
        check(answer.get("id") == number, f"the answer to {number}, not {answer}")
        return answer

    async def does(self, **command):
        answer = await self.asks(**command)
        check(answer["type"] == "ok", f"{command} → {answer}")
        return answer

    async def refused(self, code, **command):
        answer = await self.asks(**command)
        check(answer["type"] == "error" and answer["code"] == code and "retry" in answer, f"{command} → {answer}, not {code}")
        return answer

    async def silence(self):
        await self.does(type="ping")
        heard = [event for event in self.events if event["type"] not in ("rooms", "ping")]
        check(not heard, f"silence, not {heard}")

    async def closed(self, code):
        try:
            while True:
                await self.read()
        except websockets.ConnectionClosed as end:
            got = end.rcvd.code if end.rcvd else 1006
            check(got == code, f"closed with {got}, not {code}")

    async def close(self):
        await self.socket.close()


def register(url, name):
    username = f"{name}-{secrets.token_hex(4)}"
    person = {"name": name.title(), "username": username, "email": f"{username}@exemplo.com.br", "password": PASSWORD}
    status, body = http(url, "POST", "/api/register", person)
    check(status == 201 and body["user"]["username"] == username, f"register → {status} {body}")
    return username, body["token"]


async def handshake(url, ana, token):
    for headers in ({}, {"Authorization": "Bearer nada"}):
        try:
            await websockets.connect(url.replace("http", "ws", 1) + "/ws", additional_headers=headers)
            raise Surprise("a socket without a login")
        except websockets.InvalidStatus as refused:
            check(refused.response.status_code == 401, f"401, not {refused.response.status_code}")
    step("without a login: 401")
    client = await Client.open(url, token)
    check(client.hello["user"]["username"] == ana, client.hello)
    check(all(name in client.hello for name in ("session", "rooms", "limits", "ping_ms", "version")), client.hello)
    step("hello is first, and tells user, session, rooms, limits, ping_ms, version")
    return client


async def talk(url, a, b, ana, bia, room):
    welcome = await a.does(type="join", room=room)
    fields = ("room", "title", "seat", "epoch", "head_seq", "mode", "events", "more", "members", "typing")
    check(all(name in welcome for name in fields), welcome)
    check(welcome["mode"] == "snapshot" and welcome["reason"] == "not_requested" and welcome["head_seq"] == 0, welcome)
    step("join opens a room and answers a snapshot")
    await b.does(type="join", room=room)
    await a.hears(type="member_joined", room=welcome["room"], member={"username": bia, "guest": False})
    step("the other hears member_joined")
    again = await a.does(type="join", room=room)
    check(again["seat"] == welcome["seat"] and len(again["members"]) == 2, again)
    await b.silence()
    step("joining again is harmless")
    await a.does(type="typing", active=True)
    await b.hears(type="typing", username=ana, active=True)
    sent = await a.does(type="send", client_id="um", text="oi!", images=[], files=[])
    check(sent["seq"] == 1 and isinstance(sent["sent_at"], int), sent)
    heard = [await b.event(), await b.event()]
    check({event["type"] for event in heard} == {"typing", "message"}, heard)
    message = next(event for event in heard if event["type"] == "message")
    check(contains(message, {"seq": 1, "client_id": "um", "text": "oi!", "from": {"username": ana, "name": "Ana"}, "images": [], "files": []}), message)
    step("send: ok to one, message to the other, typing ends")
    repeated = await a.does(type="send", client_id="um", text="oi!")
    check(repeated["seq"] == 1 and repeated.get("duplicate") is True, repeated)
    await a.refused("conflict", type="send", client_id="um", text="outra coisa")
    await b.silence()
    step("the same client_id: duplicate, told to nobody; with other content: conflict")
    return welcome


async def files(url, token, a, b):
    address = upload(url, token, "notas.txt", b"tudo")
    await a.does(type="send", text="", files=[address])
    event = await b.hears(type="message", text="")
    check(contains(event["files"][0], {"url": address, "name": "notas.txt", "bytes": 4}), event)
    await a.refused("unknown_upload", type="send", text="", files=["/static/nada"])
    await b.refused("unknown_upload", type="send", text="", files=[address])
    step("an upload travels in a message; of others or of nobody it is unknown_upload")


async def several(a, b):
    await a.socket.send('{"type":"ping","id":101}\n{"type":"send","id":102,"text":"dois"}\n{"type":"nada","id":103}\n{"type":"ping","id":104}')
    answers = [await a.answer() for _ in range(4)]
    check([answer["id"] for answer in answers] == [101, 102, 103, 104], answers)
    check([answer.get("code", "ok") for answer in answers] == ["ok", "ok", "unknown_type", "ok"], answers)
    await b.hears(type="message", text="dois")
    step("several commands in one frame are answered in their order")


async def errors(a, b):
    for code, command in (
        ("empty_message", {"type": "send", "text": ""}),
        ("text_too_long", {"type": "send", "text": "é" * 4001}),
        ("bad_frame", {"type": "send", "text": 7}),
        ("bad_frame", {"type": "typing"}),
        ("bad_room", {"type": "join", "room": "a/b"}),
        ("unknown_type", {"type": "nada"}),
    ):
        await a.refused(code, **command)
    await a.socket.send("isto não é JSON")
    answer = await a.answer()
    check(answer["type"] == "error" and answer["code"] == "bad_frame" and "id" not in answer, answer)
    await b.silence()
    step("errors: empty_message, text_too_long, bad_frame, bad_room, unknown_type; nobody else hears of them")


async def history(a, head):
    page = await a.does(type="history", before=head + 1, limit=2)
    check([event["seq"] for event in page["events"]] == [head - 1, head] and page["more"] is True, page)
    page = await a.does(type="history", after=0, limit=2)
    check([event["seq"] for event in page["events"]] == [1, 2] and page["more"] is True, page)
    rooms = (await a.does(type="rooms"))["rooms"]
    check(all({"id", "title", "members", "permanent"} <= set(room) for room in rooms), rooms)
    step("history both ways, rooms")


async def resume(url, token, a, b, room):
    await b.close()
    for n in range(5):
        last = await a.does(type="send", text=f"enquanto isso {n}")
    b = await Client.open(url, token)
    epoch = (await a.does(type="join", room=room))["epoch"]
    answer = await b.does(type="join", room=room, since={"epoch": epoch, "seq": last["seq"] - 5}, limit=2)
    seqs = [event["seq"] for event in answer["events"]]
    check(answer["mode"] == "resumed" and "reason" not in answer and answer["more"] is True, answer)
    check(seqs == [last["seq"] - 4, last["seq"] - 3], seqs)
    page = await b.does(type="history", after=seqs[-1])
    check([event["seq"] for event in page["events"]] == [last["seq"] - 2, last["seq"] - 1, last["seq"]], page)
    for reason, since in (("ahead", {"epoch": epoch, "seq": last["seq"] + 1}), ("epoch_changed", {"epoch": "nenhuma", "seq": 1})):
        answer = await b.does(type="join", room=room, since=since)
        check(answer["mode"] == "snapshot" and answer["reason"] == reason, answer)
    await a.silence()
    step("back within the grace: nobody heard; resumed, more, history fills; ahead and epoch_changed are told")
    return b


async def tabs(url, token, a, b, ana, room):
    other = await Client.open(url, token)
    await other.does(type="join", room=room)
    await b.silence()
    await a.does(type="send", text="em duas abas")
    await other.hears(type="message", text="em duas abas")
    await b.hears(type="message", text="em duas abas")
    await other.does(type="join", room="sala-2")
    await a.hears(type="moved", to="sala-2")
    await b.hears(type="member_left", username=ana, reason="moved")
    for command in ({"type": "send", "text": "x"}, {"type": "typing", "active": True}, {"type": "history"}, {"type": "leave"}):
        await a.refused("not_in_room", **command)
    await other.close()
    await a.does(type="join", room=room)
    await b.hears(type="member_joined", member={"username": ana})
    step("two tabs are one member; one that joins elsewhere takes the other out: moved, not_in_room")


async def time_rules(a, b, ana):
    await a.does(type="typing", active=True)
    await b.hears(type="typing", username=ana, active=True)
    begun = asyncio.get_running_loop().time()
    await b.hears(type="typing", username=ana, active=False)
    check(5 < asyncio.get_running_loop().time() - begun < 8, "typing ends after 6 s")
    await a.does(type="typing", active=True)
    await b.hears(type="typing", active=True)
    await a.does(type="leave")
    await b.hears(type="typing", active=False)
    await b.hears(type="member_left", username=ana, reason="left")
    step("typing ends after 6 s, and before member_left")


async def endings(url, a, b, ana, token, room):
    await a.does(type="join", room=room)
    await b.hears(type="member_joined")
    status, _ = http(url, "POST", "/api/logout", token=token)
    check(status == 204, f"logout → {status}")
    await asyncio.wait_for(a.closed(4501), 1)
    await b.hears(type="member_left", username=ana, reason="signed_out")
    step("signing out: 4501 within a second, member_left signed_out")
    for _ in range(20):
        await b.socket.send("isto não é JSON")
    await b.closed(4500)
    step("twenty bad frames in a row: 4500")


async def main(url):
    ana, token_a = register(url, "ana")
    bia, token_b = register(url, "bia")
    room = f"Sala {secrets.token_hex(4)}"
    a = await handshake(url, ana, token_a)
    for command in ({"type": "send", "text": "x"}, {"type": "typing", "active": True}, {"type": "history"}, {"type": "leave"}):
        await a.refused("not_in_room", **command)
    step("outside of a room: not_in_room")
    b = await Client.open(url, token_b)
    welcome = await talk(url, a, b, ana, bia, room)
    check(welcome["room"] == room.lower().replace(" ", "-") and welcome["title"] == room, welcome)
    await files(url, token_a, a, b)
    await several(a, b)
    await errors(a, b)
    await history(a, 3)
    b = await resume(url, token_b, a, b, room)
    await tabs(url, token_a, a, b, ana, room)
    await time_rules(a, b, ana)
    await endings(url, a, b, ana, token_a, room)
    print("all of section 1, as PROTOCOL.md says")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--url", default="http://127.0.0.1:8080")
    try:
        asyncio.run(main(arguments.parse_args().url.rstrip("/")))
    except (Surprise, AssertionError, KeyError, OSError, asyncio.TimeoutError, websockets.WebSocketException) as surprise:
        print(f"NO  {type(surprise).__name__}: {surprise}", file=sys.stderr)
        sys.exit(1)

#!/usr/bin/env python3
"""Schemathesis against the description that Papo serves of itself, /api/openapi.json.

    pip install 'schemathesis>=4.32,<5' websockets
    python tests/api/run.py --papo target/release/papo --seconds 60

It starts a server of its own with an empty folder and without limits, signs somebody in, keeps them in the room sala-1 by a
socket, so that there is a log to read, and stops the server again, which has to end with 0. What follows `--` goes to
schemathesis.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.request

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

HERE = pathlib.Path(__file__).parent
START_S = 10
STOP_S = 20
PASSWORD = "goiabada com queijo"


def start(papo, folder):
    """The server and where it listens."""
    arguments = ["--listen", "127.0.0.1:0", "--data-dir", folder / "data", "--uploads-dir", folder / "uploads", "--guests", "--limits", "off"]
    log = open(folder / "log", "wb")
    server = subprocess.Popen([papo, *arguments], stdout=subprocess.PIPE, stderr=log, text=True, cwd=folder)
    timer = threading.Timer(START_S, server.kill)
    timer.start()
    line = server.stdout.readline()
    timer.cancel()
    if "listening on " not in line:
        sys.exit(f"the server did not start within {START_S} s:\n{(folder / 'log').read_text()}")
    return server, line.split("listening on ")[1].strip()


def post(url, path, body):
    request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=START_S) as answer:
        return json.loads(answer.read())


def sit_in_a_room(url, token):
    """Joins sala-1, says a few things and stays, until the server goes."""
    address = url.replace("http", "ws", 1) + "/ws"
    try:
        with connect(address, additional_headers={"Authorization": f"Bearer {token}"}) as socket:
            socket.send('{"type":"join","id":1,"room":"sala-1"}')
            for n in range(5):
                socket.send(json.dumps({"type": "send", "text": f"mensagem {n}"}))
            for frame in socket:
                if '"type":"ping"' in frame:
                    socket.send('{"type":"ping"}')
    except ConnectionClosed:
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--papo", required=True, type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("more", nargs="*", help="arguments of schemathesis, after --")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        server, url = start(asked.papo.resolve(), folder)
        try:
            person = {"name": "Bot", "username": "bot", "email": "bot@example.org", "password": PASSWORD}
            token = post(url, "/api/register", person)["token"]
            threading.Thread(target=sit_in_a_room, args=(url, token), daemon=True).start()
            command = [sys.executable, "-m", "schemathesis.cli", "--config-file", HERE / "schemathesis.toml", "run"]
            command += [f"{url}/api/openapi.json", "--max-time", str(asked.seconds), *asked.more]
            about = {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "PAPO_URL": url, "PAPO_TOKEN": token, "PAPO_PASSWORD": PASSWORD}
            status = subprocess.run(command, env=os.environ | about, cwd=folder, check=False).returncode
        finally:
            server.terminate()
            ended = server.wait(STOP_S)
        faults = [line for line in (folder / "log").read_text().splitlines() if " ERROR " in line or "panicked" in line]
        print(f"the server ended with {ended} and wrote {len(faults)} errors", *faults[:20], sep="\n")
        sys.exit(1 if status or ended or faults else 0)


if __name__ == "__main__":
    main()

"""What schemathesis has to know of Papo besides its description: who asks, and that signing out ends a login."""
import os

import requests
import schemathesis
from requests.adapters import HTTPAdapter

LOGOUT = "/api/logout"


def bearer(case, token):
    case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.auth().skip_for(path=LOGOUT)
class Bot:
    """The one who sits in sala-1."""

    def get(self, case, context):
        return os.environ["PAPO_TOKEN"]

    def set(self, case, data, context):
        bearer(case, data)


@schemathesis.auth(refresh_interval=None).apply_to(path=LOGOUT)
class OwnLogin:
    """Whoever signs out ends the login of the request: each request gets one of its own."""

    def get(self, case, context):
        who = {"login": "bot", "password": os.environ["PAPO_PASSWORD"]}
        return requests.post(f"{os.environ['PAPO_URL']}/api/login", json=who, timeout=10).json()["token"]

    def set(self, case, data, context):
        bearer(case, data)


def closed_when_upgraded(send):
    """A handshake that is done takes its connection away from HTTP; requests would use it for the next request."""
    def sent(adapter, request, **options):
        response = send(adapter, request, **options)
        if response.status_code == 101:
            response.raw.connection.close()
        return response
    return sent


HTTPAdapter.send = closed_when_upgraded(HTTPAdapter.send)

"""Talking to a part over HTTP."""

import json
from http.client import HTTPConnection
from typing import Any


def answers(address: str, path: str) -> bool:
    """Say whether a GET is answered with 200."""
    try:
        return _request(address, "GET", path)[0] == 200
    except ConnectionRefusedError:
        return False


def get_json(address: str, path: str) -> Any:
    """Return what a GET brings, decoded."""
    return _json(address, "GET", path)


def post_json(address: str, path: str, body: object) -> Any:
    """Post JSON and return the answer, decoded."""
    return _json(address, "POST", path, json.dumps(body))


def _json(address: str, method: str, path: str, body: str | None = None) -> Any:
    status, answer = _request(address, method, path, body)
    assert status == 200, f"{method} http://{address}{path} was answered with {status}: {answer.decode()}"
    return json.loads(answer or "null")


def _request(address: str, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
    connection = HTTPConnection(address, timeout=10)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()

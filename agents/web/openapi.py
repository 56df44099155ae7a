"""The API described for programs and their authors: OpenAPI 3.1, derived from the definitions that are sent."""

from functools import cache
from importlib.metadata import version
from typing import Any, get_args

from pydantic import TypeAdapter

from schemas.verdicts import State
from schemas.wall import Point, Tile, Trouble
from schemas.words import Channel

_REF = "#/components/schemas/{model}"


def _parameter(name: str, description: str, place: str = "query", **schema: object) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": description,
        "schema": {"type": "string", **schema},
    }


_CLIENT = _parameter("client", "only this client, of those that the token shows")
_FILTERS = [
    _CLIENT,
    _parameter("contract", "only this contract"),
    _parameter("objective", "only objectives of this name"),
    _parameter("queue", "only this queue"),
    _parameter("channel", "only this channel", examples=[*get_args(Channel), "voice+chat"]),
]
_ID = _parameter("id", "contract:objective, or contract:objective:queue", "path")
_STATES = _parameter("state", "only those whose first figure stands so", enum=[state.value for state in State])
_EPISODES = _parameter("state", "open unless said otherwise", enum=["open", "closed", "all"])
_WINDOW = _parameter("window", "one of the objective's windows; the first of its figures unless said otherwise")
_SINCE = _parameter("since", "from this instant on (epoch ms), at most the last 24 hours", pattern="^[0-9]+$")


def _list_of(name: str, model: str) -> dict[str, Any]:
    items = {"type": "array", "items": {"$ref": _REF.format(model=model)}}
    return {"type": "object", "required": [name], "properties": {name: items}}


_HISTORY = {
    "type": "object",
    "required": ["id", "window", "unit", "points"],
    "properties": {
        "id": {"type": "string"},
        "window": {"type": "string"},
        "unit": {"type": "string"},
        "points": {"type": "array", "items": {"$ref": _REF.format(model="Point")}},
    },
}
_CONTRACTS = {
    "type": "object",
    "required": ["contracts"],
    "properties": {
        "contracts": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "client", "time_zone", "objectives"],
                "properties": {
                    "name": {"type": "string"},
                    "client": {"type": "string"},
                    "time_zone": {"type": "string"},
                    "objectives": {"type": "array", "items": {"type": "object"}},
                },
            },
        }
    },
}
_HEALTH = {
    "type": "object",
    "required": ["status", "detail", "stale", "clocks"],
    "properties": {
        "status": {"enum": ["ok", "stale", "reading"]},
        "detail": {"type": "string"},
        "stale": {"type": "array", "items": {"type": "string"}, "description": "clients that nobody judges now"},
        "clocks": {
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "description": "each client's event time (epoch ms)",
        },
    },
}


@cache
def document() -> dict[str, Any]:
    """The whole description."""
    _, described = TypeAdapter.json_schemas(
        [(model, "serialization", TypeAdapter(model)) for model in (Tile, Trouble, Point)], ref_template=_REF
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Service levels, live",
            "version": version("sla-stream"),
            "description": "Read-only. Instants are epoch milliseconds of event time. Answers carry an ETag.",
        },
        "paths": {
            "/api/v1/objectives": _get(
                "Every objective as it stands", [*_FILTERS, _STATES], _list_of("objectives", "Tile")
            ),
            "/api/v1/objectives/{id}": _get("One objective", [_ID, _CLIENT], {"$ref": _REF.format(model="Tile")}),
            "/api/v1/objectives/{id}/history": _get(
                "How it stood, every five minutes", [_ID, _CLIENT, _WINDOW, _SINCE], _HISTORY
            ),
            "/api/v1/episodes": _get(
                "Breaches and silent feeds: open ones, and those that ended within a week",
                [*_FILTERS, _EPISODES],
                _list_of("episodes", "Trouble"),
            ),
            "/api/v1/contracts": _get("What is promised", [_CLIENT, _FILTERS[1]], _CONTRACTS),
            "/api/v1/health": _get("Whether the figures are of now", [_CLIENT], _HEALTH),
        },
        "components": {
            "schemas": {**described["$defs"], "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        # Without tokens configured, this machine needs none.
        "security": [{"token": []}, {}],
    }


_PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def _get(summary: str, parameters: list[dict[str, Any]], schema: dict[str, Any]) -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}}}
    wrong = {
        "400": "a filter that is none",
        "401": "no token, or none of ours",
        "403": "without tokens, only the worker's own machine is served",
        "404": "nothing there that the token shows",
        "429": "the token asks too often; see Retry-After",
        "503": "the topics are still being read; see Retry-After",
    }
    return {
        "get": {
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
                "304": {"description": "as If-None-Match says"},
                **{code: {"description": why, **problem} for code, why in wrong.items()},
            },
        }
    }

"""Chat completions of Azure OpenAI on loopback: what it checks, and every way it can go wrong."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Literal

from aiohttp import web

from tests.servers.loopback import LoopbackServer

KEY = "the key of the tests"
DEPLOYMENT = "antwoorden"
Mood = Literal[
    "well", "slow", "busy", "down", "filtered", "cut off", "garbage", "no schema", "endless", "elsewhere"
]


class AzureOpenAI(LoopbackServer):
    """`says` is what the model answers; None: the first two sentences of the tip it was given."""

    def __init__(self) -> None:
        self.mood: Mood = "well"
        self.says: str | None = None
        self.asked: list[dict[str, Any]] = []
        """What the model was given: question, tip and language."""

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/openai/deployments/{deployment}/chat/completions", self._complete)
        return app

    async def _complete(self, request: web.Request) -> web.Response:
        if request.headers.get("api-key") != KEY:
            return _error(401, "401", "Access denied due to invalid subscription key or wrong API endpoint.")
        if request.match_info["deployment"] != DEPLOYMENT or request.query.get("api-version") != "2024-10-21":
            return _error(404, "DeploymentNotFound", "The API deployment for this resource does not exist.")
        body = await request.json()
        system, user = body["messages"]
        if (system["role"], user["role"]) != ("system", "user") or set(body) - {
            "messages", "temperature", "max_tokens", "response_format",
        }:  # fmt: skip
            return _error(400, "invalid_request_error", "Unrecognized request argument supplied.")
        schema = body["response_format"]["json_schema"]["schema"]
        if schema["additionalProperties"] or set(schema["required"]) != set(schema["properties"]):
            return _error(400, "invalid_request_error", "Invalid schema for response_format.")
        given = json.loads(user["content"])
        self.asked.append(given)
        match self.mood:
            case "slow":
                await asyncio.sleep(5)
            case "busy":
                return _error(429, "429", "Requests have exceeded the call rate limit.", {"Retry-After": "7"})
            case "down":
                return web.Response(
                    status=503, text="<html>Service Unavailable</html>", content_type="text/html"
                )
            case "filtered":
                return _error(400, "content_filter", "The response was filtered due to the prompt.")
            case "elsewhere":
                return web.Response(status=302, headers={"Location": "https://elsewhere.example"})
            case "garbage":
                return web.Response(text="{", content_type="application/json")
            case "endless":
                return web.Response(body=b"[" * 500_000, content_type="application/json")
        says = (
            self.says if self.says is not None else " ".join(given["tip"].split("\n", 1)[1].split(". ")[:1])
        )
        content = says if self.mood == "no schema" else json.dumps({"answer": says})
        finish = "length" if self.mood == "cut off" else "stop"
        return web.json_response(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1795000000,
                "model": "gpt-4o-mini",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": finish,
                        "message": {"role": "assistant", "content": content, "refusal": None},
                        "content_filter_results": {},
                    }
                ],
                "usage": {"prompt_tokens": 400, "completion_tokens": 60, "total_tokens": 460},
            }
        )


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=headers)

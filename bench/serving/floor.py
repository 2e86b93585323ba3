"""The least that a turn can cost here: aiohttp and pydantic read an activity, a session posts a reply."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from aiohttp import ClientSession, TCPConnector, web
from pydantic import BaseModel, Field

from bench.serving import serve


class Account(BaseModel):
    id: str
    name: str = ""


class Activity(BaseModel):
    type: str
    id: str
    service_url: str = Field(alias="serviceUrl")
    sender: Account = Field(alias="from")
    recipient: Account
    conversation: Account
    text: str = ""


class Floor:
    session: ClientSession

    async def start(self, app: web.Application) -> None:
        self.session = ClientSession(connector=TCPConnector(limit=500))

    async def messages(self, request: web.Request) -> web.Response:
        activity = Activity.model_validate_json(await request.read())
        conversation = quote(activity.conversation.id, safe="")
        reply = {
            "type": "message",
            "from": {"id": activity.recipient.id},
            "recipient": {"id": activity.sender.id},
            "conversation": {"id": activity.conversation.id},
            "text": f"Echo: {activity.text}",
            "replyToId": activity.id,
        }
        url = f"{activity.service_url}v3/conversations/{conversation}/activities/{quote(activity.id)}"
        async with self.session.post(url, json=reply) as response:
            await response.read()
        return web.Response()

    async def stop(self, app: web.Application) -> None:
        await self.session.close()


if __name__ == "__main__":
    floor, app = Floor(), web.Application()
    app.router.add_post("/api/messages", floor.messages)
    app.on_startup.append(floor.start)
    app.on_cleanup.append(floor.stop)
    asyncio.run(serve(app))

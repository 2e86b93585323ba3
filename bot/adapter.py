"""botbuilder's adapter on our own connector: what a turn sends goes out over aiohttp."""

from __future__ import annotations

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ActivityTypes, ConversationReference, ResourceResponse

from bot import wire
from bot.connector import Connector


class ChannelAdapter(BotAdapter):
    def __init__(self, connector: Connector) -> None:
        super().__init__()
        self.connector = connector

    async def send_activities(
        self, context: TurnContext, activities: list[Activity]
    ) -> list[ResourceResponse]:
        sent = []
        for activity in activities:
            if activity.type in (ActivityTypes.invoke_response, ActivityTypes.trace):
                sent.append(ResourceResponse())  # the bridge answers invokes itself; nobody reads traces
                continue
            activity_id = await self.connector.post(
                activity.service_url, activity.conversation.id, wire.write(activity), activity.reply_to_id
            )
            sent.append(ResourceResponse(id=activity_id or ""))
        return sent

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        await self.connector.update(
            activity.service_url, activity.conversation.id, activity.id, wire.write(activity)
        )
        return ResourceResponse(id=activity.id)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        await self.connector.delete(reference.service_url, reference.conversation.id, reference.activity_id)

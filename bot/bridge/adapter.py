"""botbuilder's adapter on our own connector: what a turn sends goes out over aiohttp."""

from __future__ import annotations

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ActivityTypes, ConversationReference, ResourceResponse

from bot.bridge import wire
from bot.bridge.connector import Connector


class ChatContext(TurnContext):
    """A turn in a chat, which knows the quick way to answer in it."""

    adapter: ChannelAdapter

    async def reply(self, message: Activity) -> str | None:
        """Post a message where the turn's activity came from, in answer to it; gives its id.

        `send_activity` would copy all of it deeply, and never sends what answers an activity with `expectReplies`.
        """
        to = self.activity
        message.channel_id, message.service_url, message.locale = to.channel_id, to.service_url, to.locale
        message.conversation, message.from_property, message.recipient = (
            to.conversation,
            to.recipient,
            to.from_property,
        )
        if to.type != ActivityTypes.conversation_update:
            message.reply_to_id = to.id
        self.responded = True
        return await self.adapter.post(message)


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
            sent.append(ResourceResponse(id=await self.post(activity) or ""))
        return sent

    async def post(self, activity: Activity) -> str | None:
        return await self.connector.post(
            activity.service_url, activity.conversation.id, wire.write(activity), activity.reply_to_id
        )

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        await self.connector.update(
            activity.service_url, activity.conversation.id, activity.id, wire.write(activity)
        )
        return ResourceResponse(id=activity.id)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        await self.connector.delete(reference.service_url, reference.conversation.id, reference.activity_id)

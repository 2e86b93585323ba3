"""What flows say, in a person's chat and in the channels of the helpdesk."""

from __future__ import annotations

from bot.bridge.connector import Connector, ConnectorError
from bot.helpdesk.desk_channel import as_job_error, channel_activity
from bot.turn import Card, Feature
from cards import flow_messages as cards
from domain.desk import Desk
from domain.flow_messages.actions import IN_CHANNEL, VIEW, load_message
from domain.helpdesk.channels import channel_of
from domain.jobs.handling import ClaimedJob, JobHandler
from domain.people.models import Person
from domain.unit import Unit
from locales import translator


async def view(unit: Unit, desk: Desk, person: Person, message_id: str) -> Card | None:
    said = await load_message(unit, message_id)
    return cards.message(translator(person.language), said) if said else None


def handlers(desk: Desk, connector: Connector) -> dict[str, JobHandler]:
    async def in_channel(job: ClaimedJob) -> None:
        """In the channel that the group has by then; nowhere when it has none any more."""
        async with desk.units.read() as unit:
            said = await load_message(unit, job.payload["message"])
            channel = await channel_of(unit, said.group_id) if said and said.group_id else None
        if said is None or channel is None:
            return
        card = cards.message(translator(desk.organisation.language), said)
        connector.vouch(channel.service_url)
        body = channel_activity(channel, channel.conversation_id, card)
        try:
            await connector.post(channel.service_url, channel.conversation_id, body)
        except ConnectorError as error:
            raise as_job_error(error) from error

    return {IN_CHANNEL: in_channel}


FEATURE = Feature(name="flow_messages", views={VIEW: view})

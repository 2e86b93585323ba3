"""`python -m localhost`: Wijzer on this machine. See docs/settings.md for what the environment can say."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys

from pydantic import ValidationError

from adapters.organisation.files import OrganisationError
from localhost.host import LocalHost
from localhost.keys import function_keys
from localhost.options import CannotStartError, options_from
from localhost.tenant import signing_in
from wiring.logs import configure_logs
from wiring.settings import settings


async def run() -> None:
    options = options_from()
    if not os.environ.get("WIJZER_BOT_APP_ID"):
        os.environ.setdefault("WIJZER_UNSAFE_NO_AUTHENTICATION_ON_LOOPBACK", "1")
        if not os.environ.get("WIJZER_API_CLIENT_ID"):
            os.environ.update(signing_in(options.tenant_port))
    os.environ.setdefault("WIJZER_LINKS_KEY", function_keys(options.folder).master)
    for name, value in options.defaults().items():
        os.environ.setdefault(name, value)
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    async with LocalHost(options, settings()) as host:
        print(host.summary(), flush=True)
        await stop.wait()
        print("\nEnding …", flush=True)


def main() -> int:
    argparse.ArgumentParser(prog="python -m localhost", description=__doc__).parse_args()
    configure_logs()
    try:
        asyncio.run(run())
    except CannotStartError as error:
        print(f"Wijzer cannot start. {error}", file=sys.stderr)
        return 1
    except OrganisationError as error:
        print(f"Wijzer cannot start. The organisation's files are wrong:\n{error}", file=sys.stderr)
        return 1
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False):
            print(f"Wijzer cannot start. {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

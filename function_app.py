"""What Azure Functions loads: every trigger of functions/, and nothing else."""

from __future__ import annotations

import azure.functions as func

from functions import clock, connector, files, health, mcp, messages, operations, work
from wiring.logs import configure_logs

configure_logs()

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
for module in (messages, connector, mcp, files, health, operations, work, clock):
    app.register_functions(module.blueprint)

"""Lists and calls a server with Python's MCP client: call_composite.py <url> <token>. Prints what it found as JSON."""

import asyncio
import importlib.metadata
import json
import sys

from mcp import ClientSession
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client


async def main(url: str, token: str) -> None:
    http = create_mcp_http_client(headers={"Authorization": f"Bearer {token}"})
    async with http, streamable_http_client(url, http_client=http) as streams:
        async with ClientSession(*streams[:2]) as session:
            await session.initialize()
            tools = [tool.name for tool in (await session.list_tools()).tools]
            for name, arguments in (("pets_getPet", {"petId": 7}), ("files_read", {}), ("about", {})):
                result = await session.call_tool(name, arguments)
                if getattr(result, "is_error", None) or getattr(result, "isError", None):
                    raise SystemExit(f"{name}: {result}")
    print(json.dumps({"tools": tools, "version": importlib.metadata.version("mcp")}))


asyncio.run(main(*sys.argv[1:]))

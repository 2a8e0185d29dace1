# Serves a document with FastMCP over stdio. Usage: fastmcp_server.py <document> <base URL> <credentials as JSON>
import json
import sys

from fastmcp import FastMCP

try:
    import httpx2 as httpx
except ImportError:
    import httpx

document, base_url, credentials = sys.argv[1:]
headers, params, cookies, auth = {}, {}, {}, None
for each in json.loads(credentials):
    if each["kind"] == "bearer":
        headers["Authorization"] = f"Bearer {each['value']}"
    elif each["kind"] == "basic":
        auth = (each["username"], each["password"])
    else:
        {"header": headers, "query": params, "cookie": cookies}[each["in"]][each["name"]] = each["value"]

client = httpx.AsyncClient(base_url=base_url, headers=headers, params=params, cookies=cookies, auth=auth)
with open(document, encoding="utf-8") as file:
    server = FastMCP.from_openapi(openapi_spec=json.load(file), client=client)
server.run(transport="stdio", show_banner=False)

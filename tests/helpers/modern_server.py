"""A server of the newest protocol, made with the SDK, that gains a tool while it runs."""

from mcp.server.mcpserver import Context, MCPServer

server = MCPServer("modern")


@server.tool()
async def grow(ctx: Context) -> str:
    """Offer one tool more."""
    server.add_tool(lambda: "new", name="grown", description="Was not there before.")
    await ctx.notify_tools_changed()
    return "grown"


@server.tool()
def table() -> dict[str, int]:
    """Give a structured answer."""
    return {"a": 1, "b": 2}


if __name__ == "__main__":
    server.run("stdio")

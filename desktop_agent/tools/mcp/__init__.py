"""Tools of MCP servers: programs of others, each in a cage of its own."""

"""HTTP to subgraphs: a keep-alive pool for each, on bare asyncio protocols and httptools."""

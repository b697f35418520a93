"""Who may ask for what: hosts, origins, tokens, sizes. Deny by default, for HTTP and WebSocket alike."""

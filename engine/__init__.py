"""Layerloom's engine: graphs of Keras layers, models built from them, data and training. Works without the server."""

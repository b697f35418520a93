"""The drawn document and what can be said about it without Keras."""

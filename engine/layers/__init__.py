"""The catalogue of what Keras offers, generated from the installed Keras, and what of it a document may use."""

"""Models from elsewhere as graph documents: Keras's configs and files of both formats, and its applications."""

"""Random layers for images, in the arguments that people know from Keras's `ImageDataGenerator`."""

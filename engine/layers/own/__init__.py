"""Our own classes, beside Keras's: serialisable, registered with Keras under the package `layerloom`."""

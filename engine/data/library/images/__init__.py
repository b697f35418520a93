"""Images in a folder or zip with a folder for each class, as `flow_from_directory` of Keras reads them."""

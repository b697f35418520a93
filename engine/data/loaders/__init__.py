"""The functions that read the data sets. Plain code over numpy, scikit-learn and Keras: exported Python brings them."""

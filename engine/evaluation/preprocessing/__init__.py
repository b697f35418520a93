"""What the layers that prepare data make of one example."""

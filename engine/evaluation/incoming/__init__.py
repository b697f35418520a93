"""What people send to a trained model, made into arrays for its inputs."""

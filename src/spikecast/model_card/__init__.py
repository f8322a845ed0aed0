"""What bundles tell of the models in them, read from their manifests alone."""

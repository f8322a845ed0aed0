"""Spiking networks in torch and snnTorch: built, trained, evaluated, exported. The only place that imports them."""

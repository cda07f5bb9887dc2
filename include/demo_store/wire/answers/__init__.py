"""The SOAP methods by resource; each class gives its methods by name and keeps nothing between calls."""

"""Marks that people leave on conversations, as the reader and the list show them."""

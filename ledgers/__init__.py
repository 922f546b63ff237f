"""The books: what an accountant can point to, and all SQL of the product."""

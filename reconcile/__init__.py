"""What people do, one module a step, in the order the money moves."""

"""What the model may do: tools, folder grants, approval policy."""

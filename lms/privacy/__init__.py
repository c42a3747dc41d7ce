"""What the site knows about people: the registry, the statement made from it, the export, deleting, and the terms."""

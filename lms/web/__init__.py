"""The HTTP toolkit that views and forms stand on: access, assets, headers, pages."""

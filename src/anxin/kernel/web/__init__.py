"""Shell, components, paging and headers of every page. See README.md."""

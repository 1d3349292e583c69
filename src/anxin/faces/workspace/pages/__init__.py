"""What staff open: workbench, customers list, search, saved views."""

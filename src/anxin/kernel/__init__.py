"""What every floor may use: no models, no business. Modules are imported by name, nothing is re-exported here."""

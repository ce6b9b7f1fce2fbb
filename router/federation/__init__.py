"""The words of the Federation specification: directives by version, links, field sets."""

"""What a change of the schema means for clients.

change             one change: how bad, where, what
schema_changes     two API schemas -> every change
field_changes      ... of fields of objects and interfaces
input_changes      ... of arguments and input fields
directive_changes  ... of directives
operations         recorded operations, from text
usage              an operation -> the parts of the schema it uses
report             composition, changes and operations together, and the verdict
plain, markdown    the report for people
"""

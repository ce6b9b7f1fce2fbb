"""Hot operations compiled: typed decoding is the check, typed encoding the projection.

An operation's plan becomes Structs (`classes`) laid out as the client's response (`layout`), and
generated functions that gather keys and merge answers (`ask_code`, `take_code`). What a plan has
that these do not cover is found while compiling (`uncovered.Uncovered`), and whatever an answer
has that they do not expect is found while running (`uncovered.Surprise`): either way the
interpreter, which is the reference, takes over with the same bytes.
"""

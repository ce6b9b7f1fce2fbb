"""Router settings: one YAML file, strict, named as Apollo Router names the same thing.

model.py says which keys there are; read.py fills variables in (router/expansion.py), holds a file
against the model and explains what is wrong with it.
"""

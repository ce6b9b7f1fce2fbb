"""Router settings: one YAML file, strict, named as Apollo Router names the same thing.

expand.py turns `${env.X:-default}` into values, model.py says which keys there are, read.py puts
the two together and explains what is wrong with a file.
"""

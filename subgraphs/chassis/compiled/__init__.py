"""Queries compiled to Python: the fast way for the operations a service answers all day.

selections.py: which fields of which type · leaves.py: scalars and enums · emit.py: a query's
generated functions · calls.py: resolvers and what they are given · query.py: compile and run.

Only queries, and only while everything is usual: any error, refusal, null where none may be, or
value of an unexpected kind raises, and the caller runs the same query through graphql-core, which
knows what to answer then.
"""

"""The router: subgraph schemas in, one endpoint out.

Data flows downwards through the folders, and imports go the same way only:

    federation   the words of the Federation specification
    supergraph   the composed schema: who resolves what
    graph        where a query can go
    compose      subgraph SDLs -> supergraph, or diagnostics
    check        two API schemas + recorded operations -> what breaks
    plan         operation + graph -> plan
    execute      plan + subgraphs -> response
    edge         one policy a file, in front of execution
    serve        HTTP
    commands     `python -m router <verb>`
"""

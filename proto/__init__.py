"""gRPC contracts between subgraphs, with their generated stubs beside them."""

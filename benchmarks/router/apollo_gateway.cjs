// Apollo Gateway over a supergraph file: node apollo_gateway.cjs SUPERGRAPH PORT
const { readFileSync } = require("node:fs");
const { ApolloServer } = require("@apollo/server");
const { startStandaloneServer } = require("@apollo/server/standalone");
const { ApolloGateway } = require("@apollo/gateway");

const [supergraph, port] = process.argv.slice(2);
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(supergraph, "utf8") });
const server = new ApolloServer({ gateway, csrfPrevention: true });
startStandaloneServer(server, { listen: { host: "127.0.0.1", port: Number(port) } });

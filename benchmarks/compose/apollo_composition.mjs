// @apollo/composition over files: node apollo_composition.mjs NODE_MODULES SUPERGRAPH_YAML OUTPUT
// (the YAML is JSON here, with files relative to it)
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [modules, config, output] = process.argv.slice(2);
const require = createRequire(join(modules, "any.js"));
const { composeServices } = require("@apollo/composition");
const { parse } = require("graphql");

const { subgraphs } = JSON.parse(readFileSync(config, "utf8"));
const services = Object.entries(subgraphs).map(([name, { routing_url, schema }]) => {
  const typeDefs = parse(readFileSync(join(dirname(config), schema.file), "utf8"));
  return { name, url: routing_url, typeDefs };
});
const { errors = [], supergraphSdl } = composeServices(services);
for (const error of errors) console.error(`${error.extensions?.code}: ${error.message}`);
if (supergraphSdl === undefined) process.exit(1);
writeFileSync(output, supergraphSdl);

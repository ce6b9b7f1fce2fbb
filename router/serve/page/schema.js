// The schema's types, to be read and clicked through.

import { ask } from "./requests.js";

const TYPE = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
const INPUT = `name description defaultValue type { ${TYPE} }`;
const QUERY = `query Types { __schema {
  queryType { name } mutationType { name } subscriptionType { name }
  types { kind name description
    fields(includeDeprecated: true) { name description isDeprecated deprecationReason args { ${INPUT} } type { ${TYPE} } }
    inputFields { ${INPUT} } enumValues { name description } possibleTypes { name } interfaces { name } } } }`;

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export async function schemaBrowser(path, { types, crumbs, search, use }) {
  const answer = await ask(path, { query: QUERY });
  const schema = answer.json?.data?.__schema;
  if (!schema) {
    types.replaceChildren(element("p", "", answer.json?.errors?.[0]?.message ?? "The schema cannot be read."));
    return;
  }
  const byName = new Map(schema.types.filter((type) => !type.name.startsWith("__")).map((type) => [type.name, type]));
  const roots = ["queryType", "mutationType", "subscriptionType"].map((key) => schema[key]?.name).filter(Boolean);

  function link(name) {
    const button = element("button", "link", name);
    button.addEventListener("click", () => show(name));
    return button;
  }

  function typeReference(type) {
    if (type.kind === "NON_NULL") return [...typeReference(type.ofType), "!"];
    if (type.kind === "LIST") return ["[", ...typeReference(type.ofType), "]"];
    return [link(type.name)];
  }

  function argument(input) {
    const value = input.defaultValue == null ? [] : [` = ${input.defaultValue}`];
    return [`${input.name}: `, ...typeReference(input.type), ...value];
  }

  function field(owner, item) {
    const row = element("div", "field");
    if (roots.includes(owner.name)) {
      const button = element("button", "use", "use");
      button.addEventListener("click", () => use(draft(owner, item)));
      row.append(button);
    }
    row.append(item.name);
    if (item.args?.length) {
      row.append("(", ...item.args.flatMap((arg, index) => [...(index ? [", "] : []), ...argument(arg)]), ")");
    }
    row.append(": ", ...typeReference(item.type));
    if (item.defaultValue != null) row.append(` = ${item.defaultValue}`);
    if (item.description) row.append(element("small", "", item.description));
    if (item.isDeprecated) row.append(element("small", "t-bad", `Deprecated: ${item.deprecationReason ?? ""}`));
    return row;
  }

  // An operation that asks the field, with its required arguments as variables.
  function draft(owner, item) {
    const print = (type) => type.kind === "NON_NULL" ? `${print(type.ofType)}!` : type.kind === "LIST" ? `[${print(type.ofType)}]` : type.name;
    const named = (type) => type.ofType ? named(type.ofType) : type.name;
    const needed = item.args.filter((arg) => arg.type.kind === "NON_NULL" && arg.defaultValue == null);
    const kind = owner.name === schema.mutationType?.name ? "mutation" : owner.name === schema.subscriptionType?.name ? "subscription" : "query";
    const name = item.name[0].toUpperCase() + item.name.slice(1);
    const variables = needed.map((arg) => `$${arg.name}: ${print(arg.type)}`).join(", ");
    const given = needed.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
    const isLeaf = (type) => ["SCALAR", "ENUM"].includes(byName.get(type)?.kind ?? "SCALAR");
    const leaves = (byName.get(named(item.type))?.fields ?? []).filter((inner) => isLeaf(named(inner.type)) && !inner.args.length);
    const selection = isLeaf(named(item.type)) ? "" : ` {\n    ${(leaves.length ? leaves.slice(0, 8).map((inner) => inner.name) : ["__typename"]).join("\n    ")}\n  }`;
    return {
      operation: `${kind} ${name}${variables && `(${variables})`} {\n  ${item.name}${given && `(${given})`}${selection}\n}\n`,
      variables: Object.fromEntries(needed.map((arg) => [arg.name, null])),
    };
  }

  function show(name) {
    search.value = "";
    const type = byName.get(name);
    const all = element("button", "link", "all types");
    all.addEventListener("click", overview);
    crumbs.replaceChildren(all, ` / ${name}`);
    const parts = [element("p", "", type.description || `${type.kind.toLowerCase().replace("_", " ")}`)];
    if (type.interfaces?.length) parts.push(element("div", "", "implements ", ...type.interfaces.flatMap((item, i) => [i ? ", " : "", link(item.name)])));
    if (type.possibleTypes?.length) parts.push(element("div", "", "is ", ...type.possibleTypes.flatMap((item, i) => [i ? " | " : "", link(item.name)])));
    for (const item of type.fields ?? type.inputFields ?? []) parts.push(field(type, item));
    for (const item of type.enumValues ?? []) parts.push(element("div", "field", item.name, ...(item.description ? [element("small", "", item.description)] : [])));
    types.replaceChildren(...parts);
    types.scrollTop = 0;
  }

  function overview() {
    crumbs.replaceChildren();
    const rest = [...byName.keys()].filter((name) => !roots.includes(name)).sort();
    types.replaceChildren(...[...roots, ...rest].map((name) => element("div", "field", link(name))));
  }

  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    if (!wanted) return overview();
    const found = [];
    for (const type of byName.values()) {
      if (type.name.toLowerCase().includes(wanted)) found.push(element("div", "field", link(type.name)));
      for (const item of type.fields ?? type.inputFields ?? []) {
        if (item.name.toLowerCase().includes(wanted)) found.push(element("div", "field", link(type.name), `.${item.name}`));
      }
    }
    crumbs.replaceChildren();
    types.replaceChildren(...(found.length ? found.slice(0, 100) : [element("p", "", "Nothing has this name.")]));
  });
  overview();
}

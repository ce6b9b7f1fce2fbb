// Talking to the router.

export async function ask(path, body, headers = {}) {
  const begun = performance.now();
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json, application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const milliseconds = performance.now() - begun;
  let json = null;
  try { json = JSON.parse(text); } catch { /* shown as it is */ }
  return { status: response.status, text, json, milliseconds, bytes: new Blob([text]).size };
}

export function at(value, path) {
  return path.split(".").reduce((inner, key) => inner?.[key], value);
}

export function put(value, path, item) {
  const keys = path.split(".");
  const last = keys.pop();
  const inner = keys.reduce((place, key) => place?.[key], value);
  if (inner && (inner[last] === "" || inner[last] == null)) inner[last] = item;
}

export function operationNames(query) {
  const bare = query.replace(/#[^\n]*/g, "").replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"/g, '""');
  return [...bare.matchAll(/\b(?:query|mutation|subscription)\s+([_A-Za-z]\w*)/g)].map((match) => match[1]);
}

// Colours for GraphQL and JSON: one regular expression each, no parser.

const GRAPHQL = /(#[^\n]*)|("""[\s\S]*?"""|"(?:\\.|[^"\\\n])*")|(\$\w+|@\w+)|\b(query|mutation|subscription|fragment|on|true|false|null)\b|(-?\d+(?:\.\d+)?)/g;
const JSON_TEXT = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;
const LARGEST = 400_000;

function span(kind, text) {
  const element = document.createElement("span");
  element.className = `t-${kind}`;
  element.textContent = text;
  return element;
}

function* pieces(text, pattern, kindOf) {
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const [kind, coloured] = kindOf(match);
    yield text.slice(at, match.index);
    yield span(kind, coloured);
    at = match.index + coloured.length;
  }
  yield text.slice(at);
}

function graphqlKind([whole, comment, string, name, word]) {
  const kind = comment ? "note" : string ? "string" : name ? "key" : word ? "word" : "number";
  return [kind, whole];
}

function jsonKind([whole, string, colon, word]) {
  if (string) return [colon ? "key" : "string", string];
  return [word ? "word" : "number", whole];
}

export function highlight(element, text, language) {
  if (text.length > LARGEST) {
    element.textContent = text;
    return;
  }
  const [pattern, kindOf] = language === "json" ? [JSON_TEXT, jsonKind] : [GRAPHQL, graphqlKind];
  element.replaceChildren(...pieces(text, pattern, kindOf));
}

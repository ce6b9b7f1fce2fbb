// The landing page: an operation in, a response out, with the samples and logins of the settings.

import { editor } from "./editor.js";
import { highlight } from "./highlight.js";
import { ask, at, operationNames, put } from "./requests.js";
import { schemaBrowser } from "./schema.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const part = (id) => document.getElementById(id);
const kept = (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* private mode */ } };
const remembered = (key) => { try { return sessionStorage.getItem(key); } catch { return null; } };

const query = editor(part("query"), (text) => { kept("query", text); offerOperations(text); });
const variables = editor(part("variables"), (text) => kept("variables", text));
const headers = editor(part("headers"), (text) => kept("headers", text));
let token = null;

function offerOperations(text) {
  const names = operationNames(text);
  const select = part("operations");
  const chosen = select.value;
  select.replaceChildren(...names.map((name) => new Option(name)));
  if (names.includes(chosen)) select.value = chosen;
  select.hidden = names.length < 2;
}

function parsed(text, what) {
  if (!text.trim()) return {};
  try { return JSON.parse(text); } catch (error) { throw new Error(`${what}: not JSON (${error.message})`); }
}

function facts(answer) {
  const isGood = answer.status < 400 && !answer.json?.errors;
  const status = document.createElement("span");
  status.className = isGood ? "good" : "bad";
  status.textContent = answer.json?.errors ? `${answer.status} · ${answer.json.errors.length} error${answer.json.errors.length > 1 ? "s" : ""}` : answer.status;
  part("facts").replaceChildren(status, ` · ${answer.milliseconds.toFixed(0)} ms · ${(answer.bytes / 1024).toFixed(1)} KB`);
}

async function run() {
  part("run").disabled = true;
  try {
    const body = { query: query.text, variables: parsed(variables.text, "Variables") };
    if (!part("operations").hidden) body.operationName = part("operations").value;
    const extra = parsed(headers.text, "Headers");
    if (token) extra.authorization ??= `Bearer ${token}`;
    if (part("with-plan").checked) extra["apollo-expose-query-plan"] = "true";
    const answer = await ask(settings.path, body, extra);
    const plan = answer.json?.extensions?.apolloQueryPlan;
    part("plan-tab").hidden = !plan;
    if (plan) {
      delete answer.json.extensions.apolloQueryPlan;
      if (!Object.keys(answer.json.extensions).length) delete answer.json.extensions;
      highlight(part("plan"), plan.text, "graphql");
    } else select(document.querySelector('[data-shows="response"]'));
    highlight(part("response"), answer.json ? JSON.stringify(answer.json, null, 2) : answer.text, "json");
    facts(answer);
  } catch (error) {
    part("facts").replaceChildren();
    part("response").textContent = error.message;
  } finally {
    part("run").disabled = false;
  }
}

function select(tab) {
  for (const other of tab.parentElement.children) {
    other.setAttribute("aria-selected", String(other === tab));
    part(other.dataset.shows).hidden = other !== tab;
  }
}

async function open(sample) {
  const values = structuredClone(sample.variables ?? {});
  query.text = sample.operation;
  variables.text = Object.keys(values).length ? JSON.stringify(values, null, 2) : "";
  if (Object.keys(sample.headers ?? {}).length) headers.text = JSON.stringify(sample.headers, null, 2);
  if (sample.fill) {
    const answer = await ask(settings.path, { query: sample.fill.operation });
    put(values, sample.fill.into, at(answer.json?.data, sample.fill.value) ?? "");
    variables.text = JSON.stringify(values, null, 2);
  }
}

function offerSamples() {
  part("samples").hidden = !settings.samples.length;
  for (const sample of settings.samples) {
    const button = document.createElement("button");
    button.append(sample.name);
    if (sample.note) {
      const note = document.createElement("small");
      note.textContent = sample.note;
      button.append(note);
    }
    button.addEventListener("click", () => open(sample).then(run));
    const item = document.createElement("li");
    item.append(button);
    part("samples").querySelector("ul").append(item);
  }
}

function offerLogins() {
  part("account").hidden = !settings.logins.length;
  part("login").append(new Option("guest", ""), ...settings.logins.map((login, index) => new Option(login.name, index)));
  part("login").addEventListener("change", async (event) => {
    const login = settings.logins[event.target.value];
    token = null;
    if (!login) return;
    const answer = await ask(settings.path, {
      query: settings.login.operation,
      variables: { ...settings.login.variables, email: login.email, password: login.password },
    });
    token = at(answer.json?.data, settings.login.token) ?? null;
    if (!token) {
      event.target.value = "";
      highlight(part("response"), JSON.stringify(answer.json, null, 2), "json");
      facts(answer);
    }
  });
}

async function showHealth() {
  part("health").hidden = !settings.health;
  if (!settings.health) return;
  try {
    const state = await (await fetch(settings.health)).json();
    part("health").dataset.state = state.status;
    part("health").textContent = state.status.toLowerCase();
    part("health").title = Object.entries(state.checks).map(([name, check]) => `${name}: ${check.status}`).join("\n");
  } catch {
    part("health").dataset.state = "DOWN";
    part("health").textContent = "unreachable";
  }
}

part("endpoint").textContent = new URL(settings.path, location.href).href;
part("sandbox").href = `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(part("endpoint").textContent)}`;
part("run").addEventListener("click", run);
part("health").addEventListener("click", showHealth);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
for (const tab of document.querySelectorAll('[role="tab"]')) tab.addEventListener("click", () => select(tab));
query.text = remembered("query") ?? settings.samples[0]?.operation ?? "{ __typename }\n";
variables.text = remembered("variables") ?? (settings.samples[0] ? JSON.stringify(settings.samples[0].variables, null, 2) : "");
headers.text = remembered("headers") ?? "";
offerSamples();
offerLogins();
showHealth();
schemaBrowser(settings.path, {
  types: part("types"), crumbs: part("crumbs"), search: part("search"),
  use: (draft) => { query.text = draft.operation; variables.text = Object.keys(draft.variables).length ? JSON.stringify(draft.variables, null, 2) : ""; },
});

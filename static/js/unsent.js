// Keeps what is typed into a form of the desk until it is sent, in this tab only: after a log-in the form comes back.
const PREFIX = "unsent:";
const SENT = "unsent-sent"; // the key of the form that was sent last
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "expected", "password"]);

const kept = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem(key) || "null");
  } catch {
    return null;
  }
};

function store(key, entries) {
  try {
    if (entries) sessionStorage.setItem(key, JSON.stringify(entries));
    else sessionStorage.removeItem(key);
  } catch {
    // storage is full or not allowed: nothing is stored
  }
}

const entriesOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));

function restore(form, entries) {
  const changed = [];
  for (const field of form.elements) {
    const given = entries.filter(([name]) => name === field.name).map(([, value]) => value);
    if (!given.length || LEFT_OUT.has(field.name) || field.type === "hidden" || field.type === "file") continue;
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked === given.includes(field.value)) continue;
      field.checked = !field.checked;
    } else {
      if (field.multiple || field.value === given[0]) continue;
      field.value = given[0];
    }
    changed.push(field);
  }
  for (const field of changed) field.dispatchEvent(new Event("change", { bubbles: true }));
  return changed.length > 0;
}

const isRefused = (form) => form.querySelector(".is-invalid, .alert-danger");
const keyOf = (form, name) => `${PREFIX}${name}:${form.action}`;

function watch(form, key, words) {
  const found = kept(key);
  if (found && !isRefused(form) && !("fresh" in form.dataset) && restore(form, found)) {
    const note = Object.assign(document.createElement("p"), { className: "alert alert-info", textContent: words });
    note.setAttribute("role", "status");
    form.prepend(note);
  }
  form.addEventListener("input", () => store(key, entriesOf(form)));
  form.addEventListener("change", () => store(key, entriesOf(form)));
  form.addEventListener("submit", (event) => event.defaultPrevented || store(SENT, key));
}

export function bindUnsent(root) {
  const box = document.getElementById("idle");
  const sent = root === document && kept(SENT);
  if (sent) store(SENT, null);
  if (!box) return; // the log-in, or a page that says why a form was not taken
  const name = box.dataset.name;
  const forms = [...root.querySelectorAll("#content form[method=post]:not([data-kept])")].filter((form) => form.querySelector("textarea"));
  if (sent && !forms.some((form) => keyOf(form, name) === sent && isRefused(form))) store(sent, null);
  for (const form of forms) {
    form.dataset.kept = "1";
    watch(form, keyOf(form, name), box.dataset.restored);
  }
  for (const form of root.querySelectorAll("form[data-ends-session]")) form.addEventListener("submit", forget);
}

function forget() {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // storage is not allowed
  }
}

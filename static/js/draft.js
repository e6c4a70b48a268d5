// Keeps what is being typed on this device until it is sent: data-draft names it, data-draft-fields what is kept.
// Names and phones are never kept: the device may be shared.
const PREFIX = "draft:";

export function bindDrafts(root) {
  for (const mark of root.querySelectorAll("[data-draft-clear]")) forget(mark.dataset.draftClear);
  for (const form of root.querySelectorAll("form[data-draft]")) keep(form);
}

function keep(form) {
  const key = form.dataset.draft;
  const fields = form.dataset.draftFields.split(" ").map((name) => form.elements[name]).filter(Boolean);
  if (fields.every((field) => !field.value)) restore(form, key, fields);
  form.addEventListener("input", () => {
    const kept = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    write(key, JSON.stringify(kept));
  });
}

function restore(form, key, fields) {
  const kept = JSON.parse(read(key) || "{}");
  if (!kept.text && !kept.address) return;
  for (const field of fields) if (kept[field.name]) put(field, kept[field.name]);
  const note = form.querySelector("[data-draft-note]");
  if (!note) return;
  note.hidden = false;
  note.querySelector("button").addEventListener("click", () => {
    for (const field of fields) field.value = "";
    forget(key);
    note.hidden = true;
  });
}

// A choice whose options hang on another one comes back when they are there.
function put(field, value) {
  field.value = value;
  if (field.tagName !== "SELECT") return;
  if (field.value === value) field.dispatchEvent(new Event("change", { bubbles: true }));
  else field.addEventListener("options", () => put(field, value), { once: true });
}

function read(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

function write(key, text) {
  try {
    localStorage.setItem(PREFIX + key, text);
  } catch {
    // no room or not allowed: nothing is kept
  }
}

function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // not allowed: nothing was kept
  }
}

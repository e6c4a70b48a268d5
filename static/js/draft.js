// Stores unsent form text on this device: data-draft is the key, data-draft-fields the names of the fields.
// Names and phone numbers are never stored, because the device may be shared.
import { choose } from "./option_groups.js";

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

// A select whose options depend on another one is restored when its options have arrived.
function put(field, value) {
  if (field.tagName !== "SELECT") {
    field.value = value;
    return;
  }
  if (choose(field, value)) field.dispatchEvent(new Event("change", { bubbles: true }));
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
    // storage is full or not allowed: nothing is stored
  }
}

function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // storage is not allowed: nothing was stored
  }
}

// Keys of the list: j and k move between rows, x selects, / searches, ? shows the keys, Enter opens.
// Users can switch these keys off permanently (WCAG 2.1.4); they are ignored while the user types.
const OFF = "list-keys-off";

const typing = (target) =>
  target.isContentEditable || target.matches?.("textarea, select, input:not([type=checkbox]):not([type=radio])");

function go(step) {
  const rows = [...document.querySelectorAll("[data-list] [data-row]")];
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[next].querySelector("a").focus();
  rows[next].scrollIntoView({ block: "nearest" });
}

function tick() {
  const box = document.activeElement?.closest?.("[data-row]")?.querySelector("input[name=row]");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  x: tick,
  "/": () => document.getElementById("f-q")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

function heard(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (localStorage.getItem(OFF) || document.querySelector("dialog[open]") || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
}

export function bindKeys(root) {
  const dialog = root.querySelector("#keys");
  if (!dialog) return;
  document.addEventListener("keydown", heard);
  const open = root.querySelector("[data-keys]");
  open.hidden = false;
  open.addEventListener("click", () => dialog.showModal());
  const off = dialog.querySelector("input");
  off.checked = Boolean(localStorage.getItem(OFF));
  off.addEventListener("change", () => (off.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF)));
}

// The list with scripts: select all rows, or clear the selection, with one click.
// On a narrow screen the filters are folded.
export function bindList(root) {
  for (const fold of root.querySelectorAll("[data-fold]")) {
    fold.open = !matchMedia("(max-width: 60rem)").matches;
    fold.removeAttribute("data-fold");
  }
  const form = root.closest?.("[data-list]") ?? root.querySelector("[data-list]");
  if (!form) return;
  const boxes = () => [...form.querySelectorAll("input[name=row]")];
  const tell = () => form.dispatchEvent(new Event("change", { bubbles: true }));
  const tick = (on) => {
    for (const box of boxes()) box.checked = on;
    tell();
  };
  for (const clear of form.querySelectorAll("[data-clear]")) {
    clear.hidden = false;
    clear.onclick = () => tick(false);
  }
  const all = form.querySelector("[data-all]");
  if (!all) return;
  all.hidden = false;
  all.onchange = () => {
    for (const box of boxes()) box.checked = all.checked;
  };
  form.onchange = () => {
    const on = boxes().filter((box) => box.checked).length;
    all.checked = on > 0 && on === boxes().length;
    all.indeterminate = on > 0 && !all.checked;
  };
}

// A row that another member changed is replaced in place; it stays selected and keeps the focus.
let kept = null;
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const row = event.detail.target;
  if (!row.matches?.("[data-row]")) return;
  const active = row.contains(document.activeElement) ? document.activeElement : null;
  kept = { id: row.id, on: row.querySelector("input[name=row]").checked, focus: active && (active.matches("input") ? "input" : "a") };
});
document.addEventListener("htmx:oobAfterSwap", () => {
  const row = kept && document.getElementById(kept.id);
  if (!row) return;
  const box = row.querySelector("input[name=row]");
  box.checked = kept.on;
  if (kept.focus) row.querySelector(kept.focus).focus();
  if (kept.on) box.dispatchEvent(new Event("change", { bubbles: true }));
  kept = null;
});
// Do not poll in a hidden tab.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "fresh" && document.hidden) event.preventDefault();
});

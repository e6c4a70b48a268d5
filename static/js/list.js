// The list with a script: all rows at once, and the choice given up in one press.
export function bindList(root) {
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

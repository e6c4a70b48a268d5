// A long select gets a search field above it, which leaves the options that fit.
import { LONG, fieldFor, fieldWords, fits, known } from "./search_field.js";

export function bindNarrowSelect(root) {
  const words = fieldWords();
  if (words === undefined) return;
  for (const select of root.querySelectorAll("select:not([multiple]):not([data-narrowed])")) {
    if (select.options.length >= LONG) narrow(select, words);
  }
}

function narrow(select, words) {
  const field = fieldFor(select, select.labels?.[0], words);
  field.setAttribute("aria-controls", select.id);
  const copied = () => [...select.children].map((one) => one.cloneNode(true));
  let all = copied();
  select.addEventListener("options", () => {
    field.value = "";
    all = copied();
  });
  field.addEventListener("input", async () => {
    const table = await known();
    const typed = field.value.trim().toLowerCase();
    const chosen = select.value;
    const keep = (option) => !option.value || option.value === chosen || fits(typed, option.textContent.toLowerCase(), table);
    const part = (one) => {
      const copy = one.cloneNode(true);
      if (copy.tagName === "OPTGROUP") for (const option of [...copy.children]) if (!keep(option)) option.remove();
      return copy.tagName === "OPTGROUP" ? copy.children.length && copy : keep(copy) && copy;
    };
    select.replaceChildren(...(typed ? all.map(part).filter(Boolean) : all.map((one) => one.cloneNode(true))));
    select.value = chosen;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const found = [...select.options].filter((option) => option.value && option.value !== select.value);
    const only = found.length === 1 ? found[0] : null;
    if (!only) return;
    select.value = only.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.focus();
  });
  select.before(field);
}

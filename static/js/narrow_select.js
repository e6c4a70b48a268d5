// A long select gets a search field above it, which leaves the options that fit.
// With data-groups, its groups become a select of their own: first the street, then the community.
import { follow, groupOf, groupsOf } from "./option_groups.js";
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
  const group = groupsOf(select, all);
  const put = (keep) => {
    const chosen = select.value;
    const part = (one) => {
      const copy = one.cloneNode(true);
      if (copy.tagName !== "OPTGROUP") return keep(copy, "") && copy;
      for (const option of [...copy.children]) if (option.value !== chosen && !keep(option, copy.label)) option.remove();
      return copy.children.length && copy;
    };
    select.replaceChildren(...all.map(part).filter(Boolean));
    select.value = chosen;
  };
  const draw = async () => {
    const typed = field.value.trim().toLowerCase();
    const table = typed ? await known() : {};
    const wanted = (option, label) => (typed ? fits(typed, option.textContent.toLowerCase(), table) : !group || label === group.value);
    put((option, label) => !option.value || option.value === select.value || (!label && !typed) || wanted(option, label));
  };
  select.addEventListener("options", () => {
    field.value = "";
    all = copied();
  });
  select.addEventListener("whole", () => put(() => true));
  field.addEventListener("input", draw);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const found = [...select.options].filter((option) => option.value && option.value !== select.value);
    if (found.length !== 1) return;
    select.value = found[0].value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.focus();
  });
  select.before(...[group, field].filter(Boolean));
  if (group) follow(group, select, field, () => groupOf(all, select.value), draw);
}

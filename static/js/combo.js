// A long select of a filter becomes one field: typing narrows its list, by words and first letters of their pinyin.
import { LONG, fieldWords, fits, known } from "./search_field.js";

const MOST = 60;

export function bindCombos(root) {
  const words = fieldWords();
  if (words === undefined) return;
  for (const select of root.querySelectorAll("[data-combos] select:not([data-narrowed])")) {
    if (select.options.length >= LONG) combine(select, words);
  }
}

function combine(select, words) {
  select.dataset.narrowed = "1";
  const options = [...select.options].map(({ value, textContent }) => ({ value, name: textContent.trim() }));
  const field = Object.assign(document.createElement("input"), { type: "text", className: "form-select", id: `${select.id}-field`, placeholder: options[0].name, title: words, autocomplete: "off" });
  const list = Object.assign(document.createElement("ul"), { className: "combo-list", id: `${select.id}-list`, hidden: true });
  list.setAttribute("role", "listbox");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) field.setAttribute(name, value);
  for (const label of select.labels) label.htmlFor = field.id;
  let shown = [];
  let at = -1;

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    field.value = select.value ? select.selectedOptions[0].textContent.trim() : "";
  };
  const mark = (next) => {
    at = Math.max(0, Math.min(next, shown.length - 1));
    [...list.children].forEach((row, n) => row.setAttribute("aria-selected", n === at));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    if (shown.length) field.setAttribute("aria-activedescendant", `${list.id}-${at}`);
  };
  const take = ({ value }) => {
    const changed = select.value !== value;
    select.value = value;
    close();
    if (changed) select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const row = (option, n) => {
    const item = Object.assign(document.createElement("li"), { id: `${list.id}-${n}`, textContent: option.name });
    item.setAttribute("role", "option");
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(option);
    });
    return item;
  };
  const draw = async (typed) => {
    const table = typed ? await known() : {};
    shown = options.filter(({ value, name }) => (typed ? value && fits(typed, name.toLowerCase(), table) : true)).slice(0, MOST);
    list.replaceChildren(...shown.map(row));
    list.hidden = !shown.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    mark(0);
  };
  field.addEventListener("input", () => draw(field.value.trim().toLowerCase()));
  field.addEventListener("click", () => draw(""));
  field.addEventListener("change", (event) => event.stopPropagation());
  field.addEventListener("blur", () => (field.value.trim() ? close() : take(options[0])));
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) draw("");
    else if (step) mark(at + step);
    else if (event.key === "Enter" && !list.hidden && shown[at]) take(shown[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  select.hidden = true;
  select.before(field, list);
  close();
}

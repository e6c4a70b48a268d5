// The two steps of a long select with groups: first the group, then one of its options.

// Chooses an option, also one that is left out at the moment; false if there is none.
export function choose(select, value) {
  select.dispatchEvent(new Event("whole"));
  select.value = value;
  return Boolean(value) && select.value === value;
}

export const groupOf = (all, value) => (value && all.find((one) => one.label && [...one.children].some((option) => option.value === value))?.label) || "";

export function groupsOf(select, all) {
  const labels = all.filter(({ tagName }) => tagName === "OPTGROUP").map(({ label }) => label);
  if (!select.dataset.groups || labels.length < 2) return null;
  const group = Object.assign(document.createElement("select"), { className: "form-select pick-group" });
  group.append(new Option(select.dataset.groups, ""), ...labels.map((label) => new Option(label, label)));
  group.setAttribute("aria-label", `${select.labels?.[0]?.textContent.trim() ?? ""} ${select.dataset.groups}`);
  group.dataset.narrowed = "1";
  group.value = groupOf(all, select.value);
  return group;
}

// The group decides what is offered, and follows an option that was found by its name or by the position.
export function follow(group, select, field, current, draw) {
  group.addEventListener("change", (event) => {
    event.stopPropagation();
    const other = current() && current() !== group.value;
    field.value = "";
    if (other) choose(select, "");
    draw();
    if (other) select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  select.addEventListener("change", () => {
    if (current()) group.value = current();
    if (!field.value) draw();
  });
  draw();
}

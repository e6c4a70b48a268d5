// A name or a phone is sent only after the privacy notice was accepted: the form asks before it sends anything.
export function bindConsent(root) {
  for (const mark of root.querySelectorAll("[data-consent]")) {
    const tick = mark.querySelector("[type=checkbox]");
    const words = mark.querySelector("[role=alert]");
    const { form } = tick;
    const missing = () => !tick.checked && ["name", "phone"].some((name) => form.elements[name]?.value.trim());
    tick.addEventListener("change", () => {
      if (!tick.checked) return;
      words.hidden = true;
      tick.removeAttribute("aria-invalid");
    });
    // Listens before the form is marked as sent, and ends the submission for all that listen later.
    form.addEventListener("submit", (event) => {
      const { name, value } = event.submitter ?? {};
      if ((name && value !== "done") || !missing()) return; // a named button leads to another step
      event.preventDefault();
      event.stopImmediatePropagation();
      words.hidden = false;
      tick.setAttribute("aria-invalid", "true");
      tick.focus();
      tick.scrollIntoView({ block: "center" });
    }, { capture: true });
  }
}

// A button with data-print opens the browser's print dialog.
export function bindPrint(root) {
  for (const button of root.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
}

// A button marked data-print opens the browser's own print dialogue.
export function bindPrint(root) {
  for (const button of root.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
}

// Marks the present position in two hidden fields, where the browser can tell it.
export function bindPlace(root) {
  if (!navigator.geolocation || !window.isSecureContext) return;
  for (const box of root.querySelectorAll("[data-place]")) {
    box.hidden = false;
    const words = box.querySelector("[role=status]");
    box.querySelector("button").addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          document.getElementById(box.dataset.placeLat).value = coords.latitude.toFixed(6);
          document.getElementById(box.dataset.placeLng).value = coords.longitude.toFixed(6);
          words.textContent = words.dataset.done;
        },
        () => {
          words.textContent = words.dataset.failed;
        },
        { enableHighAccuracy: true, timeout: 15000 },
      );
    });
  }
}

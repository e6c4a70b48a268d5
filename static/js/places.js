// When a community is chosen, the second select gets its grids and buildings.
export function bindPlaces(root) {
  for (const mark of root.querySelectorAll("[data-spots]")) {
    const from = document.getElementById(mark.dataset.spotsFrom);
    const to = document.getElementById(mark.dataset.spotsTo);
    from.addEventListener("change", async () => {
      const answer = await fetch(`${mark.dataset.spots}?area=${encodeURIComponent(from.value)}`);
      if (!answer.ok) return;
      to.innerHTML = await answer.text();
      to.dispatchEvent(new Event("options"));
    });
  }
}

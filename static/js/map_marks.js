// What stands for tickets on a map: a numbered circle for many, a warm spot, a pin for one.
const { L } = window;

export function cell({ lat, lng, n, late, name = String(n) }) {
  const side = Math.round(28 + 10 * Math.log10(n));
  const icon = L.divIcon({ className: `map-cell${late ? " is-late" : ""}`, html: String(n), iconSize: [side, side] });
  return L.marker([lat, lng], { icon, title: name, alt: name });
}

export function heat({ lat, lng, n }, most) {
  return L.circleMarker([lat, lng], { radius: 28, stroke: false, fillColor: "#c7222a", fillOpacity: 0.12 + (0.6 * n) / most, interactive: false });
}

export function pin({ lat, lng, number, title, tone }, address) {
  const sign = { late: "!", closed: "✓", open: "" }[tone];
  const icon = L.divIcon({ className: "map-point", html: `<div class="map-pin is-${tone}"><span>${sign}</span></div>`, iconSize: [24, 24], iconAnchor: [12, 28] });
  const name = `${number} ${title}`;
  return L.marker([lat, lng], { icon, title: name, alt: name }).on("click", () => window.location.assign(address.replace("NUMBER", encodeURIComponent(number))));
}

// A map on the district's own outlines: the map itself, and the areas drawn on it with their names.
const { L } = window;
const OUTLINE = { district: [3, 0], street: [2, 0.03], community: [1, 0.04], grid: [0.5, 0.03] };
const FROM_ZOOM = { grid: 14.5 };
const LABELS = { street: [10, 13], community: [14, 16], grid: [17, 20] };

// `from` holds the addresses of the tile layers, one per line, and the line that must stand on a map with tiles.
export function base(box, from = box.dataset) {
  const map = L.map(box, { zoomControl: true, attributionControl: false, maxZoom: 19, zoomSnap: 0.5 });
  for (const address of from.tiles.split("\n").filter(Boolean)) L.tileLayer(address, { maxZoom: 19, maxNativeZoom: 18 }).addTo(map);
  if (from.tilesNote) {
    const words = document.createElement("span");
    words.textContent = from.tilesNote;
    L.control.attribution({ prefix: false }).addAttribution(words.innerHTML).addTo(map);
  }
  L.control.scale({ imperial: false }).addTo(map);
  return map;
}

export function styled(level) {
  const [weight, fillOpacity] = OUTLINE[level] || OUTLINE.community;
  return { color: "#1d5fbf", weight, fillColor: "#1d5fbf", fillOpacity, interactive: false };
}

export async function drawAreas(map, address) {
  const answer = await fetch(address);
  if (!answer.ok) return null;
  const labels = [];
  const fine = L.layerGroup();
  const { features } = await answer.json();
  L.geoJSON(features.filter(({ properties }) => FROM_ZOOM[properties.level]), { style: ({ properties }) => styled(properties.level) }).addTo(fine);
  const layer = L.geoJSON(features.filter(({ properties }) => !FROM_ZOOM[properties.level]), {
    style: ({ properties }) => styled(properties.level),
    onEachFeature: ({ properties }, shape) => {
      if (!LABELS[properties.level]) return;
      const tip = L.tooltip({ permanent: true, direction: "center", offset: [0, -22], className: "map-label" });
      const words = document.createElement("span");
      words.textContent = properties.name;
      labels.push([properties.level, tip.setLatLng(shape.getBounds().getCenter()).setContent(words)]);
    },
  }).addTo(map);
  const say = () => {
    if (map.getZoom() >= FROM_ZOOM.grid) fine.addTo(map);
    else fine.remove();
    for (const [level, tip] of labels) {
      const [from, to] = LABELS[level];
      const wanted = map.getZoom() >= from && map.getZoom() <= to;
      if (wanted) tip.addTo(map);
      else tip.remove();
    }
  };
  map.on("zoomend", say);
  say();
  layer.bringToBack();
  return layer;
}

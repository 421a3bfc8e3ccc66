// The input as the model gets it: a tile for each token, and those that are open can be picked.
const SEGMENTS = ["A", "B"];
const LONGEST = 40; // characters shown of one piece

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".tokens");
  const open = new Set(data.open);
  const picked = new Set(data.picked);

  parentElement.querySelector(".hint").textContent = data.labels.hint;
  const tiles = keepButtons(box, data.tokens.length, ["place", "text", "id"]);
  const reachable = tiles.filter((_, position) => open.has(position));

  tiles.forEach((tile, position) => {
    const [place, text, id] = tile.children;
    const segment = !data.withSegments ? "" : SEGMENTS[data.segments[position]] ?? String(data.segments[position]);
    const token = data.tokens[position];
    tile.className = `token ${data.kinds[position]}`;
    tile.classList.toggle("second", data.segments[position] === 1);
    tile.classList.toggle("open", open.has(position));
    tile.disabled = !open.has(position);
    place.replaceChildren(`${position + 1} `, part("b", "", segment));
    text.textContent = token.length > LONGEST ? `${token.slice(0, LONGEST)}…` : token;
    id.textContent = String(data.ids[position]);
    const said = { token, position: position + 1, id: data.ids[position], segment };
    tile.setAttribute("aria-label", data.labels.token.replace(/\{(\w+)\}/g, (_, name) => said[name]));
    if (open.has(position)) tile.setAttribute("aria-pressed", String(picked.has(position)));
    else tile.removeAttribute("aria-pressed");
    tile.onclick = () => setTriggerValue("pick", position);
    tile.onfocus = () => stopAt(reachable, tile);
  });

  walkableRow(box, reachable, tiles[data.picked[0]]);
}

// Every head as a switch; the title of a row switches the whole layer.
export default function ({ data, parentElement, setTriggerValue }) {
  const board = parentElement.querySelector(".board");
  const { layers, heads, labels, values } = data;
  const off = new Set(data.off.map(([layer, head]) => layer * heads + head));
  const nameOf = layOut(board, data, labels.board, newParts);

  const switches = [...board.querySelectorAll(".switch")];
  const titles = [...board.querySelectorAll("button.title")];
  const farthest = values ? Math.max(1e-9, ...values.flat().map(Math.abs)) : 1;

  function show() {
    switches.forEach((button, number) => {
      const [layer, head] = [Math.floor(number / heads), number % heads];
      const value = values ? values[layer][head] : null;
      const written = value === null ? "" : value.toFixed(2).replace("-", "\u2212");
      const name = nameOf(layer, head);
      const full = value === null ? name : `${name}. ${labels.value.replace("{value}", () => written)}`;
      button.setAttribute("aria-checked", String(!off.has(number)));
      button.setAttribute("aria-label", full);
      button.title = full;
      button.firstChild.textContent = off.has(number) ? labels.off : labels.on;
      button.lastChild.textContent = written;
      button.style.setProperty("--share", value === null ? 0 : Math.abs(value) / farthest);
      button.classList.toggle("below", value !== null && value < 0);
    });
  }

  function report() {
    show(); // at once; Python's answer follows
    setTriggerValue("off", [...off].sort((a, b) => a - b).map((number) => [Math.floor(number / heads), number % heads]));
  }

  const places = titles.map((title, layer) => [title, ...switches.slice(layer * heads, (layer + 1) * heads)]);
  if (!places.flat().some((button) => button.tabIndex === 0)) places[0][1].tabIndex = 0;
  places.forEach((row, layer) => row.forEach((button, column) => {
    button.onclick = () => {
      if (column > 0) {
        const number = layer * heads + column - 1;
        if (!off.delete(number)) off.add(number);
      } else {
        const all = Array.from({ length: heads }, (_, head) => layer * heads + head);
        if (all.every((number) => off.has(number))) all.forEach((number) => off.delete(number));
        else all.forEach((number) => off.add(number));
      }
      report();
    };
    button.onkeydown = (event) => walkGrid(event, places.flat(), heads + 1, layer * (heads + 1) + column, () => button.click());
    button.onfocus = () => stopAt(places.flat(), button);
  }));
  show();
}

function newParts(layers, heads) {
  const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1);
  const newSwitch = () => {
    const button = newButton("switch", ["state", "value"]);
    button.setAttribute("role", "switch");
    return button;
  };
  return [
    part("span", "corner"),
    ...numbers(heads).map((head) => titled(part("span", "title head"), head)),
    ...numbers(layers).flatMap((layer) => [titled(newButton("title layer", []), layer), ...numbers(heads).map(newSwitch)]),
  ];
}

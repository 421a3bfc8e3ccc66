// Every head as a switch; the title of a row switches the whole layer.
export default function ({ data, parentElement, setTriggerValue }) {
  const board = parentElement.querySelector(".board");
  const { layers, heads, labels, values } = data;
  const off = new Set(data.off.map(([layer, head]) => layer * heads + head));
  board.style.setProperty("--columns", heads);
  board.classList.toggle("dense", heads > 8);
  board.setAttribute("aria-label", labels.board);

  // Rebuilt only when the model changes: the switches and the keyboard focus outlive new numbers.
  if (board.dataset.shape !== `${layers}x${heads}`) {
    board.dataset.shape = `${layers}x${heads}`;
    board.replaceChildren(...newRows(layers, heads));
  }
  const fill = (template, number) => template.replace("{number}", () => String(number));
  board.querySelectorAll(".title").forEach((title) => {
    const kind = title.classList.contains("layer") ? "layer" : "head";
    title.firstChild.textContent = fill(labels[kind], title.dataset.number);
    title.lastChild.textContent = title.dataset.number;
  });

  const switches = [...board.querySelectorAll(".switch")];
  const titles = [...board.querySelectorAll("button.title")];
  const farthest = values ? Math.max(1e-9, ...values.flat().map(Math.abs)) : 1;

  function show() {
    switches.forEach((button, number) => {
      const [layer, head] = [Math.floor(number / heads), number % heads];
      const value = values ? values[layer][head] : null;
      const written = value === null ? "" : value.toFixed(2).replace("-", "\u2212");
      const name = `${fill(labels.layer, layer + 1)}, ${fill(labels.head, head + 1)}`;
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
    button.onfocus = () => places.flat().forEach((each) => { each.tabIndex = each === button ? 0 : -1; });
  }));
  show();
}

function newRows(layers, heads) {
  const element = (tag, className, number) => {
    const made = document.createElement(tag);
    made.className = className;
    if (tag === "button") {
      made.type = "button";
      made.tabIndex = -1;
    }
    if (number) made.dataset.number = number;
    return made;
  };
  const withTexts = (made, ...names) => {
    for (const name of names) {
      const text = document.createElement("span");
      text.className = name;
      made.append(text);
    }
    return made;
  };
  const made = [element("span", "corner")];
  for (let head = 1; head <= heads; head += 1) made.push(withTexts(element("span", "title head", head), "long", "short"));
  for (let layer = 1; layer <= layers; layer += 1) {
    made.push(withTexts(element("button", "title layer", layer), "long", "short"));
    for (let head = 1; head <= heads; head += 1) {
      const button = withTexts(element("button", "switch"), "state", "value");
      button.setAttribute("role", "switch");
      made.push(button);
    }
  }
  return made;
}

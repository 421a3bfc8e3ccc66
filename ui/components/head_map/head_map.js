// All layers and heads as circles: the colour and the sign tell the role, the area what is lost without the head.
export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".grid");
  const { layers, heads } = data;
  grid.style.setProperty("--columns", heads);
  grid.classList.toggle("dense", heads > 8);
  grid.setAttribute("aria-label", data.labels.grid);
  parentElement.querySelector(".legend").replaceChildren(...data.legend.map(entry));

  // Rebuilt only when the model changes: the cells and the keyboard focus outlive new circles.
  if (grid.dataset.shape !== `${layers}x${heads}`) {
    grid.dataset.shape = `${layers}x${heads}`;
    grid.replaceChildren(...newRows(layers, heads));
  }
  const fill = (template, number) => template.replace("{number}", () => String(number));
  grid.querySelectorAll(".title").forEach((title) => {
    const kind = title.classList.contains("layer") ? "layer" : "head";
    title.firstChild.textContent = fill(data.labels[kind], title.dataset.number);
    title.lastChild.textContent = title.dataset.number;
  });

  const cells = [...grid.querySelectorAll(".cell")];
  const selected = data.layer * heads + data.head;
  cells.forEach((cell, number) => {
    const [layer, head] = [Math.floor(number / heads), number % heads];
    const { role, sign, share, gains, about } = data.circles[number];
    const name = `${fill(data.labels.layer, layer + 1)}, ${fill(data.labels.head, head + 1)}: ${about}`;
    cell.setAttribute("aria-label", name);
    cell.title = name;
    cell.setAttribute("aria-selected", String(number === selected));
    cell.tabIndex = number === selected ? 0 : -1;
    const circle = cell.firstChild;
    circle.className = `circle ${role}`;
    circle.classList.toggle("gains", gains);
    circle.style.setProperty("--share", share);
    circle.textContent = sign;
    cell.onclick = () => setTriggerValue("head", { layer, head });
    cell.onkeydown = (event) => walkGrid(event, cells, heads, number, () => cell.click());
    cell.onfocus = () => cells.forEach((each) => { each.tabIndex = each === cell ? 0 : -1; });
  });
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function entry({ role, sign, name, rule }) {
  const made = element("li", "");
  const mark = element("span", `sign ${role}`, sign);
  mark.setAttribute("aria-hidden", "true");
  made.append(mark, element("b", "", name), element("span", "rule", rule));
  return made;
}

function newRows(layers, heads) {
  const withRole = (role, className) => {
    const made = element("div", className);
    made.setAttribute("role", role);
    return made;
  };
  const title = (role, kind, number) => {
    const made = withRole(role, `title ${kind}`);
    made.dataset.number = number;
    made.append(element("span", "long"), element("span", "short"));
    return made;
  };
  const first = withRole("row", "row");
  first.append(withRole("presentation", "corner"));
  for (let head = 1; head <= heads; head += 1) first.append(title("columnheader", "head", head));
  const rows = [first];
  for (let layer = 1; layer <= layers; layer += 1) {
    const row = withRole("row", "row");
    row.append(title("rowheader", "layer", layer));
    for (let head = 1; head <= heads; head += 1) {
      const cell = withRole("gridcell", "cell");
      cell.append(element("span", "circle"));
      row.append(cell);
    }
    rows.push(row);
  }
  return rows;
}

// All layers and heads as circles: the colour and the sign tell the role, the area what is lost without the head.
export default function ({ data, parentElement, setTriggerValue }) {
  parentElement.querySelector(".legend").replaceChildren(...data.legend.map(entry));
  const { circles } = data;
  const pick = (layer, head) => setTriggerValue("head", { layer, head });
  const cells = headCells(parentElement.querySelector(".grid"), data, () => part("span", ""), (number) => `: ${circles[number].about}`, pick);
  cells.forEach((cell, number) => {
    const { role, sign, share, gains } = circles[number];
    const circle = cell.firstChild;
    circle.className = `circle ${role}`;
    circle.classList.toggle("gains", gains);
    circle.style.setProperty("--share", share);
    circle.textContent = sign;
  });
  selectCell(cells, data.layer * data.heads + data.head);
}

function entry({ role, sign, name, rule }) {
  const made = part("li", "");
  const mark = part("span", `sign ${role}`, sign);
  mark.setAttribute("aria-hidden", "true");
  made.append(mark, part("b", "", name), part("span", "rule", rule));
  return made;
}

/** Of many elements the Tab key stops at one, from where the arrow keys go on. */
function stopAt(elements, element) {
  elements.forEach((each) => { each.tabIndex = each === element ? 0 : -1; });
}

/** The arrow keys, Home and End walk a grid of elements; Enter and the space bar use the one that has the focus. */
function walkGrid(event, elements, columns, place, use) {
  const [row, column] = [Math.floor(place / columns), place % columns];
  const [nextRow, nextColumn] = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: [row, 0], End: [row, columns - 1],
  }[event.key] ?? [];
  if (event.key === "Enter" || event.key === " ") use();
  else if (nextRow === undefined) return;
  else if (nextColumn >= 0 && nextColumn < columns) elements[nextRow * columns + nextColumn]?.focus();
  event.preventDefault();
}

/** The arrow keys, Home and End walk a row of elements, which may be broken into lines; `forward` is -1 from right to left. */
function walkRow(event, elements, place, forward = 1) {
  const target = {
    ArrowRight: place + forward, ArrowLeft: place - forward, ArrowDown: place + 1, ArrowUp: place - 1,
    Home: 0, End: elements.length - 1,
  }[event.key];
  if (target === undefined || place < 0) return;
  event.preventDefault();
  elements[Math.max(0, Math.min(elements.length - 1, target))].focus();
}

/** A row of elements in a box to walk. The Tab key stops where it did before, else at the one that is wished for. */
function walkableRow(box, elements, wished, forward = 1) {
  const first = elements.find((element) => element.tabIndex === 0) ?? wished ?? elements[0];
  if (first) stopAt(elements, first);
  box.onkeydown = (event) => walkRow(event, elements, elements.findIndex((element) => element.contains(event.target)), forward);
}


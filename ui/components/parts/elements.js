// What every view of ours makes its elements with.

/** An element with its class and its text. */
function part(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** An element of a grid or of a table that CSS lays out. */
function partWithRole(role, className, text = "") {
  const made = part("div", className, text);
  made.setAttribute("role", role);
  return made;
}

/** A button of lines, each with the direction of its own letters; the Tab key reaches it where `stopAt` says so. */
function newButton(className, lines) {
  const button = part("button", className);
  button.type = "button";
  button.tabIndex = -1;
  for (const name of lines) {
    const line = part("span", name);
    line.dir = "auto";
    button.append(line);
  }
  return button;
}

/** As many buttons as are needed. They live on from run to run, so that the keyboard focus stays where it is. */
function keepButtons(box, count, lines) {
  while (box.children.length > count) box.lastElementChild.remove();
  while (box.children.length < count) box.append(newButton("", lines));
  return [...box.children];
}

/** A probability as it is written: 12.3 %, and never 0.0 % for what is merely small. */
function percentOf(share) {
  return share > 0 && share < 0.0005 ? "<0.1\u00a0%" : `${(100 * share).toFixed(1)}\u00a0%`;
}


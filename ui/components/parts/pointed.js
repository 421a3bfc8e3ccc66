// What is pointed at in one view is pointed at in every view of the same group.
const POINTED = "glassbox-pointed";

/** Tell the other views of a group which row and which column is pointed at here; null for neither. */
function tellPointed(group, from, row, column) {
  if (group) document.dispatchEvent(new CustomEvent(POINTED, { detail: { group, from, row, column } }));
}

/** Hear of what is pointed at in the other views of a group, which may change, until the signal ends it. */
function hearPointed(groupOf, from, answer, signal) {
  document.addEventListener(POINTED, ({ detail }) => {
    if (detail.group === groupOf() && detail.from !== from) answer(detail.row, detail.column);
  }, { signal });
}


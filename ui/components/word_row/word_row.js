// The words of a text, each with a colour on a scale around 0 and what is known of it; those that are open can be picked.
const LEVELS = 256;
const MANY = 40; // words, from which on they are small
const KINDS = ["word", "masked", "random", "kept"];

export default function ({ data, parentElement, setTriggerValue }) {
  const find = (selector) => parentElement.querySelector(selector);
  const [box, status] = [find(".words"), find(".status")];
  const { words, labels } = data;

  find(".hint").textContent = labels.hint;
  find(".legend").hidden = words.every((word) => word.value === null);
  find(".low").textContent = labels.low;
  find(".high").textContent = labels.high;

  // The same buttons live on from run to run, so the keyboard focus stays where it is.
  while (box.children.length > words.length) box.lastElementChild.remove();
  while (box.children.length < words.length) box.append(newWord());
  box.classList.toggle("many", words.length > MANY);
  const buttons = [...box.children];
  const reachable = buttons.filter((_, number) => words[number].open);
  const paint = painter(box, data.bound);
  status.textContent = ""; // what it told is of the run before

  buttons.forEach((button, number) => {
    const word = words[number];
    button.className = `word ${KINDS.includes(word.kind) ? word.kind : "word"}`;
    button.classList.toggle("shaded", word.value !== null);
    button.disabled = !word.open;
    const [above, text, below] = button.children;
    above.textContent = word.above;
    text.textContent = word.text;
    below.textContent = word.below;
    paint(button, word.value);
    if (word.open) {
      button.setAttribute("aria-pressed", String(number === data.picked));
      button.setAttribute("aria-label", word.told || word.text);
    } else {
      button.removeAttribute("aria-pressed");
      button.removeAttribute("aria-label");
    }
    button.onclick = () => {
      buttons.forEach((other) => { if (!other.disabled) other.setAttribute("aria-pressed", String(other === button)); }); // at once
      setTriggerValue("pick", number);
    };
    button.onpointerenter = () => { status.textContent = word.told; };
    button.onfocus = () => {
      reach(button);
      if (button.matches(":focus-visible")) status.textContent = word.told;
    };
  });
  box.onpointerleave = () => { status.textContent = ""; };

  function reach(button) {
    reachable.forEach((other) => { other.tabIndex = other === button ? 0 : -1; });
  }
  const first = reachable.find((button) => button.tabIndex === 0) ?? buttons[data.picked] ?? reachable[0];
  if (first) reach(first);

  box.onkeydown = (event) => {
    walkRow(event, reachable, reachable.indexOf(event.target.closest(".word")));
  };
}

function newWord() {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  for (const name of ["above", "text", "below"]) {
    const line = document.createElement("span");
    line.className = name;
    line.dir = "auto";
    button.append(line);
  }
  return button;
}

/** A function that gives a word the shade of its value, and its letters the ink that stands out on it. */
function painter(box, bound) {
  const palette = shades(box.parentElement, "diverging", LEVELS);
  const style = getComputedStyle(box);
  const inks = [style.getPropertyValue("--lg-ink-dark"), style.getPropertyValue("--lg-ink-light")];
  return (button, value) => {
    if (value === null) {
      button.style.background = "";
      button.style.color = "";
      return;
    }
    const share = 0.5 + value / (2 * bound);
    const [red, green, blue] = palette[Math.round(Math.max(0, Math.min(1, share)) * (LEVELS - 1))];
    const [r, g, b] = [red, green, blue].map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    button.style.background = `rgb(${red}, ${green}, ${blue})`;
    button.style.color = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? inks[0] : inks[1]; // where both have the same contrast
  };
}

// The words of a text, each with a colour on a scale around 0 and what is known of it; those that are open can be picked.
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

  const buttons = keepButtons(box, words.length, ["above", "text", "below"]);
  box.classList.toggle("many", words.length > MANY);
  const reachable = buttons.filter((_, number) => words[number].open);
  const shade = shader(box.parentElement, "diverging");
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
    if (word.value === null) [button.style.background, button.style.color] = ["", ""];
    else shade(button, 0.5 + word.value / (2 * data.bound));
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
      stopAt(reachable, button);
      if (button.matches(":focus-visible")) status.textContent = word.told;
    };
  });
  box.onpointerleave = () => { status.textContent = ""; };

  walkableRow(box, reachable, buttons[data.picked]);
}

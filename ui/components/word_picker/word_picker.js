// The words of a sentence as switches: pressed means hidden from the model.
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
const LETTER = /\p{L}/u;

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".words");
  const masked = new Set(data.masked);

  parentElement.querySelector(".hint").textContent = data.label;
  const first = data.words.join("").match(LETTER);
  box.dir = first && RIGHT_TO_LEFT.test(first[0]) ? "rtl" : "ltr";

  // The same buttons live on from run to run, so the keyboard focus stays where it is.
  while (box.children.length > data.words.length) box.lastElementChild.remove();
  while (box.children.length < data.words.length) box.append(newButton());
  const buttons = [...box.children];
  if (!buttons.some((button) => button.tabIndex === 0) && buttons.length) buttons[0].tabIndex = 0;

  const show = (button, number) => {
    const pressed = masked.has(number);
    button.setAttribute("aria-pressed", String(pressed));
    button.firstChild.textContent = pressed ? data.mask_token : data.words[number];
    button.lastChild.textContent = data.words[number];
    button.disabled = data.fixed;
  };

  buttons.forEach((button, number) => {
    show(button, number);
    button.onclick = () => {
      if (!masked.delete(number)) masked.add(number);
      show(button, number); // at once; Python's answer follows
      setTriggerValue("masks", [...masked].sort((a, b) => a - b));
    };
    button.onfocus = () => buttons.forEach((other) => { other.tabIndex = other === button ? 0 : -1; });
  });

  box.onkeydown = (event) => {
    walkRow(event, buttons, buttons.indexOf(event.target.closest(".word")), box.dir === "rtl" ? -1 : 1);
  };
}

function newButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "word";
  button.tabIndex = -1;
  for (const name of ["now", "was"]) {
    const line = document.createElement("span");
    line.className = name;
    line.dir = "auto";
    button.append(line);
  }
  return button;
}

// The words of a sentence as switches: pressed means hidden from the model.
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
const LETTER = /\p{L}/u;

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".words");
  const masked = new Set(data.masked);

  parentElement.querySelector(".hint").textContent = data.label;
  const first = data.words.join("").match(LETTER);
  box.dir = first && RIGHT_TO_LEFT.test(first[0]) ? "rtl" : "ltr";

  const buttons = keepButtons(box, data.words.length, ["now", "was"]);
  const show = (button, number) => {
    const pressed = masked.has(number);
    button.setAttribute("aria-pressed", String(pressed));
    button.firstChild.textContent = pressed ? data.mask_token : data.words[number];
    button.lastChild.textContent = data.words[number];
    button.disabled = data.fixed;
  };

  buttons.forEach((button, number) => {
    button.className = "word";
    show(button, number);
    button.onclick = () => {
      if (!masked.delete(number)) masked.add(number);
      show(button, number); // at once; Python's answer follows
      setTriggerValue("masks", [...masked].sort((a, b) => a - b));
    };
    button.onfocus = () => stopAt(buttons, button);
  });

  walkableRow(box, buttons, buttons[0], box.dir === "rtl" ? -1 : 1);
}

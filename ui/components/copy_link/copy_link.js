// An address to copy: through the clipboard where the browser allows it, else it is selected for the reader's own copy.

export default function ({ data, parentElement }) {
  const [input, button, said] = ["input", "button", ".said"].map((each) => parentElement.querySelector(each));
  parentElement.querySelector(".label").textContent = data.labels.link;
  button.textContent = data.labels.copy;
  if (input.value !== data.link) said.textContent = "";
  input.value = data.link;
  input.onfocus = () => input.select();
  parentElement.querySelector(".copy").hidden = false; // a button without its name is none

  button.onclick = async () => {
    said.textContent = (await copied(input)) ? data.labels.copied : data.labels.selected;
  };
}

/** Whether the text of the field is in the clipboard; if not, it is selected. */
async function copied(input) {
  try {
    await navigator.clipboard.writeText(input.value); // only on https and localhost
    return true;
  } catch {
    input.focus();
    input.select();
    return document.execCommand("copy");
  }
}

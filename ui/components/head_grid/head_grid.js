// All layers and heads as small pictures of their attention; one of them is selected.
export default function ({ data, parentElement, setTriggerValue }) {
  parentElement.querySelector(".note").textContent = data.labels.note;
  const { side } = data;
  const pictures = Uint8Array.from(atob(data.pictures), (char) => char.charCodeAt(0));
  const picture = (number) => pictures.subarray(number * side * side, (number + 1) * side * side);
  headGrid(parentElement.querySelector(".grid"), data, picture, (layer, head) => setTriggerValue("head", { layer, head }));
}

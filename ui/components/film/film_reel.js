// The frames of a film, for the players of its name; apart from them, so that what they show can change without a new copy.
const reels = (window.glassboxReels ??= new Map());

export default function ({ data }) {
  const bytes = Uint8Array.from(atob(data.attentions), (char) => char.charCodeAt(0));
  const levels = data.bytes === 2 ? new Uint16Array(bytes.buffer) : bytes;
  reels.set(data.name, { ...data, attentions: levels });
  document.dispatchEvent(new CustomEvent("glassbox-reel", { detail: data.name }));
}

/** A scale of the palette (`--lg-NAME-0` to `-9`), interpolated to `count` colours: [red, green, blue, alpha] each. */
function shades(element, name, count) {
  const probe = element.appendChild(document.createElement("i"));
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const stops = Array.from({ length: 10 }, (_, step) => {
    probe.style.color = `var(--lg-${name}-${step})`;
    pen.fillStyle = getComputedStyle(probe).color;
    pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data.slice();
  });
  probe.remove();
  return Array.from({ length: count }, (_, level) => {
    const place = (level / (count - 1)) * (stops.length - 1);
    const below = Math.min(Math.floor(place), stops.length - 2);
    const mixed = [0, 1, 2].map((channel) => {
      const [low, high] = [stops[below][channel], stops[below + 1][channel]];
      return low + (high - low) * (place - below);
    });
    return new Uint8ClampedArray([...mixed, 255]);
  });
}

/** A function that gives an element the shade of a place on a scale, from 0 to 1, and its letters the ink that stands out on it. */
function shader(element, name) {
  const palette = shades(element, name, 256);
  const style = getComputedStyle(element);
  const inks = [style.getPropertyValue("--lg-ink-dark"), style.getPropertyValue("--lg-ink-light")];
  return (shaded, place) => {
    const colour = palette[Math.round(255 * Math.max(0, Math.min(1, place)))];
    const [red, green, blue] = [...colour].map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    shaded.style.background = `rgb(${colour[0]}, ${colour[1]}, ${colour[2]})`;
    shaded.style.color = luminance > 0.179 ? inks[0] : inks[1]; // where black and white have the same contrast
  };
}


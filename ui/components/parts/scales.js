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


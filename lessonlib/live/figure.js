(async () => {
  // Must be read before the first wait: afterwards no script is the current one.
  const root = document.currentScript.parentElement;

  // --- what Python packed -------------------------------------------------------------
  const arrays = { int8: Int8Array, int16: Int16Array, uint8: Uint8Array, float32: Float32Array };
  const unpack = async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const buffer = await new Response(stream).arrayBuffer();
    const first = 4 + new DataView(buffer).getUint32(0, true);
    const json = new TextDecoder().decode(buffer.slice(4, first));
    return JSON.parse(json, (key, value) =>
      value && value.array
        ? new arrays[value.array](buffer.slice(first + value.at, first + value.end))
        : value);
  };

  // --- the network ---------------------------------------------------------------------
  const erf = (z) => { // Abramowitz and Stegun 7.1.26, right to 1.5e-7
    const t = 1 / (1 + 0.3275911 * Math.abs(z));
    const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t
      + 0.254829592) * t;
    return Math.sign(z) * (1 - sum * Math.exp(-z * z));
  };
  const activations = {
    linear: (z) => z,
    relu: (z) => Math.max(z, 0),
    gelu: (z) => z * (1 + erf(z / Math.SQRT2)) / 2,
    sigmoid: (z) => 1 / (1 + Math.exp(-z)),
    tanh: Math.tanh,
    softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    elu: (z) => (z > 0 ? z : Math.expm1(z)),
    selu: (z) => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z)),
  };
  const dense = (input, { weights, scale, bias, activation }) => {
    const units = bias.length, sums = new Float64Array(units);
    input.forEach((value, row) => {
      if (value) for (let unit = 0; unit < units; unit++) {
        sums[unit] += value * weights[row * units + unit];
      }
    });
    const z = sums.map((sum, unit) => sum * scale[unit] + bias[unit]);
    if (activation !== "softmax") return z.map((value) => activations[activation](value));
    const highest = Math.max(...z), powers = z.map((value) => Math.exp(value - highest));
    const total = powers.reduce((one, other) => one + other);
    return powers.map((power) => power / total);
  };
  const run = (network, input) => network.reduce(dense, input);
  const squares = (one, other) => one.reduce((sum, v, i) => sum + (v - other[i]) ** 2, 0);

  // --- elements of a page ----------------------------------------------------------------
  const add = (parent, tag, attributes = {}, text = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  const row = (more = "") => add(root, "div", { class: `live-row ${more}` });
  const words = (value) => value.toFixed(2).replace("-", "\u2212");
  const paint = (canvas, images) => { // side by side, 0 black and 1 white
    const side = Math.sqrt(images[0].length), context = canvas.getContext("2d");
    canvas.width = side * images.length;
    canvas.height = side;
    images.forEach((image, place) => {
      const colours = context.createImageData(side, side);
      image.forEach((value, i) => {
        const grey = Math.round(255 * Math.min(1, Math.max(0, value)));
        colours.data.set([grey, grey, grey, 255], 4 * i);
      });
      context.putImageData(colours, side * place, 0);
    });
  };
  const panel = (parent, label) => {
    const whole = add(parent, "div", { class: "live-panel" });
    return [whole, () => add(whole, "span", {}, label)];
  };
  const picture = (parent, label) => {
    const [whole, caption] = panel(parent, label);
    const canvas = add(whole, "canvas", { class: "live-image", role: "img", "aria-label": label });
    caption();
    return (image) => paint(canvas, [image]);
  };
  const button = (parent, label, onClick) => {
    const element = add(parent, "button", { type: "button" }, label);
    element.addEventListener("click", onClick);
    return element;
  };
  const slider = (parent, label, low, high, value, onInput) => {
    const line = add(parent, "div", { class: "live-slider" });
    const named = add(line, "label");
    add(named, "span", {}, label);
    const step = (high - low) / 100;
    const input = add(named, "input", { type: "range", min: low, max: high, step });
    const shown = add(line, "span", { "aria-hidden": "true" });
    const say = (now) => {
      shown.textContent = words(now);
      input.setAttribute("aria-valuetext", words(now));
    };
    const set = (now) => { input.value = now; say(now); };
    input.addEventListener("input", () => { say(+input.value); onInput(+input.value); });
    set(value);
    return set;
  };
  const image = (all, place, size) => Float64Array.from(
    all.subarray(place * size, (place + 1) * size), (value) => value / 255);
  const dragged = (element, onPoint) => { // calls with 0 to 1 across and down, and "begins"
    const tell = (event, begins) => {
      const box = element.getBoundingClientRect();
      const share = (distance, length) => Math.min(1, Math.max(0, distance / length));
      onPoint([share(event.clientX - box.left, box.width),
        share(event.clientY - box.top, box.height)], begins);
    };
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      tell(event, true);
    });
    element.addEventListener("pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) tell(event, false);
    });
  };

  // --- the figures -----------------------------------------------------------------------
  const figures = {
    plane({ networks, points, labels, low, high, start, colours }) {
      add(root, "p", {}, "Drag the point, or use the arrow keys: the decoder draws what lies there.");
      const line = row(), [whole, caption] = panel(line, "across: first number \u00b7 up: second number");
      const field = add(whole, "div", { class: "live-plane", tabindex: 0, role: "application",
        "aria-label": "The plane of codes: the arrow keys move the point" });
      const canvas = add(field, "canvas", { width: 768, height: 768 });
      const knob = add(field, "div", { class: "live-knob" });
      caption();
      const place = (value, axis) => (value - low[axis]) / (high[axis] - low[axis]);
      const context = canvas.getContext("2d");
      context.font = "bold 22px sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      for (let i = 0; i < points.length / 2; i++) {
        const x = 768 * place(points[2 * i], 0), y = 768 * (1 - place(points[2 * i + 1], 1));
        context.fillStyle = labels ? colours[labels[i]] : colours[0];
        if (labels) context.fillText(labels[i], x, y);
        else context.fillRect(x - 4, y - 4, 8, 8);
      }
      const draw = picture(line, "what the decoder draws");
      const status = add(root, "p", { role: "status" });
      let at = start.map(place);
      const move = (to) => {
        at = to.map((value) => Math.min(1, Math.max(0, value)));
        const code = at.map((value, axis) => low[axis] + value * (high[axis] - low[axis]));
        knob.style.left = `${100 * at[0]}%`;
        knob.style.top = `${100 * (1 - at[1])}%`;
        status.textContent = `first number ${words(code[0])}, second number ${words(code[1])}`;
        root.dataset.code = JSON.stringify(code);
        draw(run(networks.decoder, code));
      };
      dragged(field, ([across, down]) => move([across, 1 - down]));
      const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      field.addEventListener("keydown", (event) => {
        const step = steps[event.key], size = event.shiftKey ? 0.1 : 0.02;
        if (!step) return;
        event.preventDefault();
        move(at.map((value, axis) => value + size * step[axis]));
      });
      move(at);
    },

    sliders({ networks, base, knobs }) {
      add(root, "p", {}, "Move a slider: the decoder draws the code anew.");
      const line = row(), drawStart = picture(line, "at the start"), draw = picture(line, "now");
      const list = add(line, "div", { class: "live-sliders" });
      const values = knobs.map((knob) => knob.value);
      const update = () => {
        const code = base.map((value, i) =>
          knobs.reduce((sum, knob, k) => sum + values[k] * knob.vector[i], value));
        root.dataset.code = JSON.stringify(code);
        const drawn = run(networks.decoder, code);
        draw(drawn);
        return drawn;
      };
      const sets = knobs.map(({ label, low, high, value }, k) =>
        slider(list, label, low, high, value, (now) => { values[k] = now; update(); }));
      button(root, "Back to the start", () => {
        knobs.forEach((knob, k) => { values[k] = knob.value; sets[k](knob.value); });
        update();
      });
      drawStart(update());
    },

    mix({ networks, codes, images }) {
      add(root, "p", {}, "Choose two images, and move the slider from one to the other.");
      const { weights, bias } = networks.decoder[0], width = weights.length / bias.length;
      const count = codes.length / width, size = images.length / count;
      const chosen = [0, 1];
      let share = 0.5;
      const update = () => {
        const blend = (one, other) => one.map((value, i) => (1 - share) * value + share * other[i]);
        const [one, other] = chosen.map((n) => Float64Array.from(codes.subarray(n * width, (n + 1) * width)));
        const code = blend(one, other);
        root.dataset.code = JSON.stringify([...code]);
        byCode(run(networks.decoder, code));
        byPixels(blend(...chosen.map((n) => image(images, n, size))));
      };
      const line = row();
      const choices = (side) => {
        const [whole, caption] = panel(line, ["from this image", "to this image"][side]);
        const list = add(whole, "div", { class: "live-choices", role: "group",
          "aria-label": ["from", "to"][side] });
        const all = Array.from({ length: count }, (_, n) => {
          const choice = button(list, "", () => {
            chosen[side] = n;
            all.forEach((other, m) => other.setAttribute("aria-pressed", m === n));
            update();
          });
          choice.setAttribute("aria-label", `image ${n + 1}`);
          choice.setAttribute("aria-pressed", n === chosen[side]);
          paint(add(choice, "canvas", { class: "live-image" }), [image(images, n, size)]);
          return choice;
        });
        caption();
      };
      choices(0);
      const byCode = picture(line, "codes mixed"), byPixels = picture(line, "pixels mixed");
      choices(1);
      const list = add(root, "div", { class: "live-wide" });
      slider(list, "how far", 0, 1, share, (now) => { share = now; update(); });
      update();
    },

    frames({ labels, label, places, images }) {
      const line = row("live-small-images");
      const draws = labels.map((text) => picture(line, text));
      const size = images.length / labels.length / places;
      const update = (share) => {
        const at = share * (places - 1), first = Math.min(Math.floor(at), places - 2);
        root.dataset.code = JSON.stringify([share]);
        draws.forEach((draw, n) => {
          const [one, other] = [0, 1].map((next) => image(images, n * places + first + next, size));
          draw(one.map((value, i) => value + (at - first) * (other[i] - value)));
        });
      };
      const list = add(root, "div", { class: "live-sliders" });
      slider(list, label, 0, 1, 0, update);
      update(0);
    },

    pad({ networks, examples, noise, reach, readouts }) {
      add(root, "p", {}, "Draw a digit with the mouse or a finger, or take an example.");
      const line = row("live-small-images live-level");
      const [whole, caption] = panel(line, "draw here");
      const paper = add(whole, "canvas", { class: "live-image live-pad", width: 280, height: 280,
        role: "img", "aria-label": "The pad" });
      caption();
      const drawIn = picture(line, "what goes in");
      const drawCode = networks.decoder && bars(line, reach);
      const drawOut = picture(line, networks.decoder ? "what comes out" : "the network");
      let strokes = [], clean, loud = 0, example = 0;
      const update = () => {
        const input = clean.map((value, i) =>
          Math.round(255 * Math.min(1, Math.max(0, value + loud * rough[i]))) / 255);
        const code = run(networks.encoder, input);
        const output = networks.decoder ? run(networks.decoder, code) : code;
        root.dataset.code = JSON.stringify([...code]);
        drawIn(input);
        if (drawCode) drawCode(code);
        drawOut(output);
        shows.forEach((show) => show({ input, code, output }));
      };
      const begin = (pixels) => { strokes = []; clean = pixels; paint(paper, [pixels]); update(); };
      const buttons = add(root, "div", { class: "live-row" });
      button(buttons, "Example digit", () => {
        example = (example + 1) % (examples.length / 784);
        begin(image(examples, example, 784));
      });
      button(buttons, "Clear", () => begin(new Float64Array(784)));
      if (noise) {
        const list = add(root, "div", { class: "live-wide" });
        slider(list, "noise", 0, noise, 0, (now) => { loud = now; update(); });
      }
      const shows = readouts.map((one, n) => tools[one.kind](one, networks, n, line));
      dragged(paper, (point, begins) => {
        if (begins) strokes.push([point]);
        else strokes.at(-1).push(point);
        paper.width = paper.height = 280;
        trace(paper.getContext("2d"), strokes, (v) => 280 * v, 20);
        clean = digit(strokes);
        update();
      });
      begin(image(examples, 0, 784));
    },
  };

  // --- what a pad needs -------------------------------------------------------------------
  const trace = (context, strokes, map, width) => {
    context.strokeStyle = "#fff";
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = width;
    for (const stroke of strokes) {
      context.beginPath();
      // A little apart: a line of no length would leave no dot.
      context.moveTo(map(stroke[0][0], 0) + 0.01, map(stroke[0][1], 1));
      for (const [x, y] of stroke) context.lineTo(map(x, 0), map(y, 1));
      context.stroke();
    }
  };
  const digit = (strokes) => { // as MNIST: ink in a box of 20, its mass in the middle of 28
    const pen = 2.6, fine = 8, large = document.createElement("canvas");
    const all = strokes.flat(), along = (axis) => all.map((point) => point[axis]);
    const low = [0, 1].map((axis) => Math.min(...along(axis)));
    const high = [0, 1].map((axis) => Math.max(...along(axis)));
    const scale = (20 - pen) / Math.max(high[0] - low[0], high[1] - low[1], 0.1);
    const render = (shift) => {
      large.width = large.height = 28 * fine;
      const context = large.getContext("2d", { willReadFrequently: true });
      trace(context, strokes, (value, axis) => fine
        * ((value - (low[axis] + high[axis]) / 2) * scale + 14 + shift[axis]), fine * pen);
      const ink = context.getImageData(0, 0, 28 * fine, 28 * fine).data;
      const small = new Float64Array(784);
      for (let i = 0; i < (28 * fine) ** 2; i++) {
        const x = Math.floor((i % (28 * fine)) / fine), y = Math.floor(i / (28 * fine * fine));
        small[28 * y + x] += ink[4 * i + 3] / 255 / fine ** 2;
      }
      return small;
    };
    const mass = [0, 0, 0];
    render([0, 0]).forEach((value, i) => {
      mass[0] += value * ((i % 28) + 0.5);
      mass[1] += value * (Math.floor(i / 28) + 0.5);
      mass[2] += value;
    });
    return render([14 - mass[0] / mass[2], 14 - mass[1] / mass[2]]);
  };
  let state = 1;
  const random = () => { // a fixed sequence, so that the noise only grows with its slider
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const rough = Float64Array.from({ length: 784 }, () =>
    Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()));
  const bars = (parent, reach) => {
    const [whole, caption] = panel(parent, "its code");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "live-code");
    svg.setAttribute("role", "img");
    svg.setAttribute("preserveAspectRatio", "none");
    whole.append(svg);
    caption();
    return (code) => {
      svg.setAttribute("viewBox", `0 -1 ${code.length} 2`);
      svg.setAttribute("aria-label", `Its code: ${[...code].map(words).join(", ")}`);
      svg.innerHTML = [...code].map((value, i) => {
        const height = Math.min(1, Math.abs(value) / reach), up = value > 0;
        return `<rect x="${i + 0.1}" y="${up ? -height : 0}" width="0.8" height="${height}"
          fill="${up ? "#d55e00" : "#0072b2"}"/>`;
      }).join("") + `<path d="M0 0H${code.length}" stroke="currentColor" stroke-width="0.01"/>`;
    };
  };
  const tools = { // each gives a function that shows what becomes of a drawing
    networks({ labels }, networks, number, line) {
      const draws = labels.map((label) => picture(line, label));
      return ({ input }) => labels.forEach((label, k) =>
        draws[k](run(networks[`${number} ${label}`], input)));
    },
    dial({ threshold, highest }) {
      const box = add(root, "div", { class: "live-wide" });
      const gauge = add(box, "div", { class: "live-gauge", "aria-hidden": "true" });
      const bar = add(gauge, "div");
      let last = 0;
      const judge = () => {
        const usual = last <= threshold;
        bar.style.background = usual ? "#0072b2" : "#d55e00";
        bar.style.width = `${Math.min(100, 100 * last / highest)}%`;
        root.dataset.error = last;
        verdict.textContent = `squared error ${words(last)}: `
          + (usual ? "usual, it is below the threshold" : "unusual, it is above the threshold");
      };
      slider(box, "threshold", 0, highest, threshold, (now) => { threshold = now; judge(); });
      const verdict = add(box, "p", { role: "status" });
      return ({ input, output }) => { last = squares(input, output); judge(); };
    },
    neighbours({ images, labels, count }, networks) {
      const all = Array.from({ length: images.length / 784 }, (_, n) => image(images, n, 784));
      const codes = all.map((one) => run(networks.encoder, one));
      const strip = (name) => {
        const title = add(root, "p", { class: "live-small" });
        const canvas = add(root, "canvas", { class: "live-image live-strip", role: "img" });
        return (others, own) => {
          const far = others.map((other) => squares(own, other));
          const near = [...far.keys()].sort((a, b) => far[a] - far[b]).slice(0, count);
          paint(canvas, near.map((n) => all[n]));
          title.textContent = name + (labels ? `: ${near.map((n) => labels[n]).join(" ")}` : "");
          canvas.setAttribute("aria-label", title.textContent);
        };
      };
      const byPixels = strip("nearest by pixels"), byCode = strip("nearest by code");
      return ({ input, code }) => { byPixels(all, input); byCode(codes, code); };
    },
  };

  const data = await unpack(root.dataset.weights);
  root.querySelector("p").remove(); // the sentence for where no script runs
  const own = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End",
    "PageUp", "PageDown", "Enter", " "]);
  root.addEventListener("keydown", (event) => { // else JupyterLab would act on them, too
    if (own.has(event.key) && !(event.key === "Enter" && event.shiftKey)) event.stopPropagation();
  });
  figures[root.dataset.live](data);
  add(root, "p", { class: "live-small" }, Object.keys(data.networks).length
    ? `The networks run in this page, with weights of ${data.bits} bits: where this was tried, `
      + `no pixel differs from the original's by more than ${data.error.toFixed(3)}.`
    : "The pictures were computed beforehand, and are blended between.");
})();

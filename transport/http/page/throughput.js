// What was done in each minute of the last hour, as a chart drawn by hand: upwards what was
// completed, with what was offered as a line over it; downwards what failed and what died.
import {by_id, make, set_attribute, set_text} from "./dom.js";
import {time_of_day} from "./time.js";

const kinds = [
  {key: "completed", word: "completed"},
  {key: "offered", word: "offered"},
  {key: "claimed", word: "claimed"},
  {key: "failed", word: "failed attempts"},
  {key: "dead", word: "dead"},
];
const height = 150;
const top = 10;
const bottom = 22;
const left = 34;

const svg_name = "http://www.w3.org/2000/svg";
let minutes = [];
let chosen = -1;

function shape(tag, name, attributes = {}) {
  const out = document.createElementNS(svg_name, tag);
  out.setAttribute("class", name);
  for (const [key, value] of Object.entries(attributes)) {
    out.setAttribute(key, value);
  }
  return out;
}

const drawing = shape("svg", "drawing", {"aria-hidden": "true", height});
by_id("chart").append(drawing);

const legend_title = make("span", "legend-title");
const legend = new Map();
for (const {key, word} of kinds.filter((kind) => kind.key !== "claimed")) {
  const number = make("b");
  const entry = make("span", `entry ${key}`, make("i"), number, ` ${word}`);
  legend.set(key, number);
  by_id("legend").append(entry);
}
by_id("legend").prepend(legend_title);

function sum(key) {
  return minutes.reduce((total, minute) => total + minute[key], 0);
}

// A step of 1, 2 or 5 times a power of ten, so that few lines cover the range.
function step_for(range) {
  const rough = Math.max(1, range / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
}

function draw() {
  const width = Math.max(280, by_id("chart").clientWidth);
  const up_max = Math.max(1, ...minutes.map((minute) => Math.max(minute.completed, minute.offered)));
  const down_max = Math.max(0, ...minutes.map((minute) => minute.failed + minute.dead));
  const step = step_for(up_max);
  const up = Math.ceil(up_max / step) * step;
  const down = down_max;
  const unit = (height - top - bottom) / (up + down);
  const zero = top + up * unit;
  const slot = (width - left) / Math.max(1, minutes.length);
  const thick = Math.max(2, slot - Math.max(1.5, slot * 0.28));
  const x_of = (at) => left + at * slot + (slot - thick) / 2;

  const lines = [];
  for (let value = -Math.floor(down / step) * step; value <= up; value += step) {
    const y = Math.round(zero - value * unit) + 0.5;
    lines.push(shape("line", value === 0 ? "zero" : "grid", {x1: left, x2: width, y1: y, y2: y}));
    const label = shape("text", "scale", {x: left - 8, y: y + 3.5, "text-anchor": "end"});
    label.textContent = String(Math.abs(value));
    lines.push(label);
  }
  const bars = [];
  const bar = (name, at, y, size) => {
    if (size > 0) {
      bars.push(shape("rect", name, {x: x_of(at), y, width: thick, height: size, rx: Math.min(1.5, thick / 3)}));
    }
  };
  minutes.forEach((minute, at) => {
    bar("completed", at, zero - minute.completed * unit, minute.completed * unit);
    bar("failed", at, zero + 1, minute.failed * unit - 1);
    bar("dead", at, zero + minute.failed * unit + 1, minute.dead * unit - 1);
  });
  let path = "";
  minutes.forEach((minute, at) => {
    const y = (zero - minute.offered * unit).toFixed(1);
    path += `${at === 0 ? "M" : "L"}${(left + at * slot).toFixed(1)} ${y}H${(left + (at + 1) * slot).toFixed(1)}`;
  });
  const labels = [];
  minutes.forEach((minute, at) => {
    const every = width < 480 ? 20 : 10;
    if (new Date(minute.at).getMinutes() % every === 0 && at > 1 && at < minutes.length - (width < 480 ? 4 : 2)) {
      const label = shape("text", "scale", {x: left + (at + 0.5) * slot, y: height - 5, "text-anchor": "middle"});
      label.textContent = time_of_day(minute.at);
      labels.push(label);
    }
  });
  const mark = chosen >= 0
    ? [shape("rect", "chosen", {x: left + chosen * slot, y: top, width: slot, height: height - top - bottom, rx: 2})]
    : [];
  set_attribute(drawing, "width", String(width));
  set_attribute(drawing, "viewBox", `0 0 ${width} ${height}`);
  drawing.replaceChildren(...mark, ...lines, ...bars, shape("path", "offered", {d: path}), ...labels);
}

function write_legend() {
  const minute = minutes[chosen];
  set_text(legend_title, minute ? time_of_day(minute.at) : "");
  for (const [key, number] of legend) {
    set_text(number, (minute ? minute[key] : sum(key)).toLocaleString());
  }
}

function choose(at, is_spoken) {
  chosen = at;
  draw();
  write_legend();
  const minute = minutes[at];
  if (is_spoken && minute) {
    set_text(by_id("chart-text"),
      `${time_of_day(minute.at)}: ${kinds.map(({key, word}) => `${minute[key]} ${word}`).join(", ")}`);
  }
}

const chart = by_id("chart");
chart.addEventListener("pointermove", (event) => {
  const slot = (chart.clientWidth - left) / Math.max(1, minutes.length);
  const at = Math.floor((event.clientX - chart.getBoundingClientRect().left - left) / slot);
  const inside = at >= 0 && at < minutes.length ? at : -1;
  if (inside !== chosen) {
    choose(inside, false);
  }
});
chart.addEventListener("pointerleave", () => choose(-1, false));
chart.addEventListener("blur", () => choose(-1, false));
chart.addEventListener("keydown", (event) => {
  const last = minutes.length - 1;
  const from = chosen < 0 ? last + 1 : chosen;
  const to = {ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last, Escape: -1}[event.key];
  if (to !== undefined && last >= 0) {
    event.preventDefault();
    choose(event.key === "Escape" ? -1 : Math.min(last, Math.max(0, to)), true);
  }
});
new ResizeObserver(draw).observe(chart);

// Shows the part `throughput`.
export function show_throughput(part) {
  minutes = part.minutes;
  draw();
  write_legend();
  set_text(by_id("chart-text"), "");
}

export function last_hour(key) {
  return sum(key);
}

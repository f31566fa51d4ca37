"use strict";
// Replays the window of a run that this page holds. What is shown depends on one number alone: `now`, µs since the
// begin of the window. Times come as differences; a line is [times, values]: values[i] holds from times[i] on.
(() => {
  const $ = id => document.getElementById(id);
  const story = JSON.parse($("story").textContent);
  const SECOND = 1e6, FLIGHT = 0.7, MOST_DOTS = 500, POINTS = 40;
  const summed = deltas => { let sum = 0; return deltas.map(delta => (sum += delta)); };

  // How many times lie at or before t.
  const until = (times, t) => {
    let low = 0, high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= t) low = middle + 1; else high = middle;
    }
    return low;
  };

  // -- what can be shown: each thing has times, and a function that shows what holds after so many of them

  const things = [];
  const add = (times, show) => things.push({times, show, shown: -1});
  const digits = n => n.toLocaleString(document.documentElement.lang);
  const write = (id, text) => { const node = $(id); if (node) node.textContent = text; };
  const table = new Map();

  for (const [id, deltas, values] of story.machines) {
    const cell = $("m" + id), letter = $("l" + id);
    add(summed(deltas), n => {
      const [state, word, sign] = story.states[values[n - 1]];
      table.set("t-m" + id, word);
      if (!cell) return;
      cell.setAttribute("fill", `url(#look-${state})`);
      cell.setAttribute("data-state", state);
      letter.textContent = sign;
      letter.setAttribute("class", "letter ink-" + state);
    });
  }
  const fill = (id, n, words, top) => {
    const text = words.replace("#", digits(n)), node = $("n" + id), bar = $("f" + id);
    table.set("t-n" + id, text);
    if (node) { node.textContent = text; node.setAttribute("data-level", n); }
    if (bar) bar.setAttribute("width", bar.getAttribute("data-wide") * Math.min(1, n / top));
  };
  for (const [id, deltas, values, words, top] of story.levels) add(summed(deltas), n => fill(id, values[n - 1], words, top));
  for (const [id, deltas, values, words] of story.made) {
    add(summed(deltas), n => write("n" + id, words.replace("#", digits(values[n - 1]))));
  }
  for (const [name, deltas, values] of story.counts) add(summed(deltas), n => write("count-" + name, digits(values[n - 1])));
  for (const [id, deltas, values, limit] of story.cards) {
    add(summed(deltas), n => {
      write("c" + id, `${values[n - 1]}/${limit}`);
      table.set("t-c" + id, `${values[n - 1]}/${limit}`);
    });
  }
  for (const [id, deltas, values] of story.hours) {
    add(summed(deltas), n => write("hours-" + id, story.hoursWords[values[n - 1]]));
  }

  // -- parts on belts: a square each, first on, first off

  const belts = story.belts.map(([id, on, off, transit, gap, words, top]) => {
    const strip = $("b" + id);
    const size = name => Number(strip.getAttribute(name));
    const belt = {id, on: summed(on), off: summed(off), transit, gap, words, top, parts: $("p" + id), count: -1};
    Object.assign(belt, {x: size("x") + size("width") * gap / transit / 2, y: size("y") + 2, tall: size("height") - 4});
    const pitch = size("width") * gap / transit;
    belt.wide = size("width") - pitch;
    belt.parts.setAttribute("stroke-width", Math.max(0.6, Math.min(8, 0.55 * pitch)));
    return belt;
  });
  const showBelt = (belt, t) => {
    const first = until(belt.off, t), last = until(belt.on, t), marks = [];
    for (let n = first; n < last; n++) {
      const ridden = (t - belt.on[n]) / belt.transit, free = 1 - (n - first) * belt.gap / belt.transit;
      marks.push(`M${(belt.x + belt.wide * Math.max(0, Math.min(ridden, free))).toFixed(1)} ${belt.y}v${belt.tall}`);
    }
    belt.parts.setAttribute("d", marks.join(""));
    if (belt.count !== last - first) fill(belt.id, (belt.count = last - first), belt.words, belt.top);
  };

  // -- parts on their way: a dot flies along its arrow once it has been handed on; what is driven takes its time

  const ways = new Map();
  for (const path of document.querySelectorAll("path.way[id]")) {
    const length = path.getTotalLength();
    const points = Array.from({length: POINTS + 1}, (_, n) => path.getPointAtLength(length * n / POINTS));
    ways.set(Number(path.id.slice(1)), points);
  }
  const spot = (way, share) => {
    const points = ways.get(way);
    if (!points) return "";
    const at = Math.max(0, Math.min(1, share)) * POINTS, n = Math.min(POINTS - 1, Math.floor(at)), rest = at - n;
    const x = points[n].x + (points[n + 1].x - points[n].x) * rest;
    const y = points[n].y + (points[n + 1].y - points[n].y) * rest;
    return `M${x.toFixed(1)} ${y.toFixed(1)}h.01`;
  };
  const hops = {times: summed(story.hops[0]), ways: story.hops[1]};
  const trips = {times: summed(story.trips[0]), lasts: story.trips[1], ways: story.trips[2]};
  const longest = trips.lasts.reduce((most, one) => Math.max(most, one), 0);
  const showWays = t => {
    const flight = FLIGHT * SECOND * Number($("speed").value), dots = [], carts = [];
    const last = until(hops.times, t);
    for (let n = last - 1; n >= 0 && t - hops.times[n] < flight && dots.length < MOST_DOTS; n--) {
      dots.push(spot(hops.ways[n], (t - hops.times[n]) / flight));
    }
    for (let n = until(trips.times, t) - 1; n >= 0 && t - trips.times[n] <= longest; n--) {
      if (t - trips.times[n] < trips.lasts[n]) carts.push(spot(trips.ways[n], (t - trips.times[n]) / trips.lasts[n]));
    }
    for (const [name, marks] of [["dots", dots], ["carts", carts]]) {
      for (const node of document.querySelectorAll("#plant ." + name)) node.setAttribute("d", marks.join(""));
    }
  };

  // -- the clock

  const two = number => String(number).padStart(2, "0");
  const clock = seconds => {
    const rest = seconds % 86400;
    return `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(Math.floor(rest) % 60)}`;
  };
  const since = seconds => (seconds < 86400 ? "" : `${Math.floor(seconds / 86400)} ${story.dayUnit} `) + clock(seconds);
  const wall = seconds => {
    const day = new Date(story.epoch + seconds * 1000);
    const [days, months, monthDays] = story.calendar;
    const date = story.date.replace("{day}", days[(day.getUTCDay() + 6) % 7])
      .replace("{month}", months[day.getUTCMonth()]).replace("{month_day}", monthDays[day.getUTCDate() - 1])
      .replace("{year}", String(day.getUTCFullYear()).padStart(4, "0"));
    return `${date} ${two(day.getUTCHours())}:${two(day.getUTCMinutes())}:${two(day.getUTCSeconds())}`;
  };

  // -- showing a moment

  let now = 0, playing = false, before = null;
  const slider = $("slider"), button = $("play"), speed = $("speed"), list = $("list");
  const show = () => {
    for (const thing of things) {
      const n = Math.max(1, until(thing.times, now));
      if (n !== thing.shown) thing.show(thing.shown = n);
    }
    for (const belt of belts) showBelt(belt, now);
    showWays(now);
    const seconds = (story.begin + now) / SECOND;
    const told = story.epoch === null ? since(seconds) : wall(seconds);
    $("clock").textContent = told;
    if (story.epoch !== null) $("since").textContent = since(seconds);
    slider.value = now / SECOND;
    slider.setAttribute("aria-valuetext", told);
    $("plant").setAttribute("data-time", Math.round(story.begin + now));
    if (list.open || !playing) for (const [id, text] of table) write(id, text);
  };
  const go = t => { now = Math.max(0, Math.min(story.length, t)); show(); };
  const frame = stamp => {
    if (!playing) return;
    const passed = before === null ? 0 : Math.min(0.25, (stamp - before) / 1000);
    before = stamp;
    go(now + passed * SECOND * Number(speed.value));
    if (now >= story.length) play(false); else requestAnimationFrame(frame);
  };
  const play = wanted => {
    if (wanted && now >= story.length) now = 0;
    playing = wanted;
    before = null;
    button.textContent = wanted ? story.pause : story.play;
    button.setAttribute("aria-pressed", wanted);
    if (wanted) requestAnimationFrame(frame); else show();
  };

  // The nearest change after (or before) now, of all that is shown.
  const step = forward => {
    let best = forward ? story.length : 0;
    const lines = [...things, {times: hops.times}, {times: trips.times}];
    for (const {times} of [...lines, ...belts.flatMap(belt => [{times: belt.on}, {times: belt.off}])]) {
      const n = until(times, now), at = forward ? times[n] : times[n - 1] < now ? times[n - 1] : times[n - 2];
      if (at !== undefined && at >= 0) best = forward ? Math.min(best, at) : Math.max(best, at);
    }
    play(false);
    go(best);
  };
  const faster = by => {
    speed.selectedIndex = Math.max(0, Math.min(speed.options.length - 1, speed.selectedIndex + by));
    show();
  };

  // -- what the reader does

  const stride = () => 5 * SECOND * Number(speed.value);
  const keys = {
    " ": () => play(!playing), ArrowLeft: () => go(now - stride()), ArrowRight: () => go(now + stride()),
    ",": () => step(false), ".": () => step(true), "+": () => faster(1), "-": () => faster(-1),
    Home: () => go(0), End: () => go(story.length),
  };
  document.addEventListener("keydown", event => {
    const own = event.target.closest("input, select, summary") || (event.key === " " && event.target.closest("button"));
    if (own || event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  button.addEventListener("click", () => play(!playing));
  $("back").addEventListener("click", () => step(false));
  $("next").addEventListener("click", () => step(true));
  slider.addEventListener("input", () => go(Math.round(Number(slider.value) * SECOND)));
  speed.addEventListener("change", show);
  list.addEventListener("toggle", show);

  // #t=3600&speed=60&play: the moment in seconds since the start of the run, how fast, and off it goes.
  const obey = () => {
    const wanted = new URLSearchParams(location.hash.slice(1)), at = Number(wanted.get("t") ?? NaN);
    const pace = [...speed.options].findIndex(option => option.value === wanted.get("speed"));
    if (pace >= 0) speed.selectedIndex = pace;
    go(Number.isFinite(at) ? Math.round(at * SECOND) - story.begin : now);
    if (wanted.has("play")) play(true);
  };
  slider.max = story.length / SECOND;
  speed.selectedIndex = story.speed;
  window.addEventListener("hashchange", obey);
  document.body.classList.add("ready");
  obey();
})();

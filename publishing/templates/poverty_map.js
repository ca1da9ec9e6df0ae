/* The map's behaviour: switches, tooltip, keyboard, opening a sub-district, sorting the table. Everything shown is already in the page. */
"use strict";
(function () {
  const body = document.body;
  const svg = document.getElementById("map");
  const tooltip = document.getElementById("tooltip");
  const highlight = document.getElementById("highlight");
  const back = document.getElementById("back");
  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  const areas = Array.from(svg.querySelectorAll(".area"));
  const rows = Array.from(document.querySelectorAll("tr[data-code]"));
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const part = (name) => tooltip.querySelector("." + name);
  let timer = 0;
  let pointer = null;

  const visible = () => areas.filter((area) => area.dataset.level === body.dataset.level
    && (!body.dataset.open || area.dataset.parent === body.dataset.open));
  const areaOf = (code) => areas.find((area) => area.dataset.code === code);

  function light(area, focused) {
    rows.forEach((row) => row.classList.toggle("lit", Boolean(area) && row.dataset.code === area.dataset.code));
    highlight.setAttribute("d", area ? area.getAttribute("d") : "");
    highlight.classList.toggle("focused", Boolean(focused));
  }

  function show(area, x, y, focused) {
    light(area, focused);
    part("name").textContent = area.dataset.name;
    part("within").textContent = area.dataset.within;
    part("number").textContent = area.dataset.poor;
    part("rate").textContent = area.dataset.rate;
    const box = tooltip.getBoundingClientRect();
    const left = x + 18 + box.width > window.innerWidth ? x - 18 - box.width : x + 18;
    const top = Math.min(Math.max(8, y + 14), window.innerHeight - box.height - 8);
    tooltip.style.left = Math.max(8, left) + "px";
    tooltip.style.top = top + "px";
    tooltip.classList.add("on");
  }

  function hide() {
    tooltip.classList.remove("on");
    light(document.activeElement && document.activeElement.classList.contains("area") ? document.activeElement : null, true);
  }

  function showAtCentre(area) {
    const box = area.getBoundingClientRect();
    show(area, box.left + box.width / 2, box.top + box.height / 2, true);
  }

  function moveTo(target) {
    window.cancelAnimationFrame(timer);
    const from = svg.getAttribute("viewBox").split(" ").map(Number);
    /* The hatching keeps its size on the screen, however large the areas are drawn. */
    document.getElementById("hatch").setAttribute("patternTransform", "rotate(45) scale(" + target[2] / whole[2] + ")");
    if (still) { svg.setAttribute("viewBox", target.join(" ")); return; }
    const start = performance.now();
    (function step(now) {
      const along = Math.min(1, (now - start) / 280);
      const eased = 1 - Math.pow(1 - along, 3);
      svg.setAttribute("viewBox", from.map((value, index) => value + (target[index] - value) * eased).join(" "));
      if (along < 1) { timer = window.requestAnimationFrame(step); }
    }(start));
  }

  function setLevel(level, open) {
    body.dataset.level = level;
    if (open) { body.dataset.open = open; } else { delete body.dataset.open; }
    document.querySelectorAll('input[name="level"]').forEach((input) => { input.checked = input.value === level; });
    back.hidden = !open;
    areas.forEach((area) => area.classList.toggle("outside", Boolean(open) && area.dataset.level === "village" && area.dataset.parent !== open));
    svg.querySelectorAll(".village-label").forEach((label) => label.classList.toggle("open", label.dataset.parent === open));
    rows.forEach((row) => { row.hidden = Boolean(open) && row.dataset.level === "village" && row.dataset.parent !== open; });
    document.querySelectorAll(".only").forEach((text) => {
      text.hidden = !open;
      text.textContent = open ? text.dataset.text.replace("{name}", areaOf(open).dataset.name) : "";
    });
    if (open) {
      const box = areaOf(open).dataset.box.split(" ").map(Number);
      const zoom = Math.max(1, Math.min(whole[2] / (box[2] * 1.15), whole[3] / (box[3] * 1.15)));
      const width = whole[2] / zoom, height = whole[3] / zoom;
      moveTo([box[0] + box[2] / 2 - width / 2, box[1] + box[3] / 2 - height / 2, width, height]);
    } else {
      moveTo(whole);
    }
    const first = visible()[0];
    areas.forEach((area) => area.setAttribute("tabindex", area === first ? "0" : "-1"));
    hide();
  }

  function open(area) {
    if (area.dataset.level !== "kecamatan") { return; }
    /* Asked before the level changes: an area that is no longer shown loses the focus. */
    const byKeyboard = area.matches(":focus-visible");
    setLevel("village", area.dataset.code);
    const first = visible()[0];
    if (first && byKeyboard) { first.focus(); }
  }

  function close() {
    const code = body.dataset.open;
    if (!code) { return; }
    const returning = svg.contains(document.activeElement) || document.activeElement === back;
    setLevel("kecamatan", "");
    if (returning) { areaOf(code).focus(); }
  }

  function neighbour(area, key) {
    const turn = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
    const from = [Number(area.dataset.x), Number(area.dataset.y)];
    let best = null, least = Infinity;
    visible().forEach((other) => {
      const off = [Number(other.dataset.x) - from[0], Number(other.dataset.y) - from[1]];
      const along = off[0] * turn[0] + off[1] * turn[1];
      const aside = Math.abs(off[0] * turn[1]) + Math.abs(off[1] * turn[0]);
      if (along > 0.5 && along + 2 * aside < least) { least = along + 2 * aside; best = other; }
    });
    return best;
  }

  areas.forEach((area) => {
    area.addEventListener("pointermove", (event) => {
      pointer = [event.clientX, event.clientY];
      show(area, event.clientX, event.clientY, document.activeElement === area);
    });
    area.addEventListener("pointerleave", hide);
    area.addEventListener("focus", () => {
      areas.forEach((other) => other.setAttribute("tabindex", other === area ? "0" : "-1"));
      if (area.matches(":focus-visible")) { showAtCentre(area); }
    });
    area.addEventListener("blur", hide);
    area.addEventListener("click", () => open(area));
    area.addEventListener("keydown", (event) => {
      if (event.key.startsWith("Arrow")) {
        const next = neighbour(area, event.key);
        if (next) { next.focus(); }
        event.preventDefault();
      } else if (event.key === "Enter" || event.key === " ") {
        open(area);
        event.preventDefault();
      }
    });
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { hide(); close(); } });
  back.addEventListener("click", close);
  window.addEventListener("scroll", () => {
    const focused = document.activeElement;
    if (focused && focused.matches(".area:focus-visible")) { showAtCentre(focused); return; }
    const under = pointer && document.elementFromPoint(pointer[0], pointer[1]);
    if (under && under.matches(".area")) { show(under, pointer[0], pointer[1], false); } else { tooltip.classList.remove("on"); }
  }, { passive: true });
  document.querySelectorAll('input[name="measure"]').forEach((input) => input.addEventListener("change", () => {
    body.dataset.measure = input.value;
    const key = input.value === "count" ? "poor" : "rate";
    document.querySelectorAll(".sort[data-key=" + key + "]").forEach((button) => sort(button, false));
  }));
  document.querySelectorAll('input[name="level"]').forEach((input) => input.addEventListener("change", () => setLevel(input.value, "")));
  rows.forEach((row) => {
    row.addEventListener("pointerenter", () => light(areaOf(row.dataset.code), false));
    row.addEventListener("pointerleave", () => light(null, false));
  });

  function sort(button, ascending) {
    const head = button.closest("th"), table = button.closest("table"), key = button.dataset.key;
    const text = key === "name";
    table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const list = Array.from(table.tBodies[0].rows);
    const sign = ascending ? 1 : -1;
    list.sort((one, other) => sign * (text
      ? one.dataset.name.localeCompare(other.dataset.name, document.documentElement.lang)
      : Number(one.dataset[key]) - Number(other.dataset[key])));
    table.tBodies[0].append(...list);
  }

  /* Names from A, numbers from the highest; a second press turns the order round. */
  document.querySelectorAll(".sort").forEach((button) => button.addEventListener("click", () => {
    const before = button.closest("th").getAttribute("aria-sort");
    sort(button, before ? before === "descending" : button.dataset.key === "name");
  }));
}());

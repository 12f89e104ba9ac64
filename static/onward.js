// Small conveniences. Every page works without them.
"use strict";

// The browser's location, rounded to two decimals (about a mile) before it leaves the browser.
const locate = document.querySelector("[data-locate]");
if (locate && navigator.geolocation && window.isSecureContext) {
  const { near, latitude, longitude } = locate.form.elements;
  const status = document.querySelector("[data-locate-status]");
  const forget = () => {
    latitude.value = "";
    longitude.value = "";
  };
  locate.hidden = false;
  locate.addEventListener("click", () => {
    status.textContent = locate.dataset.busy;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        latitude.value = coords.latitude.toFixed(2);
        longitude.value = coords.longitude.toFixed(2);
        near.value = locate.dataset.label;
        status.textContent = locate.dataset.done;
      },
      () => {
        forget();
        status.textContent = locate.dataset.failed;
        near.focus();
      },
      { timeout: 10000, maximumAge: 600000 },
    );
  });
  near.addEventListener("input", forget);
}

// Leave quickly: the link works without this. With it the page is covered at once, and Back does not lead here again.
const exit = document.querySelector("[data-exit]");
if (exit) {
  const said = document.querySelector("[data-exit-status]");
  const SHIFTS = 3;
  const WITHIN_MS = 5000;
  let pressed = [];
  const leave = () => {
    document.documentElement.classList.add("leaving");
    document.title = "\u200b";
    said.textContent = exit.dataset.leaving;
    try {
      sessionStorage.clear();
    } catch {
      // Storage that is switched off holds nothing.
    }
    location.replace(exit.href);
  };
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      pressed = [];
      return;
    }
    if (event.repeat) return;
    const now = Date.now();
    pressed = [...pressed.filter((time) => now - time < WITHIN_MS), now];
    if (pressed.length >= SHIFTS) leave();
    else if (pressed.length > 1) said.textContent = exit.dataset.once;
  });
  addEventListener("pageshow", () => document.documentElement.classList.remove("leaving"));
}

// After an error the summary is read first.
document.querySelector("[data-focus]")?.focus();

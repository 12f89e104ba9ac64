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

// After an error the summary is read first.
document.querySelector("[data-focus]")?.focus();

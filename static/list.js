// Keeping places without loading a page, and sending or printing a list. Every page works without it.
"use strict";

// The list of this tab: gone when the tab is closed, and sent nowhere.
const KEY = "onward-list";
const MAX_KEPT = 8;

const find = (selector) => [...document.querySelectorAll(selector)];
const MAX_ID = 2147483647;
const isId = (id) => /^[1-9][0-9]{0,9}$/.test(id) && Number(id) <= MAX_ID;
const toIds = (text) => [...new Set((text || "").split("-").filter(isId))];

function storage() {
  try {
    sessionStorage.setItem(`${KEY}-test`, "");
    sessionStorage.removeItem(`${KEY}-test`);
    return sessionStorage;
  } catch {
    return null; // refused by the browser: the plain links go on working
  }
}

const store = storage();
const bar = document.querySelector("[data-list-bar]");
const status = document.querySelector("[data-list-status]");
const page = document.querySelector("[data-list-page]");
const read = () => toIds(store.getItem(KEY));
const write = (ids) => store.setItem(KEY, ids.slice(0, MAX_KEPT).join("-"));

function show() {
  const ids = read();
  tellAddresses(ids);
  for (const link of find("[data-keep]")) {
    const isKept = ids.includes(link.dataset.keep);
    link.setAttribute("role", "button");
    link.toggleAttribute("data-kept", isKept);
    const data = link.dataset.on ? link.dataset : bar.dataset;
    link.firstChild.data = isKept ? data.on : data.off;
  }
  for (const each of find("[data-list-bar]")) {
    const link = each.querySelector("[data-list-link]");
    link.href = link.dataset.base + ids.join("-");
    link.textContent = each.dataset.counts.split("|")[Math.max(ids.length, 1) - 1];
    // On the page of this very list the bar would lead to where one is.
    each.hidden = !ids.length || (page !== null && page.dataset.listPage === ids.join("-"));
    each.querySelector("[data-list-full]").hidden = ids.length < MAX_KEPT;
  }
}

const withList = (href, ids) => {
  const address = new URL(href);
  address.searchParams.delete("list");
  if (ids.length) address.searchParams.set("list", ids.join("-"));
  return address.href;
};

// Addresses that carry a list say what the tab holds: neither a reload nor the next page, nor the filters, bring back
// what was taken off. A page that is itself a list goes on saying what stands on it.
function tellAddresses(ids) {
  if (page) return;
  if (new URLSearchParams(location.search).has("list")) {
    history.replaceState(history.state, "", withList(location.href, ids));
  }
  for (const link of find('a[href*="list="]:not([data-keep], .out)')) link.href = withList(link.href, ids);
  for (const field of find('input[name="list"]')) field.value = ids.join("-");
}

function toggle(link) {
  const ids = read();
  const id = link.dataset.keep;
  const isKept = ids.includes(id);
  const { keptSaid, takenSaid } = bar.dataset;
  if (!isKept && ids.length >= MAX_KEPT) {
    status.textContent = "";
    bar.hidden = false;
    requestAnimationFrame(() => {
      status.textContent = bar.querySelector("[data-list-full]").textContent;
    });
    return;
  }
  const now = isKept ? ids.filter((other) => other !== id) : [...ids, id];
  write(now);
  show();
  const count = now.length ? ` ${bar.querySelector("[data-list-link]").textContent}` : "";
  status.textContent = `${isKept ? takenSaid : keptSaid}${count}`;
}

// What a new page brings along: its address may carry a list, or be one. Going back brings nothing new.
function takeOver() {
  const isNew = performance.getEntriesByType("navigation")[0]?.type !== "back_forward";
  const ids = read();
  if (isNew || !ids.length) {
    const carried = toIds(new URLSearchParams(location.search).get("list"));
    if (carried.length) write([...new Set([...ids, ...carried])]);
  }
  // A list that was sent becomes the list of a tab that has none; one's own is never lost to it.
  if (page && isNew && !ids.length && page.dataset.listPage) write(toIds(page.dataset.listPage));
}

if (store && bar) {
  takeOver();
  show();
  window.addEventListener("pageshow", show);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-keep]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      toggle(link);
    }
    const drop = event.target.closest("[data-list-drop]");
    if (drop) write(read().filter((id) => id !== drop.dataset.listDrop));
    if (event.target.closest("[data-list-clear]")) write([]);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches?.("[data-keep]")) {
      event.preventDefault();
      toggle(event.target);
    }
  });
}

for (const button of find("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const copy = document.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  const said = document.querySelector("[data-copy-status]");
  copy.hidden = false;
  copy.addEventListener("click", () => {
    said.textContent = "";
    navigator.clipboard.writeText(copy.dataset.copy).then(
      () => (said.textContent = copy.dataset.done),
      () => (said.textContent = copy.dataset.failed),
    );
  });
}

const share = document.querySelector("[data-share]");
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    // Closing the sheet without choosing is no error.
    navigator.share({ title: share.dataset.title, url: share.dataset.url }).catch(() => {});
  });
}

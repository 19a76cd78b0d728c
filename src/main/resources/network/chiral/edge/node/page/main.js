// The Network page: asks once, then lives on the node's events.

import { Refused, download, forgetToken, get, hasToken, keepToken, listen, post } from "./api.js";
import { Chart, binaryAbove } from "./chart.js";
import { lists, showCache, showReach, showRefusals } from "./details.js";
import { $, copy, text } from "./dom.js";
import { count, percent, rate } from "./format.js";
import { Log } from "./log.js";
import { showNow, showRounds, showStatus } from "./overview.js";

// Tables are asked for again when something has happened, no more often than this, and now and then anyway.
const REFRESH_MS = 2000;
const ANYWAY_MS = 10000;
// A page that nobody looks at gives its place among the listeners back.
const HIDDEN_MS = 60000;

const page = { status: null, last: null, bytesPerSecond: null, rounds: [], stream: null, tables: lists(), log: new Log() };
const changed = new Set();
let hiddenTimer = 0;

const share = (part, whole) => part.map((value, i) => (whole[i] === 0 ? null : value / whole[i]));
const charts = [
  new Chart("Cache warmth and hit rate", [{ name: "Connected of the cache", read: (s) => share(s.cachedConnected, s.cached) }, { name: "Hit rate of redials", read: (s) => s.hitRate }], percent, 1),
  new Chart("Relayed", [{ name: "Relayed", read: (s) => s.bytesPerSecond }], rate, binaryAbove),
  new Chart("Reservations and circuits", [{ name: "Reservations", read: (s) => s.reservations }, { name: "Circuits", read: (s) => s.circuits }], count),
  new Chart("Connections and peers", [{ name: "Connections", read: (s) => s.connections }, { name: "Peers", read: (s) => s.peers }], count),
  new Chart("Refused by the relay, each ten seconds", [{ name: "Refused", read: (s) => s.refusals }], count),
];
$("charts").replaceChildren(...charts.map((chart) => chart.element));

/** Tells a screen reader; only what its user would want to be interrupted for. */
function announce(sentence) {
  text($("announcer"), sentence);
}

// --- what is asked

async function loadStatus() {
  page.status = await get("/status");
  showStatus(page.status);
  showReach(page.status);
}

async function loadRounds() {
  page.rounds = (await get("/reconnect")).rounds;
  showRounds(page.rounds);
}

async function loadHistory() {
  const { samples } = await get("/history");
  charts.forEach((chart) => chart.draw(samples));
}

const LOADS = {
  status: loadStatus,
  rounds: loadRounds,
  history: loadHistory,
  cache: async () => showCache(await get("/cache")),
  refusals: async () => showRefusals(await get("/refusals")),
  circuits: () => page.tables.circuits.load(),
  slots: () => page.tables.slots.load(),
  connected: () => page.tables.connected.load(),
  entries: () => page.tables.entries.load(),
};

async function load(...names) {
  try {
    await Promise.all(names.map((name) => LOADS[name]()));
    $("trouble").hidden = true;
    return true;
  } catch (problem) {
    trouble(problem);
    return false;
  }
}

function trouble(problem) {
  if (problem instanceof Refused && (problem.status === 401 || problem.status === 403)) {
    askForToken(problem);
    return;
  }
  const gone = problem instanceof TypeError; // of fetch: no answer at all
  $("trouble").textContent = gone ? "The node does not answer. This page goes on asking." : problem.message;
  $("trouble").hidden = false;
}

// --- what is heard

const TOUCHED = {
  reservation: ["slots"],
  circuit: ["circuits"],
  refusal: ["refusals"],
  peer: ["connected", "entries"],
  reconnect: ["entries", "cache"],
  lost: Object.keys(LOADS),
};

function onEvent(topic, event) {
  if (topic === "status") onStatus(event);
  if (topic === "reconnect") onRound(event);
  (TOUCHED[topic] ?? []).forEach((name) => changed.add(name));
  page.log.add(topic, event);
}

function onStatus(now) {
  const before = page.last;
  if (before) {
    const seconds = (Date.parse(now.at) - Date.parse(before.at)) / 1000;
    if (seconds > 0) page.bytesPerSecond = Math.max(0, now.relayedBytes - before.relayedBytes) / seconds;
    if (before.state !== now.state || before.relay !== now.relay) {
      announce(`The node is ${now.state.replace("_", " ")}${now.relay ? "" : ", and no relay"}.`);
      changed.add("status");
    }
  }
  page.last = now;
  showNow(now, page.status.limits, page.bytesPerSecond, page.rounds[0]?.over === false);
}

function onRound(round) {
  const place = page.rounds.findIndex((known) => known.number === round.number);
  if (place < 0) page.rounds.unshift(round);
  else page.rounds[place] = round;
  showRounds(page.rounds);
  if (round.over) {
    announce(`Redials are over: ${round.connected} of ${round.dialled} connected.`);
    changed.add("status");
  }
}

function onStream(state, problem) {
  $("live").className = state === "open" ? "live on" : "live off";
  text($("live-text"), state === "open" ? "Live" : "Connection lost, trying again");
  if (state === "refused") askForToken(problem);
  if (state === "lost") announce("The connection to the node is lost.");
  if (state === "open" && page.wasLost) load(...Object.keys(LOADS));
  page.wasLost = state !== "open";
}

function hear() {
  page.stream ??= listen(onEvent, onStream);
}

function hearNoMore() {
  page.stream?.stop();
  page.stream = null;
  page.wasLost = true;
}

setInterval(() => {
  if (document.hidden || page.stream === null || changed.size === 0) return;
  const names = [...changed];
  changed.clear();
  load(...names);
}, REFRESH_MS);

setInterval(() => {
  if (page.stream !== null) ["status", "history", "cache", "circuits", "slots", "connected"].forEach((name) => changed.add(name));
}, ANYWAY_MS);

document.addEventListener("visibilitychange", () => {
  clearTimeout(hiddenTimer);
  if (document.hidden) {
    hiddenTimer = setTimeout(hearNoMore, HIDDEN_MS);
  } else if (!$("content").hidden) {
    hear();
  }
});

// --- what the user does

function askForToken(problem) {
  hearNoMore();
  text($("login-why"), hasToken() ? `The token was refused. ${problem.message}` : problem.message);
  forgetToken();
  $("content").hidden = true;
  $("login").hidden = false;
  $("token").value = "";
  $("token").focus();
  text($("live-text"), "Not connected");
}

async function begin() {
  if (!(await load("status"))) {
    if ($("login").hidden) setTimeout(begin, REFRESH_MS);
    return;
  }
  $("login").hidden = true;
  $("content").hidden = false;
  onStatus(page.status.now);
  await load(...Object.keys(LOADS).filter((name) => name !== "status"));
  hear();
}

$("login").addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken($("token").value.trim());
  begin();
});

$("copy-id").addEventListener("click", () => copy($("copy-id"), $("peer-id").textContent));

let typing = 0;
$("filter").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => page.tables.entries.first($("filter").value.trim()).catch(trouble), 200);
});

$("save").addEventListener("click", async () => {
  $("save").disabled = true;
  try {
    const saved = await post("/cache/save");
    announce(saved.outcome === "saved" ? `Saved ${saved.peers} peers.` : "There is nothing to save.");
    await load("cache", "entries");
  } catch (problem) {
    trouble(problem);
  } finally {
    $("save").disabled = false;
  }
});

$("export").addEventListener("click", async () => {
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await download("/cache/export"));
    link.download = "peer_cache.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  } catch (problem) {
    trouble(problem);
  }
});

const THEMES = ["system", "light", "dark"];
function theme(name) {
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  $("theme").textContent = `Theme: ${name}`;
  localStorage.setItem("chiral-theme", name);
}
theme(THEMES.includes(localStorage.getItem("chiral-theme")) ? localStorage.getItem("chiral-theme") : "system");
$("theme").addEventListener("click", () => theme(THEMES[(THEMES.indexOf(localStorage.getItem("chiral-theme")) + 1) % THEMES.length]));

begin();

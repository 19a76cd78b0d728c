// The header, the tiles and the rounds of redials.

import { $, el, empty, text } from "./dom.js";
import { bytes, clock, count, duration, percent, rate, shortId, words } from "./format.js";

const STATES = { ready: "Ready", not_ready: "Not ready", draining: "Draining" };
const WARMTH = {
  warm: "at least half of the redials worked",
  cold: "fewer than half of the redials worked",
  warming: "redials are under way",
  empty: "the cache was empty at the start",
};

/** What does not change by the second: identity, limits, roles. */
export function showStatus(status) {
  document.title = `${shortId(status.peerId)} \u00b7 Chiral Edge`;
  text($("peer-id"), status.peerId);
  $("copy-id").hidden = false;
  text($("version"), `Version ${status.version}`);
  text($("uptime"), `Up ${duration(status.uptimeSeconds)}`);
  text($("roles"), `Roles: ${status.roles.map(words).join(", ") || "none"}`);
  const { limits, warmth } = status;
  meter("slots", status.now.reservations, limits.reservations);
  meter("circuits", status.now.circuits, limits.circuits);
  text($("t-hit-note"), WARMTH[warmth.state] ?? words(warmth.state));
}

function meter(name, used, limit) {
  const bar = $(`t-${name}-bar`);
  bar.hidden = limit === 0;
  bar.value = limit === 0 ? 0 : Math.min(1, used / limit);
  text($(`t-${name}-note`), limit === 0 ? "no limit" : `of ${count(limit)}`);
}

/** The numbers of a moment; `bytesPerSecond` is null before two are known; `warming` while a round of redials is under way. */
export function showNow(now, limits, bytesPerSecond, warming) {
  const state = $("state");
  state.className = `badge ${warming && now.state === "not_ready" ? "warn" : now.state}`;
  text(state, now.reason && now.state !== "draining" ? `${STATES[now.state]}: ${now.reason}` : STATES[now.state]);
  const warm = now.cached === 0 ? null : now.cachedConnected / now.cached;
  text($("t-warm"), percent(warm));
  $("t-warm-bar").value = warm ?? 0;
  $("t-warm-bar").hidden = warm == null;
  text($("t-warm-note"), now.cached === 0 ? "no peers in the cache" : `${count(now.cachedConnected)} of ${count(now.cached)} cached peers connected`);
  text($("t-hit"), percent(now.hitRate));
  $("t-hit-bar").value = now.hitRate ?? 0;
  $("t-hit-bar").hidden = now.hitRate == null;
  text($("t-peers"), count(now.peers));
  text($("t-peers-note"), `${count(now.connections)} ${now.connections === 1 ? "connection" : "connections"}`);
  text($("t-slots"), count(now.reservations));
  text($("t-circuits"), count(now.circuits));
  meter("slots", now.reservations, limits.reservations);
  meter("circuits", now.circuits, limits.circuits);
  text($("t-rate"), rate(bytesPerSecond));
  text($("t-rate-note"), `${bytes(now.relayedBytes)} since the start`);
  text($("t-refused"), count(now.refusals));
  text($("relay-note"), now.relay ? "The node is a relay: it gives slots and carries circuits." : "The node is no relay now: it gives no slots and opens no circuits.");
}

/** The rounds of redials, the latest first. */
export function showRounds(rounds) {
  const place = $("round");
  $("rounds").hidden = rounds.length === 0;
  if (rounds.length === 0) {
    place.replaceChildren(empty("Nobody has been redialled: the cache was empty at the start, or redials are switched off."));
    return;
  }
  const latest = rounds[0];
  place.replaceChildren(...(latest.over ? [] : [running(latest)]));
  $("rounds").tBodies[0].replaceChildren(...rounds.map(row));
}

function running(round) {
  const bar = el("progress", { max: Math.max(1, round.dialled), value: round.ended, "aria-label": `Round ${round.number} of redials` });
  return el("p", {}, `Round ${round.number}: ${count(round.ended)} of ${count(round.dialled)} dials are over, ${count(round.connected)} connected`, bar);
}

function row(round) {
  const failed = Object.entries(round.outcomes).filter(([name, n]) => n > 0 && name !== "connected");
  const why = failed.map(([name, n]) => `${words(name)} ${count(n)}`).join(", ");
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, `${round.number}${round.over ? "" : " (running)"}`),
    el("td", {}, clock(round.began)),
    el("td", { class: "num" }, count(round.known)),
    el("td", { class: "num" }, count(round.dialled)),
    el("td", { class: "num" }, count(round.connected)),
    el("td", { class: "num" }, percent(round.over || round.ended > 0 ? round.hitRate : null)),
    el("td", { class: "wrap" }, why || (round.over ? "all are" : "")),
    el("td", { class: "num" }, round.tookMillis < 1000 ? `${count(round.tookMillis)} ms` : `${(round.tookMillis / 1000).toFixed(1)} s`),
  );
}

// Lists of peers, slots and circuits; refusals; reachability.

import { $, copyButton, el, empty, peer, yesNo } from "./dom.js";
import { ago, bytes, clock, count, duration, millis, percent, words } from "./format.js";
import { List } from "./list.js";

/** All lists of the page, by the id of their place. */
export function lists() {
  return {
    circuits: new List($("circuits"), "/circuits", {
      caption: "Circuits that stand now",
      sort: "-age",
      nothing: "No circuit stands now.",
      columns: [
        { title: "Source", cell: (c) => peer(c.source) },
        { title: "Destination", cell: (c) => peer(c.destination) },
        { title: "Age", sort: "age", numeric: true, cell: (c) => duration(c.ageSeconds) },
        { title: "To the destination", numeric: true, cell: (c) => bytes(c.bytesForward) },
        { title: "To the source", numeric: true, cell: (c) => bytes(c.bytesBackward) },
        { title: "Bytes", sort: "bytes", numeric: true, cell: (c) => bytes(c.bytesForward + c.bytesBackward) },
      ],
    }),
    slots: new List($("slots"), "/reservations", {
      caption: "Peers that hold a slot",
      sort: "expires",
      nothing: "No peer holds a slot.",
      columns: [
        { title: "Peer", sort: "id", cell: (s) => peer(s.peer) },
        { title: "Address", wrap: true, cell: (s) => el("code", {}, s.address ?? "not connected") },
        { title: "Granted", numeric: true, cell: (s) => clock(s.granted) },
        { title: "Ends in", sort: "expires", numeric: true, cell: (s) => duration(s.secondsLeft) },
      ],
    }),
    connected: new List($("connected"), "/peers", {
      caption: "Peers that are connected",
      sort: "latency",
      nothing: "No peer is connected.",
      columns: [
        { title: "Peer", sort: "id", cell: (p) => peer(p.id) },
        { title: "Latency", sort: "latency", numeric: true, cell: (p) => millis(p.latencyMillis) },
        { title: "Relay", cell: (p) => yesNo(p.relayCapable) },
        { title: "Slot here", cell: (p) => yesNo(p.reservationExpires != null) },
        { title: "Direction", cell: (p) => p.connections.map((c) => c.direction).join(", ") },
        { title: "Age", sort: "age", numeric: true, cell: (p) => duration(p.connections[0]?.ageSeconds) },
        { title: "Agent", wrap: true, cell: (p) => p.agent ?? "not said yet" },
      ],
    }),
    entries: new List($("entries"), "/cache/entries", {
      caption: "Peers in the cache",
      sort: "-reliability",
      nothing: "No peer is in the cache.",
      nothingFound: "No such peer is in the cache.",
      columns: [
        { title: "Peer", sort: "id", cell: (e) => peer(e.peer) },
        { title: "Reliability", sort: "reliability", numeric: true, cell: (e) => reliability(e.reliability) },
        { title: "Latency", sort: "latency", numeric: true, cell: (e) => millis(e.latencyMillis) },
        { title: "Relay", cell: (e) => yesNo(e.relayCapable) },
        { title: "Connected", cell: (e) => yesNo(e.connected) },
        { title: "Connections", sort: "connections", numeric: true, cell: (e) => count(e.connections) },
        { title: "Last seen", sort: "seen", numeric: true, cell: (e) => ago(e.lastSeen) },
        { title: "Saved", cell: (e) => yesNo(e.saved) },
      ],
    }),
  };
}

function reliability(share) {
  return el("span", {}, el("progress", { class: "bar-small", max: 1, value: share, "aria-hidden": "true" }), ` ${percent(share)}`);
}

export function showCache(cache) {
  const { saved, known } = cache;
  const save = cache.lastSave;
  const how =
    save == null ? "not saved yet"
    : save.outcome === "failed" ? `the last save failed: ${save.error}`
    : save.outcome === "nothing_to_save" ? `nothing to save at ${clock(save.at)}`
    : `saved at ${clock(save.at)} with ${count(save.peers)} peers`;
  if (known.peers === 0) {
    $("cache-note").textContent = "The cache is empty: peers come into it when they connect.";
    return;
  }
  $("cache-note").textContent =
    `${count(saved.peers)} of ${count(known.peers)} known peers are good enough for the file (at most ${count(cache.maxPeers)}), ` +
    `${count(saved.relayCapable)} of them relays, average reliability ${percent(saved.averageReliability)}; ${how}.`;
}

const KINDS = {
  relay: "Slots and circuits",
  connections: "Connections",
  handshakes: "Handshakes that failed",
  streams: "Streams",
  dht: "DHT requests",
  admin: "Admin requests",
};

/** Each kind of refusal with its reasons, the most frequent first. */
export function showRefusals(refusals) {
  const groups = Object.entries(KINDS)
    .filter(([kind]) => refusals[kind]?.length)
    .map(([kind, title]) => group(title, refusals[kind]));
  $("reasons").replaceChildren(...(groups.length ? groups : [empty("Nothing has been refused.")]));
}

function group(title, reasons) {
  const most = Math.max(...reasons.map((reason) => reason.count));
  const items = reasons.map(({ count: n, ...labels }) =>
    el("li", {}, el("span", {}, Object.values(labels).map(words).join(" \u00b7 ")), el("span", { class: "num" }, count(n)), el("progress", { max: most, value: n, "aria-hidden": "true" })),
  );
  return el("div", {}, el("h3", {}, title), el("ul", {}, ...items));
}

/** Whether others reach the node, where it says that it is, and what it allows. */
export function showReach(status) {
  const { reachability, addresses, limits } = status;
  const atMost = (n) => (n === 0 ? "any number of" : count(n));
  const kind = { public: "public", private: "private" }[reachability.status] ?? "unknown";
  $("reachability").replaceChildren(
    el("p", {}, el("span", { class: `badge ${kind}` }, words(reachability.status)), ` ${reachability.why}`),
    el(
      "dl",
      { class: "facts" },
      ...fact("Announced", addressList(addresses.announced, "The node announces no address: peers cannot be told how to reach it.")),
      ...fact("Listening", addressList(addresses.listening, "The node does not listen.")),
      ...fact("Tested addresses", tested(reachability.addresses)),
      ...fact("Bootstrap peers", bootstrap(status.bootstrap)),
      ...fact("DHT", dht(status.dht)),
      ...fact("Limits", `${atMost(limits.connections)} connections, ${atMost(limits.reservations)} slots of ${duration(limits.reservationSeconds)}, ` +
        `${atMost(limits.circuits)} circuits (${atMost(limits.circuitsPerPeer)} per peer), ` +
        `each for ${limits.circuitSeconds === 0 ? "any time" : duration(limits.circuitSeconds)} and ${limits.circuitBytesEachWay === 0 ? "any bytes" : bytes(limits.circuitBytesEachWay)} each way`),
      ...fact("Runs on", `${status.transport}, ${status.crypto}`),
    ),
  );
}

function fact(title, content) {
  return [el("dt", {}, title), el("dd", {}, content)];
}

function addressList(list, nothing) {
  if (list.length === 0) return nothing;
  return el("ul", { class: "plain" }, ...list.map((address) => el("li", {}, el("code", {}, address), " ", copyButton(`address ${address}`, address))));
}

function tested(list) {
  if (list.length === 0) return "none yet";
  return el("ul", { class: "plain" }, ...list.map((a) => el("li", {}, el("code", {}, a.address), ` ${words(a.status)}${a.why ? `: ${a.why}` : ""}`)));
}

function bootstrap(list) {
  if (list.length === 0) return "none are configured";
  return el("ul", { class: "plain" }, ...list.map((b) => el("li", {}, el("code", {}, b.address), " ", yesNo(b.connected, "connected", "not connected"))));
}

function dht(list) {
  if (list.length === 0) return "none";
  return el("ul", { class: "plain" }, ...list.map((d) => el("li", {}, el("code", {}, d.protocol), ` ${d.serving ? "server" : "client"}, ${count(d.tableSize)} peers in the table, ${count(d.records)} records, ${count(d.providers)} providers`)));
}

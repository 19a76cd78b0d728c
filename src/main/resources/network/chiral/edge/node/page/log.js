// The events of the node, the latest first.

import { $, el } from "./dom.js";
import { bytes, clock, count, duration, shortId, words } from "./format.js";

const KEPT = 100;

const SENTENCES = {
  reservation: (e) => `Slot ${e.change}: ${shortId(e.peer)}`,
  circuit: (e) =>
    e.change === "opened"
      ? `Circuit opened: ${shortId(e.source)} to ${shortId(e.destination)}`
      : `Circuit closed (${words(e.end)}) after ${duration(e.lastedMillis / 1000)}: ${shortId(e.source)} to ${shortId(e.destination)}, ${bytes(e.bytesForward + e.bytesBackward)}`,
  refusal: (e) => `Refused ${words(e.request)}: ${words(e.reason)}${e.peer ? ` (${shortId(e.peer)})` : ""}`,
  peer: (e) => `Peer ${e.change}: ${shortId(e.peer)} (${e.direction})`,
  reconnect: (e) => `Round ${e.number} of redials: ${count(e.connected)} of ${count(e.dialled)} connected${e.over ? ", over" : ""}`,
  lost: (e) => `${count(e.events)} more events than could be told`,
};

export class Log {
  constructor() {
    this.paused = false;
    $("pause").addEventListener("click", () => {
      this.paused = !this.paused;
      $("pause").setAttribute("aria-pressed", String(this.paused));
      $("pause").textContent = this.paused ? "Go on" : "Pause";
    });
  }

  add(topic, event) {
    const sentence = SENTENCES[topic];
    if (sentence === undefined || this.paused || (topic === "reconnect" && !event.over)) return;
    $("log-empty").hidden = true;
    const at = event.at ?? new Date().toISOString();
    $("log").prepend(el("li", {}, el("time", { datetime: at }, clock(at)), el("span", {}, sentence(event))));
    while ($("log").children.length > KEPT) $("log").lastChild.remove();
  }
}

// The wall: hears the stream, keeps the clocks going, and never looks healthy when nothing is heard.

import { Refused, follow } from "./stream.js";
import { TileView, make, shape } from "./tile.js";
import { Speech, languageOf } from "./words.js";

const LOST_MS = 6000;
const BAD = ["breached", "lost"];
const asked = new URLSearchParams(location.search);
const at = (id) => document.getElementById(id);

class Wall {
  constructor() {
    this.speech = new Speech(languageOf(asked.get("lang"), navigator.languages ?? []));
    this.views = new Map();
    this.order = [];
    this.troubles = [];
    this.clocks = new Map(); // client -> [event time, when we heard it]
    this.stale = [];
    this.heard = null;
    this.states = new Map();
    this._theme();
    this._label();
    addEventListener("resize", () => this._arrange());
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this._theme());
    at("language").addEventListener("click", () => this._speak(this.speech.words.otherLanguage[2]));
    at("theme").addEventListener("click", () => this._theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
    setInterval(() => this._tick(), 1000);
    this._tick();
  }

  async run() {
    const client = asked.get("client"), url = client === null ? "/events" : `/events?client=${encodeURIComponent(client)}`;
    let token = tokenOf();
    for (;;) {
      try {
        await follow(url, token, (type, said) => this._hear(type, said));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        token = await this._ask();
      }
    }
  }

  now(client) {
    // The client's event time: what its judge said last, and what has passed since; a stale clock stands.
    const [clock, heard] = this.clocks.get(client) ?? [Date.now(), performance.now()];
    return clock + (this._isStale(client) ? 0 : performance.now() - heard);
  }

  _hear(type, said) {
    const before = this.heard, several = this._several();
    this.heard = performance.now();
    for (const [client, clock] of Object.entries(said.clocks)) {
      if (this.clocks.get(client)?.[0] !== clock) this.clocks.set(client, [clock, this.heard]);
    }
    this.stale = said.stale;
    if (this._several() !== several) this._redraw();
    if (type === "snapshot") this._begin(said);
    if (said.order) this._reorder(said.order);
    for (const tile of said.tiles) this._show(tile);
    if (said.troubles) this.troubles = said.troubles;
    if (said.order || type === "snapshot" || before === null) this._arrange();
    this._tick();
    document.body.dataset.heard = Number(document.body.dataset.heard ?? 0) + 1;
  }

  _begin(snapshot) {
    this._reorder(snapshot.tiles.map((tile) => tile.id));
    for (const tile of snapshot.tiles) {
      const line = snapshot.lines[tile.id];
      if (line) this.views.get(tile.id).line.reset(line);
    }
  }

  _reorder(ids) {
    for (const id of ids) if (!this.views.has(id)) this.views.set(id, new TileView((tile) => this._details(tile)));
    for (const id of [...this.views.keys()]) if (!ids.includes(id)) this._drop(id);
    this.order = ids;
    at("tiles").append(...ids.map((id) => this.views.get(id).element));
  }

  _drop(id) {
    this.views.get(id).element.remove();
    this.views.delete(id);
    this.states.delete(id);
  }

  _show(tile) {
    const view = this.views.get(tile.id), state = tile.figures[0].state, before = this.states.get(tile.id);
    view.show(tile, this.speech, this._several());
    this.states.set(tile.id, state);
    if (before !== undefined && before !== state && (BAD.includes(state) || BAD.includes(before))) {
      const { words } = this.speech;
      at("news").textContent = words.changed(`${this.speech.place(tile)}, ${tile.objective}`, words.states[state]);
      view.element.classList.toggle("new", BAD.includes(state));
    }
  }

  _tick() {
    const { words } = this.speech, lost = this._isLost();
    document.body.classList.toggle("lost", lost);
    for (const id of this.order) {
      const view = this.views.get(id);
      if (!view.tile) continue;
      const { client } = view.tile;
      view.element.classList.toggle("stale", this._isStale(client));
      view.tick(this.now(client), this.speech);
      if (!this._isStale(client)) view.draw(this.now(client), this._colours());
    }
    this._say("banner", this._warning(lost));
    this._say("counts", this._counts());
    this._say("clock", this._clock());
    this._episodes();
    this._say("no-episodes", this.troubles.length ? "" : words.noTroubles);
  }

  _clock() {
    // One clock for all: of clients in other zones each tile's own times are right.
    const first = this.views.get(this.order[0])?.tile;
    return first ? this.speech.time(this.now(first.client), first.time_zone) : "";
  }

  _zone(client) {
    return [...this.views.values()].find((view) => view.tile?.client === client)?.tile.time_zone;
  }

  _several() {
    return this.clocks.size > 1;
  }

  _isLost() {
    return this.heard === null || performance.now() - this.heard > LOST_MS;
  }

  _isStale(client) {
    return this._isLost() || this.stale.includes(client);
  }

  _warning(lost) {
    const { words } = this.speech;
    if (this.heard === null) return words.connecting;
    if (lost) return words.lost(this.speech.lasted(performance.now() - this.heard));
    if (this.stale.length) return words.stale(this.stale.join(", "));
    return this.order.length ? "" : words.nothing;
  }

  _counts() {
    const { words } = this.speech, shown = ["lost", "breached", "at_risk", "unmeasurable", "met"];
    // Of what stands still nobody can say how it is.
    const live = this.order.filter((id) => !this._isStale(this.views.get(id).tile?.client));
    const states = live.map((id) => this.states.get(id));
    return shown
      .map((state) => [words.states[state], states.filter((one) => one === state).length])
      .filter(([, n]) => n)
      .map(([word, n]) => `${word} ${this.speech.number(n)}`)
      .join(" · ");
  }

  _say(id, text) {
    if (at(id).textContent !== text) at(id).textContent = text;
    at(id).hidden = !text;
  }

  _episodes() {
    const list = at("episodes");
    while (list.children.length > this.troubles.length) list.lastChild.remove();
    this.troubles.forEach((trouble, number) => {
      const item = list.children[number] ?? list.appendChild(make("li"));
      if (item.dataset.shown !== JSON.stringify(trouble)) this._episode(item, trouble);
      const { words } = this.speech, lasted = this.speech.lasted(this.now(trouble.client) - trouble.since);
      item.lastChild.textContent = words.since(this.speech.time(trouble.since, this._zone(trouble.client)), lasted);
    });
    at("troubles").classList.toggle("none", !this.troubles.length);
  }

  _episode(item, trouble) {
    const { words } = this.speech;
    item.dataset.shown = JSON.stringify(trouble);
    item.dataset.severity = trouble.severity;
    const what = trouble.objective === null ? words.feedSilent : trouble.objective;
    const whose = this._several() ? [trouble.client] : [];
    const title = make("strong", "", [...whose, this.speech.place(trouble), what].join(" · "));
    const severity = trouble.lost ? `${words.severities[trouble.severity]} – ${words.cannotBeSaved}` : words.severities[trouble.severity];
    const state = trouble.objective === null ? "unmeasurable" : trouble.risk ? "at_risk" : trouble.lost ? "lost" : "breached";
    item.replaceChildren(shape(state), title, make("span", "severity", severity));
    if (trouble.seen_to_by) item.append(make("span", "seen-to", words.seenTo(trouble.seen_to_by)));
    item.append(make("span", "since"));
  }

  _details(tile) {
    const { speech } = this, { words } = speech, place = `${speech.place(tile)} · ${tile.objective}`;
    at("details-title").textContent = place;
    at("details-about").textContent = [tile.description, `${tile.client} / ${tile.contract}`].filter(Boolean).join(" – ");
    at("details-head").replaceChildren(...words.columns.map((column) => Object.assign(make("th", "", column), { scope: "col" })));
    at("details-rows").replaceChildren(
      ...tile.figures.map((figure) => {
        const row = make("tr");
        const cells = [speech.figure(figure.shown, figure), speech.bound(figure), speech.number(figure.sample), words.states[figure.state]];
        row.append(Object.assign(make("th", "", speech.window(figure.window)), { scope: "row" }), ...cells.map((text) => make("td", "", text)));
        return row;
      }),
    );
    at("details-close").textContent = words.close;
    at("details").showModal();
  }

  _arrange() {
    // As many columns as make the tiles largest: on a wall everything fits, and its figures are read from afar.
    const { innerWidth: width, innerHeight: height } = window, n = Math.max(1, this.order.length);
    const box = at("tiles").getBoundingClientRect();
    let best = 1, most = 0;
    for (let columns = 1; columns <= Math.min(n, 12); columns += 1) {
      const rows = Math.ceil(n / columns);
      const size = Math.min(box.width / columns, ((height - box.top) / rows) * 1.7);
      if (size > most) [best, most] = [columns, size];
    }
    const narrow = width < 700;
    document.documentElement.style.setProperty("--columns", narrow ? 1 : best);
    document.documentElement.style.setProperty("--rows", Math.ceil(n / (narrow ? 1 : best)));
  }

  _colours() {
    const style = getComputedStyle(document.documentElement);
    return { line: style.getPropertyValue("--line").trim(), target: style.getPropertyValue("--dim").trim() };
  }

  _theme(wanted = asked.get("theme")) {
    const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
    const theme = ["dark", "light"].includes(wanted) ? wanted : system;
    document.documentElement.dataset.theme = theme;
    asked.set("theme", wanted ?? "");
    at("theme").textContent = this.speech.words.theme[theme];
    at("theme").setAttribute("aria-label", this.speech.words.themeLabel[theme]);
  }

  _speak(language) {
    this.speech = new Speech(language);
    this._label();
    this._theme();
    this._redraw();
  }

  _redraw() {
    for (const view of this.views.values()) if (view.tile) view.show(view.tile, this.speech, this._several());
    at("episodes").replaceChildren();
    this._tick();
  }

  _label() {
    const { words, language } = this.speech;
    const [name, label, other] = words.otherLanguage;
    document.documentElement.lang = language;
    document.title = words.title;
    at("title").textContent = words.title;
    at("troubles-title").textContent = words.troubles;
    at("language").textContent = name;
    at("language").setAttribute("aria-label", label);
    at("language").lang = other;
  }

  _ask() {
    const { words } = this.speech, dialog = at("ask");
    at("ask-title").textContent = words.askTitle;
    at("ask-label").textContent = words.askLabel;
    at("ask-send").textContent = words.askSend;
    dialog.showModal();
    return new Promise((answered) => {
      dialog.querySelector("form").onsubmit = (event) => {
        event.preventDefault();
        sessionStorage.setItem("token", at("token").value.trim());
        dialog.close();
        answered(sessionStorage.getItem("token"));
      };
    });
  }
}

function tokenOf() {
  // A fragment is never sent to a server, nor written to its logs; and it should not stay in the address bar.
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem("token");
}

new Wall().run();

// One tile: made once, and afterwards only what differs is written.

import { Line } from "./line.js";

const SVG = "http://www.w3.org/2000/svg";

export function make(name, className, text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

export function shape(state) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "shape");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "use"));
  turn(svg, state);
  return svg;
}

function turn(svg, state) {
  svg.firstChild.setAttribute("href", `#${state}`);
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

export class TileView {
  constructor(open) {
    this.element = make("li", "tile");
    this._group = make("div", "inside");
    this._group.setAttribute("role", "group");
    this._name = make("button", "name");
    this._name.type = "button";
    this._name.addEventListener("click", () => open(this.tile));
    this._objective = make("p", "objective");
    this._shape = shape("no_data");
    this._word = make("span", "word");
    this._state = make("p", "state");
    this._state.append(this._shape, this._word);
    this._value = make("p", "value");
    this._target = make("p", "target");
    this._waiting = make("p", "waiting");
    this._note = make("span", "note");
    this._others = make("span");
    const more = make("p", "others");
    more.append(this._note, this._others);
    this._spark = make("div", "spark");
    this._spark.setAttribute("aria-hidden", "true");
    const title = make("h2");
    title.append(this._name);
    const head = make("div", "head");
    head.append(title, this._state);
    this._group.append(head, this._objective, this._value, this._target, this._waiting, more, this._spark);
    this.element.append(this._group);
    this.line = new Line(this._spark);
  }

  show(tile, speech, several) {
    // Of several clients each is named.
    this.tile = tile;
    const [figure, ...others] = tile.figures, { words } = speech, place = speech.place(tile);
    const state = words.states[figure.state];
    this.element.dataset.state = figure.state;
    this.element.dataset.id = tile.id;
    this._group.setAttribute("aria-label", `${place}, ${tile.objective}: ${state}`);
    write(this._name, place);
    this._name.title = words.details(place);
    const about = [...(several ? [tile.client] : []), tile.objective, speech.window(figure.window)];
    write(this._objective, about.join(" · "));
    this._objective.title = tile.description;
    turn(this._shape, figure.state);
    write(this._word, state);
    write(this._value, speech.figure(figure.shown, figure));
    write(this._target, `${speech.target(figure)} · ${words.contacts(figure.sample, speech.number(figure.sample))}`);
    write(this._others, others.map((one) => `${speech.window(one.window)} ${speech.figure(one.shown, one)} ${words.states[one.state].toLowerCase()}`).join(" · "));
    write(this._note, this._noted(tile, figure, speech));
  }

  tick(now, speech) {
    // The one who waits longest waits on, whether or not anybody says so again; but of figures that lag behind the
    // client's clock it is only known how it was then.
    const { tile } = this, { words } = speech, parts = [], at = tile.catching_up ? tile.at : now;
    if (tile.open !== null) {
      parts.push(words.open(tile.open, speech.number(tile.open)));
      if (tile.past_due) parts.push(words.pastDue(tile.past_due, speech.number(tile.past_due)));
    } else if (tile.waiting || tile.waiting_past_threshold !== null) {
      parts.push(words.waiting(tile.waiting, speech.number(tile.waiting)));
      if (tile.waiting_since !== null) parts.push(`${words.longest} ${speech.lasted(at - tile.waiting_since)}`);
    }
    write(this._waiting, parts.join(", "));
  }

  draw(now, colours) {
    this.line.draw(this.tile.figures[0], now, colours);
  }

  _noted(tile, figure, speech) {
    const { words } = speech;
    if (tile.catching_up) return words.catchingUp(speech.time(tile.at, tile.time_zone));
    if (tile.maintenance !== null) return words.maintenance(tile.maintenance);
    if (tile.crossing_soon)
      return words.crossing(tile.crossing_soon, speech.number(tile.crossing_soon), Math.round(tile.crossing_within_ms / 1000));
    if (figure.rate_needed !== null && figure.state !== "met") return speech.needed(figure);
    return "";
  }
}

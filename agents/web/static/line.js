// The day's line on a tile: what was noted every five minutes, then the value of now, and the target as a dashed line.

const WIDTH = 2;

export class Line {
  constructor(place) {
    this._place = place;
    this._plot = null;
    this._values = [];
    this._start = 0;
    this._step = 300000;
    new ResizeObserver(() => this._resize()).observe(place);
  }

  reset(line) {
    // The line begins where something was first noted; what is missing after that stays a gap.
    const first = Math.max(0, line.values.findIndex((value) => value !== null));
    this._start = line.start + first * line.step_ms;
    this._step = line.step_ms;
    this._values = line.values.slice(first);
  }

  draw(figure, now, colours) {
    // The value of now stands in its own slot; when time goes on it stays there, as a judge would have noted it.
    if (!this._values.length) this._start = Math.floor(now / this._step) * this._step;
    const slot = Math.floor((now - this._start) / this._step);
    if (slot < 0 || slot > 1000) return;
    while (this._values.length <= slot) this._values.push(null);
    this._values[slot] = figure.value;
    if (this._values.length > 288) {
      this._start += (this._values.length - 288) * this._step;
      this._values = this._values.slice(-288);
    }
    this._show(figure, colours);
  }

  _show(figure, colours) {
    const times = this._values.map((_, slot) => this._start + slot * this._step);
    const data = [times, this._values, times.map(() => figure.target)];
    const key = JSON.stringify([colours, figure.target]);
    if (this._plot && this._key === key) {
      this._plot.setData(data);
      return;
    }
    this._key = key;
    this._plot?.destroy();
    this._plot = new uPlot(this._options(figure, colours), data, this._place);
  }

  _options(figure, colours) {
    const around = (_, low, high) => {
      const least = Math.min(low ?? figure.target, figure.target), most = Math.max(high ?? figure.target, figure.target);
      const margin = (most - least || Math.abs(most) || 1) * 0.1;
      return [least - margin, most + margin];
    };
    return {
      width: this._place.clientWidth || 100,
      height: this._place.clientHeight || 30,
      padding: [2, 2, 2, 2],
      cursor: { show: false },
      legend: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: { x: { time: false }, y: { range: around } },
      series: [
        {},
        { stroke: colours.line, width: WIDTH, points: { show: () => this._alone(), size: 4, fill: colours.line } },
        { stroke: colours.target, width: 1, dash: [4, 4], points: { show: false } },
      ],
    };
  }

  _alone() {
    return this._values.filter((value) => value !== null).length === 1;
  }

  _resize() {
    const width = this._place.clientWidth, height = this._place.clientHeight;
    if (this._plot && width && height) this._plot.setSize({ width, height });
  }
}

// A drawing larger than its window: dragged with the pointer, zoomed with wheel, pinch or buttons, fitted, brought to what has the keyboard.

const DRAG_PIXELS = 4;
/** Never smaller than readable by choice, never larger than two to one. */
const SCALE_MIN = 0.15;
const SCALE_MAX = 2;
/** A drawing is not fitted below this: it is scrolled to instead. A small window shows less of it, as large as it can be read. */
const FIT_MIN = 0.45;
const FIT_MIN_SMALL = 0.75;
const SMALL = 700;

export class Viewport {
  width = 1;
  height = 1;
  scale = 1;
  x = 0;
  y = 0;
  wasDragged = false;
  /** @type {Map<number, { x: number, y: number }>} */
  pointers = new Map();

  /** @param {SVGSVGElement} picture */
  constructor(picture) {
    this.picture = picture;
    picture.addEventListener('wheel', (event) => this.wheeled(event), { passive: false });
    picture.addEventListener('pointerdown', (event) => this.down(event));
    picture.addEventListener('pointermove', (event) => this.moved(event));
    for (const name of /** @type {const} */ (['pointerup', 'pointercancel', 'pointerleave']))
      picture.addEventListener(name, (event) => this.pointers.delete(event.pointerId));
    this.observer = new ResizeObserver(() => this.place());
    this.observer.observe(picture);
  }

  end() {
    this.observer.disconnect();
  }

  /** A drawing of this size is shown from now on. @param {number} width @param {number} height */
  hold(width, height) {
    Object.assign(this, { width, height });
    this.fit();
  }

  fit() {
    const { clientWidth, clientHeight } = this.picture;
    this.scale = Math.max(clientWidth < SMALL ? FIT_MIN_SMALL : FIT_MIN, Math.min(1, clientWidth / this.width, clientHeight / this.height));
    this.x = Math.min(0, (this.width - clientWidth / this.scale) / 2);
    this.y = (this.height - clientHeight / this.scale) / 2;
    this.place();
  }

  /** Zooms about a point of the window, its middle when none is given. @param {number} factor @param {{ x: number, y: number }} [point] */
  zoom(factor, point = { x: this.picture.clientWidth / 2, y: this.picture.clientHeight / 2 }) {
    const scale = Math.max(SCALE_MIN, Math.min(SCALE_MAX, this.scale * factor));
    this.x += point.x / this.scale - point.x / scale;
    this.y += point.y / this.scale - point.y / scale;
    this.scale = scale;
    this.place();
  }

  /** Brings an element of the drawing into the window. @param {SVGGraphicsElement} element */
  show(element) {
    const [box, frame] = [element.getBoundingClientRect(), this.picture.getBoundingClientRect()];
    const over = (/** @type {number} */ low, /** @type {number} */ high) => (low < 0 ? low : high > 0 ? high : 0);
    this.x += over(box.left - frame.left - 20, box.right - frame.right + 20) / this.scale;
    this.y += over(box.top - frame.top - 20, box.bottom - frame.bottom + 20) / this.scale;
    this.place();
  }

  place() {
    const { clientWidth, clientHeight } = this.picture;
    this.picture.setAttribute('viewBox', `${this.x} ${this.y} ${Math.max(1, clientWidth / this.scale)} ${Math.max(1, clientHeight / this.scale)}`);
  }

  /** @param {WheelEvent} event */
  wheeled(event) {
    event.preventDefault();
    const { left, top } = this.picture.getBoundingClientRect();
    this.zoom(Math.exp(-event.deltaY / 400), { x: event.clientX - left, y: event.clientY - top });
  }

  /** @param {PointerEvent} event */
  down(event) {
    this.wasDragged = false;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  /** One pointer drags, two pinch. @param {PointerEvent} event */
  moved(event) {
    const before = this.pointers.get(event.pointerId);
    if (before === undefined) return;
    const [dx, dy] = [event.clientX - before.x, event.clientY - before.y];
    if (!this.wasDragged && Math.hypot(dx, dy) < DRAG_PIXELS) return;
    this.wasDragged = true;
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (other === undefined) {
      this.x -= dx / this.scale;
      this.y -= dy / this.scale;
      return this.place();
    }
    const distance = (/** @type {{ x: number, y: number }} */ point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    const { left, top } = this.picture.getBoundingClientRect();
    this.zoom(distance({ x: event.clientX, y: event.clientY }) / distance(before), {
      x: (event.clientX + other.x) / 2 - left,
      y: (event.clientY + other.y) / 2 - top,
    });
  }
}

// A table that changes while it is read: rows are matched by key, only cells whose text differs are touched (and flash, where the column says so),
// sorting and the keyboard's place survive. j, k and arrows move between rows, Enter acts on the row.
import { flash, h, setAttribute, setText } from '/kit/dom.js';

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} label
 * @property {(row: Row) => string} [text] What the cell says.
 * @property {(cell: HTMLElement, row: Row) => void} [draw] For cells that are more than text.
 * @property {(row: Row) => number} [value] Makes the column flash up or down, and sort by it.
 * @property {(row: Row) => string} [sortText] Sorts by text.
 * @property {(row: Row) => string | undefined} [tone] data-tone of the cell: gain, loss, warn, ok, mute, buy, sell.
 * @property {(row: Row) => string} [title]
 * @property {boolean} [isNumber] Right-aligned tabular figures.
 * @property {boolean} [wraps]
 * @property {boolean} [flashes]
 * @property {'wide' | 'late'} [drop] Hidden on narrow screens.
 */

/**
 * @template Row
 * @typedef {object} TableTerms
 * @property {string} caption Read out, not shown.
 * @property {Column<Row>[]} columns The first names the row.
 * @property {(row: Row) => string} key
 * @property {string} empty What an empty table says.
 * @property {(row: Row) => void} [open] What Enter or a click on a row does.
 * @property {(row: Row) => string | undefined} [rowTone]
 */

/** @template Row */
export class LiveTable {
  /** @param {TableTerms<Row>} terms */
  constructor(terms) {
    this.terms = terms;
    /** @type {Map<string, { line: HTMLTableRowElement, cells: HTMLTableCellElement[], row: Row, values: number[] }>} */
    this.lines = new Map();
    /** @type {{ column: number, descending: boolean } | undefined} */
    this.order = undefined;
    /** @type {readonly Row[]} */
    this.rows = [];
    this.headings = terms.columns.map((column, index) => this.heading(column, index));
    this.body = h('tbody', {});
    this.emptiness = h('p', { class: 'empty' }, terms.empty);
    const table = h(
      'table',
      { class: 'grid' },
      h('caption', { class: 'unseen' }, terms.caption),
      h('thead', {}, h('tr', {}, this.headings)),
      this.body,
    );
    this.scroller = h('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': terms.caption }, table);
    this.element = h('div', { class: 'table' }, this.scroller, this.emptiness);
    this.body.addEventListener('keydown', (event) => this.pressed(event));
    this.body.addEventListener('click', (event) => this.clicked(event));
  }

  /** Shows these rows, in this order unless the reader chose another. @param {readonly Row[]} rows */
  update(rows) {
    this.rows = rows;
    const { key } = this.terms;
    const seen = new Set();
    const sorted = this.sorted(rows);
    for (const [index, row] of sorted.entries()) {
      const name = key(row);
      if (seen.has(name)) continue;
      seen.add(name);
      const line = this.lines.get(name) ?? this.line(name, row);
      this.paint(line, row);
      if (this.body.children[index] !== line.line) this.body.insertBefore(line.line, this.body.children[index] ?? null);
    }
    for (const [name, { line }] of this.lines) {
      if (seen.has(name)) continue;
      line.remove();
      this.lines.delete(name);
    }
    setAttribute(this.emptiness, 'hidden', rows.length > 0);
    setAttribute(this.scroller, 'hidden', rows.length === 0);
    this.keepOneStop();
  }

  /** @param {string} text */
  set empty(text) {
    setText(this.emptiness, text);
  }

  /** Puts the keyboard on the first row; false when there is none. */
  focusFirst() {
    const first = /** @type {HTMLElement | null} */ (this.body.firstElementChild);
    first?.focus();
    return first !== null;
  }

  /** @param {Column<Row>} column @param {number} index */
  heading(column, index) {
    const sortable = column.value !== undefined || column.sortText !== undefined;
    const content = sortable ? h('button', { type: 'button', class: 'sorter', onclick: () => this.sortBy(index) }, column.label) : column.label;
    return h('th', { scope: 'col', class: column.isNumber === true ? 'num' : undefined, 'data-drop': column.drop }, content);
  }

  /** @param {number} index */
  sortBy(index) {
    const { order } = this;
    const isNumber = this.terms.columns[index]?.value !== undefined;
    if (order?.column !== index) this.order = { column: index, descending: isNumber };
    else if (order.descending === isNumber) this.order = { column: index, descending: !isNumber };
    else this.order = undefined;
    for (const [at, heading] of this.headings.entries()) {
      const way = this.order?.column !== at ? undefined : this.order.descending ? 'descending' : 'ascending';
      setAttribute(heading, 'aria-sort', way);
    }
    this.update(this.rows);
  }

  /** @param {readonly Row[]} rows */
  sorted(rows) {
    const { order } = this;
    const column = order === undefined ? undefined : this.terms.columns[order.column];
    if (order === undefined || column === undefined) return rows;
    const { value, sortText } = column;
    const sign = order.descending ? -1 : 1;
    return [...rows].sort((a, b) => sign * (value !== undefined ? value(a) - value(b) : (sortText?.(a) ?? '').localeCompare(sortText?.(b) ?? '')));
  }

  /** @param {string} name @param {Row} row */
  line(name, row) {
    const cells = this.terms.columns.map((column, index) => {
      const cell = index === 0 ? h('th', { scope: 'row' }) : h('td');
      cell.classList.toggle('num', column.isNumber === true);
      cell.classList.toggle('wrap', column.wraps === true);
      setAttribute(cell, 'data-drop', column.drop);
      return cell;
    });
    const line = h('tr', { 'data-key': name, tabindex: '-1', class: this.terms.open === undefined ? undefined : 'opens' }, cells);
    const made = { line, cells, row, values: this.terms.columns.map(() => Number.NaN) };
    this.lines.set(name, made);
    return made;
  }

  /** @param {{ cells: HTMLTableCellElement[], line: HTMLTableRowElement, row: Row, values: number[] }} line @param {Row} row */
  paint(line, row) {
    line.row = row;
    setAttribute(line.line, 'data-tone', this.terms.rowTone?.(row));
    for (const [index, column] of this.terms.columns.entries()) {
      const cell = line.cells[index];
      if (cell === undefined) continue;
      if (column.draw !== undefined) column.draw(cell, row);
      const changed = column.text !== undefined && setText(cell, column.text(row));
      if (column.tone !== undefined) setAttribute(cell, 'data-tone', column.tone(row));
      if (column.title !== undefined) setAttribute(cell, 'title', column.title(row));
      const value = column.value?.(row) ?? 0;
      const before = line.values[index] ?? Number.NaN;
      line.values[index] = value;
      if (changed && column.flashes === true && !Number.isNaN(before)) flash(cell, value > before ? 'up' : value < before ? 'down' : 'same');
    }
  }

  /** One row takes part in the tab order, so that Tab leaves the table. */
  keepOneStop() {
    const rows = /** @type {HTMLElement[]} */ ([...this.body.children]);
    const current = rows.find((row) => row.tabIndex === 0) ?? rows[0];
    for (const row of rows) setAttribute(row, 'tabindex', row === current ? '0' : '-1');
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const line = /** @type {HTMLElement} */ (event.target).closest('tr');
    if (line === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOnRow = event.target === line;
    /** @type {Record<string, Element | null | undefined>} */
    const moves = { j: line.nextElementSibling, k: line.previousElementSibling, Home: this.body.firstElementChild, End: this.body.lastElementChild };
    const target = moves[{ ArrowDown: 'j', ArrowUp: 'k' }[event.key] ?? event.key];
    if (event.key === 'Enter' && isOnRow) this.act(line);
    else if (isOnRow && target instanceof HTMLElement) {
      setAttribute(line, 'tabindex', '-1');
      setAttribute(target, 'tabindex', '0');
      target.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const line = target.closest('tr');
    if (line === null || target.closest('button, a, input, label') !== null || getSelection()?.isCollapsed === false) return;
    this.act(line);
  }

  /** @param {HTMLElement} line */
  act(line) {
    const row = this.lines.get(line.dataset.key ?? '')?.row;
    if (row !== undefined) this.terms.open?.(row);
  }
}

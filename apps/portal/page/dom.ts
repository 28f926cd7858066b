import { toFullTime, toRelativeTime, toVisible } from './format.ts';

/** What {@link el} puts on an element: attributes as given, `class` included. Text comes in as children, never as markup. */
export type Attributes = Readonly<Record<string, string>>;

/** Creates an element; strings become text nodes, with {@link toVisible} applied: folder names and headers are hostile input. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map((child) => (typeof child === 'string' ? toVisible(child) : child)));
  return element;
}

/** An element of index.html. @throws TypeError when it is not there */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new TypeError(`Expected an element with the id ${id}.`);
  return element;
}

/** The first element below `parent` that a selector finds. @throws TypeError when there is none */
export function find(parent: ParentNode, selector: string): HTMLElement {
  const element = parent.querySelector<HTMLElement>(selector);
  if (element === null) throw new TypeError(`Expected an element for ${selector}.`);
  return element;
}

/** Sets the text, leaving an unchanged one alone: selections stay, live regions do not speak twice. */
export function setText(element: Element, text: string): void {
  const visible = toVisible(text);
  if (element.textContent !== visible) element.textContent = visible;
}

/** A time as `3 min ago` with the full time in its title; {@link refreshTimes} keeps it current. */
export function timeElement(iso: string): HTMLTimeElement {
  const now = Date.now();
  return el('time', { datetime: iso, title: toFullTime(iso) }, toRelativeTime(iso, now));
}

/** Brings every {@link timeElement} of the page up to date. */
export function refreshTimes(): void {
  const now = Date.now();
  for (const time of document.querySelectorAll('time')) setText(time, toRelativeTime(time.dateTime, now));
}

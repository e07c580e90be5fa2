/// Elements in one expression. There is no way here to make elements of text: what a student or a program wrote can
/// only become text.

/// What can stand in an element. Of null, undefined and false nothing is made.
export type Child = Node | string | number | null | undefined | false;

/// Attributes by their name in HTML; `true` is an attribute without a value, `false`, null and undefined are none. A name
/// that begins with `on` is an event, and its value is called with it.
export type Attributes = Record<string, string | number | boolean | null | undefined | ((event: any) => void)>;

/// An element: `h("button", { type: "button", class: "primary", onclick: run }, "Run")`.
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") {
      element.addEventListener(name.replace(/^on/, ""), value);
    } else if (name === "style" || name.startsWith("on")) {
      throw new Error(`${name} can not be set as text: the content policy refuses it`);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...shown(children));
  return element;
}

/// Replaces what is in an element.
export function fill(element: Element | DocumentFragment, ...children: Child[]): void {
  element.replaceChildren(...shown(children));
}

function shown(children: Child[]): (Node | string)[] {
  return children
    .filter((child): child is Node | string | number => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/// The element of the page with this id; a page without it is a defect of ours.
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`there is no element #${id}`);
  return element as T;
}

/// Copies a text; false where the browser does not allow it.
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages that did not come over https have no clipboard; the old way still works where it is called from a click.
    const area = h("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}

/// Lets the browser save a text as a file.
export function download(name: string, text: string, type = "text/plain;charset=utf-8"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

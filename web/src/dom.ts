/** Elements, without HTML as text: what a file says can never become markup. */

type Child = Node | string | null | undefined | false;
type Handler = (event: never) => void;
type Value = string | number | boolean | null | undefined | Handler;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...kept(children));
  return element;
}

function kept(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false);
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...kept(children));
}

export function button(text: string, act: () => void, kind = ""): HTMLButtonElement {
  return h("button", { type: "button", class: kind, onclick: act }, text);
}

/** A field with its label. */
export function labelled(text: string, field: HTMLElement, kind = ""): HTMLLabelElement {
  return h("label", { class: kind }, h("span", {}, text), field);
}

/** Hands a file to the person, as a download. */
export function download(name: string, bytes: Uint8Array<ArrayBuffer>, type = "application/octet-stream"): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  h("a", { href: address, download: name.slice(name.lastIndexOf("/") + 1) }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The last of several calls within a while, once that is over. */
export function later(wait: number, act: () => void): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(act, wait);
  };
}

/**
 * Pyodide wants a worker of the new kind, which a page on a disk may not start, and tells them apart, as soon as it is
 * loaded, by a script that only the old kind loads. It needs nothing that the old kind lacks: everything that it would
 * load is here already. So this comes first.
 */

function refuse(): never {
  throw new Error("the page loads no script");
}

Object.assign(self, { importScripts: refuse });

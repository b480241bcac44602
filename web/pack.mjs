// Compiles the Python modules of the page with the very interpreter that will run them, and packs them into archives.
//
// What is compiled here need not be compiled each time somebody opens the page. What can be imported out of an archive
// stays in it (library.zip); only what is looked for as a file is unpacked when the page begins (files.zip). And the memory
// of a Python that has begun is kept (memory.bin): to begin is most of what one would wait for.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadPyodide } from "pyodide";

const COMPILE = `
import pathlib, py_compile, zipfile

FILES = ("babel", "kurssi", "pydantic_core", "python_calamine")
"""Packages with files that are no modules, or that are WebAssembly."""
WITH_SOURCES = "kurssi/course/model"
"""The schema takes its texts from these sources."""

def compiled(root):
    for source in sorted(root.rglob("*.py")):
        name = str(source.relative_to(root))
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
        if name.startswith(WITH_SOURCES):
            py_compile.compile(source, None, f"/packages/{name}", True, invalidation_mode=unchecked)
        else:
            py_compile.compile(source, source.with_suffix(".pyc"), f"/packages/{name}", True, invalidation_mode=unchecked)
            source.unlink()

def pack(root, target, wanted):
    with zipfile.ZipFile(target, "w") as archive:  # not compressed: the page is that as a whole
        for path in sorted(root.rglob("*")):
            name = str(path.relative_to(root))
            if path.is_file() and wanted(name.partition("/")[0]):
                info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                archive.writestr(info, path.read_bytes())
`;

/** What kurssi needs of Python's own library, in the memory as well; nothing of it may hold chance, a clock or a file. */
const BEGUN = `
import argparse, array, bisect, calendar, codecs, collections.abc, configparser, contextlib, copy, csv, dataclasses, datetime
import decimal, difflib, enum, fractions, functools, gettext, graphlib, heapq, html, importlib.metadata, importlib.resources
import inspect, io, itertools, json, locale, math, numbers, operator, os, pathlib, re, shlex, shutil, string, struct, textwrap
import threading, typing, unicodedata, zipfile, zipimport, zlib, zoneinfo`;
/** What kurssi finds around it in the page. */
const ENVIRONMENT = { HOME: "/home", PYTHONDONTWRITEBYTECODE: "1", PYDANTIC_DISABLE_PLUGINS: "__all__" };

const folder = resolve(process.argv[2]);
const pyodide = await loadPyodide();
pyodide.mountNodeFS("/mnt", folder);
pyodide.runPython(`${COMPILE}
import shutil
root = pathlib.Path("/tmp/packages")
shutil.copytree("/mnt/packages", root)
compiled(root)
pack(root, "/tmp/files.zip", lambda package: package in FILES)
pack(root, "/tmp/library.zip", lambda package: package not in FILES)`);
for (const name of ["files.zip", "library.zip"]) writeFileSync(resolve(folder, name), pyodide.FS.readFile(`/tmp/${name}`));

process.argv[1] = "python"; // else the memory holds where it was built
const begun = await loadPyodide({ _makeSnapshot: true, env: ENVIRONMENT });
begun.runPython(BEGUN);
writeFileSync(resolve(folder, "memory.bin"), begun.makeMemorySnapshot());

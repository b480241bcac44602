// Firefox, driven by WebDriver BiDi, which it speaks itself: no driver beside it, and no build of its own.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import WebSocket from "ws";

const NAMES = ["firefox-esr", "firefox"];
const FOUND = (process.env.PATH ?? "").split(":").flatMap((folder) => NAMES.map((name) => join(folder, name)));
export const FIREFOX = FOUND.find((path) => existsSync(path));

/** Downloads go into the profile's folder, nobody is asked, and the browser itself looks nothing up. */
function preferences(folder) {
  const wanted = {
    "browser.download.folderList": 2,
    "browser.download.dir": folder,
    "browser.download.useDownloadDir": true,
    "browser.download.always_ask_before_handling_new_types": false,
    "browser.download.alwaysOpenPanel": false,
    "intl.accept_languages": "en",
    "intl.locale.requested": "en-US",
    "datareporting.policy.dataSubmissionEnabled": false,
    "toolkit.telemetry.reportingpolicy.firstRun": false,
    "browser.shell.checkDefaultBrowser": false,
    "browser.aboutwelcome.enabled": false,
    "app.update.auto": false,
  };
  return Object.entries(wanted).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
}

/** One page of a Firefox of its own. */
export class Firefox {
  events = [];
  waiting = new Map();
  next = 1;

  static async started() {
    const found = new Firefox();
    found.folder = mkdtempSync(join(tmpdir(), "kurssi-firefox-"));
    writeFileSync(join(found.folder, "user.js"), preferences(found.folder).join(""));
    const given = ["--headless", "--no-remote", "--profile", found.folder, "--remote-debugging-port", "0", "about:blank"];
    found.process = spawn(FIREFOX, given, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, HOME: found.folder } });
    const address = await found.address();
    await found.connect(`${address}/session`);
    await found.ask("session.new", { capabilities: {} });
    await found.ask("session.subscribe", { events: ["log.entryAdded", "network.beforeRequestSent"] });
    const { contexts } = await found.ask("browsingContext.getTree", {});
    found.context = contexts[0].context;
    return found;
  }

  async address() {
    for await (const line of createInterface({ input: this.process.stderr })) {
      const said = /WebDriver BiDi listening on (ws:\S+)/.exec(line);
      if (said !== null) return said[1];
    }
    throw new Error("Firefox ended before it could be asked anything");
  }

  async connect(address) {
    this.socket = new WebSocket(address);
    await new Promise((done, failed) => this.socket.once("open", done).once("error", failed));
    this.socket.on("message", (text) => {
      const { id, type, result, message, ...event } = JSON.parse(text);
      if (id === undefined) return this.events.push(event);
      const { done, failed } = this.waiting.get(id);
      if (type === "error") failed(new Error(message));
      else done(result);
    });
  }

  ask(method, params) {
    const id = this.next++;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  open(url) {
    return this.ask("browsingContext.navigate", { context: this.context, url, wait: "interactive" });
  }

  /** What an expression of the page comes to, as plain data. */
  async evaluate(expression) {
    const given = { expression: `JSON.stringify((${expression}) ?? null)`, target: { context: this.context }, awaitPromise: true };
    const { result, exceptionDetails } = await this.ask("script.evaluate", given);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  }

  async until(expression, patience = 300_000) {
    const end = Date.now() + patience;
    while (!(await this.evaluate(expression))) {
      if (Date.now() > end) throw new Error(`not within ${patience / 1000} s: ${expression}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  /** Clicks with the mouse. */
  async click(selector) {
    const middle = await this.evaluate(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
    })()`);
    const press = [{ type: "pointerMove", ...middle }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }];
    await this.ask("input.performActions", { context: this.context, actions: [{ type: "pointer", id: "mouse", actions: press }] });
  }

  async close() {
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.kill();
    await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

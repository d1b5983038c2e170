/**
 * As much of Electron as `main.mjs` uses, without a window: what the window is sent is printed as JSON Lines, and stdin
 * takes a word a line: `before` (the page's question), `quit`.
 */
import { EventEmitter } from "node:events";
import process from "node:process";
import readline from "node:readline";

function print(told) {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

const handlers = new Map();
const windows = [];

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  whenReady: () => Promise.resolve(),
  quit() {
    const quitting = { isPrevented: false, preventDefault: () => quitting.isPrevented = true };
    app.emit("before-quit", quitting);
    print({ told: "quitting", isPrevented: quitting.isPrevented });
    if (!quitting.isPrevented) process.exit(0);
  },
});

export class BrowserWindow {
  webContents = Object.assign(new EventEmitter(), {
    send: (channel, message) => print({ told: "sent", channel, sent: message ?? null }),
    setWindowOpenHandler: (answer) => print({ told: "opens", action: answer().action }),
  });
  constructor({ webPreferences: { preload, ...rights } }) {
    windows.push(this);
    print({ told: "window", preload, rights });
  }
  loadFile(file) {
    print({ told: "loads", file });
  }
  static getAllWindows() {
    return windows;
  }
}

export const ipcMain = { handle: (channel, handler) => handlers.set(channel, handler) };
export const shell = { openExternal: () => {} };

readline.createInterface({ input: process.stdin }).on("line", (word) => {
  if (word === "quit") app.quit();
  if (word === "before") print({ told: "before", page: handlers.get("chatstats:before")() });
});

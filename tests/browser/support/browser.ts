/** Real Chromium, driven through playwright-core: which one, how it is started, and what went wrong on a page. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { until } from "../../support/until.ts";

export interface Look {
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
  readonly reducedMotion?: boolean;
}

/** Playwright's own waiting asks the page to evaluate text, which its policy forbids from the second look on. */
export async function untilTrue(page: Page, expression: string): Promise<void> {
  await until(async () => await page.evaluate(expression) === true, expression);
}

/** `run.sh` has found it. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = Deno.env.get("CHATSTATS_CHROMIUM") ?? "/usr/bin/chromium";
  return chromium.launch({
    executablePath,
    // Nothing of it may look for its maker's servers: the page is all that is tested.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
    ],
  });
}

/** A page with its own storage, which remembers what the console complained of. */
export class Tab implements AsyncDisposable {
  readonly complaints: string[] = [];

  private constructor(readonly context: BrowserContext, readonly page: Page) {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.setDefaultTimeout(15_000);
  }

  static async open(browser: Browser, address: string, look: Look = {}): Promise<Tab> {
    const context = await browser.newContext({
      viewport: { width: look.width ?? 1_280, height: look.height ?? 860 },
      colorScheme: look.theme ?? "light",
      locale: look.locale ?? "en-GB",
      timezoneId: "Europe/Berlin",
      reducedMotion: look.reducedMotion ? "reduce" : "no-preference",
    });
    const tab = new Tab(context, await context.newPage());
    await tab.page.goto(address);
    return tab;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }
}

// The Swagger UI page as a person uses it: what is on the screen, never what lies behind it.

import { createRequire } from "node:module";

// The tools of this project are installed beside it, not in it.
const { chromium } = createRequire(new URL("../../.tools/", import.meta.url))("playwright-core");

const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";

// Nothing of the browser itself may look for the outside either.
const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Longest that anything on the page may take. */
const PATIENCE_MS = 60_000;

export class DocsPage {
  /** Addresses outside the service that the page asked for. */
  strangers = [];
  /** The tag whose operations are shown. */
  tag = undefined;

  /** `traffic` is the file that what the page asked and got goes to. */
  static async open(url, traffic) {
    const self = new DocsPage();
    self.browser = await chromium.launch({ executablePath: BROWSER, args: QUIET, chromiumSandbox: process.getuid() !== 0 });
    const recordHar = traffic && { path: traffic, content: "embed", urlFilter: `${url}/v1/**` };
    self.page = await self.browser.newPage({ viewport: { width: 1280, height: 1000 }, recordHar });
    self.page.setDefaultTimeout(PATIENCE_MS);
    self.page.on("request", (request) => self.#watch(url, request.url()));
    self.page.on("pageerror", (error) => self.strangers.push(`nothing, it broke: ${error.message}`));
    await self.page.goto(`${url}/docs`);
    await self.page.locator(".opblock-tag").first().waitFor();
    return self;
  }

  #watch(url, address) {
    const { protocol, origin } = new URL(address);
    const isInside = ["data:", "blob:"].includes(protocol) || origin === new URL(url).origin;
    if (!isInside) this.strangers.push(address);
  }

  /** Types a client's id and secret into the form behind Authorize. */
  async signIn(client, picture) {
    const form = await this.#authorizeForm();
    await form.locator('[data-name="clientId"], #client_id_clientCredentials').first().fill(client.client_id);
    await form.locator('[data-name="clientSecret"], #client_secret_clientCredentials').first().fill(client.client_secret);
    await form.getByRole("button", { name: "Apply given OAuth2 credentials" }).click();
    await form.getByRole("button", { name: "Remove authorization" }).or(form.locator(".errors")).first().waitFor();
    if (picture) await this.page.screenshot({ path: picture });
    const errors = await form.locator(".errors").allInnerTexts();
    if (errors.length > 0) throw new Error(`${client.client_id} could not sign in: ${errors.join(" ")}`);
    await form.getByRole("button", { name: "Close" }).last().click();
  }

  async signOut() {
    const form = await this.#authorizeForm();
    await form.getByRole("button", { name: "Remove authorization" }).click();
    await form.getByRole("button", { name: "Close" }).last().click();
  }

  async #authorizeForm() {
    await this.page.locator(".auth-wrapper .authorize").click();
    const form = this.page.locator(".dialog-ux");
    await form.waitFor();
    return form;
  }

  /**
   * Opens an operation below its tag, presses Execute as it stands there, and reads the status off the page.
   * `picture` is the file that what a person saw goes to.
   */
  async execute(operation, picture) {
    await this.#openTag(operation.tag);
    const block = this.#block(operation);
    await block.locator(".opblock-summary-control").click();
    const tryIt = block.getByRole("button", { name: "Try it out" });
    const execute = block.locator("button.execute");
    await tryIt.or(execute).first().waitFor();
    if (await tryIt.isVisible()) await tryIt.click();
    await execute.click();
    const answer = block.locator(".live-responses-table .response");
    const refusal = block.locator(".validation-errors, .opblock-body .invalid");
    await answer.or(refusal).first().waitFor().catch(() => undefined);
    if (picture) await this.page.screenshot({ path: picture });
    const read = (await answer.count()) > 0 ? await this.#answer(answer) : await this.#refusal(block);
    // A long page is a slow page.
    await block.locator(".opblock-summary-control").click();
    return read;
  }

  /** Opens a tag and closes the one before: a long page is a slow page. */
  async #openTag(tag) {
    if (tag === this.tag) return;
    for (const other of [this.tag, tag].filter(Boolean)) {
      await this.page.locator(`.opblock-tag[data-tag="${other}"] button.expand-operation`).click();
    }
    this.tag = tag;
  }

  async #answer(answer) {
    const status = await answer.locator(".response-col_status").innerText();
    const body = await answer.locator(".response-col_description").innerText();
    return {
      status: Number.parseInt(status, 10) || undefined,
      isUndocumented: status.includes("Undocumented"),
      detail: body.replace(/\s+/g, " ").slice(0, 600),
    };
  }

  /** The page itself did not send it: it marks the fields that stand empty. */
  async #refusal(block) {
    const fields = await block.locator("tr[data-param-name]:has(.invalid)").evaluateAll((rows) =>
      rows.map((row) => row.dataset.paramName),
    );
    const errors = await block.locator(".validation-errors").allInnerTexts();
    return { status: undefined, isUndocumented: false, detail: `not sent: ${[...fields, ...errors].join(" ")}` };
  }

  #block({ method, path }) {
    return this.page.locator(`.opblock-${method}`).filter({ has: this.page.locator(`[data-path="${path}"]`) });
  }

  async close() {
    // The record is written as the page goes.
    await this.page.context().close();
    await this.browser.close();
  }
}

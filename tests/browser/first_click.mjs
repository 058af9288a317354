// Tries the service as a stranger would: opens its Swagger UI in a real browser, signs in with the
// sandbox's clients and presses Execute on every operation with the example it finds there.
//
//   node tests/browser/first_click.mjs [PICTURE_FOLDER [TRAFFIC_FILE]]
//
// GATES_URL is a running service with a fresh sandbox, GATES_CLIENTS the file of its clients.
// Prints a line for each operation and, last, the share that was answered 2xx as one line of JSON;
// non-zero where an operation was not, or where the page asked anything of another origin.

import { mkdir, readFile } from "node:fs/promises";
import { DocsPage } from "./docs_page.mjs";
import { ask, plan } from "./plan.mjs";

const url = required("GATES_URL").replace(/\/$/, "");
const clientFile = required("GATES_CLIENTS");
const [pictures, traffic] = process.argv.slice(2);

/** A token lasts fifteen minutes, which a busy machine can need for one client. */
const TOKEN_IS_OLD_MS = 600_000;

function required(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is not set; see the head of this script`);
    process.exit(2);
  }
  return value;
}

async function main() {
  const clients = JSON.parse(await readFile(clientFile, "utf8"));
  const document = await ask(`${url}/openapi.json`);
  const turns = await plan(url, document, clients);
  if (pictures) await mkdir(pictures, { recursive: true });
  const lanes = await Promise.all(halves(turns).map(walk));
  const results = lanes.flatMap((lane) => lane.results);
  report(results.sort((one, other) => one.place - other.place), lanes.flatMap((lane) => lane.strangers));
}

/** Two pages share the work, as one takes some seconds for each operation: every other operation of a turn is for one. */
function halves(turns) {
  return [0, 1].map((half) =>
    turns
      .map(({ client, operations }) => ({ client, operations: operations.filter((_, at) => at % 2 === half) }))
      .filter(({ operations }) => operations.length > 0),
  );
}

async function walk(turns, lane) {
  const page = await DocsPage.open(url, traffic?.replace(/(\.\w+)$/, lane === 0 ? "$1" : `-${lane + 1}$1`));
  try {
    return { results: await press(page, turns), strangers: page.strangers };
  } finally {
    await page.close();
  }
}

/** Goes through the clients' turns: signs in once for each, then presses what it may press. */
async function press(page, turns) {
  const results = [];
  for (const { client, operations } of turns) {
    if (client) await page.signIn(client, pictures && `${pictures}/sign-in-${client.client_id}.png`);
    let signedInAt = Date.now();
    for (const operation of operations) {
      if (client && Date.now() - signedInAt > TOKEN_IS_OLD_MS) {
        await page.signOut();
        await page.signIn(client);
        signedInAt = Date.now();
      }
      const began = Date.now();
      const answer = await page.execute(operation, pictures && `${pictures}/${operation.id}.png`);
      answer.took_ms = Date.now() - began;
      const isGood = answer.status >= 200 && answer.status < 300 && !answer.isUndocumented;
      results.push({ ...operation, ...answer, isGood, client: client?.client_id ?? "nobody" });
    }
    if (client) await page.signOut();
  }
  return results;
}

/** How long an operation takes from the click that opens it to the answer on the page, as a person waits for it. */
function tellWait(results) {
  const waits = results.map((result) => result.took_ms).sort((one, other) => one - other);
  console.log(
    JSON.stringify({
      figure: "an operation opened and answered in Swagger UI, median",
      value: waits[Math.floor(waits.length / 2)],
      unit: "ms",
      longest_ms: waits.at(-1),
      command: "scripts/gates swagger",
    }),
  );
}

function report(results, strangers) {
  for (const { method, path, status, client, isGood, isUndocumented, detail } of results) {
    const shown = `${status ?? "none"}${isUndocumented ? " undocumented" : ""}`;
    const row = `${method.toUpperCase().padEnd(6)} ${path.padEnd(64)} ${client.padEnd(22)} ${shown}`;
    console.log(`${isGood ? "ok  " : "FAIL"}  ${row}`);
    if (!isGood) console.log(`      ${detail}`);
  }
  for (const address of strangers) console.log(`FAIL  the page asked ${address}`);
  tellWait(results);
  const good = results.filter((result) => result.isGood).length;
  console.log(
    JSON.stringify({
      figure: "operations answered 2xx at the first click in Swagger UI",
      value: Math.floor((1000 * good) / results.length) / 1000,
      unit: "share",
      target: 1,
      operations: results.length,
      outside_requests: strangers.length,
      command: "scripts/gates swagger",
    }),
  );
  process.exitCode = good === results.length && good > 0 && strangers.length === 0 ? 0 : 1;
}

await main();

// The part of the story that a sub-district's own application plays: it defines a program with its
// rules, changes it under a condition, and reads lists page by page. The types are generated from the
// document by `scripts/gates typescript`; `scripts/gates story` runs this against a service.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Program = components["schemas"]["Program"];
type Problem = components["schemas"]["Problem"];

interface Credentials {
  client_id: string;
  client_secret: string;
}

function setting(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

const baseUrl = setting("GATES_URL");
const clients: Credentials[] = JSON.parse(readFileSync(setting("GATES_CLIENTS"), "utf8"));

async function signIn(id: string) {
  const known = clients.find((client) => client.client_id === id);
  assert(known, `${id} is not in GATES_CLIENTS`);
  const answer = await fetch(`${baseUrl}/oauth2/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${known.client_id}:${known.client_secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  assert.equal(answer.status, 200);
  const { access_token } = (await answer.json()) as { access_token: string };
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${access_token}` } });
}

type Client = Awaited<ReturnType<typeof signIn>>;

// Takes what was granted, or stops with what the service said.
function granted<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  assert(answer.data !== undefined, JSON.stringify(answer.error));
  return answer.data;
}

async function defineProgram(office: Client): Promise<Program> {
  const command = {
    params: { header: { "Idempotency-Key": randomUUID() } },
    body: {
      code: `RICE-${randomUUID().slice(0, 8).toUpperCase()}`,
      name: "Bantuan beras",
      description: "Ten kilograms of rice a month.",
      kind: "goods",
      unit: "kg",
    },
  } as const;
  const first = granted(await office.POST("/v1/programs", command));
  const again = await office.POST("/v1/programs", command);
  assert.equal(again.response.headers.get("Idempotency-Replayed"), "true");
  assert.deepEqual(granted(again), first);
  return first;
}

async function changeProgram(office: Client, program: Program): Promise<void> {
  const change = (version: number) =>
    office.PATCH("/v1/programs/{id}", {
      params: { path: { id: program.id }, header: { "If-Match": `"${version}"` } },
      body: { description: "Ten kilograms of rice a month, from the district's store." },
      headers: { "Content-Type": "application/merge-patch+json" },
    });
  const changed = granted(await change(program.version));
  assert.equal(changed.version, program.version + 1);
  const stale = await change(program.version);
  assert.equal(stale.response.status, 412);
  const problem = stale.error as Problem;
  assert.equal(problem.code, "version_stale");
}

async function addRules(office: Client, program: Program): Promise<void> {
  const rules = granted(
    await office.POST("/v1/programs/{id}/rule-sets", {
      params: { path: { id: program.id }, header: { "Idempotency-Key": randomUUID() } },
      body: {
        effective_from: "2026-01-01",
        eligibility: "family.decile <= 4",
        benefit_period: "month",
        benefit_quantity: "10",
        legal_basis: { number: "Perpres 125/2022", title: "Penyelenggaraan Cadangan Pangan Pemerintah" },
      },
    }),
  );
  const read = granted(await office.GET("/v1/rule-sets/{id}", { params: { path: { id: rules.id } } }));
  assert.equal(read.eligibility, "family.decile <= 4");
}

async function countFamilies(office: Client): Promise<number> {
  let seen = 0;
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? { limit: 100 } : { limit: 100, cursor };
    const page = granted(await office.GET("/v1/beneficiaries", { params: { query } }));
    assert(page.items.every((family) => family.card_number.includes("********")));
    seen += page.items.length;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return seen;
}

const office = await signIn("sandbox-kecamatan");
const program = await defineProgram(office);
await changeProgram(office, program);
await addRules(office, program);
console.log(`${await countFamilies(office)} families read, program ${program.code} defined`);

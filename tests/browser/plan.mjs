// Decides which sandbox client tries which operation.

const METHODS = ["get", "put", "post", "delete", "patch"];

/** Reads JSON from the service. */
export async function ask(address, options) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

/**
 * Gives each operation, in the document's order, to the first client whose role has the scope it
 * asks for. Answers the turns: a client (none for what needs no sign-in) with its operations.
 * An operation that no client may call stops the run: nobody could try it.
 */
export async function plan(url, document, clients) {
  const granted = new Map();
  for (const client of clients) granted.set(client, await scopesOf(url, client));
  const turns = new Map();
  for (const operation of operationsOf(document)) {
    const client = operation.scopes ? clients.find((one) => holds(granted.get(one), operation)) : null;
    if (client === undefined) throw new Error(`no sandbox client may call ${operation.method} ${operation.path}`);
    turns.set(client, [...(turns.get(client) ?? []), operation]);
  }
  return [...turns].map(([client, operations]) => ({ client, operations }));
}

/** The scopes that a client gets without asking for any: those of its role. */
async function scopesOf(url, client) {
  const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
  const token = await ask(`${url}/oauth2/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return new Set(token.scope.split(" "));
}

const holds = (scopes, operation) => operation.scopes.every((scope) => scopes.has(scope));

function operationsOf(document) {
  const paths = Object.entries(document.paths);
  const all = paths.flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, node: item[method] })),
  );
  return all.map(({ path, method, node }, place) => {
    const isOpen = (node.security ?? document.security ?? []).every((one) => Object.keys(one).length === 0);
    const scopes = isOpen ? null : node.security.flatMap((one) => Object.values(one).flat());
    return { place, path, method, tag: node.tags[0], id: node.operationId, scopes };
  });
}

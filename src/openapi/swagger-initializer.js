// Starts Swagger UI on this service's document.

/**
 * The part of a document that what stands at `path` needs: its path or component, and the components that these name.
 *
 * Swagger UI opens an operation by resolving it in the document, and its resolver of OpenAPI 3.1 goes through all that
 * it is given, each time: seconds of a page that stands still, for a document of this one's size.
 */
function partAt(document, path) {
  const { openapi, info, servers } = document;
  const part = { openapi, info, servers, paths: {}, components: {} };
  const take = (keys) => {
    const last = keys.at(-1);
    const from = keys.slice(0, -1).reduce((node, key) => node?.[key], document);
    const into = keys.slice(0, -1).reduce((node, key) => (node[key] ??= {}), part);
    if (from?.[last] === undefined || last in into) return;
    into[last] = from[last];
    follow(from[last]);
  };
  const follow = (node) => {
    if (typeof node === "string" && node.startsWith("#/components/")) take(node.split("/").slice(1, 4));
    else if (typeof node === "object" && node !== null) Object.values(node).forEach(follow);
  };
  // An operation shares its path's parameters, so the path is taken whole.
  take(path[0] === "paths" ? path.slice(0, 2) : path);
  return part;
}

/** A plugin that has Swagger UI resolve parts. */
function ResolvedByParts({ fn }) {
  const { resolveSubtree } = fn;
  return {
    fn: {
      resolveSubtree: (document, path, options) =>
        resolveSubtree(path.length < 2 ? document : partAt(document, path), path, options),
    },
  };
}

window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    // Tags are closed at first: a page with all operations on it is long and slow.
    docExpansion: "none",
    tryItOutEnabled: true,
    // A signed-in developer stays signed in over a reload.
    persistAuthorization: true,
    displayRequestDuration: true,
    validatorUrl: "none",
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [SwaggerUIBundle.plugins.DownloadUrl, ResolvedByParts],
  });
  window.ui.initOAuth({ appName: "Sinergi" });
};

// Shows the API's own description, with the key of the page filled in.
(async () => {
  const answer = await fetch("/api/connector/v1/openapi.json");
  const spec = await answer.json();
  const schemes = Object.entries(spec.components.securitySchemes);
  const [name] = schemes.find(([, scheme]) => scheme.type === "apiKey");
  const ui = SwaggerUIBundle({
    spec,
    dom_id: "#operations",
    docExpansion: "list",
    deepLinking: true,
    validatorUrl: null,
    onComplete: () => ui.preauthorizeApiKey(name, document.body.dataset.key),
  });
})();

// Required before the Agents Playground: it ends with us, listens on loopback only, and fits half a window.
"use strict";

const fs = require("node:fs");
const http = require("node:http");
const net = require("node:net");
const path = require("node:path");

// Our standard input is a pipe that nobody writes in: it ends when the other side does.
process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0)).resume();

// The Playground listens on every interface, and asks nobody who they are.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function listenHere(...given) {
  const [where, second] = given;
  if (where !== null && typeof where === "object") {
    if (where.port !== undefined && !where.host) given[0] = { ...where, host: "127.0.0.1" };
  } else if (/^\d+$/.test(String(where)) && typeof second !== "string") {
    // listen(port), listen(port, callback), listen(port, undefined, callback)
    given.splice(1, second === undefined || second === null ? 1 : 0, "127.0.0.1");
  }
  return listen.apply(this, given);
};

// It is made for a wide window: in half of one its log panel lies over the chat, and on a phone the chat sticks out
// and leaves a card half of the width. The panel is closed there at first; its own button opens it again.
const narrow = "(max-width: 1260px)";
const tidy = `<style>
  .ac-adaptiveCard { overflow-wrap: anywhere } /* as in Teams: a word of a thousand characters stays in its card */
  @media ${narrow} {
    h1, [role=toolbar] button > .fui-Text { display: none !important }
    [role=toolbar] button { min-width: 0 !important }
  }
  @media (max-width: 600px) {
    div:has([role=textbox]) { min-width: 0 !important }
    div:has(> div > .fai-OutputCard) { margin: 0 .25rem !important }
    div:has(+ .fai-OutputCard) { display: none !important }
    .fai-OutputCard { padding: .25rem !important }
    div:has(> .ac-preview-panel) { width: auto !important; max-width: none !important }
    [role=toolbar] > * { margin-inline: 0 !important }
    [role=toolbar] > div .fui-Text { display: none !important }
  }
</style>
<script>
  if (matchMedia("${narrow}").matches) {
    const watch = new MutationObserver(() => {
      const toggle = document.querySelector('[title="Toggle Log Panel"]');
      if (toggle) { watch.disconnect(); toggle.click(); }
    });
    watch.observe(document, { childList: true, subtree: true });
  }
</script>`;
const index = path.join(path.dirname(process.argv[1]), "dist", "client", "index.html");
const page = fs.readFileSync(index, "utf8").replace("</head>", `${tidy}</head>`);

const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function emitTidied(event, request, response, ...rest) {
  if (event === "request" && request.method === "GET" && request.url.split("?")[0] === "/") {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" });
    response.end(page);
    return true;
  }
  return emit.call(this, event, request, response, ...rest);
};

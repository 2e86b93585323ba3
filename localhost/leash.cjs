// Required before a Node program: it ends with the one who started it, and listens on loopback only.
"use strict";

const net = require("node:net");

// Our standard input is a pipe that nobody writes in: it ends when the other side does.
process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0)).resume();

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

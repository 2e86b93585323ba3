// Parses every card on stdin (an object of name → card) with the renderer's own parser.
// Writes an object of name → remarks; no remarks is an empty list. Found through NODE_PATH.
"use strict";
const AdaptiveCards = require("adaptivecards/dist/adaptivecards.js");

const cards = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const remarks = {};
for (const [name, json] of Object.entries(cards)) {
  AdaptiveCards.CardElement.langProperty.regEx.lastIndex = 0; // its pattern keeps its place between two cards
  const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5);
  const card = new AdaptiveCards.AdaptiveCard();
  card.parse(json, context);
  const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message)
    .filter((message) => !message.startsWith('Unknown element type "Chart.')); // Teams draws these; here its fallback
  const drawn = JSON.stringify(card.toJSON(new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5)));
  remarks[name] = { events, kept: drawn.length };
}
process.stdout.write(JSON.stringify(remarks));

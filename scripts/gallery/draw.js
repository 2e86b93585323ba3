// Draws a card in the page, and measures what a person would notice. Loaded after adaptivecards and markdown-it.
"use strict";

const markdown = window.markdownit({ html: false });
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};

// The renderer's own pattern for a language keeps its place between two cards, and then refuses every other one.
const forgetPlace = () => (AdaptiveCards.CardElement.langProperty.regEx.lastIndex = 0);

/** Draws `card`; returns the parser's remarks. `window.pressed` collects what its buttons would send. */
function draw(card, hostConfig) {
  const drawn = new AdaptiveCards.AdaptiveCard();
  drawn.hostConfig = new AdaptiveCards.HostConfig(hostConfig);
  const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5);
  forgetPlace();
  drawn.parse(card, context);
  window.pressed = [];
  drawn.onExecuteAction = (action) => window.pressed.push({ verb: action.verb, data: action.data });
  document.querySelector(".frame").replaceChildren(drawn.render());
  const remarks = [];
  for (let i = 0; i < context.eventCount; i++) remarks.push(context.getEventAt(i).message);
  return remarks.filter((remark) => !remark.startsWith('Unknown element type "Chart.')); // the fallback is drawn
}

/** Opens the nth part that a button unfolds; false when there are not so many. Opening one closes the others. */
function unfold(n) {
  const button = document.querySelectorAll("button[aria-expanded]")[n];
  if (button?.getAttribute("aria-expanded") === "false") button.click();
  return button !== undefined;
}

/** What `measure` finds, with the card as it comes and with each part open. */
function everywhere(measure) {
  const found = new Set(measure());
  for (let part = 0; unfold(part); part++) for (const remark of measure()) found.add(remark);
  return [...found];
}

const frame = () => document.querySelector(".frame");
const shown = (element) => element.getClientRects().length > 0;
const describe = (element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent.slice(0, 60)}`;

/** Elements that stick out of the card, or whose own text is cut off. */
function overflowing() {
  const edge = frame().getBoundingClientRect().right + 0.5;
  const found = [];
  for (const element of frame().querySelectorAll("*")) {
    if (!shown(element)) continue;
    const isField = ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
    if (element.getBoundingClientRect().right > edge) found.push(`sticks out: ${describe(element)}`);
    else if (!isField && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflow !== "visible")
      found.push(`cut off: ${describe(element)}`);
  }
  return found;
}

function accessibleName(element) {
  const labelledBy = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
  const texts = [
    ...labelledBy.map((id) => document.getElementById(id)?.textContent ?? ""),
    element.getAttribute("aria-label") ?? "",
    ...[...(element.labels ?? [])].map((label) => label.textContent),
    element.tagName === "BUTTON" || element.tagName === "A" ? element.textContent : "",
  ];
  return texts.join(" ").trim();
}

/** Fields and buttons that a screen reader cannot name. */
function nameless() {
  const controls = frame().querySelectorAll("input, textarea, select, button, a, [role=button]");
  return [...controls].filter(shown).filter((element) => !accessibleName(element)).map(describe);
}

function channels(color) {
  const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
  return [r, g, b, a];
}

function over([r, g, b, a], [r2, g2, b2]) {
  return [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1];
}

function ground(element) {
  const color = channels(getComputedStyle(element).backgroundColor);
  if (color[3] === 1 || !element.parentElement) return color;
  return over(color, ground(element.parentElement));
}

function luminance(color) {
  const [r, g, b] = color.slice(0, 3).map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Texts whose contrast with what is behind them is below WCAG 2.1 AA: 4.5, or 3 for large text and for signs. */
function faint() {
  const found = [];
  const walker = document.createTreeWalker(frame(), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(element)) continue;
    const style = getComputedStyle(element);
    const behind = ground(element);
    const [a, b] = [luminance(over(channels(style.color), behind)), luminance(behind)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.6 && parseInt(style.fontWeight, 10) >= 700);
    const sign = !/[\p{L}\p{N}]/u.test(walker.currentNode.data);
    if (ratio < (large || sign ? 3 : 4.5)) found.push(`${ratio.toFixed(2)}: ${describe(element)}`);
  }
  return found;
}

const awaiting = new Set();
document.addEventListener("focusin", (event) => awaiting.delete(event.target));

/** Looks from now on which fields and buttons get the focus; how many there are. Of radio buttons a group has one stop. */
function awaitFocus() {
  awaiting.clear();
  for (const element of frame().querySelectorAll("button, [role=button], input, textarea"))
    if (shown(element) && element.type !== "radio") awaiting.add(element);
  return awaiting.size;
}

/** Fields and buttons that have not had the focus since. */
function unreached() {
  return [...awaiting].map(describe);
}

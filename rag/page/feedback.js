// Right or Wrong under an answer. The server keeps it in the archive's folder; what was chosen is remembered here as well,
// because Gradio may draw a message anew.
const judged = new Map(); // the id of the element -> what was chosen, what the server said, and the call that is on its way

function judgementOf(card) {
  if (!judged.has(card.id)) judged.set(card.id, { verdict: "none", comment: "", told: "", sent: Promise.resolve() });
  return judged.get(card.id);
}

function drawn(card) {
  const { verdict, comment, told } = judgementOf(card);
  card.setAttribute("aria-label", "Is this answer right?");
  for (const choice of ["right", "wrong"]) {
    const button = card.querySelector(`.dl-${choice}`);
    button.setAttribute("aria-label", choice === "right" ? "Right: the answer is right" : "Wrong: the answer is wrong");
    button.setAttribute("aria-pressed", String(verdict === choice));
  }
  const field = card.querySelector(".dl-comment");
  field.setAttribute("aria-label", field.placeholder);
  if (!("drawn" in card.dataset)) field.value = comment; // afterwards it is the reader's
  card.querySelector(".dl-why").hidden = verdict !== "wrong";
  card.querySelector(".dl-told").textContent = told;
  card.dataset.drawn = "";
}

function judge(card, verdict, comment) {
  const before = judgementOf(card);
  const now = { ...before, verdict, comment };
  now.sent = before.sent.then(() => send(card, now, before)); // one after the other, so that the last click wins
  judged.set(card.id, now);
  drawn(card);
}

async function send(card, now, before) {
  let kept = false;
  try {
    const body = JSON.stringify({ answer: card.id.slice("judge-".length), verdict: now.verdict, comment: now.comment });
    const headers = { "Content-Type": "application/json" };
    const reply = await fetch("./dateline/feedback", { method: "POST", headers, body });
    ({ kept, told: now.told } = await reply.json());
    if (!now.told) throw new Error(reply.status);
  } catch {
    now.told = "This was not noted: the server cannot be reached. Click again when it is back.";
  }
  if (!kept) [now.verdict, now.comment] = [before.verdict, before.comment];
  drawn(document.getElementById(card.id) || card);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest(".dl-judge button");
  if (!button) return;
  const card = button.closest(".dl-judge");
  if (button.matches(".dl-keep")) return noted(card);
  const chosen = button.matches(".dl-right") ? "right" : "wrong";
  if (judgementOf(card).verdict === chosen) judge(card, "none", "");
  else judge(card, chosen, chosen === "wrong" ? typed(card) : "");
});

// Enter, or leaving the line.
document.addEventListener("change", (event) => {
  if (event.target.matches(".dl-comment")) noted(event.target.closest(".dl-judge"));
});

function noted(card) {
  if (typed(card) !== judgementOf(card).comment) judge(card, "wrong", typed(card));
}

function typed(card) {
  return card.querySelector(".dl-comment").value.trim();
}

new MutationObserver(() => {
  for (const card of document.querySelectorAll(".dl-judge:not([data-drawn])")) drawn(card);
}).observe(document.documentElement, { childList: true, subtree: true });

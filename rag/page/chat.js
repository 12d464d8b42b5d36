// From a citation to its source: opens the card, brings it into view, moves the focus there and lights it up.
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest('a[href^="#a"]');
  const card = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!card) return;
  event.preventDefault();
  card.open = true;
  card.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const words = card.querySelector("mark") || card;
  card.scrollIntoView({ block: card.offsetHeight < innerHeight / 2 ? "center" : "start", behavior: calm ? "auto" : "smooth" });
  card.classList.remove("dl-found");
  void words.offsetWidth; // starts the animation anew
  card.classList.add("dl-found");
  setTimeout(() => card.classList.remove("dl-found"), 2400);
});

// Filters open at the foot of the page: they come into view.
document.addEventListener("click", (event) => {
  const button = event.target.closest && event.target.closest("#filters > button");
  if (button) setTimeout(() => document.querySelector("#composer").scrollIntoView({ block: "end" }), 60);
});

// Gradio labels each message with its HTML, which a screen reader would read out: "Question" and "Answer" say enough.
// A new question comes to the top of the window, so that its answer is read from its beginning.
let asked = 0;
new MutationObserver(() => {
  const questions = document.querySelectorAll('#board [data-testid="user"]');
  for (const question of questions) named(question, "Question");
  for (const answer of document.querySelectorAll('#board [data-testid="bot"]')) named(answer, "Answer");
  if (questions.length > asked) questions[questions.length - 1].closest(".user-row").scrollIntoView({ block: "start" });
  asked = questions.length;
  for (const day of document.querySelectorAll('#filters .day input[type="text"]')) day.type = "date";
  for (const passage of document.querySelectorAll(".dl-passage:not([data-seen])")) atItsMark(passage);
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });

function named(message, name) {
  if (message.getAttribute("aria-label") === name) return;
  message.setAttribute("aria-label", name);
  message.setAttribute("role", "group");
}

// A passage is longer than its card: the marked words come into the card's view when it opens.
document.addEventListener("toggle", (event) => {
  if (event.target.open) for (const passage of event.target.querySelectorAll(".dl-passage")) atItsMark(passage);
}, true);

function atItsMark(passage) {
  passage.dataset.seen = "";
  const mark = passage.querySelector("mark");
  if (mark) passage.scrollTop = Math.max(0, mark.offsetTop - 48);
}

addEventListener("load", () => {
  if (!matchMedia("(pointer: fine)").matches) return; // on a phone the keyboard would cover the page
  const waiting = setInterval(() => {
    const box = document.querySelector("#box textarea");
    if (box) { box.focus(); clearInterval(waiting); }
  }, 100);
});

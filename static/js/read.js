// A button with data-read reads the page aloud with the browser's voice; a second click stops it.
const PIECES = "h1, h2, h3, p, li, dt, dd, label, legend, .form-hint, .alert, .emergency, .btn";
const voice = window.speechSynthesis;

export function bindRead(root) {
  if (!voice || !window.SpeechSynthesisUtterance) return;
  for (const button of root.querySelectorAll("[data-read]")) {
    button.hidden = false;
    button.addEventListener("click", () => ("reading" in button.dataset ? stop(button) : read(button)));
  }
}

// The visible pieces of text, each once; options of a select are not read.
function pieces() {
  const found = [...document.getElementById("content").querySelectorAll(PIECES)];
  const outer = found.filter((one) => one.innerText.trim() && !one.parentElement.closest(PIECES));
  return outer.filter((one) => one.getClientRects().length).map((one) => one.innerText);
}

function read(button) {
  voice.cancel();
  button.textContent = button.dataset.readStop;
  button.dataset.reading = "";
  const spoken = pieces().map((text) => {
    const speech = new SpeechSynthesisUtterance(text);
    speech.lang = document.documentElement.lang;
    speech.rate = 0.9;
    speech.onerror = () => stop(button);
    return speech;
  });
  spoken.at(-1).onend = () => stop(button);
  for (const speech of spoken) voice.speak(speech);
}

function stop(button) {
  if (!("reading" in button.dataset)) return;
  delete button.dataset.reading;
  button.textContent = button.dataset.readStart;
  voice.cancel();
}

window.addEventListener("pagehide", () => voice?.cancel());
